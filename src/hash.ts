/** The hash of a code. The same for a text and for its UTF-8 bytes, so that a question needs no bytes of its own. */

/** Odd multiplier with well spread bits (the golden ratio). */
const MULTIPLIER = 0x9e3779b1

/** The finaliser of murmur3. A weaker one makes misses two to three times as slow. */
function finish(hash: number): number {
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

/** Hash of the bytes from `start` up to `end`: a whole number below 2^32. */
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

/** Hash of an ASCII text, equal to that of its bytes; -1 where some character is not ASCII. */
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
