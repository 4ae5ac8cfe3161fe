/**
 * Orders of mobile payment as a province's settlement centre keeps them: paid once, in states that are not the end for a while,
 * given back whole or leg by leg, half given back for a while, taken back or expired unpaid.
 */
import { type Booked, fenOf, type Json, type Money, NO_MONEY, Refusal, turned } from './book.ts'
import type { Mood } from './mood.ts'
import type { Booking } from './purchases.ts'

/** Transactions that move such money, or decide that none is moved. */
export const ORDERS = ['6202', '6203', '6401']
/** Those that open and show an order. */
export const ORDER_OPENING = '6201'
/** What shows one. */
export const ORDER_QUESTION = '6301'

/** An order that nobody pays ends by itself after so long. */
const EXPIRES_MS = 10 * 60_000
const EXPIRED = '13'

interface Refund {
  readonly kind: string
  readonly legs: Money
  readonly row: Booked
  /** While it is half done: when it comes to its end, and to which state of the order. */
  until: number | null
  readonly ends: '6' | '7'
}

interface Order {
  readonly id: string
  readonly token: string
  readonly input: Json
  readonly visit: string
  readonly expires: number
  state: string
  /** While its payment is under way: when it comes to its end, and to which state. */
  until: number | null
  ends: '6' | '15'
  row: Booked | null
  readonly refunds: Refund[]
}

const text = (fen: number) => (fen / 100).toFixed(2)

/** What a centre keeps. */
export class OrderBook {
  readonly #all: Order[] = []
  readonly #mood: Mood

  constructor(mood: Mood) {
    this.#mood = mood
  }

