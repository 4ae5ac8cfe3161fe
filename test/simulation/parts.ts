/** A stay that is settled in parts: a part while it lasts, the rest at its end, and the last part given back first. */
import { dayOf } from '../../src/domain/day.ts'
import { codesOn } from './catalogue.ts'
import { type Clear, type Counter, persist, written } from './counter.ts'
import type { Bill, Form, Person } from './sent.ts'

const NIGHT_MS = 24 * 3600 * 1000

/** One stay, of somebody who is insured in the province: across provinces a stay is settled whole. */
export async function longStay(counter: Counter, form: Form, person: Person): Promise<void> {
  const { timeline, dice } = counter
  await timeline.sleep(dice.between(0, 12_000))
  const number = `L${Math.floor(timeline.elapsed())}`
  const opened = await persist(counter, form, () => form.open(person, true, number, written(timeline)))
  if (!opened) return
  const encounter = form.encounterOf(opened.answer)
  const standing: { bill: Bill; settled: Clear }[] = []
  const settle = async (total: number, midway: boolean) => {
    const bill: Bill = { person, encounter, stay: true, total, batch: '', ...(midway && { midway: true }) }
    const settled = await persist(counter, form, () => form.settle(bill), person)
    if (settled) standing.push({ bill, settled })
    return settled !== null
  }
  let left = 0
  const parts = dice.between(1, 2)
  for (let part = 0; part < parts; part += 1) {
    const charged = await charge(counter, form, person, encounter, `P${part}`)
    if (charged === null) return
    left += charged
    if (await settle(left, true)) left = 0
    if (dice.chance(0.3)) await timeline.sleep(NIGHT_MS)
  }
  const rest = await charge(counter, form, person, encounter, 'R')
  if (rest === null) return
  left += rest
  if (!(await persist(counter, form, () => form.discharge(person, encounter, written(timeline))))) return
  await settle(left, false)
  const back = dice.chance(0.5) ? dice.between(1, standing.length) : 0
  for (const { bill, settled } of standing.toReversed().slice(0, back)) {
    const settlement = form.settlementOf(settled.answer)
    if (!(await persist(counter, form, () => form.cancel(bill, settlement), person))) return
  }
}

async function charge(
  counter: Counter,
  form: Form,
  person: Person,
  encounter: string,
  name: string,
): Promise<number | null> {
  const { timeline, dice } = counter
  const uploaded = await persist(counter, form, (attempt) => {
    const day = dayOf(timeline.now())
    const batch = `${name}${attempt}`
    const lines = [
      { serial: `${batch}-1`, code: dice.pick(codesOn(day, true)), day, fen: dice.between(1, 90_000) },
    ]
    return form.lines(person, encounter, true, lines, batch)
  })
  return uploaded === null ? null : uploaded.sent.lines.reduce((sum, { fen }) => sum + fen, 0)
}
