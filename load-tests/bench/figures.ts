/** The one line of JSON that a bench ends with. */

/** Figures in the order of the line. */
export const FIGURES = [
  'throughputRatio20',
  'throughputRatio200',
  'cpuRatio20',
  'cpuRatio200',
  'addedP50Ms',
  'addedP99Ms',
  'floorAddedP50Ms',
  'floorAddedP99Ms',
  'floorCpuMicros20',
  'isolationP99Ratio',
  'breakerOpenMs',
  'probeLossShare',
  'rssGrowth',
  'journalGrowthP99Ratio',
  'workersRatio',
  'listCpuRatio500',
] as const

/** One of them. */
export type Figure = (typeof FIGURES)[number]

/** What one group of cases gave. */
export interface Part {
  /** Null if it was not measured, or not at its full size. */
  readonly figures: Partial<Readonly<Record<Figure, number | null>>>
  /** For people. */
  readonly lines: readonly string[]
  /** What does not close: any of it makes the whole run void. Null if no gateway took part and nothing was judged. */
  readonly faults: readonly string[] | null
}

/** Four digits after the point tell more than a machine repeats. */
const PLACES = 4

/** The line as an object. What was not measured is null, never a guess. */
export function lineOf(
  parts: readonly Part[],
): Readonly<Record<Figure, number | null>> & { readonly valid: boolean } {
  const measured = Object.assign({}, ...parts.map(({ figures }) => figures)) as Part['figures']
  const entries = FIGURES.map((name) => {
    const value = measured[name] ?? null
    return [name, value !== null && Number.isFinite(value) ? Number(value.toFixed(PLACES)) : null] as const
  })
  const figures = Object.fromEntries(entries) as Record<Figure, number | null>
  return { ...figures, valid: parts.some(({ faults }) => faults !== null) && !isVoid(parts) }
}

/** Whether a gate did not close. */
export function isVoid(parts: readonly Part[]): boolean {
  return parts.some(({ faults }) => faults !== null && faults.length > 0)
}
