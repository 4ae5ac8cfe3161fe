/** A purchase at a pharmacy: tried, then registered, charged and settled in one message. */
import type { Fields } from '../client/message.ts'
import { purchase } from '../client/visit.ts'
import { fenFromYuan, sumOfFen, yuanFromFen } from '../domain/money.ts'
import type { Visit } from './counter.ts'

/** Plays it. Each box has a code of its own, which is sold once. */
export async function buy(visit: Visit): ReturnType<Visit['settle']> {
  const { of, lines, number, bill } = visit
  const total = Number(yuanFromFen(sumOfFen(lines.map(({ sum }) => fenFromYuan(sum)))))
  const bought = purchase(of, lines, total)
  const drugdetail = (bought.drugdetail as readonly Fields[]).map((line, index) => ({
    ...line,
    drug_trac_info: [{ drug_trac_codg: `8${number.slice(2)}${index}`, trdn_flag: '0' }],
  }))
  const inputOf = (druginfo: Fields) => ({ druginfo, drugdetail })
  const druginfo = bought.druginfo as Fields
  await visit.send('2101', inputOf(druginfo))
  return visit.settle('2102', '2103', druginfo, bill.twist, inputOf)
}
