/** Clearing: the institution applies for its money by period, class and agency (3203, 3203A), takes it back, and looks how far it is. */
import { dayOf, type Instant, shanghaiTime } from '../domain/day.ts'
import { asFen, type Fen, yuanFromFen } from '../domain/money.ts'
import { unreconciled } from './compared-results.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { moneyOf, requiredText, sectionOf, textOf, yuan } from './fields.ts'
import type { Handler, Province } from './province.ts'
import { ALL_DAYS, classOf, daysOf, type Period, standing, statedRows, totalsOf } from './statement.ts'

/** Applications; a cancelled one stays with its state. */
export const CLEARING = `
CREATE TABLE IF NOT EXISTS clearings (serial INTEGER PRIMARY KEY AUTOINCREMENT, clr_appy_evt_id TEXT NOT NULL UNIQUE,
  fixmedins_code TEXT NOT NULL, fixmedins_name TEXT NOT NULL, class TEXT NOT NULL, agency TEXT NOT NULL,
  from_day TEXT NOT NULL, until_day TEXT NOT NULL, total INTEGER NOT NULL, fund INTEGER NOT NULL, cash INTEGER NOT NULL,
  account INTEGER NOT NULL, opter_id TEXT NOT NULL, opter_name TEXT NOT NULL, at INTEGER NOT NULL,
  cancelled INTEGER NOT NULL);
`

type Application = {
  clr_appy_evt_id: string
  fixmedins_code: string
  fixmedins_name: string
  class: string
  agency: string
  from_day: string
  until_day: string
  total: number
  fund: number
  cash: number
  account: number
  opter_id: string
  opter_name: string
  at: number
  cancelled: number
}

/** Provinces where institutions apply through a web platform, since 2022-04. [F: T] */
const WITHDRAWN: readonly string[] = ['43']

function requireInUse({ treatment, transaction }: Message): void {
  if (!WITHDRAWN.includes(treatment.slice(0, 2))) return
  throw new Refusal('E000', `本省已停用${transaction}，请通过定点医药机构网上服务平台办理清算申报`)
}

const NO_MONEY = asFen(0)

/** The sums that an application names: they add up [F: Henan], and are those of the book. */
function requireSums(node: Node, held: { readonly total: Fen; readonly fund: Fen; readonly account: Fen }) {
  const said = (field: string) => moneyOf(node, field) ?? NO_MONEY
  const [total, fund, cash, account] = ['medfee_sumamt', 'fund_appy_sum', 'cash_payamt', 'acct_pay'].map(said)
  if (total !== fund! + cash! + account!)
    throw new Refusal('E503', '医疗费总额与基金申报总额、现金支付金额、个人账户支出之和不一致')
  if (said('med_sumfee') !== total) throw new Refusal('E503', '医保认可费用总额与医疗费总额不一致')
  for (const [name, own, theirs] of [
    ['医疗费总额', total!, held.total],
    ['基金申报总额', fund!, held.fund],
    ['个人账户支出', account!, held.account],
  ] as const) {
    if (own !== theirs)
      throw new Refusal('E503', `${name}${yuanFromFen(own)}元与中心${yuanFromFen(theirs)}元不一致，请先对账`)
  }
  return { total: total!, fund: fund!, cash: cash!, account: account! }
}

const standingApplications = (province: Province, institution: string) =>
  province.book.store.rows<Application>(
    'SELECT * FROM clearings WHERE fixmedins_code = ? AND cancelled = 0 ORDER BY serial',
    institution,
  )

function requireNew(province: Province, institution: string, period: Period): void {
  const other = standingApplications(province, institution).find(
    (one) =>
      one.class === period.clearingClass &&
      (!period.agency || one.agency === '' || one.agency === period.agency) &&
      one.from_day <= period.until &&
      one.until_day >= period.from,
  )
  if (other) throw new Refusal('E504', `该清算类别在此期间已申请清算，申请事件${other.clr_appy_evt_id}`)
}

