/** A lane (结算业务类别) is a kind of direct settlement that opens, closes and is counted on its own. */

/** The lanes this gateway settles. */
export const LANES = {
  inpatient: '住院',
  outpatient: '普通门诊',
  chronic: '门诊慢特病',
} as const

/** One lane. */
export type Lane = keyof typeof LANES

/**
 * The lane of a medical category `med_type` (医疗类别).
 *
 * @param medicalCategory `"11"` ordinary outpatient, `"14"` chronic, `"21"` inpatient
 * @returns the lane; the ordinary outpatient lane for the other outpatient categories
 * Source: value set `med_type` [F]; 2x are the inpatient categories.
 */
export function laneOf(medicalCategory: string): Lane {
  if (medicalCategory.startsWith('2') || medicalCategory.startsWith('52')) return 'inpatient'
  return medicalCategory === '14' || medicalCategory.startsWith('14') ? 'chronic' : 'outpatient'
}
