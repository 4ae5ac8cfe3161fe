/** A stay (住院人次), the unit counted by the rates: one admission to one institution until discharge. */
import type { Area } from '../domain/area.ts'
import type { Day } from '../domain/day.ts'

/** Events of a stay: D direct settlement, R its withdrawal, U self-paid bill uploaded, M manual claim accepted. */
export const STAY_EVENTS = ['D', 'R', 'U', 'M'] as const

/** One letter of `STAY_EVENTS`. */
export type StayEventKind = (typeof STAY_EVENTS)[number]

/** One event. Only its day is known; within a day settlements come before withdrawals, and claims last. */
export interface StayEvent {
  readonly event: StayEventKind
  /** The day on which it happened and became known. */
  readonly at: Day
}

/** One inpatient stay and its history, identified by stay id and institution. */
export interface Stay {
  /** Encounter `mdtrt_id`, or the id of the file it was imported from. */
  readonly stay: string
  /** Pseudonym of the person. */
  readonly person: string
  /** Insured place `insuplc_admdvs` of the settlement. */
  readonly insuredArea: Area
  /** Place of treatment `mdtrtarea_admvs`. */
  readonly treatmentArea: Area
  readonly institution: string
  readonly admitted: Day
  readonly discharged: Day
  readonly events: readonly StayEvent[]
}

/** Unique key of a stay across institutions and platforms: two platforms may issue the same encounter id. [A] */
export function stayKey(institution: string, stay: string, insuredArea: string): string {
  return `${institution}\n${stay}\n${insuredArea.slice(0, 2)}`
}

/** Number of direct settlements in force up to and including a day: settlements minus withdrawals. */
export function standingSettlements(events: readonly StayEvent[], until: Day): number {
  let standing = 0
  for (const { event, at } of events) {
    if (at > until) continue
    if (event === 'D') standing += 1
    else if (event === 'R') standing -= 1
  }
  return standing
}

/**
 * Why an event contradicts the history of its stay. Days decide, not the order of arrival.
 *
 * @param history known events of the stay
 * @param next the new event
 * @returns a Chinese sentence, or null if it does not
 */
export function historyFault(history: readonly StayEvent[], next: StayEvent): string | null {
  if (next.event === 'M' && standingSettlements(history, next.at) >= 1) {
    return '该住院当时已直接结算，不得重复登记手工报销'
  }
  if (next.event !== 'R') return null
  const days = history.filter(({ event, at }) => event === 'R' && at > next.at).map(({ at }) => at)
  const withdrawable = [next.at, ...days].every((day) => standingSettlements(history, day) >= 1)
  return withdrawable ? null : '没有可撤销的直接结算'
}
