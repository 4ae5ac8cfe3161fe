/** Parses one row of a map file: a source, and one target or the reason why there is none. */
import type { Day } from '../../domain/day.ts'
import type { Codebook, MapRelation } from '../../extension/codebook.ts'
import type { RawRow } from '../read/row.ts'
import { type MapTarget, NO_TARGET, type NoTarget } from '../store/rows.ts'
import {
  dayAfter,
  isSheetError,
  isWholeAsNumber,
  readAttribute,
  readDay,
  readFlag,
  readName,
} from './cells.ts'
import type { MapRole } from './columns.ts'
import type { Span, Statement } from './periods.ts'
import { type Remark, RowFault } from './reasons.ts'
import type { TableFile } from './table-file.ts'
import { checkWidth } from './table-row.ts'
import type { TargetTable } from './targets.ts'

/** What a row states about its source; null if it is skipped: not mapped yet, no source, or expired. */
export type Says = Omit<Statement, 'name'> | null

/** A parsed row. */
export interface ReadMapRow {
  /** The source code exactly as written, trimmed. */
  readonly code: string
  readonly name: string
  readonly says: Says
  readonly remarks: readonly Remark[]
}

/** Words for "none" in the target column. */
const NONE = /^(?:-|—|\/|无|无对应|不对应|n\/a)$/i

/** Values of the kind column that decide; others, such as `code_changed`, only describe. */
const KINDS: Readonly<Record<string, NoTarget | 'not-yet-mapped'>> = {
  source_only: 'not-in-national-table',
  无对应: 'not-in-national-table',
  不对应: 'not-in-national-table',
  ...Object.fromEntries(NO_TARGET.map((reason) => [reason, reason])),
  'not-yet-mapped': 'not-yet-mapped',
  未对照: 'not-yet-mapped',
}

const RELATIONS: Readonly<Record<string, MapRelation>> = {
  equivalent: 'equivalent',
  narrower: 'narrower',
  broader: 'broader',
  related: 'related',
  等同: 'equivalent',
  窄于: 'narrower',
  宽于: 'broader',
  相关: 'related',
}

/**
 * A name normalised for comparison: of 826 names that differ between two copies of one edition, two still
 * differ after this.
 */
export const plainName = (name: string) =>
  name
    .normalize('NFKC')
    .replaceAll(/[\s,，、]+/g, '')
    .toLowerCase()

/** Context for parsing rows. */
export interface MapReading {
  readonly file: Pick<TableFile<MapRole>, 'head' | 'since1904' | 'mayBeShort'>
  readonly codebook: Pick<Codebook, 'shape' | 'suffix'>
  readonly targets: TargetTable
  readonly effective: Day
}

