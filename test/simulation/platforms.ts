/**
 * The national platform and two provinces, as small as they can be and keep books: money is booked under the message id,
 * the same message gets the same bytes, a reversal buries a message so that a late one is refused. Nothing here is
 * shared with the gateway or with `src/simulator`.
 */
import type { PlatformBook, PlatformRow } from '../../src/ledger/agreement.ts'
import type { Dice } from './dice.ts'

// biome-ignore lint/suspicious/noExplicitAny: an envelope is whatever was sent
type Json = any

interface Money {
  total: number
  fund: number
  person: number
  account: number
  cash: number
  hospital: number
}

/** A row of a book. */
export interface Booked extends PlatformRow {
  state: string
  readonly setl_id: string
  readonly original: string | null
  readonly psn_no: string
  readonly output: Json
}

interface Visit {
  readonly mdtrt_id: string
  readonly psn_no: string
  readonly ipt_otp_no: string
  readonly lines: Map<string, { batch: string; fen: number }>
}

/** A platform says no. */
class Refusal extends Error {}

const yuan = (fen: number) => fen / 100
const fenOf = (amount: unknown) => Math.round(Number(amount) * 100)

/** Answer bytes. */
function answer(infcode: number, output: Json, err_msg = ''): string {
  return JSON.stringify({ infcode, inf_refmsgid: '000000', err_msg, output })
}

/** Turns a sign without making a negative zero. */
const turned = (amount: number) => (amount === 0 ? 0 : -amount)

/** A province: the only one that calculates. */
export class Province {
  readonly rows: Booked[] = []
  readonly #answers = new Map<string, { digest: string; body: string }>()
  readonly #buried = new Set<string>()
  readonly #visits = new Map<string, Visit>()
  readonly #code: string
  readonly #dice: Dice
  readonly #refusals: () => number
  #serial = 0

  constructor(code: string, dice: Dice, refusals: () => number) {
    this.#code = code
    this.#dice = dice
    this.#refusals = refusals
  }

