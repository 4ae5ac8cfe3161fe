/**
 * How a data directory is laid out: one journal in it, or one for each of a fixed number of workers in `worker-1`,
 * `worker-2` and so on. The number is written down with the first start and never changes, since it decides in which
 * journal the messages of an institution are.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { WORKERS_MAX } from '../config.ts'
import { syncDirectory } from '../fsync.ts'

const NOTE = 'workers.json'

/** One journal of a data directory. */
export interface Part {
  /** From 1; null where the directory is that of one process. */
  readonly worker: number | null
  readonly dataDir: string
  /** Where its archived segments go. */
  readonly archiveDir: string
}

/**
 * How many workers a data directory, or a backup of one, is laid out for.
 *
 * @returns 1 for the form of one process, or where there is nothing yet
 * @throws where the note cannot be read
 */
export function workersOf(dataDir: string): number {
  const file = join(dataDir, NOTE)
  if (!existsSync(file)) return 1
  const workers = noted(file)
  if (workers !== null) return workers
  throw new Error(`${file} cannot be read: it must be {"workers":N}, with the number of worker-… directories`)
}

function noted(file: string): number | null {
  try {
    const { workers } = JSON.parse(readFileSync(file, 'utf8')) as { workers?: unknown }
    const fits =
      Number.isSafeInteger(workers) && (workers as number) >= 2 && (workers as number) <= WORKERS_MAX
    return fits ? (workers as number) : null
  } catch {
    return null
  }
}

/** Where one of several workers keeps its journal. */
export function partOf(dataDir: string, archiveDir: string, worker: number): Part {
  const name = `worker-${worker}`
  return { worker, dataDir: join(dataDir, name), archiveDir: join(archiveDir, name) }
}

/** The directory of one of several workers, or what is said of it beside it. */
const PART = /^worker-(\d+)(\.begun)?$/

/** Whether this is the directory of one of several workers. */
export function isPart(dataDir: string): boolean {
  return PART.test(basename(dataDir)) && existsSync(join(dirname(dataDir), NOTE))
}

/** The largest number of a worker that has left something here; 0 where none has. */
function lastPartIn(dataDir: string): number {
  if (!existsSync(dataDir)) return 0
  return Math.max(0, ...readdirSync(dataDir).map((name) => Number(PART.exec(name)?.[1] ?? 0)))
}

/** All journals of a data directory. */
export function partsIn(dataDir: string, archiveDir: string): readonly Part[] {
  const workers = workersOf(dataDir)
  if (workers === 1) return [{ worker: null, dataDir, archiveDir }]
  return Array.from({ length: workers }, (_, index) => partOf(dataDir, archiveDir, index + 1))
}

/** Writes down for how many workers a directory is. Durable when it returns. */
export function noteWorkers(dataDir: string, workers: number): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const file = join(dataDir, NOTE)
  writeFileSync(`${file}.part`, `${JSON.stringify({ workers })}\n`, { flush: true })
  renameSync(`${file}.part`, file)
  syncDirectory(dataDir)
}

/**
 * Makes a directory fit for so many workers, or refuses. Call it while holding the directory.
 *
 * @throws in words that say what to do
 */
export function settleLayout(dataDir: string, workers: number): void {
  const known = workersOf(dataDir)
  const parts = known === 1 ? lastPartIn(dataDir) : 0
  if (parts > 0) {
    throw new Error(
      `${join(dataDir, NOTE)} is missing, and there are journals of workers (worker-${parts}). The gateway does not start, since it would look for each message in the wrong journal and could settle it again; nothing was changed. Put the file back: {"workers":N} with the number that it was begun with, ${parts} or more, or restore a backup`,
    )
  }
  if (known === workers) return
  if (known > 1) {
    throw new Error(
      `${dataDir} holds the journals of ${known} workers, and their number cannot change: start with --workers ${known} (ZHIJIE_WORKERS=${known}), or set ZHIJIE_DATA to another directory`,
    )
  }
  if (existsSync(join(dataDir, 'journal')) || existsSync(join(dataDir, 'zhijie.sqlite'))) {
    throw new Error(
      `${dataDir} holds the journal of one process, which cannot be divided among ${workers} workers: start without --workers (ZHIJIE_WORKERS), or set ZHIJIE_DATA to another directory`,
    )
  }
  noteWorkers(dataDir, workers)
}
