/** Whether a local code has the form of the national table, so that its category is evidence. */

/**
 * Forms of ICD-10 and ICD-9-CM-3 that local editions (Beijing, clinical, earlier national) share with the
 * national ones. Digits after the subcategory differ, and one string may mean different diseases; the
 * category hardly ever changes (docs/facts/codes.md, Names and codes).
 */
const FAMILIES: Readonly<Record<string, RegExp>> = {
  diagnosis: /^[A-Z]\d{2}[.x]/,
  procedure: /^\d{2}\.\d/,
}

/** @param standard id of the codebook; only diagnoses and procedures have a form to compare */
export function sharesIcdCategory(standard: string, code: string): boolean {
  return FAMILIES[standard]?.test(code) ?? false
}
