/**
 * Judges codes that a message may carry as they are: a procedure, a Chinese-medicine diagnosis, a disease of a benefit, a
 * physician. The tables that come with the gateway are starters, so a code that one of them lacks is not yet wrong; certain is
 * what no code of the standard can be, what a row forbids, and what a whole table lacks.
 */
import type { ClaimCode } from '../domain/claim.ts'
import type { Day } from '../domain/day.ts'
import { withoutIdentity } from '../domain/masking.ts'
import type { CodeWarning } from '../extension/code-warning.ts'
import type { Codes } from './codes.ts'
import type { Found, LookupReason, NotFound } from './outcome.ts'
import { lookupText, noNationalText } from './texts.ts'

/** What is certain whatever rows a table lacks. */
const CERTAIN: ReadonlySet<LookupReason> = new Set(['wrong-shape', 'grey', 'heading'])

/** What says nothing of the code. */
const SILENT: ReadonlySet<LookupReason> = new Set(['unknown-standard', 'before-first-edition'])

/** Every code of the fifteen standards that was seen has a digit; it judges where the form is not known. [A] */
const DIGIT = /[\d\uff10-\uff19]/

/** Longest code that is told: the fields have 30 characters. */
const CODE_LENGTH_MAX = 30

/** A code where it stands, as far as it is judged. */
type Judged = Pick<ClaimCode, 'standard' | 'others' | 'at' | 'field' | 'given'>

/**
 * Judges one that came as a national code.
 *
 * @returns null where it may be of one of its standards
 */
export function judgeCode(codes: Codes, code: Judged, day: Day): CodeWarning | null {
  const { standard, others = [], given } = code
  const first = refusedBy(codes, standard, given.code, day)
  // Another list may hold it, and where one cannot say, nobody says that it is none.
  if (!first || others.some((other) => !refusedBy(codes, other, given.code, day))) return null
  const told = toldOf(codes, code)
  const text = lookupText(titleOf(codes, standard), told || null, first)
  return { field: placeOf(code), standard, reason: first.reason, code: told, text }
}

/** What is told of a code of an institution's own of which its map says no national one. */
export function warnUnmapped(codes: Codes, code: Judged, reason: string): CodeWarning {
  const told = toldOf(codes, code)
  const text = noNationalText(titleOf(codes, code.standard), told)
  return { field: placeOf(code), standard: code.standard, reason, code: told, text }
}

/** Where a code stands that has no line of its own. */
export const placeOf = ({ at, field }: Pick<ClaimCode, 'at' | 'field'>) => `${at}.${field}`

const titleOf = (codes: Codes, standard: string) => codes.book(standard)?.titleZh ?? standard

/** A code as it came; empty where a name or an identity number may stand there, which is told nowhere. */
function toldOf(codes: Codes, { standard, given }: Judged): string {
  return codes.book(standard)?.ofPeople ? '' : withoutIdentity(given.code).slice(0, CODE_LENGTH_MAX)
}

/** Why a code is certainly none of a standard; null where it may be. */
function refusedBy(codes: Codes, standard: string, given: string, day: Day): NotFound | null {
  const book = codes.book(standard)
  const answer: Found | NotFound = codes.lookup(standard, given, day)
  if (!book || answer.found || SILENT.has(answer.reason)) return null
  if (book.complete || CERTAIN.has(answer.reason)) return answer
  return book.shape === null && !DIGIT.test(given) ? { found: false, reason: 'wrong-shape' } : null
}
