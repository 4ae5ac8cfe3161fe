/** The settlement list (医疗保障基金结算清单): upload 4101 and 4101A, states 4102, what stands 4103, quality control 4104, counts 4105. */
import { type Instant, shanghaiTime } from '../domain/day.ts'
import { asFen } from '../domain/money.ts'
import type { SettlementRow } from './book.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { nodesIn, requiredText, sectionOf, textOf, yuan } from './fields.ts'
import type { Handler, Province } from './province.ts'
import { faultsOfList, type ListFault, type ListSent } from './settlement-list-rules.ts'
import { standing, statedRows } from './statement.ts'
import type { WireSettlement } from './wire.ts'

/** One list of a settlement. `findings` are those of the quality control, as JSON. */
export const SETTLEMENT_LISTS = `
CREATE TABLE IF NOT EXISTS settlement_lists (setl_id TEXT PRIMARY KEY, setl_list_id TEXT NOT NULL,
  fixmedins_code TEXT NOT NULL, psn_no TEXT NOT NULL, mdtrt_id TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL,
  sent TEXT NOT NULL, findings TEXT NOT NULL) WITHOUT ROWID;
`

type ListRow = {
  setl_id: string
  setl_list_id: string
  fixmedins_code: string
  psn_no: string
  mdtrt_id: string
  /** 0 draft, 1 submitted, 2 accepted, 3 refused. [F: T] */
  state: string
  at: number
  sent: string
  findings: string
}

const [DRAFT, SUBMITTED, ACCEPTED, REFUSED] = ['0', '1', '2', '3']
const STATES: Readonly<Record<string, string>> = {
  '0': '草稿',
  '1': '已提交',
  '2': '审核通过',
  '3': '审核不通过',
}

/** What a state may become by 4102: 0→1, 3→0 or 1, and no other way. [F: T] */
const STEPS: Readonly<Record<string, readonly string[]>> = { '0': ['1'], '3': ['0', '1'] }

const listOf = (province: Province, setl_id: string) =>
  province.book.store.row<ListRow>('SELECT * FROM settlement_lists WHERE setl_id = ?', setl_id)

/** Lists of an institution, as they stand now: what was submitted has been judged by whoever looks. [A] */
function listsOf(province: Province, { institution }: Message): ListRow[] {
  const judged = `UPDATE settlement_lists SET state = CASE WHEN findings = '[]' THEN ? ELSE ? END
    WHERE fixmedins_code = ? AND state = ?`
  province.book.store.run(judged, ACCEPTED!, REFUSED!, institution, SUBMITTED!)
  return province.book.store.rows<ListRow>(
    'SELECT * FROM settlement_lists WHERE fixmedins_code = ? ORDER BY at, setl_id',
    institution,
  )
}

/** The settlement that a list is of. @throws {Refusal} if it does not stand, or is another's */
function settlementOf(province: Province, { institution }: Message, head: Node): SettlementRow {
  const row = province.book.settlement(requiredText(head, 'setl_id'))
  const person = textOf(head, 'psn_no')
  const isOwn =
    row?.fixmedins_code === institution &&
    row.mdtrt_id === requiredText(head, 'mdtrt_id') &&
    (person === '' || row.psn_no === person)
  if (!isOwn || row.state === 'reversed' || row.init_setl_id !== null)
    throw new Refusal('E000', '未查询到结算清单对应的结算记录')
  if (province.book.cancellationOf(row.setl_id)) throw new Refusal('E000', '该结算已撤销，不能上传结算清单')
  return row
}

function requireIdentity(head: Node, row: SettlementRow): void {
  const { psn_name, certno } = (JSON.parse(row.wire) as WireSettlement).head
  for (const [field, held] of Object.entries({ psn_name, certno })) {
    if (textOf(head, field) !== '' && textOf(head, field) !== held)
      throw new Refusal('E203', `${field}与结算记录不一致`)
  }
}

