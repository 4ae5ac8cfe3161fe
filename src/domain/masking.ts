/**
 * Masks personal numbers in text that people may read: other parties repeat them in error messages, and people write
 * them with blanks, hyphens or full-width digits. Numbers that only look similar are kept: the platform's staff
 * search by trace id.
 */
import { isIdentityNumber } from './person.ts'

const MASK = '******'

/** An ASCII or full-width digit. */
const DIGIT = '[0-9\uff10-\uff19]'
/** Separators between the digits of one number: a few blanks, or one hyphen with blanks around it. */
const BLANK = '[\\s\\u00a0\\u200b-\\u200d\\u2060\\ufeff]'
const GAP = `${BLANK}{0,2}[-\\u2010-\\u2015\\u2212\\uff0d]?${BLANK}{0,2}`
const CHECK = '[Xx\uff38\uff58]'

/** At least eleven digits, with gaps; anything shorter is ignored. The check character may be separated. */
const RUN = new RegExp(
  `${DIGIT}(?:${GAP}${DIGIT}){10,}(?:${GAP}${CHECK}(?![A-Za-z]))?|${DIGIT}{17}${CHECK}`,
  'g',
)
const GROUP = new RegExp(`${DIGIT}+${CHECK}?|${CHECK}`, 'g')

/**
 * Ids of calls: W3C traceparent, UUID, 32 or 16 hexadecimal digits, and the platform's own `(trace0002@host)`. They
 * contain letters, or have a length that no personal number has.
 */
const TRACE =
  /\b[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{32}\b|\b(?=\w*[a-f])[0-9a-f]{16}\b|\((?=[\w-]*[a-wyz])[\w-]+@[\w.:-]+\)/gi
const IDENTITY = /(?<!\d)\d{17}[\dXx](?!\d)/g

/** Longest personal number: a bank card. */
const CARD_DIGITS_MAX = 19

/** `１３８` → `138` */
function ascii(text: string): string {
  return text.normalize('NFKC').toUpperCase()
}

/** Whether six digits (YYMMDD), or eight with the century, may be a birth date. */
function isBirth(digits: string): boolean {
  const [month, day] = [Number(digits.slice(-4, -2)), Number(digits.slice(-2))]
  const century = digits.length === 6 || digits.startsWith('19') || digits.startsWith('20')
  return century && month >= 1 && month <= 12 && day >= 1 && day <= 31
}

/** Check digit of a bank card. Source: ISO/IEC 7812-1, Luhn. */
function hasCardCheck(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

/**
 * Whether digits are a personal number.
 *
 * @param apart whether they are separated: then the check is stricter, so that a day followed by a serial number does
 *   not match
 */
function isPersonal(number: string, apart: boolean): boolean {
  switch (number.length) {
    case 11:
      if (/^1[3-9]\d{9}$/.test(number)) return true
      break
    case 13:
      if (/^861[3-9]\d{9}$/.test(number)) return true
      break
    case 15:
      // The old format, without century and check character.
      if (/^[1-9]\d{14}$/.test(number) && isBirth(number.slice(6, 12))) return true
      break
    case 18:
      if (/^\d{17}[\dX]$/.test(number) && (!apart || isBirth(number.slice(6, 14)))) return true
  }
  // A landline with area code is written with a hyphen.
  if (apart && /^0(?:10|2\d|[3-9]\d{2})[2-8]\d{6,7}$/.test(number)) return true
  return /^[3-69]\d{15,18}$/.test(number) && hasCardCheck(number)
}

interface Piece {
  readonly text: string
  readonly from: number
  readonly to: number
}

/** Masks the personal numbers in a run: the longest one starting at each group. */
function maskRun(run: string): string {
  const groups = [...run.matchAll(GROUP)].map(
    ({ 0: text, index }): Piece => ({ text: ascii(text), from: index, to: index + text.length }),
  )
  let masked = ''
  let copied = 0
  for (let first = 0; first < groups.length; ) {
    const last = longestFrom(groups, first)
    if (last === null) first += 1
    else {
      masked += run.slice(copied, groups[first]!.from) + MASK
      copied = groups[last]!.to
      first = last + 1
    }
  }
  return masked + run.slice(copied)
}

/** Last group of the longest personal number that starts with this group; null if there is none. */
function longestFrom(groups: readonly Piece[], first: number): number | null {
  let number = ''
  let found: number | null = null
  for (let last = first; last < groups.length; last += 1) {
    number += groups[last]!.text
    if (number.length > CARD_DIGITS_MAX) break
    if (isPersonal(number, last > first)) found = last
  }
  return found
}

/** Whether an id contains a complete identity number, which a trace id does not by chance. */
function holdsPerson(id: string): boolean {
  return [...id.matchAll(IDENTITY)].some(([number]) => isIdentityNumber(number.toUpperCase()))
}

const maskAll = (text: string) => text.replace(RUN, maskRun)

/**
 * Masks personal numbers in a text: identity numbers of either format, telephone numbers, bank cards.
 *
 * @returns the text with `******` for each; ids of calls are kept
 */
export function withoutIdentity(text: string): string {
  if (text.search(RUN) < 0) return text
  let masked = ''
  let copied = 0
  for (const { 0: id, index } of text.matchAll(TRACE)) {
    if (holdsPerson(id)) continue
    masked += maskAll(text.slice(copied, index)) + id
    copied = index + id.length
  }
  return masked + maskAll(text.slice(copied))
}