/** Parses single rows. */
export function createMapRowReader({ file, codebook, targets, effective }: MapReading) {
  const { places, titles } = file.head
  const cell = (raw: RawRow, role: MapRole) => raw.cells[places[role] ?? -1] ?? ''
  const isNumber = (raw: RawRow, role: MapRole) => raw.numbers?.has(places[role] ?? -1) ?? false
  const dayIn = (raw: RawRow, role: MapRole) => readDay(cell(raw, role), isNumber(raw, role), file.since1904)

  /** A damaged local name is accepted: the code is translated, the name is only shown. */
  function nameOf(raw: RawRow, code: string): { text: string; remarks: readonly Remark[] } {
    const given = cell(raw, 'name')
    if (given.trim() === '') return { text: '', remarks: [] }
    const { text, odd } = readAttribute(given, code)
    return odd || isSheetError(text) ? { text, remarks: ['name-unreadable'] } : readName(given, code)
  }

  function noneOf(raw: RawRow): NoTarget | 'not-yet-mapped' | null {
    const kind = KINDS[cell(raw, 'kind').trim()]
    const target = cell(raw, 'target').trim()
    const decided = kind ?? (NONE.test(target) ? 'not-in-national-table' : null)
    if (decided === null) return target === '' ? 'not-yet-mapped' : null
    if (target !== '' && !NONE.test(target))
      throw new RowFault('two-decisions', `${target}，${cell(raw, 'kind')}`)
    return decided
  }

  function relationOf(raw: RawRow, sourceName: string, targetName: string): MapRelation {
    const given = cell(raw, 'relation').trim()
    if (given === '') return plainName(sourceName) === plainName(targetName) ? 'equivalent' : 'related'
    const relation = RELATIONS[given]
    if (!relation) throw new RowFault('bad-relation', given)
    return relation
  }

  function priorityOf(raw: RawRow): number | null {
    const given = cell(raw, 'priority').trim()
    if (given === '') return null
    if (!/^[1-9]\d{0,2}$/.test(given) || Number(given) > 255) throw new RowFault('bad-priority', given)
    return Number(given)
  }

  /** Days of a row; null if the file marks it invalid and it never was valid before. */
  function spanOf(raw: RawRow): Span | null {
    const from = dayIn(raw, 'from')
    const [firstOver, last] = [dayIn(raw, 'until'), dayIn(raw, 'lastDay')]
    const own = firstOver ?? dayAfter(last)
    if (from !== null && own !== null && from >= own)
      throw new RowFault('empty-span', `${from}至${firstOver ?? last}`)
    const invalid = readFlag(cell(raw, 'valid')) === false
    if (invalid && (from === null || from >= effective)) return null
    const until = invalid && (own === null || own > effective) ? effective : own
    return { ...(from !== null && { from }), ...(until !== null && { until }) }
  }

  /**
   * The national code of a row from a day on; null if the table lacks it. @throws {RowFault} if the sheet
   * stores it as a number
   */
  function targetOf(raw: RawRow, from: Day, sourceName: string, remarks: Remark[]): MapTarget | null {
    const given = cell(raw, 'target')
    if (isNumber(raw, 'target') && !isWholeAsNumber(codebook, given)) throw new RowFault('number-cell', given)
    const found = targets.find(given, from)
    if (!found) {
      remarks.push('target-not-in-table')
      return null
    }
    const { code, entry } = found
    if (code !== given.trim()) remarks.push('target-tidied')
    if (entry.grey) remarks.push('target-grey')
    const [priority, provenance] = [priorityOf(raw), cell(raw, 'provenance').trim()]
    return {
      code,
      relation: relationOf(raw, sourceName, entry.name),
      ...(priority !== null && { priority }),
      ...(provenance !== '' && { provenance }),
    }
  }

  const STATED = ['relation', 'priority', 'group', 'together'] as const

  function saysOf(raw: RawRow, sourceName: string, remarks: Remark[]): Says {
    const none = noneOf(raw)
    if (none === 'not-yet-mapped') {
      remarks.push('not-yet-mapped')
      return null
    }
    if (none !== null) remarks.push(none === 'needs-review' ? 'needs-review' : 'no-target')
    const span = spanOf(raw)
    if (span === null) {
      remarks.push('withdrawn')
      return null
    }
    const target = none === null ? targetOf(raw, span.from ?? effective, sourceName, remarks) : null
    return {
      span,
      target,
      none: none ?? (target ? null : 'needs-review'),
      group: cell(raw, 'group').trim(),
      together: readFlag(cell(raw, 'together')),
      stated: STATED.map((role) => cell(raw, role).trim()).join('\u001f'),
    }
  }

  return {
    cell,
    /** @throws {RowFault} if it cannot be taken */
    read(raw: RawRow): ReadMapRow {
      checkWidth(raw, titles, file.mayBeShort)
      const code = cell(raw, 'code').trim()
      if (code === '' && cell(raw, 'target').trim() !== '') {
        return { code, name: '', says: null, remarks: ['target-only'] }
      }
      if (code === '') throw new RowFault('no-code')
      // A local code has no pattern that would show whether digits are missing.
      if (isNumber(raw, 'code')) throw new RowFault('number-cell')
      if (/[\ufffd\ue000-\uf8ff]/.test(code)) throw new RowFault('unreadable', code)
      if (isSheetError(code)) throw new RowFault('formula-error', code)
      const name = nameOf(raw, code)
      const remarks = [...name.remarks]
      return { code, name: name.text, says: saysOf(raw, name.text, remarks), remarks }
    },
  }
}
