/** A stay in hospital: admitted, charged, tried, discharged, settled. */
import { sumOfSplits } from '../client/bill.ts'
import { addDays, shanghaiTime } from '../domain/day.ts'
import type { Visit } from './counter.ts'

type Fields = Readonly<Record<string, unknown>>

/** Lines that go up in one message. */
const BATCH = 20

/** Plays it. */
export async function stay(visit: Visit): ReturnType<Visit['settle']> {
  const { days, twist } = visit.bill
  const emergency = twist === 'emergency'
  const admitted = addDays(visit.today, -days)
  const category = emergency ? '24' : '21'
  const code = visit.bill.diagnosis
  const department = { adm_dept_codg: '0201', adm_dept_name: '普外科', adm_bed: '12' }
  const answered = await visit.send('2401', {
    mdtrtinfo: {
      ...visit.common,
      insutype: visit.insutype,
      begntime: `${admitted} 09:00:00`,
      ...visit.credential,
      med_type: category,
      ipt_no: visit.number,
      atddr_no: visit.doctor,
      chfpdr_name: '医师乙',
      adm_diag_dscr: code.name,
      ...department,
      dscg_maindiag_code: code.code,
      dscg_maindiag_name: code.name,
      exp_content: JSON.stringify({ IPT_TYPE: emergency ? '2' : '1', TRUM_FLAG: '0' }),
    },
    diseinfo: [visit.diagnosis({ maindiag_flag: '1', psn_no: visit.common.psn_no, adm_cond: '有' })],
  })
  visit.encounter = String((answered.result as Fields).mdtrt_id)
  const splits: unknown[] = []
  for (let from = 0; from < visit.bill.lines.length; from += BATCH) {
    const lines = visit.bill.lines
      .slice(from, from + BATCH)
      .map((line, index) => visit.line(line, from + index))
    const feedetail = lines.map((line) => ({ ...line, med_type: category }))
    splits.push(...((await visit.send('2301', { feedetail })).result as unknown[]))
  }
  const split = sumOfSplits(splits)
  const bill = { ...visit.common, ...visit.credential, medfee_sumamt: split.medfee_sumamt, psn_setlway: '01' }
  const data = {
    ...bill,
    mdtrt_id: visit.encounter,
    acct_used_flag: '0',
    insutype: visit.insutype,
    invono: '',
    mid_setl_flag: '0',
  }
  await visit.send('2303', { data: { ...data, ...split, dscg_time: visit.today } })
  const left = {
    endtime: shanghaiTime(visit.now),
    dscg_dept_codg: '0201',
    dscg_dept_name: '普外科',
    dscg_way: '1',
  }
  await visit.send('2402', {
    dscginfo: { mdtrt_id: visit.encounter, ...visit.common, insutype: visit.insutype, ...left },
    diseinfo: [
      visit.diagnosis({ maindiag_flag: '1', psn_no: visit.common.psn_no, mdtrt_id: visit.encounter }),
    ],
  })
  return visit.settle('2304', '2305', { ...data, ...split, dscg_time: shanghaiTime(visit.now) }, twist)
}
