/** A settled visit, for reconciliation, claims and settlement lists. */
import type { Fields } from '../../client/message.ts'
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { counterOf } from './counter.ts'
import { type Moment, nodeOf } from './lane.ts'

/** Settles an outpatient visit. @returns `setlinfo` of the answer */
export async function settledVisit(
  play: Play,
  place: Place,
  patient: Insured,
  moment: Moment,
): Promise<Fields> {
  const { bill } = await counterOf(play, place, patient, moment, '11')
  return nodeOf((await play.yes('2207', 'settles it', bill)).output, 'setlinfo')
}
