/** Plays one visit: its messages one after another, as a counter sends them. It ends where a step is not a yes. */
import { setTimeout as pause } from 'node:timers/promises'
import { sumOfSplits } from '../../src/client/bill.ts'
import type { Fields } from '../../src/client/message.ts'
import {
  admission,
  discharge,
  type LineOfVisit,
  outpatientBill,
  outpatientLines,
  personQuestion,
  registration,
  stayBill,
  stayLines,
  type VisitOf,
  visitDetails,
} from '../../src/client/visit.ts'
import { lineOf, shanghaiNow, visitOf } from '../messages.ts'
import type { Outcome } from './answers.ts'
import type { PlannedVisit } from './plan.ts'
import type { Send } from './sender.ts'

/** How a visit ended. */
export interface VisitEnd {
  readonly visit: PlannedVisit
  /** What its last step was answered. */
  readonly outcome: Outcome
  /** Milliseconds in which nobody waited for an answer. */
  readonly pausedMs: number
  /** Whether a settlement of it was answered with a yes; one that was cancelled afterwards counts. */
  readonly isSettled: boolean
}

/** Settlements to ask for again: those of the last visits. */
interface Recent {
  readonly visit: PlannedVisit
  readonly encounter: string
  readonly settlement: string
}

/** Carries the end of a visit out of its steps. */
class Ended extends Error {
  readonly outcome: Outcome

  constructor(outcome: Outcome) {
    super(outcome)
    this.outcome = outcome
  }
}

const UPLOAD_LINES_MAX = 100
/** The hospital's own items; all of them lead to one national code. */
const ITEMS = Array.from({ length: 12 }, (_, index) => `Y${String(index + 1).padStart(4, '0')}`)
const SETTLEMENTS: ReadonlySet<string> = new Set(['2207', '2304'])
const RECENT_MAX = 500
const run = Date.now().toString(36).toUpperCase()

/** Plays visits over `send`; `elapsed` tells when the next step of a visit could leave. */
export class Player {
  readonly #send: Send
  readonly #elapsed: () => number
  readonly #recent: Recent[] = []

  constructor(send: Send, elapsed: () => number) {
    this.#send = send
    this.#elapsed = elapsed
  }

  /** Never throws for what the gateway answers. */
  async play(visit: PlannedVisit): Promise<VisitEnd> {
    // The first message was due when the visit was; the others when the answer before them was there.
    let dueMs: number | null = visit.dueMs
    let isSettled = false
    let pausedMs = 0
    const step = async (infno: string, input: Fields): Promise<Fields> => {
      if (SETTLEMENTS.has(infno) && pausedMs === 0) {
        pausedMs = visit.pauseMs
        dueMs = this.#elapsed() + pausedMs
        await pause(pausedMs)
      }
      const { output, outcome } = await this.#send(visit, infno, input, dueMs ?? this.#elapsed())
      dueMs = null
      if (!output) throw new Ended(outcome)
      isSettled ||= SETTLEMENTS.has(infno)
      return output
    }
    try {
      await step('1101', personQuestion(partsOf(visit).patient))
      if (visit.kind === 'question') await this.#ask(visit, step)
      else if (visit.kind === 'inpatient') await this.#stay(visit, step)
      else await this.#outpatient(visit, step)
      return { visit, outcome: 'yes', pausedMs, isSettled }
    } catch (cause) {
      if (!(cause instanceof Ended)) throw cause
      return { visit, outcome: cause.outcome, pausedMs, isSettled }
    }
  }

  /** A question about a settlement of another visit where there is one, else about the person's visits. */
  async #ask(visit: PlannedVisit, step: Step): Promise<void> {
    const recent = this.#recent[visit.number % Math.max(1, this.#recent.length)]
    if (!recent) {
      const day = shanghaiNow().slice(0, 10)
      const window = { begntime: `${day} 00:00:00`, endtime: `${day} 23:59:59` }
      await step('5201', { data: { psn_no: visit.person.psn_no, med_type: '11', mdtrt_id: '', ...window } })
      return
    }
    // Asked as the hospital of that visit, of its own person.
    const { psn_no } = recent.visit.person
    const data = { psn_no, setl_id: recent.settlement, mdtrt_id: recent.encounter }
    const { outcome } = await this.#send(recent.visit, '5203', { data }, this.#elapsed())
    if (outcome !== 'yes') throw new Ended(outcome)
  }

  async #outpatient(visit: PlannedVisit, step: Step): Promise<void> {
    const of = partsOf(visit)
    const registered = await step('2201', registration(of))
    const mdtrt_id = String((registered.data as Fields).mdtrt_id)
    await step('2203', visitDetails(of, mdtrt_id))
    const { result } = await step('2204', outpatientLines(of, mdtrt_id, linesOf(visit)))
    const bill = outpatientBill(of, mdtrt_id, sumOfSplits(result))
    await step('2206', bill)
    await this.#settle(visit, step, { settle: '2207', cancel: '2208' }, bill.data as Fields)
  }

  async #stay(visit: PlannedVisit, step: Step): Promise<void> {
    const of = partsOf(visit)
    const admitted = await step('2401', admission(of))
    const mdtrt_id = String((admitted.result as Fields).mdtrt_id)
    const lines = linesOf(visit)
    const rows: Fields[] = []
    for (let from = 0; from < lines.length; from += UPLOAD_LINES_MAX) {
      const some = lines.slice(from, from + UPLOAD_LINES_MAX)
      const { result } = await step('2301', stayLines(of, mdtrt_id, some, from))
      rows.push(...(result as readonly Fields[]))
    }
    const sums = sumOfSplits(rows)
    await step('2303', stayBill(of, mdtrt_id, sums, of.at.slice(0, 10)))
    await step('2402', discharge(of, mdtrt_id, shanghaiNow()))
    const { data } = stayBill(of, mdtrt_id, sums, shanghaiNow())
    await this.#settle(visit, step, { settle: '2304', cancel: '2305' }, data as Fields)
  }

  async #settle(
    visit: PlannedVisit,
    step: Step,
    by: { readonly settle: string; readonly cancel: string },
    data: Fields,
  ): Promise<void> {
    const settled = await step(by.settle, { data })
    const encounter = String(data.mdtrt_id)
    const settlement = String((settled.setlinfo as Fields).setl_id)
    if (visit.isCancelled) {
      await step(by.cancel, { data: { setl_id: settlement, mdtrt_id: encounter, psn_no: data.psn_no } })
      if (visit.isSettledAnew) await step(by.settle, { data })
      return
    }
    this.#recent.push({ visit, encounter, settlement })
    if (this.#recent.length > RECENT_MAX) this.#recent.shift()
  }
}

type Step = (infno: string, input: Fields) => Promise<Fields>

function partsOf({ person, number, kind }: PlannedVisit): VisitOf {
  return visitOf(person, `LK${run}${number}`, kind === 'inpatient' ? '21' : '11')
}

function linesOf({ lines }: PlannedVisit): LineOfVisit[] {
  return lines.map((fen, index) => lineOf(ITEMS[index % ITEMS.length]!, fen))
}
