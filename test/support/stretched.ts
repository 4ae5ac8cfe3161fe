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

// The load average tells of the last minute, the probe of now.
const FACTOR = Math.min(LONGEST, Math.max(1, measured(), loadavg()[0]! / availableParallelism()))

/** So many milliseconds of a quiet machine, in whole ones of this one. */
export function stretched(ms: number): number {
  return Math.ceil(ms * FACTOR)
}
