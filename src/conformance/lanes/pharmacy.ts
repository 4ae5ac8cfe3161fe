/** A purchase at a pharmacy: one message registers, charges and settles. */
import type { Fields } from '../../client/message.ts'
import { purchase } from '../../client/visit.ts'
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { holdsTogether, isNear, type Moment, nodeOf, undo, visitOf } from './lane.ts'

/** From pre-settlement to settlement and back. Skipped without a pharmacy. */
export async function pharmacy(play: Play, place: Place, patient: Insured, moment: Moment): Promise<void> {
  if (!place.pharmacy) return
  const { code: institution, name, area: treatmentArea } = place.pharmacy
  const own = play.as({ ...play.sender, institution, name, treatmentArea })
  const other = play.as({ ...own.sender, institution: place.other.code, name: place.other.name })
  const total = place.lines.reduce((sum, line) => sum + line.sum, 0)
  const visit = visitOf(place, patient, moment, '41')
  const bought = purchase(visit, place.lines, total)
  holdsTogether(own, '2101', await own.yes('2101', 'tries the purchase', bought), total)
  const wrong = purchase(visit, place.lines, total + 1)
  await own.no('2102', 'a purchase that is not the sum of its lines is refused', wrong)
  const settled = await own.yes('2102', 'the purchase is settled', bought)
  holdsTogether(own, '2102', settled, total)
  const { mdtrt_id, setl_id } = nodeOf(settled.output, 'setlinfo')
  const isOpened = String(mdtrt_id ?? '') !== '' && String(setl_id ?? '') !== ''
  own.holds('2102', 'gives its visit and its settlement an id each', isOpened, `${mdtrt_id} ${setl_id}`)
  await own.again('2102', 'the same purchase again is no second one', settled)
  const druginfo = { ...(bought.druginfo as Fields), invono: '另一张' }
  await own.no('2102', 'its id with another input is refused', { ...bought, druginfo }, {}, settled.sent.id)
  const { psn_no } = patient
  const shown = await own.yes('5203', 'shows the purchase', { data: { psn_no, setl_id, mdtrt_id } })
  const found = Number(nodeOf(shown.output, 'setlinfo').medfee_sumamt)
  own.holds('5203', 'with the total of the purchase', isNear(found, total), `${found}`)
  await undo(own, { cancel: '2103', id: String(mdtrt_id) }, String(setl_id), psn_no, other)
}
