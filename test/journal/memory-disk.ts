/**
 * A disk in memory, for tests that need the journal's rules and not its file. Commits are asynchronous as on a real
 * disk; they can be held back, let go and made to fail.
 */
import type { Disk } from '../../src/journal/embedded/disk.ts'
import type { Entry } from '../../src/journal/entry.ts'
import { createMemoryTables } from './memory-tables.ts'

/** The disk, with a hand on it. */
export interface MemoryDisk extends Disk {
  /** Every committed batch, in order. */
  readonly batches: readonly (readonly Entry[])[]
  /** Commits wait from now on. */
  hold(): void
  /** Waiting commits go on, and later ones no longer wait. */
  release(): void
  /** What has been committed so far is archived: the texts are gone, the rest stays. */
  archive(): void
  /** Every commit from now on fails with this, until it is null. */
  fail(cause: Error | null): void
  /** Takes the key of an exchange for its own: a second exchange under the key fails the commit, as the real table does. */
  readonly keys: ReadonlyMap<string, number>
}

/**
 * Opens a disk in memory.
 *
 * @param earlier batches that a former run committed
 */
export function createMemoryDisk(earlier: readonly (readonly Entry[])[] = []): MemoryDisk {
  const tables = createMemoryTables()
  const batches: (readonly Entry[])[] = []
  let held: Promise<void> | null = null
  let letGo = () => {}
  let broken: Error | null = null

  function add(batch: readonly Entry[]): void {
    tables.add(batch)
    batches.push(batch)
  }

  for (const batch of earlier) add(batch)

  return {
    ...tables,
    batches,
    hold() {
      if (held) return
      held = new Promise((resolve) => {
        letGo = resolve
      })
    },
    release() {
      held = null
      letGo()
    },
    fail(cause) {
      broken = cause
    },
    async commit(batch) {
      await (held ?? Promise.resolve())
      if (broken) throw broken
      add(batch)
    },
    indexed: async () => {},
    close: async () => {},
  }
}
