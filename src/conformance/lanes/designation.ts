/** A person designates an institution for a purpose, one at a time. */
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { type Moment, nodeOf, otherOf, rowsOf } from './lane.ts'

/** Designated, queried, withdrawn and changed. */
export async function designation(play: Play, place: Place, patient: Insured, { at }: Moment): Promise<void> {
  const { psn_no } = patient
  const { code: fixmedins_code, name: fixmedins_name } = place.institution
  const biz_appy_type = '03'
  const named = { psn_no, biz_appy_type, fix_srt_no: '1', fixmedins_code, fixmedins_name }
  const data = { ...named, begndate: at.slice(0, 10), enddate: '', memo: '' }
  const made = await play.yes('2505', 'takes the institution that a person names', { data })
  await play.again('2505', 'the same again is no second one', made)
  await play.no('2505', 'a second one is not named beside the first', { data })
  const listed = await play.yes('5302', 'shows the institutions of a person', {
    data: { psn_no, biz_appy_type },
  })
  const codes = rowsOf(listed.output, 'psnfixmedin').map((row) => row.fixmedins_code)
  play.holds('5302', 'among them the new one', codes.includes(fixmedins_code), codes.join(' '))
  const back = { trt_dcla_detl_sn: nodeOf(made.output, 'result').trt_dcla_detl_sn, psn_no, memo: '变更' }
  await otherOf(play, place).no('2506', 'nobody takes back what another institution took', { data: back })
  const undone = await play.yes('2506', 'takes it back', { data: back })
  await play.again('2506', 'the same withdrawal again has the same answer', undone)
  await play.no('2506', 'what is taken back is not taken back twice', { data: back })
}
