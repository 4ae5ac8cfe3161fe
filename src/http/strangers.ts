/**
 * Requests refused before their caller is identified: counted in memory and logged once a minute. They are not
 * journalled, or clients without a key could fill its disk.
 */
import type { ProblemCode } from '../domain/problems.ts'
import type { Clock } from '../ports.ts'

/** Minimum interval between two log entries. */
const NOTE_MS = 60_000

/** Counts them. */
export interface Strangers {
  refused(problem: ProblemCode): void
}

/** Dependencies of the count. */
export interface StrangerPorts {
  readonly clock: Pick<Clock, 'after'>
  /** Counts one, permanently. */
  count(problem: ProblemCode): void
  /** Called once a minute with the numbers by problem. */
  note(refused: Readonly<Record<string, number>>): void
}

/** Starts counting. A timer runs only while there is something to log. */
export function createStrangers({ clock, count, note }: StrangerPorts): Strangers {
  let since: Record<string, number> | null = null
  return {
    refused(problem) {
      count(problem)
      if (since === null) {
        since = {}
        clock.after(NOTE_MS, () => {
          note(since!)
          since = null
        })
      }
      since[problem] = (since[problem] ?? 0) + 1
    },
  }
}
