/** A visit that is settled already: what is reconciled, claimed and listed afterwards. */
import { sumOfSplits } from '../../client/bill.ts'
import type { Fields } from '../../client/message.ts'
import { outpatientBill, outpatientLines, registration, type Sums, visitDetails } from '../../client/visit.ts'
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { type Moment, nodeOf, rowsOf, visitOf } from './lane.ts'

/** Settles an outpatient visit. @returns what the answer says of it, `setlinfo` */
export async function settledVisit(
  play: Play,
  place: Place,
  patient: Insured,
  moment: Moment,
): Promise<Fields> {
  const visit = visitOf(place, patient, moment, '11')
  const opened = await play.yes('2201', 'opens the visit', registration(visit))
  const mdtrt_id = String(nodeOf(opened.output, 'data').mdtrt_id)
  await play.yes('2203', 'takes what it is about', visitDetails(visit, mdtrt_id))
  const split = await play.yes('2204', 'takes its lines', outpatientLines(visit, mdtrt_id, place.lines))
  const bill = outpatientBill(visit, mdtrt_id, sumOfSplits(rowsOf(split.output, 'result')) as Sums)
  return nodeOf((await play.yes('2207', 'settles it', bill)).output, 'setlinfo')
}
