/** Monthly settling apart of out-of-area settlements inside a province: details 3260, confirmation 3261, its taking back 3262. */
import { parseArea, relationOf } from '../domain/area.ts'
import { type Day, dayOf, type Instant, shanghaiTime } from '../domain/day.ts'
import { asFen } from '../domain/money.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { requiredText, sectionOf, textOf, yuan } from './fields.ts'
import type { Handler, Province } from './province.ts'
import { standing, statedRows } from './statement.ts'

/** Confirmations of out-of-area settlements, by the message that made them. */
export const CONFIRMATIONS = `
CREATE TABLE IF NOT EXISTS confirmations (setl_id TEXT PRIMARY KEY, fixmedins_code TEXT NOT NULL, msgid TEXT NOT NULL,
  month TEXT NOT NULL) WITHOUT ROWID;
`

/** Rows that one 3260 shows at most. [F: PJ SD] */
const SHOWN_MAX = 100

function monthOf(node: Node): string {
  const [year, month] = [requiredText(node, 'trt_year'), requiredText(node, 'trt_month')]
  return `${year}-${month.padStart(2, '0')}`
}

/** An id of the provincial pattern: a letter, the home city, the day, a number. They are not those of the settlement. [F: PJ] */
function provincialId(
  letter: 'A' | 'S',
  { insured_area, at, serial }: { insured_area: string; at: number; serial: number },
) {
  const day = dayOf(at as Instant)
    .replaceAll('-', '')
    .slice(2)
  return `${letter}${insured_area.slice(0, 4)}00${day}${String(serial).padStart(7, '0')}`
}

/** Out-of-area settlements inside the province in a month: those of other provinces are no part of it. [F] */
function outOfArea(province: Province, { institution }: Message, month: string) {
  const days = { from: `${month}-01` as Day, until: `${month}-31` as Day }
  return standing(statedRows(province, institution, days))
    .filter(({ row }) => relationOf(parseArea(row.insured_area), parseArea(row.treatment_area)) === 'intra')
    .map(({ row }, index) => ({
      row,
      shown: {
        ...{ seqno: index + 1, mdtrtarea: row.treatment_area, medins_no: row.fixmedins_code },
        ...{ certno: province.people.get(row.psn_no)?.document ?? '', mdtrt_id: provincialId('A', row) },
        ...{ mdtrt_setl_time: shanghaiTime(row.at as Instant), setl_sn: provincialId('S', row) },
        ...{
          fulamt_advpay_flag: '0',
          medfee_sumamt: yuan(asFen(row.total)),
          optins_pay_sumamt: yuan(asFen(row.fund)),
        },
      },
    }))
}

/** 3260 提取异地清分明细, from a row on. */
export const fetchDetails: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const first = Math.max(1, Number(requiredText(node, 'startrow')))
  const rows = outOfArea(province, message, monthOf(node))
  return { data: rows.slice(first - 1, first - 1 + SHOWN_MAX).map(({ shown }) => shown) }
}

/** 3261 异地清分结果确认. All rows of a message are confirmed, or none. */
export const confirmDetails: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const month = monthOf(node)
  const given = message.input.detail
  const rows = (Array.isArray(given) ? given : [given]) as readonly Node[]
  if (Number(requiredText(node, 'totalrow')) !== rows.length)
    throw new Refusal('E503', `总行数与明细${rows.length}行不一致`)
  const held = new Map(outOfArea(province, message, month).map((one) => [one.shown.setl_sn, one]))
  for (const [index, row] of rows.entries()) {
    const told = `第${index + 1}行`
    const found = held.get(requiredText(row, 'setl_sn'))
    if (!found) throw new Refusal('E000', `${told}不在本月清分明细中`)
    const { shown } = found
    const isSame = (field: 'medfee_sumamt' | 'optins_pay_sumamt') => Number(row[field]) === shown[field]
    if (textOf(row, 'mdtrt_id') !== shown.mdtrt_id || textOf(row, 'certno') !== shown.certno)
      throw new Refusal('E503', `${told}的就诊登记号或证件号码与清分明细不一致`)
    if (!isSame('medfee_sumamt') || !isSame('optins_pay_sumamt'))
      throw new Refusal('E503', `${told}的金额与清分明细不一致`)
    const { setl_id } = found.row
    const sql = 'SELECT 1 AS found FROM confirmations WHERE setl_id = ?'
    if (province.book.store.row(sql, setl_id)) throw new Refusal('E504', `${told}已确认，不能重复确认`)
    const confirmed = { setl_id, fixmedins_code: message.institution, msgid: message.id, month }
    province.book.store.insert('confirmations', confirmed)
  }
  return null
}

/** 3262 异地清分结果确认回退, by the message id of the confirmation. */
export const takeBackConfirmation: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const id = requiredText(node, 'otransid')
  const sql = 'DELETE FROM confirmations WHERE msgid = ? AND fixmedins_code = ? AND month = ?'
  const taken = province.book.store.run(sql, id, message.institution, monthOf(node))
  if (taken === 0) throw new Refusal('E000', `未查询到可回退的确认${id}`)
  return null
}
