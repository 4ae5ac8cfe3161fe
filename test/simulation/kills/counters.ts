/** The counters of hospitals: they send bills until told to stop, note what they were told, and can be held. */
import { setTimeout as pause } from 'node:timers/promises'
import type { HospitalAnswer } from '../../../src/client/answer.ts'
import { type Hospital, openHospital } from '../../../src/client/hospital.ts'
import type { MessageSender } from '../../../src/client/message.ts'
import { playBill } from '../../../src/demo/counter.ts'
import type { Short } from './bills.ts'
import { TRANSACTIONS } from './points.ts'

const COUNTERS = 6

/** What a hospital heard a yes to: a transaction, and the settlement that it made, cancelled or reversed. */
export interface Told {
  readonly transaction: string
  readonly settlement: string
}

/** The last settlement of a counter, by the answer to it. */
interface Settled {
  readonly sender: MessageSender
  readonly transaction: string
  readonly person: string
  readonly message: string
  readonly settlement: string
}

type Fields = Readonly<Record<string, unknown>>

const isMoney = (transaction: string) => TRANSACTIONS.some((one) => one === transaction)
const settles = (transaction: string) => transaction === '2207' || transaction === '2304'

/** The counters. */
export class Counters {
  readonly told: Told[] = []
  /** Messages of settlements whose reversal a hospital has asked for, and their settlements. */
  readonly reversing = new Map<string, string>()
  bills = 0
  #inFlight = 0
  #held: Promise<void> | null = null
  #letGo = () => {}
  #stopped = false
  readonly #done: Promise<unknown>

  /**
   * @param draw the next bill
   * @param billsMax after which they stop by themselves
   */
  constructor(url: string, draw: (number: number) => Short, billsMax = Number.POSITIVE_INFINITY) {
    const counter = async () => {
      let last: Settled | null = null
      const hospital = this.#listen(openHospital(url), (settled) => {
        last = settled
      })
      while (!this.#stopped && this.bills < billsMax) {
        this.bills += 1
        const { bill, undone } = draw(this.bills)
        last = null
        const { state, cancelled } = await playBill(hospital, bill)
        if (undone && last && state === 'settled' && !cancelled) await this.#reverse(hospital, last)
      }
      await hospital.close()
    }
    this.#done = Promise.all(Array.from({ length: COUNTERS }, counter))
  }

  async #reverse(hospital: Hospital, { sender, transaction, person, message, settlement }: Settled) {
    this.reversing.set(message, settlement)
    const data = { psn_no: person, omsgid: message, oinfno: transaction }
    const heard = await hospital.send(sender, '2601', { data })
    if (heard.is === 'yes') this.told.push({ transaction: '2601', settlement })
  }

  #listen(hospital: Hospital, settled: (last: Settled) => void): Hospital {
    const counted = async <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
      while (this.#held) await this.#held
      this.#inFlight += 1
      try {
        return await act()
      } finally {
        this.#inFlight -= 1
      }
    }
    const note = (sender: MessageSender, transaction: string, input: Fields, heard: HospitalAnswer) => {
      if (heard.is !== 'yes' || !isMoney(transaction) || transaction === '2601') return
      const row = (heard.output.setlinfo ?? {}) as Fields
      const data = input.data as Fields
      const settlement = String(settles(transaction) ? row.setl_id : data.setl_id)
      this.told.push({ transaction, settlement })
      const person = String(data.psn_no)
      const message = String(row.medins_setl_id ?? '')
      if (settles(transaction) && message) settled({ sender, transaction, person, message, settlement })
    }
    return {
      ...hospital,
      again: () => counted(() => hospital.again()),
      send: async (sender, transaction, input) => {
        const heard = await counted(() => hospital.send(sender, transaction, input))
        note(sender, transaction, input as Fields, heard)
        return heard
      },
    }
  }

  /** Holds what has not been sent, and waits until nothing is on its way. @returns whether that was in time */
  async hold(limitMs: number): Promise<boolean> {
    this.#held ??= new Promise((resolve) => {
      this.#letGo = resolve
    })
    const end = Date.now() + limitMs
    while (this.#inFlight > 0 && Date.now() < end) await pause(5)
    return this.#inFlight === 0
  }

  letGo(): void {
    this.#held = null
    this.#letGo()
  }

  /** Resolves when all bills are played. */
  async finish(): Promise<void> {
    await this.#done
  }

  /** Lets the bills under way end, and no more begin. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.letGo()
    await this.#done
  }
}