  /** Answers a message, whole or not at all. */
  receive(bytes: string): string {
    const message = JSON.parse(bytes)
    const { infno, msgid, input } = message
    const key = `${infno} ${msgid}`
    if (this.#buried.has(key)) return answer(-1, null, 'E504 该报文已冲正')
    const digest = JSON.stringify(input)
    const known = this.#answers.get(key)
    if (known) return known.digest === digest ? known.body : answer(-1, null, 'E504 报文ID已用于他文')
    try {
      const body = answer(0, this.#carryOut(infno, msgid, input))
      if (!infno.startsWith('5')) this.#answers.set(key, { digest, body })
      return body
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause
      const body = answer(-1, null, cause.message)
      // A no to a message of money stays a no when a doubled packet brings the same message again.
      if (['2201', '2207', '2208'].includes(infno)) this.#answers.set(key, { digest, body })
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

  #cancelled(row: Booked): boolean {
    return this.rows.some((other) => other.original === row.setl_id && other.state === 'settled')
  }

  #next(letter: string): string {
    this.#serial += 1
    return `${this.#code}${letter}${String(this.#serial).padStart(6, '0')}`
  }

  #visit(id: string): Visit {
    const visit = this.#visits.get(id)
    if (!visit) throw new Refusal('E000 未查询到就诊信息')
    return visit
  }

  #carryOut(infno: string, msgid: string, input: Json): Json {
    const { data } = input
    // Some platforms repeat the identity number in what they say.
    if (['2201', '2207'].includes(infno) && this.#dice.chance(this.#refusals())) {
      throw new Refusal(`E201 证件号码${data.mdtrt_cert_no}的待遇暂停，请参保地核实`)
    }
    switch (infno) {
      case '2201':
        return this.#register(data)
      case '2204':
        return this.#upload(input.feedetail)
      case '2205':
        for (const [serial, line] of this.#visit(data.mdtrt_id).lines) {
          if (line.batch === data.chrg_bchno) this.#visit(data.mdtrt_id).lines.delete(serial)
        }
        return null
      case '2207':
        return this.#settle(msgid, data)
      case '2208':
        return this.#cancel(msgid, data)
      case '2601':
        return this.#reverse(data)
      case '5201':
        return { mdtrtinfo: [...this.#visits.values()].filter((visit) => visit.psn_no === data.psn_no) }
      case '5202':
        return { diseinfo: [], mdtrt_id: this.#visit(data.mdtrt_id).mdtrt_id }
      case '5203':
        return this.#shown(data.mdtrt_id)
      default:
        throw new Refusal('E000 不支持的交易')
    }
  }

  #register(data: Json): Json {
    const { psn_no, ipt_otp_no } = data
    const visit = { mdtrt_id: this.#next('V'), psn_no, ipt_otp_no, lines: new Map() }
    this.#visits.set(visit.mdtrt_id, visit)
    return { data: { mdtrt_id: visit.mdtrt_id, psn_no, ipt_otp_no } }
  }

  #upload(feedetail: Json[]): Json {
    const { lines } = this.#visit(feedetail[0].mdtrt_id)
    for (const line of feedetail) {
      if (lines.has(line.feedetl_sn)) throw new Refusal('E503 明细重复')
      lines.set(line.feedetl_sn, { batch: line.chrg_bchno, fen: fenOf(line.det_item_fee_sumamt) })
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

  #settle(msgid: string, data: Json): Json {
    const visit = this.#visit(data.mdtrt_id)
    const total = fenOf(data.medfee_sumamt)
    const lines = [...visit.lines.values()].filter((line) => line.batch === data.chrg_bchno)
    if (lines.reduce((sum, line) => sum + line.fen, 0) !== total) throw new Refusal('E503 金额与明细不符')
    if (this.standing(visit.mdtrt_id).length > 0) throw new Refusal('E504 该就诊已结算')
    const fund = Math.floor((total * this.#dice.between(30, 90)) / 100)
    const hospital = this.#dice.between(0, Math.min(50, total - fund))
    const person = total - fund - hospital
    const account = this.#dice.between(0, person)
    const money = { total, fund, person, account, cash: person - account, hospital }
    return this.#book(msgid, '2207', visit, money, null, visit.psn_no)
  }

  #cancel(msgid: string, data: Json): Json {
    const row = this.rows.find((each) => each.setl_id === data.setl_id && each.original === null)
    if (row?.state !== 'settled' || row.mdtrt_id !== data.mdtrt_id) throw new Refusal('E000 未查询到结算')
    if (this.#cancelled(row)) throw new Refusal('E504 该结算已撤销')
    const { total, fund, person, account, cash, hospital } = row
    const money = {
      total: turned(total),
      fund: turned(fund),
      person: turned(person),
      account: turned(account),
      cash: turned(cash),
      hospital: turned(hospital),
    }
    return this.#book(msgid, '2208', this.#visit(row.mdtrt_id), money, row.setl_id, row.psn_no)
  }

  #book(msgid: string, infno: string, visit: Visit, money: Money, original: string | null, psn_no: string) {
    const setl_id = this.#next('S')
    const output = {
      setlinfo: {
        setl_id,
        mdtrt_id: visit.mdtrt_id,
        medins_setl_id: msgid,
        medfee_sumamt: yuan(money.total),
        fulamt_ownpay_amt: 0,
        overlmt_selfpay: 0,
        preselfpay_amt: 0,
        inscp_scp_amt: yuan(money.total),
        fund_pay_sumamt: yuan(money.fund),
        psn_part_amt: yuan(money.person),
        acct_pay: yuan(money.account),
        [infno === '2208' ? 'pdn_cash_pay' : 'psn_cash_pay']: yuan(money.cash),
        hosp_part_amt: yuan(money.hospital),
      },
      setldetail: [{ fund_pay_type: '310100', fund_payamt: yuan(money.fund) }],
    }
    const { mdtrt_id } = visit
    this.rows.push({ setl_id, msgid, infno, mdtrt_id, psn_no, state: 'settled', ...money, original, output })
    return output
  }

  #reverse({ omsgid, oinfno }: Json): null {
    const row = this.rows.find((each) => each.msgid === omsgid && each.infno === oinfno)
    if (row?.state === 'settled' && !this.#cancelled(row)) {
      const original = row.original && this.rows.find((each) => each.setl_id === row.original)
      if (original && this.standing(original.mdtrt_id).length > 0) throw new Refusal('E504 撤销后已重新结算')
      row.state = 'reversed'
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

  book(): PlatformBook {
    return { platform: this.#code, settlements: this.rows }
  }
}

interface Passed extends PlatformRow {
  state: string
  total: number
  fund: number
  person: number
  account: number
  cash: number
  hospital: number
  answer: string | null
  readonly digest: string
}

/** What the hop to an insured province brings: its bytes, or null for silence. */
export type Hop = (province: string, bytes: string, back: (body: string | null) => void) => void

/** The national platform: passes on, keeps its own row of money, never answers in a province's stead. */
export class National {
  readonly #rows = new Map<string, Passed>()
  readonly #buried = new Set<string>()
  readonly #inFlight = new Map<string, ((body: string) => void)[]>()
  readonly #hop: Hop
  readonly #stopped: () => boolean

  constructor(hop: Hop, stopped: () => boolean) {
    this.#hop = hop
    this.#stopped = stopped
  }

  receive(bytes: string, respond: (body: string) => void): void {
    const message = JSON.parse(bytes)
    if (this.#stopped()) {
      respond(answer(-1, null, 'E702 参保地公告停机，未转发'))
      return
    }
    const { infno, input, insuplc_admdvs } = message
    const province = `${insuplc_admdvs.slice(0, 2)}0000`
    const silent = answer(-1, null, 'E701 参保地医保平台超时未应答')
    if (['2207', '2208'].includes(infno)) {
      this.#settle(message, bytes, province, respond)
      return
    }
    if (infno === '2601') {
      const key = `${input.data.oinfno} ${input.data.omsgid}`
      if (!this.#rows.has(key)) this.#buried.add(key)
      this.#hop(province, bytes, (body) => {
        const row = this.#rows.get(key)
        if (body && JSON.parse(body).infcode === 0) {
          this.#buried.add(key)
          if (row && row.state !== 'refused') row.state = 'reversed'
        }
        respond(body ?? silent)
      })
      return
    }
    this.#hop(province, bytes, (body) => {
      if (body && infno === '5203') this.#learn(JSON.parse(body))
      respond(body ?? silent)
    })
  }

  #settle(message: Json, bytes: string, province: string, respond: (body: string) => void): void {
    const { infno, msgid, input } = message
    const key = `${infno} ${msgid}`
    const digest = JSON.stringify(input)
    const before = this.#rows.get(key)
    if (this.#buried.has(key)) {
      respond(answer(-1, null, 'E504 该报文已冲正'))
      return
    }
    if (before && before.digest !== digest) {
      respond(answer(-1, null, 'E504 报文ID已用于他文'))
      return
    }
    if (before?.answer) {
      respond(before.answer)
      return
    }
    const waiting = this.#inFlight.get(key)
    if (waiting) {
      waiting.push(respond)
      return
    }
    this.#inFlight.set(key, [respond])
    const row = before ?? opened(msgid, infno, input.data.mdtrt_id, digest)
    this.#rows.set(key, row)
    const was = row.state
    row.state = 'forwarded'
    this.#hop(province, bytes, (body) => {
      const told = this.#concluded(row, was, key, body)
      const all = this.#inFlight.get(key)!
      this.#inFlight.delete(key)
      for (const each of all) each(told)
    })
  }

