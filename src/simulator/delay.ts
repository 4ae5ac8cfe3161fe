/** Waiting: the time that a simulated engine takes. */
import type { Draw } from '../seeded-random.ts'

/** How long the engine takes: evenly between two bounds, or log-normal with the given median and 95th percentile. */
export type EngineDelay =
  | { readonly fromMs: number; readonly toMs: number }
  | { readonly p50Ms: number; readonly p95Ms: number }

/** Fast, so that demonstrations are. The facts give p50 150 ms and p95 600 ms for a real engine [A]. */
export const FAST_ENGINE: EngineDelay = { fromMs: 0, toMs: 5 }

/** The 95th percentile of the standard normal distribution. */
const Z95 = 1.645

/** Draws one delay in whole milliseconds. */
export function drawDelay(delay: EngineDelay, next: Draw): number {
  if ('fromMs' in delay) return Math.round(delay.fromMs + next() * (delay.toMs - delay.fromMs))
  if (delay.p50Ms <= 0) return 0
  const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  const spread = Math.log(Math.max(delay.p95Ms, delay.p50Ms) / delay.p50Ms) / Z95
  return Math.round(delay.p50Ms * Math.exp(spread * normal))
}

/** Waits without keeping the process alive; does nothing if `ms` is 0. */
export function wait(ms: number): Promise<void> {
  if (ms <= 0) return Promise.resolve()
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}
