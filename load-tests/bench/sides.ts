/** Reference and gateway side by side, each with a platform of its own: the reference's effects are not the gateway's. */
import type { Bench } from './bench.ts'
import { claimsOf } from './claims.ts'
import { closedLoop } from './closed-loop.ts'
import type { Running } from './processes.ts'
import { openStage, type Stage } from './stage.ts'
import { startEndpoint, startPassthrough } from './systems.ts'

/** Who is measured. */
export type Party = 'reference' | 'gateway'

/** Both, warm. */
export interface Sides extends Readonly<Record<Party, Running>> {
  readonly stage: Stage
  /** The platform of the reference. */
  readonly own: Running
  close(): Promise<string[]>
}

const WARM_CONNECTIONS = 8
const WARM_LINES = 20

/** Starts both. */
export async function bothSides({ tables, seconds }: Bench): Promise<Sides> {
  const own = await startEndpoint()
  const endpoint = await startEndpoint()
  const reference = await startPassthrough(own.url)
  const stage = await openStage([endpoint], { upstream: endpoint.url, tables })
  const claims = claimsOf({ lines: WARM_LINES, large: tables !== null })
  for (const server of [reference, stage.gateway]) {
    const run = await closedLoop(server, claims, WARM_CONNECTIONS, { seconds: seconds / 2 })
    if (server === stage.gateway) stage.add(run)
  }
  return {
    reference,
    gateway: stage.gateway,
    stage,
    own,
    async close() {
      const faults = await stage.close()
      for (const each of [reference, own]) await each.stop()
      return faults
    },
  }
}
