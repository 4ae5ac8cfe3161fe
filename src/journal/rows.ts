/** Between entries in clear and rows at rest: what is personal is sealed on the way in and opened on the way out. */
import type { InferSelectModel } from 'drizzle-orm'
import type { Instant } from '../domain/day.ts'
import { GatewayError } from '../domain/problems.ts'
import type { Database } from '../store/database.ts'
import type { exchange, outcome } from '../store/schema.ts'
import { checksumOf, RECORDS, type RecordTable, valuesOf } from './checksum.ts'
import type { Entry, ExchangeEntry, Remembered } from './entry.ts'
import type { State } from './life.ts'
import type { Seal } from './seal.ts'

/**
 * Prepares the writing of batches: one transaction a batch, durable when it returns.
 *
 * @param alongside what else is written in each of these transactions
 */
export function batchWriter(
  database: Database,
  seal: Seal,
  alongside: () => void = () => {},
): (batch: readonly Entry[]) => void {
  const client = database.$client
  const addExchange = client.prepare(RECORDS.exchange.insert)
  const addOutcome = client.prepare(RECORDS.outcome.insert)
  const lastOutcome = client.prepare("select seq from sqlite_sequence where name = 'outcome'").pluck()
  const write = client.transaction((batch: readonly Entry[]) => {
    // The number of a row is part of what its checksum covers, so it is given here and not by the table.
    let id = (lastOutcome.get() as number | undefined) ?? 0
    for (const entry of batch) {
      if (entry.exchange) {
        const sealed = entry.exchange.sealed && seal.seal(Buffer.from(entry.exchange.sealed))
        const values = valuesOf('exchange', { ...entry.exchange, sealed })
        values.push(checksumOf('exchange', values))
        addExchange.run(values)
      }
      if (entry.outcome) {
        id += 1
        const reply = entry.outcome.reply ? seal.seal(Buffer.from(entry.outcome.reply)) : null
        const values = valuesOf('outcome', { ...entry.outcome, id, reply })
        values.push(checksumOf('outcome', values))
        addOutcome.run(values)
      }
    }
    alongside()
  })
  return (batch) => write.immediate(batch)
}

/** @throws {GatewayError} journal-down where a record is not what was written */
function check(table: RecordTable, row: Readonly<Record<string, unknown>>): void {
  if (row.checksum === null || row.checksum === checksumOf(table, valuesOf(table, row))) return
  const detail = `流水账记录校验不符（${table} ${row.id}），数据文件可能损坏，请停机核验`
  throw new GatewayError('journal-down', 'journal', detail)
}

/**
 * The state of an exchange with its last outcome and the last answer that was stored.
 *
 * @throws {GatewayError} journal-down where a record is not what was written
 */
export function remember(
  row: InferSelectModel<typeof exchange>,
  outcomes: readonly InferSelectModel<typeof outcome>[],
  seal: Seal,
): Remembered {
  check('exchange', row)
  for (const each of outcomes) check('outcome', each)
  const { checksum: _checked, ...stored } = row
  const last = outcomes.at(-1)
  const reply = last?.reply ?? null
  return {
    exchange: { ...(stored as unknown as ExchangeEntry), sealed: row.sealed && seal.open(row.sealed) },
    state: (last?.state ?? 'open') as State,
    since: (last?.at ?? row.at) as Instant,
    reply: reply && seal.open(reply),
    problem: last?.problem ?? null,
    reason: last?.reason ?? null,
    told: last?.told ?? null,
    encounter: last?.encounter ?? row.encounter,
    settlement: last?.settlement ?? row.settlement,
    archived: false,
  }
}
