/**
 * Judges codes that are not translated: a procedure, a Chinese-medicine diagnosis, a disease of a benefit, a physician. The
 * tables that come with the gateway are starters, so a code that one of them lacks is not yet wrong; certain is what no
 * code of the standard can be, what a row forbids, and what a whole table lacks.
 */
import type { Day } from '../domain/day.ts'
import { withoutIdentity } from '../domain/masking.ts'
import type { CodeWarning, FurtherCode } from '../extension/further.ts'
import type { Codes } from './codes.ts'
import type { Found, LookupReason, NotFound } from './outcome.ts'
import { lookupText } from './texts.ts'

/** Standards whose codes are of people: what stands there may be a name or an identity number, and is told nowhere. */
const OF_PEOPLE: ReadonlySet<string> = new Set(['physician', 'nurse', 'pharmacist', 'staff'])

/** What is certain whatever rows a table lacks. */
const CERTAIN: ReadonlySet<LookupReason> = new Set(['wrong-shape', 'grey', 'heading'])

/** What says nothing of the code. */
const SILENT: ReadonlySet<LookupReason> = new Set(['unknown-standard', 'before-first-edition'])

/** Every code of the fifteen standards that was seen has a digit; it judges where the form is not known. [A] */
const DIGIT = /[\d\uff10-\uff19]/

/** Longest code that is told: the fields have 30 characters. */
const CODE_LENGTH_MAX = 30

/**
 * Judges.
 *
 * @param today asked where the message names no day
 * @returns one for each code that is certainly none of its standards; empty where all may be
 */
export function judgeFurther(
  codes: Codes,
  further: readonly FurtherCode[],
  today: Day,
): readonly CodeWarning[] {
  const warnings: CodeWarning[] = []
  for (const { standards, field, day, given } of further) {
    const refused = standards.map((standard) => refusedBy(codes, standard, given, day ?? today))
    // Another list may hold it, and where one cannot say, nobody says that it is none.
    if (refused.includes(null)) continue
    const [standard, answer] = [standards[0], refused[0]!]
    const title = codes.book(standard)?.titleZh ?? standard
    const code = OF_PEOPLE.has(standard) ? '' : withoutIdentity(given).slice(0, CODE_LENGTH_MAX)
    const text = lookupText(title, code || null, answer)
    warnings.push({ field, standard, reason: answer.reason, code, text })
  }
  return warnings
}

/** Why a code is certainly none of a standard; null where it may be. */
function refusedBy(codes: Codes, standard: string, given: string, day: Day): NotFound | null {
  const book = codes.book(standard)
  const answer: Found | NotFound = codes.lookup(standard, given, day)
  if (!book || answer.found || SILENT.has(answer.reason)) return null
  if (book.complete || CERTAIN.has(answer.reason)) return answer
  return book.shape === null && !DIGIT.test(given) ? { found: false, reason: 'wrong-shape' } : null
}
