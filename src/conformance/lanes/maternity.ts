/** A birth, and the newborn with its mother: settled at home and within the province, refused across provinces. */
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { holdsTogether, isAcross, type Moment, otherOf, settle, undo } from './lane.ts'
import { admissionOf, stayIn } from './stay.ts'

/** Both stays, settled and cancelled. */
export async function maternity(play: Play, place: Place, patient: Insured, moment: Moment): Promise<void> {
  const birth = { matn_type: '1', geso_val: '39', fetts: '1', fetus_cnt: '1' }
  if (isAcross(place, patient)) {
    const refused = admissionOf(place, patient, moment, '52', birth)
    await play.no('2401', 'a birth of somebody from another province is not settled here', refused)
    return
  }
  const { psn_no } = patient
  const other = otherOf(play, place)
  const mother = await stayIn(play, place, patient, moment, '52', birth)
  const bill = await mother.charge()
  await mother.leave()
  const { settlement } = await settle(play, { settle: '2304', id: mother.id }, bill, other)
  const later = { ...moment, number: `${moment.number}N` }
  const child = await stayIn(play, place, patient, later, '9921')
  const tried = await play.yes('2303', 'tries the bill of a newborn with its mother', await child.charge())
  holdsTogether(play, '2303', tried, Number(bill.data.medfee_sumamt))
  await child.undo()
  await undo(play, { cancel: '2305', id: mother.id }, settlement, psn_no, other)
  await mother.comeBack()
  await mother.undo()
}
