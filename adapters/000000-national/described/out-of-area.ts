/**
 * Purchases out of area (216x): one number `mdtrt_regno` names order, visit and settlement, and stands in the input and output
 * themselves [F: T]. A trial (2166) orders, the person pays on the phone, a question (2171) shows what was paid. No fund pays
 * [A: the answers have no field for one beside the account and the cash]; what they leave of the total is taken as a fund's.
 */
import { type Fen, ZERO } from '../../../src/domain/money.ts'
import { type Settlement, turned, unsplit } from '../../../src/domain/settlement.ts'
import type { CatalogueHead } from '../../../src/extension/catalogue-rows.ts'
import type { Operation, Subject } from '../../../src/extension/dialect.ts'
import { amountIn } from '../amounts.ts'
import { textOf } from '../claim.ts'
import { isRow, type Row } from './places.ts'

/** What a reversal (2181) says in `status` where it is about the refund. [A: the text names no set] */
const REFUND = '2163'

const AMOUNTS = { total: 'medfee_sumamt', cash: 'psn_cashpay', account: 'acct_payamt' } as const

/** The money of a row. @param id the number of the purchase */
function moneyOf(row: Row, id: string): Settlement {
  const [total, cash, account] = [AMOUNTS.total, AMOUNTS.cash, AMOUNTS.account].map((field) =>
    amountIn(textOf(row, field), field),
  ) as [Fen, Fen, Fen]
  const person = (cash + account) as Fen
  return {
    id,
    split: unsplit(total),
    fund: (total - person) as Fen,
    ...{ person, account, cash, hospital: ZERO, funds: [] },
  }
}

/** The only row of an output; null if there is none, or several. */
function onlyRow(output: unknown): Row | null {
  if (isRow(output)) return output
  return Array.isArray(output) && output.length === 1 && isRow(output[0]) ? output[0] : null
}

/** What is read of the answers of a transaction whose purchases are known by one number; nothing of any other. */
export function purchaseOf({
  kind,
  known,
  paidLater,
}: CatalogueHead): Pick<Operation, 'settlement' | 'encounter' | 'paidLater'> {
  if (!known) return {}
  if (kind === 'cancellation') {
    return {
      settlement(output) {
        const row = onlyRow(output)
        if (!row || textOf(row, AMOUNTS.total) === '') return null
        const money = moneyOf(row, '')
        // A refund carries the amounts of its purchase turned; some platforms write them as they were. [A]
        return money.split.total > 0 ? turned(money) : money
      },
    }
  }
  const settlement = (output: unknown) => {
    const row = onlyRow(output)
    const id = row ? textOf(row, known) : ''
    if (row && id !== '') return moneyOf(row, id)
    if (paidLater) throw new RangeError(`${known}缺失`)
    return null
  }
  if (kind === 'query') return { settlement }
  if (kind !== 'settlement') return {}
  return {
    settlement,
    encounter: (output) => settlement(output)!.id,
    ...(paidLater && { paidLater }),
  }
}

/** What a message says of such a purchase: what it undoes, or the total that is ordered. @throws {RangeError} */
export function purchaseSubject({ kind, known }: CatalogueHead, input: Row): Subject {
  if (!known) return {}
  if (kind === 'settlement') return { total: amountIn(textOf(input, AMOUNTS.total), AMOUNTS.total) }
  const id = textOf(input, known)
  // It names the order all the same: taken for the reversal of the order, a payment that stands would count no more.
  if (kind === 'reversal' && textOf(input, 'status') === REFUND)
    throw new RangeError('status为2163（退费）的冲正网关不办理：退费有无结果由网关查询；未发出，费用没有变动')
  return (kind === 'cancellation' || kind === 'reversal') && id !== ''
    ? { encounter: id, settlement: id }
    : {}
}
