/** A filing for treatment elsewhere: created, queried, refused twice, withdrawn once. */
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { isAcross, type Moment, nodeOf, otherOf, rowsOf } from './lane.ts'

/**
 * A referral: own patients to the other hospital, patients from another province to this one, where they may already
 * be admitted.
 */
export async function filing(play: Play, place: Place, patient: Insured, { at }: Moment): Promise<void> {
  const { psn_no, insutype, insuredArea } = patient
  const to = isAcross(place, patient) ? place.institution : place.other
  const day = at.slice(0, 10)
  const isNear = insuredArea.slice(0, 2) === to.area.slice(0, 2)
  const about = { psn_no, insutype, tel: '', addr: '', insu_optins: insuredArea, dise_cond_dscr: '' }
  const diagnosis = { diag_code: place.diagnosis.code, diag_name: place.diagnosis.name }
  const goal = { reflin_medins_no: to.code, reflin_medins_name: to.name, mdtrtarea_admdvs: to.area }
  const why = {
    hosp_agre_refl_flag: '1',
    refl_type: isNear ? '2' : '3',
    refl_date: day,
    refl_rea: '病情需要',
  }
  const refmedin = { ...about, ...diagnosis, ...goal, ...why, refl_opnn: '同意', begndate: day, enddate: '' }
  await play.no('2501', 'a referral that the hospital does not agree to is refused', {
    refmedin: { ...refmedin, hosp_agre_refl_flag: '0' },
  })
  await play.no('2501', 'a referral that ends before it begins is refused', {
    refmedin: { ...refmedin, enddate: '2020-01-01' },
  })
  for (const transaction of ['2501', '2501A']) {
    const filed = await play.yes(transaction, 'files a referral', { refmedin })
    const trt_dcla_detl_sn = String(nodeOf(filed.output, 'result').trt_dcla_detl_sn ?? '')
    play.holds(transaction, 'gives the filing a number', trt_dcla_detl_sn.length > 1, trt_dcla_detl_sn)
    await play.again(transaction, 'the same filing again is no second one', filed)
    await play.no(transaction, 'what is filed already is not filed twice', { refmedin })
    const listed = await play.yes('5304', 'shows the referrals of a person', {
      data: { psn_no, begntime: `${day} 00:00:00`, endtime: `${day} 23:59:59` },
    })
    const isListed = rowsOf(listed.output, 'refmedin').some((row) => row.reflin_medins_no === to.code)
    play.holds('5304', `among them that of ${transaction}`, isListed, listed.heard.bytes.slice(0, 200))
    const data = { trt_dcla_detl_sn, psn_no, memo: '' }
    await otherOf(play, place).no('2502', 'nobody takes back a filing of another institution', { data })
    const back = await play.yes('2502', 'takes a filing back', { data })
    await play.again('2502', 'the same withdrawal again has the same answer', back)
    await play.no('2502', 'what is taken back is not taken back twice', { data })
  }
}
