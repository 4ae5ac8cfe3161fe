/** What a hospital reconciles and claims is held against the platform's own book, to the fen. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nationalMessage } from '../../src/client/message.ts'
import { dayOf, type Instant } from '../../src/domain/day.ts'
import { unzipped, zipped } from '../../src/simulator/zip.ts'
import { ask, filedEmployee, folder, messageId, mustDo, outpatient, startNation } from './support.ts'

const room = folder()
let nation: Awaited<ReturnType<typeof startNation>>
let today: string
/** Milliseconds by which the platforms are ahead. */
let ahead = 0
let days: { stmt_begndate: string; stmt_enddate: string }

/** A settlement as its hospital keeps it. */
interface Kept {
  readonly setl_id: string
  readonly mdtrt_id: string
  readonly medfee_sumamt: number
  readonly fund_pay_sumamt: number
  readonly acct_pay: number
  readonly psn_cash_pay: number
  readonly refd_setl_flag?: string
}
const kept: Kept[] = []
const person = filedEmployee()
const AGENCY = '621000'
/** A hospital of this file alone, so that its sums are known. */
const AT = { institution: 'H44010000009' }

beforeAll(async () => {
  nation = await startNation(room.path, { now: () => (Date.now() + ahead) as Instant })
  today = dayOf(Date.now() as Instant)
  days = { stmt_begndate: today, stmt_enddate: today }
  for (let count = 0; count < 3; count += 1) kept.push(await settled())
})
afterAll(async () => {
  await nation.close()
  room.remove()
})

const { national } = { national: () => nation.national }
const send = (infno: string, input: unknown, more = {}) => ask(national(), infno, input, { ...AT, ...more })
const must = (infno: string, input: unknown, more = {}) =>
  mustDo(national(), infno, input, { ...AT, ...more })

async function settled(): Promise<Kept> {
  const { request } = await outpatientHere()
  return (await must('2207', request)).setlinfo as Kept
}
/** As `outpatient`, at the hospital of this file. */
function outpatientHere() {
  return outpatient(national(), person, {}, AT)
}
const sum = (rows: readonly Kept[], field: keyof Kept) =>
  Number(rows.reduce((total, row) => total + Number(row[field]), 0).toFixed(2))
function totals(rows: readonly Kept[], more: Record<string, unknown> = {}) {
  return {
    data: {
      ...{ insutype: '310', clr_type: '11', setl_optins: AGENCY, ...days },
      ...{ medfee_sumamt: sum(rows, 'medfee_sumamt'), fund_pay_sumamt: sum(rows, 'fund_pay_sumamt') },
      ...{ acct_pay: sum(rows, 'acct_pay'), fixmedins_setl_cnt: rows.length, refd_setl_flag: '0', ...more },
    },
  }
}
const result = async (rows: readonly Kept[], more = {}, at = {}) =>
  (await must('3201', totals(rows, more), at)).stmtinfo as Record<string, string>

describe('3201 对总账', () => {
  it('is balanced where sums and count are those of the book, and says which differs by how much where not', async () => {
    expect(await result(kept)).toMatchObject({ stmt_rslt: '000000', setl_optins: AGENCY })
    const one = await result(kept.slice(1))
    expect(one.stmt_rslt).toBe('000103')
    expect(one.stmt_rslt_dscr).toContain('笔数机构2笔、中心3笔')
    const fen = Number((sum(kept, 'acct_pay') + 0.01).toFixed(2))
    expect((await result(kept, { acct_pay: fen })).stmt_rslt).toBe('000103')
  })

  it('counts what is of its class, agency, insurance and days alone', async () => {
    for (const other of [{ clr_type: '21' }, { setl_optins: '621100' }, { insutype: '390' }])
      expect(await result([], other)).toMatchObject({ stmt_rslt: '000000' })
    const before = { stmt_begndate: '2020-01-01', stmt_enddate: '2020-12-31' }
    expect(await result([], before)).toMatchObject({ stmt_rslt: '000000' })
    expect((await send('3201', totals(kept, { stmt_enddate: '2020-01-01' }))).err_msg).toContain('晚于')
  })

  it('answers 0 and 1 in Hunan, where a class of six digits is the same', async () => {
    const hunan = { treatment: '430100' }
    expect(await result(kept, { clr_type: '310112' }, hunan)).toMatchObject({ stmt_rslt: '0' })
    expect(await result([], {}, hunan)).toMatchObject({ stmt_rslt: '1' })
  })

  it('leaves out what was cancelled, and its negative; asked for refunds it counts both', async () => {
    const taken = await settled()
    const data = { setl_id: taken.setl_id, mdtrt_id: taken.mdtrt_id, psn_no: person.number }
    await must('2208', { data })
    expect(await result(kept)).toMatchObject({ stmt_rslt: '000000' })
    const both = { refd_setl_flag: '1', fixmedins_setl_cnt: kept.length + 2 }
    expect(await result(kept, both)).toMatchObject({ stmt_rslt: '000000' })
  })
})

