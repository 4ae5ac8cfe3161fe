/** One codebook over its packed rows. It answers whether a code may be used on a day. */
import type { Day } from '../domain/day.ts'
import type { Codebook, CodebookEntry } from '../extension/codebook.ts'
import { createCalendar, type LiveEdition, liveEditions } from './calendar.ts'
import type { CodebookHead, Found, NotFound } from './outcome.ts'
import type { LiveBook } from './pack.ts'
import { MARK } from './store/layout.ts'
import type { Packed } from './store/packed.ts'
import { entryAt } from './store/table-rows.ts'

/** A code split into the part in the table and what a place appended to it. */
interface Parts {
  readonly base: string
  readonly suffix: string
}

/** A codebook that can be queried. */
export interface Table {
  readonly codebook: CodebookHead
  readonly packed: Packed
  lookup(code: string, day: Day): Found | NotFound
  /** The answer for a row found by the unmodified code, starting from the first version of the code. */
  lookupAt(first: number, code: string, day: Day): Found | NotFound
  /**
   * Whether the code matches the pattern of this standard; if the pattern is unknown, whether any edition has it.
   */
  accepts(code: string): boolean
  /** Code and name of the version usable on a day, starting from the first version of the code. */
  usable(first: number, day: Day): { readonly code: string; readonly name: string } | null
}

/**
 * Readings to try for a code that does not match the pattern: full-width characters narrowed and blanks removed;
 * extension letter in lower case. Source: docs/facts/codes.md, Faults of characters.
 */
function otherReadings(raw: string): string[] {
  const tidy = raw.normalize('NFKC').replace(/\s+/g, '')
  return [tidy, tidy.slice(0, 1) + tidy.slice(1).replaceAll('X', 'x')]
}

type Form = Pick<Codebook, 'shape' | 'suffix'>

function partsAsRead({ shape, suffix }: Form, text: string): Parts | null {
  if (shape?.test(text)) return { base: text, suffix: '' }
  const dash = text.indexOf('-')
  if (dash <= 0 || !suffix) return null
  const parts = { base: text.slice(0, dash), suffix: text.slice(dash) }
  return suffix.test(parts.suffix) && shape?.test(parts.base) ? parts : null
}

/**
 * Splits a code; null if it does not match the pattern of the standard.
 *
 * @param raw `001102000000100-110200002.10`
 * @returns `{ base: '001102000000100', suffix: '-110200002.10' }`
 */
export function splitCode(form: Form, raw: string): Parts | null {
  if (!form.shape) return raw.trim() === '' ? null : { base: raw.trim(), suffix: '' }
  const parts = partsAsRead(form, raw)
  if (parts) return parts
  for (const text of otherReadings(raw)) {
    const read = partsAsRead(form, text)
    if (read) return read
  }
  return null
}

/** Why a row may not be used on a day, or null. */
function refusal(packed: Packed, place: number, number: number): Pick<NotFound, 'reason' | 'since'> | null {
  if (number < packed.fromNumber(place)) return { reason: 'not-yet-valid', since: packed.from(place)! }
  if (number >= packed.untilNumber(place)) return { reason: 'retired', since: packed.until(place)! }
  const marks = packed.marks(place)
  if (marks & MARK.heading) return { reason: 'heading' }
  return marks & MARK.grey ? { reason: 'grey' } : null
}

/** The rows of a codebook, asked for a day. */
export function createTable(codebook: CodebookHead, rows: LiveBook): Table {
  const standard = codebook.id
  const packed = rows.book.forward
  const editions = liveEditions(rows)
  const { editionOn, numberOf } = createCalendar(editions)

  /** A code missing from the edition in force: dropped by it, added by a later one, or never present. */
  function absent(first: number, current: LiveEdition, number: number): NotFound {
    const edition = current.version
    const placeIn = ({ place }: LiveEdition) => packed.inForce(first, place, number)
    const last = editions.findLastIndex((one) => one.from < current.from && placeIn(one) !== 0)
    if (last >= 0) {
      const entry = entryAt(packed, placeIn(editions[last]!))
      return { found: false, reason: 'retired', edition, entry, since: editions[last + 1]!.from }
    }
    const next = editions.find((one) => one.from > current.from && placeIn(one) !== 0)
    if (next) return { found: false, reason: 'not-yet-valid', edition, since: next.from }
    return { found: false, reason: 'not-in-table', edition }
  }

  function answer(first: number, base: string, suffix: string, day: Day): Found | NotFound {
    const current = editionOn(day)
    if (!current) return { found: false, reason: 'before-first-edition' }
    const number = numberOf(day)
    const place = first === 0 ? 0 : packed.inForce(first, current.place, number)
    if (place === 0) return absent(first, current, number)
    const refused = refusal(packed, place, number)
    const entry: CodebookEntry = entryAt(packed, place, base)
    if (refused) return { found: false, ...refused, edition: current.version, entry }
    const code = suffix === '' ? base : base + suffix
    return { found: true, code, standard, edition: current.version, entry }
  }

  return {
    codebook,
    packed,
    lookup(code, day) {
      // A code found exactly as written needs no check of its pattern.
      const first = packed.find(code)
      if (first !== 0) return answer(first, code, '', day)
      const parts = splitCode(codebook, code)
      if (!parts) return { found: false, reason: 'wrong-shape' }
      return answer(packed.find(parts.base), parts.base, parts.suffix, day)
    },
    lookupAt: (first, code, day) => answer(first, code, '', day),
    accepts(code) {
      const parts = splitCode(codebook, code)
      if (!parts || codebook.shape !== null) return parts !== null
      const first = packed.find(parts.base)
      return first !== 0 && editions.some(({ place }) => packed.inEdition(first, place) !== 0)
    },
    usable(first, day) {
      const current = editionOn(day)
      const number = numberOf(day)
      const place = current ? packed.inForce(first, current.place, number) : 0
      if (place === 0 || refusal(packed, place, number)) return null
      return { code: packed.code(place), name: packed.name(place) }
    },
  }
}
