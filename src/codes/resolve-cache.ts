/** Cache of translated local codes. A set of editions never changes, so neither do its results. */
import { CodeInBytes, type GivenCode } from '../domain/claim.ts'
import type { Day } from '../domain/day.ts'
import { fnv1a } from '../hash.ts'
import type { Resolved } from './outcome.ts'

/** Maximum number of results: what the bills of a day have in common. */
const KEPT_MAX = 20_000

/** Results for the codes of one system on one day. */
interface Answers {
  readonly byText: Map<string, Resolved>
  readonly byBytes: ByteTable<Resolved>
}

/** Cached results. */
export interface ResolveCache {
  get(standard: string, given: GivenCode, day: Day): Resolved | undefined
  keep(standard: string, given: GivenCode, day: Day, answer: Resolved): void
}

/** Creates an empty cache. */
export function createResolveCache(): ResolveCache {
  const kept = new Map<string, Answers>()
  let count = 0
  const none = (): Answers => ({ byText: new Map(), byBytes: new ByteTable() })
  // The lines of a bill mostly share system and day.
  let last = { standard: '', system: '', day: '', answers: none() }

  function answersOf(standard: string, system: string, day: Day): Answers {
    if (last.day === day && last.system === system && last.standard === standard) return last.answers
    const key = `${standard} ${system} ${day}`
    const answers = kept.get(key) ?? none()
    kept.set(key, answers)
    last = { standard, system, day, answers }
    return answers
  }

  return {
    get(standard, given, day) {
      const { byText, byBytes } = answersOf(standard, given.system, day)
      return isShort(given) ? byBytes.get(given) : byText.get(given.code)
    },
    keep(standard, given, day, answer) {
      if (count >= KEPT_MAX) {
        kept.clear()
        last = { standard: '', system: '', day: '', answers: none() }
        count = 0
      }
      count += 1
      const { byText, byBytes } = answersOf(standard, given.system, day)
      if (isShort(given)) byBytes.set(given, answer)
      else byText.set(given.code, answer)
    },
  }
}

/** Whether a code is given as bytes and fits into a slot. */
function isShort(given: GivenCode): given is CodeInBytes {
  return given instanceof CodeInBytes && given.end - given.start <= KEY_BYTES_MAX
}

/** A slot holds hash, length and bytes of a code, in half a cache line. */
const SLOT_BYTES = 32
const SLOT_WORDS = SLOT_BYTES / 4
const KEY_AT = 5
const KEY_BYTES_MAX = SLOT_BYTES - KEY_AT
const SLOTS_FIRST = 64

/**
 * A hash map keyed by the bytes of a code. A `Map` would need the code as a string first, and both string and map
 * entry have usually been evicted from the CPU caches by thousands of other codes. Codes longer than a slot are not
 * cached.
 */
export class ByteTable<Value> {
  #bytes = new Uint8Array(SLOTS_FIRST * SLOT_BYTES)
  #words = new Int32Array(this.#bytes.buffer)
  #values: (Value | undefined)[] = new Array(SLOTS_FIRST).fill(undefined)
  #mask = SLOTS_FIRST - 1
  #size = 0

  /** Number of codes. */
  get size(): number {
    return this.#size
  }

  get({ bytes, start, end }: CodeInBytes): Value | undefined {
    const slot = this.#slotOf(bytes, start, end - start, hashOf(bytes, start, end))
    return slot < 0 ? undefined : this.#values[slot]
  }

  set({ bytes, start, end }: CodeInBytes, value: Value): void {
    const length = end - start
    if (length > KEY_BYTES_MAX) return
    if (this.#size * 2 > this.#mask) this.#widen()
    const hash = hashOf(bytes, start, end)
    let slot = this.#slotOf(bytes, start, length, hash)
    if (slot < 0) {
      slot = this.#free(hash)
      this.#words[slot * SLOT_WORDS] = hash
      this.#bytes[slot * SLOT_BYTES + KEY_AT - 1] = length
      this.#bytes.set(bytes.subarray(start, end), slot * SLOT_BYTES + KEY_AT)
      this.#size += 1
    }
    this.#values[slot] = value
  }

  /** @returns −1 if the code is missing */
  #slotOf(given: Uint8Array, start: number, length: number, hash: number): number {
    const [bytes, words, mask] = [this.#bytes, this.#words, this.#mask]
    for (let slot = placeOf(hash) & mask; ; slot = (slot + 1) & mask) {
      const found = words[slot * SLOT_WORDS]!
      if (found === 0) return -1
      if (found !== hash || bytes[slot * SLOT_BYTES + KEY_AT - 1] !== length) continue
      const key = slot * SLOT_BYTES + KEY_AT
      let at = 0
      while (at < length && bytes[key + at] === given[start + at]) at += 1
      if (at === length) return slot
    }
  }

  #free(hash: number): number {
    let slot = placeOf(hash) & this.#mask
    while (this.#words[slot * SLOT_WORDS] !== 0) slot = (slot + 1) & this.#mask
    return slot
  }

  #widen(): void {
    const [bytes, words, values] = [this.#bytes, this.#words, this.#values]
    const slots = values.length * 2
    this.#bytes = new Uint8Array(slots * SLOT_BYTES)
    this.#words = new Int32Array(this.#bytes.buffer)
    this.#values = new Array(slots).fill(undefined)
    this.#mask = slots - 1
    for (const [slot, value] of values.entries()) {
      const hash = words[slot * SLOT_WORDS]!
      if (hash === 0) continue
      const free = this.#free(hash)
      this.#bytes.set(bytes.subarray(slot * SLOT_BYTES, (slot + 1) * SLOT_BYTES), free * SLOT_BYTES)
      this.#values[free] = value
    }
  }
}

/** Never 0, which marks a free slot. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  return fnv1a(bytes, start, end) || 1
}

/** The last bytes of a code differ most, and FNV carries them only into the low bits. */
function placeOf(hash: number): number {
  return hash ^ (hash >>> 15)
}
