/** The insured person: only what the gateway needs to route and check, never kept in clear. */

/** Kinds of identity document `psn_cert_type` (人员证件类型). [F] Regional additions exist and are let through. */
export const DOCUMENTS = {
  '01': '居民身份证（户口簿）',
  '02': '中国人民解放军军官证',
  '03': '中国人民武装警察警官证',
  '04': '香港特区护照/港澳居民来往内地通行证',
  '05': '澳门特区护照/港澳居民来往内地通行证',
  '06': '台湾居民来往大陆通行证',
  '07': '外国人永久居留证',
  '08': '外国人护照',
  '17': '港澳台居民居住证',
  '99': '其他身份证件',
} as const

const ID_NUMBER = /^\d{17}[\dX]$/
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'

/**
 * Check character of a citizen identity number.
 *
 * @param body the first seventeen digits
 * @returns `0`–`9` or `X`
 * Source: GB 11643-1999, ISO 7064 MOD 11-2.
 */
export function identityCheck(body: string): string {
  let sum = 0
  for (let index = 0; index < WEIGHTS.length; index += 1) sum += Number(body[index]) * WEIGHTS[index]!
  return CHECKS[sum % 11]!
}

/** Whether an identity number is well-formed, with a valid birth date and check character. */
export function isIdentityNumber(text: string): boolean {
  if (!ID_NUMBER.test(text) || identityCheck(text) !== text[17]) return false
  const birth = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`
  const parsed = new Date(`${birth}T00:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().slice(0, 10) === birth
}

/** Patterns of the other documents; deliberately loose, since issuers differ. [K] */
const OTHER_DOCUMENTS: Record<string, RegExp> = {
  '04': /^[A-Z]?\d{7,10}[A-Z0-9()]{0,3}$/i,
  '05': /^[A-Z]?\d{7,10}[A-Z0-9()]{0,3}$/i,
  '06': /^\d{8,10}[A-Z0-9]{0,2}$/i,
  '07': /^(?:[A-Z]{3}\d{12}|9\d{16}[\dX])$/i,
  '17': /^8[123]\d{15}[\dX]$/,
}

/**
 * Whether a document number is plausible for its kind. Kinds with an unknown format pass.
 *
 * @param kind `psn_cert_type`, `"01"`
 * @param number `certno`
 */
export function isDocumentNumber(kind: string, number: string): boolean {
  if (kind === '01') return isIdentityNumber(number)
  const shape = OTHER_DOCUMENTS[kind]
  if (!shape) return number.length > 0 && number.length <= 50
  return kind === '17' ? shape.test(number) && identityCheck(number) === number[17] : shape.test(number)
}
