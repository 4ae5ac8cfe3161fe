/** Chinese name of a code standard, for tables of the Chinese commands. */
import type { Codes } from '../codes/codes.ts'
import { ITEM, ITEM_TITLE } from '../codes/national.ts'

/** @returns a function that names a standard: `diagnosis` → `医保疾病诊断`, `item` → `收费项目`; unknown ids are kept */
export function standardTitle(codes: Codes): (standard: string) => string {
  return (standard) => codes.book(standard)?.titleZh ?? (standard === ITEM ? ITEM_TITLE : standard)
}
