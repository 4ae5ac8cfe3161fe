/** Somebody who pays on the phone: the hospital uploads, has it paid, asks, pays it a second time by mistake, gives back or revokes. */
import { orderPayment, orderQuestion, orderRefund, orderUpload } from '../../src/client/mobile-payment.ts'
import { dayOf } from '../../src/domain/day.ts'
import { codesOn } from './catalogue.ts'
import { type Counter, persist, written } from './counter.ts'
import type { Form, Person, Sent } from './sent.ts'

/** An order at the counter. */
interface Paying {
  readonly counter: Counter
  readonly form: Form
  readonly person: Person
  readonly order: { readonly payOrdId: string; readonly payToken: string; readonly orgCodg: string }
  say(infno: string, input: object): Sent
}

const NIGHT_MS = 24 * 3600 * 1000
const payerOf = ({ document }: Person) => ({ idNo: document, userName: '虚构人员', idType: '01' })

/** Pays one order after the other. */
export async function payer(counter: Counter, form: Form, person: Person): Promise<void> {
  const { timeline, dice } = counter
  const orders = dice.between(1, 3)
  for (let index = 0; index < orders; index += 1) {
    await timeline.sleep(dice.between(0, 12_000))
    const uploaded = await persist(counter, form, (attempt) => upload(counter, form, person, index, attempt))
    if (!uploaded) continue
    const { payOrdId, payToken } = JSON.parse(uploaded.answer.body.toString()).output.data
    const order = { payOrdId, payToken, orgCodg: form.institution }
    const say = (infno: string, input: object) => form.only!.say(infno, input, person, { order: payOrdId })
    const paying: Paying = { counter, form, person, order, say }
    if (dice.chance(0.2))
      await persist(counter, form, () => say('6401', orderQuestion(order, payerOf(person))))
    else await paid(paying)
  }
}

function upload(counter: Counter, form: Form, person: Person, index: number, attempt: number): Sent {
  const { timeline, dice } = counter
  const sum = dice.between(100, 90_000) / 100
  const [item = ''] = codesOn(dayOf(timeline.now()), true)
  const patient = {
    psn_no: person.psn_no,
    insutype: '310',
    credential: { mdtrt_cert_type: '02', mdtrt_cert_no: person.document },
  }
  const number = `M${person.psn_no.slice(-2)}${index}${attempt}`
  const diagnosis = { code: 'I10.x00x002', name: '高血压' }
  const visit = { patient, number, category: '11', at: written(timeline), diagnosis }
  const lines = [{ item, national: item, price: sum, count: 1, sum }]
  const input = orderUpload(visit, payerOf(person), form.institution, lines, { total: sum })
  return form.only!.say('6201', input, person)
}

async function paid(paying: Paying): Promise<void> {
  const { counter, form, person, order, say } = paying
  const { dice, timeline } = counter
  let serial = 0
  const make = () => {
    serial += 1
    return say('6202', orderPayment(order, '', `${order.payOrdId}S${serial}`))
  }
  const done = await persist(counter, form, make, person)
  if (dice.chance(0.3))
    await counter.call(form.only!.say('6301', orderQuestion(order, payerOf(person)), person))
  if (!done) return
  if (dice.chance(0.15)) await mistaken(paying, make())
  if (dice.chance(0.25)) await timeline.sleep(dice.between(1, 2) * NIGHT_MS)
  const { data } = JSON.parse(done.answer.body.toString()).output
  const way = dice.next()
  if (way < 0.4) await refunded(paying, data, 'ALL')
  else if (way < 0.6) for (const kind of dice.pick(LEGS)) await refunded(paying, data, kind)
  if (dice.chance(0.3)) await counter.call(done.sent)
}

const LEGS = [['HI'], ['CASH'], ['HI', 'CASH'], ['CASH', 'HI']] as const

/** What is paid is paid again, or taken back as if it were not: it must not be done. */
async function mistaken({ counter, person, order, say }: Paying, second: Sent): Promise<void> {
  const sent = counter.dice.chance(0.6) ? second : say('6401', orderQuestion(order, payerOf(person)))
  const answer = await counter.call(sent)
  if (answer && [null, 'fund-refused', 'outcome-unknown'].includes(answer.problem))
    counter.model.fault(`${sent.name} left for an order that is paid: ${answer.problem ?? 'yes'}`)
}

type Legs = Readonly<Record<'feeSumamt' | 'ownPayAmt' | 'psnAcctPay' | 'fundPay', string>>

/** Gives back everything, what the insurance paid, or the cash. */
async function refunded({ counter, form, order, say }: Paying, paid: Legs, kind: string): Promise<void> {
  const nothing = '0.00'
  const [insurance, cash] = [kind !== 'CASH', kind !== 'HI']
  const [fundPay, psnAcctPay] = insurance ? [paid.fundPay, paid.psnAcctPay] : [nothing, nothing]
  const ownPayAmt = cash ? paid.ownPayAmt : nothing
  const total = [fundPay, psnAcctPay, ownPayAmt].reduce(
    (fen, yuan) => fen + Math.round(Number(yuan) * 100),
    0,
  )
  if (total === 0) return
  const legs = { feeSumamt: (total / 100).toFixed(2), fundPay, psnAcctPay, ownPayAmt }
  let serial = 0
  await persist(counter, form, () => {
    serial += 1
    const { data } = orderRefund(order, legs, `${order.payOrdId}${kind}${serial}`, '20260302100000') as {
      data: object
    }
    return say('6203', { data: { ...data, refdType: kind } })
  })
}
