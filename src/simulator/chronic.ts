/**
 * Outpatient chronic and special diseases: the ten outpatient chronic diseases that are settled across provinces (docs/facts/cross-region.md, Ten outpatient diseases). A table on purpose:
 * `M07800` means *non-dialysis* in one province's list, so families must not be matched by their first digits.
 */

interface ChronicDisease {
  readonly code: string
  readonly family: string
  readonly name: string
}

/** Every code that is settled, with the family that its annual cap belongs to. */
export const CHRONIC_DISEASES: readonly ChronicDisease[] = [
  { code: 'M03900', family: 'M039', name: '高血压' },
  { code: 'M01600', family: 'M016', name: '糖尿病' },
  { code: 'M00503', family: 'M005', name: '恶性肿瘤门诊放化疗' },
  { code: 'M00504', family: 'M005', name: '恶性肿瘤门诊非放化疗' },
  { code: 'M07803', family: 'M078', name: '尿毒症血液透析' },
  { code: 'M07804', family: 'M078', name: '尿毒症腹膜透析' },
  { code: 'M08300', family: 'M083', name: '器官移植术后抗排异治疗' },
  { code: 'M05300', family: 'M053', name: '慢性阻塞性肺疾病' },
  { code: 'M06900', family: 'M069', name: '类风湿关节炎' },
  { code: 'M04600', family: 'M046', name: '冠心病' },
  { code: 'M00201', family: 'M002', name: '慢性乙型肝炎' },
  { code: 'M00202', family: 'M002', name: '慢性丙型肝炎' },
  { code: 'M07200', family: 'M072', name: '强直性脊柱炎' },
]

/** Family of what only local lists have. */
export const LOCAL_FAMILY = 'local'

/** Diseases that insured places list besides: settled within the province, never across. Local lists are longer. [F: seeds, names ours] */
const LOCAL_DISEASES: readonly ChronicDisease[] = [
  { code: 'M02500', family: LOCAL_FAMILY, name: '癫痫' },
  { code: 'M07800', family: LOCAL_FAMILY, name: '慢性肾功能不全（非透析）' },
  { code: 'M99901', family: LOCAL_FAMILY, name: '阿尔茨海默病（虚构编码）' },
  { code: 'M99902', family: LOCAL_FAMILY, name: '银屑病（虚构编码）' },
]

const LISTED = new Map([...CHRONIC_DISEASES, ...LOCAL_DISEASES].map((disease) => [disease.code, disease]))
const TEN: ReadonlySet<string> = new Set(CHRONIC_DISEASES.map(({ code }) => code))

/** The family of a disease that insured places list; null for every other code. */
export function chronicFamily(code: string): string | null {
  return LISTED.get(code)?.family ?? null
}

/** Its name; empty if it is not listed. */
export function chronicName(code: string): string {
  return LISTED.get(code)?.name ?? ''
}

/** Whether a disease is one of the ten that are settled across provinces. */
export function isInteroperable(code: string): boolean {
  return TEN.has(code)
}
