/** Definition of a lane, and the checks common to all settlements and cancellations. */
import type { Fields } from '../../client/message.ts'
import type { VisitOf } from '../../client/visit.ts'
import type { Insured, Place } from '../place.ts'
import type { Answered, Play } from '../play.ts'

/** One lane: its name, and how to play it for one patient. */
export interface Lane {
  readonly name: string
  /** Whether a patient is eligible. */
  takes(patient: Insured): boolean
  play(play: Play, place: Place, patient: Insured, moment: Moment): Promise<void>
}

/** Values unique to a visit. */
export interface Moment {
  readonly number: string
  /** Shanghai time. */
  readonly at: string
}

/** A node of an output; empty if it is missing. */
export const nodeOf = (output: Fields, name: string) => (output[name] ?? {}) as Fields
/** The rows of a list; empty if it is not a list. */
export const rowsOf = (output: Fields, name: string) =>
  (Array.isArray(output[name]) ? output[name] : []) as readonly Fields[]
/** Whether two amounts in yuan are equal to the fen. */
export const isNear = (one: number, other: number) => Math.abs(one - other) < 0.005

/** The visit of a patient. @param category `med_type` */
export function visitOf(place: Place, patient: Insured, { number, at }: Moment, category: string): VisitOf {
  const disease = category === '14' ? patient.disease : null
  return { patient, number, category, at, diagnosis: place.diagnosis, ...(disease !== null && { disease }) }
}

/** Whether a patient is insured in another province. */
export function isAcross({ institution }: Place, { insuredArea }: Insured): boolean {
  return insuredArea.slice(0, 2) !== institution.area.slice(0, 2)
}

/** The same lane played by the other institution, which must not touch this one's data. */
export function otherOf(play: Play, { other }: Place): Play {
  return play.as({ ...play.sender, institution: other.code, name: other.name })
}

/** Checks the identities among the amounts of an answer. @param total of the bill, in yuan */
export function holdsTogether(play: Play, transaction: string, { output }: Answered, total: number): void {
  const info = nodeOf(output, 'setlinfo')
  const of = (field: string) => Number(info[field] ?? 0)
  const parts = of('fund_pay_sumamt') + of('psn_part_amt') + of('hosp_part_amt')
  play.holds(
    transaction,
    'its total is that of the bill',
    isNear(of('medfee_sumamt'), total),
    `${of('medfee_sumamt')}`,
  )
  play.holds(transaction, 'fund and person add up to the total', isNear(parts, total), `${parts} ≠ ${total}`)
  const paid = of('acct_pay') + of('psn_cash_pay')
  const isSplit = isNear(paid, of('psn_part_amt'))
  play.holds(transaction, 'account and cash add up to the share of the person', isSplit, `${paid}`)
}

/** Checks common to all settlements. @returns the settlement id */
export async function settle(
  play: Play,
  by: { readonly settle: string; readonly id: string },
  bill: { readonly data: Fields },
  other: Play,
): Promise<{ readonly settlement: string; readonly answered: Answered }> {
  const total = Number(bill.data.medfee_sumamt)
  await play.no(by.settle, 'a bill whose parts do not add up is refused', {
    data: { ...bill.data, medfee_sumamt: total + 1 },
  })
  await other.no(by.settle, 'nobody settles a visit of another institution', bill)
  const answered = await play.yes(by.settle, 'the bill is settled', bill)
  holdsTogether(play, by.settle, answered, total)
  await play.again(by.settle, 'the same message again has the same answer', answered)
  const otherBody = { data: { ...bill.data, invono: '另一张' } }
  await play.no(by.settle, 'its id with another input is refused', otherBody, {}, answered.sent.id)
  const settlement = String(nodeOf(answered.output, 'setlinfo').setl_id)
  const shown = await play.yes('5203', `shows what ${by.settle} settled`, {
    data: { psn_no: bill.data.psn_no, setl_id: settlement, mdtrt_id: by.id },
  })
  const found = nodeOf(shown.output, 'setlinfo')
  play.holds(
    '5203',
    'with the same total',
    isNear(Number(found.medfee_sumamt), total),
    `${found.medfee_sumamt}`,
  )
  return { settlement, answered }
}

/** Checks common to all cancellations. */
export async function undo(
  play: Play,
  by: { readonly cancel: string; readonly id: string },
  settlement: string,
  psn_no: string,
  other: Play,
): Promise<void> {
  const data = { setl_id: settlement, mdtrt_id: by.id, psn_no }
  await other.no(by.cancel, 'nobody cancels a settlement of another institution', { data })
  await play.no(by.cancel, 'a settlement that is not there is not cancelled', {
    data: { ...data, setl_id: `${settlement}0` },
  })
  const cancelled = await play.yes(by.cancel, 'the settlement is cancelled', { data })
  await play.again(by.cancel, 'the same cancellation again has the same answer', cancelled)
  await play.no(by.cancel, 'what is cancelled is not cancelled twice', { data })
}
