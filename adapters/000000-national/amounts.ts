/** Amounts of the national interface: yuan on the wire, as number or text, fen inside. */
import { trimmed } from '../../src/domain/blank.ts'
import { type Fen, fenFromYuan, ZERO } from '../../src/domain/money.ts'
import type { BillSplit, Settlement } from '../../src/domain/settlement.ts'
import { rowsOf } from '../../src/extension/rows.ts'
import { readAmounts } from './amount-forms.ts'

type Row = Readonly<Record<string, unknown>>

/** Names of the person's share: Guangdong misspells the first, 5203 has the last. [F] */
export const PERSON_FIELDS = ['psn_part_amt', 'psn_part_am', 'psn_pay'] as const
/** Names of the cash: of a settlement, of 2208, of 5203. [F] */
export const CASH_FIELDS = ['psn_cash_pay', 'pdn_cash_pay', 'cash_payamt'] as const

function isSomething(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

/** Whether a field holds something. */
function holds(row: Row, field: string): boolean {
  return isSomething(row[field])
}

/** Reads an amount field; empty is zero. @throws {RangeError} naming the field */
function amountOf(row: Row, field: string): Fen {
  return amountIn(row[field], field)
}

/** An amount as it stands in a field; nothing is zero. @throws {RangeError} naming the field */
export function amountIn(value: unknown, field: string): Fen {
  if (!isSomething(value)) return ZERO
  try {
    return fenFromYuan(value as string | number)
  } catch {
    throw new RangeError(`${field}须为最多两位小数的金额`)
  }
}

/** Reads an amount field that must be there. @throws {RangeError} naming the field */
function neededAmount(row: Row, field: string): Fen {
  if (!holds(row, field)) throw new RangeError(`${field}缺失`)
  return amountOf(row, field)
}

const SUMS = ['fulamt_ownpay_amt', 'overlmt_selfpay', 'preselfpay_amt', 'inscp_scp_amt'] as const

/** Fields that `splitOf` and `namesSplit` read. */
export const SPLIT_READ = ['medfee_sumamt', ...SUMS]

/** Reads the total and the four sums of a bill. @throws {RangeError} if one is no amount */
export function splitOf(row: Row): BillSplit {
  return {
    total: neededAmount(row, 'medfee_sumamt'),
    selfPaid: amountOf(row, 'fulamt_ownpay_amt'),
    overLimit: amountOf(row, 'overlmt_selfpay'),
    firstSelfPay: amountOf(row, 'preselfpay_amt'),
    inScope: amountOf(row, 'inscp_scp_amt'),
  }
}

/** Reads the total of a bill that names no sums. @throws {RangeError} if it is no amount */
export function totalOf(row: Row): Fen {
  return neededAmount(row, 'medfee_sumamt')
}

/** Whether a request names any of the four sums; 2206 does not have them, 2304 may leave them out. */
export function namesSplit(row: Row): boolean {
  return SUMS.some((field) => holds(row, field))
}

/** What `settlementOf` and `trialOf` read, and the ids that are held against the message. */
export const MONEY_READ = [
  ...[
    ...['setl_id', ...PERSON_FIELDS, 'acct_pay', 'acct_mulaid_pay', ...CASH_FIELDS],
    ...['fund_pay_sumamt', 'hosp_part_amt', ...SPLIT_READ],
    ...['mdtrt_id', 'psn_no', 'medins_setl_id'],
  ].map((field) => `setlinfo.${field}`),
  ...['setldetail[].fund_pay_type', 'setldetail[].fund_payamt'],
]

/** The payments by fund `setldetail`, which may be absent, one object or an array. */
function fundsOf(node: unknown): Settlement['funds'] {
  const rows = rowsOf(node) ?? rowsOf(node && typeof node === 'object' ? [node] : [])!
  const types = rows.column('fund_pay_type')
  const amounts = rows.column('fund_payamt')
  return Array.from({ length: rows.length }, (_, row) => ({
    type: String(types(row) ?? ''),
    amount: amountIn(amounts(row), 'fund_payamt'),
  }))
}

/**
 * Reads the money of a trial, whose answer has no settlement id yet. 2208 spells the cash `pdn_cash_pay`, 5203 `cash_payamt` with
 * `psn_pay` for the person's share; where a cancellation leaves the cash out it is the share less the account. [F]
 *
 * @param output `{ setlinfo, setldetail }`
 * @throws {RangeError} if an amount that must be there is missing or unreadable
 */
export function trialOf(output: unknown): Settlement {
  const { setlinfo, setldetail } = (output ?? {}) as { setlinfo?: Row; setldetail?: unknown }
  if (!setlinfo) throw new RangeError('setlinfo缺失')
  const cashField = CASH_FIELDS.find((field) => holds(setlinfo, field))
  return readAmounts({
    id: '',
    split: splitOf(setlinfo),
    fund: neededAmount(setlinfo, 'fund_pay_sumamt'),
    person: neededAmount(setlinfo, PERSON_FIELDS.find((field) => holds(setlinfo, field)) ?? 'psn_part_amt'),
    account: amountOf(setlinfo, 'acct_pay'),
    family: amountOf(setlinfo, 'acct_mulaid_pay'),
    cash: cashField ? amountOf(setlinfo, cashField) : null,
    hospital: amountOf(setlinfo, 'hosp_part_amt'),
    funds: fundsOf(setldetail),
  })
}

/**
 * Reads the money of a settlement or cancellation answer. Without its id nobody could ever cancel it: such an answer is
 * none.
 *
 * @throws {RangeError} as `trialOf`, and where `setl_id` is missing
 */
export function settlementOf(output: unknown): Settlement {
  const money = trialOf(output)
  const given = (output as { setlinfo: Row }).setlinfo.setl_id
  const id = typeof given === 'string' || typeof given === 'number' ? trimmed(String(given)) : ''
  if (id === '') throw new RangeError('setl_id缺失')
  return { ...money, id }
}
