/** Rules 3, 4 and 8 at rest: lives by the table, sums that add up, stays as the provinces hold them. */
import { withoutIdentity } from '../../src/domain/masking.ts'
import { EVENTS, isFinal, type State, transition } from '../../src/journal/exchange-state.ts'
import type { Stored } from './durable-rows.ts'
import type { Province } from './province.ts'

/** The present state of what is stored. */
export const lastState = (stored: Stored): State => stored.outcomes.at(-1)?.state ?? 'open'

/** What is wrong with one life. */
export function* lifeFaults({ exchange, outcomes }: Stored): Generator<string> {
  const name = `${exchange.transaction} ${exchange.message}`
  let state: State | null = null
  let isPaid = exchange.transaction !== '2166'
  for (const { state: next, told, total, fund, personShare, hospital } of outcomes) {
    // What was ordered is paid once; its amounts come with that.
    const pays = !isPaid && state === 'accepted' && next === 'accepted' && total! > 0
    isPaid ||= next === 'accepted' && total! > 0
    // What is begun is open; what is rejected begins with that.
    const fits = state === null ? next === 'rejected' || follows('open', next) : pays || follows(state, next)
    if (!fits) yield `${name} went from ${state} to ${next}`
    if (told && withoutIdentity(told) !== told) yield `${name}: an identity number is told in the journal`
    if (total != null && total !== fund! + personShare! + hospital!)
      yield `${name}: the amounts in the journal do not add up`
    state = next
  }
}

/** Whether the table of lives has such a step. That a final state stays one is said here once more. */
function follows(state: State, next: State): boolean {
  if (isFinal(state) && next !== 'reversed') return false
  if (state === 'unknown' && (next === 'open' || next === 'unsent')) return false
  return EVENTS.some((event) => {
    try {
      return transition(state, event) === next
    } catch {
      return false
    }
  })
}

/** Admissions and discharges: each that stands here stands there, and the other way round. */
export function* staysFaults(keyed: readonly Stored[], provinces: readonly Province[]): Generator<string> {
  const stays = provinces.flatMap(({ visits }) => [...visits.values()]).filter(({ stay }) => stay)
  const opened = new Map(
    keyed
      .filter(({ exchange }) => exchange.transaction === '2401')
      .map((each) => [each.exchange.message, each]),
  )
  for (const { msgid, mdtrt_id, state } of stays) {
    const ours = opened.get(msgid)
    const known = ours ? lastState(ours) : 'absent'
    if ((state !== 'reversed') !== (known === 'accepted'))
      yield `the admission ${msgid} is ${state} at the province and ${known} here`
    if (state === 'reversed') continue
    const last = lastMove(keyed, mdtrt_id)
    if ((state === 'discharged') !== (last === '2402'))
      yield `the stay ${mdtrt_id} is ${state} at the province, and ${last ?? 'nothing'} came last here`
  }
  for (const [message, ours] of opened) {
    if (lastState(ours) === 'accepted' && !stays.some(({ msgid }) => msgid === message))
      yield `the admission ${message} stands here and not at a province`
  }
}

/** The last discharge or withdrawal of one that was accepted. */
function lastMove(keyed: readonly Stored[], encounter: string): string | null {
  const accepted = keyed
    .filter(
      (stored) =>
        stored.exchange.encounter === encounter &&
        ['2402', '2405'].includes(stored.exchange.transaction ?? '') &&
        lastState(stored) === 'accepted',
    )
    .toSorted((one, other) => one.outcomes.at(-1)!.at - other.outcomes.at(-1)!.at)
  return accepted.at(-1)?.exchange.transaction ?? null
}
