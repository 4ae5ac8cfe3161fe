/** A counter of a load run: outpatient visits over the national interface, one after another, timed message by message. */
import { Pool } from 'undici'
import { sumOfSplits } from '../src/client/bill.ts'
import { ENDPOINT, type Fields } from '../src/client/message.ts'
import { outpatientBill, outpatientLines, registration } from '../src/client/visit.ts'
import type { Heard } from './gate.ts'
import { envelope, HOSPITALS, type Hospital, lineOf, MONEY, visitOf } from './messages.ts'
import type { Insured } from './parties.ts'

/** Share of settlements that are cancelled again. */
const CANCELLED_SHARE = 0.2
const LINES = 3

/** What one counter has sent, heard and timed. */
export interface Shift {
  readonly heard: Heard
  /** Milliseconds by transaction, in the order in which they were sent. */
  readonly times: Readonly<Record<string, readonly number[]>>
}

/** A visit as it goes on: who, where, and how to send its next message. */
interface Visit {
  readonly person: Insured
  readonly number: string
  /** The output of a yes, null for everything else. */
  send(infno: string, input: Fields): Promise<Fields | null>
}

let serial = 0

/**
 * Works until `running` says no. Every message is sent once: a load run makes no faults of its own.
 *
 * @param due resolves when the next visit is to begin; absent: at once
 */
export async function workCounter(
  gateway: string,
  people: readonly Insured[],
  running: () => boolean,
  due: () => Promise<void> | void = () => {},
): Promise<Shift> {
  const pool = new Pool(gateway, { connections: 1, pipelining: 1 })
  const times: Record<string, number[]> = {}
  const heard = { sent: 0, yes: 0 }

  async function call(hospital: Hospital, insuredArea: string, infno: string, input: Fields) {
    const body = JSON.stringify(envelope(hospital, insuredArea, infno, input))
    const headers = { 'content-type': 'application/json' }
    const started = performance.now()
    const answer = await pool.request({ method: 'POST', path: ENDPOINT, headers, body })
    const { infcode, output } = (await answer.body.json()) as Fields
    times[infno] ??= []
    times[infno].push(performance.now() - started)
    const yes = Number(infcode) === 0
    if (MONEY.has(infno)) heard.sent += 1
    if (MONEY.has(infno) && yes) heard.yes += 1
    return yes ? ((output ?? {}) as Fields) : null
  }

  try {
    for (await due(); running(); await due()) {
      const person = pick(people)
      const home = person.insurance[0]!.insuplc_admdvs
      const hospital = HOSPITALS.find(({ area }) => area.slice(0, 4) === home.slice(0, 4)) ?? pick(HOSPITALS)
      serial += 1
      const number = `LT${Date.now().toString(36)}${serial}`
      await visit({ person, number, send: (infno, input) => call(hospital, home, infno, input) })
    }
  } finally {
    await pool.close()
  }
  return { heard, times }
}

function pick<Item>(items: readonly Item[]): Item {
  return items[Math.floor(Math.random() * items.length)]!
}

/** Registered, billed, settled, now and then cancelled. Ends where a step is refused. */
async function visit({ person, number, send }: Visit): Promise<void> {
  const of = visitOf(person, number, '11')
  const registered = await send('2201', registration(of))
  const encounter = (registered?.data as Fields | undefined)?.mdtrt_id
  if (!encounter) return
  const mdtrt_id = String(encounter)
  const lines = Array.from({ length: LINES }, (_, index) => lineOf(`Y000${index + 1}`, 1000 + index))
  const split = await send('2204', outpatientLines(of, mdtrt_id, lines))
  if (!split) return
  const settled = await send('2207', outpatientBill(of, mdtrt_id, sumOfSplits(split.result)))
  if (!settled || Math.random() >= CANCELLED_SHARE) return
  const { setl_id } = settled.setlinfo as Fields
  await send('2208', { data: { setl_id, mdtrt_id, psn_no: person.psn_no } })
}