  #concluded(row: Passed, was: string, key: string, body: string | null): string {
    if (row.state === 'forwarded') {
      if (!body) row.state = was === 'settled' ? 'settled' : 'unknown'
      else {
        const read = JSON.parse(body)
        row.state = read.infcode === 0 ? 'settled' : 'refused'
        row.answer = body
        if (read.infcode === 0) Object.assign(row, moneyIn(read.output.setlinfo))
      }
    }
    if (this.#buried.has(key)) return answer(-1, null, 'E504 该报文已冲正')
    return body ?? answer(-1, null, 'E701 参保地医保平台超时未应答')
  }

  /** A query that shows a settlement says what became of a row that had no answer. */
  #learn(read: Json): void {
    const shown = read.output?.setlinfo
    const row = shown && [...this.#rows.values()].find((each) => each.msgid === shown.medins_setl_id)
    if (row && ['unknown', 'forwarded'].includes(row.state)) {
      Object.assign(row, moneyIn(shown), { state: 'settled' })
    }
  }

  book(): PlatformBook {
    return { platform: 'national', settlements: [...this.#rows.values()] }
  }
}

function opened(msgid: string, infno: string, mdtrt_id: string, digest: string): Passed {
  const nothing = { total: 0, fund: 0, person: 0, account: 0, cash: 0, hospital: 0 }
  return { msgid, infno, mdtrt_id, state: 'new', ...nothing, answer: null, digest }
}

function moneyIn(setlinfo: Json): Money {
  return {
    total: fenOf(setlinfo.medfee_sumamt),
    fund: fenOf(setlinfo.fund_pay_sumamt),
    person: fenOf(setlinfo.psn_part_amt ?? setlinfo.psn_pay),
    account: fenOf(setlinfo.acct_pay),
    cash: fenOf(setlinfo.psn_cash_pay ?? setlinfo.pdn_cash_pay ?? setlinfo.cash_payamt),
    hospital: fenOf(setlinfo.hosp_part_amt),
  }
}
