/**
 * A store that several gateways share, as a database does: what one has written the others see at once, and only a moment
 * later it is durable; a power cut takes back what is not. Whoever writes does so in one turn.
 */
import type { Entry, StoredExchange } from '../../../src/journal/entry.ts'
import { createMemoryTables, type MemoryTables } from '../memory-tables.ts'

/** What is written at once, and what a gateway must know of it beside the entries. */
export interface Written {
  readonly entries: readonly Entry[]
  /** Name of what an exchange undoes, by its number. */
  readonly undoing?: readonly [exchange: number, name: string]
  /** Who is at work on an open exchange, and until when by the clock of the store. */
  readonly at?: readonly [exchange: number, gateway: string, until: number]
}

/** A case in the hands of one. */
export interface HeldCase {
  readonly owner: string
  until: number
}

/** Names that are being claimed and what the claimer is known by; they end with the connection. */
export interface HeldName {
  readonly session: object
  readonly key: string
  readonly bodyHash: string | null
  readonly message: string | null
}

/** The store. */
export class SharedStore {
  tables: MemoryTables = createMemoryTables()
  /** Everything that is visible, in order; up to `durable` it would survive a power cut. */
  readonly log: Written[] = []
  durable = 0
  readonly undoing = new Map<number, string>()
  readonly atWork = new Map<number, { readonly gateway: string; until: number }>()
  /** In memory alone: a power cut ends them. */
  readonly leases = new Map<number, HeldCase>()
  readonly names = new Map<string, HeldName>()
  /** Told of everything that becomes visible; they look again. */
  readonly #watching = new Set<() => void>()
  readonly #waiting: { readonly upTo: number; resolve(): void }[] = []

  /** Makes it visible, and says what it is then. */
  write(written: Written): number {
    this.#apply(written)
    this.log.push(written)
    this.changed()
    return this.log.length
  }

  /** What is visible up to here would survive a power cut from now on. */
  sync(upTo = this.log.length): void {
    this.durable = Math.max(this.durable, upTo)
    for (const one of this.#waiting.splice(0)) {
      if (one.upTo <= this.durable) one.resolve()
      else this.#waiting.push(one)
    }
  }

  /** Resolves when all that is visible now is durable; never where the power goes before. */
  settled(upTo = this.log.length): Promise<void> {
    if (upTo <= this.durable) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ upTo, resolve }))
  }

  /** The power goes: of what was not durable some of the first may be there, and nothing else. */
  cut(kept = 0): void {
    const length = Math.min(this.log.length, this.durable + kept)
    const log = this.log.splice(0).slice(0, length)
    this.#waiting.length = 0
    this.#watching.clear()
    this.tables = createMemoryTables()
    for (const map of [this.undoing, this.atWork, this.leases, this.names]) map.clear()
    for (const written of log) this.#apply(written)
    this.log.push(...log)
    this.durable = length
  }

  /** A connection has ended: what it was claiming is free. What it has written stays. */
  disconnected(session: object): void {
    for (const [name, held] of this.names) if (held.session === session) this.names.delete(name)
    this.changed()
  }

  changed(): void {
    const watching = [...this.#watching]
    this.#watching.clear()
    for (const look of watching) look()
  }

  /** Resolves when something is so; it is asked each time that something has changed. */
  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => void (isSo() ? resolve() : this.#watching.add(look))
      look()
    })
  }

  /** An open exchange under a key or the name of a message, or what undoes the same. */
  open(isMeant: (one: StoredExchange) => boolean): StoredExchange | null {
    for (const { exchange, state } of this.tables.unresolved()) {
      const one = state === 'open' ? this.tables.byId(exchange.id) : null
      if (one && isMeant(one)) return one
    }
    return null
  }

  #apply({ entries, undoing, at }: Written): void {
    this.tables.add(entries)
    if (undoing) this.undoing.set(...undoing)
    if (at) this.atWork.set(at[0], { gateway: at[1], until: at[2] })
    for (const { outcome } of entries)
      if (outcome && outcome.state !== 'open') this.atWork.delete(outcome.exchange)
  }
}
