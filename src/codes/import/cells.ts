/** Parses single cells: codes, names, days, flags. */
import { addDays, type Day, parseDay } from '../../domain/day.ts'
import type { Codebook } from '../../extension/codebook.ts'
import { splitCode } from '../table.ts'
import { type Remark, RowFault } from './reasons.ts'

/** A parsed value, and the repairs that were made. */
interface Read {
  readonly text: string
  readonly remarks: readonly Remark[]
}

const PRIVATE_USE = /[\ue000-\uf8ff\u{f0000}-\u{ffffd}\u{100000}-\u{10fffd}]/u

/**
 * Characters that public tables lost in conversion, by place. Source: docs/facts/codes.md,
 * Faults of characters, read from public copies of the tables [F]: U+E06B and `??` stand for 𬌗 in K07, U+E00F for a
 * comma in karyotypes (Q96 to Q99), `??` for 𧿹 in 77.5.
 */
const REPAIRS: readonly { readonly codes: RegExp; readonly found: RegExp; readonly meant: string }[] = [
  { codes: /^/, found: /(?:\?\?)?\ue06b/g, meant: '\u{2c317}' },
  { codes: /^/, found: /\ue00f/g, meant: '，' },
  { codes: /^K07\./, found: /\?\?/g, meant: '\u{2c317}' },
  { codes: /^77\.5/, found: /\?\?/g, meant: '\u{27ff9}' },
]

/** Normalises full-width characters and blanks, for standards without a known pattern. */
const tidy = (raw: string) => raw.normalize('NFKC').replaceAll(/\s+/g, '')

/** Whether a cell holds a sheet's formula error, which is neither a code nor a name. */
export function isSheetError(raw: string): boolean {
  return /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!)$/.test(raw.trim())
}

/**
 * Whether a code stored as a number is still complete. A fraction loses trailing zeros, so 86.2200 reads as
 * the heading 86.22; for an integer only a fixed length proves that no leading zero is missing.
 */
export function isWholeAsNumber(codebook: Pick<Codebook, 'shape' | 'suffix'>, raw: string): boolean {
  return codebook.shape !== null && /^\d+$/.test(raw.trim()) && splitCode(codebook, raw) !== null
}

/**
 * Parses a code of a table: local part, blanks and full-width characters removed, extension letter in lower
 * case.
 *
 * @param isNumber whether the sheet stores it as a number
 * @throws {RowFault} if it does not match the pattern of the standard
 */
export function readCode(codebook: Codebook, raw: string, isNumber: boolean): Read {
  if (raw.trim() === '') throw new RowFault('no-code')
  const parts = splitCode(codebook, raw)
  const text = codebook.shape === null ? tidy(raw) : parts?.base
  const fits = text !== undefined && text !== '' && (parts?.suffix ?? '') === ''
  if (isNumber && !isWholeAsNumber(codebook, raw)) throw new RowFault('number-cell')
  if (!fits) throw new RowFault('wrong-shape')
  return { text, remarks: text === raw ? [] : ['code-tidied'] }
}

/**
 * Parses a name: lost characters repaired if they are known, line breaks replaced by one blank, NFC.
 *
 * @param code decides which character was lost
 * @throws {RowFault} if it is empty, or a lost character is unknown
 */
export function readName(raw: string, code: string): Read {
  const text = cleaned(raw, code)
  if (text === '') throw new RowFault('no-name')
  if (isSheetError(text)) throw new RowFault('formula-error', text)
  if (text.includes('\ufffd')) throw new RowFault('unreadable', raw)
  if (PRIVATE_USE.test(text)) throw new RowFault('private-use', codePointsOf(text))
  const remarks: Remark[] = []
  const composed = raw.trim().replaceAll(/\s+/g, ' ').normalize('NFC')
  if (text !== composed) remarks.push('name-repaired')
  else if (raw !== raw.normalize('NFC')) remarks.push('name-composed')
  if (text.includes('??')) remarks.push('lost-character')
  return { text, remarks }
}

/** Parses a cell of another column: repaired like a name, but never refused. */
export function readAttribute(raw: string, code: string): { readonly text: string; readonly odd: boolean } {
  const text = cleaned(raw, code)
  return { text, odd: text.includes('\ufffd') || PRIVATE_USE.test(text) }
}

function cleaned(raw: string, code: string): string {
  let text = raw.replaceAll(/\p{Cc}+/gu, ' ').normalize('NFC')
  // Most names contain neither, so skip the repairs.
  if (PRIVATE_USE.test(text) || text.includes('??')) {
    for (const { codes, found, meant } of REPAIRS) if (codes.test(code)) text = text.replaceAll(found, meant)
  }
  return text.trim().replaceAll(/\s+/g, ' ')
}

function codePointsOf(text: string): string {
  const found = [...text].filter((character) => PRIVATE_USE.test(character))
  return found.map((character) => `U+${character.codePointAt(0)!.toString(16).toUpperCase()}`).join(' ')
}

const FORM =
  /^(\d{4})(?:[-/.年]?)(\d{1,2})(?:[-/.月]?)(\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$/
const SERIAL_DAY = { since1900: '1899-12-30', since1904: '1904-01-01' } as const

/** Days from this one on mean no end: lists write 9999-12-31 or 2099-12-31. [A] */
const FOR_EVER = '2099-12-31'

/**
 * Parses a day: `2021-01-14`, `2021/1/14`, `20210114`, `2021年1月14日`, with or without a time, or a sheet's
 * serial number.
 *
 * @returns null if the cell is empty
 * @throws {RowFault} on anything else
 */
export function readDay(raw: string, isNumber: boolean, since1904: boolean): Day | null {
  const text = raw.trim()
  if (text === '' || text === '-') return null
  if (isNumber && /^\d{4,6}(?:\.\d+)?$/.test(text)) {
    return addDays(SERIAL_DAY[since1904 ? 'since1904' : 'since1900'] as Day, Math.floor(Number(text)))
  }
  const [, year, month = '', day = ''] = FORM.exec(text) ?? []
  try {
    return parseDay(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
  } catch {
    throw new RowFault('bad-day', text)
  }
}

/** Turns the last valid day into the first invalid one; null if there is no end. */
export function dayAfter(last: Day | null): Day | null {
  return last === null || last >= FOR_EVER ? null : addDays(last, 1)
}

const YES = /^(?:1|是|有|有效|在用|y|yes|true)$/i
const NO = /^(?:0|否|无|无效|停用|作废|n|no|false)$/i

/** Parses a flag; null if the cell is empty. @throws {RowFault} on other words */
export function readFlag(raw: string): boolean | null {
  const text = raw.trim()
  if (text === '') return null
  if (YES.test(text)) return true
  if (NO.test(text)) return false
  throw new RowFault('bad-flag', text)
}
