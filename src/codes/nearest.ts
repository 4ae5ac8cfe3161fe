/** Nearest codes: what someone may have meant. Only for people to choose from; nothing is ever taken automatically. */
import { distance } from 'fastest-levenshtein'
import { createNearestIndex, listsOf, NAMES_MIN, type NearestIndex, plain } from './nearest-index.ts'
import type { Candidate } from './outcome.ts'
import type { Packed } from './store/packed.ts'

/** What is sought: the code where its system is the standard's own, and the name. */
export interface Sought {
  readonly code?: string
  readonly name?: string
}

/** An entry and how near it is, from 0 to 1. */
export interface Ranked {
  readonly entry: Candidate
  readonly score: number
}

/** Names decide more than codes: an equal name is right in 98.6 to 100 % (mapping-problems.md section 2). */
const NAME_WEIGHT = 0.6
/** The beginning decides more than the distance: 98 % of what is left over after names stays in its category. */
const PREFIX_WEIGHT = 0.6
const SCORE_MIN = 0.35
/** Rows that are measured for one question; tables with more are narrowed by prefix and by pairs of characters. */
const POOL_MAX = NAMES_MIN
const PREFIX_LENGTH_MIN = 3
/** Rows that are counted for one name; the pairs that fewest rows have are counted first. */
const COUNTED_MAX = 100_000

/** First place whose code is not below `code`. */
function placeOf(packed: Packed, heads: Uint32Array, code: string): number {
  let [low, high] = [0, heads.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (packed.code(heads[middle]!) < code) low = middle + 1
    else high = middle
  }
  return low
}

/** Rows around the place where the code would stand, as far as they share its first characters. */
function neighbours(packed: Packed, heads: Uint32Array, code: string): number[] {
  const place = placeOf(packed, heads, code)
  const prefix = code.slice(0, PREFIX_LENGTH_MIN)
  return [...heads.subarray(Math.max(0, place - POOL_MAX / 4), place + POOL_MAX / 4)].filter((head) =>
    packed.code(head).startsWith(prefix),
  )
}

/** Rows that share most pairs of characters with the name. */
function namesakes({ heads, starts, members }: NearestIndex, name: string): number[] {
  if (!starts || !members) return []
  const lengthOf = (list: number) => starts[list + 1]! - starts[list]!
  const lists = [...listsOf(name)].sort((a, b) => lengthOf(a) - lengthOf(b))
  const shared = new Map<number, number>()
  let counted = 0
  for (const list of lists) {
    counted += lengthOf(list)
    if (counted > COUNTED_MAX) break
    for (const index of members.subarray(starts[list], starts[list + 1])) {
      shared.set(index, (shared.get(index) ?? 0) + 1)
    }
  }
  const ranked = [...shared].toSorted((a, b) => b[1] - a[1])
  return ranked.slice(0, POOL_MAX / 2).map(([index]) => heads[index]!)
}

/** How much of the given code the other begins with, and the distance. The part after `+` (asterisk) is left out. */
function codeScore(given: string, code: string): number {
  const longest = Math.max(given.length, code.length)
  let shared = 0
  while (shared < given.length && given[shared] === code[shared]) shared += 1
  return PREFIX_WEIGHT * (shared / given.length) + (1 - PREFIX_WEIGHT) * (1 - distance(given, code) / longest)
}

function nameScore(given: string, name: string): number {
  const [a, b] = [plain(given), plain(name)]
  if (a === '' || b === '') return 0
  const likeness = 1 - distance(a, b) / Math.max(a.length, b.length)
  return a.includes(b) || b.includes(a) ? Math.max(likeness, 0.6) : likeness
}

function scoreOf({ code, name }: Sought, entry: Candidate): number {
  if (!code) return name ? nameScore(name, entry.name) : 0
  const byCode = codeScore(code, entry.code.split('+', 1)[0]!)
  return name ? (1 - NAME_WEIGHT) * byCode + NAME_WEIGHT * nameScore(name, entry.name) : byCode
}

/** Finds near entries of packed tables. The index of a table that came without one is built when it is first asked. */
export function createNearest(indexes: ReadonlyMap<Packed, NearestIndex>) {
  const built = new WeakMap<Packed, NearestIndex>()

  function indexOf(packed: Packed): NearestIndex {
    const index = indexes.get(packed) ?? built.get(packed) ?? createNearestIndex(packed)
    built.set(packed, index)
    return index
  }

  function poolOf(packed: Packed, { code, name }: Sought): Iterable<number> {
    const index = indexOf(packed)
    if (index.heads.length <= POOL_MAX) return index.heads
    return new Set([
      ...(code ? neighbours(packed, index.heads, code) : []),
      ...(name ? namesakes(index, name) : []),
    ])
  }

  /**
   * @param usable the entry of a code, where it may be offered
   * @returns entries that are near enough, best first, in order of code where equally near
   */
  return (packed: Packed, sought: Sought, usable: (head: number) => Candidate | null): Ranked[] => {
    const ranked: Ranked[] = []
    for (const head of poolOf(packed, sought)) {
      const entry = usable(head)
      const score = entry ? scoreOf(sought, entry) : 0
      if (entry && score >= SCORE_MIN) ranked.push({ entry, score })
    }
    return ranked.sort(nearestFirst)
  }
}

/** Order of ranked entries: nearest first, then by code. */
export function nearestFirst(a: Ranked, b: Ranked): number {
  return b.score - a.score || (a.entry.code < b.entry.code ? -1 : 1)
}
