/**
 * Detects duplicate rows by fingerprint: three million codes take some 150 MB of flat arrays, with no object
 * per row.
 */
import { hashText, type TextHash } from '../../hash.ts'

/** Initial slots; doubled at two thirds full. */
const SLOTS = 1 << 16
const SEED = 1

/** The codes seen so far. */
export interface DuplicateRows {
  /**
   * Records a code with its name and the rest of its row.
   *
   * Two codes collide if 64 bits of their fingerprints agree: for a table of 4 million rows once in two
   * million imports. The row is then refused and reported, never lost.
   *
   * @param line a non-zero number of 32 bits
   * @returns null if the code is new, else the line of its first occurrence and what was equal
   */
  note(code: string, name: string, rest: string, line: number): SeenBefore | null
}

/** The earlier row. */
export interface SeenBefore {
  readonly line: number
  readonly sameName: boolean
  readonly sameRest: boolean
}

/** Numbers per slot: two fingerprints of the code, one of the name, one of the rest, the line. */
const WIDTH = 5

/** Creates an empty set. */
export function createDuplicateRows(): DuplicateRows {
  let slots = new Uint32Array(SLOTS * WIDTH)
  let mask = SLOTS - 1
  let count = 0
  const hash: TextHash = { high: 0, low: 0 }

  function lowOf(text: string): number {
    hashText(text, SEED, hash)
    return hash.low >>> 0
  }

  /** Offset of a code's slot, or of the free slot for it. */
  function find(first: number, second: number): number {
    let slot = first & mask
    for (;;) {
      const at = slot * WIDTH
      // A line is never 0, so 0 marks a free slot.
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
