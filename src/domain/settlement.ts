/** A settlement (结算): who pays what of one bill. Every amount is in fen. */
import { type Fen, sumOfFen, ZERO } from './money.ts'

/** The split of a bill as computed by the place of treatment. */
export interface BillSplit {
  /** Total `medfee_sumamt` (医疗费总额). */
  readonly total: Fen
  /** Fully self-paid `fulamt_ownpay_amt` (全自费). */
  readonly selfPaid: Fen
  /** Above a price limit `overlmt_selfpay` (超限价自费). */
  readonly overLimit: Fen
  /** First self-pay share `preselfpay_amt` (先行自付). */
  readonly firstSelfPay: Fen
  /** In scope of the policy `inscp_scp_amt` (符合政策范围). */
  readonly inScope: Fen
}

/** The amounts of one settlement, positive; a cancellation has the same amounts with the sign reversed. */
export interface Settlement {
  /** Settlement id `setl_id` (结算ID), assigned by the insured place. */
  readonly id: string
  readonly split: BillSplit
  /** All funds together `fund_pay_sumamt` (基金支付总额). */
  readonly fund: Fen
  /** The person's share `psn_part_amt` (个人负担总金额). */
  readonly person: Fen
  /** Of that, from the personal account `acct_pay` (个人账户支出). */
  readonly account: Fen
  /** Of that, in cash `psn_cash_pay` (个人现金支出). */
  readonly cash: Fen
  /** Borne by the hospital `hosp_part_amt` (医院负担). */
  readonly hospital: Fen
  /** Payments by fund `setldetail`: fund type `fund_pay_type` → amount. */
  readonly funds: readonly { readonly type: string; readonly amount: Fen }[]
}

/** A bill of which only the total is told: it counts as in scope, and nobody reads the parts. [A] */
export function unsplit(total: Fen): BillSplit {
  return { total, selfPaid: ZERO, overLimit: ZERO, firstSelfPay: ZERO, inScope: total }
}

/** A settlement with every amount turned: what a refund gives back of it. */
export function turned({ id, split, funds, ...paid }: Settlement): Settlement {
  // No negative zero: it is written as `-0`.
  const turn = (amount: Fen) => (0 - amount) as Fen
  const each = <Of extends Readonly<Record<string, Fen>>>(of: Of) =>
    Object.fromEntries(Object.entries(of).map(([name, amount]) => [name, turn(amount)])) as Of
  return {
    id,
    split: each({ ...split }),
    ...each({ ...paid }),
    funds: funds.map(({ type, amount }) => ({ type, amount: turn(amount) })),
  }
}

/** Fund type of the personal account: a row of `setldetail` that is not part of the fund total. [F] */
const PERSONAL_ACCOUNT = '310200'
/**
 * Fund type of a resident's family account; no source says whether the fund total includes it, so both are accepted.
 * [F: T]
 */
const FAMILY_ACCOUNT = '390500'

/**
 * Checks the split of a bill: the four parts add up to the total. Source: messages section 8 rule 2 (checked there on
 * real figures).
 *
 * @returns null, or a Chinese sentence naming the wrong sum
 */
export function splitFault(split: BillSplit): string | null {
  const parts = sumOfFen([split.selfPaid, split.overLimit, split.firstSelfPay, split.inScope])
  return parts === split.total
    ? null
    : '费用总额medfee_sumamt不等于全自费、超限价、先行自付、符合政策范围四项之和'
}

/**
 * Checks a bill that comes with all its lines: they add up to the total.
 *
 * @returns null, or a sentence in Chinese
 */
export function linesFault(lines: readonly { readonly amount: Fen }[], total: Fen): string | null {
  let sum = 0
  for (const { amount } of lines) sum += amount
  return sum === total ? null : '费用总额medfee_sumamt不等于各明细金额det_item_fee_sumamt之和'
}

/**
 * Checks the identities among the amounts of a settlement. No amount may be negative: an account payment above the
 * person's share would make cash negative and still add up. Source: messages section 8 rules 2, 3, 4 and 6; the
 * account is outside the fund total, as in Hunan and most places.
 *
 * @returns null, or a Chinese sentence naming the identity that fails
 */
export function settlementFault(settlement: Settlement): string | null {
  const { split, fund, person, account, cash, hospital, funds } = settlement
  const inSplit = splitFault(split)
  if (inSplit) return inSplit
  const signs = [fund, person, account, cash, hospital].map(Math.sign).filter((sign) => sign !== 0)
  if (signs.some((sign) => sign !== Math.sign(split.total))) return '各项支付金额正负不一致'
  if (sumOfFen([fund, person, hospital]) !== split.total) return '费用总额不等于基金、个人、医院三方之和'
  if (sumOfFen([account, cash]) !== person) return '个人负担不等于账户支出与现金支出之和'
  const paidBy = (isFund: (type: string) => boolean) =>
    sumOfFen(funds.filter((row) => isFund(row.type)).map((row) => row.amount))
  const inFunds =
    funds.length === 0 ||
    paidBy((type) => type !== PERSONAL_ACCOUNT) === fund ||
    paidBy((type) => type !== PERSONAL_ACCOUNT && type !== FAMILY_ACCOUNT) === fund
  if (!inFunds) return '各基金支付之和不等于基金支付总额'
  return null
}
