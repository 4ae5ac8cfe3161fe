/** An inpatient stay with fee lines, shared by several lanes. */
import { sumOfSplits } from '../../client/bill.ts'
import type { Fields } from '../../client/message.ts'
import { admission, discharge, type Sums, stayBill, stayLines } from '../../client/visit.ts'
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { type Moment, nodeOf, rowsOf, visitOf } from './lane.ts'

/** An inpatient stay. */
export interface Stay {
  readonly id: string
  /** Charges all lines of the place again. @returns the bill of these alone */
  charge(): Promise<{ readonly data: Fields }>
  leave(): Promise<void>
  /** Withdraws the discharge. */
  comeBack(): Promise<void>
  /** Withdraws all lines and the admission. */
  undo(): Promise<void>
}

/** Input of 2401. @param more fields of `mdtrtinfo` to replace */
export function admissionOf(
  place: Place,
  patient: Insured,
  moment: Moment,
  category: string,
  more: Fields = {},
) {
  const { mdtrtinfo, ...rest } = admission(visitOf(place, patient, moment, category)) as { mdtrtinfo: Fields }
  return { ...rest, mdtrtinfo: { ...mdtrtinfo, ...more } }
}

/** Admits. */
export async function stayIn(
  play: Play,
  place: Place,
  patient: Insured,
  moment: Moment,
  category = '21',
  more: Fields = {},
): Promise<Stay> {
  const visit = visitOf(place, patient, moment, category)
  const { psn_no } = patient
  const admitted = await play.yes('2401', 'admits', admissionOf(place, patient, moment, category, more))
  const id = String(nodeOf(admitted.output, 'result').mdtrt_id)
  const serials: string[] = []
  const of = { mdtrt_id: id, psn_no }
  return {
    id,
    async charge() {
      const lines = stayLines(visit, id, place.lines, serials.length) as { feedetail: readonly Fields[] }
      const split = await play.yes('2301', 'takes lines', lines)
      serials.push(...lines.feedetail.map(({ feedetl_sn }) => String(feedetl_sn)))
      const sums = sumOfSplits(rowsOf(split.output, 'result')) as Sums
      return stayBill(visit, id, sums, moment.at) as { data: Fields }
    },
    leave: async () => void (await play.yes('2402', 'discharges', discharge(visit, id, moment.at))),
    comeBack: async () => void (await play.yes('2405', 'takes the discharge back', { data: of })),
    async undo() {
      const data = serials.map((feedetl_sn) => ({ feedetl_sn, ...of }))
      if (data.length > 0) await play.yes('2302', 'takes the lines back', { data })
      await play.yes('2404', 'takes the admission back', { data: of })
    },
  }
}
