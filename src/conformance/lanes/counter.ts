/** An outpatient visit with fee lines, shared by several lanes that settle it differently. */
import { sumOfSplits } from '../../client/bill.ts'
import type { Fields } from '../../client/message.ts'
import {
  batchOf,
  outpatientBill,
  outpatientLines,
  registration,
  type Sums,
  visitDetails,
} from '../../client/visit.ts'
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { type Moment, nodeOf, rowsOf, visitOf } from './lane.ts'

/** An outpatient visit. */
interface Counter {
  readonly id: string
  readonly bill: { readonly data: Fields }
  /** Withdraws the lines and the registration. */
  undo(): Promise<void>
}

/** Registers and charges. @param disease `dise_codg` of the visit, whatever its category */
export async function counterOf(
  play: Play,
  place: Place,
  patient: Insured,
  moment: Moment,
  category: string,
  disease = '',
): Promise<Counter> {
  const visit = { ...visitOf(place, patient, moment, category), disease }
  const { psn_no } = patient
  const opened = await play.yes('2201', 'opens the visit', registration(visit))
  const id = String(nodeOf(opened.output, 'data').mdtrt_id)
  await play.yes('2203', 'takes what the visit is about', visitDetails(visit, id))
  const split = await play.yes('2204', 'takes the lines', outpatientLines(visit, id, place.lines))
  const sums = sumOfSplits(rowsOf(split.output, 'result')) as Sums
  return {
    id,
    bill: outpatientBill(visit, id, sums) as { data: Fields },
    async undo() {
      const lines = { mdtrt_id: id, chrg_bchno: batchOf(visit), psn_no }
      await play.yes('2205', 'takes the lines back', { data: lines })
      const data = { psn_no, mdtrt_id: id, ipt_otp_no: visit.number }
      await play.yes('2202', 'takes the registration back', { data })
    },
  }
}
