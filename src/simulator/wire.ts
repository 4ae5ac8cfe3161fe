/** Settlements as the wire shows them: `setlinfo` and `setldetail`. */
import { cityOf, parseArea, relationOf } from '../domain/area.ts'
import { dayOf, type Instant, shanghaiTime } from '../domain/day.ts'
import { asFen, type Fen, sumOfFen, yuanFromFen, ZERO } from '../domain/money.ts'
import type { Bill } from './bill.ts'
import type { SettlementRow, Visit } from './book.ts'
import { familyPart } from './family.ts'
import { yuan } from './fields.ts'
import { ageOn } from './identity.ts'
import type { Province } from './province.ts'
import { fourDecimals } from './ratio.ts'
import type { Supplement } from './supplements.ts'

/** Money fields of a settlement, in yuan. */
type Money = Record<string, number>

/** The part of an answer that is stored, to be returned by 5203 and negated by a cancellation. */
export interface WireSettlement {
  readonly head: Record<string, string | number>
  readonly money: Money
  readonly detail: readonly Record<string, string | number>[]
}

const FUND_NAMES: Readonly<Record<string, string>> = {
  '310100': '城镇职工基本医疗保险统筹基金',
  '310200': '城镇职工基本医疗保险个人账户基金',
  '320100': '公务员医疗补助基金',
  '330100': '大额医疗费用补助基金',
  '350100': '一至六级残疾军人医疗补助基金',
  '370100': '企业补充医疗保险基金',
  '390100': '城乡居民基本医疗保险基金',
  '390200': '城乡居民大病医疗保险基金',
  '510100': '生育基金',
  '610100': '医疗救助基金',
  '999997': '其他基金',
}

/** Clearing class `clr_type`. */
const CLEARING = { inpatient: '21', outpatient: '11', pharmacy: '41' } as const

const BASIC_FUNDS = ['310100', '390100', '510100']

function moneyIn(bill: Bill): Money {
  const { settlement, deductible, pooled, upper, assistance } = bill.benefit
  const employee = bill.insured.insurance.insutype === '310'
  const paidBy = (field: Supplement['field']) =>
    sumOfFen(bill.benefit.paid.filter(({ supplement }) => supplement.field === field).map(({ here }) => here))
  const amounts: Record<string, Fen> = {
    medfee_sumamt: settlement.split.total,
    fulamt_ownpay_amt: settlement.split.selfPaid,
    overlmt_selfpay: settlement.split.overLimit,
    preselfpay_amt: settlement.split.firstSelfPay,
    inscp_scp_amt: settlement.split.inScope,
    act_pay_dedc: deductible,
    hifp_pay: pooled,
    cvlserv_pay: paidBy('cvlserv_pay'),
    hifes_pay: paidBy('hifes_pay'),
    hifmi_pay: employee ? ZERO : upper,
    hifob_pay: employee ? upper : ZERO,
    hifdm_pay: paidBy('hifdm_pay'),
    maf_pay: assistance,
    oth_pay: paidBy('oth_pay'),
    fund_pay_sumamt: settlement.fund,
    psn_part_amt: settlement.person,
    acct_pay: settlement.account,
    psn_cash_pay: settlement.cash,
    hosp_part_amt: settlement.hospital,
    acct_mulaid_pay: familyPart(bill),
  }
  return Object.fromEntries(Object.entries(amounts).map(([field, amount]) => [field, yuan(amount)]))
}

/**
 * What the insured place pays only when it is claimed there, as JSON text: fund type → yuan. No source names a field for it; a
 * platform that has none leaves it out. [A]
 */
function laterContent(later: Bill['benefit']['later']): string {
  return JSON.stringify({
    CLAIM_LATER: Object.fromEntries(later.map(({ type, amount }) => [type, yuanFromFen(amount)])),
  })
}

