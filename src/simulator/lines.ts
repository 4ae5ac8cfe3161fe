/** Fee lines: 2204 2205 outpatient, 2301 2302 inpatient. */
import { parseArea } from '../domain/area.ts'
import { asFen, decimalOf, type Fen, lineAmount, PRICE, QUANTITY } from '../domain/money.ts'
import type { Line, Visit } from './book.ts'
import { type Item, type LineSplit, splitLine } from './catalogue.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { moneyOf, requiredText, rowsOf, sectionOf, textOf, yuan } from './fields.ts'
import { type Handler, insuredOf, openVisitOf, type Province } from './province.ts'
import { fourDecimals } from './ratio.ts'
import { catalogOf } from './region.ts'

/** Price limit of an item without one. */
const NO_LIMIT = 999_999

/** Lines of one upload; the national platform takes a hundred, clients differ. */
const MAX_LINES = 1000

function amountOf(node: Node, serial: string): Fen {
  const amount = moneyOf(node, 'det_item_fee_sumamt')
  const computed = lineAmount(
    decimalOf(requiredText(node, 'pric'), PRICE),
    decimalOf(requiredText(node, 'cnt'), QUANTITY),
  )
  if (amount === null || computed === null || Math.abs(amount - computed) > 1) {
    throw new Refusal('E503', `明细${serial}金额不等于单价乘以数量`)
  }
  return amount
}

/** A refund line names its original, of the same item, and takes back no more than is left of it. */
function checkRefund(lines: readonly Line[], node: Node, serial: string, amount: Fen): void {
  const originalSerial = textOf(node, 'init_feedetl_sn')
  const original = lines.find((line) => line.feedetl_sn === originalSerial)
  if (!original || original.med_list_codg !== textOf(node, 'med_list_codg')) {
    throw new Refusal('E503', `负数明细${serial}未指向原费用明细`)
  }
  const earlier = lines.filter((line) => line.init_feedetl_sn === originalSerial)
  const left = earlier.reduce((sum, line) => sum + line.total, original.total)
  if (left + amount < 0) throw new Refusal('E503', `负数明细${serial}退费超过原费用`)
}

function answered(node: Node, serial: string, split: LineSplit): unknown {
  return {
    feedetl_sn: serial,
    det_item_fee_sumamt: yuan(split.total),
    cnt: Number(textOf(node, 'cnt')),
    pric: Number(textOf(node, 'pric')),
    pric_uplmt_amt: split.limit === null ? NO_LIMIT : yuan(split.limit),
    selfpay_prop: fourDecimals(split.share),
    fulamt_ownpay_amt: yuan(split.selfPaid),
    overlmt_amt: yuan(split.overLimit),
    preselfpay_amt: yuan(split.firstSelfPay),
    inscp_scp_amt: yuan(split.inScope),
    chrgitm_lv: split.item.class,
    med_chrgitm_type: split.item.chargeType,
    bas_medn_flag: '0',
    hi_nego_drug_flag: '0',
    chld_medc_flag: '0',
    list_sp_item_flag: '0',
    lmt_used_flag: '0',
    drt_reim_flag: '0',
    memo: '',
  }
}

/** A line with its split, and how the answer presents it. */
interface Split {
  readonly line: Line
  readonly item: Item
  readonly answer: unknown
}

/** Splits one line; books nothing. @param lines those before it: none may bear its number */
export function splitNode(
  province: Province,
  visit: Pick<Visit, 'mdtrt_id' | 'treatment_area' | 'fixmedins_code'>,
  lines: readonly Line[],
  node: Node,
  batch: string,
): Split {
  const serial = requiredText(node, 'feedetl_sn')
  if (lines.some((line) => line.feedetl_sn === serial))
    throw new Refusal('E504', `费用明细流水号${serial}重复`)
  const code = requiredText(node, 'med_list_codg')
  const item = province.itemOf(code)
  if (!item) throw new Refusal('E501', `明细${serial}的医疗目录编码不在目录内`)
  const amount = amountOf(node, serial)
  if (amount < 0) checkRefund(lines, node, serial, amount)
  const catalog = catalogOf(parseArea(visit.treatment_area))
  const level = province.levelOf(visit.fixmedins_code)
  const split = splitLine(item, amount, requiredText(node, 'cnt'), catalog, level)
  const line: Line = {
    mdtrt_id: visit.mdtrt_id,
    feedetl_sn: serial,
    chrg_bchno: batch,
    dise_codg: textOf(node, 'dise_codg'),
    med_list_codg: code,
    init_feedetl_sn: textOf(node, 'init_feedetl_sn'),
    total: split.total,
    self_paid: split.selfPaid,
    over_limit: split.overLimit,
    first_self_pay: split.firstSelfPay,
    in_scope: split.inScope,
  }
  return { line, item, answer: answered(node, serial, split) }
}

