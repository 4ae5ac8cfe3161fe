/**
 * Imports the files of one edition of a national table into a build. Nothing is written before the build is
 * committed.
 */
import type { Day } from '../../domain/day.ts'
import type { Codebook } from '../../extension/codebook.ts'
import type { Build } from '../editions/editions.ts'
import { FileRefused, type RawRow, type ReadProgress } from '../read/row.ts'
import { RowRefused, RowTwice, type TableRow } from '../store/rows.ts'
import type { TableRole } from './columns.ts'
import { createDuplicateRows, type SeenBefore } from './duplicate-rows.ts'
import { type Counts, createImportCounts, type ImportCounts } from './import-counts.ts'
import { type RefusedCodeRow, RowFault } from './reasons.ts'
import { type FileReport, openTable, type Understanding } from './table-file.ts'
import { createTableRowReader, type TableRowReader } from './table-row.ts'
import type { TargetEdition } from './targets.ts'

/** Input of a table import. */
export interface TableImport {
  readonly codebook: Codebook
  readonly effective: Day
  /** All files of the edition; catalogues often come in several parts. */
  readonly files: readonly string[]
  readonly understanding: Understanding<TableRole>
  readonly attributes: boolean
  /** Version of the rows to import if files contain several; null accepts the first and refuses a second. */
  readonly onlyVersion: string | null
  /** Whether rows may have different versions: each row of an official download carries its own. */
  readonly mixedVersions: boolean
  readonly progress: ReadProgress
  onRefused?(row: RefusedCodeRow): void
}

/** Report of an import. */
export interface ImportReport extends Counts {
  readonly files: readonly FileReport[]
  /**
   * For a map: title and edition of the national table in which targets were looked up, and later editions
   * used for later rows.
   */
  readonly targets?: TargetEdition & { readonly standard: string; readonly later?: readonly TargetEdition[] }
}

/** Bits of a line number; the file's index is stored above them. */
const LINE_BITS = 27

/**
 * Imports all files into the build.
 *
 * @throws {FileRefused} if a file as a whole cannot be used
 */
export async function importTable(given: TableImport, build: Build<TableRow>): Promise<ImportReport> {
  const tally = createImportCounts((row) => given.onRefused?.(row))
  const editor = createEditor(given, build, tally)
  const files: FileReport[] = []
  for (const [index, file] of given.files.entries()) {
    const headed = await openTable(file, given.understanding, given.progress)
    files.push(headed.report)
    if (given.onlyVersion !== null && headed.head.places.version === undefined) {
      headed.close()
      throw new FileRefused('文件没有版本列，不能用--only-version')
    }
    const reader = createTableRowReader({ ...given, file: headed })
    try {
      for await (const rows of headed.rows) {
        for (const raw of rows) editor.take(reader, raw, index)
        tally.mustFit(given.codebook.titleZh, false)
      }
    } finally {
      headed.close()
    }
  }
  tally.mustFit(given.codebook.titleZh, true)
  return { files, ...tally.counts() }
}

/** Adds rows to the build or refuses them. */
function createEditor(given: TableImport, build: Build<TableRow>, tally: ImportCounts) {
  const seen = createDuplicateRows()
  let version: string | null = given.onlyVersion

  /** Whether a row has the version being imported. */
  function isOfVersion(reader: TableRowReader, raw: RawRow): boolean {
    const own = reader.cell(raw, 'version').trim()
    if (given.onlyVersion !== null) return own === given.onlyVersion
    if (given.mixedVersions || own === '') return true
    version ??= own
    if (own !== version) throw new RowFault('mixed-editions', `首行为${version}，此行为${own}`)
    return true
  }

  /**
   * The earlier row of the same code: one with overlapping days if there is any, else another one. Rows are
   * compared as stored, after repair.
   */
  function before(row: TableRow, line: number): SeenBefore | null {
    const { code, name, ...rest } = row
    const text = JSON.stringify(rest)
    const first = seen.note(code, name, text, line)
    if (first === null || (first.sameName && first.sameRest)) return first
    return seen.note(`${code}\u001f${row.from ?? ''}\u001f${row.until ?? ''}`, name, text, line) ?? first
  }

  /**
   * Adds a row to the build; a code may have several rows for consecutive periods. Returns whether it was
   * new.
   */
  function put(row: TableRow, raw: RawRow, file: number): boolean {
    const stood = before(row, file * 2 ** LINE_BITS + raw.line)
    if (stood?.sameName && stood.sameRest) {
      tally.remark('same-row-twice', raw.line)
      return false
    }
    try {
      build.add(row)
      return true
    } catch (error) {
      if (!(error instanceof RowTwice) || stood === null) throw error
      throw new RowFault(stood.sameName ? 'other-content' : 'other-name', {
        otherLine: stood.line % 2 ** LINE_BITS,
      })
    }
  }

  function takeRow(reader: TableRowReader, raw: RawRow, file: number) {
    if (!isOfVersion(reader, raw)) {
      tally.remark('other-version', raw.line)
      return
    }
    const { row, remarks } = reader.read(raw)
    for (const remark of remarks) tally.remark(remark, raw.line)
    if (row !== null && put(row, raw, file)) tally.taken()
  }

  return {
    take(reader: TableRowReader, raw: RawRow, file: number) {
      if (raw.cells.every((cell) => cell.trim() === '')) return
      tally.read()
      try {
        takeRow(reader, raw, file)
      } catch (error) {
        const code = reader.cell(raw, 'code').trim()
        tally.refuse({ file, line: raw.line, code, ...rowReason(error) })
      }
    },
  }
}

/** Reason for refusing a row. @throws if the fault is not the row's */
export function rowReason(error: unknown): Pick<RefusedCodeRow, 'reason' | 'detail' | 'otherLine'> {
  if (error instanceof RowFault) {
    const { reason, detail, otherLine } = error
    return { reason, ...(detail !== undefined && { detail }), ...(otherLine !== undefined && { otherLine }) }
  }
  if (error instanceof RowRefused) return { reason: 'not-taken', detail: error.message }
  throw error
}
