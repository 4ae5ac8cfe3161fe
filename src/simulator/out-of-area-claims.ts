/**
 * A pharmacy's claims for purchases out of area: totals and lines of a month (2172, 2173), by fund (2174), the
 * ledger of a day (2175) and of a period (2176). Refunded purchases are not claimed. Nothing is claimed or paid out
 * automatically: every row is 未申报. [A]
 */
import { asFen, sumOfFen } from '../domain/money.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { requiredText, textOf, yuan } from './fields.ts'
import { insuredOfOrder, requirePharmacy } from './out-of-area.ts'
import type { Handler, Province } from './province.ts'
import { inputOf, type PurchaseOrder } from './purchase-order.ts'

/** Fund type of the personal account `fund_pay_type`. */
const ACCOUNT = { fund_pay_type: '310200', fund_pay_type_name: '个人账户基金' } as const
const UNCLAIMED = { clr_stas: '0', clr_stas_name: '未申报' } as const
const PAGE_MAX = 100

/** Day of a purchase, `2026-06-15`. */
const dayOf = (order: PurchaseOrder) => textOf(inputOf(order), 'dscg_date').slice(0, 10)
const monthOf = (order: PurchaseOrder) => dayOf(order).slice(0, 7).replace('-', '')

/** Paid purchases of the pharmacy, in order of payment. */
function paidOrders(
  { book }: Province,
  message: Message,
  fits: (order: PurchaseOrder) => boolean,
): PurchaseOrder[] {
  requirePharmacy(message)
  if (requiredText(message.input, 'fixmedins_code') !== message.institution)
    throw new Refusal('E000', '只能查询本机构的购药账务')
  return book.store
    .rows<PurchaseOrder>(
      "SELECT * FROM purchase_orders WHERE fixmedins_code = ? AND state = 'paid' ORDER BY at, mdtrt_regno",
      message.institution,
    )
    .filter(fits)
}

function claimedIn(province: Province, message: Message): PurchaseOrder[] {
  const { input } = message
  const [from, until] = [requiredText(input, 'start_clrym'), requiredText(input, 'end_clrym')]
  const status = textOf(input, 'clr_stas')
  const isMeant = status === '' || status === UNCLAIMED.clr_stas
  return paidOrders(
    province,
    message,
    (order) => isMeant && monthOf(order) >= from && monthOf(order) <= until,
  )
}

const sumOf = (orders: readonly PurchaseOrder[], of: 'total' | 'account' | 'cash') =>
  yuan(sumOfFen(orders.map((order) => asFen(order[of]))))

const senderOf = ({ institution, institutionName }: Message) => ({
  fixmedins_code: institution,
  fixmedins_name: institutionName,
})

/** One page of rows, with what the text says of it. */
function paged({ input }: Message, rows: readonly Node[]) {
  const wholeOf = (field: string, otherwise: number) => Math.max(1, Number(textOf(input, field)) || otherwise)
  const [pageNum, pageSize] = [
    wholeOf('page_num', 1),
    Math.min(PAGE_MAX, wholeOf('page_size', PAGE_MAX)),
  ] as const
  const start = (pageNum - 1) * pageSize
  const shown = rows.slice(start, start + pageSize)
  const pages = Math.max(1, Math.ceil(rows.length / pageSize))
  const parameters = {
    ...{ pageNum, pageSize, startRow: start + 1, endRow: start + shown.length },
    ...{ recordCounts: rows.length, size: shown.length, pages },
    ...{ isFirstPage: pageNum === 1, isLastPage: pageNum >= pages },
  }
  return { parameters, n_output: shown }
}

