/** The index port over SQLite: one connection makes it, behind the way; others read. */
import type Sqlite from 'better-sqlite3'
import { openClient } from '../../store/client.ts'
import { archivedUpTo } from '../../store/queries/archived.ts'
import { FIELDS } from '../../store/queries/columns.ts'
import { writeIndexLazily } from '../../store/queries/connection.ts'
import { exchangeMark, exchangeQueries, type IndexRow } from '../../store/queries/exchanges.ts'
import { indexRows, readPosition } from '../../store/queries/index-rows.ts'
import { keysOf } from '../entry.ts'
import { RECORDS } from '../segment/record.ts'
import { openProof } from './index-proof.ts'
import { openIndexTally } from './index-tally.ts'
import type { Indexed, IndexWriter, JournalIndex, Located, Position } from './journal-index.ts'

/** Where those fields stand in what a record says. */
const PLACES = {
  exchange: FIELDS.exchange.map((field) => RECORDS.exchange.fields.indexOf(field) + 1),
  outcome: FIELDS.outcome.map((field) => RECORDS.outcome.fields.indexOf(field) + 1),
}

function indexed(row: IndexRow): Indexed {
  const { segment, offset, length, ...columns } = row
  return { columns, place: { segment, offset, length } as Indexed['place'] }
}

/** Opens the index for the journal to ask. @throws where there is none */
export function openSqliteIndex(file: string): JournalIndex {
  const client = openClient(file, true)
  const ask = exchangeQueries(client)

  function located(row: IndexRow): Located {
    const last = ask.lastOutcome(row.id as number)
    return { exchange: indexed(row), last: last ? indexed(last) : null }
  }
  const found = (row: IndexRow | undefined) => (row ? located(row) : null)

  return {
    byKey: (key) => found(ask.byKey(key)),
    byKeyEnd: (end) => ask.byKeyEnd(end).map(located),
    byId: (id) => found(ask.byId(id)),
    byMessage: (institution, message, transaction) => found(ask.byMessage(institution, message, transaction)),
    // One after another: a hundred thousand rows at once are some hundred megabytes.
    *unresolved() {
      for (const row of ask.unresolved()) yield located(row)
    },
    openings: (encounter) => ask.openings(encounter).map(indexed),
    settlers: (settlement) => ask.settlers(settlement).map(located),
    cancellations: (encounter) => ask.cancellations(encounter).map(located),
    settlements: (encounter) => ask.settlements(encounter).map(located),
    messages: (id) => ask.messages(id).map(indexed),
    lastId: ask.lastId,
    archivedUpTo: archivedUpTo(client),
    close() {
      client.close()
    },
  }
}

/**
 * Opens the index for the one who makes it.
 *
 * @param client of a store whose tables are up to date; closed with the index
 * @param secret for the proof of its rows
 * @param pagesMax the most pages that the file may have: a write beyond fails as on a full disk. Null: as the disk allows
 */
export function openSqliteIndexWriter(
  client: Sqlite.Database,
  secret: string,
  pagesMax: number | null = null,
): IndexWriter {
  writeIndexLazily(client, pagesMax)
  const rows = indexRows(client)
  const tally = openIndexTally(client)
  const proof = openProof(client, secret)
  const write = client.transaction((records: Parameters<IndexWriter['apply']>[0], at: Position) => {
    for (const { segment, record, told } of records) {
      if (record.type === 'link') continue
      const { type, offset, length } = record
      const values = PLACES[type].map((at) => told[at] ?? null)
      values.push(segment, offset, length)
      proof.row(type, values)
      if (type === 'outcome') tally.outcome(told, () => rows.addOutcome(values))
      else {
        rows.addExchange(values)
        tally.exchange(told)
      }
    }
    tally.save()
    rows.savePosition(at)
    proof.note(at)
  })
  return {
    *names(afterExchange, afterOutcome) {
      for (const keyed of rows.keyed(afterExchange)) for (const name of keysOf(keyed)) yield ['key', name]
      for (const encounter of rows.encounters(afterOutcome)) yield ['encounter', encounter]
      for (const settlement of rows.settlements(afterOutcome)) yield ['settlement', settlement]
    },
    mark: exchangeMark(client),
    position: () => readPosition(client),
    apply(records, at) {
      try {
        write.immediate(records, at)
      } catch (cause) {
        tally.undone()
        proof.undone()
        throw cause
      }
    },
    archivedUpTo: archivedUpTo(client),
    close() {
      client.close()
    },
  }
}
