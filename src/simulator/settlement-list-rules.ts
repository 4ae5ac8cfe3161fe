/**
 * What a settlement list (4101, 4101A) must hold: it is that of the settlement that it names, to the fen, and keeps the rules of
 * the filling specification. All faults are told at once. Source: settlement-list facts, Validation rules [F], 1 to 10.
 */
import { asFen, type Fen, sumOfFen, yuanFromFen } from '../domain/money.ts'
import type { SettlementRow } from './book.ts'
import type { Node } from './envelope.ts'
import { moneyOf, textOf } from './fields.ts'

/** A list as it was sent, node by node. */
export interface ListSent {
  readonly head: Node
  rows(node: string): readonly Node[]
}

/** A fault: `must` refuses the upload, `should` is a finding of the quality control. */
export interface ListFault {
  readonly level: 'must' | 'should'
  readonly field: string
  readonly text: string
}

const must = (field: string, text: string): ListFault => ({ level: 'must', field, text })
const should = (field: string, text: string): ListFault => ({ level: 'should', field, text })

/** Rows of the personal account among the funds: they are no part of the fund's payment. [F] */
const ACCOUNT_ROWS: readonly string[] = ['310200']

const NO_MONEY = asFen(0)
const amount = (node: Node, field: string): Fen => moneyOf(node, field) ?? NO_MONEY
const isGiven = (node: Node, field: string) => textOf(node, field) !== ''

function differs(field: string, name: string, own: Fen, theirs: Fen): ListFault[] {
  if (own === theirs) return []
  return [must(field, `${name}${yuanFromFen(own)}元与结算${yuanFromFen(theirs)}元不一致`)]
}

/** Money of the list against that of the settlement; what a list of the newer form does not have is not asked for. */
function moneyFaults({ head, rows }: ListSent, row: SettlementRow): ListFault[] {
  const [funds, items] = [rows('payinfo'), rows('iteminfo')]
  const share = sumOfFen([amount(head, 'psn_selfpay'), amount(head, 'psn_ownpay')])
  const own = funds.filter((one) => !ACCOUNT_ROWS.includes(textOf(one, 'fund_pay_type')))
  const paid = sumOfFen(own.map((one) => amount(one, 'fund_payamt')))
  const parts = ['claa_sumfee', 'clab_amt', 'fulamt_ownpay_amt', 'oth_amt']
  return [
    ...(isGiven(head, 'psn_selfpay')
      ? differs('psn_selfpay', '个人自付与个人自费之和', share, asFen(row.person))
      : []),
    ...(isGiven(head, 'acct_pay')
      ? differs('acct_pay', '个人账户支出', amount(head, 'acct_pay'), asFen(row.account))
      : []),
    ...(isGiven(head, 'psn_cashpay')
      ? differs('psn_cashpay', '个人现金支付', amount(head, 'psn_cashpay'), asFen(row.cash))
      : []),
    ...(funds.length > 0 ? differs('payinfo', '基金支付合计', paid, asFen(row.fund)) : []),
    ...(items.length > 0
      ? differs(
          'iteminfo',
          '收费项目金额合计',
          sumOfFen(items.map((one) => amount(one, 'amt'))),
          asFen(row.total),
        )
      : []),
    ...items.flatMap((one, index) =>
      amount(one, 'amt') === sumOfFen(parts.map((part) => amount(one, part)))
        ? []
        : [must(`iteminfo[${index}].amt`, '金额与甲类、乙类、自费、其他金额之和不一致')],
    ),
  ]
}

/** Days/hours/minutes: `1/13/24`. [F: rule 3] */
const DURATION = /^\d{1,3}\/(?:[01]?\d|2[0-3])\/[0-5]?\d$/
const DURATIONS = ['vent_used_dura', 'pwcry_bfadm_coma_dura', 'pwcry_afadm_coma_dura']
/** Grams of a newborn: to ten. [F: rule 2] */
const WEIGHTS = ['nwb_bir_wt', 'nwb_adm_wt']
/** Ways of discharge that another institution takes over from. [F: rule 4] */
const TAKEN_OVER: readonly string[] = ['2', '3']
const NEEDED: Readonly<Record<string, string>> = {
  bill_code: '票据代码',
  bill_no: '票据号码',
  medins_fill_dept: '医疗机构填报部门',
  medins_fill_psn: '医疗机构填报人',
}

