/** A gateway with its platforms and what was sent to it: judged by the validity gate when it goes. */
import { faultsOf, type Moment } from '../gate.ts'
import type { Running } from './processes.ts'
import { page, type Start, startGateway } from './systems.ts'

/** What a hospital sent in one run, and heard. */
export interface Sent {
  readonly sent: number
  readonly yes: number
  /** Answered with a clear no: nothing has left. The gateway may have turned these away before it wrote them down. */
  readonly refused: number
}

/** A gateway at work. */
export interface Stage {
  readonly gateway: Running & { readonly dataDir: string }
  readonly platforms: readonly Running[]
  /** Adds what a run has sent. */
  add(run: Sent): void
  /**
   * Judges, ends gateway and platforms. What was lost on the way is looked for by recovery, so the gate is asked again
   * for a few minutes.
   *
   * @returns what does not close
   */
  close(): Promise<string[]>
}

const RECOVERY_MS = 180_000
const LOOK_MS = 1000

/** What the gate reads of a platform. */
interface Effects {
  readonly standing: number
  readonly standingFen: number
}

/** Opens one. @param platforms theirs is the book that the gate holds against the gateway's tally */
export async function openStage(platforms: readonly Running[], start: Start): Promise<Stage> {
  const gateway = await startGateway(start)
  const total = { sent: 0, yes: 0, refused: 0 }
  const before = await moment(gateway, platforms)
  return {
    gateway,
    platforms,
    add(run) {
      for (const key of ['sent', 'yes', 'refused'] as const) total[key] += run[key]
    },
    async close() {
      const end = performance.now() + RECOVERY_MS
      const look = async () => judged(before, await moment(gateway, platforms), total)
      let faults = await look()
      while (faults.length > 0 && performance.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
        faults = await look()
      }
      for (const each of [gateway, ...platforms]) await each.stop()
      return faults
    },
  }
}

/** The gate, where refusals may or may not have been written down. */
export function judged(before: Moment, after: Moment, { sent, yes, refused }: Sent): string[] {
  const begun = after.tally.begun - before.tally.begun
  const possible = begun <= sent && begun >= sent - refused
  return faultsOf(before, after, { sent: possible ? begun : sent, yes })
}

async function moment(gateway: Running, platforms: readonly Running[]): Promise<Moment> {
  const effects = await Promise.all(platforms.map((each) => page<Effects>(each, '/effects')))
  const sum = (key: keyof Effects) => effects.reduce((total, one) => total + one[key], 0)
  return {
    tally: await page<Moment['tally']>(gateway, '/v1/tally'),
    effects: { standing: sum('standing'), standingFen: sum('standingFen') },
  }
}