/** A row of the hospital's file. */
const lineOf = (row: Kept) =>
  [
    ...[row.setl_id, row.mdtrt_id, person.number, row.medfee_sumamt, row.fund_pay_sumamt],
    ...[row.acct_pay, row.refd_setl_flag ?? '0'],
  ].join('\t')
async function upload(rows: readonly string[]): Promise<string> {
  const content = zipped('stmt.txt', rows.map((row) => `${row}\n`).join('')).toString('base64')
  const fsUploadIn = { in: content, filename: 'stmt.zip', fixmedins_code: AT.institution }
  return (await must('9101', { fsUploadIn })).file_qury_no as string
}
async function compare(rows: readonly string[]): Promise<string[][]> {
  const file_qury_no = await upload(rows)
  const data = { ...totals(kept).data, file_qury_no, cash_payamt: 0 }
  return fetchFile((await must('3202', { data })).fileinfo)
}
async function fetchFile({ file_qury_no, filename }: Record<string, string>): Promise<string[][]> {
  const fsDownloadIn = { file_qury_no, filename, fixmedins_code: AT.institution }
  const sender = { name: '示例医院（虚构）', treatmentArea: '440100', insuredArea: AGENCY, ...AT }
  const head = { id: messageId(), at: '2026-06-15 08:00:00' }
  const body = JSON.stringify(nationalMessage(sender, '9102', { fsDownloadIn }, head))
  const answer = await fetch(`${nation.gansu.url}/any/path`, { method: 'POST', body })
  const text = unzipped(Buffer.from(await answer.arrayBuffer()))
  return text.split('\n').flatMap((row) => (row === '' ? [] : [row.split('\t')]))
}

describe('3202 对明细账', () => {
  it('has an empty file where every row is the same, a refund being two rows', async () => {
    const one = await settled()
    const data = { setl_id: one.setl_id, mdtrt_id: one.mdtrt_id, psn_no: person.number }
    const { setlinfo } = await must('2208', { data })
    const all = await everything()
    expect(all.map(({ setl_id }) => setl_id)).toContain(setlinfo.setl_id)
    expect(await compare(all.map(lineOf))).toEqual([])
    // A hospital may write the reverse line under the settlement's own id, and before the forward one.
    const reverse = all.find(({ setl_id }) => setl_id === setlinfo.setl_id)!
    const rest = all.filter((row) => row !== reverse)
    expect(await compare([{ ...reverse, setl_id: one.setl_id! }, ...rest].map(lineOf))).toEqual([])
  })

  it('tells what differs, what only the institution has, and by its message id what only the centre has', async () => {
    const [first, second, ...others] = await everything()
    const wrong = { ...first!, medfee_sumamt: first!.medfee_sumamt + 0.01 }
    const unknown = { ...second!, setl_id: 'NOBODY', mdtrt_id: 'NOBODY' }
    const rows = await compare([wrong, unknown, ...others].map(lineOf))
    expect(rows.map((cells) => cells.length)).toEqual([10, 10, 10])
    const [differs, alone, missing] = rows as [string[], string[], string[]]
    expect(differs.slice(1, 5)).toMatchObject([first!.mdtrt_id, first!.setl_id, /./, '000103'].map(anything))
    expect(differs[6]).toContain('医疗费总额机构')
    expect(alone.slice(2, 5)).toEqual(['NOBODY', 'null', '000102'])
    expect(missing.slice(1, 3)).toEqual(['null', 'null'])
    expect(missing[3]).toMatch(/^H4401/)
    expect(missing[4]).toBe('000101')
    const { data } = await must('13203', { data: { stmt_date: today, stmt_rslt: '1' } })
    expect(data).toContainEqual(expect.objectContaining({ setl_id: first!.setl_id, stmt_rslt: '1' }))
    const three = (await must('3209A', { data: { begndate: today, enddate: today } })).data
    expect(three).toContainEqual({ setlId: second!.setl_id, insuAdmdvs: person.insurance[0]!.area })
    await compare((await everything()).map(lineOf))
    expect((await must('3209A', { data: {} })).data).toEqual([])
    const good = (await must('13203', { data: { stmt_date: today, stmt_rslt: '000000' } })).data
    expect(good).toContainEqual(expect.objectContaining({ setl_id: first!.setl_id, stmt_rslt: '0' }))
  })

  it('of a file of another institution or with a short row is refused', async () => {
    const data = { ...totals(kept).data, cash_payamt: 0 }
    const file_qury_no = await upload(['a\tb'])
    const theirs = await send('3202', { data: { ...data, file_qury_no } }, { institution: 'H44010000002' })
    expect(theirs.err_msg).toContain('未查询到该文件')
    expect((await send('3202', { data: { ...data, file_qury_no } })).err_msg).toContain('第1行只有2列')
  })
})

