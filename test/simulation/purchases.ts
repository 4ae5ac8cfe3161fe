/**
 * Purchases out of area: how a pharmacy orders, asks, cancels, gives back and reverses, and what a province keeps of it. The person
 * pays later, on the phone, and no message tells it: only a question shows it.
 */
import { type Buyer, purchaseOrder, reversedOrder, undoneOrder } from '../../src/client/purchase-order.ts'
import { dayOf } from '../../src/domain/day.ts'
import { type Booked, fenOf, type Json, NO_MONEY, Refusal, turned, yuan } from './book.ts'
import { type Clear, type Counter, persist } from './counter.ts'
import type { Mood } from './mood.ts'
import type { Form, Person, Sent } from './sent.ts'

/** Transactions that move such money, or may. */
export const PURCHASES = ['2166', '2163', '2167', '2181']
/** Transactions that show them. */
export const PURCHASE_QUESTIONS = ['2170', '2171']

interface Purchase {
  readonly number: string
  readonly input: Json
  readonly row: Booked
  state: 'pushed' | 'paid' | 'cancelled' | 'refunded' | 'reversed'
  /** When the person pays; null: never. */
  readonly payAt: number | null
}

/** A message as far as a book needs it. */
export interface Booking {
  readonly infno: string
  readonly msgid: string
  readonly input: Json
  readonly across: boolean
}

/** What a province keeps of purchases. */
export class PurchaseBook {
  readonly #all: Purchase[] = []
  readonly #undoings: { row: Booked; of: Purchase }[] = []
  readonly #mood: Mood

  constructor(mood: Mood) {
    this.#mood = mood
  }

  get rows(): Booked[] {
    this.#pay()
    return [...this.#all.map(({ row }) => row), ...this.#undoings.map(({ row }) => row)]
  }

  /** Whoever answers the phone has paid by now. */
  #pay(): void {
    for (const one of this.#all) {
      if (one.state !== 'pushed' || one.payAt === null || one.payAt > this.#mood.now()) continue
      const total = fenOf(one.input.medfee_sumamt)
      const account = Math.floor(total / 3)
      Object.assign(one.row, { total, person: total, account, cash: total - account })
      one.state = 'paid'
    }
  }

  move(message: Booking): Json {
    this.#pay()
    if (message.infno === '2166') return this.#order(message)
    const { input } = message
    const own = this.#all.find(
      ({ number, input: { fixmedins_code } }) =>
        number === input.mdtrt_regno && fixmedins_code === input.fixmedins_code,
    )
    if (!own) throw new Refusal('E000 未查询到本机构的购药订单')
    if (message.infno === '2167') return this.#cancel(message, own)
    return message.infno === '2163' ? this.#refund(message, own) : this.#reverse(input.status, own)
  }

  #order({ infno, msgid, input, across }: Booking): Json {
    const { mdtrtsn, fixmedins_code, medfee_sumamt, feedetl, psn_no } = input
    if (this.#mood.refuses()) throw new Refusal(`E201 证件号码${input.ssn}的待遇暂停，请参保地核实`)
    const isUsed = this.#all.some(
      ({ input: other }) => other.mdtrtsn === mdtrtsn && other.fixmedins_code === fixmedins_code,
    )
    if (isUsed) throw new Refusal('E504 就诊顺序号已使用')
    const sum = feedetl.reduce((fen: number, line: Json) => fen + fenOf(line.amt), 0)
    if (sum !== fenOf(medfee_sumamt)) throw new Refusal('E503 金额与明细不符')
    const { dice } = this.#mood
    const number = this.#mood.next('Y')
    const payAt = dice.chance(0.7) ? this.#mood.now() + dice.between(500, 60_000) : null
    this.#all.push({
      ...{ number, input, state: 'pushed', payAt },
      row: booked(infno, msgid, number, psn_no, across),
    })
    return { mdtrt_regno: number, prmmsg: '订单已推送', push_flag: '1' }
  }

  #undo({ infno, msgid, across }: Booking, of: Purchase, money: Partial<Booked>): void {
    const row = booked(infno, msgid, of.number, of.input.psn_no, across)
    this.#undoings.push({ of, row: { ...row, ...money, original: of.number } })
  }

  #cancel(message: Booking, own: Purchase): null {
    if (own.state === 'paid') throw new Refusal('E504 参保人已付款，不能取消订单')
    if (own.state !== 'pushed') throw new Refusal('E504 订单已取消或已退费')
    own.state = 'cancelled'
    this.#undo(message, own, {})
    return null
  }

  #refund(message: Booking, own: Purchase): Json {
    if (own.state === 'pushed') throw new Refusal('E000 参保人尚未付款，请办理取消订单')
    if (own.state !== 'paid') throw new Refusal('E504 该笔购药已退费或已冲正')
    own.state = 'refunded'
    const back = turned(own.row)
    this.#undo(message, own, back)
    return { ...shownMoney(back), certno: own.input.ssn, psn_name: own.input.psn_name }
  }

  #reverse(status: string, own: Purchase): null {
    if (status === '2163') {
      if (own.state === 'paid') return null
      const refund = this.#undoings.find(({ of, row }) => of === own && row.infno === '2163')
      if (own.state !== 'refunded' || !refund) throw new Refusal('E000 该笔购药没有退费')
      refund.row.state = 'reversed'
      own.state = 'paid'
      return null
    }
    if (own.state === 'cancelled' || own.state === 'refunded')
      throw new Refusal('E504 该笔购药已取消或已退费，不能冲正')
    own.state = 'reversed'
    own.row.state = 'reversed'
    return null
  }

  /** 2170 what waits for the person, 2171 what is paid or given back. */
  shown(
    infno: string,
    { ssn, fixmedins_code, mdtrt_regno = '', start_date = '', end_date = '' }: Json,
  ): Json {
    this.#pay()
    const rows = this.#all
      .filter(
        ({ input, number }) =>
          input.ssn === ssn &&
          input.fixmedins_code === fixmedins_code &&
          (mdtrt_regno === '' || mdtrt_regno === number) &&
          (start_date === '' || (input.dscg_date >= start_date && input.dscg_date <= end_date)),
      )
      .flatMap(({ number, input, state, row }): Json[] => {
        const about = { mdtrt_regno: number, fixmedins_code, certno: ssn, ssn }
        if (infno === '2170')
          return state === 'pushed'
            ? [{ ...about, medfee_sumamt: input.medfee_sumamt, dscg_date: input.dscg_date }]
            : []
        if (state !== 'paid' && state !== 'refunded') return []
        return [{ ...about, ...shownMoney(state === 'paid' ? row : turned(row)) }]
      })
    return rows.length > 1 ? rows : (rows[0] ?? null)
  }
}

