/**
 * Index of a large table for nearest codes: codes in order, rows by pairs of characters in their names, and the
 * frequency of each character. Flat numeric arrays in shared memory, so that the thread that loads a table can
 * build it.
 */
import { comparable, pairsOf } from './candidates/name-normalisation.ts'
import type { Packed } from './store/packed.ts'

/** Number of lists that pairs are hashed into; a collision only costs one more comparison. */
const LISTS = 1 << 17
/** Characters are counted by their first UTF-16 unit. */
const UNITS = 1 << 16
/** Larger tables are searched by code only: a pair of characters there has thousands of rows. */
const NAMES_MAX = 500_000

/** Rows in order and by pairs; always the first version of a code. */
export interface NearestIndex {
  /** Places of all codes, sorted by code. */
  readonly heads: Uint32Array
  /** Start of each pair's list in `members`; null if the table is too large. */
  readonly starts: Uint32Array | null
  /** Indexes into `heads`, list after list. */
  readonly members: Uint32Array | null
  /** Number of names that contain a character, by its code unit. */
  readonly characters: Uint32Array | null
}

function listOf(pair: string): number {
  const mixed = Math.imul(pair.charCodeAt(0), 0x9e3779b1) ^ Math.imul(pair.charCodeAt(1) || 1, 0x85ebca6b)
  return (mixed ^ (mixed >>> 15)) & (LISTS - 1)
}

const shared = (length: number) => new Uint32Array(new SharedArrayBuffer(length * 4))

/** The current name of a code: that of its last version. */
function lastName(packed: Packed, head: number): string {
  let last = head
  for (let place = head; place !== 0; place = packed.next(place)) last = place
  return packed.name(last)
}

/** Builds the index of a packed table. */
export function createNearestIndex(packed: Packed): NearestIndex {
  const places = [...packed.heads()]
  const heads = shared(places.length)
  heads.set(places)
  if (places.length > NAMES_MAX) return { heads, starts: null, members: null, characters: null }

  const characters = shared(UNITS)
  const starts = shared(LISTS + 1)
  const lists = places.map((place) => {
    const name = comparable(lastName(packed, place))
    for (const character of new Set(name)) characters[character.charCodeAt(0)]! += 1
    const own = Uint32Array.from(new Set(Array.from(pairsOf(name), listOf)))
    for (const list of own) starts[list + 1]! += 1
    return own
  })
  for (let list = 0; list < LISTS; list += 1) starts[list + 1]! += starts[list]!
  const members = shared(starts[LISTS]!)
  const next = starts.slice()
  for (const [index, own] of lists.entries()) {
    for (const list of own) {
      members[next[list]!] = index
      next[list]! += 1
    }
  }
  return { heads, starts, members, characters }
}

const NONE = new Uint32Array(0)

/** Rows, as indexes into `heads`, whose names may contain a pair of characters. */
export function rowsWith({ starts, members }: NearestIndex, pair: string): Uint32Array {
  if (!starts || !members) return NONE
  const list = listOf(pair)
  return members.subarray(starts[list], starts[list + 1])
}

/** Weight of a character or a pair: 1 if every name contains it, more the rarer it is. */
export function weightIn(index: NearestIndex, text: string): number {
  const holders =
    text.length > 1 ? rowsWith(index, text).length : (index.characters?.[text.charCodeAt(0)] ?? 0)
  return 1 + Math.log((index.heads.length + 1) / (holders + 1))
}
