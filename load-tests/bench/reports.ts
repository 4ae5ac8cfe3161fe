/** The rate from the figures against a count over every row, in a process of its own. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Part } from './figures.ts'

/** Runs it; a figure that differs between the two is a fault. */
export async function reports(): Promise<Part> {
  const program = join(import.meta.dirname, '../reports.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8' })
  return { figures: {}, lines: stdout.trim().split('\n'), faults: status === 0 ? [] : [stderr] }
}
