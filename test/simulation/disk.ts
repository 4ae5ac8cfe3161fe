/**
 * A disk with a platter that outlives the gateway: a batch is on the platter only when its sync is done. A crash meets
 * the batch under way and loses it or keeps it whole, as SQLite does; a full disk writes nothing, a failed sync may or
 * may not have written.
 */

import type { Disk, Entry, ExchangeEntry, OutcomeEntry, Remembered } from '../../src/journal/entry.ts'
import { UNRESOLVED } from '../../src/journal/life.ts'
import type { Dice } from './dice.ts'
import type { Timeline } from './timeline.ts'

/** An exchange on the platter, with all its outcomes. */
export interface Stored {
  readonly exchange: ExchangeEntry
  readonly outcomes: OutcomeEntry[]
}

/** What survives. */
export class Platter {
  readonly stored = new Map<number, Stored>()
  /** Everything in the order in which it became durable. */
  readonly log: Entry[] = []
  readonly #keys = new Map<string, number>()
  readonly #messages = new Map<string, number>()

  apply(batch: readonly Entry[]): void {
    for (const { exchange } of batch) {
      if (exchange && (this.stored.has(exchange.id) || (exchange.key && this.#keys.has(exchange.key)))) {
        throw new Error('UNIQUE constraint failed')
      }
    }
    this.log.push(...batch)
    for (const { exchange, outcome } of batch) {
      if (exchange) {
        this.stored.set(exchange.id, { exchange, outcomes: [] })
        if (exchange.key) {
          this.#keys.set(exchange.key, exchange.id)
          this.#messages.set(
            `${exchange.institution}|${exchange.transaction}|${exchange.message}`,
            exchange.id,
          )
        }
      }
      if (outcome) this.stored.get(outcome.exchange)!.outcomes.push(outcome)
    }
  }

  keyed(): Stored[] {
    return [...this.stored.values()].filter(({ exchange }) => exchange.key !== null)
  }

  key(key: string): Stored | undefined {
    return this.stored.get(this.#keys.get(key) ?? -1)
  }

  message(institution: string, message: string, transaction: string): Stored | undefined {
    return this.stored.get(this.#messages.get(`${institution}|${transaction}|${message}`) ?? -1)
  }

  opener(encounter: string): Stored | undefined {
    return this.keyed().find(
      ({ exchange, outcomes }) =>
        exchange.encounter === null &&
        outcomes.some((each) => each.state === 'accepted' && each.encounter === encounter),
    )
  }
}

/** An exchange as the journal is told of it. */
export function remembered({ exchange, outcomes }: Stored): Remembered {
  const last = outcomes.at(-1)
  return {
    exchange,
    state: last?.state ?? 'open',
    since: last?.at ?? exchange.at,
    reply: last?.reply ?? null,
    problem: last?.problem ?? null,
    reason: last?.reason ?? null,
    told: last?.told ?? null,
    encounter: last?.encounter ?? exchange.encounter,
    settlement: last?.settlement ?? exchange.settlement,
    archived: false,
  }
}

/** What may go wrong with a disk. */
export type DiskFault = 'ENOSPC' | 'EIO'

/** The disk as one life of the gateway has it. */
export interface SimulatedDisk extends Disk {
  /** Every commit from now on fails like this. */
  fail(fault: DiskFault): void
  /** Whether commits of this life fail from now on. */
  failing(): boolean
  /** Whether one has failed, so that the core knows. */
  failed(): boolean
  /** The power goes: nothing resolves any more, and what was under way is lost or kept. */
  crash(): void
}

const told = (stored: Stored | undefined) => (stored ? remembered(stored) : null)

/** A commit takes a moment, now and then a long one. */
function syncMs(dice: Dice): number {
  return dice.chance(0.03) ? dice.between(50, 400) : 0.2 + dice.next() * 4
}

/** Opens the platter for one life. */
export function openDisk(
  platter: Platter,
  timeline: Timeline,
  dice: Dice,
  committed: () => void,
  happened: (kind: string) => void,
): SimulatedDisk {
  let fault: DiskFault | null = null
  let failed = false
  let alive = true
  let under: readonly Entry[] | null = null
  return {
    fail(which) {
      fault = which
    },
    failing: () => fault !== null,
    failed: () => failed,
    crash() {
      alive = false
      if (under) {
        const kept = dice.chance(0.5)
        happened(kept ? 'batch kept' : 'batch lost')
        if (kept) platter.apply(under)
      }
      under = null
    },
    commit(batch) {
      under = batch
      return new Promise((resolve, reject) => {
        timeline.after(syncMs(dice), () => {
          if (!alive) return
          under = null
          try {
            if (!fault || (fault === 'EIO' && dice.chance(0.5))) platter.apply(batch)
            if (fault) throw Object.assign(new Error(`${fault}: simulated`), { code: fault })
            committed()
            if (alive) resolve()
          } catch (cause) {
            failed = true
            reject(cause)
          }
        })
      })
    },
    byKey: (key) => told(platter.key(key)),
    byId: (id) => told(platter.stored.get(id)),
    byMessage: (institution, message, transaction) =>
      told(platter.message(institution, message, transaction)),
    unresolved: () =>
      platter
        .keyed()
        .map(remembered)
        .filter(({ state }) => UNRESOLVED.includes(state)),
    institutionOf: (encounter) => platter.opener(encounter)?.exchange.institution ?? null,
    opening: (encounter) => told(platter.opener(encounter)),
    laneOfSettlement: (settlement) =>
      platter
        .keyed()
        .find(
          ({ exchange, outcomes }) =>
            exchange.kind === 'settlement' && outcomes.some((each) => each.settlement === settlement),
        )?.exchange.lane ?? null,
    lastId: () => Math.max(0, ...platter.stored.keys()),
    indexed: async () => {},
    close: async () => {},
  }
}
