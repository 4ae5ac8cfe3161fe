/** What has become durable, exchange by exchange, as the model looks at it: it is never taken back. */
import type { Entry, ExchangeEntry, OutcomeEntry } from '../../src/journal/entry.ts'

/** An exchange, with all its outcomes. */
export interface Stored {
  readonly exchange: ExchangeEntry
  readonly outcomes: OutcomeEntry[]
}

/** It. */
export class DurableRows {
  readonly stored = new Map<number, Stored>()
  /** Keys under which a second exchange has become durable. */
  readonly twice: string[] = []
  /** Everything in the order in which it became durable. */
  readonly log: Entry[] = []
  readonly #keys = new Map<string, number>()
  readonly #messages = new Map<string, number>()

  protected take(entries: readonly Entry[]): void {
    this.log.push(...entries)
    for (const { exchange, outcome } of entries) {
      if (exchange) {
        this.stored.set(exchange.id, { exchange, outcomes: [] })
        if (exchange.key) {
          if (this.#keys.has(exchange.key)) this.twice.push(exchange.key)
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

  /** All bytes that rest. */
  bytes(): Buffer {
    return Buffer.alloc(0)
  }
}
