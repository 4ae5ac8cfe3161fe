/** Amounts of bills that the catalogue answers: paid in cash, to the fen. */
import { asFen, type Fen, ZERO } from '../domain/money.ts'
import type { Node } from './envelope.ts'
import { moneyOf, yuan } from './fields.ts'

/** A bill as it is kept. */
export interface Sold {
  readonly setl_id: string
  /** The bill that it takes back; null where it is one. */
  readonly undoes: string | null
  /** In fen, negative where it takes one back. */
  readonly total: number
}

/** A total with the fields that say it. */
export interface Bill {
  readonly total: Fen
  readonly fields: Readonly<Record<string, unknown>>
}

const NOTHING = [
  ...[
    'fulamt_ownpay_amt',
    'overlmt_selfpay',
    'preselfpay_amt',
    'hifp_pay',
    'cvlserv_pay',
    'hifes_pay',
    'hifmi_pay',
  ],
  ...['hifob_pay', 'hifdm_pay', 'maf_pay', 'oth_pay', 'fund_pay_sumamt', 'acct_pay', 'acct_mulaid_pay'],
  ...['hosp_part_amt', 'act_pay_dedc', 'fund_payamt', 'crt_payb_lmt_amt'],
]
const TOTAL = ['medfee_sumamt', 'inscp_scp_amt', 'psn_part_amt', 'psn_cash_pay', 'pdn_cash_pay']

function billOf(total: Fen): Bill {
  const nothing = NOTHING.map((name) => [name, 0])
  const all = TOTAL.map((name) => [name, yuan(total)])
  return { total, fields: Object.fromEntries([...nothing, ...all]) }
}

/** A bill that is paid in cash. */
export function cashBill(input: Node): Bill {
  for (const node of Object.values(input)) {
    const row = (Array.isArray(node) ? node[0] : node) as Node | null
    const total = row && typeof row === 'object' ? moneyOf(row, 'medfee_sumamt') : null
    if (total !== null) return billOf(total)
  }
  return billOf(ZERO)
}

/** What takes a bill back; null where there is none that stands. */
export function refundOf(bills: readonly Sold[], id: string): Bill | null {
  const bill = bills.find(({ setl_id, undoes }) => setl_id === id && undoes === null)
  if (!bill || bills.some(({ undoes }) => undoes === id)) return null
  return billOf(asFen(-bill.total))
}
