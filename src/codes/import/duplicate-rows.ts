/** Remembers what was seen by fingerprint: three million codes in some 150 MB of plain arrays, no object each. */
import { hashText, type TextHash } from '../../hash.ts'

/** Slots at the start; doubled when two thirds are taken. */
const SLOTS = 1 << 16
const SEED = 1

/** A memory of codes. */
export interface DuplicateRows {
  /**
   * Notes a code with its name and everything else of its row.
   *
   * Two codes are taken for one when 64 bits of their fingerprints agree: in a table of 4 million rows once in two
   * million imports, and then a row is refused and shown, never lost.
   *
   * @param line anything but 0 that fits 32 bits
   * @returns null where the code is new, else the line where it stood first and what of it was the same
   */
  note(code: string, name: string, rest: string, line: number): SeenBefore | null
}

/** What stood before. */
export interface SeenBefore {
  readonly line: number
  readonly sameName: boolean
  readonly sameRest: boolean
}

/** Numbers of a slot: two fingerprints of the code, one of the name, one of the rest, the line. */
const WIDTH = 5

/** Makes an empty memory. */
export function createDuplicateRows(): DuplicateRows {
  let slots = new Uint32Array(SLOTS * WIDTH)
  let mask = SLOTS - 1
  let count = 0
  const hash: TextHash = { high: 0, low: 0 }

  function lowOf(text: string): number {
    hashText(text, SEED, hash)
    return hash.low >>> 0
  }

  /** Offset of the slot of a code: its own, or the free one where it would be. */
  function find(first: number, second: number): number {
    let slot = first & mask
    for (;;) {
      const at = slot * WIDTH
      // A line is never 0, so a slot with 0 there is free.
      if (slots[at + 4] === 0 || (slots[at] === first && slots[at + 1] === second)) return at
      slot = (slot + 1) & mask
    }
  }

  function grow() {
    const old = slots
    slots = new Uint32Array(old.length * 2)
    mask = slots.length / WIDTH - 1
    for (let at = 0; at < old.length; at += WIDTH) {
      if (old[at + 4] === 0) continue
      slots.set(old.subarray(at, at + WIDTH), find(old[at]!, old[at + 1]!))
    }
  }

  return {
    note(code, name, rest, line) {
      if (count * 3 > (mask + 1) * 2) grow()
      hashText(code, SEED, hash)
      const codes = [hash.high >>> 0, hash.low >>> 0] as const
      const [nameNow, restNow] = [lowOf(name), lowOf(rest)]
      const at = find(...codes)
      const stood = slots[at + 4]!
      if (stood !== 0) {
        return { line: stood, sameName: slots[at + 2] === nameNow, sameRest: slots[at + 3] === restNow }
      }
      slots.set([...codes, nameNow, restNow, line], at)
      count += 1
      return null
    },
  }
}
