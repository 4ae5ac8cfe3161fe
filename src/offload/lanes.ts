/** Which heavy work goes together, how much of it runs at once, and how much may wait. */
import type { TaskName } from './tasks.ts'

/** How a lane is bounded. */
export interface Bounds {
  /** Questions under way at once: each has a thread to itself. */
  readonly threads: number
  /** Questions that wait for a thread; one more is turned away. */
  readonly waiting: number
}

/** Lanes: what is short must not wait behind what is long, and who reads slowly holds up only who reads the like. */
export const THREAD_LANES = {
  /** A page for a person: milliseconds. */
  page: { threads: 1, waiting: 32 },
  /** Goes through a table: seconds. */
  report: { threads: 1, waiting: 8 },
  /** Looks through a code table: a second at most. */
  codes: { threads: 1, waiting: 8 },
  /** Is as long as what it writes out, and as slow as who reads it. */
  export: { threads: 2, waiting: 8 },
  /** Takes in a file: as long as it is, and as slow as who sends it. One at a time: they write to one store. */
  import: { threads: 1, waiting: 2 },
} as const satisfies Record<string, Bounds>

/** Name of a lane. */
export type LaneName = keyof typeof THREAD_LANES

/** The lane of each task. */
export const LANE_OF: Readonly<Record<TaskName, LaneName>> = {
  'settlement-rate': 'report',
  'open-cases': 'page',
  // One row of each index for all; for one hospital it counts.
  tally: 'report',
  'code-changes': 'page',
  'concept-map': 'export',
  'stays-import': 'import',
  'mapping-quality': 'report',
  // Half a second, once in the life of a gateway.
  openapi: 'codes',
  expansion: 'codes',
}
