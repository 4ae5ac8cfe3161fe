/**
 * The fence after a restore: what was settled after the backup is known to the platforms and not here, so the same request
 * would be settled twice. Nothing that changes something leaves for a key that is not known, until it was looked for at the
 * platform (`look-first.ts`) or the journal was compared with the platforms; questions, stored answers and the recovery go on.
 */
import { type Instant, shanghaiTime } from '../domain/day.ts'
import { GatewayError } from '../domain/problems.ts'
import type { Restored } from '../journal/backup/restored.ts'
import { anonymousIntent, type Journal } from '../journal/journal.ts'
import type { Clock } from '../ports.ts'

/** The fence. */
export interface Fence {
  /** Whether it stands. Looks at the mark anew while it does, so nobody has to restart the gateway. */
  stands(): boolean
  /** Which time is forgotten; null where nothing was put back. */
  span(): Restored | null
}

/** What a fence needs. */
export interface FencePorts {
  /** @returns null where the journal was not put back from a backup */
  read(): Restored | null
  readonly journal: Pick<Journal, 'note'>
  readonly clock: Pick<Clock, 'now'>
  tell(text: string): void
}

/** Told where a message does not leave. */
export function compareFirst(
  detail = '网关刚从备份恢复，备份之后的结算尚未与平台核对，本次未向平台发送。该笔此前可能已办理，请勿重复收费，先向平台查询是否已办理，核对完成后再办理',
): GatewayError {
  return new GatewayError('compare-first', 'journal', detail)
}

/** Puts it up where the mark says so; journal and log say that it stands, and who has taken it down. */
export function createFence({ read, journal, clock, tell }: FencePorts): Fence {
  let mark = read()
  let stands = mark !== null && mark.compared === null

  function note(told: string): void {
    const at = clock.now()
    const intent = { ...anonymousIntent('gateway', at), transaction: 'restore' }
    journal.note(intent, { state: 'accepted', at, hop: 'gateway', told })
  }

  if (mark && stands) {
    const since = shanghaiTime(mark.since as Instant)
    tell(
      `This journal was put back from a backup that ends at ${since}. Until it was compared with the platforms, what opens a visit or settles leaves for an unknown key only after it was looked for there in vain, and what cannot be looked for does not leave: see "npm run compared"`,
    )
    note(`备份恢复，备份止于${since}，与平台核对前，未先向平台查询的不办理`)
  }
  return {
    span: () => mark,
    stands() {
      if (!stands) return false
      // A mark that was taken away says nothing.
      mark = read() ?? mark
      stands = mark!.compared === null
      if (!stands) {
        const by = mark!.compared!.by
        tell(`${by} says that the journal was compared with the platforms; messages leave again`)
        note(`${by}确认已与平台核对，恢复办理`)
      }
      return stands
    },
  }
}
