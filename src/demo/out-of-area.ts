/**
 * Beside the bills of the day, at a pharmacy: a purchase out of area that is paid on the phone, another one that is paid and given
 * back, and a prescription that a hospital writes and the pharmacy sells. Their books count with those of the bills.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Hospital } from '../client/hospital.ts'
import type { Fields, MessageSender } from '../client/message.ts'
import {
  audit,
  checkedPrescription,
  dispensing,
  download,
  type Prescribed,
  scan,
  signing,
  upload,
  verification,
} from '../client/prescription.ts'
import {
  type Buyer,
  buyerOf,
  buyerQuestion,
  paymentQuestion,
  purchaseOrder,
  type Sale,
  undoneOrder,
} from '../client/purchase-order.ts'
import { purchase } from '../client/visit.ts'
import { type Instant, shanghaiTime } from '../domain/day.ts'
import type { DemoPerson } from './bills.ts'

/** Whoever buys, as `GET /people` shows one. */
type Shown = DemoPerson & {
  readonly psn_name: string
  readonly psn_cert_type: string
  readonly certno: string
}

const SHOP = { institution: 'P43090390001', name: '益阳赫山益民大药房（虚构）', area: '430903' } as const
const WARD = { institution: 'H43090290001', name: '益阳市资江医院（虚构）', area: '430902' } as const
const LINE = { item: 'Y0001', price: 12.5, count: 2, sum: 25 } as const
const DRUG = { code: 'XA02AXX095A001010103358', name: '药品甲', count: 2 } as const

/** How often the counter asks whether it is paid, and the pause between. */
const LOOKS_MAX = 20
const LOOK_MS = 50

/** What was done beside the bills. */
export interface Beside {
  readonly paid: number
  readonly refunded: number
  readonly dispensed: number
}

const senderOf = (
  { institution, name, area }: typeof SHOP | typeof WARD,
  insuredArea: string,
): MessageSender => ({
  ...{ institution, name, treatmentArea: area, insuredArea },
})

/** A step that must be a yes. @throws where it is not */
async function done(hospital: Hospital, sender: MessageSender, transaction: string, input: unknown) {
  const heard = await hospital.send(sender, transaction, input)
  if (heard.is !== 'yes') throw new Error(`${transaction} of the demonstration: ${heard.text}`)
  return (heard.output ?? {}) as Fields
}

/** A citizen who is insured in another province, may be treated in Yiyang and is in force. */
function buyerAmong(people: readonly DemoPerson[]): Shown | undefined {
  return (people as readonly Shown[]).find(
    ({ psn_cert_type, insurance: [own], filings }) =>
      psn_cert_type === '01' &&
      own?.psn_insu_stas === '1' &&
      !own.insuplc_admdvs.startsWith('43') &&
      filings.some(({ destination, until }) => destination.startsWith('4309') && until === null),
  )
}

/** Orders and has the person pay. @returns the number of the purchase */
async function bought(
  hospital: Hospital,
  sender: MessageSender,
  buyer: Buyer,
  number: string,
): Promise<string> {
  const at = shanghaiTime(Date.now() as Instant)
  const sale: Sale = { ...SHOP, number, at, lines: [LINE], total: LINE.sum }
  const { mdtrt_regno } = await done(hospital, sender, '2166', purchaseOrder(buyer, sale))
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const question = paymentQuestion(buyer, SHOP.institution, String(mdtrt_regno))
    const shown = await done(hospital, sender, '2171', question)
    if (shown.mdtrt_regno !== undefined) return String(mdtrt_regno)
    await pause(LOOK_MS)
  }
  throw new Error('The person of the demonstration has not paid')
}

/** A prescription of the hospital that the pharmacy sells, charged with a purchase. */
async function dispensed(hospital: Hospital, person: Shown, number: string): Promise<void> {
  const insuredArea = person.insurance[0]!.insuplc_admdvs
  const [ward, shop] = [senderOf(WARD, insuredArea), senderOf(SHOP, insuredArea)]
  const at = shanghaiTime(Date.now() as Instant)
  const { psn_no: psnNo, psn_name: patnName, certno } = person
  const patient = { psnNo, patnName, psnCertType: '01', certno }
  const of: Prescribed = {
    ...{ institution: WARD.institution, name: WARD.name, encounter: number, patient, at, drugs: [DRUG] },
  }
  const told = async (sender: MessageSender, transaction: string, input: unknown) =>
    (await done(hospital, sender, transaction, input)).data as Fields
  const checked = await told(ward, '7101', checkedPrescription(of))
  const signed = await told(ward, '7102', signing(of, checked))
  await told(ward, '7103', upload(of, checked, signed))
  const rx = String(checked.hiRxno)
  const given = await told(shop, '7203', scan(SHOP.institution, `EPC:${rx}`))
  const file = await told(shop, '7204', download(SHOP.institution, given))
  const verified = await told(shop, '7205', verification(SHOP.institution, given, file))
  const passed = await told(shop, '7206', audit(SHOP, given, rx, verified, at))
  const { mdtrt_cert_type, mdtrt_cert_no } = person.credentials[0]!
  const visit = {
    patient: {
      ...{ psn_no: psnNo, credential: { mdtrt_cert_type, mdtrt_cert_no } },
      insutype: person.insurance[0]!.insutype,
    },
    ...{ number, category: '41', at, diagnosis: { code: '', name: '' } },
  }
  await done(hospital, shop, '2102', purchase(visit, [LINE], LINE.sum))
  await told(shop, '7207', dispensing({ ...SHOP, drugs: [DRUG], at }, rx, String(passed.rxChkBizSn)))
}

/** Plays all three. Nothing where nobody of the people may buy there. @throws where a step is not a yes */
export async function playBeside(hospital: Hospital, people: readonly DemoPerson[]): Promise<Beside> {
  const person = buyerAmong(people)
  if (!person) return { paid: 0, refunded: 0, dispensed: 0 }
  const insuredArea = person.insurance[0]!.insuplc_admdvs
  const sender = senderOf(SHOP, insuredArea)
  const who = await done(
    hospital,
    sender,
    '2161',
    buyerQuestion(person.certno, insuredArea, SHOP.institution),
  )
  const buyer = buyerOf(who, person.certno, insuredArea)
  const serial = `SN${Date.now()}`
  await bought(hospital, sender, buyer, `${serial}A`)
  const back = await bought(hospital, sender, buyer, `${serial}B`)
  await done(hospital, sender, '2163', undoneOrder(SHOP.institution, back))
  await dispensed(hospital, person, `${serial}C`)
  return { paid: 2, refunded: 1, dispensed: 1 }
}
