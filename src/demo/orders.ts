/** Orders of mobile payment in a day: one is paid, one given back, one lingers in state 4, of one only half is given back at first. */
import { openHospital } from '../client/hospital.ts'
import type { Fields, MessageSender } from '../client/message.ts'
import { orderPayment, orderRefund, orderUpload, type PaidLegs } from '../client/mobile-payment.ts'
import { type LineOfVisit, personQuestion, type VisitOf } from '../client/visit.ts'
import { compactTime, type Instant, shanghaiTime } from '../domain/day.ts'
import type { DemoPerson, World } from './bills.ts'
import { setFaults } from './day.ts'

/** What one order does, and what its centre is told to do beforehand. */
const ORDERS = [
  { name: 'paid', isGivenBack: false, fault: null },
  { name: 'given back', isGivenBack: true, fault: null },
  { name: 'lingering', isGivenBack: false, fault: { kind: 'linger', state: '4', ms: 1500, times: 1 } },
  { name: 'given back by half first', isGivenBack: true, fault: { kind: 'half', ms: 1500, times: 1 } },
] as const

/** An item that is passed on as it is: a centre takes national codes. */
const LINE: LineOfVisit = {
  ...{ item: 'L1', national: '002503000010000-250301001' },
  ...{ price: 40.25, count: 2, sum: 80.5 },
}

/** What became of an order. */
export interface OrderOutcome {
  readonly name: string
  readonly state: 'settled' | 'refused' | 'unknown'
  readonly text: string
}

/** Plays them, one after another, with people who are treated in their own province: a centre is that of one province. */
export async function playOrders(
  gateway: string,
  centreOf: (province: string) => string | undefined,
  world: Pick<World, 'people' | 'institutions' | 'diagnoses'>,
): Promise<OrderOutcome[]> {
  const hospital = openHospital(gateway)
  const outcomes: OrderOutcome[] = []
  const [person, institution] = atHome(world)
  const sender: MessageSender = {
    institution: institution.code,
    name: institution.name,
    treatmentArea: institution.attributes!.area!,
    insuredArea: person.insurance[0]!.insuplc_admdvs,
  }
  const centre = centreOf(`${sender.insuredArea.slice(0, 2)}0000`)
  const step = async (transaction: string, input: unknown) => {
    const heard = await hospital.send(sender, transaction, input)
    if (heard.is === 'yes') return heard.output
    throw new OrderEnded(heard.is === 'no' ? 'refused' : 'unknown', `${transaction} ${heard.text}`)
  }
  for (const [index, { name, isGivenBack, fault }] of ORDERS.entries()) {
    if (fault && centre) await setFaults(centre, [fault])
    try {
      await playOrder(step, world, person, sender.institution, isGivenBack, index)
      outcomes.push({ name, state: 'settled', text: '' })
    } catch (cause) {
      if (!(cause instanceof OrderEnded)) throw cause
      outcomes.push({ name, state: cause.state, text: cause.message })
    }
  }
  await hospital.close()
  return outcomes
}

/** Carries a step's refusal out of an order. */
class OrderEnded extends Error {
  readonly state: 'refused' | 'unknown'

  constructor(state: 'refused' | 'unknown', text: string) {
    super(text)
    this.state = state
  }
}

/** Somebody insured where a hospital of the own city is. */
function atHome({ people, institutions }: Pick<World, 'people' | 'institutions'>) {
  for (const person of people) {
    const { insuplc_admdvs: home, psn_insu_stas } = person.insurance[0]!
    if (psn_insu_stas !== '1') continue
    const near = institutions.find(
      ({ attributes }) => attributes?.state !== 'suspended' && attributes?.area?.startsWith(home.slice(0, 4)),
    )
    if (near) return [person, near] as const
  }
  throw new Error('Nobody of the day is insured in a city with a hospital')
}

async function playOrder(
  step: (transaction: string, input: unknown) => Promise<Fields>,
  { diagnoses }: Pick<World, 'diagnoses'>,
  person: DemoPerson,
  orgCodg: string,
  isGivenBack: boolean,
  index: number,
): Promise<void> {
  const now = Date.now() as Instant
  const { mdtrt_cert_type, mdtrt_cert_no, card_sn } = person.credentials[0]!
  const { insutype } = person.insurance[0]!
  const visit: VisitOf = {
    patient: { psn_no: person.psn_no, credential: { mdtrt_cert_type, mdtrt_cert_no }, card_sn, insutype },
    number: `YD${now}${index}`,
    category: '11',
    at: shanghaiTime(now),
    diagnosis: diagnoses[0]!,
  }
  const shown = (await step('1101', personQuestion(visit.patient))).baseinfo as Fields
  const payer = { idNo: String(shown.certno), userName: String(shown.psn_name), idType: '01' }
  const uploaded = (await step('6201', orderUpload(visit, payer, orgCodg, [LINE], { total: LINE.sum })))
    .data as Fields
  const order = { payOrdId: String(uploaded.payOrdId), payToken: String(uploaded.payToken), orgCodg }
  const { mdtrtId } = JSON.parse(String(uploaded.extData)) as { mdtrtId: string }
  const paid = (await step('6202', orderPayment(order, mdtrtId, visit.number))).data
  if (!isGivenBack) return
  const refund = orderRefund(order, paid as unknown as PaidLegs, `T${visit.number}`, compactTime(now))
  await step('6203', refund)
}
