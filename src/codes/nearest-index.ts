/**
 * What a search for near codes needs of a large table: its codes in order, and which of them share a pair of characters in
 * their names. Built beside the packed table where it is loaded, off the thread that serves.
 */
import type { Packed } from './store/packed.ts'

/** Pairs fall into so many lists; two pairs in one list only cost a look. */
const LISTS = 1 << 16
/** Up to so many codes all are measured, and no list is needed. */
export const NAMES_MIN = 2000
/** Larger tables are searched by code only: what shares a name there shares it thousands of times. */
const NAMES_MAX = 500_000

/** Rows by order and by pairs; first versions throughout. */
export interface NearestIndex {
  /** Places of all codes, in order of the codes. */
  readonly heads: Uint32Array
  /** Where the list of a pair begins in `members`; null where the table is small, or too large. */
  readonly starts: Uint32Array | null
  /** Places in `heads`, list after list. */
  readonly members: Uint32Array | null
}

/** A text without marks, widths and case. */
export function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]/gu, '')
}

/** Lists in which a name stands. */
export function listsOf(name: string): Set<number> {
  const text = plain(name)
  const lists = new Set<number>()
  for (let at = 0; at + 1 < text.length; at += 1) {
    const pair = Math.imul(text.charCodeAt(at), 0x9e37) + text.charCodeAt(at + 1)
    lists.add(pair & (LISTS - 1))
  }
  return lists
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
  let count = 0
  for (const _ of packed.heads()) count += 1
  const heads = shared(count)
  let end = 0
  for (const place of packed.heads()) {
    heads[end] = place
    end += 1
  }
  if (count <= NAMES_MIN || count > NAMES_MAX) return { heads, starts: null, members: null }

  const lists = Array.from(heads, (place) => listsOf(lastName(packed, place)))
  const starts = shared(LISTS + 1)
  for (const one of lists) for (const list of one) starts[list + 1]! += 1
  for (let list = 0; list < LISTS; list += 1) starts[list + 1]! += starts[list]!
  const members = shared(starts[LISTS]!)
  const next = starts.slice()
  for (const [index, one] of lists.entries()) {
    for (const list of one) {
      members[next[list]!] = index
      next[list]! += 1
    }
  }
  return { heads, starts, members }
}
