/**
 * The national tables as a platform gives them away, and as the gateway does from its shelf: in versions of a bounded number of rows, each row as the cells of its file.
 * A client sends the last version it has (`v0000` at first [F: T]) and gets what came after it, until nothing comes. How later
 * versions are called, and how many rows a version has, is assumed [A].
 */
import { addDays, type Day } from '../domain/day.ts'
import type { Codebook, CodebookEdition, CodebookEntry } from './codebook.ts'
import type { Download } from './downloads.ts'

/** Rows of a version, and of a file: a file of the widest table stays below the megabytes that a gateway takes. */
export const ROWS_A_VERSION = 20_000

/** A row of a table with the edition that says it. */
interface TableRow {
  readonly entry: CodebookEntry
  readonly edition: CodebookEdition
  /** It is in the edition before, and in this one no more. */
  readonly dropped?: true
}

/** What came with one version. */
interface Version {
  readonly name: string
  readonly rows: readonly TableRow[]
}

/** A table in versions, oldest first. */
export type Versions = readonly Version[]

/** Data returned to a client at once. */
export interface Page {
  readonly version: string
  readonly rows: number
  /** Its rows, as lines. */
  lines(): Iterable<string>
}

const PARTING = /[\t\r\n]+/

/** A cell: no tab and no end of line in it, the word `null` where it is empty. */
export function cellOf(text: string): string {
  if (text === '') return 'null'
  return PARTING.test(text) ? text.split(PARTING).join(' ') : text
}

/** Number of a version as a client sends it; 0 of what is none of ours. */
export const versionNumber = (after: string) => Number(/^v(\d{4,9})$/i.exec(after.trim())?.[1] ?? 0)

/** `v0001` */
export const versionName = (number: number) => `v${String(number).padStart(4, '0')}`

function isIn({ codes, named, butNamed, where }: Download, { code, name, attributes = {} }: CodebookEntry) {
  if (codes && !codes.test(code)) return false
  if (named !== undefined && !name.includes(named)) return false
  if (butNamed !== undefined && name.includes(butNamed)) return false
  return Object.entries(where).every(([attribute, value]) => attributes[attribute] === value)
}

type Rows = ReadonlyMap<string, readonly CodebookEntry[]>

const byCode = (rows: readonly CodebookEntry[]): Rows => Map.groupBy(rows, ({ code }) => code)

/** Difference of an edition: new or changed codes, and removed ones. */
function changesOf(edition: CodebookEdition, rows: Rows, before: Rows): TableRow[] {
  const changed: TableRow[] = []
  for (const [code, entries] of rows) {
    if (before.has(code) && JSON.stringify(before.get(code)) === JSON.stringify(entries)) continue
    for (const entry of entries) changed.push({ entry, edition })
  }
  for (const [code, entries] of before) {
    if (rows.has(code)) continue
    for (const entry of entries) changed.push({ entry, edition, dropped: true })
  }
  return changed
}

/**
 * Puts the table of a download into versions. A code is in the last one that has changed it alone: who begins at the first gets
 * what holds now. The rows of a version stay its own whatever comes after it, so versions keep their names.
 */
export function tableVersions(
  download: Download,
  codebook: Pick<Codebook, 'editions'> | undefined,
): Versions {
  const [only, ...later] = codebook?.editions ?? []
  if (only && later.length === 0) {
    const rows = only.entries
      .filter((entry) => isIn(download, entry))
      .map((entry) => ({ entry, edition: only }))
    return inBlocks(rows).map((block, index) => ({ name: versionName(index + 1), rows: block }))
  }
  const changes: TableRow[][] = []
  let before: Rows = new Map()
  for (const edition of codebook?.editions ?? []) {
    const rows = byCode(edition.entries.filter((entry) => isIn(download, entry)))
    changes.push(changesOf(edition, rows, before))
    before = rows
  }
  const last = new Map<string, CodebookEdition>()
  for (const { entry, edition } of changes.flat()) last.set(entry.code, edition)
  const holds = ({ entry, edition }: TableRow) => (last.get(entry.code) ?? edition) === edition
  return changes
    .flatMap(inBlocks)
    .map((rows, index) => ({ name: versionName(index + 1), rows: rows.filter(holds) }))
}

function inBlocks(rows: readonly TableRow[]): TableRow[][] {
  return Array.from({ length: Math.ceil(rows.length / ROWS_A_VERSION) }, (_, block) =>
    rows.slice(block * ROWS_A_VERSION, (block + 1) * ROWS_A_VERSION),
  )
}

/** What came after a version. @param after as a client sends it; what is no version of ours has nothing yet [A] */
export function pageAfter(download: Download, versions: Versions, after: string): Page {
  const known = versionNumber(after)
  const taken: Version[] = []
  let rows = 0
  for (const version of versions.slice(known)) {
    if (taken.length > 0 && rows + version.rows.length > ROWS_A_VERSION) break
    taken.push(version)
    rows += version.rows.length
  }
  return {
    version: taken.at(-1)?.name ?? versionName(Math.min(known, versions.length)),
    rows,
    *lines() {
      const line = lineOf(download)
      for (const version of taken) for (const row of version.rows) yield line(version.name, row)
    },
  }
}

/** Days of a row: the last one where it has ended. */
function daysOf({ entry, edition, dropped }: TableRow): { readonly from: Day | ''; readonly last: Day | '' } {
  const until = dropped ? edition.from : entry.until
  // When what is gone had begun is no longer said.
  return {
    from: dropped ? '' : (entry.from ?? edition.from),
    last: until === undefined ? '' : addDays(until, -1),
  }
}

type Column = (version: string, row: TableRow) => string

/** What the columns of files may show. */
const SHOWN: Readonly<Record<string, Column>> = {
  code: (_, { entry }) => entry.code,
  name: (_, { entry }) => entry.name,
  record: (version, { entry }) => `${entry.code}-${version}`,
  from: (_, row) => daysOf(row).from,
  lastDay: (_, row) => daysOf(row).last,
  // A grey code is in the table and must not be used; the file has no other word for it. [A]
  valid: (_, { entry, dropped }) => (dropped || entry.grey ? '0' : '1'),
  version: (version) => version,
  edition: (_, { edition }) => edition.version,
  made: (_, { edition }) => `${edition.from} 00:00:00`,
}

function columnOf(shown = ''): Column | null {
  if (!shown.startsWith('@')) return SHOWN[shown] ?? null
  const attribute = shown.slice(1)
  return (_, { entry }) => entry.attributes?.[attribute] ?? ''
}

/** Writes a row. Most columns are empty in all rows: what stands between two others is put together once. */
function lineOf({ titles, fill, width }: Download): Column {
  const parts: { readonly column: Column; readonly before: string }[] = []
  let before = ''
  for (let place = 0; place < width; place += 1) {
    if (place > 0) before += '\t'
    const column = columnOf(fill[titles[place] ?? ''])
    if (column === null) before += cellOf('')
    else {
      parts.push({ column, before })
      before = ''
    }
  }
  return (version, row) => {
    let line = ''
    for (const { column, before: empty } of parts) line += empty + cellOf(column(version, row))
    return line + before
  }
}