function headFaults({ head, rows }: ListSent): ListFault[] {
  const said = (field: string) => textOf(head, field)
  const counts = { diag_code_cnt: 'diseinfo', oprn_oprt_code_cnt: 'oprninfo' }
  return [
    ...Object.entries(NEEDED).flatMap(([field, name]) =>
      isGiven(head, field) ? [] : [must(field, `${name}不能为空`)],
    ),
    ...(said('age') !== '' && Number(said('age')) < 1 && said('nwb_age') === ''
      ? [must('nwb_age', '不足1周岁须填写天龄')]
      : []),
    ...WEIGHTS.filter((field) => isGiven(head, field) && Number(said(field)) % 10 !== 0).map((field) =>
      must(field, '新生儿体重精确到10克'),
    ),
    ...DURATIONS.filter((field) => isGiven(head, field) && !DURATION.test(said(field))).map((field) =>
      must(field, '时长格式为天/小时/分钟'),
    ),
    ...['acp_medins_name', 'acp_optins_code']
      .filter((field) => isGiven(head, field) && !TAKEN_OVER.includes(said('dscg_way')))
      .map((field) => must(field, '仅离院方式为2或3时填写拟接收机构')),
    ...Object.entries(counts).flatMap(([field, node]) =>
      isGiven(head, field) && Number(said(field)) !== rows(node).length
        ? [must(field, `与${node}的${rows(node).length}行不一致`)]
        : [],
    ),
    ...(said('setl_begn_date') > said('setl_end_date')
      ? [must('setl_begn_date', '结算开始日期晚于结束日期')]
      : []),
    ...(said('adm_time') !== '' && said('dscg_time') !== '' && said('adm_time') > said('dscg_time')
      ? [must('adm_time', '入院时间晚于出院时间')]
      : []),
    ...(isGiven(head, 'chfpdr_code') ? [] : [should('chfpdr_code', '未填写主诊医师代码')]),
    ...(isGiven(head, 'dscg_way') ? [] : [should('dscg_way', '未填写离院方式')]),
  ]
}

function rowFaults({ rows }: ListSent): ListFault[] {
  const diagnoses = rows('diseinfo')
  const main = diagnoses.filter((row) => textOf(row, 'maindiag_flag') === '1').length
  const seen = new Set<string>()
  const operations = rows('oprninfo').flatMap((row, index) => {
    const at = ['oprn_oprt_begntime', 'oprn_oprt_date'].map((field) => textOf(row, field)).find(Boolean) ?? ''
    const key = `${textOf(row, 'oprn_oprt_code')} ${at}`
    if (seen.has(key)) return [must(`oprninfo[${index}]`, '同一手术操作同一时间重复')]
    seen.add(key)
    return []
  })
  return [
    ...diagnoses.flatMap((row, index) =>
      isGiven(row, 'diag_code') && isGiven(row, 'diag_name')
        ? []
        : [must(`diseinfo[${index}].diag_code`, '诊断行须有代码和名称，空行不上传')],
    ),
    ...(main > 1 ? [must('diseinfo', `主诊断只能有一个，现有${main}个`)] : []),
    ...(diagnoses.length > 0 && main === 0 ? [should('diseinfo', '未标明主诊断')] : []),
    ...operations,
    ...rows('icuinfo').flatMap((row, index) => {
      const place = `icuinfo[${index}].scs_cutd_sum_dura`
      const isTurned = textOf(row, 'scs_cutd_inpool_time') > textOf(row, 'scs_cutd_exit_time')
      if (isTurned) return [must(place, '重症监护进入时间晚于退出时间')]
      return DURATION.test(textOf(row, 'scs_cutd_sum_dura')) ? [] : [must(place, '时长格式为天/小时/分钟')]
    }),
  ]
}

/** Everything that is wrong with a list of a settlement. */
export function faultsOfList(list: ListSent, row: SettlementRow): ListFault[] {
  return [...moneyFaults(list, row), ...headFaults(list), ...rowFaults(list)]
}
