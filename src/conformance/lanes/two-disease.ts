/**
 * Medicine for hypertension or diabetes of residents without a certificate (门诊两病): covered where the person is
 * registered.
 */
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { counterOf } from './counter.ts'
import { isAcross, type Moment, nodeOf, otherOf, settle, undo } from './lane.ts'

const HYPERTENSION = 'M03900'
/** `med_type` in Hunan's specification, and the purpose of the registration. [F] */
const [CATEGORY, PURPOSE] = ['9901', '23']

/** Registered, settled and undone; skipped without a smaller hospital and outside Hunan. */
export async function twoDisease(play: Play, place: Place, patient: Insured, moment: Moment): Promise<void> {
  const { clinic } = place
  if (!clinic?.area.startsWith('43')) return
  const { code: institution, name, area: treatmentArea } = clinic
  const own = play.as({ ...play.sender, institution, name, treatmentArea })
  const { psn_no } = patient
  const { id, bill, undo: clear } = await counterOf(own, place, patient, moment, CATEGORY, HYPERTENSION)
  await own.no('2207', 'who is not registered for it gets nothing of it', bill)
  if (isAcross(place, patient) || patient.insutype !== '390') {
    await clear()
    return
  }
  const named = { fix_srt_no: '1', fixmedins_code: institution, fixmedins_name: name }
  const data = { psn_no, biz_appy_type: PURPOSE, ...named, begndate: moment.at.slice(0, 10), enddate: '' }
  const made = await own.yes('2505', 'registers a person for the two diseases', { data })
  const other = otherOf(own, place)
  const { settlement } = await settle(own, { settle: '2207', id }, bill, other)
  await undo(own, { cancel: '2208', id }, settlement, psn_no, other)
  const back = { trt_dcla_detl_sn: nodeOf(made.output, 'result').trt_dcla_detl_sn, psn_no, memo: '变更' }
  await own.yes('2506', 'takes the registration for the two diseases back', { data: back })
  await own.no('2207', 'who is registered no more gets nothing of it', bill)
  await clear()
}
