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

const WARM_CONNECTIONS = 64
/** One after the other; what has been compiled for the one is compiled anew for the other. */
const WARM_LINES = [20, 200, 20]
/** A gateway in service has been compiled long ago; this one is half done with it after so long. */
const WARM_SECONDS = 4

/** Starts both and gives each the same time to get warm. */
export async function bothSides({ tables, progress }: Bench): Promise<Sides> {
  const own = await startEndpoint()
  const endpoint = await startEndpoint()
  const reference = await startPassthrough(own.url)
  const stage = await openStage([endpoint], { upstream: endpoint.url, tables })
  const bar = progress.begin('getting warm', 2 * WARM_LINES.length)
  for (const server of [reference, stage.gateway]) {
    for (const lines of WARM_LINES) {
      bar.step(`${lines} lines`)
      const claims = claimsOf({ lines, large: tables !== null })
      const run = await closedLoop(server, claims, WARM_CONNECTIONS, { seconds: WARM_SECONDS })
      if (server === stage.gateway) stage.add(run)
    }
  }
  bar.end()
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
