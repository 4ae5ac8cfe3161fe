/** Who comes in a run: patients always, shoppers and sellers, payers, buyers out of area and long stays in some, each by chance of its own. */
import type { Counter } from './counter.ts'
import { type Dice, diceOf } from './dice.ts'
import { seller } from './goods.ts'
import { patient, personOf, shopper } from './hospital.ts'
import { HOSPITALS, PHARMACY } from './life.ts'
import type { Hospital } from './national-form.ts'
import { longStay } from './parts.ts'
import { payer } from './payer.ts'
import { buyerAbroad } from './purchases.ts'
import type { Form } from './sent.ts'

/** Added to the seed of a run for each kind of people; their persons are counted from `FIRST` on. */
const SALTS = {
  shopping: 1_000_003,
  selling: 2_000_003,
  paying: 3_000_017,
  abroad: 4_000_037,
  staying: 5_000_011,
}
const FIRST = { shopping: 10, paying: 12, abroad: 14, staying: 16, selling: 30 }

/** Insured where a pharmacy or a hospital of a run is not. */
const ELSEWHERE = ['621000', '430900', '340200'] as const

/** The world, as far as people need it. */
export interface Place {
  readonly dice: Dice
  counter(): Counter
  form(rest: boolean, hospital?: Hospital): Form
  /** Somebody comes, and is waited for. */
  attend(what: string, visit: Promise<void>): void
}

/** Has them come. */
export function people(world: Place, seed: number): void {
  const { dice } = world
  const counter = world.counter()
  const patients = dice.between(2, 5)
  for (let index = 0; index < patients; index += 1)
    world.attend('hospital', patient(counter, world.form(dice.chance(0.4)), index))
  // Chance of their own: a run without them is what it was before there were any.
  const shopping = diceOf(seed + SALTS.shopping)
  const shoppers = seed % 3 === 1 ? 0 : shopping.between(1, 2)
  for (let index = 0; index < shoppers; index += 1) {
    const form = world.form(shopping.chance(0.4), PHARMACY)
    world.attend('pharmacy', shopper({ ...counter, dice: shopping }, form, FIRST.shopping + index))
  }
  if (seed % 3 === 1) {
    const person = personOf(FIRST.selling, PHARMACY.area)
    const selling = { ...counter, dice: diceOf(seed + SALTS.selling) }
    world.attend('seller', seller(selling, world.form(false, PHARMACY), person))
  }
  later(world, counter, seed)
}

/** What is paid later, and in parts: each in one run of six. */
function later(world: Place, counter: Counter, seed: number): void {
  if (seed % 6 === 1) {
    const dice = diceOf(seed + SALTS.paying)
    const person = personOf(FIRST.paying, dice.pick([...ELSEWHERE, '340104']))
    world.attend('payer', payer({ ...counter, dice }, world.form(false, HOSPITALS[0]), person))
  }
  if (seed % 6 === 4) {
    const dice = diceOf(seed + SALTS.abroad)
    const person = personOf(FIRST.abroad, dice.pick(ELSEWHERE))
    world.attend('abroad', buyerAbroad({ ...counter, dice }, world.form(false, PHARMACY), person, PHARMACY))
  }
  if (seed % 6 === 2) {
    const dice = diceOf(seed + SALTS.staying)
    const person = personOf(FIRST.staying, dice.pick(['340200', '340104']))
    const form = world.form(dice.chance(0.4), dice.pick(HOSPITALS))
    world.attend('stay', longStay({ ...counter, dice }, form, person))
  }
}
