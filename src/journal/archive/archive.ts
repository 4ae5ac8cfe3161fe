/**
 * Archiving by age: full segments whose every message has ended are moved, compressed, to a directory of their own. Each
 * step may be cut off by a kill: copied under another name, synced, named, read back and compared, noted in the index for
 * good, and only then removed from the journal.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { GatewayError } from '../../domain/problems.ts'
import type { Clock } from '../../ports.ts'
import { databaseFile } from '../../store/database.ts'
import type { Journal } from '../journal.ts'
import { journalFolder } from '../open-disk.ts'
import type { SegmentDisk } from '../segment/segment-disk.ts'
import type { Unfinished } from './archive-candidates.ts'
import type { Copied } from './archive-copy.ts'
import { archivedName } from './archive-files.ts'
import type { Decision } from './archive-policy.ts'

/** A segment that was archived. */
export interface ArchivedSegment extends Copied {
  readonly segment: number
  readonly firstSequence: number
  readonly lastSequence: number
}

/** What one run has done. */
export interface ArchiveReport {
  readonly archived: readonly ArchivedSegment[]
  /** The last segment that is archived, by this run or an earlier one; 0 where none is. */
  readonly archivedUpTo: number
  /** The first segment that had to stay, and why. */
  readonly stays: Decision['stays']
}

/** What the thread is started with. */
export interface ArchiveData {
  /** SQLite file of the index. */
  readonly file: string
  readonly journal: string
  readonly archive: string
  /** UTC milliseconds. */
  readonly olderThan: number
  /** The first segment that is not archived. */
  readonly from: number
  readonly at: number
}

/** What the thread tells. It waits for a yes after `copied`, and for the removal after `noted`. */
export type FromArchive =
  | {
      readonly is: 'copied'
      readonly segment: number
      readonly exchanges: readonly number[]
      readonly unfinished: readonly Unfinished[]
    }
  | ({ readonly is: 'noted' } & ArchivedSegment)
  | { readonly is: 'stays'; readonly stays: NonNullable<Decision['stays']> }
  | { readonly is: 'failed'; readonly why: string }
  | { readonly is: 'done' }

/** The archiver of a running gateway. */
export interface Archiver {
  /**
   * Archives what is older than so many days. Runs one after another.
   *
   * @throws {GatewayError} archive-failed
   */
  run(olderThanDays: number): Promise<ArchiveReport>
  /** Ends at once whatever runs; a segment on its way stays where it is. */
  stop(): Promise<void>
}

/** What the archiver works on. */
export interface ArchivePorts {
  readonly disk: SegmentDisk
  readonly journal: Pick<Journal, 'inFlight'>
  readonly clock: Pick<Clock, 'now'>
  readonly dataDir: string
  readonly archive: string
}

const DAY_MS = 86_400_000

/**
 * Finishes or clears away what a kill has left: half a copy is removed, and so is a segment that is noted as archived.
 *
 * @returns what people should know of
 */
export async function finishArchiving(disk: SegmentDisk, archive: string): Promise<string[]> {
  const parts = existsSync(archive) ? readdirSync(archive).filter((name) => name.endsWith('.gz.part')) : []
  for (const part of parts) rmSync(join(archive, part), { force: true })
  const told: string[] = []
  for (const segment of disk.segments()) {
    if (segment > disk.archivedUpTo()) break
    if (existsSync(join(archive, archivedName(segment)))) await disk.drop(segment)
    else told.push(`Segment ${segment} is archived, and ${archive} does not hold it; the live file is kept`)
  }
  return told
}

/** Makes the archiver. */
export function createArchiver(ports: ArchivePorts): Archiver {
  const { disk, journal, clock, dataDir, archive } = ports
  let running: Promise<unknown> = Promise.resolve()
  let worker: Worker | null = null
  let stopped = false

  /**
   * From here on nothing in the segment is tried again. What is on its way at this moment, or was taken up while the
   * copy was made, keeps it here.
   */
  function retire({ segment, exchanges, unfinished }: Extract<FromArchive, { is: 'copied' }>): boolean {
    disk.takeAsArchived(segment)
    const touched = new Set(exchanges)
    const moves =
      unfinished.some(({ key }) => journal.inFlight(key)) ||
      disk.unresolved().some(({ exchange }) => touched.has(exchange.id))
    if (moves) disk.takeAsArchived(segment - 1)
    return !moves
  }

  async function work(olderThanDays: number): Promise<ArchiveReport> {
    if (stopped) throw failure('网关正在停止')
    // A journal that has stopped can still be archived: that may be what makes room for it.
    await disk.indexed().catch(() => {})
    const at = clock.now()
    const from = disk.archivedUpTo() + 1
    const workerData: ArchiveData = {
      ...{ file: databaseFile(dataDir), journal: journalFolder(dataDir), archive, from, at },
      olderThan: at - olderThanDays * DAY_MS,
    }
    const archived: ArchivedSegment[] = []
    let stays: Decision['stays'] = null
    /** Taken as archived and not yet noted. */
    let doubtful: number | null = null
    const thread = new Worker(new URL('./archive.worker.ts', import.meta.url), { workerData, execArgv: [] })
    worker = thread
    try {
      for await (const message of messagesOf(thread)) {
        if (message.is === 'copied') {
          const goesOn = retire(message)
          if (goesOn) doubtful = message.segment
          else stays = { segment: message.segment, because: 'unresolved' }
          thread.postMessage(goesOn)
        } else if (message.is === 'noted') {
          doubtful = null
          const { is: _noted, ...segment } = message
          archived.push(segment)
          await disk.drop(message.segment)
          thread.postMessage(!stopped)
        } else if (message.is === 'stays') {
          stays = message.stays
        } else if (message.is === 'failed') {
          throw failure(message.why)
        }
      }
      return { archived, archivedUpTo: disk.archivedUpTo(), stays }
    } finally {
      await thread.terminate()
      worker = null
      if (doubtful !== null) disk.takeAsArchived(doubtful - 1)
    }
  }

  return {
    run(olderThanDays) {
      const run = running.then(() => work(olderThanDays))
      running = run.catch(() => {})
      return run
    },
    async stop() {
      stopped = true
      await worker?.terminate()
      await running
    },
  }
}

function failure(why: string): GatewayError {
  return new GatewayError(
    'archive-failed',
    'record',
    `归档未完成：${why}。已归档的不变，其余仍在原处，未丢失记录`,
  )
}

/** What the thread tells, until it is done or ends. */
async function* messagesOf(thread: Worker): AsyncGenerator<FromArchive> {
  const waiting: FromArchive[] = []
  let wake = () => {}
  let ended = false
  let broken: unknown = null
  thread.on('message', (message: FromArchive) => {
    waiting.push(message)
    wake()
  })
  thread.on('error', (cause) => {
    broken = cause
    wake()
  })
  thread.on('exit', () => {
    ended = true
    wake()
  })
  for (;;) {
    const message = waiting.shift()
    if (message?.is === 'done') return
    if (message) yield message
    else if (broken || ended) throw failure(broken ? (broken as Error).message : '归档线程已结束')
    else
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  }
}
