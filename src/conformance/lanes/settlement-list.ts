/** The settlement list of a visit: uploaded, queried, submitted, and immutable from then on. */
import type { Fields } from '../../client/message.ts'
import { shippedCatalogue } from '../../extension/catalogue.ts'
import { sampleInput } from '../../extension/catalogue-samples.ts'
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { type Moment, nodeOf } from './lane.ts'
import { settledVisit } from './settled.ts'

/** A minimal valid list, with the ids, identity and amounts of its settlement. */
function listOf(number: '4101' | '4101A', place: Place, { psn_no }: Insured, settled: Fields): Fields {
  const catalogue = shippedCatalogue()
  const { mdtrt_id, setl_id, psn_name, certno, gend, brdy, acct_pay, psn_cash_pay, psn_part_amt } = settled
  const money = { psn_selfpay: psn_part_amt, psn_ownpay: 0, acct_pay, psn_cashpay: psn_cash_pay }
  const filled = { bill_code: 'B1', bill_no: '1', medins_fill_dept: '病案室', medins_fill_psn: '甲' }
  const identity = { psn_no, psn_name, certno, gend, brdy, chfpdr_code: 'D1', dscg_way: '1' }
  const { code: fixmedins_code, area } = place.institution
  const values = { mdtrt_id, setl_id, fixmedins_code, ...identity, ...money, ...filled }
  const province = catalogue.provinceOf(area)
  const { setlinfo } = sampleInput(catalogue, number, { province, values }) as { setlinfo: Fields }
  return { ...setlinfo, mdtrt_id, setl_id, psn_no, ...filled, chfpdr_code: 'D1', dscg_way: '1' }
}

/** Plays it. */
export async function settlementList(
  play: Play,
  place: Place,
  patient: Insured,
  moment: Moment,
): Promise<void> {
  const settled = await settledVisit(play, place, patient, moment)
  const { setl_id } = settled
  const { psn_no } = patient
  const setlinfo = listOf('4101', place, patient, settled)
  const other = play.as({ ...play.sender, institution: place.other.code, name: place.other.name })
  await play.no('4101', 'a list of no settlement is refused', {
    setlinfo: { ...setlinfo, setl_id: 'NOBODY' },
  })
  const payinfo = [{ fund_pay_type: '310100', fund_payamt: 999_999 }]
  await play.no('4101', 'a list with other money than its settlement is refused', { setlinfo, payinfo })
  await other.no('4101', 'nobody lists the settlement of another institution', { setlinfo })
  const sent = await play.yes('4101', 'takes the list', { setlinfo })
  await play.again('4101', 'the same list again has the same answer', sent)
  await play.yes('4101A', 'takes its newer form in its stead while it is a draft', {
    setlinfo: listOf('4101A', place, patient, settled),
  })
  const shown = await play.yes('4103', 'shows the list', { data: { psn_no, setl_id } })
  const found = String(nodeOf(shown.output, 'setlinfo').setl_id)
  play.holds('4103', 'that of the settlement', found === String(setl_id), found)
  const to = (stas_type: string) => ({ data: { stastinfo: [{ psn_no, setl_id, stas_type }] } })
  await play.no('4102', 'a draft is not accepted by its sender', to('2'))
  await play.yes('4102', 'submits the list', to('1'))
  await play.no('4102', 'what is submitted is no draft again', to('0'))
  await play.no('4101', 'what is submitted is not sent anew', { setlinfo })
  await play.yes('4104', 'tells what was found in it', { data: { setl_id, psn_no } })
  const day = moment.at.slice(0, 10)
  const counted = { stt_begntime: `${day} 00:00:00`, stt_endtime: `${day} 23:59:59` }
  const { code: fixmedins_code } = place.institution
  await play.yes('4105', 'counts them', { data: { fixmedins_code, ...counted } })
}
