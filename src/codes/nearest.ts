/**
 * Nearest codes: what someone may have meant, for people to choose from and never applied automatically. A query
 * compares a bounded number of rows: those of the code's category, and those whose names share most with the name.
 */
import { type CandidateQuestion, candidateQuestion, categoryOf, similarity } from './candidates/similarity.ts'
import { createNearestIndex, type NearestIndex, rowsWith, weightIn } from './nearest-index.ts'
import type { Candidate } from './outcome.ts'
import type { Packed } from './store/packed.ts'

/** What is sought: a code if it is evidence for the table (its own, or of the same form), and a name. */
export interface Sought {
  readonly code?: string
  readonly name?: string
}

/** An entry and its similarity: higher is nearer. */
export interface Ranked {
  readonly entry: Candidate
  readonly score: number
}

/** Rows compared for one query, by code and by name. */
const BY_CODE_MAX = 1000
const BY_NAME_MAX = 300
/** Of these, rows with the same name: one drug name may have a thousand packages. */
const PER_NAME_MAX = 20
/** Rows counted for one name, starting with the rarest pairs. */
const COUNTED_MAX = 30_000

/** Index of the first code not below `code`. */
function indexOf(packed: Packed, heads: Uint32Array, code: string): number {
  let [low, high] = [0, heads.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (packed.code(heads[middle]!) < code) low = middle + 1
    else high = middle
  }
  return low
}

/** Rows of a code's category; of a large category those around the place where the code would be. */
function neighbours(packed: Packed, { heads }: NearestIndex, code: string): Uint32Array {
  const category = categoryOf(code)
  const first = indexOf(packed, heads, category)
  const end = indexOf(packed, heads, `${category}\uffff`)
  const middle = indexOf(packed, heads, code)
  const from = Math.max(first, Math.min(middle - BY_CODE_MAX / 2, end - BY_CODE_MAX))
  return heads.subarray(from, Math.min(end, from + BY_CODE_MAX))
}

/** Rows whose names share most with the name, best first. */
function* namesakes(packed: Packed, index: NearestIndex, { pairs }: CandidateQuestion): Generator<number> {
  const shared = new Map<number, number>()
  let counted = 0
  for (const [pair, weight] of [...pairs.parts].sort((one, other) => other[1] - one[1])) {
    const rows = rowsWith(index, pair)
    counted += rows.length
    if (counted > COUNTED_MAX && shared.size > 0) break
    for (const row of rows) shared.set(row, (shared.get(row) ?? 0) + weight)
  }
  const perName = new Map<string, number>()
  let given = 0
  for (const [row] of [...shared].sort((one, other) => other[1] - one[1] || one[0] - other[0])) {
    const head = index.heads[row]!
    const name = packed.name(head)
    const before = perName.get(name) ?? 0
    perName.set(name, before + 1)
    if (before >= PER_NAME_MAX) continue
    yield head
    given += 1
    if (given === BY_NAME_MAX) return
  }
}

/** Finds nearest entries of packed tables. An index that was not built with its table is built on first use. */
export function createNearest(indexes: ReadonlyMap<Packed, NearestIndex>) {
  const built = new WeakMap<Packed, NearestIndex>()

  function indexFor(packed: Packed): NearestIndex {
    const index = indexes.get(packed) ?? built.get(packed) ?? createNearestIndex(packed)
    built.set(packed, index)
    return index
  }

  /**
   * @param usable returns the entry of a code if it may be offered: valid on the day and not grey
   * @returns entries that are near enough, best first, ties in order of code
   */
  return (packed: Packed, sought: Sought, usable: (head: number) => Candidate | null): Ranked[] => {
    if (!sought.code && !sought.name) return []
    const index = indexFor(packed)
    const weightOf = (text: string) => weightIn(index, text)
    const question = candidateQuestion(sought, weightOf)
    const pool = new Set(namesakes(packed, index, question))
    if (sought.code) for (const head of neighbours(packed, index, sought.code)) pool.add(head)
    const ranked: Ranked[] = []
    for (const head of pool) {
      const entry = usable(head)
      const score = entry && similarity(question, entry, weightOf)
      if (entry && score !== null) ranked.push({ entry, score })
    }
    return ranked.sort(nearestFirst)
  }
}

/** Sort order: nearest first, then by code. */
export function nearestFirst(one: Ranked, other: Ranked): number {
  return other.score - one.score || (one.entry.code < other.entry.code ? -1 : 1)
}
