/**
 * A province, as small as it can be and keep books: money is booked under the message id, the same message gets the same
 * bytes, a reversal buries a message so that a late one is refused. A stay is admitted, charged, discharged and settled in
 * this order and each once.
 */
import type { PlatformBook } from '../../src/ledger/reconciliation.ts'
import {
  answer,
  type Booked,
  fenOf,
  type Json,
  type Money,
  NOT_DISCHARGED,
  newVisit,
  Refusal,
  shownMoney,
  turned,
  type Visit,
  WITHDRAWS,
} from './book.ts'
import type { Dice } from './dice.ts'
import { GOODS, GOODS_QUESTIONS, GoodsBook } from './goods.ts'
import type { Mood } from './mood.ts'
import { ORDER_OPENING, ORDER_QUESTION, ORDERS, OrderBook } from './orders.ts'
import { type Booking, PURCHASE_QUESTIONS, PURCHASES, PurchaseBook } from './purchases.ts'

const SHOWING = [...GOODS_QUESTIONS, ...PURCHASE_QUESTIONS, ORDER_QUESTION]

/** A province: the only one that calculates. */
export class Province {
  readonly rows: Booked[] = []
  readonly visits = new Map<string, Visit>()
  readonly goods = new GoodsBook()
  readonly purchases: PurchaseBook
  readonly orders: OrderBook
  readonly #answers = new Map<string, { digest: string; body: string }>()
  readonly #buried = new Set<string>()
  readonly #code: string
  readonly #dice: Dice
  readonly #refuses: () => boolean
  #serial = 0

  constructor(code: string, dice: Dice, around: Pick<Mood, 'now' | 'refuses' | 'happens'>) {
    this.#code = code
    this.#dice = dice
    this.#refuses = around.refuses
    const mood: Mood = { ...around, dice, next: (letter) => this.#next(letter) }
    this.purchases = new PurchaseBook(mood)
    this.orders = new OrderBook(mood)
  }

  /** Answers a message, whole or not at all. */
  receive(bytes: string): string {
    const message = JSON.parse(bytes)
    const { infno, msgid, input, insuplc_admdvs, mdtrtarea_admvs } = message
    const across = insuplc_admdvs.slice(0, 2) !== mdtrtarea_admvs.slice(0, 2)
    const key = `${infno} ${msgid}`
    if (this.#buried.has(key)) return answer(-1, null, 'E504 该报文已冲正')
    const digest = JSON.stringify(input)
    const known = this.#answers.get(key)
    if (known) return known.digest === digest ? known.body : answer(-1, null, 'E504 报文ID已用于他文')
    const asks = infno === '1101' || infno.startsWith('5') || SHOWING.includes(infno)
    try {
      const body = answer(0, this.#ordered({ infno, msgid, input, across }))
      if (!asks) this.#answers.set(key, { digest, body })
      return body
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause
      const body = answer(-1, null, cause.message)
      // A no stays a no when a doubled packet brings the same message again.
      if (!asks && infno !== '2601') this.#answers.set(key, { digest, body })
      return body
    }
  }

  standing(encounter: string): Booked[] {
    return this.rows.filter(
      (row) =>
        row.mdtrt_id === encounter &&
        row.original === null &&
        row.state === 'settled' &&
        !this.#cancelled(row),
    )
  }

  book(): PlatformBook {
    return { platform: this.#code, settlements: [...this.rows, ...this.laterPaid()] }
  }

  /** Money of purchases out of area and of mobile payment. */
  laterPaid(): Booked[] {
    return [...this.purchases.rows, ...this.orders.rows]
  }

  #cancelled(row: Booked): boolean {
    return this.rows.some((other) => other.original === row.setl_id && other.state === 'settled')
  }

  #next(letter: string): string {
    this.#serial += 1
    return `${this.#code}${letter}${String(this.#serial).padStart(6, '0')}`
  }

  #visit(id: string): Visit {
    const visit = this.visits.get(id)
    if (!visit || visit.state === 'reversed') throw new Refusal('E000 未查询到就诊信息')
    return visit
  }

  #ordered(message: Booking): Json {
    const { infno, msgid, input } = message
    if (PURCHASES.includes(infno)) return this.purchases.move(message)
    if (PURCHASE_QUESTIONS.includes(infno)) return this.purchases.shown(infno, input)
    if (ORDERS.includes(infno) || infno === ORDER_OPENING) return this.orders.move(message)
    if (infno === ORDER_QUESTION) return this.orders.shown(input.data)
    return this.#carryOut(infno, msgid, input)
  }

