/** People of the demonstration, generated from its institutions; names and codes are invented. */
import type { CodebookEntry } from '../../src/extension/codebook.ts'

const MARKS = ['甲', '乙', '丙', '丁']

/**
 * Generates the people of one institution.
 *
 * @param institution entry of the institution codebook
 * @param prefix `D`, `N`, `HY`
 * @param title `医师`
 * @param count at most four
 * @returns codes of prefix, area 6, and a serial of `9`, the last three digits of the institution, two digits
 */
export function peopleOf(
  institution: CodebookEntry,
  prefix: string,
  title: string,
  count: number,
): CodebookEntry[] {
  const area = institution.code.slice(1, 7)
  return MARKS.slice(0, count).map((mark, index) => ({
    code: `${prefix}${area}9${institution.code.slice(-3)}${String(index + 1).padStart(2, '0')}`,
    name: `${title}${mark}（虚构）`,
    attributes: { area, institution: institution.code },
  }))
}
