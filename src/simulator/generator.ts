/** Seeded chance: the simulator draws nothing that a second run with the same seed would not draw. */

/** Gives the next number in [0, 1). */
export type Generator = () => number

/** A small generator of 32 bits of state (mulberry32). */
export function generatorFrom(seed: number): Generator {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Draws one of a list. */
export function pick<T>(next: Generator, list: readonly T[]): T {
  return list[Math.floor(next() * list.length)]!
}
