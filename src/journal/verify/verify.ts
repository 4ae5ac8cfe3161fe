/**
 * The re-check of a journal, offline or beside a running gateway: headers, checksums, numbers without a gap, every link
 * of the chain, every step by the table of an exchange's life, the noted head, and the index against the records. It only
 * reads, one segment at a time, in constant memory but for one state an exchange.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { databaseFile } from '../../store/database.ts'
import { archivedName, archivedSegmentsOf, readArchived } from '../archive/archive-files.ts'
import type { Point } from '../index/journal-index.ts'
import { journalFolder } from '../open-disk.ts'
import { type ChainHead, readHead } from '../segment/chain-head.ts'
import { nodeFiles } from '../segment/files.ts'
import { readSegmentHeader, segmentName, segmentsOf } from '../segment/scan.ts'
import { type IndexView, openIndexView } from './verify-index.ts'
import {
  type Counted,
  createWalk,
  type Finding,
  type Torn,
  type Walk,
  type WalkInput,
  WHOLE,
} from './verify-walk.ts'

/** What is to be checked. */
export interface Verified {
  /** A data directory, a backup of one, or an archive. */
  readonly directory: string
  /** Where its archived segments are. */
  readonly archive: string
  /** Whether a gateway writes to it just now: then what it wrote after the start of the check is left out. */
  readonly running: boolean
}

/** What a re-check found. */
export interface Verification extends Counted {
  readonly directory: string
  /** All three kinds together. */
  readonly records: number
  /** Segments that were read, and how many of them are archived. */
  readonly segments: number
  readonly archivedSegments: number
  /** Archived segments that are not here: the check begins after them. */
  readonly notHere: number
  /** Whether there is no index, which the next start then makes anew. */
  readonly withoutIndex: boolean
  /** Exchanges and outcomes that no link covers. */
  readonly notLinked: number
  readonly torn: Torn | null
  /** Checks of keys that the segments name; null stands for segments of the form without. One at the most is sound. */
  readonly keyChecks: readonly (string | null)[]
  readonly seconds: number
  /** The first bad record, or what else is wrong. Null: all is well. */
  readonly first: Finding | null
  /** How many findings there are besides the first. */
  readonly more: number
}

/** Told now and then: how many segments of how many have been checked. */
export type Progress = (checked: number, total: number) => void

/** A journal as it is laid out before the walk. */
interface Layout {
  /** Null where the directory is an archive. */
  readonly journal: string | null
  readonly archive: string
  readonly head: ChainHead | null
  readonly index: IndexView | null
  /** Where the walk ends; null: at the end of the journal. */
  readonly limit: Point | null
}

interface Source {
  readonly segment: number
  readonly archived: boolean
}

/**
 * Re-checks a journal.
 *
 * @throws {Error} with a plain sentence where there is none, or its index cannot be read at all
 */
export async function verifyJournal(what: Verified, progress: Progress = () => {}): Promise<Verification> {
  const started = performance.now()
  const found: { first: Finding | null; more: number } = { first: null, more: 0 }
  const bad = (finding: Finding) => {
    if (found.first) found.more += 1
    else found.first = finding
  }
  const layout = layoutOf(what)
  const { index, journal } = layout
  try {
    const { sources, from } = sourcesOf(layout)
    const walk = createWalk(index?.startOf(from) ?? WHOLE, bad)
    let checked = 0
    let goesOn = true
    while (goesOn && checked < sources.length) {
      progress(checked, sources.length)
      const source = sources[checked]!
      const given = await load(layout, source, checked === sources.length - 1)
      goesOn = walk.take(given)
      if (source.archived) checkFile(given, index, bad)
      checked += 1
    }
    progress(sources.length, sources.length)
    if (goesOn) checkEnds(layout, walk, bad)
    const counted = walk.counted()
    return {
      ...{ directory: what.directory, ...counted, segments: checked },
      records: counted.exchanges + counted.outcomes + counted.links,
      archivedSegments: sources.slice(0, checked).filter(({ archived }) => archived).length,
      ...{ notHere: from - 1, withoutIndex: journal !== null && index === null },
      ...{ notLinked: walk.notLinked(), torn: walk.torn(), keyChecks: walk.keyChecks() },
      ...{ seconds: (performance.now() - started) / 1000, ...found },
    }
  } finally {
    index?.close()
  }
}

