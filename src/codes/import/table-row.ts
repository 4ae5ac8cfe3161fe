/** Parses one row of a file into a row of a national table. */
import type { Day } from '../../domain/day.ts'
import type { Codebook } from '../../extension/codebook.ts'
import { CELL_CHARACTERS_MAX, type RawRow } from '../read/row.ts'
import type { TableRow } from '../store/rows.ts'
import { dayAfter, isWholeAsNumber, readAttribute, readCode, readDay, readFlag, readName } from './cells.ts'
import type { TableRole } from './columns.ts'
import { type Remark, RowFault } from './reasons.ts'
import type { TableFile } from './table-file.ts'

/**
 * Codes of headings by standard: categories and subcategories, asterisk rows of old tables. Source:
 * docs/facts/codes.md, Headings [F].
 */
const HEADINGS: Readonly<Record<string, RegExp>> = {
  diagnosis: /^[A-Z]\d{2}(?:\.[0-9x])?\*?$/,
  procedure: /^\d{2}(?:\.\d{1,2})?$/,
}

/**
 * Residual classes by standard: unspecified or undivided subcategories. Source: docs/facts/codes.md,
 * Grey and rest classes [F].
 */
const FALL_BACKS: Readonly<Record<string, RegExp>> = { diagnosis: /^[A-Z]\d{2}\.[9x]/ }

/** Attribute that keeps the original of a repaired name. */
const RAW_NAME = 'rawName'

/**
 * Columns that do not describe the code: keys and timestamps of the source list, input aids, remarks of
 * public copies. Kept, they would mark every row of the next edition as changed.
 */
const NOT_KEPT = new Set([
  '唯一记录号',
  '数据创建时间',
  '数据更新时间',
  '版本号',
  '版本名称',
  '五笔助记码',
  '拼音助记码',
  'rid',
  'crte_time',
  'updt_time',
  'wubi',
  'pinyin',
  'in_v1',
  'in_v2',
  'copy',
])

/** Context for parsing rows. */
export interface TableReading {
  readonly codebook: Codebook
  readonly effective: Day
  readonly file: Pick<TableFile<TableRole>, 'head' | 'since1904' | 'mayBeShort'>
  /** Whether columns without a role become attributes. */
  readonly attributes: boolean
}

/** A parsed row; null if it is not part of the edition. */
interface ReadRow {
  readonly row: TableRow | null
  readonly remarks: readonly Remark[]
}

/** Parses single rows. */
export interface TableRowReader {
  /** @throws {RowFault} if it is refused */
  read(raw: RawRow): ReadRow
  /** Raw cell of a role; empty if the file has no such column. */
  cell(raw: RawRow, role: TableRole): string
}

/** Checks that apply to any row before parsing. @throws {RowFault} */
export function checkWidth(raw: RawRow, titles: readonly string[], mayBeShort: boolean): void {
  const { cells } = raw
  if (cells.length > titles.length && cells.slice(titles.length).some((cell) => cell.trim() !== '')) {
    throw new RowFault('column-count', `应有${titles.length}列，实有${cells.length}列`)
  }
  if (cells.length < titles.length && !mayBeShort) {
    throw new RowFault('column-count', `应有${titles.length}列，实有${cells.length}列`)
  }
  for (const [place, cell] of cells.entries()) {
    if (cell.length > CELL_CHARACTERS_MAX) {
      throw new RowFault('too-long', `第${place + 1}列有${CELL_CHARACTERS_MAX}个以上字符`)
    }
  }
}

/** Creates a parser for the rows of one file. */
export function createTableRowReader(reading: TableReading): TableRowReader {
  const { codebook, effective, file } = reading
  const { places, titles } = file.head
  const taken = new Set(Object.values(places))
  const others = reading.attributes
    ? [...titles.entries()].filter(
        ([place, title]) => title !== '' && !NOT_KEPT.has(title) && !taken.has(place),
      )
    : []
  const heading = HEADINGS[codebook.id]
  const fallBack = FALL_BACKS[codebook.id]

  const cell = (raw: RawRow, role: TableRole) => raw.cells[places[role] ?? -1] ?? ''
  const isNumber = (raw: RawRow, role: TableRole) => raw.numbers?.has(places[role] ?? -1) ?? false
  const dayIn = (raw: RawRow, role: TableRole) =>
    readDay(cell(raw, role), isNumber(raw, role), file.since1904)

  function codeOf(raw: RawRow): { text: string; remarks: readonly Remark[]; heading: boolean } {
    const given = cell(raw, 'code').trim()
    // A numeric heading may be a code that lost its trailing zeros.
    if (heading?.test(given) && isNumber(raw, 'code')) throw new RowFault('number-cell')
    if (heading?.test(given)) return { text: given, remarks: ['heading'], heading: true }
    const code = readCode(codebook, cell(raw, 'code'), isNumber(raw, 'code'))
    const flagged = readFlag(cell(raw, 'heading')) === true
    return { ...code, heading: flagged, remarks: flagged ? [...code.remarks, 'heading'] : code.remarks }
  }

  /** First day on which the row is no longer valid: by its dates, or because the list marks it invalid. */
  function endOf(raw: RawRow, from: Day | null): { until: Day | null; remarks: Remark[]; gone: boolean } {
    const [firstOver, last] = [dayIn(raw, 'until'), dayIn(raw, 'lastDay')]
    const until = firstOver ?? dayAfter(last)
    if (from !== null && until !== null && from >= until)
      throw new RowFault('empty-span', `${from}至${firstOver ?? last}`)
    if (readFlag(cell(raw, 'valid')) !== false || (until !== null && until <= effective)) {
      return { until, remarks: [], gone: false }
    }
    if (from === null || from >= effective) return { until: null, remarks: ['withdrawn'], gone: true }
    return { until: effective, remarks: ['closed'], gone: false }
  }

  function attributesOf(raw: RawRow, code: string, remarks: Remark[]): Record<string, string> {
    const attributes: Record<string, string> = {}
    for (const [place, title] of others) {
      const given = raw.cells[place]
      if (!given) continue
      const { text, odd } = readAttribute(given, code)
      if (odd && !remarks.includes('odd-attribute')) remarks.push('odd-attribute')
      if (text !== '') attributes[title] = text
    }
    return attributes
  }

  return {
    cell,
    read(raw) {
      checkWidth(raw, titles, file.mayBeShort)
      const code = codeOf(raw)
      const name = readName(cell(raw, 'name'), code.text)
      const from = dayIn(raw, 'from')
      const end = endOf(raw, from)
      const remarks = [...code.remarks, ...name.remarks, ...end.remarks]
      if (end.gone) return { row: null, remarks }
      const attributes = attributesOf(raw, code.text, remarks)
      if (name.remarks.includes('name-repaired')) attributes[RAW_NAME] = cell(raw, 'name')
      const replacedBy = cell(raw, 'replacedBy').trim()
      if (isNumber(raw, 'replacedBy') && !isWholeAsNumber(codebook, replacedBy))
        throw new RowFault('number-cell', replacedBy)
      const row: TableRow = {
        code: code.text,
        name: name.text,
        ...(from !== null && { from }),
        ...(end.until !== null && { until: end.until }),
        ...(readFlag(cell(raw, 'grey')) && { grey: true }),
        ...(code.heading && { heading: true }),
        ...((readFlag(cell(raw, 'fallBack')) ?? fallBack?.test(code.text)) && { fallBack: true }),
        ...(replacedBy !== '' && { replacedBy }),
        ...(Object.keys(attributes).length > 0 && { attributes }),
      }
      return { row, remarks }
    },
  }
}
