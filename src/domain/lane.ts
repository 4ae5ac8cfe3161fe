/** A lane (结算业务类别) is a kind of direct settlement that is opened, closed and counted separately. */

/** The lanes this gateway settles. */
export const LANES = {
  inpatient: '住院',
  outpatient: '普通门诊',
  chronic: '门诊慢特病',
  pharmacy: '药店购药',
} as const

/** One lane. */
export type Lane = keyof typeof LANES

/**
 * Known medical categories `med_type` (医疗类别) by lane: two digits are national, longer ones regional. Source: value
 * set `med_type`, gathered from public client code. [F]
 */
const CATEGORIES: Readonly<Record<Lane, readonly string[]>> = {
  inpatient: [
    ...['21', '22', '23', '24', '25', '26', '27', '28', '29', '52'],
    // 低自付住院 (Jilin); 重大疾病, 儿童两病, 耐多药结核, 新生儿随母, 转入住院 (Chongqing).
    ...['3101', '9902', '9904', '9907', '9921', '9925'],
  ],
  outpatient: [
    ...['11', '12', '13', '15', '16', '19', '51', '53', '61', '71', '81', '120'],
    ...['3102', '9101', '9107', '9901', '9903', '9906', '990404', '991702', '992102'],
  ],
  chronic: ['14'],
  // 定点药店购药; medicine for chronic conditions is `14` at pharmacies too.
  pharmacy: ['41'],
}

const LANE_OF: ReadonlyMap<string, Lane> = new Map(
  Object.entries(CATEGORIES).flatMap(([lane, codes]) => codes.map((code) => [code, lane as Lane] as const)),
)

/** A regional refinement of a national category by two or four digits; the first two keep the class. [F] */
const REFINED = /^\d{4}(?:\d{2})?$/

/**
 * The lane of a medical category `med_type`.
 *
 * @param medicalCategory `"11"` ordinary outpatient, `"14"` chronic, `"21"` inpatient, `"2101"` an area's inpatient
 * @returns null if it is unknown: it must not be settled as an ordinary visit
 */
export function knownLane(medicalCategory: string): Lane | null {
  const listed = LANE_OF.get(medicalCategory)
  if (listed) return listed
  return REFINED.test(medicalCategory) ? (LANE_OF.get(medicalCategory.slice(0, 2)) ?? null) : null
}

/**
 * The lane of a category that was checked before.
 *
 * @returns the ordinary outpatient lane if it is unknown
 */
export function laneOf(medicalCategory: string): Lane {
  return knownLane(medicalCategory) ?? 'outpatient'
}
