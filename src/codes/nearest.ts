/**
 * Nearest codes: what someone may have meant. Only for people to choose from; nothing is ever taken automatically. A
 * question looks at a bounded number of rows: those of the category of the code, and those that share most with the name.
 */
import { type CandidateQuestion, candidateQuestion, categoryOf, similarity } from './candidates/similarity.ts'
import { createNearestIndex, type NearestIndex, rowsWith, weightIn } from './nearest-index.ts'
import type { Candidate } from './outcome.ts'
import type { Packed } from './store/packed.ts'

/** What is sought: a code that says something about the table (its own, or of the same family), and a name. */
export interface Sought {
  readonly code?: string
  readonly name?: string
}

/** An entry and how near it is: higher is nearer. */
export interface Ranked {
  readonly entry: Candidate
  readonly score: number
}

/** Rows that are measured for one question: because of the code, because of the name. */
const BY_CODE_MAX = 1000
const BY_NAME_MAX = 300
/** Rows of one name among them: the name of a drug may stand for a thousand packages. */
const PER_NAME_MAX = 20
/** Rows that are counted for one name; the pairs that fewest rows have are counted first. */
const COUNTED_MAX = 30_000

/** First index whose code is not below `code`. */
function indexOf(packed: Packed, heads: Uint32Array, code: string): number {
  let [low, high] = [0, heads.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (packed.code(heads[middle]!) < code) low = middle + 1
    else high = middle
  }
  return low
}

/** Rows of the category of a code; of a large one those around the place where the code would stand. */
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

/** Finds near entries of packed tables. The index of a table that came without one is built when it is first asked. */
export function createNearest(indexes: ReadonlyMap<Packed, NearestIndex>) {
  const built = new WeakMap<Packed, NearestIndex>()

  function indexFor(packed: Packed): NearestIndex {
    const index = indexes.get(packed) ?? built.get(packed) ?? createNearestIndex(packed)
    built.set(packed, index)
    return index
  }

  /**
   * @param usable the entry of a code, where it may be offered: valid on the day, and not grey
   * @returns entries that are near enough, best first, in order of code where equally near
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

/** Order of ranked entries: nearest first, then by code. */
export function nearestFirst(one: Ranked, other: Ranked): number {
  return other.score - one.score || (one.entry.code < other.entry.code ? -1 : 1)
}