/** The faults in as few words as an answer has room for; 4104 has the findings. */
function toldTogether(faults: readonly ListFault[]): string {
  return faults.map(({ field, text }) => `${field}：${text}`).join('；')
}

/** 4101 and 4101A 结算清单上传. A draft or a refused one is replaced; what is submitted or accepted is not. */
export const uploadList: Handler = (province, message) => {
  const head = sectionOf(message, 'setlinfo')
  const row = settlementOf(province, message, head)
  requireIdentity(head, row)
  const before = listOf(province, row.setl_id)
  if (before?.state === SUBMITTED || before?.state === ACCEPTED)
    throw new Refusal('E504', `该结算的清单${STATES[before.state]}，不能再上传`)
  const list: ListSent = { head, rows: (node) => nodesIn(message.input[node]) }
  const faults = faultsOfList(list, row)
  const refusing = faults.filter(({ level }) => level === 'must')
  if (refusing.length > 0)
    throw new Refusal('E503', `结算清单有${refusing.length}处不符。${toldTogether(refusing)}`)
  const state = textOf(head, 'stas_type') || DRAFT!
  if (state !== DRAFT && state !== SUBMITTED) throw new Refusal('E000', '上传时stas_type只能为0或1')
  const serial = String(province.book.next('settlement-list')).padStart(8, '0')
  // Nine characters are the width of its id in Hunan. [F: T]
  const setl_list_id = before?.setl_list_id ?? `L${serial}`
  province.book.store.run('DELETE FROM settlement_lists WHERE setl_id = ?', row.setl_id)
  province.book.store.insert('settlement_lists', {
    ...{ setl_id: row.setl_id, setl_list_id, fixmedins_code: row.fixmedins_code, psn_no: row.psn_no },
    ...{ mdtrt_id: row.mdtrt_id, state, at: province.now(), sent: JSON.stringify(message.input) },
    findings: JSON.stringify(faults),
  })
  return { setl_list_id }
}

/** 4102 状态修改: all rows of a message, or none. */
export const changeListStates: Handler = (province, message) => {
  const data = sectionOf(message, 'data')
  const rows = nodesIn(data.stastinfo)
  if (rows.length === 0) throw new Refusal('E000', 'stastinfo不能为空')
  listsOf(province, message)
  for (const [index, row] of rows.entries()) {
    const told = `第${index + 1}行`
    const [id, to] = [requiredText(row, 'setl_id'), requiredText(row, 'stas_type')]
    const list = listOf(province, id)
    const isOwn = list?.fixmedins_code === message.institution
    if (!isOwn || list.psn_no !== requiredText(row, 'psn_no'))
      throw new Refusal('E000', `${told}未查询到已上传的结算清单`)
    if (!STEPS[list.state]?.includes(to))
      throw new Refusal('E000', `${told}清单${STATES[list.state]}，不能改为${STATES[to] ?? to}`)
    province.book.store.run('UPDATE settlement_lists SET state = ? WHERE setl_id = ?', to, id)
  }
  return null
}

/** Names that 4103 has for what 4101 calls otherwise. [F] */
const SHOWN_AS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  iteminfo: {
    med_chrgitm: 'med_chrgitm_type',
    amt: 'item_sumamt',
    claa_sumfee: 'item_claa_amt',
    clab_amt: 'item_clab_amt',
    fulamt_ownpay_amt: 'item_ownpay_amt',
    oth_amt: 'item_oth_amt',
  },
}

const NODES = ['payinfo', 'opspdiseinfo', 'diseinfo', 'iteminfo', 'oprninfo', 'icuinfo', 'bldinfo']

