/** Chance from a seed: the same seed draws the same numbers on every machine. */

/** Draws the next number, in [0, 1). */
export type Draw = () => number

/** A small generator of 32 bits of state (mulberry32, public domain). */
export function seededRandom(seed: number): Draw {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Draws one of a list. */
export function pick<Item>(draw: Draw, items: readonly Item[]): Item {
  return items[Math.floor(draw() * items.length)]!
}

/** A drawer of numbers and of things. */
export interface Dice {
  /** A number in [0, 1). */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  pick<Item>(items: readonly Item[]): Item
  /** Whether something of this share happens. */
  happens(share: number): boolean
}

/** Dice of a seed. */
export function createDice(seed: number): Dice {
  const next = seededRandom(seed)
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (items) => pick(next, items),
    happens: (share) => next() < share,
  }
}
