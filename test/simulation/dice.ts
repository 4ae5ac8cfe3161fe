/** Chance from one seed: the same seed throws the same numbers on every machine. */
import { pick, seededRandom } from '../../src/seeded-random.ts'

/** Seeded chance. */
export interface Dice {
  /** A number in [0, 1). */
  next(): number
  chance(probability: number): boolean
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number
  pick<Item>(items: readonly Item[]): Item
}

/** Dice of a seed: after one round of mixing, so that neighbouring seeds differ at once. */
export function diceOf(seed: number): Dice {
  const next = seededRandom(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b))
  return {
    next,
    chance: (probability) => probability > 0 && next() < probability,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: (items) => pick(next, items),
  }
}