describe('3211 日对账', () => {
  it('is 3202 of all classes, whose result is fetched by its key', async () => {
    const file_qury_no = await upload((await everything()).map(lineOf))
    const asked = { clr_begin_ymd: today, clr_end_ymd: today, file_qury_no, upload_file_name: 'stmt.txt' }
    const { task_key } = (await must('3211', { data: asked })).fileinfo
    const { fileinfo } = await must('3212', { data: { task_key } })
    expect(fileinfo).toMatchObject({ check_state: '1', task_status: '1' })
    const file = { file_qury_no: fileinfo.file_qury_no1, filename: 'plc' }
    expect(await fetchFile(file)).toEqual([])
    expect((await send('3212', { data: { task_key } }, { institution: 'H44010000002' })).infcode).toBe(-1)
  })
})

const anything = (cell: string | RegExp) => (cell instanceof RegExp ? expect.stringMatching(cell) : cell)

/** Every row that the book has of the hospital, as its hospital would keep it: refunds with their own id. */
async function everything(): Promise<Kept[]> {
  const book = (await (await fetch(`${nation.gansu.url}/book`)).json()) as {
    settlements: Record<string, string & number>[]
  }
  return book.settlements
    .filter((row) => row.fixmedins_code === AT.institution && row.state === 'settled')
    .map((row) => ({
      ...{ setl_id: row.setl_id!, mdtrt_id: row.mdtrt_id!, medfee_sumamt: row.total! / 100 },
      ...{ fund_pay_sumamt: row.fund! / 100, acct_pay: row.account! / 100, psn_cash_pay: row.cash! / 100 },
      refd_setl_flag: row.init_setl_id ? '1' : '0',
    }))
}

