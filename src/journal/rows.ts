/** Between entries in clear and rows at rest: what is personal is sealed on the way in and opened on the way out. */
import { type InferInsertModel, type InferSelectModel, sql } from 'drizzle-orm'
import type { Instant } from '../domain/day.ts'
import type { Database } from '../store/database.ts'
import { exchange, outcome } from '../store/schema.ts'
import type { Entry, ExchangeEntry, Remembered } from './entry.ts'
import type { State } from './life.ts'
import type { Seal } from './seal.ts'

/** Prepares the writing of batches: one transaction a batch, durable when it returns. */
export function batchWriter(database: Database, seal: Seal): (batch: readonly Entry[]) => void {
  const addExchange = database
    .insert(exchange)
    .values(placeholders<InferInsertModel<typeof exchange>>(exchange))
    .prepare()
  const addOutcome = database
    .insert(outcome)
    .values(placeholders<InferInsertModel<typeof outcome>>(outcome, 'id'))
    .prepare()
  const write = database.$client.transaction((batch: readonly Entry[]) => {
    for (const entry of batch) {
      if (entry.exchange) {
        const { sealed } = entry.exchange
        addExchange.run({ ...entry.exchange, sealed: sealed && seal.seal(Buffer.from(sealed)) })
      }
      if (entry.outcome) {
        const { reply } = entry.outcome
        addOutcome.run({
          ...EMPTY_OUTCOME,
          ...entry.outcome,
          reply: reply ? seal.seal(Buffer.from(reply)) : null,
        })
      }
    }
  })
  return (batch) => write.immediate(batch)
}

const EMPTY_OUTCOME = Object.fromEntries(columnsOf(outcome, 'id').map((column) => [column, null]))

function columnsOf(table: typeof exchange | typeof outcome, leaveOut?: string): string[] {
  return Object.keys(table).filter((column) => column !== leaveOut && column !== 'enableRLS')
}

function placeholders<Row>(table: typeof exchange | typeof outcome, leaveOut?: string): Row {
  return Object.fromEntries(
    columnsOf(table, leaveOut).map((column) => [column, sql.placeholder(column)]),
  ) as Row
}

/** The state of an exchange with its last outcome and the last answer that was stored. */
export function remember(
  row: InferSelectModel<typeof exchange>,
  outcomes: readonly InferSelectModel<typeof outcome>[],
  seal: Seal,
): Remembered {
  const last = outcomes.at(-1)
  const reply = last?.reply ?? null
  return {
    exchange: { ...(row as unknown as ExchangeEntry), sealed: row.sealed && seal.open(row.sealed) },
    state: (last?.state ?? 'open') as State,
    since: (last?.at ?? row.at) as Instant,
    reply: reply && seal.open(reply),
    problem: last?.problem ?? null,
    reason: last?.reason ?? null,
    told: last?.told ?? null,
    encounter: last?.encounter ?? row.encounter,
    settlement: last?.settlement ?? row.settlement,
  }
}
