/** Whether what the journal holds of each exchange is a life by the table of `life.ts`. */
import { EVENTS, type State, transition } from '../exchange-state.ts'
import type { RecordRow } from '../segment/record.ts'

/** The lives of all exchanges of a journal, seen record by record. */
export interface Lives {
  /** An exchange, with the number of its record. @returns what is wrong with it */
  begin(row: RecordRow, sequence: number): string[]
  /** An outcome, with the number of its record. @returns what is wrong with it */
  step(row: RecordRow, sequence: number): string[]
}

/** States that one event leads to, by state. */
function steps(state: string): ReadonlySet<string> | null {
  const next = new Set<string>()
  for (const event of EVENTS) {
    try {
      next.add(transition(state as State, event))
    } catch (cause) {
      if (cause instanceof TypeError) return null // The table has no row for such a state.
    }
  }
  return next
}

/** Opens the lives. @param former the state of an exchange that began before the first record that is seen */
export function createLives(former: (exchange: number) => State | null): Lives {
  /** Exchange → its state; what has no outcome is open, and a note without a key is `noted`. */
  const states = new Map<number, string>()
  const table = new Map<string, ReadonlySet<string> | null>()
  /** The exchange that began last, and the number of its record. */
  let begun = { id: 0, sequence: 0 }
  const next = (state: string) => {
    if (!table.has(state)) table.set(state, steps(state))
    return table.get(state)!
  }
  return {
    begin(row, sequence) {
      const id = row.id as number
      const wrong = states.has(id) ? [`begins exchange ${id}, which has begun before`] : []
      states.set(id, row.key === null ? 'noted' : 'open')
      begun = { id, sequence }
      return wrong
    },
    step(row, sequence) {
      const exchange = row.exchange as number
      const to = row.state as string
      const from = states.get(exchange) ?? former(exchange)
      if (from === null) return [`is of exchange ${exchange}, which is not there`]
      states.set(exchange, to)
      if (next(to) === null) return [`has the state "${to}", which does not exist`]
      // A note is written once, with how it ended; what is rejected is written together with its outcome.
      const isFirst = begun.id === exchange && begun.sequence === sequence - 1
      if (from === 'noted' || (isFirst && to === 'rejected') || next(from)?.has(to)) return []
      return [`takes exchange ${exchange} from "${from}" to "${to}", which is no step of its life`]
    },
  }
}
