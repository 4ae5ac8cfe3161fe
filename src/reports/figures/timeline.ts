/** What a stay was, day by day: its class, and why it was missed. Pure. */
import type { Day } from '../../domain/day.ts'
import { type Components, classOf } from '../settlement-rate.ts'
import type { Stay } from '../stay.ts'
import { MISS_REASONS, type Miss, missOf } from './reasons.ts'

/** A message of a stay that failed, or a settlement of it that was taken. In the order of the journal. */
export interface Attempt {
  readonly at: Day
  readonly settled: boolean
  readonly reason: string | null
  readonly problem: string | null
  readonly hop: string | null
}

/** What it was from a day on. */
export interface Moment {
  readonly since: Day
  /** The day on which the next one begins. */
  readonly before: Day
  readonly state: keyof Components
  /** Null where it was settled directly. */
  readonly miss: Miss | null
}

/** After every day. */
export const NEVER_ENDS = '9999-99-99' as Day

/**
 * The moments of a stay, oldest first, without gaps from the first day on which it is known.
 *
 * @param attempts in the order of the journal
 */
export function momentsOf(stay: Pick<Stay, 'events'>, attempts: readonly Attempt[]): Moment[] {
  const days = new Set([...stay.events.map(({ at }) => at), ...attempts.map(({ at }) => at)])
  const moments: Moment[] = []
  for (const since of [...days].sort()) {
    const state = classOf(stay, since)
    if (!state) continue
    const miss = state === 'direct' ? null : missedBy(stay, state, attempts, since)
    const last = moments.at(-1)
    if (last && isSameMoment(last, state, miss)) continue
    if (last) moments[moments.length - 1] = { ...last, before: since }
    moments.push({ since, before: NEVER_ENDS, state, miss })
  }
  return moments
}

function isSameMoment(one: Moment, state: string, miss: Miss | null): boolean {
  return (
    one.state === state &&
    one.miss?.category === miss?.category &&
    one.miss?.code === miss?.code &&
    one.miss?.hop === miss?.hop
  )
}

/**
 * Why a stay was not settled directly, as known on a day: the last failure after the last settlement that was taken, one with
 * a known category before others; without one, what its records say by themselves.
 */
function missedBy(
  { events }: Pick<Stay, 'events'>,
  state: keyof Components,
  attempts: readonly Attempt[],
  asOf: Day,
): Miss {
  const known = attempts.filter(({ at }) => at <= asOf)
  const open = known.slice(known.findLastIndex(({ settled }) => settled) + 1).map(missOf)
  const failed = open.findLast(({ category }) => category !== 'unknown') ?? open.at(-1)
  if (failed) return failed
  const has = (kind: string) => events.some(({ event, at }) => event === kind && at <= asOf)
  if (state === 'withdrawnOnly' || (has('D') && has('R'))) return wordOf('withdrawn')
  return wordOf(has('U') ? 'self-paid' : 'manual')
}

function wordOf(code: 'withdrawn' | 'self-paid' | 'manual'): Miss {
  return { category: MISS_REASONS[code]!.category, code, hop: '' }
}
