/**
 * Rule 5: a destination that answers nothing any more is noticed by the calls that wait for it, long before their deadlines,
 * and no further call leaves for it. Judged where one province goes silent and nothing else happens, so that how long an
 * answer takes is known.
 */
import type { ChannelStatus } from '../../src/transport/transport.ts'
import { diceOf } from './dice.ts'
import type { Faults } from './faults.ts'

/** So many calls that wait for so long, while nothing is heard, are no patience any more. */
const LATE_CALLS = 3
/** Four times the longest way there and back where nothing happens. */
const LATE_MS = 1_000
/** Before its first answer nobody knows how long a destination takes. */
const LATE_UNKNOWN_MS = 3_500

const SALT = 0x51137
/** When a province goes silent that answers at first. */
const SILENT_FROM_MS = 8_000

/** In every second run with a silent province it answers at first: drawn from dice of its own, so that no other draw moves. */
export function silentLater(faults: Faults, seed: number): Faults {
  if (silentIn(faults) === null || !diceOf(seed ^ SALT).chance(0.5)) return faults
  return { ...faults, troubles: faults.troubles.map((trouble) => ({ ...trouble, from: SILENT_FROM_MS })) }
}

/** The province whose silence is all that happens; null in other runs. */
export function silentIn({ hung, troubles }: Pick<Faults, 'hung' | 'troubles'>): string | null {
  return troubles[0]?.kind === 'silent' ? hung : null
}

/** A call that waits. */
interface Call {
  readonly leftAt: number
}

/** Watches how long calls wait for a province that goes silent. Its times are milliseconds since the beginning. */
export class Hanging {
  readonly #silent: string | null
  readonly #fault: (text: string) => void
  readonly #waiting = new Map<string, Set<Call>>()
  readonly #heard = new Map<string, { readonly at: number; readonly leftAt: number }>()

  /** @param silent the province; null where nothing is judged */
  constructor(silent: string | null, fault: (text: string) => void) {
    this.#silent = silent
    this.#fault = fault
  }

  /**
   * A call leaves.
   *
   * @param destination `340000`, `national/620000`
   * @param channels of this moment: what is known to be down is asked only by whoever finds out whether it is back
   * @returns told how it ended
   */
  leaves(
    destination: string,
    traffic: ChannelStatus['traffic'],
    channels: readonly ChannelStatus[],
    now: number,
  ): (isAnswered: boolean, at: number) => void {
    if (this.#silent === null || !destination.endsWith(this.#silent)) return () => {}
    const waiting = this.#waiting.get(`${destination} ${traffic}`) ?? new Set()
    this.#waiting.set(`${destination} ${traffic}`, waiting)
    const isKnown = channels.some((one) => one.destination === destination && one.breaker === 'open')
    if (!isKnown) this.#judge(destination, waiting, now)
    const call = { leftAt: now }
    waiting.add(call)
    return (isAnswered, at) => {
      waiting.delete(call)
      if (!isAnswered) return
      const leftAt = Math.max(call.leftAt, this.#heard.get(destination)?.leftAt ?? 0)
      this.#heard.set(destination, { at, leftAt })
    }
  }

  /** The gateway dies: nothing of it waits any more, and the next one has heard nothing. */
  dies(): void {
    this.#waiting.clear()
    this.#heard.clear()
  }

  #judge(destination: string, waiting: ReadonlySet<Call>, now: number): void {
    const heard = this.#heard.get(destination)
    const before = now - (heard ? LATE_MS : LATE_UNKNOWN_MS)
    // A call that a later one has overtaken is slow by itself.
    const late = [...waiting].filter(({ leftAt }) => leftAt <= before && leftAt > (heard?.leftAt ?? -1))
    if (late.length >= LATE_CALLS && (heard?.at ?? 0) <= before)
      this.#fault(
        `one more left for ${destination} while ${late.length} late calls wait and nothing is heard`,
      )
  }
}
