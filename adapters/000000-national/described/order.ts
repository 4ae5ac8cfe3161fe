/**
 * What a row says of an order of mobile payment: amounts that must add up, where its money stands, and what a refund gives
 * back. The settlement centre names no sums of a bill, only who pays: cash, personal account and funds. [F: T, 6202, 6203]
 */
import { type Fen, sumOfFen, ZERO } from '../../../src/domain/money.ts'
import { type Settlement, unsplit } from '../../../src/domain/settlement.ts'
import type { AmountsForm, CatalogueHead, PartForm, SumForm } from '../../../src/extension/catalogue-rows.ts'
import type { Message, Operation, Subject } from '../../../src/extension/dialect.ts'
import { Unproven } from '../../../src/extension/unproven.ts'
import { amountIn } from '../amounts.ts'
import { textOf } from '../claim.ts'
import { isRow, type Row } from './places.ts'

const rowAt = (value: unknown, at: string): Row => {
  const node = isRow(value) ? value[at] : undefined
  return isRow(node) ? node : {}
}

/**
 * Holds the amounts of an input together. Where no part is sent nothing is compared: places ask for different ones.
 *
 * @throws {RangeError} naming the total and its parts, in Chinese
 */
export function judgeSums(sums: readonly SumForm[], input: Row): void {
  for (const { at, total, parts, rows, must } of sums) {
    const node = rowAt(input, at)
    if (textOf(node, total) === '') {
      if (must) throw new RangeError(`${at}.${total}不能为空`)
      continue
    }
    const list = rows === undefined ? [node] : Array.isArray(node[rows]) ? node[rows].filter(isRow) : []
    const said = list.flatMap((row) =>
      parts.filter((part) => textOf(row, part) !== '').map((part) => amountIn(textOf(row, part), part)),
    )
    if (said.length === 0 || sumOfFen(said) === amountIn(textOf(node, total), total)) continue
    const of = rows === undefined ? parts.join('、') : `${rows}各行${parts.join('、')}`
    throw new RangeError(`${at}.${total}不等于${of}之和，未发出，费用没有变动`)
  }
}

/** Reads who pays what of an order; the answer of its payment, or the message of its refund with the sign turned. */
export function orderMoney(form: AmountsForm): NonNullable<Operation['settlement']> {
  return (output: unknown, message?: Message): Settlement => {
    const { in: where, at, id, total, fund, account, cash } = form
    const sent = rowAt(message?.document.json().input, at)
    const row = where === 'answer' ? rowAt(output, at) : sent
    const order = textOf(sent, id)
    const told = textOf(row, id)
    // An answer that names another order belongs to somebody else, however well its amounts add up.
    if (told !== '' && told !== order) throw new Unproven('foreign', `${id} of the answer is another's`)
    if (textOf(row, total) === '') throw new RangeError(`${total}缺失`)
    const sign = where === 'answer' ? 1 : -1
    const amount = (field: string) => (sign * amountIn(textOf(row, field), field) + 0) as Fen
    const paid = { total: amount(total), fund: amount(fund), account: amount(account), cash: amount(cash) }
    return {
      id: order,
      split: unsplit(paid.total),
      fund: paid.fund,
      person: sumOfFen([paid.account, paid.cash]),
      account: paid.account,
      cash: paid.cash,
      hospital: ZERO,
      funds: [],
    }
  }
}

/** What of its order a refund gives back; undefined if it is all of it. */
export function partOf({ field, whole, pieces }: PartForm, input: Row): Subject['part'] {
  const cut = field.lastIndexOf('.')
  const name = textOf(rowAt(input, field.slice(0, cut)), field.slice(cut + 1))
  return name === whole || name === '' ? undefined : { name, inPieces: pieces.includes(name) }
}

/** The id of an order in the answer that opens it. @throws {RangeError} if it is not there: nobody could ever pay it */
export function orderIn(place: string): NonNullable<Operation['order']> {
  const cut = place.lastIndexOf('.')
  return (output) => {
    const id = textOf(rowAt(output, place.slice(0, cut)), place.slice(cut + 1))
    if (id === '') throw new RangeError(`${place}缺失`)
    return id
  }
}

/**
 * The visit that an upload without one has registered. The text has no field for it; where a place tells it, it stands in the
 * node or in its further data, which are an object or JSON text. [A]
 */
function visitIn(place: string): NonNullable<Operation['encounter']> {
  return (output) => {
    const node = rowAt(output, place.slice(0, place.lastIndexOf('.')))
    return textOf(node, 'mdtrtId') || textOf(furtherOf(node.extData), 'mdtrtId')
  }
}

function furtherOf(given: unknown): Row {
  if (isRow(given)) return given
  if (typeof given !== 'string' || !given.startsWith('{')) return {}
  try {
    const parsed: unknown = JSON.parse(given)
    return isRow(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

/** What a row adds to the operation of what is paid as an order. */
export function orderOperation({
  amounts,
  order,
}: CatalogueHead): Pick<Operation, 'settlement' | 'order' | 'encounter'> {
  return {
    ...(amounts && { settlement: orderMoney(amounts) }),
    ...(order && { order: orderIn(order), encounter: visitIn(order) }),
  }
}
