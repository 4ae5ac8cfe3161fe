/**
 * Scores how near a row is to what is sought. The category comes first: of the rows that equal names do not
 * settle, 98 % stay in their three-character category and 80 % in their subcategory (docs/facts/codes.md,
 * Names and codes). Shared parts of the names come second, rare characters weighing more than common ones.
 */
import { distance } from 'fastest-levenshtein'
import { comparable, pairsOf } from './name-normalisation.ts'

/** Weight of a character or a pair: the rarer, the higher. */
export type WeightOf = (text: string) => number

/** Parts of a name with their weights. */
interface Weighed {
  readonly parts: ReadonlyMap<string, number>
  readonly sum: number
}

/** The code and name sought, split into parts once for all rows. */
export interface CandidateQuestion {
  readonly name: string
  readonly characters: Weighed
  readonly pairs: Weighed
  readonly numbers: string
  /** The code as given; empty if there is none or it is no evidence for this table. */
  readonly code: string
  readonly levels: readonly string[]
  readonly asterisk: string
}

/**
 * Weight of each measure, fitted (conditional logit over the candidates of a question) on one half of the
 * unsettled rows of six public crosswalks. The other half is for reporting, see `hit-rate.ts`.
 */
const WEIGHTS = {
  charactersAsked: 8.6,
  charactersGiven: 6.6,
  pairsAsked: 1.1,
  head: 2.0,
  similarity: -0.7,
  same: 1.7,
  numbers: 1.0,
  category: 3.6,
  subcategory: 2.3,
  detail: 1.8,
  codeLikeness: 2.5,
  asterisk: 3.1,
  base: 0.8,
  extension: -1.6,
  rest: 2.0,
  restUnlike: 0.8,
  other: 1.1,
  unspecified: 0.6,
}

/** Every measure, between 0 and 1. */
type Measures = Record<keyof typeof WEIGHTS, number>

/** Numbers and Latin letters in a name: degrees, stages, types. */
const numbersOf = (name: string) => (name.match(/\d+|[a-z]+/g) ?? []).join(' ')

const mainOf = (code: string) => code.split('+', 1)[0]!
const asteriskOf = (code: string) => code.split('+', 2)[1] ?? ''

/** Category of a code: the first three characters of a diagnosis, two digits of an operation. */
export function categoryOf(code: string): string {
  return code.trimStart().slice(0, /^\s*[A-Za-z]/.test(code) ? 3 : 2)
}

/**
 * A code at its levels: category, subcategory, detail.
 *
 * @param code `A00.101`, `N46xx06`, `39.50018`
 */
function levelsOf(code: string): string[] {
  const digits = mainOf(code).replace(/[.\s]/g, '').toLowerCase()
  const start = categoryOf(code).length
  return [0, 1, 2].map((further) => digits.slice(0, start + further))
}

function weigh(parts: ReadonlySet<string>, weightOf: WeightOf): Weighed {
  const weighed = new Map(Array.from(parts, (part) => [part, weightOf(part)]))
  return { parts: weighed, sum: [...weighed.values()].reduce((sum, weight) => sum + weight, 0) }
}

/** Splits what is sought into its parts. */
export function candidateQuestion(
  sought: { name?: string; code?: string },
  weightOf: WeightOf,
): CandidateQuestion {
  const [name, code] = [comparable(sought.name ?? ''), sought.code ?? '']
  return {
    name,
    characters: weigh(new Set(name), weightOf),
    pairs: weigh(pairsOf(name), weightOf),
    numbers: numbersOf(name),
    code: mainOf(code),
    levels: code ? levelsOf(code) : [],
    asterisk: asteriskOf(code),
  }
}

/** Weight of the common parts, as a share of the question's weight and of the row's weight. */
function shares({ parts, sum }: Weighed, given: ReadonlySet<string>, weightOf: WeightOf): [number, number] {
  let [common, all] = [0, 0]
  for (const part of given) {
    const weight = parts.get(part)
    all += weight ?? weightOf(part)
    common += weight ?? 0
  }
  return [sum > 0 ? common / sum : 0, all > 0 ? common / all : 0]
}

function headOf(one: string, other: string): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return length
}

/** Common prefix and edit distance of two codes, weighted half each. */
function codeLikeness(given: string, code: string): number {
  const near = 1 - distance(given, code) / Math.max(given.length, code.length)
  return (headOf(given, code) / given.length + near) / 2
}

const adds = (word: string, name: string, asked: string) =>
  Number(name.includes(word) && !asked.includes(word))

/** Measures a row against a question. */
function measuresOf(
  question: CandidateQuestion,
  row: { name: string; code: string },
  weightOf: WeightOf,
): Measures {
  const name = comparable(row.name)
  const longest = Math.max(name.length, question.name.length, 1)
  const [charactersAsked, charactersGiven] = shares(question.characters, new Set(name), weightOf)
  const [pairsAsked] = shares(question.pairs, pairsOf(name), weightOf)
  const named = question.name !== ''
  const coded = question.code !== ''
  const [main, asterisk, levels] = [mainOf(row.code), asteriskOf(row.code), levelsOf(row.code)]
  const same = (level: number) => Number(coded && question.levels[level] === levels[level])
  // Residual rows ("unspecified") of a category: `.900`, `.x00`.
  const rest = Number(/^(?:[A-Z]\d\d|\d\d)\.[\dx]?[9x]?00$/.test(main) && /[9x]/.test(levels[1]!.slice(-1)))
  return {
    charactersAsked,
    charactersGiven,
    pairsAsked,
    head: named ? headOf(question.name, name) / longest : 0,
    similarity: named ? 1 - distance(question.name, name) / longest : 0,
    same: Number(named && question.name === name),
    numbers: Number(named && question.numbers === numbersOf(name)),
    category: same(0),
    subcategory: same(1),
    detail: same(2),
    codeLikeness: coded ? codeLikeness(question.code, main) : 0,
    asterisk: Number(coded && asterisk !== '' && asterisk === question.asterisk),
    base: Number(named && main.endsWith('00')),
    extension: Number(named && /x\d{3}$/.test(main)),
    rest: named ? rest * same(0) : 0,
    restUnlike: named ? rest * (1 - charactersAsked) : 0,
    other: adds('其他', row.name, question.name),
    unspecified: adds('未特指', row.name, question.name),
  }
}

/** Minimum to be offered at all: enough shared characters, or the same category. */
const CHARACTERS_MIN = 0.3
/** Minimum similarity of the codes if no name is given. */
const CODE_MIN = 0.35

/**
 * Similarity of a row to a question; higher is nearer.
 *
 * @returns null if the row is too far away to be offered
 */
export function similarity(
  question: CandidateQuestion,
  row: { name: string; code: string },
  weightOf: WeightOf,
): number | null {
  const measures = measuresOf(question, row, weightOf)
  if (measures.charactersAsked < CHARACTERS_MIN && measures.category === 0) return null
  if (question.name === '' && measures.codeLikeness < CODE_MIN) return null
  let score = 0
  for (const name in WEIGHTS) {
    const key = name as keyof typeof WEIGHTS
    score += WEIGHTS[key] * measures[key]
  }
  return score
}