describe('3203A 清算申请', () => {
  const claim = (rows: readonly Kept[], more: Record<string, unknown> = {}) => ({
    data: {
      ...{ clr_type: '11', clr_optins: AGENCY, begndate: today, enddate: today },
      ...{ medfee_sumamt: sum(rows, 'medfee_sumamt'), med_sumfee: sum(rows, 'medfee_sumamt') },
      ...{ fund_appy_sum: sum(rows, 'fund_pay_sumamt'), acct_pay: sum(rows, 'acct_pay') },
      ...{ cash_payamt: sum(rows, 'psn_cash_pay'), ...more },
    },
  })

  it('waits for what differs between the three parties, then for sums that are those of the book', async () => {
    const [first, ...others] = await everything()
    await compare([{ ...first!, medfee_sumamt: 1 }, ...others].map(lineOf))
    expect((await send('3203A', claim(kept))).err_msg).toContain('1笔跨省结算三方对账未成功')
    await compare([first!, ...others].map(lineOf))
    const wrong = claim(kept, { cash_payamt: 1 })
    expect((await send('3203A', wrong)).err_msg).toContain('之和不一致')
    expect((await send('3203A', claim(kept.slice(1)))).err_msg).toContain('请先对账')
  })

  it('is made once for a period, is shown with its state, and is taken back while it is not accepted', async () => {
    const { clr_appy_evt_id } = (await must('3203A', claim(kept))).result
    const again = await send('3203A', claim(kept))
    expect(again.err_msg).toMatch(/^E504 .*已申请清算/)
    const [shown] = (await must('3205A', { data: { clr_optins: AGENCY } })).data
    expect(shown).toMatchObject({ clr_appy_evt_id, clr_stas: '10', begndate: today })
    expect(shown.medfee_Sumamt).toBe(sum(kept, 'medfee_sumamt'))
    const agencies = (await must('3206A', { data: {} })).data
    expect(agencies).toEqual([{ pages: 1, clr_optins: AGENCY, page_num: 1, page_size: 100 }])
    const event = { data: { clr_apply_evt_id: clr_appy_evt_id, clr_optins: AGENCY } }
    expect((await send('3204A', event, { institution: 'H44010000002' })).infcode).toBe(-1)
    await must('3204A', event)
    await must('3204A', event)
    expect((await must('3205A', { data: {} })).data).toEqual([])
    const data = { ...claim(kept).data, setlym: '202611', psntime: kept.length }
    expect((await send('3203', { data: { ...data, psntime: 1 } })).err_msg).toContain('清算人次')
    const { result } = await must('3203', { data: { ...data, clr_optins: '' } })
    ahead = 24 * 60 * 60 * 1000
    const [accepted] = (await must('3205A', { data: { clr_stas: '20' } })).data
    expect(accepted.clr_appy_evt_id).toBe(result.clr_appy_evt_id)
    const late = await send('3204', { data: { clr_appy_evt_id: result.clr_appy_evt_id } })
    expect(late.err_msg).toContain('已受理')
    ahead = 0
  })

  it('is withdrawn in Hunan', async () => {
    for (const infno of ['3203', '3204'])
      expect((await send(infno, claim(kept), { treatment: '430100' })).err_msg).toContain('已停用')
  })
})

describe('3260 异地清分', () => {
  const local = { institution: 'H62010000009', treatment: '620100' }
  const [year, month] = ['trt_year', 'trt_month']
  const at = () => ({ [year!]: today.slice(0, 4), [month!]: today.slice(5, 7) })
  const here = (infno: string, input: unknown, more = {}) =>
    mustDo(nation.gansu, infno, input, { ...local, ...more })
  const refused = async (input: unknown) => (await ask(nation.gansu, '3261', input, local)).err_msg

  it('shows what was settled in the province away from home, is confirmed once, and taken back by its message', async () => {
    const { request } = await outpatient(nation.gansu, person, {}, local)
    const { setlinfo } = await here('2207', request)
    const { data } = await here('3260', { data: { ...at(), startrow: 1 } })
    expect(data).toHaveLength(1)
    const [row] = data
    expect(row).toMatchObject({ seqno: 1, medfee_sumamt: setlinfo.medfee_sumamt, mdtrtarea: '620100' })
    expect([row.mdtrt_id, row.setl_sn]).toEqual([/^A621000\d{13}$/, /^S621000\d{13}$/].map(anything))
    expect((await here('3260', { data: { ...at(), startrow: 2 } })).data).toEqual([])
    const detail = [{ ...row, cnfm_flag: '1' }]
    const confirmation = (rows: unknown[], totalrow = rows.length) => ({
      data: { ...at(), totalrow },
      detail: rows,
    })
    expect(await refused(confirmation(detail, 2))).toContain('总行数')
    expect(await refused(confirmation([{ ...detail[0], medfee_sumamt: 1 }]))).toContain('金额')
    const id = 'H62010000009202606150800009999'
    await here('3261', confirmation(detail), { id })
    expect(await refused(confirmation(detail))).toMatch(/^E504 第1行已确认/)
    const back = { data: { ...at(), otransid: id } }
    await here('3262', back)
    expect((await ask(nation.gansu, '3262', back, local)).err_msg).toContain('未查询到')
    await here('3261', confirmation(detail))
  })
})