/** 2172 医疗机构月结申报汇总数据查询. */
export const claimTotals: Handler = (province, message) => {
  const orders = claimedIn(province, message)
  const { clr_type, clr_optins, start_clrym, end_clrym } = message.input
  if (orders.length === 0) return paged(message, [])
  const row = {
    ...{ setl_dcla_no: '', setl_ids_key: '', clr_type, clr_optins, start_clrym, end_clrym },
    ...{ begndate: `${start_clrym}01`, enddate: `${end_clrym}31`, ...UNCLAIMED, ...senderOf(message) },
    ...{ sumamt: sumOf(orders, 'total'), cash_payamt: sumOf(orders, 'cash') },
    ...{ acct_pay_sumamt: sumOf(orders, 'account'), fund_pay_sumamt: 0, clr_psntime: orders.length },
  }
  return paged(message, [row])
}

/** Fields about the person in a claim. */
function personIn(province: Province, order: PurchaseOrder): Node {
  const { person, insurance } = insuredOfOrder(province, order)
  const { med_type, mdtrtsn } = inputOf(order)
  return {
    ...{ med_type, mdtrtsn, mdtrt_regno: order.mdtrt_regno, psn_no: person.number },
    ...{ psn_name: person.name, gend: person.gender, ssn: order.ssn, certno: order.ssn },
    ...{ psn_type: insurance.psnType, insutype: insurance.insutype },
  }
}

/** 2173 查询月结算申报业务明细数据. */
export const claimLines: Handler = (province, message) =>
  paged(
    message,
    claimedIn(province, message).map((order) => ({
      ...{ ...senderOf(message), ...personIn(province, order), out_type: '2' },
      ...{ sumamt: sumOf([order], 'total'), cash_payamt: sumOf([order], 'cash') },
      ...{ acct_payamt: sumOf([order], 'account'), clr_psntime: 1, mdtrt_setl_time: dayOf(order) },
    })),
  )

/** 2174 查询月结申报基金分项数据: the account is the only one that pays. */
export const claimFunds: Handler = (province, message) => {
  const byKind = Map.groupBy(claimedIn(province, message), (order) => {
    const { psn_type, insutype } = personIn(province, order)
    return JSON.stringify({ psn_type, insutype })
  })
  const { clr_type, clr_optins } = message.input
  const rows = [...byKind].map(([kind, orders]) => ({
    ...{ ...senderOf(message), clr_optins, clr_type, clr_way: '1', med_type: '41', ...UNCLAIMED },
    ...{ ...(JSON.parse(kind) as Node), ...ACCOUNT },
    ...{ poolarea_fund_pay_type: ACCOUNT.fund_pay_type, poolarea_fund_pay_name: ACCOUNT.fund_pay_type_name },
    fund_appy_sum: sumOf(orders, 'account'),
  }))
  return paged(message, rows)
}

/** 2175 药店账务明细查询. */
export const ledgerLines: Handler = (province, message) => {
  const day = requiredText(message.input, 'query_date').slice(0, 10)
  const orders = paidOrders(province, message, (order) => dayOf(order) === day)
  return paged(
    message,
    orders.map((order) => ({
      ...{ ...senderOf(message), ...personIn(province, order), ...UNCLAIMED, ...ACCOUNT },
      ...{ medfee_sumamt: sumOf([order], 'total'), dfr_sumamt: sumOf([order], 'account') },
      ...{ dcla_sum: 0, pay_sum: 0 },
    })),
  )
}

/** 2176 药店账务汇总数据查询. */
export const ledgerTotals: Handler = (province, message) => {
  const [from, until] = ['start_date', 'end_date'].map((name) =>
    requiredText(message.input, name).slice(0, 10),
  ) as [string, string]
  const orders = paidOrders(province, message, (order) => dayOf(order) >= from && dayOf(order) <= until)
  const due = sumOf(orders, 'account')
  return {
    ...{ ...senderOf(message), med_type: '41', med_type_name: '定点药店购药' },
    ...{ medfee_sumamt: sumOf(orders, 'total'), dfr_sumamt: due, dcla_sum: 0, pay_sum: 0, no_pay_sum: due },
  }
}
