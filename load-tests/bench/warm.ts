/**
 * Getting warm. A process in service was compiled long ago; a fresh one is compiled piece by piece for tens of thousands
 * of messages: at 500/s its p50 was 4.6 ms after six seconds of full load, 3.0 after twenty-five and 2.5 after forty.
 */
import type { Claim } from './claims.ts'
import { type ClosedRun, closedLoop } from './closed-loop.ts'
import type { Running } from './processes.ts'

const CONNECTIONS = 64
/** How much longer each part of it is than a run. */
const TIMES_A_RUN = 4

/**
 * Gives a server what it will be measured with, at full load.
 *
 * @param parts claims, one kind after the other: what has been compiled for the one is compiled anew for the other
 * @param seconds of one run
 * @returns what was sent
 */
export async function warm(
  server: Running,
  parts: readonly (readonly Claim[])[],
  seconds: number,
): Promise<ClosedRun[]> {
  const runs: ClosedRun[] = []
  for (const claims of parts)
    runs.push(await closedLoop(server, claims, CONNECTIONS, { seconds: seconds * TIMES_A_RUN }))
  return runs
}
