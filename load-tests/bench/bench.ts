/** What every group of cases is given. */
import type { Tables } from './code-rows.ts'
import type { Progress } from './progress.ts'

/** A run as it was asked for. */
export interface Bench {
  readonly rounds: number
  /** Seconds of one case in one round. */
  readonly seconds: number
  /** Settlements of the gateway that grows. */
  readonly settlements: number
  readonly tables: Tables | null
  readonly progress: Progress
}

/** A table for people. */
export const TABLE = { style: { head: [], border: [] } }

/** Milliseconds for people. */
export const ms = (value: number) => value.toFixed(value < 100 ? 2 : 0)

/** A ratio for people. */
export const times = (value: number) => value.toFixed(2)

/** A share for people. */
export const percent = (share: number) => `${(share * 100).toFixed(0)} %`
