/** Chance that can be repeated: the same seed gives the same run. */

/** Draws the next number, at least 0 and less than 1. */
export type Next = () => number

/** A generator of a seed (mulberry32, public domain): numbers of 32 bits are plenty for a mix of visits. */
export function generatorOf(seed: number): Next {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One of them. */
export function pick<Item>(items: readonly Item[], next: Next): Item {
  return items[Math.floor(next() * items.length)]!
}

/** One of the keys, each as often as its weight says. */
export function pickWeighted<Key extends string>(weights: Readonly<Record<Key, number>>, next: Next): Key {
  const entries = Object.entries(weights) as [Key, number][]
  let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [key, weight] of entries) {
    left -= weight
    if (left < 0) return key
  }
  return entries.at(-1)![0]
}