  #carryOut(infno: string, msgid: string, input: Json): Json {
    if (GOODS.includes(infno)) return this.goods.move(infno, input)
    if (GOODS_QUESTIONS.includes(infno)) return this.goods.shown(infno, input.data)
    const node = input.data ?? input.mdtrtinfo ?? input.dscginfo ?? input.druginfo
    // Some platforms repeat the identity number in what they say.
    if (['2102', '2201', '2207', '2304', '2401'].includes(infno) && this.#refuses()) {
      throw new Refusal(`E201 证件号码${node.mdtrt_cert_no}的待遇暂停，请参保地核实`)
    }
    switch (infno) {
      case '1101':
        return { baseinfo: { psn_no: '', certno: node.mdtrt_cert_no }, insuinfo: [], idetinfo: [] }
      case '2201':
        return { data: this.#open(msgid, node, node.ipt_otp_no, false) }
      case '2401':
        return { result: this.#open(msgid, node, node.ipt_no, true) }
      case '2204':
      case '2301':
        return this.#upload(input.feedetail)
      case '2205':
        return this.#withdraw(node.mdtrt_id, (line) => line.batch === node.chrg_bchno)
      case '2302':
        for (const { mdtrt_id, feedetl_sn } of node) {
          this.#visit(mdtrt_id).withdrawn.add(feedetl_sn)
          this.#withdraw(mdtrt_id, (_line, serial) => serial === feedetl_sn)
        }
        return null
      case '2402':
        return this.#discharge(this.#visit(node.mdtrt_id))
      case '2405':
        return this.#readmit(this.#visit(node.mdtrt_id))
      case '2207':
      case '2304':
        return this.#settle(msgid, infno, node)
      case '2102':
        return this.#buy(msgid, input)
      case '2103':
      case '2208':
      case '2305':
        return this.#cancel(msgid, infno, node)
      case '2601':
        return this.#reverse(node)
      case '5201':
        return {
          mdtrtinfo: [...this.visits.values()].filter(
            (visit) => visit.psn_no === node.psn_no && visit.state !== 'reversed',
          ),
        }
      case '5202':
        return { diseinfo: [], mdtrt_id: this.#visit(node.mdtrt_id).mdtrt_id }
      case '5203':
        return this.#shown(node.mdtrt_id)
      default:
        throw new Refusal('E000 不支持的交易')
    }
  }

  #open(msgid: string, { psn_no, begntime }: Json, ipt_otp_no: string, stay: boolean): Json {
    const mdtrt_id = this.#next('V')
    this.visits.set(mdtrt_id, newVisit({ mdtrt_id, psn_no, ipt_otp_no, begntime, stay, msgid }))
    return { mdtrt_id, psn_no, ipt_otp_no }
  }

  #upload(feedetail: Json[]): Json {
    const visit = this.#visit(feedetail[0].mdtrt_id)
    if (visit.state === 'discharged') throw new Refusal('E504 已出院，不能再上传费用')
    for (const line of feedetail) {
      const serial = line.feedetl_sn
      if (visit.lines.has(serial) || visit.withdrawn.has(serial)) throw new Refusal('E503 明细重复')
      visit.lines.set(serial, { batch: line.chrg_bchno ?? '', fen: fenOf(line.det_item_fee_sumamt) })
    }
    const split = { fulamt_ownpay_amt: 0, overlmt_amt: 0, preselfpay_amt: 0 }
    return {
      result: feedetail.map(({ feedetl_sn, det_item_fee_sumamt }) => ({
        feedetl_sn,
        det_item_fee_sumamt,
        ...split,
        inscp_scp_amt: det_item_fee_sumamt,
      })),
    }
  }

