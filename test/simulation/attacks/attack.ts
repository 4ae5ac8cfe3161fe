/** What an attack is, and what all of them do in the end: the gateway must serve again. */
import { setTimeout as pause } from 'node:timers/promises'
import { stretched } from '../../support/stretched.ts'
import type { Stage } from './stage.ts'

/** An attack. */
export interface Attack {
  readonly name: string
  /** Which gateways it is made on: of one process, of several workers, or both. */
  readonly on: 'one' | 'workers' | 'both'
  /** Programs of the system that it needs. */
  readonly needs?: readonly string[]
  /** Makes it, and puts back what it took. What does not hold is a fault of the ledger. */
  make(stage: Stage): Promise<void>
}

/** How long the first yes is waited for where the machine is quiet; a worker that was killed starts again by itself. */
const SERVED_MS = 120_000

/** Waits until a message of money is told a yes. @returns whether one was in time */
export async function served({ ledger }: Stage, limitMs = stretched(SERVED_MS)): Promise<boolean> {
  const before = ledger.told
  const end = Date.now() + limitMs
  while (ledger.told === before && Date.now() < end) await pause(10)
  return ledger.told > before
}

/** Lets the counters work on for a while of chance. */
export function meanwhile({ dice }: Stage, fromMs: number, toMs: number): Promise<void> {
  return pause(dice.between(fromMs, toMs))
}

/** Something that must be so. */
export function must(stage: Stage, name: string, holds: boolean, text: string): void {
  if (!holds) stage.ledger.fault(`${name}: ${text}`)
}
