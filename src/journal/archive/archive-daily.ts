/** Archiving without being asked: at a start that finds nothing unresolved, and then once a day. */
import type { Log } from '../../log.ts'
import type { Clock } from '../../ports.ts'
import type { Archiver } from './archive.ts'

const DAY_MS = 86_400_000

/** What the daily archiving needs. */
export interface Daily {
  readonly archiver: Pick<Archiver, 'run'>
  readonly clock: Pick<Clock, 'after'>
  readonly olderThanDays: number
  /** Whether nothing is unresolved at the start. */
  readonly idle: boolean
  readonly log: Pick<Log, 'info'>
  fault(cause: unknown): void
}

/** Begins. @returns ends it; what runs is ended by the archiver itself */
export function archiveDaily({ archiver, clock, olderThanDays, idle, log, fault }: Daily): () => void {
  let ended = false
  let cancel = clock.after(idle ? 0 : DAY_MS, run)

  function run(): void {
    // A failure today does not keep tomorrow's run from trying.
    cancel = clock.after(DAY_MS, run)
    archiver.run(olderThanDays).then(
      ({ archived, archivedUpTo }) => {
        if (archived.length > 0) log.info({ segments: archived.length, archivedUpTo }, 'archived')
      },
      (cause) => {
        if (!ended) fault(cause)
      },
    )
  }

  return () => {
    ended = true
    cancel()
  }
}
