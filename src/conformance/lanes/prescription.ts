/** An electronic prescription from a hospital to a pharmacy. */
import type { Fields } from '../../client/message.ts'
import {
  audit,
  authorisation,
  checkedPrescription,
  delivery,
  dispensing,
  dispensingBack,
  download,
  onlineAuthorisation,
  type Prescribed,
  prescriptionQuestion,
  received,
  scan,
  signing,
  upload,
  verification,
  withdrawal,
} from '../../client/prescription.ts'
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { type Moment, nodeOf } from './lane.ts'

const DRUG = { code: 'XA02AXX095A001010103358', name: '药品甲', count: 2 } as const

/** Checked, signed, uploaded; downloaded, audited and dispensed; returned and withdrawn. */
export async function prescription(
  play: Play,
  place: Place,
  patient: Insured,
  moment: Moment,
): Promise<void> {
  const { pharmacy, institution } = place
  const { ssn = '', name: patnName = '', psn_no: psnNo } = patient
  if (!pharmacy || ssn === '') return
  const { code, name, area } = pharmacy
  const shop = play.as({ ...play.sender, institution: code, name, treatmentArea: area })
  const other = play.as({
    ...play.sender,
    ...{ institution: place.other.code, name: place.other.name, treatmentArea: place.other.area },
  })
  const of: Prescribed = {
    ...{ institution: institution.code, name: institution.name, encounter: moment.number, at: moment.at },
    ...{ patient: { psnNo, patnName, psnCertType: '01', certno: ssn }, drugs: [DRUG] },
  }
  const number = await prescribed(play, of)
  const question = prescriptionQuestion(institution.code, number, of.encounter, of.patient)
  await play.yes('7105', 'shows the prescription', question)
  const undone = withdrawal(of, number, moment.at)
  await other.no('7104', 'nobody withdraws the prescription of another hospital', {
    data: { ...nodeOf(undone, 'data'), fixmedinsCode: place.other.code },
  })
  const sold = await dispensed(shop, { ...of, institution: code, name }, number)
  await play.yes('7106', 'tells what the pharmacist has found', question)
  const taken = await play.yes('7107', 'tells what was dispensed', question)
  const used = String(nodeOf(taken.output, 'data').rxUsedStasCodg)
  play.holds('7107', 'as used', used === '2', used)
  await play.no('7104', 'what is used is not withdrawn', undone)
  await shop.yes('7208', 'the sale is taken back', dispensingBack(code, number, sold))
  const withdrawn = await play.yes('7104', 'what nobody uses is withdrawn', undone)
  await play.again('7104', 'the same withdrawal again has the same answer', withdrawn)
  await shop.no('7203', 'what is withdrawn is not taken', scan(code, `EPC:${number}`))
}

async function prescribed(play: Play, of: Prescribed): Promise<string> {
  const checked = nodeOf((await play.yes('7101', 'is checked', checkedPrescription(of))).output, 'data')
  const signed = nodeOf((await play.yes('7102', 'is signed', signing(of, checked))).output, 'data')
  const input = upload(of, checked, signed)
  const wrong = { data: { ...nodeOf(input, 'data'), rxTraceCode: `${checked.rxTraceCode}0` } }
  await play.no('7103', 'a trace code of another is refused', wrong)
  const uploaded = await play.yes('7103', 'is uploaded', input)
  await play.again('7103', 'the same upload again is no second one', uploaded)
  await play.no('7103', 'a trace code serves one upload', input)
  return String(checked.hiRxno)
}

/** @returns the serial number of the dispensing */
async function dispensed(shop: Play, of: Prescribed, number: string): Promise<unknown> {
  const { institution, at } = of
  const told = async (transaction: string, what: string, input: Fields) =>
    nodeOf((await shop.yes(transaction, what, input)).output, 'data')
  const whose = authorisation(institution, of.patient)
  await told('7201', 'what the person may take is shown', whose)
  await told('7202', 'what was let be seen is authorised', onlineAuthorisation(institution, number))
  const given = await told('7203', 'the code is scanned', scan(institution, `EPC:${number}`))
  const file = await told('7204', 'is downloaded', download(institution, given))
  const verified = await told('7205', 'is verified', verification(institution, given, file))
  const found = await told('7206', 'is audited', audit(of, given, number, verified, at))
  const serial = String(found.rxChkBizSn)
  await shop.no('7207', 'without its audit it is not sold', dispensing(of, number, `${serial}0`))
  const sold = await told('7207', 'is sold', dispensing(of, number, serial))
  await shop.no('7207', 'what is used is not sold again', dispensing(of, number, serial))
  await told('7209', 'is on its way', delivery(of, number, at))
  await told('7210', 'is received', received(number, at))
  return sold.selStooutSn
}
