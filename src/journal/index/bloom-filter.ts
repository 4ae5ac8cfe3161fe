/**
 * A Bloom filter of what the index can be asked for: keys and names of messages, encounters that were opened, and the ids
 * that platforms have given to settlements. "No" is certain, so that a new message asks SQLite nothing; "maybe" is asked. Of fixed size: with more names "maybe" is only wrong more often. The bits
 * of one name lie in one line of the processor's cache, so that a question waits for memory once.
 */
import { hashText, type TextHash } from '../../hash.ts'

/** Length in production: ten million names at about twelve bits each, where one "maybe" in a hundred is wrong. */
export const FILTER_BYTES = 16 * 1024 * 1024

/** What a name is. The same text may be several. */
export type NameKind = 'key' | 'encounter' | 'settlement'

/** A name that the index can be asked for. */
export type Name = readonly [kind: NameKind, text: string]

/** The filter. */
export interface Filter {
  add(name: Name): void
  /** False only where the name was never added. */
  mayHold(kind: NameKind, text: string): boolean
  readonly bits: Uint32Array
}

const WORDS_A_BLOCK = 16
const BITS_A_NAME = 7
const SEEDS = { key: 0x9e3779b9, encounter: 0x85ebca6b, settlement: 0xc2b2ae35 } as const

/** The bits of an empty filter, to be shared by threads. @param bytes a power of two, 64 at least */
export function emptyBits(bytes: number): Uint32Array<SharedArrayBuffer> {
  // Written once, so that memory is taken at the start and not by and by.
  return new Uint32Array(new SharedArrayBuffer(bytes)).fill(0)
}

/** A filter over bits. Whoever adds may be another thread than whoever asks, once it has told so. */
export function filterOf(bits: Uint32Array): Filter {
  const lastBlock = bits.length / WORDS_A_BLOCK - 1
  if (!Number.isInteger(Math.log2(lastBlock + 1))) throw new Error('The length of a filter is a power of two')
  const hash: TextHash = { high: 0, low: 0 }

  return {
    bits,
    add([kind, text]) {
      hashText(text, SEEDS[kind], hash)
      const block = (hash.high & lastBlock) * WORDS_A_BLOCK
      const step = (hash.low >>> 9) | 1
      for (let turn = 0, bit = hash.low; turn < BITS_A_NAME; turn += 1, bit += step) {
        bits[block + ((bit >>> 5) & 15)]! |= 1 << (bit & 31)
      }
    },
    mayHold(kind, text) {
      hashText(text, SEEDS[kind], hash)
      const block = (hash.high & lastBlock) * WORDS_A_BLOCK
      const step = (hash.low >>> 9) | 1
      for (let turn = 0, bit = hash.low; turn < BITS_A_NAME; turn += 1, bit += step) {
        if ((bits[block + ((bit >>> 5) & 15)]! & (1 << (bit & 31))) === 0) return false
      }
      return true
    },
  }
}