function booked(infno: string, msgid: string, number: string, psn_no: string, across: boolean): Booked {
  const ids = { setl_id: number, mdtrt_id: number, original: null, output: null }
  return { infno, msgid, psn_no, across, state: 'settled', ...NO_MONEY, ...ids }
}

const shownMoney = ({ total, account, cash }: { total: number; account: number; cash: number }) => ({
  medfee_sumamt: yuan(total),
  acct_payamt: yuan(account),
  psn_cashpay: yuan(cash),
})

/** One purchase at the pharmacy. */
interface Sale {
  readonly counter: Counter
  readonly form: Form
  readonly person: Person
  readonly buyer: Buyer
  readonly number: string
  readonly ordered: Clear
}

const INSTITUTION = { name: '合肥百姓大药房（虚构）' }
const NIGHT_MS = 24 * 3600 * 1000

function buyerOf({ psn_no, document, area }: Person): Buyer {
  const who = { psn_name: '虚构人员', gend: '1', brdy: '1960-01-01', psn_type: '11', insutype: '310' }
  return { psn_no, ssn: document, ...who, insuredArea: area }
}

/** Somebody who buys out of area, once or more. @param pharmacy its code and area */
export async function buyerAbroad(
  counter: Counter,
  form: Form,
  person: Person,
  pharmacy: { readonly code: string; readonly area: string },
): Promise<void> {
  const { timeline, dice } = counter
  const buyer = buyerOf(person)
  const count = dice.between(1, 3)
  for (let index = 0; index < count; index += 1) {
    await timeline.sleep(dice.between(0, 12_000))
    const [price, day] = [dice.between(1, 90_000) / 100, dayOf(timeline.now())]
    const make = (attempt: number): Sent => {
      const number = `SN${person.psn_no.slice(-2)}${index}${attempt}`
      const line = { item: 'Y0001', price, count: 1, sum: price }
      const sale = { institution: pharmacy.code, area: pharmacy.area, ...INSTITUTION, number, total: price }
      const input = purchaseOrder(buyer, { ...sale, at: `${day} 08:00:00`, lines: [line] })
      return form.only!.say('2166', input, person)
    }
    const ordered = await persist(counter, form, make, person)
    if (!ordered) continue
    const number = JSON.parse(ordered.answer.body.toString()).output.mdtrt_regno
    await wayOf({ counter, form, person, buyer, number, ordered })
  }
}

/** Cancels, gives back, reverses or leaves as it is, having asked or not. */
async function wayOf(sale: Sale): Promise<void> {
  const { counter } = sale
  const { dice, timeline } = counter
  const isAsked = dice.chance(0.7)
  if (!isAsked) await timeline.sleep(dice.between(0, 90_000))
  const shown = isAsked && (await looksFor(sale))
  const way = dice.next()
  if (way < 0.1) await undone(sale, '2181', '2163')
  else if (way < 0.45 && (await undone(sale, shown || dice.chance(0.5) ? '2163' : '2167'))) return
  else if (way < 0.6 && (await undone(sale, '2181', '2166'))) return
  // The person may have paid, or have the order on the phone still: in the end it is known which.
  for (let tries = 0; tries < TRIES; tries += 1) {
    await timeline.sleep(tries === 0 && dice.chance(0.3) ? NIGHT_MS : 120_000)
    if ((await looksFor(sale)) || (await undone(sale, '2167'))) return
  }
}

const TRIES = 4

/** Asks a few times. @returns whether a payment or a refund was shown */
async function looksFor({ counter, form, person, buyer, number }: Sale): Promise<boolean> {
  const { dice, timeline } = counter
  const input = { fixmedins_code: form.institution, mdtrt_regno: number, ssn: buyer.ssn, out_type: '2' }
  for (let asks = 0; asks < 3; asks += 1) {
    const answer = await counter.call(form.only!.say('2171', input, person))
    if (answer?.problem === null && JSON.parse(answer.body.toString()).output) return true
    await timeline.sleep(dice.between(1_000, 20_000))
  }
  return false
}

/** 2163 gives back, 2167 cancels, 2181 reverses. @param status what is reversed @returns whether it was done */
async function undone(sale: Sale, infno: string, status?: '2166' | '2163'): Promise<boolean> {
  const { counter, form, person, buyer, number, ordered } = sale
  const undoes = status === '2166' ? { infno: status, msgid: ordered.sent.msgid } : null
  const input = status
    ? reversedOrder(buyer, form.institution, number, status)
    : undoneOrder(form.institution, number)
  const make = () => form.only!.say(infno, input, person, { order: number, undoes })
  return (await persist(counter, form, make)) !== null
}
