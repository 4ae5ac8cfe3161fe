/** Plays a day: the bills of all counters, faults of the platforms, and records of self-paying patients. */
import { setTimeout as pause } from 'node:timers/promises'
import { stringify } from 'csv-stringify/sync'
import { type Hospital, openHospital } from '../client/hospital.ts'
import { addDays, dayOf, type Instant } from '../domain/day.ts'
import type { Bill, World } from './bills.ts'
import { type BillOutcome, playBill } from './counter.ts'

/** Counters working in parallel. */
const COUNTERS = 16

/** Faults of the platforms during the day, as shares of calls. Rules section 15 [A], slightly more frequent. */
export const PROVINCE_FAULTS = [
  { kind: 'drop-after', transaction: '2207', share: 0.004 },
  { kind: 'drop-before', transaction: '2207', share: 0.004 },
  { kind: 'drop-after', transaction: '2304', share: 0.01 },
  { kind: 'reset', transaction: '2207', share: 0.004 },
  { kind: 'garbage', transaction: '2304', share: 0.01 },
  { kind: 'double', transaction: '2207', share: 0.004 },
  { kind: 'drop-after', transaction: '2208', share: 0.1 },
  { kind: 'late', transaction: '2207', share: 0.003, ms: 2500 },
  { kind: 'drop-after', transaction: '2102', share: 0.02 },
  { kind: 'drop-before', transaction: '2102', share: 0.02 },
  { kind: 'double', transaction: '2102', share: 0.01 },
  { kind: 'drop-after', transaction: '2103', share: 0.1 },
  { kind: 'drop-after', transaction: '3505A', share: 0.3 },
  { kind: 'drop-after', transaction: '3506A', share: 0.2 },
]

/** Activates faults of a platform. */
export async function setFaults(url: string, faults: readonly unknown[]): Promise<void> {
  const answer = await fetch(new URL('/faults', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  })
  if (!answer.ok) throw new Error(`The platform at ${url} took no faults: ${await answer.text()}`)
}

/** Removes all faults. */
export async function clearFaults(url: string): Promise<void> {
  await fetch(new URL('/faults', url), { method: 'DELETE' })
}

/**
 * Plays the bills.
 *
 * @param gateway its address
 * @param progress called after every bill
 */
export async function playDay(
  gateway: string,
  bills: readonly Bill[],
  progress: (done: number) => void,
): Promise<BillOutcome[]> {
  const outcomes: BillOutcome[] = []
  const waiting = [...bills]
  const counter = async () => {
    const hospital = openHospital(gateway)
    for (let bill = waiting.shift(); bill; bill = waiting.shift()) {
      const outcome = await playBill(hospital, bill)
      if (outcome.state === 'refused' && bill.lane === 'inpatient') await recordSelfPaid(hospital, bill)
      outcomes.push(outcome)
      progress(outcomes.length)
    }
    await hospital.close()
  }
  await Promise.all(Array.from({ length: COUNTERS }, counter))
  return outcomes
}

/**
 * A patient refused at discharge pays everything and claims manually: the hospital uploads the bill, so that the rate
 * counts it.
 */
async function recordSelfPaid(hospital: Hospital, bill: Bill): Promise<void> {
  const today = dayOf(Date.now() as Instant)
  const { institution, person } = bill
  const area = institution.attributes?.area ?? institution.code.slice(1, 7)
  const stay = `DEMO${Date.now()}${bill.number}`
  const home = person.insurance[0]!.insuplc_admdvs
  const row = [
    stay,
    person.psn_no,
    home,
    area,
    institution.code,
    addDays(today, -bill.days),
    today,
    'U',
    today,
  ]
  const header = 'stay,person,insured_area,treatment_area,institution,admitted,discharged,event,at'
  const file = stringify([header.split(','), row])
  const answer = await hospital.post('/v1/reports/records', file, 'text/csv')
  if (answer.status >= 300) throw new Error(`A self-paid bill was not recorded: ${answer.text}`)
}

/**
 * Waits until the gateway has no open cases. The timeout restarts whenever fewer are left than ever before, since a
 * busy machine is slow.
 *
 * @param patienceMs maximum time without progress
 * @returns the number left at the timeout; -1 if the gateway does not answer
 */
export async function settleDown(
  gateway: string,
  patienceMs: number,
  progress: (left: number) => void,
): Promise<number> {
  let fewest = Number.POSITIVE_INFINITY
  let end = performance.now() + patienceMs
  for (;;) {
    const left = await openCases(gateway)
    if (left === 0) return 0
    if (left !== null && left < fewest) {
      fewest = left
      end = performance.now() + patienceMs
    } else if (performance.now() > end) return left ?? -1
    if (left !== null) progress(left)
    await pause(200)
  }
}

async function openCases(gateway: string): Promise<number | null> {
  try {
    const answer = await fetch(`${gateway}/v1/open-cases?limit=1`)
    return ((await answer.json()) as { total: number }).total
  } catch {
    return null
  }
}

/** Loads the data that a day is drawn from: people of the provinces, shared tables. */
export async function readPeople(provinces: readonly string[]): Promise<World['people']> {
  const pages = await Promise.all(
    provinces.map(async (url) => {
      const answer = await fetch(new URL('/people', url))
      return ((await answer.json()) as { people: World['people'] }).people
    }),
  )
  return pages.flat()
}
