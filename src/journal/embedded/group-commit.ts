/**
 * Group commit, clocked by itself: whatever has queued up while one commit runs goes into the next. There is no timer
 * window, so an idle journal adds nothing. Measured: timer windows of 1–2 ms only lose (load-tests/RESULTS.md).
 */
import type { Clock } from '../../ports.ts'
import type { Entry } from '../entry.ts'
import { NothingWritten } from '../segment/nothing-written.ts'

/** The most entries that one commit takes, so that a pile-up does not become one long commit. */
const BATCH_MAX = 512

/** The most bytes that one commit takes, the first entry apart; a batch of the journal is at most 8 MiB. */
const BATCH_BYTES = 4 * 1024 * 1024
/** What an entry's columns come to, generously. */
const COLUMN_BYTES = 2048

/**
 * The most turns in which one commit gathers. A commit has a price of its own (sealing, packing, a write, two threads that
 * wake each other), and at 64 messages in flight it was paid for five entries; now for fifty.
 */
const TURNS_MAX = 4

/** Between two tries of a journal that could not write and has written nothing. */
const TRY_MS = 1000

/** Queues entries and commits them in batches, in order. */
export interface GroupCommit {
  /**
   * Resolves when the entry is durable.
   *
   * @rejects where it is not, and for every entry after a failed commit: for good, or, where that has written nothing,
   *   until a later try succeeds
   */
  write(entry: Entry): Promise<void>
  /** The failure that stops the journal, null while it works. */
  failure(): Error | null
  /** Resolves when there is no failure any more; at once where there is none, and never where it is for good. */
  whenWritable(): Promise<void>
  /** Resolves when everything queued so far has been settled. */
  idle(): Promise<void>
}

interface Waiting {
  readonly entry: Entry
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/**
 * @param commit makes a batch durable; after it fails once nothing more is written, since what lies after a gap could
 *   not be proved. Only where it fails by `NothingWritten` there is no gap: then it is asked with no entries again and
 *   again whether it could write, and its yes ends the failure
 * @param turn resolves when everything that has come in just now has been looked at. A commit gathers for as long as each
 *   turn brings more, so whoever comes alone waits for one turn only
 * @param later puts a try off
 */
export function createGroupCommit(
  commit: (batch: readonly Entry[]) => Promise<void>,
  turn: () => Promise<void> = () => Promise.resolve(),
  later: Clock['after'] = () => () => {},
): GroupCommit {
  const queue: Waiting[] = []
  /** For good, and until a try succeeds. */
  let failed: Error | null = null
  let passing: Error | null = null
  let writable: PromiseWithResolvers<void> | null = null
  let running: Promise<void> | null = null

  async function gather(): Promise<void> {
    for (let turns = 0, before = 0; turns < TURNS_MAX && queue.length > before; turns += 1) {
      before = queue.length
      await turn()
    }
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      await gather()
      const batch = queue.splice(0, batchLength(queue))
      try {
        const failure = failed ?? passing
        if (failure) throw failure
        await commit(batch.map((waiting) => waiting.entry))
        for (const waiting of batch) waiting.resolve()
      } catch (cause) {
        const failure = fail(cause)
        for (const waiting of batch) waiting.reject(failure)
      }
    }
    running = null
  }

  function fail(cause: unknown): Error {
    if (failed) return failed
    if (!(cause instanceof NothingWritten)) {
      failed = cause instanceof Error ? cause : new Error(String(cause))
      return failed
    }
    if (!passing) tryLater()
    passing = cause
    return cause
  }

  function tryLater(): void {
    later(TRY_MS, () => {
      running = commit([]).then(
        () => {
          running = null
          passing = null
          writable?.resolve()
          writable = null
        },
        (cause) => {
          running = null
          passing = null
          fail(cause)
        },
      )
    })
  }

  return {
    write(entry) {
      const failure = failed ?? passing
      if (failure) return Promise.reject(failure)
      return new Promise<void>((resolve, reject) => {
        queue.push({ entry, resolve, reject })
        running ??= drain()
      })
    },
    failure: () => failed ?? passing,
    whenWritable() {
      if (!failed && !passing) return Promise.resolve()
      writable ??= Promise.withResolvers()
      return writable.promise
    },
    idle: async () => {
      await running
    },
  }
}

/** How many of those that wait go into the next commit. */
function batchLength(queue: readonly Waiting[]): number {
  let bytes = 0
  for (const [index, { entry }] of queue.entries()) {
    bytes += bytesOf(entry)
    if (index === BATCH_MAX || (index > 0 && bytes > BATCH_BYTES)) return index
  }
  return queue.length
}

function bytesOf({ exchange, outcome }: Entry): number {
  const texts = [exchange?.evidence, exchange?.mapped, outcome?.told]
  const sealed = (exchange?.sealed?.length ?? 0) + (outcome?.reply?.length ?? 0)
  return texts.reduce((sum, text) => sum + 3 * (text?.length ?? 0), COLUMN_BYTES + sealed)
}
