/** Waits for a destination that was away: until the gateway lets a settlement through again. */
import type { Claim } from './claims.ts'
import { openLoop } from './open-loop.ts'
import type { Stage } from './stage.ts'

const TRIES_MAX = 240
const PAUSE_MS = 250

/** Sends one settlement after another until one is answered with a yes. @throws if none is in a minute and more */
export async function untilServed(stage: Stage, claims: readonly Claim[]): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const run = await openLoop(stage.gateway, claims, [0])
    stage.add(run)
    if (run.yes === 1) return
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  throw new Error('The gateway did not let anything through to a platform that is back')
}
