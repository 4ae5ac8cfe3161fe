/** An inpatient stay. */
import { sumOfSplits } from '../../client/bill.ts'
import type { Fields } from '../../client/message.ts'
import { admission, admissionChange, discharge, type Sums, stayBill, stayLines } from '../../client/visit.ts'
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { holdsTogether, type Moment, nodeOf, rowsOf, settle, undo, visitOf } from './lane.ts'

/** From admission to settlement and back. */
export async function inpatient(play: Play, place: Place, patient: Insured, moment: Moment): Promise<void> {
  const visit = visitOf(place, patient, moment, '21')
  const { psn_no, insutype } = patient
  const other = play.as({ ...play.sender, institution: place.other.code, name: place.other.name })
  const asked = {
    psn_no,
    insutype,
    fixmedins_code: place.institution.code,
    med_type: '21',
    begntime: moment.at,
  }
  await play.yes('2001', 'says what the person is entitled to', { data: asked })
  const opened = await play.yes('2401', 'admits', admission(visit))
  const mdtrt_id = String(nodeOf(opened.output, 'result').mdtrt_id)
  await play.again('2401', 'the same admission again opens no second stay', opened)
  await play.yes('2403', 'takes a change of the admission', admissionChange(visit, mdtrt_id))
  const first = stayLines(visit, mdtrt_id, place.lines) as { feedetail: readonly Fields[] }
  await play.yes('2301', 'takes the lines of a day', first)
  const back = first.feedetail.map(({ feedetl_sn }) => ({ feedetl_sn, mdtrt_id, psn_no }))
  await play.yes('2302', 'takes lines back', { data: back })
  const again = stayLines(visit, mdtrt_id, place.lines, place.lines.length)
  const split = await play.yes('2301', 'takes lines anew', again)
  const sums = sumOfSplits(rowsOf(split.output, 'result')) as Sums
  const day = moment.at.slice(0, 10)
  const tried = await play.yes('2303', 'tries the bill', stayBill(visit, mdtrt_id, sums, day))
  holdsTogether(play, '2303', tried, sums.medfee_sumamt)
  await play.yes('2402', 'discharges', discharge(visit, mdtrt_id, moment.at))
  await play.yes('2405', 'takes the discharge back', { data: { mdtrt_id, psn_no } })
  await play.yes('2402', 'discharges again', discharge(visit, mdtrt_id, moment.at))
  const bill = stayBill(visit, mdtrt_id, sums, moment.at) as { data: Fields }
  const { settlement } = await settle(play, { settle: '2304', id: mdtrt_id }, bill, other)
  await undo(play, { cancel: '2305', id: mdtrt_id }, settlement, psn_no, other)
  await play.yes('2405', 'takes the discharge back when nothing is settled', { data: { mdtrt_id, psn_no } })
  const left = again as { feedetail: readonly Fields[] }
  await play.yes('2302', 'takes the last lines back', {
    data: left.feedetail.map(({ feedetl_sn }) => ({ feedetl_sn, mdtrt_id, psn_no })),
  })
  await play.yes('2404', 'takes the admission back', { data: { mdtrt_id, psn_no } })
}
