/** What the simulated platforms write down, and the words in which they answer. Nothing here is shared with `src/simulator`. */
import type { PlatformRow } from '../../src/ledger/reconciliation.ts'

// biome-ignore lint/suspicious/noExplicitAny: an envelope is whatever was sent
export type Json = any

/** The amounts of a settlement, in fen. */
export interface Money {
  readonly total: number
  readonly fund: number
  readonly person: number
  readonly account: number
  readonly cash: number
  readonly hospital: number
}

/** A row of a province's book. */
export interface Booked extends PlatformRow {
  state: string
  readonly setl_id: string
  readonly original: string | null
  readonly psn_no: string
  readonly output: Json
  /** Whether it settles a part of a stay that lasts. */
  readonly midway?: boolean
  /** Whether it came through the national platform, which keeps no row of its own of such money. */
  readonly across?: boolean
}

/** Amounts of what moves nothing yet. */
export const NO_MONEY: Money = { total: 0, fund: 0, person: 0, account: 0, cash: 0, hospital: 0 }

/** An outpatient visit or an inpatient stay. */
export interface Visit {
  readonly mdtrt_id: string
  readonly psn_no: string
  readonly ipt_otp_no: string
  readonly begntime: string
  readonly stay: boolean
  /** The message that opened it. */
  readonly msgid: string
  state: 'open' | 'discharged' | 'reversed'
  readonly lines: Map<string, { batch: string; fen: number; part?: string }>
  /** Serials of lines that were withdrawn: a late packet must not bring them back. */
  readonly withdrawn: Set<string>
}

/** A visit as it begins. */
export function newVisit(head: Omit<Visit, 'state' | 'lines' | 'withdrawn'>): Visit {
  return { ...head, state: 'open', lines: new Map(), withdrawn: new Set() }
}

/** Transactions that book money. */
export const SETTLING = ['2207', '2304', '2102'] as const
/** Transactions that withdraw it. */
export const CANCELLING = ['2208', '2305', '2103'] as const
/** What each of them withdraws. */
export const WITHDRAWS: Readonly<Record<string, string>> = { '2208': '2207', '2305': '2304', '2103': '2102' }

/** Said of the end of a stay that lasts. */
export const NOT_DISCHARGED = '未办理出院'

/** A platform says no. */
export class Refusal extends Error {}

/** Yuan as they go over the wire. */
export const yuan = (fen: number) => fen / 100
/** Fen of an amount as it came. */
export const fenOf = (amount: unknown) => Math.round(Number(amount) * 100)

/** Answer bytes. */
export function answer(infcode: number, output: Json, err_msg = ''): string {
  return JSON.stringify({ infcode, inf_refmsgid: '000000', err_msg, output })
}

/** Turns every sign without making a negative zero. */
export function turned({ total, fund, person, account, cash, hospital }: Money): Money {
  const turn = (amount: number) => (amount === 0 ? 0 : -amount)
  return {
    total: turn(total),
    fund: turn(fund),
    person: turn(person),
    account: turn(account),
    cash: turn(cash),
    hospital: turn(hospital),
  }
}

/** The output of a settlement or of its withdrawal, which spells the cash in its own way. */
export function shownMoney(
  infno: string,
  id: { setl_id: string; mdtrt_id: string; msgid: string },
  money: Money,
): Json {
  const withdrawal = CANCELLING.some((each) => each === infno)
  return {
    setlinfo: {
      setl_id: id.setl_id,
      mdtrt_id: id.mdtrt_id,
      medins_setl_id: id.msgid,
      medfee_sumamt: yuan(money.total),
      fulamt_ownpay_amt: 0,
      overlmt_selfpay: 0,
      preselfpay_amt: 0,
      inscp_scp_amt: yuan(money.total),
      fund_pay_sumamt: yuan(money.fund),
      psn_part_amt: yuan(money.person),
      acct_pay: yuan(money.account),
      [withdrawal ? 'pdn_cash_pay' : 'psn_cash_pay']: yuan(money.cash),
      hosp_part_amt: yuan(money.hospital),
    },
    setldetail: [{ fund_pay_type: '310100', fund_payamt: yuan(money.fund) }],
  }
}

/** Reads the money of an output, whichever transaction it is of. */
export function moneyIn(setlinfo: Json): Money {
  return {
    total: fenOf(setlinfo.medfee_sumamt),
    fund: fenOf(setlinfo.fund_pay_sumamt),
    person: fenOf(setlinfo.psn_part_amt ?? setlinfo.psn_pay),
    account: fenOf(setlinfo.acct_pay),
    cash: fenOf(setlinfo.psn_cash_pay ?? setlinfo.pdn_cash_pay ?? setlinfo.cash_payamt),
    hospital: fenOf(setlinfo.hosp_part_amt),
  }
}
