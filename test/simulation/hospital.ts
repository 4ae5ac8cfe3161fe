/**
 * Hospital systems as actors: outpatient visits and inpatient stays from the registration to the money and back, in the
 * right order and now and then in a wrong one.
 */
import { addDays, dayOf } from '../../src/domain/day.ts'
import { identityCheck } from '../../src/domain/person.ts'
import { codesOn } from './catalogue.ts'
import { type Clear, type Counter, insist, persist, written } from './counter.ts'
import type { Bill, Form, Line, Person } from './sent.ts'

/** Insured in two other provinces, in another city of this one, and here. */
const INSURED = ['621000', '621000', '430900', '340200', '340104'] as const
const NIGHT_MS = 24 * 3600 * 1000

/** An invented person. */
export function personOf(index: number, area: string): Person {
  const body = `990034${19600101 + index}${String(100 + index)}`
  return { psn_no: `PN${area}Q${index}`, document: body + identityCheck(body), area }
}

/** One visit or stay at one counter. */
interface Care {
  readonly counter: Counter
  readonly form: Form
  readonly person: Person
  readonly stay: boolean
}

/** One patient from the door to the door. */
export async function patient(counter: Counter, form: Form, index: number, area?: string): Promise<void> {
  const { timeline, dice } = counter
  await timeline.sleep(dice.between(0, 12_000))
  const person = personOf(index, area ?? dice.pick(INSURED))
  const care: Care = { counter, form, person, stay: dice.chance(0.45) }
  const number = `O${index}${Math.floor(timeline.elapsed())}`
  const opened = await persist(counter, form, () => form.open(person, care.stay, number, written(timeline)))
  if (!opened) return
  const encounter = form.encounterOf(opened.answer)
  if (dice.chance(0.2)) await counter.call(form.ask(person, dice.chance(0.5) ? encounter : null))
  const bill = await charge(care, encounter, dice.between(1, care.stay ? 2 : 1), 'A')
  if (!bill) return
  if (care.stay && !(await leave(care, bill))) return
  const settled = await persist(counter, form, () => form.settle(bill), person)
  if (settled) await afterwards(care, bill, settled)
}

function drawLines({ dice, timeline }: Counter, batch: string, isGood: () => boolean): Line[] {
  const today = dayOf(timeline.now())
  return Array.from({ length: dice.between(1, 3) }, (_, index): Line => {
    const day = addDays(today, dice.chance(0.5) ? 0 : -dice.between(1, 3))
    return {
      serial: `${batch}-${index}`,
      code: dice.pick(codesOn(day, isGood())),
      day,
      fen: dice.between(1, 90_000),
    }
  })
}

/** Somebody who buys at a pharmacy, some days more than once: at one counter after the other, or at two at once. */
export async function shopper(counter: Counter, form: Form, index: number): Promise<void> {
  const { timeline, dice } = counter
  const person = personOf(index, dice.pick(INSURED))
  const purchases = dice.between(1, 3)
  const atOnce = dice.chance(0.3)
  const bought: Promise<unknown>[] = []
  for (let number = 0; number < purchases; number += 1) {
    await timeline.sleep(dice.between(0, 12_000))
    const one = buyOne(counter, form, person)
    bought.push(one.then((afterwards) => afterwards?.()))
    if (!atOnce) await one
  }
  await Promise.all(bought)
}

/** Buys. @returns what takes back, repeats or reverses it, tonight or a night later; null where nothing was bought */
async function buyOne(counter: Counter, form: Form, person: Person): Promise<(() => Promise<void>) | null> {
  const { timeline, dice } = counter
  const wrong = dice.chance(0.15)
  let [tried, total] = [-1, 0]
  let lines: Line[] = []
  const make = (attempt: number) => {
    // Under another id it is the same purchase still.
    if (attempt !== tried) lines = drawLines(counter, 'P', () => !wrong || attempt > 0 || dice.chance(0.5))
    tried = attempt
    total = lines.reduce((sum, { fen }) => sum + fen, 0)
    return form.buy(person, lines, written(timeline))
  }
  const settled = await persist(counter, form, make, person)
  if (!settled) return null
  const encounter = form.encounterOf(settled.answer)
  const bill: Bill = { person, encounter, stay: false, purchase: true, total, batch: '' }
  return () => afterwards({ counter, form, person, stay: false }, bill, settled)
}