  #withdraw(encounter: string, which: (line: { batch: string }, serial: string) => boolean): null {
    const { lines } = this.#visit(encounter)
    for (const [serial, line] of lines) if (which(line, serial)) lines.delete(serial)
    return null
  }

  #discharge(visit: Visit): null {
    if (!visit.stay || visit.state === 'discharged') throw new Refusal('E504 已出院')
    visit.state = 'discharged'
    return null
  }

  #readmit(visit: Visit): null {
    if (visit.state !== 'discharged') throw new Refusal('E504 未出院')
    if (this.standing(visit.mdtrt_id).some((row) => !row.midway))
      throw new Refusal('E504 已结算，不能撤销出院')
    visit.state = 'open'
    return null
  }

  #settle(msgid: string, infno: string, data: Json): Json {
    const visit = this.#visit(data.mdtrt_id)
    const stay = infno === '2304'
    if (stay !== visit.stay) throw new Refusal('E504 就诊类别不符')
    const midway = stay && data.mid_setl_flag === '1'
    if (stay && (visit.state === 'discharged') === midway)
      throw new Refusal(midway ? 'E504 已出院，不能中途结算' : `E504 ${NOT_DISCHARGED}`)
    const total = fenOf(data.medfee_sumamt)
    const standing = this.standing(visit.mdtrt_id)
    const isTaken = ({ part }: { part?: string }) => standing.some(({ setl_id }) => setl_id === part)
    const lines = [...visit.lines.values()].filter((line) =>
      stay ? !isTaken(line) : line.batch === data.chrg_bchno,
    )
    if (lines.reduce((sum, line) => sum + line.fen, 0) !== total) throw new Refusal('E503 金额与明细不符')
    if (lines.length === 0 || standing.some((row) => !row.midway)) throw new Refusal('E504 该就诊已结算')
    const output = this.#book(msgid, infno, visit, this.#shares(total), null, midway)
    for (const line of lines) if (midway) line.part = output.setlinfo.setl_id
    return output
  }

  /** A purchase opens its visit, and charges and settles it. */
  #buy(msgid: string, { druginfo, drugdetail }: Json): Json {
    const { psn_no, begntime } = druginfo
    const total = fenOf(druginfo.medfee_sumamt)
    if (drugdetail.reduce((sum: number, line: Json) => sum + fenOf(line.det_item_fee_sumamt), 0) !== total)
      throw new Refusal('E503 金额与明细不符')
    const mdtrt_id = this.#next('V')
    const visit = newVisit({ mdtrt_id, psn_no, ipt_otp_no: '', begntime, stay: false, msgid })
    this.visits.set(mdtrt_id, visit)
    return this.#book(msgid, '2102', visit, this.#shares(total), null)
  }

  #shares(total: number): Money {
    const fund = Math.floor((total * this.#dice.between(30, 90)) / 100)
    const hospital = this.#dice.between(0, Math.min(50, total - fund))
    const person = total - fund - hospital
    const account = this.#dice.between(0, person)
    return { total, fund, person, account, cash: person - account, hospital }
  }

  #cancel(msgid: string, infno: string, data: Json): Json {
    const row = this.rows.find((each) => each.setl_id === data.setl_id && each.original === null)
    if (row?.state !== 'settled' || row.mdtrt_id !== data.mdtrt_id) throw new Refusal('E000 未查询到结算')
    if (WITHDRAWS[infno] !== row.infno) throw new Refusal('E504 就诊类别不符')
    if (this.#cancelled(row)) throw new Refusal('E504 该结算已撤销')
    if (this.standing(row.mdtrt_id).at(-1) !== row) throw new Refusal('E504 其后的结算尚未撤销')
    return this.#book(msgid, infno, this.#visit(row.mdtrt_id), turned(row), row.setl_id)
  }

  #book(
    msgid: string,
    infno: string,
    { mdtrt_id, psn_no }: Visit,
    money: Money,
    original: string | null,
    midway = false,
  ): Json {
    const setl_id = this.#next('S')
    const output = shownMoney(infno, { setl_id, mdtrt_id, msgid }, money)
    this.rows.push({
      setl_id,
      msgid,
      infno,
      mdtrt_id,
      psn_no,
      state: 'settled',
      ...money,
      original,
      output,
      midway,
    })
    return output
  }

  #reverse({ omsgid, oinfno }: Json): null {
    const row = this.rows.find((each) => each.msgid === omsgid && each.infno === oinfno)
    if (row?.state === 'settled' && !this.#cancelled(row)) {
      const original = row.original && this.rows.find((each) => each.setl_id === row.original)
      if (original && this.standing(original.mdtrt_id).length > 0) throw new Refusal('E504 撤销后已重新结算')
      row.state = 'reversed'
    }
    if (oinfno === '2401' || oinfno === '2102') {
      for (const visit of this.visits.values()) if (visit.msgid === omsgid) visit.state = 'reversed'
    }
    this.#buried.add(`${oinfno} ${omsgid}`)
    return null
  }

  #shown(encounter: string): Json {
    const row = this.rows.filter((each) => each.mdtrt_id === encounter && each.state !== 'reversed').at(-1)
    if (!row) throw new Refusal('E000 未查询到结算记录')
    const { psn_part_amt, psn_cash_pay, pdn_cash_pay, ...rest } = row.output.setlinfo
    const setlinfo = { ...rest, psn_pay: psn_part_amt, cash_payamt: psn_cash_pay ?? pdn_cash_pay }
    return { setlinfo, setldetail: row.output.setldetail }
  }
}
