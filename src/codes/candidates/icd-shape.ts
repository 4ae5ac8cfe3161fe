/** Whether a local code is of the same family as the national table, so that its category says something. */

/**
 * The forms of ICD-10 and ICD-9-CM-3 that local editions share with the national ones: Beijing, clinical, earlier
 * national. The digits behind the subcategory differ, and the same string may mean another disease; the category hardly
 * ever does (docs/facts/codes.md, Names and codes).
 */
const FAMILIES: Readonly<Record<string, RegExp>> = {
  diagnosis: /^[A-Z]\d{2}[.x]/,
  procedure: /^\d{2}\.\d/,
}

/** @param standard id of the codebook; any other than diagnoses and procedures has no family */
export function sharesIcdCategory(standard: string, code: string): boolean {
  return FAMILIES[standard]?.test(code) ?? false
}
