/** A purchase at a pharmacy: tried, then registered, charged and settled in one message. */
import { shanghaiTime } from '../domain/day.ts'
import { fenFromYuan, sumOfFen, yuanFromFen } from '../domain/money.ts'
import type { Visit } from './counter.ts'

/** Plays it. */
export async function buy(visit: Visit): ReturnType<Visit['settle']> {
  const { disease, twist, lines } = visit.bill
  const drugdetail = lines.map((line, index) => ({
    ...visit.line(line, index),
    rx_circ_flag: '0',
    drug_trac_info: [{ drug_trac_codg: `8${visit.number.slice(2)}${index}`, trdn_flag: '0' }],
  }))
  const total = sumOfFen(
    drugdetail.map((line) => fenFromYuan((line as Record<string, unknown>).det_item_fee_sumamt as number)),
  )
  const druginfo = {
    ...visit.common,
    ...visit.credential,
    begntime: shanghaiTime(visit.now),
    medfee_sumamt: Number(yuanFromFen(total)),
    insutype: visit.insutype,
    dise_codg: disease,
    acct_used_flag: '1',
    med_type: disease === '' ? '41' : '14',
  }
  await visit.send('2101', { druginfo, drugdetail })
  return visit.settle('2102', '2103', druginfo, twist, (head) => ({ druginfo: head, drugdetail }))
}
