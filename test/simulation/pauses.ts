/** When an operator switches recovery off for a while: drawn from dice of their own, so that no other draw moves. */
import { diceOf } from './dice.ts'

/** A window in which nothing of recovery may leave, in milliseconds since the beginning. */
export interface Pause {
  readonly from: number
  readonly until: number
}

const SALT = 0x5eed

/** The pauses of a run; most runs have none. */
export function pausesOf(seed: number): readonly Pause[] {
  const dice = diceOf(seed ^ SALT)
  if (!dice.chance(0.3)) return []
  return Array.from({ length: dice.between(1, 2) }, () => {
    const from = dice.between(1_000, 60_000)
    return { from, until: from + dice.between(100, 40_000) }
  })
}

/** Whether recovery is switched off at a moment, in milliseconds since the beginning. */
export function isPaused(pauses: readonly Pause[], at: number): boolean {
  return pauses.some(({ from, until }) => at >= from && at < until)
}
