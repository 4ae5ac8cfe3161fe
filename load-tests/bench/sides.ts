/** Reference and gateway side by side, each with a platform of its own: the reference's effects are not the gateway's. */
import type { Bench } from './bench.ts'
import { claimsOf } from './claims.ts'
import type { Running } from './processes.ts'
import { openStage, type Stage } from './stage.ts'
import { startEndpoint, startPassthrough } from './systems.ts'
import { warm } from './warm.ts'

/** Who is measured. */
export type Party = 'reference' | 'gateway'

/** Both, warm. */
export interface Sides extends Readonly<Record<Party, Running>> {
  readonly stage: Stage
  /** The platform of the reference. */
  readonly own: Running
  close(): Promise<string[]>
}

const WARM_LINES = [20, 200, 20]

/** Starts both and gives each the same time to get warm. */
export async function bothSides({ tables, progress, seconds }: Bench): Promise<Sides> {
  const own = await startEndpoint()
  const endpoint = await startEndpoint()
  const reference = await startPassthrough(own.url)
  const stage = await openStage([endpoint], { upstream: endpoint.url, tables })
  const bar = progress.begin('getting warm', 2 * WARM_LINES.length)
  for (const server of [reference, stage.gateway]) {
    for (const lines of WARM_LINES) {
      bar.step(`${lines} lines`)
      const runs = await warm(server, [claimsOf({ lines, large: tables !== null })], seconds)
      if (server === stage.gateway) for (const run of runs) stage.add(run)
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
