/** After the counter: totals, itemised reconciliation by file, claims, monthly confirmation. */
import type { Fields } from '../../client/message.ts'
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { type Moment, nodeOf, rowsOf } from './lane.ts'
import { settledVisit } from './settled.ts'

/** Whether the books agree, in either of the two notations in use. */
const isBalanced = (result: unknown) => /^0+$/.test(String(result))
/** A day without settlements. */
const BEFORE = '2000-01-01'
const NO_MONEY = { medfee_sumamt: 0, fund_pay_sumamt: 0, acct_pay: 0, fixmedins_setl_cnt: 0 }
const NO_REFUNDS = { refd_setl_flag: '0', fixmedins_refd_setl_flag: '0' }

/** Plays it. Daily totals are unknown, since others settle at the same institution too. */
export async function reconciliation(
  play: Play,
  place: Place,
  patient: Insured,
  moment: Moment,
): Promise<void> {
  const settled = await settledVisit(play, place, patient, moment)
  const day = String(settled.setl_time ?? moment.at).slice(0, 10)
  const of: Fields = {
    ...{ insutype: patient.insutype, clr_type: settled.clr_type, setl_optins: settled.clr_optins },
    ...{ stmt_begndate: day, stmt_enddate: day, ...NO_REFUNDS },
  }
  const totals = async (what: string, more: Fields) =>
    nodeOf((await play.yes('3201', what, { data: { ...of, ...more } })).output, 'stmtinfo').stmt_rslt
  const before = { stmt_begndate: BEFORE, stmt_enddate: BEFORE }
  const empty = await totals('holds the sums of a period against its book', { ...before, ...NO_MONEY })
  play.holds('3201', 'nothing on both sides is balanced', isBalanced(empty), String(empty))
  const wrong = await totals('answers sums that are others', { ...NO_MONEY, fixmedins_setl_cnt: 999_999 })
  play.holds('3201', 'a count that is another is not balanced', !isBalanced(wrong), String(wrong))
  const turned = { ...of, stmt_begndate: day, stmt_enddate: BEFORE, ...NO_MONEY }
  await play.no('3201', 'a period that ends before it begins is refused', { data: turned })
  await byFile(play, place, patient, settled, of)
  await claims(play, settled, day)
  await month(play, day)
}

async function byFile(
  play: Play,
  place: Place,
  { psn_no }: Insured,
  settled: Fields,
  of: Fields,
): Promise<void> {
  const { setl_id, mdtrt_id, medfee_sumamt, fund_pay_sumamt, acct_pay, clr_optins } = settled
  const row = [setl_id, mdtrt_id, psn_no, medfee_sumamt, fund_pay_sumamt, acct_pay, '0'].join('\t')
  const file = Buffer.from(`${row}\n`).toString('base64')
  const fsUploadIn = { in: file, filename: 'stmt.txt', fixmedins_code: place.institution.code }
  const { file_qury_no } = (await play.yes('9101', 'takes the file of the day', { fsUploadIn })).output
  const sums = { medfee_sumamt, fund_pay_sumamt, cash_payamt: settled.psn_cash_pay, fixmedins_setl_cnt: 1 }
  const { insutype: _, ...named } = of
  const data = { ...named, ...sums, file_qury_no }
  const compared = await play.yes('3202', 'compares it row by row', { data })
  const name = String(nodeOf(compared.output, 'fileinfo').file_qury_no ?? '')
  play.holds('3202', 'names the file of what differs', name !== '', name)
  await play.no('3202', 'a file of nobody is refused', { data: { ...data, file_qury_no: 'NOBODY' } })
  const days = { clr_begin_ymd: of.stmt_begndate, clr_end_ymd: of.stmt_enddate, upload_file_name: 'stmt.txt' }
  const task = await play.yes('3211', 'compares the whole day', { data: { ...days, file_qury_no } })
  const { task_key } = nodeOf(task.output, 'fileinfo')
  await play.yes('3212', 'tells how far that is', { data: { task_key } })
  await play.no('3212', 'a task of nobody is not known', { data: { task_key: 'NOBODY' } })
  const asked = { stmt_date: of.stmt_begndate, stmt_rslt: '0', clr_optins, page_size: 100, page_num: 1 }
  const { output } = await play.yes('13203', 'shows what is the same on both sides', { data: asked })
  const isThere = rowsOf(output, 'data').some((one) => one.setl_id === setl_id)
  play.holds('13203', 'the settlement among it', isThere, String(setl_id))
}

async function claims(play: Play, { clr_type, clr_optins }: Fields, day: string): Promise<void> {
  const sums = { medfee_sumamt: 1, med_sumfee: 1, fund_appy_sum: 1, cash_payamt: 1, acct_pay: 0 }
  const period = {
    clr_type,
    begndate: day,
    enddate: day,
    setlym: day.slice(0, 7).replace('-', ''),
    psntime: 1,
  }
  const wrong = { data: { ...period, ...sums, clr_optins } }
  await play.no('3203', 'a claim whose sums do not add up is refused', wrong)
  await play.no('3203A', 'a claim whose sums do not add up is refused', wrong)
  const nobody = { data: { clr_appy_evt_id: 'NOBODY', clr_apply_evt_id: 'NOBODY', clr_optins } }
  await play.no('3204', 'a claim of nobody is not taken back', nobody)
  await play.no('3204A', 'a claim of nobody is not taken back', nobody)
  await play.yes('3205A', 'lists the claims', { data: { clr_optins } })
  const { output } = await play.yes('3206A', 'lists the agencies', { data: { page_num: 1, page_size: 100 } })
  const isListed = rowsOf(output, 'data').some((one) => one.clr_optins === clr_optins)
  play.holds('3206A', 'that of the settlement among them', isListed, String(clr_optins))
  const failed = { clr_type, begndate: day, enddate: day, clr_optins }
  await play.yes('3209A', 'lists what the three parties disagree about', { data: failed })
}

/** Covers only people insured elsewhere in the province. */
async function month(play: Play, day: string): Promise<void> {
  const at = { trt_year: day.slice(0, 4), trt_month: day.slice(5, 7) }
  const { output } = await play.yes('3260', 'shows the month', { data: { ...at, startrow: 1 } })
  const last = rowsOf(output, 'data').at(-1)
  const nobody = {
    ...{ certno: 'T1', mdtrt_id: 'A1', mdtrt_setl_time: `${day} 08:00:00`, setl_sn: 'S1' },
    ...{ medfee_sumamt: 1, optins_pay_sumamt: 1, cnfm_flag: '1' },
  }
  const confirmation = (rows: readonly Fields[]) => ({ data: { ...at, totalrow: rows.length }, detail: rows })
  await play.no('3261', 'a settlement of nobody is not confirmed', confirmation([nobody]))
  await play.no('3262', 'a confirmation of nobody is not taken back', { data: { ...at, otransid: 'NOBODY' } })
  if (!last) return
  const row = { ...nobody, ...last, cnfm_flag: '1' }
  await play.no('3261', 'an amount that is another is refused', confirmation([{ ...row, medfee_sumamt: -1 }]))
  const confirmed = await play.yes('3261', 'confirms a settlement', confirmation([row]))
  await play.again('3261', 'the same confirmation again has the same answer', confirmed)
  await play.no('3261', 'what is confirmed is not confirmed twice', confirmation([row]))
  await play.yes('3262', 'takes it back', { data: { ...at, otransid: confirmed.sent.id } })
}
