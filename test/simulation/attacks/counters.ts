/** The counters at work: most speak national messages, some plain JSON; they play short bills until they are told to stop. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Hospital } from '../../../src/client/hospital.ts'
import type { MessageSender } from '../../../src/client/message.ts'
import type { World } from '../../../src/demo/bills.ts'
import { playBill } from '../../../src/demo/counter.ts'
import type { Dice } from '../../../src/seeded-random.ts'
import { shortBill } from '../kills/bills.ts'
import { TRANSACTIONS } from '../kills/points.ts'
import type { Line } from './caller.ts'
import type { Money } from './ledger.ts'
import { nationalClient } from './national-client.ts'
import { playOverRest } from './rest-visit.ts'

const NATIONAL_COUNTERS = 8
const REST_COUNTERS = 4
/** Bills that are drawn so that a certain transaction is part of them. */
const WANTED = 0.5

/** The counters. */
export class Counters {
  readonly #line: Line
  readonly #world: World
  readonly #dice: Dice
  #bills = 0
  #stopped = false
  readonly done: Promise<void>

  constructor(line: Line, world: World, dice: Dice) {
    this.#line = line
    this.#world = world
    this.#dice = dice
    const counters = [
      ...Array.from({ length: NATIONAL_COUNTERS }, () => this.#national()),
      ...Array.from({ length: REST_COUNTERS }, () => this.#rest()),
    ]
    this.done = Promise.all(counters).then(() => {})
    this.done.catch(() => {})
  }

  #next() {
    this.#bills += 1
    const dice = this.#dice
    const short = shortBill(
      dice,
      this.#world,
      this.#bills,
      dice.happens(WANTED) ? dice.pick(TRANSACTIONS) : null,
    )
    // What is sent again is drawn at each message.
    return short.bill.twist === 'sent-twice'
      ? { ...short, bill: { ...short.bill, twist: 'none' } as const }
      : short
  }

  async #national(): Promise<void> {
    const { ledger } = this.#line
    const client = nationalClient(this.#line)
    while (!this.#stopped) {
      const { bill, undone } = this.#next()
      const begun = ledger.rows.length
      const { state, cancelled, bill: played } = await playBill(client, bill)
      if (!undone || state !== 'settled' || cancelled) continue
      const own = ledger.rows
        .slice(begun)
        .findLast(({ request, state: of }) => of === 'yes' && isOf(request.body, played.person.psn_no))
      if (own) await reverse(client, own)
    }
  }

  async #rest(): Promise<void> {
    while (!this.#stopped) {
      const { bill } = this.#next()
      // A refusal at the registration takes no time, and money is what is wanted.
      if (!(await playOverRest(this.#line, bill))) await pause(20)
    }
  }

  /** Lets the bills under way end, and no more begin. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#line.gate.letGo()
    await this.done
  }
}

const isOf = (body: string, person: string) => body.includes(`"psn_no":"${person}"`)

/** A hospital's own reversal (2601) of what it was told is settled. */
async function reverse(client: Hospital, { request }: Money): Promise<void> {
  const { transaction, key, institution } = request
  if (transaction !== '2207' && transaction !== '2304') return
  const { mdtrtarea_admvs, insuplc_admdvs, fixmedins_name, input } = JSON.parse(request.body)
  const sender: MessageSender = {
    institution,
    name: fixmedins_name,
    treatmentArea: mdtrtarea_admvs,
    insuredArea: insuplc_admdvs,
  }
  const data = { psn_no: input.data.psn_no, omsgid: key, oinfno: transaction }
  await client.send(sender, '2601', { data })
}
