/** One codebook with its rows indexed, and the question it answers: may this code be used on this day. */
import type { Day } from '../domain/day.ts'
import type { Codebook, CodebookEdition, CodebookEntry } from '../extension/codebook.ts'
import type { Found, NotFound } from './outcome.ts'

/** A code parted into what stands in the table and what a place added to it. */
interface Parts {
  readonly base: string
  readonly suffix: string
}

/** An indexed codebook. */
export interface Table {
  readonly codebook: Codebook
  lookup(code: string, day: Day): Found | NotFound
  /** Whether the code has the form of this standard. Where no form is known, whether some edition has it. */
  accepts(code: string): boolean
  /** The edition in force on a day. */
  editionOn(day: Day): CodebookEdition | undefined
}

/**
 * The last edition that is in force on a day.
 *
 * @param editions in order of their first day
 */
export function inForce<Edition extends { readonly from: Day }>(
  editions: readonly Edition[],
  day: Day,
): Edition | undefined {
  return editions.findLast(({ from }) => from <= day)
}

/**
 * Ways to read a code: as it came; with full-width characters narrowed and blanks gone; with the extension letter in
 * lower case. Source: mapping-problems.md section 8.
 */
function readings(raw: string): string[] {
  const tidy = raw.normalize('NFKC').replace(/\s+/g, '')
  return [raw, tidy, tidy.slice(0, 1) + tidy.slice(1).replaceAll('X', 'x')]
}

/**
 * Parts a code, or returns null where it has not the form of the standard.
 *
 * @param raw `001102000000100-110200002.10`
 * @returns `{ base: '001102000000100', suffix: '-110200002.10' }`
 */
export function partsOf({ shape, suffix }: Codebook, raw: string): Parts | null {
  if (!shape) return raw.trim() === '' ? null : { base: raw.trim(), suffix: '' }
  for (const text of readings(raw)) {
    if (shape.test(text)) return { base: text, suffix: '' }
    const dash = text.indexOf('-')
    const parts = { base: text.slice(0, dash), suffix: text.slice(dash) }
    if (dash > 0 && suffix?.test(parts.suffix) && shape.test(parts.base)) return parts
  }
  return null
}

/** Why an entry may not be used on a day, or null. */
function refusal(entry: CodebookEntry, day: Day): Pick<NotFound, 'reason' | 'since'> | null {
  if (entry.from && day < entry.from) return { reason: 'not-yet-valid', since: entry.from }
  if (entry.until && day >= entry.until) return { reason: 'retired', since: entry.until }
  return entry.grey ? { reason: 'grey' } : null
}

/** Whether an entry of the edition in force may be used on a day. */
export function isUsable(entry: CodebookEntry, day: Day): boolean {
  return refusal(entry, day) === null
}

/** Indexes a codebook. Its rows are kept as they are; one hash table an edition is added. */
export function createTable(codebook: Codebook): Table {
  const { editions, id: standard } = codebook
  const indexes = new Map(
    editions.map((edition) => [edition, new Map(edition.entries.map((entry) => [entry.code, entry]))]),
  )
  const entryIn = (edition: CodebookEdition, code: string) => indexes.get(edition)?.get(code)

  /** A code that the edition in force lacks: gone with it, to come with a later one, or never there. */
  function absent(code: string, current: CodebookEdition): NotFound {
    const last = editions.findLastIndex((edition) => edition.from < current.from && entryIn(edition, code))
    const next = editions.find((edition) => edition.from > current.from && entryIn(edition, code))
    const edition = current.version
    if (last >= 0) {
      const entry = entryIn(editions[last]!, code)!
      return { found: false, reason: 'retired', edition, entry, since: editions[last + 1]!.from }
    }
    if (next) return { found: false, reason: 'not-yet-valid', edition, since: next.from }
    return { found: false, reason: 'not-in-table', edition }
  }

  return {
    codebook,
    lookup(code, day) {
      const parts = partsOf(codebook, code)
      if (!parts) return { found: false, reason: 'wrong-shape' }
      const current = inForce(editions, day)
      if (!current) return { found: false, reason: 'before-first-edition' }
      const entry = entryIn(current, parts.base)
      if (!entry) return absent(parts.base, current)
      const refused = refusal(entry, day)
      if (refused) return { found: false, ...refused, edition: current.version, entry }
      return { found: true, code: entry.code + parts.suffix, standard, edition: current.version, entry }
    },
    accepts(code) {
      const parts = partsOf(codebook, code)
      if (!parts) return false
      return codebook.shape !== null || editions.some((edition) => entryIn(edition, parts.base))
    },
    editionOn: (day) => inForce(editions, day),
  }
}
