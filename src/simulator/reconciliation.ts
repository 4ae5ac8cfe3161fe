/** Reconciliation of totals out of the book: 3201, and how a result is written. */
import { asFen, type Fen, yuanFromFen } from '../domain/money.ts'
import type { Node } from './envelope.ts'
import { moneyOf, requiredText, sectionOf, textOf } from './fields.ts'
import type { Handler } from './province.ts'
import { classOf, daysOf, standing, statedRows, totalsOf } from './statement.ts'

/** Result for one settlement. */
export type Finding = 'same' | 'differs' | 'institution-alone' | 'centre-alone'

/**
 * How results are written: one digit in Hunan [F: T] and Jilin [F: H2], six elsewhere [F: H1; that it is so elsewhere A].
 * 000101 is not in a source: 000102 is the other side alone. [A]
 */
const WORDS: Readonly<Record<'digit' | 'six', Readonly<Record<Finding, string>>>> = {
  digit: { same: '0', differs: '1', 'institution-alone': '1', 'centre-alone': '1' },
  six: { same: '000000', differs: '000103', 'institution-alone': '000102', 'centre-alone': '000101' },
}
const DIGIT_AT: readonly string[] = ['43', '22']

/** A finding as the place of treatment writes it. */
export const resultOf = (treatment: string, finding: Finding) =>
  WORDS[DIGIT_AT.includes(treatment.slice(0, 2)) ? 'digit' : 'six'][finding]

/** Of a sum that is not said. */
export const NO_MONEY = asFen(0)

/** Whether refunds are counted, each as a negative amount. */
const countsRefunds = (node: Node) =>
  textOf(node, 'refd_setl_flag') === '1' || textOf(node, 'fixmedins_refd_setl_flag') === '1'

/** Text about a total that differs; empty if it does not. Totals name nobody. */
export function differing(name: string, own: Fen, theirs: Fen): string[] {
  return own === theirs ? [] : [`${name}机构${yuanFromFen(own)}元、中心${yuanFromFen(theirs)}元`]
}

/** 3201 医药机构费用结算对总账: the sums of a period, class and agency. Only settlements that stand count, unless refunds are asked for. */
export const reconcileTotals: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const period = { ...daysOf(node, 'stmt_begndate', 'stmt_enddate'), ...classOf(node, 'setl_optins') }
  const rows = statedRows(province, message.institution, period)
  const { total, fund, account, count } = totalsOf(countsRefunds(node) ? rows : standing(rows))
  const said = (field: string) => moneyOf(node, field) ?? NO_MONEY
  const own = Number(requiredText(node, 'fixmedins_setl_cnt'))
  const faults = [
    ...(own === count ? [] : [`笔数机构${own}笔、中心${count}笔`]),
    ...differing('医疗费总额', said('medfee_sumamt'), total),
    ...differing('基金支付总额', said('fund_pay_sumamt'), fund),
    ...differing('个人账户支付', said('acct_pay'), account),
  ]
  return {
    stmtinfo: {
      setl_optins: requiredText(node, 'setl_optins'),
      stmt_rslt: resultOf(message.treatment, faults.length === 0 ? 'same' : 'differs'),
      stmt_rslt_dscr: faults.length === 0 ? '平' : faults.join('；').slice(0, 200),
    },
  }
}