  get rows(): Booked[] {
    return this.#all.flatMap((order) => {
      this.#upToNow(order)
      return [...(order.row ? [order.row] : []), ...order.refunds.map(({ row }) => row)]
    })
  }

  #upToNow(order: Order): void {
    const now = this.#mood.now()
    if (order.until !== null && order.until <= now) {
      order.state = order.ends
      order.until = null
      order.row!.state = order.ends === '6' ? 'settled' : 'reversed'
    }
    if (order.state === '1' && order.expires <= now) order.state = EXPIRED
    for (const one of order.refunds) {
      if (one.until === null || one.until > now) continue
      one.until = null
      one.row.state = one.ends === '7' ? 'settled' : 'reversed'
      order.state = one.ends
    }
  }

  move(message: Booking): Json {
    const { infno, input } = message
    if (infno === ORDER_OPENING) return this.#open(input.data)
    const order = this.#own(input.data)
    if (infno === '6202') return this.#pay(message, order)
    if (infno === '6203') return this.#refund(message, order)
    if (order.state !== '1') throw new Refusal('E504 该订单已支付、正在支付或已撤销，不能撤销')
    order.state = '12'
    return { data: { success: true } }
  }

  #own({ payOrdId, payToken }: Json): Order {
    const order = this.#all.find(({ id }) => id === payOrdId)
    if (!order) throw new Refusal('E000 未查询到支付订单')
    if (payToken && payToken !== order.token) throw new Refusal('E203 支付token与订单不符')
    this.#upToNow(order)
    return order
  }

  #open(data: Json): Json {
    const { chrgBchno, medfeeSumamt, feedetailList } = data
    const sum = feedetailList.reduce((fen: number, line: Json) => fen + fenOf(line.detItemFeeSumamt), 0)
    if (sum !== fenOf(medfeeSumamt)) throw new Refusal('E503 金额与明细不符')
    if (this.#all.some(({ input }) => input.chrgBchno === chrgBchno))
      throw new Refusal('E504 该收费批次已有支付订单')
    const [id, token, visit] = [this.#mood.next('O'), this.#mood.next('T'), this.#mood.next('V')]
    this.#all.push({
      ...{ id, token, visit, input: data, state: '1', until: null, ends: '6', row: null, refunds: [] },
      expires: this.#mood.now() + EXPIRES_MS,
    })
    return { data: { payOrdId: id, payToken: token, extData: JSON.stringify({ mdtrtId: visit }) } }
  }

  #pay({ infno, msgid, across }: Booking, order: Order): Json {
    if (['2', '3', '4', '5'].includes(order.state)) throw new Refusal('E504 该订单正在支付')
    if (order.state !== '1') throw new Refusal('E504 该订单已支付、已撤销或已失效')
    if (this.#mood.refuses()) throw new Refusal(`E201 证件号码${order.input.idNo}的待遇暂停，请参保地核实`)
    const { dice } = this.#mood
    const total = fenOf(order.input.medfeeSumamt)
    const fund = Math.floor((total * dice.between(30, 90)) / 100)
    const account = dice.between(0, total - fund)
    const cash = total - fund - account
    const lingers = this.#mood.happens('payment lingers', 0.35)
    order.state = lingers ? dice.pick(['3', '4', '5']) : '6'
    order.until = lingers ? this.#mood.now() + dice.between(1_000, 120_000) : null
    if (lingers && dice.chance(0.4)) order.ends = '15'
    const money = { total, fund, person: account + cash, account, cash, hospital: 0 }
    order.row = {
      ...{ infno, msgid, across, setl_id: order.id, mdtrt_id: order.visit, psn_no: order.input.psnNo },
      ...{ ...money, state: lingers ? 'pending' : 'settled', original: null, output: null },
    }
    return { data: { payOrdId: order.id, ordStas: order.state, ...shown(money), extData: '' } }
  }

  #refund({ infno, msgid, input: { data }, across }: Booking, order: Order): Json {
    if (!['6', '8', '9'].includes(order.state)) throw new Refusal('E000 该订单未支付或已退费，不能退费')
    if (order.refunds.some(({ until }) => until !== null)) throw new Refusal('E504 该订单有退费尚未办结')
    const [fund, account, cash] = [data.fundRefdAmt, data.psnAcctRefdAmt, data.cashRefdAmt].map(fenOf) as [
      number,
      number,
      number,
    ]
    const paid = order.row!
    const kind: string = data.refdType
    const isInsurance = fund === paid.fund && account === paid.account
    const fits = {
      ALL: order.state === '6' && isInsurance && cash === paid.cash,
      HI: order.state !== '8' && isInsurance && cash === 0,
      CASH: order.state !== '9' && fund === 0 && account === 0 && cash > 0 && cash === paid.cash,
    }[kind]
    if (!fits) throw new Refusal('E503 退费金额与订单可退金额不符')
    const head = { refdSn: this.#mood.next('R'), hiFefdSn: '', hiTrnsDate: '', hiTrnsTime: '', extData: '' }
    if (this.#mood.happens('refund fails', 0.1)) return { data: { ...head, refStatus: 'FAIL' } }
    const half = kind === 'ALL' && cash > 0 && this.#mood.happens('half a refund', 0.3)
    const { dice } = this.#mood
    const legs = { ...NO_MONEY, total: fund + account + cash, fund, person: account + cash, account, cash }
    const row = {
      ...{ infno, msgid, across, setl_id: head.refdSn, mdtrt_id: order.visit, psn_no: order.input.psnNo },
      ...{ ...turned(legs), state: half ? 'pending' : 'settled', original: order.id, output: null },
    }
    const until = half ? this.#mood.now() + dice.between(1_000, 120_000) : null
    order.refunds.push({ kind, legs, row, until, ends: half && dice.chance(0.4) ? '6' : '7' })
    order.state = half ? '8' : afterwards(order, kind)
    return { data: { ...head, refStatus: half ? 'EXP' : 'SUCC' } }
  }

  /** 6301. */
  shown(data: Json): Json {
    const order = this.#own(data)
    if (data.idNo !== order.input.idNo || data.userName !== order.input.userName)
      throw new Refusal('E203 姓名或证件号码与订单不符')
    const paid = order.row && shown(order.row)
    return { data: { payOrdId: order.id, ordStas: order.state, ...paid, extData: '' } }
  }
}

function shown({ total, fund, account, cash }: Money): Json {
  return { feeSumamt: text(total), ownPayAmt: text(cash), psnAcctPay: text(account), fundPay: text(fund) }
}

/** The state after a refund that was done. */
function afterwards({ state, row }: Order, kind: string): string {
  if (kind === 'ALL' || state !== '6') return '7'
  if (kind === 'HI') return row!.cash === 0 ? '7' : '8'
  return row!.fund + row!.account === 0 ? '7' : '9'
}
