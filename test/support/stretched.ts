/** Real time in tests: a limit that a quiet machine keeps easily is as much longer as the machine is busier. */
import { availableParallelism, loadavg } from 'node:os'

/** Processor time over which it is measured how long one has to wait for it. */
const PROBE_MICROS = 20_000
const LONGEST = 25

/** How many times longer than its processor time something takes just now. */
function measured(): number {
  const from = performance.now()
  const before = process.cpuUsage()
  let used = 0
  while (used < PROBE_MICROS) {
    const { user, system } = process.cpuUsage(before)
    used = user + system
  }
  return ((performance.now() - from) * 1000) / used
}

/** Measured where a file first asks: its limits keep their proportions, and the next file has its own. */
let factor: number | null = null

/** A new file begins, or something else after which the machine may be as busy as it likes. */
export function measureAnew(): void {
  factor = null
}

/** So many milliseconds of a quiet machine, in whole ones of this one. */
export function stretched(ms: number): number {
  // The load average tells of the last minute, the probe of now.
  factor ??= Math.min(LONGEST, Math.max(1, measured(), loadavg()[0]! / availableParallelism()))
  return Math.ceil(ms * factor)
}
