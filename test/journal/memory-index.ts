/** The index port in memory: the same rows as the tables hold, for tests that need no file. */

import { UNRESOLVED } from '../../src/journal/exchange-state.ts'
import type {
  Indexed,
  IndexWriter,
  JournalIndex,
  Located,
  Position,
} from '../../src/journal/index/journal-index.ts'
import { RECORDS, type RecordRow, rowOf } from '../../src/journal/segment/record.ts'

/** Asked and made through one object. Closing it changes nothing. */
export interface MemoryIndex extends JournalIndex, IndexWriter {
  /** Every row, for comparing. */
  rows(): { readonly exchanges: readonly Indexed[]; readonly outcomes: readonly Indexed[] }
  /** Takes everything back to nothing. */
  forget(): void
  /** Every `apply` from now on fails with this. */
  fail(cause: Error): void
}

/** Makes an empty index. */
export function createMemoryIndex(): MemoryIndex {
  const exchanges = new Map<number, Indexed>()
  const keys = new Map<string, number>()
  const outcomes = new Map<number, Indexed[]>()
  let position: Position | null = null
  let broken: Error | null = null

  const located = (exchange: Indexed | undefined): Located | null =>
    exchange ? { exchange, last: outcomes.get(exchange.columns.id as number)?.at(-1) ?? null } : null
  const all = () => [...exchanges.values()]
  const keyed = () => all().filter(({ columns }) => columns.key !== null)
  const outcomesOf = ({ columns }: Indexed) => outcomes.get(columns.id as number) ?? []

  return {
    byKey: (key) => located(exchanges.get(keys.get(key) ?? -1)),
    byKeyEnd: (end) =>
      [...keys].flatMap(([key, id]) => (key.endsWith(end) ? located(exchanges.get(id))! : [])),
    byId: (id) => located(exchanges.get(id)),
    byMessage: (institution, message, transaction) =>
      located(
        all().find(
          ({ columns }) =>
            columns.institution === institution &&
            columns.message === message &&
            columns.transaction === transaction &&
            columns.key !== null,
        ),
      ),
    unresolved: () =>
      all()
        .filter(({ columns }) => columns.key !== null)
        .map((exchange) => located(exchange)!)
        .filter(({ last }) => UNRESOLVED.includes((last?.columns.state ?? 'open') as never)),
    openings: (encounter) =>
      keyed().filter(
        (exchange) =>
          exchange.columns.encounter === null &&
          outcomesOf(exchange).some(
            ({ columns }) => columns.state === 'accepted' && columns.encounter === encounter,
          ),
      ),
    settlers: (settlement) =>
      keyed()
        .filter(({ columns: { kind } }) => ['settlement', 'cancellation', 'write'].includes(kind as string))
        .filter((exchange) =>
          outcomesOf(exchange).some(
            ({ columns }) => columns.state === 'accepted' && columns.settlement === settlement,
          ),
        )
        .map((exchange) => located(exchange)!),
    cancellations: (encounter) =>
      keyed()
        .filter(({ columns }) => columns.kind === 'cancellation' && columns.encounter === encounter)
        .map((exchange) => located(exchange)!),
    settlements: (encounter) =>
      keyed()
        .filter(({ columns }) => columns.kind === 'settlement' && columns.encounter === encounter)
        .map((exchange) => located(exchange)!),
    messages: (id) => keyed().filter(({ columns }) => columns.message === id),
    lastId: () => Math.max(0, ...exchanges.keys()),
    position: () => position,
    apply(records, next) {
      if (broken) throw broken
      for (const { segment, record } of records) {
        if (record.type === 'link') continue
        const { apart, only = [] } = RECORDS[record.type]
        const all = Object.entries(rowOf(record))
        const columns: RecordRow = Object.fromEntries(
          all.filter(([field]) => !apart.includes(field) && !only.includes(field)),
        )
        const indexed = { columns, place: { segment, offset: record.offset, length: record.length } }
        if (record.type === 'exchange') {
          if (exchanges.has(columns.id as number) || keys.has(columns.key as string)) {
            throw new Error('UNIQUE constraint failed')
          }
          exchanges.set(columns.id as number, indexed)
          if (columns.key !== null) keys.set(columns.key as string, columns.id as number)
        } else {
          const id = columns.exchange as number
          outcomes.set(id, [...(outcomes.get(id) ?? []), indexed])
        }
      }
      position = next
    },
    archivedUpTo: () => 0,
    *names(afterExchange, afterOutcome) {
      for (const { columns } of all()) {
        if ((columns.id as number) > afterExchange && columns.key) yield ['key', columns.key as string]
      }
      for (const { columns } of [...outcomes.values()].flat()) {
        if ((columns.id as number) <= afterOutcome || columns.state !== 'accepted') continue
        if (columns.encounter) yield ['encounter', columns.encounter as string]
        if (columns.settlement) yield ['settlement', columns.settlement as string]
      }
    },
    mark(id) {
      const found = exchanges.get(id)
      return found ? JSON.stringify([found.columns.key, found.columns.at, found.place]) : null
    },
    close() {},
    rows: () => ({ exchanges: all(), outcomes: [...outcomes.values()].flat() }),
    forget() {
      for (const map of [exchanges, keys, outcomes]) map.clear()
      position = null
    },
    fail(cause) {
      broken = cause
    },
  }
}
