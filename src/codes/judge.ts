/**
 * Judges codes that a message may carry untranslated: a procedure, a Chinese-medicine diagnosis, a benefit's
 * disease, a physician. The shipped tables are starters, so a missing code is not yet wrong. Certain errors
 * are codes that match no pattern of the standard, codes whose row forbids them, and codes missing from a
 * complete table.
 */
import type { ClaimCode } from '../domain/claim.ts'
import type { Day } from '../domain/day.ts'
import { withoutIdentity } from '../domain/masking.ts'
import type { CodeWarning } from '../extension/code-warning.ts'
import type { Codes } from './codes.ts'
import type { Found, LookupReason, NotFound } from './outcome.ts'
import { lookupText, noNationalText } from './texts.ts'

/** Certain even if the table is incomplete. */
const CERTAIN: ReadonlySet<LookupReason> = new Set(['wrong-shape', 'grey', 'heading'])

/** Reasons that say nothing about the code. */
const SILENT: ReadonlySet<LookupReason> = new Set(['unknown-standard', 'before-first-edition'])

/** Every code of the fifteen standards seen so far has a digit; applied if the pattern is unknown. [A] */
const DIGIT = /[\d\uff10-\uff19]/

/** Longest code repeated in a warning: the fields have 30 characters. */
const CODE_LENGTH_MAX = 30

/** The parts of a code that are judged. */
type Judged = Pick<ClaimCode, 'standard' | 'others' | 'at' | 'field' | 'given'>

/**
 * Judges a code given as national.
 *
 * @returns null if it may belong to one of its standards
 */
export function judgeCode(codes: Codes, code: Judged, day: Day): CodeWarning | null {
  const { standard, others = [], given } = code
  const first = refusedBy(codes, standard, given.code, day)
  // Another list may hold it; if one list is inconclusive, the code cannot be called wrong.
  if (!first || others.some((other) => !refusedBy(codes, other, given.code, day))) return null
  const told = toldOf(codes, code)
  const text = lookupText(titleOf(codes, standard), told || null, first)
  return { field: placeOf(code), standard, reason: first.reason, code: told, text }
}

/** Warns about an institution's own code for which its map has no national one. */
export function warnUnmapped(codes: Codes, code: Judged, reason: string): CodeWarning {
  const told = toldOf(codes, code)
  const text = noNationalText(titleOf(codes, code.standard), told)
  return { field: placeOf(code), standard: code.standard, reason, code: told, text }
}

/** Place of a code outside the numbered lines. */
export const placeOf = ({ at, field }: Pick<ClaimCode, 'at' | 'field'>) => `${at}.${field}`

const titleOf = (codes: Codes, standard: string) => codes.book(standard)?.titleZh ?? standard

/**
 * The code to repeat in a warning; empty if the field may hold a name or an identity number, which is never
 * repeated.
 */
function toldOf(codes: Codes, { standard, given }: Judged): string {
  return codes.book(standard)?.ofPeople ? '' : withoutIdentity(given.code).slice(0, CODE_LENGTH_MAX)
}

/** Why a code certainly does not belong to a standard; null if it may. */
function refusedBy(codes: Codes, standard: string, given: string, day: Day): NotFound | null {
  const book = codes.book(standard)
  const answer: Found | NotFound = codes.lookup(standard, given, day)
  if (!book || answer.found || SILENT.has(answer.reason)) return null
  if (book.complete || CERTAIN.has(answer.reason)) return answer
  return book.shape === null && !DIGIT.test(given) ? { found: false, reason: 'wrong-shape' } : null
}
