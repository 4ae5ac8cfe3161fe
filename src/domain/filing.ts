/** Filings (异地就医备案): the insured person registers with the insured place where treatment will take place. */
import type { Area } from './area.ts'
import { liesIn } from './area.ts'
import type { Day } from './day.ts'

/**
 * Kinds of filing (备案人员类型). The codes are ours, since no national list was found. Source: docs/facts/cross-region.md,
 * Filing kinds; names and groups [F: R1 art. 7], codes [A].
 */
export const FILING_KINDS = {
  '11': { name: '异地安置退休人员', group: 'long-term' },
  '12': { name: '异地长期居住人员', group: 'long-term' },
  '13': { name: '常驻异地工作人员', group: 'long-term' },
  '21': { name: '异地转诊人员', group: 'temporary' },
  '22': { name: '异地急诊抢救人员', group: 'temporary' },
  '23': { name: '其他跨省临时外出就医人员', group: 'temporary' },
} as const

/** Code of a kind of filing. */
export type FilingKind = keyof typeof FILING_KINDS

/** One filing. Its destination is a city or a province, not a hospital [F: R1 notice 3(1)]. */
export interface Filing {
  readonly kind: FilingKind
  /** Destination `rloc_admdvs`: a city, or a municipality. */
  readonly destination: Area
  /** First day `begndate`, inclusive. */
  readonly from: Day
  /** Last day `enddate`, inclusive; null until changed. */
  readonly until: Day | null
}

/** Whether a filing covers treatment on a day, or why not (E101, E102, E103). */
export type FilingVerdict =
  | { readonly valid: true; readonly filing: Filing }
  | { readonly valid: false; readonly reason: 'E101' | 'E102' | 'E103' }

/**
 * Finds a filing that covers treatment at a place on a day.
 *
 * @returns the filing; else E103 if there is one for this place but not on this day, E102 if there is one for another
 *   place, E101 if there is none
 */
export function filingFor(filings: readonly Filing[], treatment: Area, on: Day): FilingVerdict {
  const here = filings.filter((filing) => liesIn(treatment, filing.destination))
  const standing = here.find((filing) => filing.from <= on && (filing.until === null || on <= filing.until))
  if (standing) return { valid: true, filing: standing }
  if (here.length > 0) return { valid: false, reason: 'E103' }
  return { valid: false, reason: filings.length > 0 ? 'E102' : 'E101' }
}
