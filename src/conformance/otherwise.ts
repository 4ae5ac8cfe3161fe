/** Invalid inputs that money transactions accept nevertheless, with the reason. */

/**
 * Fields that hand-written operations treat differently from the catalogue. They are checked by the common rules;
 * what one province adds is passed on unchanged.
 */
const OTHERWISE: readonly { readonly case: RegExp; readonly why: string }[] = [
  {
    case: /\.(?:refl_type|mdtrt_grp_type|trdn_flag): out of set/,
    why: 'sets of one province alone are judged by its platform: these schemas hold everywhere',
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

/**
 * Whether an invalid input is one of these. @param name as given by `badInputs`: `2204 feedetail[0].cnt: out of
 * range`
 */
export function isOtherwise(name: string): boolean {
  return OTHERWISE.some(({ case: one }) => one.test(name))
}