/** Uploads fee lines, some of them with codes that must not leave. */
async function charge(care: Care, encounter: string, uploads: number, name: string): Promise<Bill | null> {
  const { counter, form, person, stay } = care
  const { dice } = counter
  let total = 0
  let batch = ''
  for (let upload = 0; upload < uploads; upload += 1) {
    const wrong = dice.chance(0.15)
    const uploaded = await persist(counter, form, (attempt) => {
      batch = `${name}${upload}${attempt}`
      const lines = drawLines(counter, batch, () => !wrong || attempt > 0 || dice.chance(0.5))
      return form.lines(person, encounter, stay, lines, batch)
    })
    if (!uploaded) return null
    total += uploaded.sent.lines.reduce((sum, { fen }) => sum + fen, 0)
  }
  return { person, encounter, stay, total, batch }
}

/** Discharges, and tries what the order of a stay does not allow. */
async function leave(care: Care, bill: Bill): Promise<Clear | null> {
  const { counter, form, person } = care
  const { dice, timeline } = counter
  const { encounter } = bill
  if (dice.chance(0.1)) await mustFail(care, 'settled before the discharge', () => form.settle(bill))
  const make = () => form.discharge(person, encounter, written(timeline))
  const discharged = await persist(counter, form, make)
  if (!discharged) return null
  if (dice.chance(0.15)) await mustFail(care, 'discharged twice', make)
  if (dice.chance(0.1)) {
    const [code = ''] = codesOn(dayOf(timeline.now()), true)
    const line = { serial: 'late', code, day: dayOf(timeline.now()), fen: 100 }
    await mustFail(care, 'charged after the discharge', () =>
      form.lines(person, encounter, true, [line], 'L'),
    )
  }
  return discharged
}

async function mustFail(
  { counter, form, person }: Care,
  what: string,
  make: () => ReturnType<Form['settle']>,
) {
  const clear = await insist(counter, form, make, person)
  if (clear) counter.model.fault(`${clear.sent.name}: ${what}`)
}

/** Asks, reverses, cancels, settles again, repeats: at once or a night later. */
async function afterwards(care: Care, bill: Bill, settled: Clear): Promise<void> {
  const { counter, form, person } = care
  const { dice, timeline } = counter
  if (dice.chance(0.25)) await timeline.sleep(dice.between(1, 2) * NIGHT_MS)
  if (dice.chance(0.2)) await counter.call(form.ask(person, bill.encounter))
  const { only } = form
  if (only && dice.chance(0.1)) {
    await persist(counter, form, () => only.reverse(person, settled.sent.infno, settled.sent.msgid))
  } else if (dice.chance(0.35)) {
    const settlement = form.settlementOf(settled.answer)
    const cancelled = await persist(counter, form, () => form.cancel(bill, settlement), person)
    if (cancelled && !bill.purchase && dice.chance(0.5)) await settleAgain(care, bill)
  }
  if (dice.chance(0.3)) {
    await timeline.sleep(dice.between(100, 60_000))
    await counter.call(settled.sent)
  }
}

/** Settles anew; a stay may be taken back and charged more first. */
async function settleAgain(care: Care, bill: Bill): Promise<void> {
  const { counter, form, person, stay } = care
  const { only } = form
  if (!stay || !only || counter.dice.chance(0.5)) {
    await persist(counter, form, () => form.settle(bill), person)
    return
  }
  if (!(await persist(counter, form, () => only.readmit(person, bill.encounter)))) return
  const more = await charge(care, bill.encounter, 1, 'B')
  if (!more) return
  const whole = { ...more, total: bill.total + more.total }
  if (await leave(care, whole)) await persist(counter, form, () => form.settle(whole), person)
}
