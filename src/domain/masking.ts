/**
 * Takes the numbers of persons out of a text that someone may read: other parties like to repeat them in error messages,
 * and people write them with blanks, hyphens or full-width digits. What only looks like one by its digits stays: a trace
 * id is what the platform's people search for.
 */
import { isIdentityNumber } from './person.ts'

const MASK = '******'

/** A digit as it may be written: ASCII or full-width. */
const DIGIT = '[0-9\uff10-\uff19]'
/** What people put between the digits of one number: a few blanks, or one hyphen with blanks around it. */
const BLANK = '[\\s\\u00a0\\u200b-\\u200d\\u2060\\ufeff]'
const GAP = `${BLANK}{0,2}[-\\u2010-\\u2015\\u2212\\uff0d]?${BLANK}{0,2}`
const CHECK = '[Xx\uff38\uff58]'

/** Digits with gaps, eleven at least: nothing shorter is looked at. The check character may stand apart. */
const RUN = new RegExp(
  `${DIGIT}(?:${GAP}${DIGIT}){10,}(?:${GAP}${CHECK}(?![A-Za-z]))?|${DIGIT}{17}${CHECK}`,
  'g',
)
const GROUP = new RegExp(`${DIGIT}+${CHECK}?|${CHECK}`, 'g')

/**
 * Ids of calls: W3C traceparent, UUID, 32 or 16 hexadecimal digits alone, and the platform's own `(trace0002@host)`. They
 * hold letters, or are of a length that no number of a person has.
 */
const TRACE =
  /\b[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{32}\b|\b(?=\w*[a-f])[0-9a-f]{16}\b|\((?=[\w-]*[a-wyz])[\w-]+@[\w.:-]+\)/gi
const IDENTITY = /(?<!\d)\d{17}[\dXx](?!\d)/g

/** Longest number of a person: a bank card. */
const CARD_DIGITS_MAX = 19

/** `１３８` → `138` */
function ascii(text: string): string {
  return text.normalize('NFKC').toUpperCase()
}

/** Whether six digits in the form YYMMDD, or eight with the century, may be a birth date. */
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
 * Whether digits are the number of a person.
 *
 * @param apart whether something stands between them: then they have to look more like one, since a day and a serial
 *   number that follow each other are none
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
      // The old form, without a century and a check character.
      if (/^[1-9]\d{14}$/.test(number) && isBirth(number.slice(6, 12))) return true
      break
    case 18:
      if (/^\d{17}[\dX]$/.test(number) && (!apart || isBirth(number.slice(6, 14)))) return true
  }
  // A telephone with the code of its place is written with a hyphen.
  if (apart && /^0(?:10|2\d|[3-9]\d{2})[2-8]\d{6,7}$/.test(number)) return true
  return /^[3-69]\d{15,18}$/.test(number) && hasCardCheck(number)
}

interface Piece {
  readonly text: string
  readonly from: number
  readonly to: number
}

/** Masks what of a run is the number of a person: the longest that begins at a group, then goes on behind it. */
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

/** The last group of the longest number of a person that begins with this one; null if none does. */
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

/** Whether an id holds a whole identity number, which a trace id has by no chance. */
function holdsPerson(id: string): boolean {
  return [...id.matchAll(IDENTITY)].some(([number]) => isIdentityNumber(number.toUpperCase()))
}

const maskAll = (text: string) => text.replace(RUN, maskRun)

/**
 * Takes numbers of persons out of a text: identity numbers of either form, telephones, bank cards.
 *
 * @returns the text with `******` for each; ids of calls stay as they are
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
