/**
 * The fence after a restore: what was settled after the backup is known to the platforms and not here, so the same request
 * would be settled twice. Nothing that changes something leaves for a key that is not known, until the journal was
 * compared with the platforms; questions, stored answers and the recovery go on.
 */
import { type Instant, shanghaiTime } from '../domain/day.ts'
import { GatewayError } from '../domain/problems.ts'
import { anonymousIntent, type Journal } from '../journal/journal.ts'
import type { Restored } from '../journal/restored.ts'
import type { Clock } from '../ports.ts'

/** The fence. */
export interface Fence {
  /** Whether it stands. Looks at the mark anew while it does, so nobody has to restart the gateway. */
  stands(): boolean
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
export function compareFirst(): GatewayError {
  const detail =
    '网关刚从备份恢复，备份之后的结算尚未与平台核对，本次未向平台发送。该笔此前可能已办理，请勿重复收费，先向平台查询是否已办理，核对完成后再办理'
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
      `This journal was put back from a backup that ends at ${since}. Nothing that changes something leaves for an unknown key until it was compared with the platforms: see "npm run compared"`,
    )
    note(`备份恢复，备份止于${since}，与平台核对前不向平台办理`)
  }
  return {
    stands() {
      if (!stands) return false
      mark = read()
      stands = mark === null || mark.compared === null
      if (!stands) {
        const by = mark!.compared!.by
        tell(`${by} says that the journal was compared with the platforms; messages leave again`)
        note(`${by}确认已与平台核对，恢复办理`)
      }
      return stands
    },
  }
}
