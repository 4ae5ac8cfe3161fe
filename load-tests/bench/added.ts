/** What the gateway adds to the time of one settlement at a steady rate, open loop. */
import type { Heard } from '../gate.ts'
import { median, quantile, shuffled } from '../statistics.ts'
import { claimOf } from './claims.ts'
import { freshId } from './closed-loop.ts'
import { arrivals, type OpenRun, openLoop } from './open-loop.ts'
import type { Running } from './processes.ts'
import { PATH } from './systems.ts'

const RATE = 500
const LINES = 20

/** Medians over the rounds, gateway less reference; and what the gateway was sent. */
export interface Added {
  readonly rate: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly heard: Heard
}

/** Measures it, both parties in every round in an order of chance. */
export async function addedLatency(
  servers: Readonly<Record<'reference' | 'gateway', Running>>,
  rounds: number,
  seconds: number,
): Promise<Added> {
  const { body } = claimOf(LINES, '340104')
  const runs: Record<'reference' | 'gateway', OpenRun[]> = { reference: [], gateway: [] }
  for (let round = 0; round < rounds; round += 1) {
    for (const party of shuffled(['reference', 'gateway'] as const, Math.random)) {
      const due = arrivals(RATE, seconds, Math.random)
      runs[party].push(await openLoop(servers[party].url, PATH, body, freshId, due))
    }
  }
  const at = (party: 'reference' | 'gateway', share: number) =>
    median(runs[party].map(({ times }) => quantile(times, share)))
  const sum = (key: 'sent' | 'yes') => runs.gateway.reduce((total, run) => total + run[key], 0)
  return {
    rate: RATE,
    p50Ms: at('gateway', 0.5) - at('reference', 0.5),
    p99Ms: at('gateway', 0.99) - at('reference', 0.99),
    heard: { sent: sum('sent'), yes: sum('yes') },
  }
}
