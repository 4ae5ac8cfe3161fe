/** Groups heavy work into lanes and limits each: concurrency and queue length. */
import type { TaskName } from './tasks.ts'

/** Limits of a lane. */
export interface Bounds {
  /** Maximum number of concurrent queries, each on its own thread. */
  readonly threads: number
  /** Maximum length of the queue; further queries are refused. */
  readonly waiting: number
}

/** The lanes: short work must not wait behind long work, and a slow reader delays only others of its kind. */
export const THREAD_LANES = {
  /** A page for a person: milliseconds. */
  page: { threads: 1, waiting: 32 },
  /** Scans a table: seconds. */
  report: { threads: 1, waiting: 8 },
  /** A sum over figures that were brought along: milliseconds, but seconds where they are made anew. */
  figures: { threads: 1, waiting: 32 },
  /** Looks through a code table: a second at most. */
  codes: { threads: 1, waiting: 8 },
  /** Takes as long as its output, and is as slow as its reader. */
  export: { threads: 2, waiting: 8 },
  /**
   * Imports a file: takes as long as the file, and is as slow as the sender. One at a time, since all write to one
   * store.
   */
  import: { threads: 1, waiting: 2 },
} as const satisfies Record<string, Bounds>

/** Name of a lane. */
export type LaneName = keyof typeof THREAD_LANES

/** The lane of each task. */
export const LANE_OF: Readonly<Record<TaskName, LaneName>> = {
  'settlement-rate': 'report',
  figures: 'figures',
  'stay-messages': 'figures',
  'open-cases': 'page',
  // For everyone it reads one row per index; for one hospital it counts.
  tally: 'report',
  'code-changes': 'page',
  'catalogue-page': 'export',
  'console-page': 'page',
  // Goes over the messages of a day.
  'console-day': 'report',
  'concept-map': 'export',
  'stays-import': 'import',
  'mapping-quality': 'report',
  // Half a second, once per process.
  openapi: 'codes',
  expansion: 'codes',
}
