/** Planned settlement rates of the regions: baselines of 2020 and targets for 2025, all indicative (预期性). */
import { type Area, liesIn } from '../domain/area.ts'

/** The rate: CPR 住院费用跨省直接结算率, IPR 住院费用省内异地直接结算率, OAR-all 异地就医住院费用直接结算率 (both together). */
export type Indicator = 'CPR' | 'IPR' | 'OAR-all'

/** One line of a plan. Rates are in hundredths of a percent, so that comparisons are exact: 50.9 % is `5090`. */
export interface PlannedRate {
  readonly indicator: Indicator
  /** Region of the plan; null for the whole country. */
  readonly region: string | null
  readonly baseline2020: number | null
  /** By the end of which year. */
  readonly year: number
  /** To be exceeded: the same value is not enough. */
  readonly target: number
  readonly source: string
  /** Grade of the source: F read in it, K known, A assumed. */
  readonly grade: 'F' | 'K' | 'A'
}

const ZHENGNING = '正宁县“十四五”医疗保障事业发展规划，正政办发〔2022〕48号'
const ANHUI = '安徽省“十四五”医疗保障事业发展规划'

/** All known lines, docs/facts/rates.md, Targets. There is no national target for the IPR. */
export const TARGETS: readonly PlannedRate[] = [
  {
    indicator: 'CPR',
    region: '621025',
    baseline2020: 5090,
    target: 7000,
    year: 2025,
    source: ZHENGNING,
    grade: 'F',
  },
  {
    indicator: 'IPR',
    region: '621025',
    baseline2020: 7150,
    target: 9000,
    year: 2025,
    source: ZHENGNING,
    grade: 'F',
  },
  {
    indicator: 'OAR-all',
    region: '340000',
    baseline2020: 5200,
    target: 7000,
    year: 2025,
    source: ANHUI,
    grade: 'F',
  },
  {
    indicator: 'CPR',
    region: null,
    baseline2020: null,
    target: 7000,
    year: 2025,
    source: '“十四五”全民医疗保障规划',
    grade: 'A',
  },
  {
    indicator: 'OAR-all',
    region: null,
    baseline2020: null,
    target: 7000,
    year: 2025,
    source: '参照跨省直接结算率目标',
    grade: 'A',
  },
]

/**
 * The target that holds in an area: that of the smallest region around it. Null where no plan names one.
 *
 * @param year of the period: the plan for that year or the next one later counts, after all of them the last
 */
export function targetOf(indicator: Indicator, area: Area, year = 2025): PlannedRate | null {
  const around = TARGETS.filter(
    (line) => line.indicator === indicator && (line.region === null || liesIn(area, line.region as Area)),
  )
  const years = around.map((line) => line.year)
  const next = Math.min(...years.filter((one) => one >= year))
  const due = around.filter((line) => line.year === (Number.isFinite(next) ? next : Math.max(...years)))
  return due.sort((one, other) => sizeOf(one.region) - sizeOf(other.region))[0] ?? null
}

/** Number of open digits: county 0, city 2, province 4, country 6. */
function sizeOf(region: string | null): number {
  if (region === null) return 6
  if (region.endsWith('0000')) return 4
  return region.endsWith('00') ? 2 : 0
}
