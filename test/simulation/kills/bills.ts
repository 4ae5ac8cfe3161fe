/** Short bills of every kind, so that every money transaction comes by often enough. */
import { loadCodes } from '../../../src/codes/load.ts'
import { type Bill, drawBill, type World } from '../../../src/demo/bills.ts'
import { readPeople } from '../../../src/demo/day.ts'
import { dayOf, type Instant } from '../../../src/domain/day.ts'
import { loadRegistry } from '../../../src/extension/registry.ts'
import type { Dice } from '../../../src/seeded-random.ts'
import type { Transaction } from './points.ts'

/** Draws until a bill of the right lane comes up; one in six is a stay. */
const DRAWS_MAX = 60
const LINES = 3

/** A bill and whether the hospital reverses (2601) what was settled. */
export interface Short {
  readonly bill: Bill
  readonly undone: boolean
}

/**
 * Reads what bills are drawn from.
 *
 * @param provinces addresses of the provinces whose people are treated
 */
export async function readWorld(provinces: readonly string[]): Promise<World> {
  const registry = await loadRegistry()
  const today = dayOf(Date.now() as Instant)
  const codes = loadCodes(registry)
  const of = (id: string) => registry.codebooks.find((book) => book.id === id)!.editions.at(-1)!.entries
  return {
    people: await readPeople(provinces),
    institutions: of('institution'),
    diagnoses: of('diagnosis').filter(({ code }) => codes.lookup('diagnosis', code, today).found),
    maps: registry.maps,
    codes,
    today,
  }
}

/**
 * Draws a short bill.
 *
 * @param wanted transaction that must be part of it; null for any
 */
export function shortBill(dice: Dice, world: World, number: number, wanted: Transaction | null): Short {
  const fits = ({ lane }: Bill) =>
    wanted === null ||
    wanted === '2601' ||
    (lane === 'inpatient') === (wanted === '2304' || wanted === '2305')
  let bill = drawBill(dice, world, number)
  for (let draws = 1; !fits(bill) && draws < DRAWS_MAX; draws += 1) bill = drawBill(dice, world, number)
  const lines = bill.lines.slice(0, LINES)
  // The judge takes a visit that stands twice for a doubled one: none is settled in parts here.
  const way = null
  const cancelled = wanted === '2208' || wanted === '2305'
  if (cancelled || wanted === '2601') {
    return { bill: { ...bill, lines, way, twist: cancelled ? 'cancelled' : 'none' }, undone: !cancelled }
  }
  const drawn = dice.next()
  const twist = drawn < 0.35 ? 'cancelled' : drawn < 0.45 ? 'sent-twice' : 'none'
  return { bill: { ...bill, lines, way, twist }, undone: drawn > 0.9 }
}
