/** Where the report goes. */
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { ProfileRun } from '../arguments.ts'
import type { RunResult } from '../run.ts'
import type { Summary } from '../summary.ts'
import { pageOf } from './page.ts'

/** Makes the folder and sees that the file can be written, before an hour of load and not after. */
export function reserveReport({ report }: ProfileRun): void {
  try {
    mkdirSync(dirname(report), { recursive: true })
    closeSync(openSync(report, 'a'))
  } catch (cause) {
    throw new Error(`The report cannot be written to ${report}; give another file with --report`, { cause })
  }
}

/** Writes the page. */
export function writeReport(
  run: ProfileRun,
  result: RunResult,
  summary: Summary,
  words: readonly string[],
): void {
  writeFileSync(run.report, pageOf({ run, result, summary, words }))
}
