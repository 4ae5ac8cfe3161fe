/** Times by how often they came, in bounded memory and to three figures: Node's own HDR histogram, in milliseconds. */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'

const MICROS = 1000
const LONGEST_MICROS = 600_000_000

/** Times in milliseconds. */
export class Times {
  readonly #histogram: RecordableHistogram = createHistogram({
    lowest: 1,
    highest: LONGEST_MICROS,
    figures: 3,
  })

  add(ms: number): void {
    this.#histogram.record(Math.min(LONGEST_MICROS, Math.max(1, Math.round(ms * MICROS))))
  }

  get count(): number {
    return this.#histogram.count
  }

  /** @param share 0.5 for the median, 0 for the least. @returns null of nothing */
  quantile(share: number): number | null {
    if (this.count === 0) return null
    return (share === 0 ? this.#histogram.min : this.#histogram.percentile(share * 100)) / MICROS
  }
}

/** What is told of times. */
export interface Quantiles {
  readonly p50: number | null
  readonly p99: number | null
  readonly p999: number | null
}

/** The three that a counter feels. */
export function quantilesOf(times: Times | undefined): Quantiles {
  const at = (share: number) => times?.quantile(share) ?? null
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999) }
}
