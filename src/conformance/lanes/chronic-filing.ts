/**
 * A chronic disease certified by the hospital: covered from then on; a hospital of another province cannot certify.
 */
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { isAcross, type Moment, nodeOf, otherOf, rowsOf } from './lane.ts'
import { outpatient } from './outpatient.ts'

/** 癫痫: on local lists, but not among the ten diseases settled across provinces. */
const DISEASE = { opsp_dise_code: 'M02500', opsp_dise_name: '癫痫' }

/** From certification to settlement and back. */
export async function chronicFiling(
  play: Play,
  place: Place,
  patient: Insured,
  moment: Moment,
): Promise<void> {
  const { psn_no, insutype, insuredArea } = patient
  const { code, name } = place.institution
  const day = moment.at.slice(0, 10)
  const data = {
    ...{ psn_no, insutype, ...DISEASE, tel: '', addr: '', insu_optins: insuredArea },
    ...{ ide_fixmedins_no: code, ide_fixmedins_name: name, hosp_ide_date: day },
    ...{ diag_dr_codg: 'D000000000001', diag_dr_name: '医师甲', begndate: day, enddate: '' },
  }
  if (isAcross(place, patient)) {
    await play.no('2503', 'a hospital of another province certifies nothing', { data })
    return
  }
  await play.no('2503', 'a disease of no list is not certified', {
    data: { ...data, opsp_dise_code: 'M55555' },
  })
  const filed = await play.yes('2503', 'certifies a disease', { data })
  await play.again('2503', 'the same certificate again is no second one', filed)
  await play.no('2503', 'what is certified is not certified twice', { data })
  const listed = await play.yes('5301', 'shows the diseases of a person', { data: { psn_no } })
  const codes = rowsOf(listed.output, 'feedetail').map((row) => row.opsp_dise_code)
  play.holds('5301', 'among them the new one', codes.includes(DISEASE.opsp_dise_code), codes.join(' '))
  await outpatient(play, place, { ...patient, disease: DISEASE.opsp_dise_code }, moment, '14')
  const back = { trt_dcla_detl_sn: nodeOf(filed.output, 'result').trt_dcla_detl_sn, psn_no, memo: '误报' }
  await otherOf(play, place).no('2504', 'nobody takes back a certificate of another institution', {
    data: back,
  })
  const undone = await play.yes('2504', 'takes a certificate back', { data: back })
  await play.again('2504', 'the same withdrawal again has the same answer', undone)
  await play.no('2504', 'what is taken back is not taken back twice', { data: back })
}
