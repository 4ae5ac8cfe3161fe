/** A stay in hospital: admitted, charged, tried, discharged, settled. */
import { sumOfSplits } from '../client/bill.ts'
import type { Fields } from '../client/message.ts'
import { admission, discharge, stayBill, stayLines } from '../client/visit.ts'
import type { Visit } from './counter.ts'
import { admissionExtras, fileLate, settlePart } from './ways.ts'

/** Lines that go up in one message. */
const BATCH = 20

/** Plays it. */
export async function stay(visit: Visit): ReturnType<Visit['settle']> {
  const { of, lines, today, left, bill } = visit
  const { mdtrtinfo, ...rest } = admission(of) as { mdtrtinfo: Fields }
  const opening = { ...rest, mdtrtinfo: { ...mdtrtinfo, ...admissionExtras(bill) } }
  if (bill.way === 'late filing') await fileLate(visit)
  const answered = await visit.send('2401', opening)
  visit.encounter = String((answered.result as Fields).mdtrt_id)
  // What was given was charged on the day on which the stay ends, as the batch of a demonstration is.
  const charged = { ...of, at: left }
  const splits: unknown[] = []
  const settled = await settlePart(visit)
  for (let from = settled; from < lines.length; from += BATCH) {
    const some = stayLines(charged, visit.encounter, lines.slice(from, from + BATCH), from)
    splits.push(...((await visit.send('2301', some)).result as unknown[]))
  }
  const sums = sumOfSplits(splits)
  await visit.send('2303', stayBill(of, visit.encounter, sums, today))
  await visit.send('2402', discharge(of, visit.encounter, left))
  return visit.settle('2304', '2305', stayBill(of, visit.encounter, sums, left).data as Fields, bill.twist)
}
