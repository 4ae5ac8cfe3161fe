/**
 * What a search for near codes needs of a large table: its codes in order, which of them share a pair of characters in
 * their names, and how common each character is. Flat arrays of numbers in shared memory, so that it can be built where a
 * table is loaded, off the thread that serves.
 */
import { comparable, pairsOf } from './candidates/name-normalisation.ts'
import type { Packed } from './store/packed.ts'

/** Pairs fall into so many lists; two pairs in one list only cost a look. */
const LISTS = 1 << 17
/** Characters are counted by their first UTF-16 unit. */
const UNITS = 1 << 16
/** Larger tables are searched by code only: what shares a name there shares it thousands of times. */
const NAMES_MAX = 500_000

/** Rows by order and by pairs; first versions throughout. */
export interface NearestIndex {
  /** Places of all codes, in order of the codes. */
  readonly heads: Uint32Array
  /** Where the list of a pair begins in `members`; null where the table is too large. */
  readonly starts: Uint32Array | null
  /** Places in `heads`, list after list. */
  readonly members: Uint32Array | null
  /** In how many names each character stands, by its code. */
  readonly characters: Uint32Array | null
}

function listOf(pair: string): number {
  const mixed = Math.imul(pair.charCodeAt(0), 0x9e3779b1) ^ Math.imul(pair.charCodeAt(1) || 1, 0x85ebca6b)
  return (mixed ^ (mixed >>> 15)) & (LISTS - 1)
}

const shared = (length: number) => new Uint32Array(new SharedArrayBuffer(length * 4))

/** The name under which a code is known now: that of its last version. */
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

/** Rows, by their place in `heads`, that may hold a pair of characters in their name. */
export function rowsWith({ starts, members }: NearestIndex, pair: string): Uint32Array {
  if (!starts || !members) return NONE
  const list = listOf(pair)
  return members.subarray(starts[list], starts[list + 1])
}

/** How much a character or a pair of them tells: 1 where every name has it, more the rarer it is. */
export function weightIn(index: NearestIndex, text: string): number {
  const holders =
    text.length > 1 ? rowsWith(index, text).length : (index.characters?.[text.charCodeAt(0)] ?? 0)
  return 1 + Math.log((index.heads.length + 1) / (holders + 1))
}
