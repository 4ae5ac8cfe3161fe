/**
 * Who is refused before it is known who calls is nobody: counted in memory, with one note a minute in the log. Nothing of
 * it is written to the journal, or whoever has no key could fill its disk.
 */
import type { ProblemCode } from '../domain/problems.ts'
import type { Clock } from '../ports.ts'

/** Between two notes. */
const NOTE_MS = 60_000

/** Counts them. */
export interface Strangers {
  refused(problem: ProblemCode): void
}

/** What the count needs. */
export interface StrangerPorts {
  readonly clock: Pick<Clock, 'after'>
  /** Counts one, for good. */
  count(problem: ProblemCode): void
  /** Told once a minute how many there were, by problem. */
  note(refused: Readonly<Record<string, number>>): void
}

/** Begins counting. There is a timer only while there is something to tell. */
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
