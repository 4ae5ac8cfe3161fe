/**
 * Hashes that spread and keep nothing secret. Files are laid out by all of them (packed codes, the filter of the index, the
 * parts of a data directory), so none is ever changed.
 */

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** Odd multiplier with well spread bits (the golden ratio). */
const MULTIPLIER = 0x9e3779b1

/**
 * FNV-1a of the bytes from `start` up to `end`: 32 bits with a sign. What the last bytes change is in its low bits only, so
 * whoever takes a few bits of it mixes it once more (`finish`).
 */
export function fnv1a(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let hash = FNV_OFFSET | 0
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ bytes[at]!, FNV_PRIME)
  return hash
}

/** Two hashes of one text, each of 32 bits with a sign. */
export interface TextHash {
  high: number
  low: number
}

/**
 * Hashes the UTF-16 units of a text into 64 bits: multiplied in and mixed at the end (cyrb53, whose halves it gives).
 *
 * @param into takes the two halves, so that nothing is made for a question
 */
export function hashText(text: string, seed: number, into: TextHash): void {
  let one = seed
  let other = ~seed
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at)
    one = Math.imul(one ^ character, 2654435761)
    other = Math.imul(other ^ character, 1597334677)
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909)
  other = Math.imul(other ^ (other >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909)
  into.high = one
  into.low = other
}

/** The finaliser of murmur3: a whole number below 2^32. A weaker one makes misses two to three times as slow. */
export function finish(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Takes four bytes into a hash. */
function mix(hash: number, word: number): number {
  const h = Math.imul(hash ^ word, MULTIPLIER)
  return (h << 13) | (h >>> 19)
}

/** Hash of a code, the bytes from `start` up to `end`: a whole number below 2^32. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start
  let at = start
  for (; at + 4 <= end; at += 4) {
    hash = mix(hash, bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24))
  }
  let rest = 0
  for (let shift = 0; at < end; at += 1, shift += 8) rest |= bytes[at]! << shift
  return finish(mix(hash, rest))
}

/** Hash of an ASCII text, equal to `hashBytes` of its bytes, so that a question needs none; -1 where some character is not ASCII. */
export function hashAscii(text: string): number {
  const end = text.length
  let hash = end
  let seen = 0
  let at = 0
  for (; at + 4 <= end; at += 4) {
    const a = text.charCodeAt(at)
    const b = text.charCodeAt(at + 1)
    const c = text.charCodeAt(at + 2)
    const d = text.charCodeAt(at + 3)
    seen |= a | b | c | d
    hash = mix(hash, a | (b << 8) | (c << 16) | (d << 24))
  }
  let rest = 0
  for (let shift = 0; at < end; at += 1, shift += 8) {
    const a = text.charCodeAt(at)
    seen |= a
    rest |= a << shift
  }
  return seen > 127 ? -1 : finish(mix(hash, rest))
}
