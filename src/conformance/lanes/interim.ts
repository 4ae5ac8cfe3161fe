/** A stay settled in parts: no part is settled twice, and the last part must be undone first. */
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { holdsTogether, isAcross, type Moment, nodeOf, otherOf } from './lane.ts'
import { stayIn } from './stay.ts'

/** Interim and final settlement, and both cancellations. */
export async function interim(play: Play, place: Place, patient: Insured, moment: Moment): Promise<void> {
  const { psn_no } = patient
  const stay = await stayIn(play, place, patient, moment)
  const { data: whole } = await stay.charge()
  const first = { data: { ...whole, mid_setl_flag: '1' } }
  if (isAcross(place, patient)) {
    await play.no('2303', 'a stay of somebody from another province is settled as a whole', first)
    await stay.undo()
    return
  }
  const total = Number(whole.medfee_sumamt)
  holdsTogether(play, '2303', await play.yes('2303', 'tries a part of the stay', first), total)
  await otherOf(play, place).no('2304', 'nobody settles a part of a stay of another institution', first)
  const part = await play.yes('2304', 'settles a part of the stay', first)
  holdsTogether(play, '2304', part, total)
  await play.again('2304', 'the same message again has the same answer', part)
  await play.no('2304', 'what is settled is not settled again', first)
  const { data: rest } = await stay.charge()
  await stay.leave()
  const both = Number(rest.medfee_sumamt) + total
  await play.no('2304', 'the end is not the whole stay', { data: { ...rest, medfee_sumamt: both } })
  const end = await play.yes('2304', 'settles the rest', { data: rest })
  holdsTogether(play, '2304', end, Number(rest.medfee_sumamt))
  const deductible = Number(nodeOf(end.output, 'setlinfo').act_pay_dedc ?? 0)
  const taken = Number(nodeOf(part.output, 'setlinfo').act_pay_dedc ?? 0)
  play.holds(
    '2304',
    'the deductible is taken once',
    deductible === 0 || taken < total,
    `${taken} ${deductible}`,
  )
  const of = (setl_id: unknown) => ({ data: { setl_id, mdtrt_id: stay.id, psn_no } })
  const [one, two] = [part, end].map(({ output }) => nodeOf(output, 'setlinfo').setl_id)
  await play.no('2305', 'a part is not cancelled while a later one stands', of(one))
  await play.yes('2305', 'cancels the last part', of(two))
  await stay.comeBack()
  const undone = await play.yes('2305', 'cancels the first part', of(one))
  await play.again('2305', 'the same cancellation again has the same answer', undone)
  await stay.undo()
}