/** Splits one line and books it. */
function uploaded(province: Province, visit: Visit, lines: Line[], node: Node, batch: string): unknown {
  const { line, answer } = splitNode(province, visit, lines, node, batch)
  province.book.store.insert('lines', line)
  lines.push(line)
  return answer
}

/** Whether a line belongs to a settlement in force: the batch of an outpatient visit, or the whole stay. */
function isSettled(province: Province, line: Line): boolean {
  const standing = province.book.standing(line.mdtrt_id)
  return standing.some((row) => row.chrg_bchno === '' || row.chrg_bchno === line.chrg_bchno)
}

function upload(province: Province, message: Message, kind: Visit['kind']): unknown {
  const nodes = rowsOf(message, 'feedetail')
  if (nodes.length > MAX_LINES) throw new Refusal('E000', `一次最多上传${MAX_LINES}条明细`)
  insuredOf(province, message, nodes[0]!, '')
  const visits = new Map<string, { visit: Visit; lines: Line[]; batches: Set<string> }>()
  const result = nodes.map((node) => {
    const id = requiredText(node, 'mdtrt_id')
    const visit = openVisitOf(province, message, node)
    let own = visits.get(id)
    if (!own) {
      if (visit.kind !== kind) throw new Refusal('E000', '就诊类别与交易不符')
      own = { visit, lines: province.book.lines(id), batches: new Set() }
      visits.set(id, own)
    }
    const batch = kind === 'outpatient' ? requiredText(node, 'chrg_bchno') : ''
    if (!own.batches.has(batch)) {
      const settled = province.book.standing(id).some((row) => row.chrg_bchno === batch)
      if (settled) throw new Refusal('E504', '该收费批次或住院已结算，不能再上传明细')
      own.batches.add(batch)
    }
    return uploaded(province, own.visit, own.lines, node, batch)
  })
  return { result }
}

/** 2204 门诊费用明细信息上传. All lines or none. */
export const uploadOutpatientLines: Handler = (province, message) => upload(province, message, 'outpatient')

/** 2301 住院费用明细上传. All lines or none. */
export const uploadInpatientLines: Handler = (province, message) => upload(province, message, 'inpatient')

/** Number that means every unsettled line of a visit. */
const EVERY_LINE = '0000'

/** 2205 门诊费用明细信息撤销: a batch, or with `0000` every line that is not settled. Nothing there is no fault. */
export const removeBatch: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const visit = openVisitOf(province, message, node)
  const batch = requiredText(node, 'chrg_bchno')
  const all = batch === EVERY_LINE
  for (const line of province.book.lines(visit.mdtrt_id, all ? undefined : batch)) {
    const settled = isSettled(province, line)
    if (settled && !all) throw new Refusal('E504', '该收费批次已结算，不能撤销明细')
    if (!settled) province.book.removeLine(line)
  }
  return null
}

/** 2302 住院费用明细撤销: lines by their serial, or `0000` for all. */
export const removeLines: Handler = (province, message) => {
  for (const node of rowsOf(message, 'data')) {
    const visit = openVisitOf(province, message, node)
    const serial = requiredText(node, 'feedetl_sn')
    const lines = province.book
      .lines(visit.mdtrt_id)
      .filter((line) => serial === EVERY_LINE || line.feedetl_sn === serial)
    for (const line of lines) {
      if (isSettled(province, line)) throw new Refusal('E504', '该住院已结算，不能撤销明细')
      province.book.removeLine(line)
    }
  }
  return null
}

/** The sum of a column of lines. */
export function sumOf(
  lines: readonly Line[],
  column: 'total' | 'self_paid' | 'over_limit' | 'first_self_pay' | 'in_scope',
): Fen {
  return asFen(lines.reduce((sum, line) => sum + line[column], 0))
}
