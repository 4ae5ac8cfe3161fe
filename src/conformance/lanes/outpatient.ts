/** An outpatient visit, and a settlement that is reversed. */
import { sumOfSplits } from '../../client/bill.ts'
import type { Fields } from '../../client/message.ts'
import {
  batchOf,
  outpatientBill,
  outpatientLines,
  personQuestion,
  registration,
  type Sums,
  visitDetails,
} from '../../client/visit.ts'
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { counterOf } from './counter.ts'
import { holdsTogether, isNear, type Moment, nodeOf, rowsOf, settle, undo, visitOf } from './lane.ts'

/** Edition of the transactions to play. */
export interface Edition {
  readonly details: string
  readonly attempt: string
  readonly settle: string
}

const FIRST: Edition = { details: '2203', attempt: '2206', settle: '2207' }
/** The newer edition of the three. */
export const EDITION_A: Edition = { details: '2203A', attempt: '2206A', settle: '2207A' }

/** From registration to settlement and back. @param category `med_type` */
export async function outpatient(
  play: Play,
  place: Place,
  patient: Insured,
  moment: Moment,
  category: string,
  edition: Edition = FIRST,
): Promise<void> {
  const visit = visitOf(place, patient, moment, category)
  const { psn_no } = patient
  const other = play.as({ ...play.sender, institution: place.other.code, name: place.other.name })
  await play.yes('1101', 'finds the person by what was shown', personQuestion(patient))
  const opened = await play.yes('2201', 'opens the visit', registration(visit))
  const mdtrt_id = String(nodeOf(opened.output, 'data').mdtrt_id)
  play.holds('2201', 'gives the visit an id', mdtrt_id.length > 1, mdtrt_id)
  await play.again('2201', 'the same registration again opens no second visit', opened)
  await play.yes(edition.details, 'takes what the visit is about', visitDetails(visit, mdtrt_id))
  const lines = outpatientLines(visit, mdtrt_id, place.lines)
  await play.yes('2204', 'takes the lines', lines)
  await play.yes('2205', 'takes the lines back', { data: { mdtrt_id, chrg_bchno: batchOf(visit), psn_no } })
  const split = await play.yes('2204', 'takes the lines anew', lines)
  const sums = sumOfSplits(rowsOf(split.output, 'result')) as Sums
  const billed = place.lines.reduce((sum, line) => sum + line.sum, 0)
  play.holds(
    '2204',
    'splits the whole of the lines',
    isNear(sums.medfee_sumamt, billed),
    `${sums.medfee_sumamt}`,
  )
  const bill = outpatientBill(visit, mdtrt_id, sums) as { data: Fields }
  const tried = await play.yes(edition.attempt, 'tries the bill', bill)
  holdsTogether(play, edition.attempt, tried, sums.medfee_sumamt)
  const { settlement } = await settle(play, { settle: edition.settle, id: mdtrt_id }, bill, other)
  const day = moment.at.slice(0, 10)
  const window = { begntime: `${day} 00:00:00`, endtime: `${day} 23:59:59` }
  const listed = await play.yes('5201', 'lists the visit', {
    data: { psn_no, med_type: category, mdtrt_id, ...window },
  })
  const isListed = rowsOf(listed.output, 'mdtrtinfo').some((row) => row.mdtrt_id === mdtrt_id)
  play.holds('5201', 'among its rows', isListed, listed.heard.bytes.slice(0, 200))
  await play.yes('5202', 'shows the diagnoses', { data: { mdtrt_id, psn_no } })
  await undo(play, { cancel: '2208', id: mdtrt_id }, settlement, psn_no, other)
  await play.yes('2205', 'takes the lines back when nothing is settled', {
    data: { mdtrt_id, chrg_bchno: batchOf(visit), psn_no },
  })
  await play.yes('2202', 'takes the registration back', {
    data: { psn_no, mdtrt_id, ipt_otp_no: visit.number },
  })
}

/** A settlement whose answer was lost is reversed by its message id. */
export async function reversal(play: Play, place: Place, patient: Insured, moment: Moment): Promise<void> {
  const { id, bill } = await counterOf(play, place, patient, moment, '11')
  const { psn_no } = patient
  const settled = await play.yes('2207', 'the bill is settled', bill)
  const data = { psn_no, omsgid: settled.sent.id, oinfno: '2207' }
  const other = play.as({ ...play.sender, institution: place.other.code, name: place.other.name })
  await other.no('2601', 'nobody reverses a message of another institution', { data })
  const reversed = await play.yes('2601', 'reverses the settlement', { data })
  await play.again('2601', 'the same reversal again has the same answer', reversed)
  await play.no('2601', 'a query is not reversed', { data: { ...data, oinfno: '5203' } })
  const { answered } = await settle(play, { settle: '2207', id }, bill, other)
  await play.yes('2601', 'reverses the settlement that took its place', {
    data: { ...data, omsgid: answered.sent.id },
  })
}
