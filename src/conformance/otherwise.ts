/** Wrong inputs that the transactions of the money lanes take all the same, with the reason. */

/**
 * Fields that the operations written by hand take otherwise than the catalogue has them. They are asked by what holds
 * everywhere: what one province's text adds to them is let through as it came.
 */
const OTHERWISE: readonly { readonly case: RegExp; readonly why: string }[] = [
  {
    case: /: out of set/,
    why: 'codes of the money lanes are judged by the platform: clients send what areas add, and the scanner reads no sets',
  },
  {
    case: /: out of range$/,
    why: 'an amount beyond its column is judged with the bill, which does not add up then',
  },
  {
    case: /^(?:2101|2102|2204|2301) (?:fee|drug)detail\[0\]\.med_list_codg: (?:missing|empty|null|blank)$/,
    why: 'empty where the own code of the hospital is mapped',
  },
  {
    case: /^5203 data\.setl_id: (?:missing|empty|null|blank)$/,
    why: 'a lost answer never gave it: clients ask by the visit alone',
  },
]

/** Whether a wrong input is one of these. @param name as `badInputs` names it: `2204 feedetail[0].cnt: out of range` */
export function isOtherwise(name: string): boolean {
  return OTHERWISE.some(({ case: one }) => one.test(name))
}
