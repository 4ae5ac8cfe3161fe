/** Nearest codes: what someone may have meant. Only for people to choose from; nothing is ever taken automatically. */
import { distance } from 'fastest-levenshtein'
import type { CodebookEdition, CodebookEntry } from '../extension/codebook.ts'

/** What is sought: the code where its system is the standard's own, and the name. */
export interface Sought {
  readonly code?: string
  readonly name?: string
}

/** An entry and how near it is, from 0 to 1. */
export interface Ranked {
  readonly entry: CodebookEntry
  readonly score: number
}

/** Names decide more than codes: an equal name is right in 98.6 to 100 % (mapping-problems.md section 2). */
const NAME_WEIGHT = 0.6
/** The beginning decides more than the distance: 98 % of what is left over after names stays in its category. */
const PREFIX_WEIGHT = 0.6
const SCORE_MIN = 0.35
/** Rows that are measured for one question; tables with more are narrowed by prefix and by pairs of characters. */
const POOL_MAX = 2000
const PREFIX_LENGTH_MIN = 3

/** Index of one edition: rows in order of code, and rows by each pair of characters in their names. */
interface Index {
  readonly sorted: readonly CodebookEntry[]
  readonly byPair: ReadonlyMap<string, readonly CodebookEntry[]>
}

const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]/gu, '')

const pairsOf = (text: string) =>
  new Set(Array.from({ length: Math.max(text.length - 1, 0) }, (_, at) => text.slice(at, at + 2)))

function indexOf(edition: CodebookEdition): Index {
  const byPair = new Map<string, CodebookEntry[]>()
  for (const entry of edition.entries) {
    for (const pair of pairsOf(plain(entry.name))) {
      const rows = byPair.get(pair)
      if (rows) rows.push(entry)
      else byPair.set(pair, [entry])
    }
  }
  return { sorted: edition.entries.toSorted((a, b) => (a.code < b.code ? -1 : 1)), byPair }
}

/** First place whose code is not below `code`. */
function placeOf(sorted: readonly CodebookEntry[], code: string): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]!.code < code) low = middle + 1
    else high = middle
  }
  return low
}

/** Rows around the place where the code would stand, as far as they share its first characters. */
function neighbours({ sorted }: Index, code: string): CodebookEntry[] {
  const place = placeOf(sorted, code)
  const prefix = code.slice(0, PREFIX_LENGTH_MIN)
  return sorted
    .slice(Math.max(0, place - POOL_MAX / 4), place + POOL_MAX / 4)
    .filter((entry) => entry.code.startsWith(prefix))
}

/** Rows that share most pairs of characters with the name. */
function namesakes({ byPair }: Index, name: string): CodebookEntry[] {
  const shared = new Map<CodebookEntry, number>()
  for (const pair of pairsOf(plain(name))) {
    for (const entry of byPair.get(pair) ?? []) shared.set(entry, (shared.get(entry) ?? 0) + 1)
  }
  const ranked = [...shared].toSorted((a, b) => b[1] - a[1])
  return ranked.slice(0, POOL_MAX / 2).map(([entry]) => entry)
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

function scoreOf({ code, name }: Sought, entry: CodebookEntry): number {
  if (!code) return name ? nameScore(name, entry.name) : 0
  const byCode = codeScore(code, entry.code.split('+', 1)[0]!)
  return name ? (1 - NAME_WEIGHT) * byCode + NAME_WEIGHT * nameScore(name, entry.name) : byCode
}

/** Finds near entries of an edition. Indexes are built when an edition is first asked. */
export function createNearest() {
  const indexes = new WeakMap<CodebookEdition, Index>()

  function poolOf(edition: CodebookEdition, { code, name }: Sought): Iterable<CodebookEntry> {
    if (edition.entries.length <= POOL_MAX) return edition.entries
    const index = indexes.get(edition) ?? indexOf(edition)
    indexes.set(edition, index)
    return new Set([...(code ? neighbours(index, code) : []), ...(name ? namesakes(index, name) : [])])
  }

  /**
   * @param usable whether an entry may be offered
   * @returns entries that are near enough, best first, in order of code where equally near
   */
  return (edition: CodebookEdition, sought: Sought, usable: (entry: CodebookEntry) => boolean): Ranked[] => {
    const ranked: Ranked[] = []
    for (const entry of poolOf(edition, sought)) {
      const score = usable(entry) ? scoreOf(sought, entry) : 0
      if (score >= SCORE_MIN) ranked.push({ entry, score })
    }
    return ranked.sort(nearestFirst)
  }
}

/** Order of ranked entries: nearest first, then by code. */
export function nearestFirst(a: Ranked, b: Ranked): number {
  return b.score - a.score || (a.entry.code < b.entry.code ? -1 : 1)
}