/** Reads the head first, then the index, then the segments: a running gateway moves them the other way round. */
function layoutOf({ directory, archive, running }: Verified): Layout {
  const journal = journalFolder(directory)
  if (!existsSync(journal)) {
    if (archivedSegmentsOf(directory).length === 0) {
      throw new Error(`There is no journal in ${directory}, and no archived segments`)
    }
    return { journal: null, archive: directory, head: null, index: null, limit: null }
  }
  const files = nodeFiles(journal)
  const head = readHead(files)
  files.close()
  const index = openIndexView(databaseFile(directory))
  return { journal, archive, head, index, limit: running ? (head ?? { segment: 0, offset: 0 }) : null }
}

/**
 * The segments to read, in order, and the first of them. Without any archived ones at hand the walk begins after them;
 * with some of them it begins at the first, so that one that is missing is found.
 */
function sourcesOf({ journal, archive, index, limit }: Layout): { sources: Source[]; from: number } {
  // The journal before the archive: what is moved meanwhile is then in one list at least.
  const live = journal ? liveSegments(journal) : []
  const inArchive = archivedSegmentsOf(archive)
  if (!journal) return { sources: inArchive.map((segment) => ({ segment, archived: true })), from: 1 }
  const archivedUpTo = index?.archived.at(-1)?.segment ?? 0
  const archived = inArchive.filter((segment) => segment <= archivedUpTo)
  const moved = limit ? inArchive.filter((segment) => !live.includes(segment)) : []
  const within = [...moved, ...live].filter(
    (segment) => segment > archivedUpTo && segment <= (limit?.segment ?? segment),
  )
  return {
    sources: [
      ...archived.map((segment) => ({ segment, archived: true })),
      ...within.map((segment) => ({ segment, archived: false })),
    ],
    from: archived.length > 0 ? 1 : archivedUpTo + 1,
  }
}

/** The segments in the journal but for the one that is made ahead. */
function liveSegments(journal: string): number[] {
  const files = nodeFiles(journal)
  const live = segmentsOf(files)
  const spare = live.at(-1)
  if (spare && live.length > 1 && readSegmentHeader(files, spare) === 'spare') live.pop()
  files.close()
  return live
}

async function load({ journal, archive, limit }: Layout, source: Source, last: boolean): Promise<WalkInput> {
  const { segment, archived } = source
  const file = archived || !journal ? archivedName(segment) : `journal/${segmentName(segment)}`
  // A running gateway may have archived it since: the same bytes are there then.
  const live = archived || !journal ? null : bytesOf(join(journal, segmentName(segment)))
  const { bytes, fault } = live ? { bytes: live, fault: null } : await readArchived(archive, segment)
  const upTo = segment === limit?.segment ? limit.offset : bytes.length
  return { segment, file, bytes: bytes.subarray(0, upTo), fault, last }
}

function bytesOf(path: string): Buffer | null {
  try {
    return readFileSync(path)
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ENOENT') return null
    throw cause
  }
}

/** Whether the bytes of an archived segment are those that were archived. */
function checkFile(
  { segment, file, bytes }: WalkInput,
  index: IndexView | null,
  bad: (finding: Finding) => void,
) {
  const row = index?.archived.find((candidate) => candidate.segment === segment)
  if (!row || row.fileHash === createHash('sm3').update(bytes).digest('hex')) return
  const about = { what: `segment ${segment}`, sequence: null, file, offset: null }
  bad({ ...about, wrong: 'is not the file that was archived' })
}

/** Whether the noted head and the index rest on what is there. */
function checkEnds({ head, index, limit }: Layout, walk: Walk, bad: (finding: Finding) => void): void {
  const about = { sequence: null, file: null, offset: null }
  const { number, hash } = walk.link()
  if (head && (head.number > number || head.lastSequence >= walk.nextSequence())) {
    const wrong = `names record ${head.lastSequence} and link ${head.number} as durable, and the journal ends with record ${walk.nextSequence() - 1} and link ${number}: its end is missing`
    bad({ ...about, what: 'the noted head', sequence: walk.nextSequence(), wrong })
  } else if (head && head.number === number && head.hash !== hash) {
    bad({ ...about, what: 'the noted head', wrong: `names another link ${number} of the chain` })
  }
  for (const wrong of index?.faults(walk, limit) ?? []) bad({ ...about, what: 'the index', wrong })
}
