/** Imports the file of one edition of a map into a build. Nothing is on disk until the build is committed. */
import type { Day } from '../../domain/day.ts'
import type { Codebook } from '../../extension/codebook.ts'
import { FileRefused, type RawRow, type ReadProgress } from '../read/row.ts'
import type { Build } from '../shelf/shelf.ts'
import type { MapGroup, MapRow, MapTarget, NoTarget } from '../store/rows.ts'
import type { MapRole } from './columns.ts'
import { type FileReport, openHeaded, type Understanding } from './headed.ts'
import { type ImportReport, reasonOf } from './import-table.ts'
import { createMapRowReader, type ReadMapRow } from './map-row.ts'
import { type RefusedRow, RowFault } from './reasons.ts'
import { createTally, type Tally } from './tally.ts'
import type { TargetTable } from './targets.ts'

/** What is imported, and how. */
export interface MapImport {
  readonly codebook: Codebook
  readonly effective: Day
  readonly files: readonly string[]
  readonly understanding: Understanding<MapRole>
  readonly targets: TargetTable
  /** What several targets of one source mean where the file does not say: all of them, or one of them. */
  readonly several: 'together' | 'one-of'
  /** Whether a map is taken most of whose targets the table lacks. */
  readonly allowMissing: boolean
  readonly progress: ReadProgress
  onRefused?(row: RefusedRow): void
}

/** Sources that one map may have: they are held in memory, since the rows of one may lie anywhere. */
const SOURCES_MAX = 2_000_000

/** Share of targets that the table lacks from which on it is the wrong table, not wrong rows. */
const LACKING_SHARE = 0.5

interface Taken {
  readonly target: MapTarget
  readonly group: string
  readonly together: boolean | null
}

/** What the rows of one source say together. */
interface Source {
  name: string
  readonly line: number
  readonly file: number
  readonly taken: Taken[]
  none: NoTarget | null
}

/**
 * Reads all files into the build.
 *
 * @throws {FileRefused} where a file as a whole cannot be used
 */
export async function importMap(given: MapImport, build: Build<MapRow>): Promise<ImportReport> {
  const tally = createTally((row) => given.onRefused?.(row))
  const sources = new Map<string, Source>()
  const files: FileReport[] = []
  for (const [index, file] of given.files.entries()) {
    const headed = await openHeaded(file, given.understanding, given.progress)
    files.push(headed.report)
    const reader = createMapRowReader({ ...given, file: headed })
    try {
      for await (const rows of headed.rows) {
        for (const raw of rows) takeRow(reader, raw, index, sources, tally)
        if (sources.size > SOURCES_MAX) throw new FileRefused(`对照超过${SOURCES_MAX}个源编码，请拆分后导入`)
      }
    } finally {
      headed.close()
    }
  }
  mustMeet(tally, given)
  for (const [code, source] of sources) addSource(code, source, given, build, tally)
  return { files, ...tally.counts() }
}

function takeRow(
  reader: ReturnType<typeof createMapRowReader>,
  raw: RawRow,
  file: number,
  sources: Map<string, Source>,
  tally: Tally,
): void {
  if (raw.cells.every((cell) => cell.trim() === '')) return
  tally.read()
  try {
    const row = reader.read(raw)
    for (const remark of row.remarks) tally.remark(remark, raw.line)
    if (row.says.kind !== 'nothing') join(row, { line: raw.line, file }, sources, tally)
  } catch (error) {
    tally.refuse({ file, line: raw.line, code: reader.cell(raw, 'code').trim(), ...reasonOf(error) })
  }
}

/** Joins a row to what is known of its source. @throws {RowFault} where they contradict each other */
function join(
  { code, name, says }: ReadMapRow,
  at: { line: number; file: number },
  sources: Map<string, Source>,
  tally: Tally,
): void {
  const known = sources.get(code)
  const source: Source = known ?? { name, ...at, taken: [], none: null }
  const where = `第${source.line}行`
  const knownTarget = (target: string) => source.taken.some((one) => one.target.code === target)
  const repeated = says.kind === 'target' && knownTarget(says.target.code)
  if (known && name !== known.name) {
    if (!repeated && says.kind === 'target') throw new RowFault('other-name', where)
    tally.remark('source-renamed', at.line)
  } else if (known && (repeated || (says.kind === 'none' && says.reason === known.none))) {
    tally.remark('same-row-twice', at.line)
  }
  if (says.kind === 'none') {
    // A target that needs review spoils the whole source: half of a combination must not be used.
    if (says.reason !== 'needs-review' && source.taken.length > 0) throw new RowFault('two-decisions', where)
    source.none ??= says.reason
  } else if (says.kind === 'target' && !repeated) {
    if (source.none !== null && source.none !== 'needs-review') throw new RowFault('two-decisions', where)
    const { target, group, together } = says
    source.taken.push({ target, group, together })
  }
  sources.set(code, source)
}

/** @throws {FileRefused} where most targets are not in the table */
function mustMeet(tally: Tally, { codebook, targets, allowMissing }: MapImport): void {
  const { read, remarks } = tally.counts()
  const lacking = remarks['target-not-in-table']?.count ?? 0
  if (allowMissing || lacking <= read * LACKING_SHARE) return
  throw new FileRefused(
    `一半以上的目标编码不在${codebook.titleZh}${targets.version}版中：请先导入该版国家目录，或检查目标列和--standard；确实如此时用--allow-missing，这些行标为待复核。没有写入任何内容`,
  )
}

function addSource(code: string, source: Source, given: MapImport, build: Build<MapRow>, tally: Tally): void {
  const { name, taken, none: said, line, file } = source
  if (taken.length > 1) tally.remark('several-targets', line)
  // Of alternatives those that the table has are enough; half of a combination is not.
  const none = said === 'needs-review' && given.several === 'one-of' && taken.length > 0 ? null : said
  const row: MapRow =
    none === null
      ? { code, name, groups: groupsOf(taken, given.several) }
      : { code, name, groups: [], noTarget: none }
  try {
    build.add(row)
    tally.taken()
  } catch (error) {
    tally.refuse({ file, line, code, ...reasonOf(error) })
  }
}

/** Groups by the file's own groups; without them all targets are one group. Groups are alternatives. */
function groupsOf(taken: readonly Taken[], several: MapImport['several']): MapGroup[] {
  const groups = Map.groupBy(taken, ({ group }) => group)
  return [...groups.values()].map((members) => ({
    together:
      members.length > 1 &&
      (members.find((one) => one.together !== null)?.together ?? several === 'together'),
    targets: members.map(({ target }) => target),
  }))
}
