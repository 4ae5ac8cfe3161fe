/** How the rate of arrivals goes over a run: straight lines between points, and a Poisson process along them. */
import type { Draw } from '../../src/seeded-random.ts'

/** A point of the shape, both as shares: of the run's time, and of the rate that was asked for. */
export interface Point {
  readonly at: number
  readonly share: number
}

/** The share of the rate at a share of the time. */
export function shareAt(shape: readonly Point[], at: number): number {
  const after = shape.findIndex((point) => point.at >= at)
  if (after <= 0) return shape.at(after)!.share
  const [from, to] = [shape[after - 1]!, shape[after]!]
  return from.share + ((to.share - from.share) * (at - from.at)) / (to.at - from.at)
}

/** What the shape comes to: its mean share of the rate. */
export function meanShare(shape: readonly Point[]): number {
  return shape.slice(1).reduce((sum, to, index) => {
    const from = shape[index]!
    return sum + ((from.share + to.share) / 2) * (to.at - from.at)
  }, 0)
}

/**
 * The share of the time by which the shape has come to `area`.
 *
 * @returns null if the shape never comes to it
 */
function timeOf(shape: readonly Point[], area: number): number | null {
  let left = area
  for (const [index, to] of shape.slice(1).entries()) {
    const from = shape[index]!
    const width = to.at - from.at
    const whole = ((from.share + to.share) / 2) * width
    if (left > whole) {
      left -= whole
      continue
    }
    const slope = (to.share - from.share) / width
    // The root of slope/2·x² + share·x = left that is written without a division by the slope, which may be 0.
    const root = Math.sqrt(Math.max(0, from.share ** 2 + 2 * slope * left))
    return from.at + (2 * left) / (from.share + root || 1)
  }
  return null
}

/**
 * The moments at which visits begin, in milliseconds from the start: a Poisson process whose rate follows the shape.
 *
 * @param rate visits a second where the share is 1
 */
export function* arrivalsOf(
  shape: readonly Point[],
  rate: number,
  durationMs: number,
  next: Draw,
): Generator<number> {
  const visits = (rate * durationMs) / 1000
  for (let sum = 0; ; ) {
    sum += -Math.log(1 - next())
    const at = timeOf(shape, sum / visits)
    if (at === null) return
    yield at * durationMs
  }
}
