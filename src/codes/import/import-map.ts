/**
 * Imports the file of one edition of a map into a build. Nothing is written before the build is committed.
 */
import type { Day } from '../../domain/day.ts'
import type { Codebook } from '../../extension/codebook.ts'
import type { Build } from '../editions/editions.ts'
import { FileRefused, type RawRow, type ReadProgress } from '../read/row.ts'
import type { MapRow } from '../store/rows.ts'
import type { MapRole } from './columns.ts'
import { createImportCounts, type ImportCounts } from './import-counts.ts'
import { type ImportReport, rowReason } from './import-table.ts'
import { createMapRowReader, plainName, type ReadMapRow } from './map-row.ts'
import { decide, isSameSpan, overlap, type Statement } from './periods.ts'
import { type RefusedCodeRow, RowFault } from './reasons.ts'
import { type FileReport, openTable, type Understanding } from './table-file.ts'
import type { TargetTable } from './targets.ts'

/** Input of a map import. */
export interface MapImport {
  readonly codebook: Codebook
  readonly effective: Day
  readonly files: readonly string[]
  readonly understanding: Understanding<MapRole>
  readonly targets: TargetTable
  /** What several targets of one source mean if the file does not say: all of them, or one of them. */
  readonly several: 'together' | 'one-of'
  /** Accepts a map most of whose targets are missing from the table. */
  readonly allowMissing: boolean
  readonly progress: ReadProgress
  onRefused?(row: RefusedCodeRow): void
}

/** Maximum number of sources in one map: all are held in memory, since rows of one source may be anywhere. */
const SOURCES_MAX = 2_000_000

/** Share of missing targets above which the table is wrong, not the rows. */
const LACKING_SHARE = 0.5

/** All rows of one source. */
interface Source {
  readonly line: number
  readonly file: number
  readonly said: Statement[]
}

/**
 * Reads all files into the build.
 *
 * @throws {FileRefused} if a file as a whole cannot be used
 */
export async function importMap(given: MapImport, build: Build<MapRow>): Promise<ImportReport> {
  const tally = createImportCounts((row) => given.onRefused?.(row))
  const sources = new Map<string, Source>()
  const files: FileReport[] = []
  for (const [index, file] of given.files.entries()) {
    const headed = await openTable(file, given.understanding, given.progress)
    files.push(headed.report)
    const reader = createMapRowReader({ ...given, file: headed })
    try {
      for await (const rows of headed.rows) {
        for (const raw of rows) takeRow(reader, raw, index, sources, { tally, several: given.several })
        if (sources.size > SOURCES_MAX)
          throw new FileRefused(`对照表超过${SOURCES_MAX}个源编码，请拆分后导入`)
      }
    } finally {
      headed.close()
    }
  }
  mustMeet(tally, given)
  for (const [code, source] of sources) addSource(code, source, given, build, tally)
  const { version, from, state } = given.targets
  const later = given.targets.later()
  const targets = {
    standard: given.codebook.titleZh,
    ...{ version, from, state },
    ...(later.length > 0 && { later }),
  }
  return { files, targets, ...tally.counts() }
}

/** Where rows are merged. */
type Joining = { readonly tally: ImportCounts; readonly several: MapImport['several'] }

/**
 * Whether only one of two targets in a group is marked as a combination: one mark says nothing about the
 * other row.
 */
function areMarkedApart(one: Statement, other: Statement, several: MapImport['several']): boolean {
  const isTarget = ({ target, none }: Statement) => target !== null || none === 'needs-review'
  if (one.group !== other.group || !isTarget(one) || !isTarget(other)) return false
  const unmarked = several === 'together' && isSameSpan(one.span, other.span)
  return (one.together ?? unmarked) !== (other.together ?? unmarked)
}

function takeRow(
  reader: ReturnType<typeof createMapRowReader>,
  raw: RawRow,
  file: number,
  sources: Map<string, Source>,
  { tally, several }: Joining,
): void {
  if (raw.cells.every((cell) => cell.trim() === '')) return
  tally.read()
  try {
    const row = reader.read(raw)
    for (const remark of row.remarks) tally.remark(remark, raw.line)
    if (row.says !== null) join(row, { line: raw.line, file }, sources, { tally, several })
  } catch (error) {
    tally.refuse({ file, line: raw.line, code: reader.cell(raw, 'code').trim(), ...rowReason(error) })
  }
}

/**
 * Adds a row to those of its source. Only rows with overlapping days are compared.
 *
 * @throws {RowFault} if they contradict each other
 */
function join(
  { code, name, says }: ReadMapRow,
  at: { line: number; file: number },
  sources: Map<string, Source>,
  joining: Joining,
): void {
  if (says === null) return
  const source: Source = sources.get(code) ?? { ...at, said: [] }
  const statement: Statement = { name, ...says }
  if (isNew(statement, source, at.line, joining)) source.said.push(statement)
  sources.set(code, source)
}

/** Whether a row adds something. @throws {RowFault} if it contradicts an earlier row */
function isNew(row: Statement, source: Source, line: number, { tally, several }: Joining): boolean {
  const where = { otherLine: source.line }
  const others = source.said.filter(({ span }) => overlap(span, row.span))
  const isDecision = ({ none }: Statement) => none !== null && none !== 'needs-review'
  if (
    row.target ? others.some(isDecision) : isDecision(row) && others.some(({ target }) => target !== null)
  ) {
    throw new RowFault('two-decisions', where)
  }
  const [target, none] = [row.target?.code, row.none]
  const repeated = others.filter((one) => (row.target ? one.target?.code === target : one.none === none))
  const isRenamed = others.some((one) => plainName(one.name) !== plainName(row.name))
  if (isRenamed) {
    if (row.target && repeated.length === 0) throw new RowFault('other-name', where)
    tally.remark('source-renamed', line)
  }
  if (row.target && repeated.some(({ stated }) => stated !== row.stated)) {
    throw new RowFault('other-content', where)
  }
  if (others.some((one) => areMarkedApart(one, row, several))) throw new RowFault('two-marks', where)
  const isTwice = repeated.some(({ span }) => isSameSpan(span, row.span))
  if (isTwice && !isRenamed) tally.remark('same-row-twice', line)
  return !isTwice
}

/** @throws {FileRefused} if most targets are missing from the table */
function mustMeet(tally: ImportCounts, { codebook, targets, allowMissing }: MapImport): void {
  const { read, remarks } = tally.counts()
  const lacking = remarks['target-not-in-table']?.count ?? 0
  if (allowMissing || lacking <= read * LACKING_SHARE) return
  const most = `一半以上的目标编码不在${codebook.titleZh}${targets.version}版中：`
  throw new FileRefused(
    `${most}请先导入该版国家编码表，或检查目标列和--standard；确实如此时用--allow-missing，这些行标为待复核。没有写入任何内容`,
    { atDoor: `${most}请检查目标编码，或请医保部门先导入并发布该版国家编码表。没有写入任何内容` },
  )
}

function addSource(
  code: string,
  source: Source,
  given: MapImport,
  build: Build<MapRow>,
  tally: ImportCounts,
): void {
  const { said, line, file } = source
  const { rows, several, undecided } = decide(code, said, given.several)
  if (several) tally.remark('several-targets', line)
  if (undecided) tally.remark('several-undecided', line)
  try {
    for (const row of rows) build.add(row)
    tally.taken()
  } catch (error) {
    tally.refuse({ file, line, code, ...rowReason(error) })
  }
}