/** 3203 and 3203A 清算申请. One settlement is claimed once: periods of a class and agency do not overlap. */
export const applyForClearing: Handler = (province, message) => {
  if (message.transaction === '3203') requireInUse(message)
  const node = sectionOf(message, 'data')
  const period: Period = { ...daysOf(node, 'begndate', 'enddate'), ...classOf(node, 'clr_optins') }
  const { institution } = message
  requireNew(province, institution, period)
  const rows = standing(statedRows(province, institution, period))
  if (rows.length === 0) throw new Refusal('E000', '该期间没有可申请清算的结算')
  const [failed, ...more] = unreconciled(province, message, period)
  if (failed)
    throw new Refusal('E503', `有${more.length + 1}笔跨省结算三方对账未成功，处理后再申请清算，可用3209A查询`)
  const sums = requireSums(node, totalsOf(rows))
  if (message.transaction === '3203' && Number(requiredText(node, 'psntime')) !== rows.length)
    throw new Refusal('E503', `清算人次与中心${rows.length}人次不一致，请先对账`)
  const clr_appy_evt_id = `C${province.code}${String(province.book.next('clearing')).padStart(12, '0')}`
  province.book.store.insert('clearings', {
    clr_appy_evt_id,
    fixmedins_code: institution,
    fixmedins_name: message.institutionName,
    class: period.clearingClass ?? '',
    agency: period.agency ?? '',
    from_day: period.from,
    until_day: period.until,
    ...sums,
    opter_id: message.operator,
    opter_name: message.operatorName,
    at: province.now(),
    cancelled: 0,
  })
  return { result: { clr_appy_evt_id } }
}

/** 10 applied, 20 accepted [F: JL]. It is accepted on the day after it came. [A] */
function stateOf(province: Province, { at }: Application): '10' | '20' {
  return dayOf(at as Instant) < dayOf(province.now()) ? '20' : '10'
}

/**
 * 3204 and 3204A 清算申请撤销. An accepted application cannot be withdrawn. One client spells the event
 * `clr_apply_evt_id`. [F: H2]
 */
export const cancelClearing: Handler = (province, message) => {
  if (message.transaction === '3204') requireInUse(message)
  const node = sectionOf(message, 'data')
  const id = textOf(node, 'clr_apply_evt_id') || requiredText(node, 'clr_appy_evt_id')
  const sql = 'SELECT * FROM clearings WHERE clr_appy_evt_id = ? AND fixmedins_code = ?'
  const found = province.book.store.row<Application>(sql, id, message.institution)
  if (!found) throw new Refusal('E000', `未查询到清算申请${id}`)
  if (found.cancelled === 1) return null
  if (stateOf(province, found) !== '10') throw new Refusal('E000', `清算申请${id}已受理，不能撤销`)
  province.book.store.run('UPDATE clearings SET cancelled = 1 WHERE clr_appy_evt_id = ?', id)
  return null
}

/** 3205A 清算申请状态查询. */
export const listApplications: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const asked = (field: string) => textOf(node, field)
  const monthOf = (day: string) => day.slice(0, 7).replace('-', '')
  const rows = standingApplications(province, message.institution).filter(
    (one) =>
      (!asked('clr_optins') || one.agency === asked('clr_optins')) &&
      (!asked('clr_stas') || stateOf(province, one) === asked('clr_stas')) &&
      (!asked('clr_ym') || monthOf(one.until_day) === asked('clr_ym')),
  )
  return {
    data: rows.map((one) => ({
      ...{ fixmedins_name: one.fixmedins_name, fixmedins_code: one.fixmedins_code },
      ...{ clr_stas: stateOf(province, one), opt_time: shanghaiTime(one.at as Instant) },
      // So the answer spells it. [F: H2]
      ...{ medfee_Sumamt: yuan(asFen(one.total)), hi_agre_sumfee: yuan(asFen(one.total)) },
      ...{ fund_appy_sum: yuan(asFen(one.fund)), cash_payamt: yuan(asFen(one.cash)) },
      ...{ acct_pay: yuan(asFen(one.account)), begndate: one.from_day, enddate: one.until_day },
      ...{ clr_ym: monthOf(one.until_day), clr_optins: one.agency, opter_id: one.opter_id },
      ...{ opter_name: one.opter_name, optins_no: one.agency, clr_appy_evt_id: one.clr_appy_evt_id },
    })),
  }
}

/** Agencies of one page at most. [A] */
const PAGE_MAX = 100

/**
 * 3206A 清算机构查询: the agencies that settle with the institution. Every row repeats the total number of pages. [F: H2]
 */
export const listAgencies: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const size = Math.min(PAGE_MAX, Math.max(1, Number(textOf(node, 'page_size') || PAGE_MAX)))
  const page_num = Math.max(1, Number(textOf(node, 'page_num') || 1))
  const rows = statedRows(province, message.institution, ALL_DAYS)
  const agencies = [...new Set(rows.map(({ agency }) => agency))].sort()
  const pages = Math.ceil(agencies.length / size)
  return {
    data: agencies
      .slice((page_num - 1) * size, page_num * size)
      .map((clr_optins) => ({ pages, clr_optins, page_num, page_size: size })),
  }
}