/** 4103 清单查询. Identity and money that the newer form leaves out come from the settlement. */
export const queryList: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const [id, person] = [requiredText(node, 'setl_id'), requiredText(node, 'psn_no')]
  const list = listsOf(province, message).find((one) => one.setl_id === id && one.psn_no === person)
  const row = list && province.book.settlement(id)
  if (!row) throw new Refusal('E000', '未查询到已上传的结算清单')
  const { psn_name, psn_cert_type, certno, gend, brdy, insutype } = (JSON.parse(row.wire) as WireSettlement)
    .head
  const sent = JSON.parse(list.sent) as Record<string, unknown>
  const ids = { setl_id: id, mdtrt_id: row.mdtrt_id, psn_no: row.psn_no }
  const setlinfo = {
    ...{ psn_name, psn_cert_type, certno, gend, brdy, insutype, insu_admdvs: row.insured_area },
    ...{ acct_pay: yuan(asFen(row.account)), fixmedins_code: row.fixmedins_code },
    ...nodesIn(sent.setlinfo)[0],
    ...{ ...ids, setl_list_sn: list.setl_list_id, stas_type: list.state },
  }
  const renamed = (name: string, one: Node) =>
    Object.fromEntries(Object.entries(one).map(([field, value]) => [SHOWN_AS[name]?.[field] ?? field, value]))
  const lists = NODES.map((name) => [
    name,
    nodesIn(sent[name]).map((one) => ({ ...ids, ...renamed(name, one) })),
  ])
  return { setlinfo, ...Object.fromEntries(lists) }
}

/** How a place spells the result of a check. [F: T] */
const CHECKED_AS: Readonly<Record<string, string>> = { '43': 'qltctrl_chk_rslt' }

/** Rows of one page at most. [A] */
const PAGE_MAX = 100

/** 4104 质控结果查询: what was found in lists; rows without a node, each with its details. */
export const queryFindings: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const asked = (field: string) => textOf(node, field)
  const size = Math.min(PAGE_MAX, Number(asked('page_size') || PAGE_MAX))
  const first = (Math.max(1, Number(asked('page_num') || 1)) - 1) * size
  const result = CHECKED_AS[message.treatment.slice(0, 2)] ?? 'qltctrl_chkrslt'
  const rows = listsOf(province, message)
    .map((list) => ({ list, findings: JSON.parse(list.findings) as ListFault[] }))
    .filter(
      ({ list }) =>
        (!asked('setl_id') || list.setl_id === asked('setl_id')) &&
        (!asked('psn_no') || list.psn_no === asked('psn_no')) &&
        (!asked('setl_ym') || monthOf(list) === asked('setl_ym')),
    )
  return rows.slice(first, first + size).map(({ list, findings }) => {
    const retn_flag = list.state === REFUSED ? '1' : '0'
    const person = province.people.get(list.psn_no)
    return {
      ...{
        fixmedins_code: list.fixmedins_code,
        fixmedins_name: message.institutionName,
        setl_ym: monthOf(list),
      },
      ...{ setl_id: list.setl_id, psn_no: list.psn_no, psn_name: person?.name ?? '' },
      ...{
        qltctrl_rslt: findings.length === 0 ? '1' : '0',
        err_lv: findings.length === 0 ? '0' : '2',
        retn_flag,
      },
      ...{ qltctrl_ver: '1', psn_cert_type: person?.documentKind ?? '', cert_no: person?.document ?? '' },
      detailinfo: findings.map(({ field, text }) => ({
        ...{ exam_data_fld: field, [result]: text, err_lv: '2', retn_flag, init_val: '' },
      })),
    }
  })
}

const monthOf = ({ at }: ListRow) =>
  shanghaiTime(at as Instant)
    .slice(0, 7)
    .replace('-', '')

/** 4105 数量统计: stays that a list is wanted of, and those that have one. In camel case. [F: T] */
export const countLists: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const [from, until] = ['stt_begntime', 'stt_endtime'].map((field) => textOf(node, field).slice(0, 10))
  const days = { from: (from || '0000-01-01') as never, until: (until || '9999-12-31') as never }
  const stays = standing(statedRows(province, message.institution, days)).filter(
    ({ row }) => row.infno === '2304',
  )
  const uploaded = new Set(listsOf(province, message).map(({ setl_id }) => setl_id))
  return {
    needUploadCnt: stays.length,
    uploadedCnt: stays.filter(({ row }) => uploaded.has(row.setl_id)).length,
  }
}
