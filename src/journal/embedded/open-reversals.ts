/** Reversals without a final outcome, by what they undo: until there is one nobody may cancel that in another way. */
import { type ExchangeEntry, undoingName } from '../entry.ts'

type Reversal = Pick<ExchangeEntry, 'id' | 'kind' | 'institution' | 'original'>

/** Which reversals are open. */
export interface OpenReversals {
  /** Takes a reversal up; others are nothing to it. */
  hold(exchange: Reversal): void
  release(exchange: Reversal): void
  /** Whether one is open. @param undoing name of what it undoes */
  has(undoing: string): boolean
}

/** Makes an empty list. */
export function createOpenReversals(): OpenReversals {
  /** Several may undo one message: a reversal that has no answer may be sent anew under another id. */
  const open = new Map<string, Set<number>>()
  const nameOf = ({ institution, original }: Reversal) => undoingName(institution, original)
  return {
    hold(exchange) {
      if (exchange.kind !== 'reversal') return
      const name = nameOf(exchange)
      open.set(name, (open.get(name) ?? new Set()).add(exchange.id))
    },
    release(exchange) {
      const name = nameOf(exchange)
      const ids = open.get(name)
      ids?.delete(exchange.id)
      if (ids?.size === 0) open.delete(name)
    },
    has: (undoing) => open.has(undoing),
  }
}