/** The answer of a trial or a settlement; a trial has no settlement id. */
export function wireOf(
  province: Province,
  bill: Bill,
  at: Instant,
  settlementId: string | null,
  messageId: string,
): WireSettlement {
  const { insured, visit, benefit } = bill
  const { person, insurance } = insured
  const { settlement } = benefit
  const before = province.book.balance(person.number, insurance.insutype, insurance.opening)
  const head = {
    mdtrt_id: visit.mdtrt_id,
    ...(settlementId === null ? {} : { setl_id: settlementId }),
    psn_no: person.number,
    psn_name: person.name,
    psn_cert_type: person.documentKind,
    certno: person.document,
    gend: person.gender,
    naty: '01',
    brdy: person.birth,
    age: ageOn(person, dayOf(at)),
    insutype: insurance.insutype,
    psn_type: insurance.psnType,
    cvlserv_flag: person.supplements.includes('civilServant') ? '1' : '0',
    setl_time: shanghaiTime(at),
    mdtrt_cert_type: bill.credential,
    med_type: bill.category,
    pool_prop_selfpay: fourDecimals(benefit.ratio),
    balc: yuan(asFen(before - settlement.account + familyPart(bill))),
    medins_setl_id: messageId,
    clr_optins: cityOf(insurance.area),
    clr_way: '1',
    clr_type: CLEARING[visit.kind],
    ...(benefit.later.length > 0 && { exp_content: laterContent(benefit.later) }),
  }
  const detail = settlement.funds.map(({ type, amount }) => ({
    fund_pay_type: type,
    inscp_scp_amt: BASIC_FUNDS.includes(type) ? yuan(settlement.split.inScope) : 0,
    crt_payb_lmt_amt: 0,
    fund_payamt: yuan(amount),
    fund_pay_type_name: FUND_NAMES[type] ?? '',
    setl_proc_info: '',
  }))
  return { head, money: moneyIn(bill), detail }
}

/** The output of 2206, 2207, 2303, 2304. */
export function settledOutput({ head, money, detail }: WireSettlement) {
  return { setlinfo: { ...head, ...money }, setldetail: detail }
}

/** Turns a sign without making a negative zero. */
function turned(amount: number): number {
  return amount === 0 ? 0 : -amount
}

/** The negative of a settlement, under the id, time and message of its cancellation. */
export function cancelledWire(
  original: WireSettlement,
  change: Record<string, string | number>,
): WireSettlement {
  const money = Object.fromEntries(
    Object.entries(original.money).map(([name, value]) => [name, turned(value)]),
  )
  const detail = original.detail.map((row) => ({
    ...row,
    inscp_scp_amt: turned(Number(row.inscp_scp_amt)),
    fund_payamt: turned(Number(row.fund_payamt)),
  }))
  return { head: { ...original.head, ...change }, money, detail }
}

/** The output of 2208, 2103 and 2305. The first two spell the cash amount `pdn_cash_pay`. */
export function cancelledOutput({ head, money, detail }: WireSettlement, outpatient: boolean): unknown {
  const { psn_cash_pay: cash = 0, ...others } = money
  const { mdtrt_id, setl_id, clr_optins, setl_time, pool_prop_selfpay, balc, medins_setl_id } = head
  const fields = { mdtrt_id, setl_id, clr_optins, setl_time, pool_prop_selfpay, balc, medins_setl_id }
  const setlinfo = { ...fields, ...others, [outpatient ? 'pdn_cash_pay' : 'psn_cash_pay']: cash }
  return { setlinfo, setldetail: detail }
}

/** The output of 5203: personal total and cash have other names there. */
export function queriedOutput(row: SettlementRow, visit: Visit, level: string, refunded: boolean): unknown {
  const { head, money, detail } = JSON.parse(row.wire) as WireSettlement
  const { psn_part_amt: person = 0, psn_cash_pay: cash = 0, ...others } = money
  const relation = relationOf(parseArea(row.insured_area), parseArea(row.treatment_area))
  const place = { local: '2', intra: '3', cross: '4' }[relation]
  const setlinfo = {
    ...head,
    ...others,
    psn_pay: person,
    cash_payamt: cash,
    flxempe_flag: '0',
    nwb_flag: '0',
    insu_optins: row.insured_area,
    emp_name: '',
    pay_loc: place,
    fixmedins_code: row.fixmedins_code,
    fixmedins_name: visit.fixmedins_name,
    hosp_lv: '',
    fixmedins_poolarea: row.treatment_area,
    lmtpric_hosp_lv: '',
    dedc_hosp_lv: level,
    begndate: dayOf(visit.begins as Instant),
    enddate: dayOf((visit.ends ?? visit.begins) as Instant),
    refd_setl_flag: refunded ? '1' : '0',
    year: String(row.year),
    dise_codg: visit.dise_codg,
    dise_name: '',
    invono: '',
    opter_id: '',
    opter_name: '',
    opt_time: shanghaiTime(row.at as Instant),
  }
  return { setlinfo, setldetail: detail }
}
