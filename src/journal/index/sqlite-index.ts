/** The index port over SQLite: one connection makes it, behind the way; others read. */
import type Sqlite from 'better-sqlite3'
import { openClient } from '../../store/client.ts'
import { endOf } from '../../store/schema.ts'
import { type ExchangeEntry, keysOf } from '../entry.ts'
import { UNRESOLVED } from '../exchange-state.ts'
import { RECORDS, type RecordTable } from '../segment/record.ts'
import { openProof } from './index-proof.ts'
import { openIndexTally } from './index-tally.ts'
import type { Indexed, IndexWriter, JournalIndex, Located, Position } from './journal-index.ts'
import { COLUMNS, column, FIELDS, PLACE } from './sqlite-columns.ts'

const ARCHIVED_UP_TO = 'select coalesce(max(segment), 0) from archived'

/** Where those fields stand in what a record says. */
const PLACES = {
  exchange: FIELDS.exchange.map((field) => RECORDS.exchange.fields.indexOf(field) + 1),
  outcome: FIELDS.outcome.map((field) => RECORDS.outcome.fields.indexOf(field) + 1),
}

/** Pages that the writer keeps, and how long its log may grow before it is written back. */
const CACHE_KIB = 16 * 1024
const CHECKPOINT_PAGES = 4000

/** `exchange."id" as "id", …` with the place of the record. */
export function selection(table: RecordTable): string {
  return [...FIELDS[table], ...PLACE].map((field) => `${table}.${column(field)} as "${field}"`).join(', ')
}

function insertion(table: RecordTable): string {
  const columns = COLUMNS[table]
  return `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`
}

function indexed(row: Record<string, unknown>): Indexed {
  const { segment, offset, length, ...columns } = row
  return { columns, place: { segment, offset, length } as Indexed['place'] }
}

/** Finds a key by the end that the index sorts by, and by the whole of it: given twice. */
export const KEY_IS = `key_end = ${endOf('?')} and key = ?`
/** Finds the keys that end like this: given three times, 18 characters at least. */
export const KEY_ENDS = `key_end = ${endOf('?')} and substr(key, -length(?)) = ? and key is not null`
/** Finds a message of any institution by its id, given twice; the same id may be that of several. */
export const MESSAGE_IS = `message_end = ${endOf('?')} and message = ? and key is not null`

/** Exchanges that opened an encounter: the request does not name it yet, its outcome does. */
export const OPENINGS = `from outcome join exchange on exchange.id = outcome.exchange
  where outcome.encounter = ? and outcome.state = 'accepted' and exchange.encounter is null
    and exchange.key is not null order by outcome.id`
/** Messages of money whose yes gave a settlement id. */
export const SETTLERS = `from outcome join exchange on exchange.id = outcome.exchange
  where outcome.settlement = ? and outcome.state = 'accepted' and exchange.kind in ('settlement', 'cancellation')
    and exchange.key is not null order by outcome.id`
/** Messages of any institution, given their id twice. */
export const MESSAGES = `from exchange where ${MESSAGE_IS} order by id`

/** Opens the index for the journal to ask. @throws where there is none */
export function openSqliteIndex(file: string): JournalIndex {
  const client = openClient(file, true)
  const one = <Parameters extends unknown[]>(sql: string) =>
    client.prepare<Parameters, Record<string, unknown>>(sql)
  const exchangeWhere = (condition: string) =>
    `select ${selection('exchange')} from exchange where ${condition}`
  const byKey = one<[string, string]>(exchangeWhere(KEY_IS))
  const byKeyEnd = one<[string, string, string]>(`${exchangeWhere(KEY_ENDS)} order by id`)
  const byId = one<[number]>(exchangeWhere('id = ?'))
  const byMessage = one<[string, string, string, string]>(
    exchangeWhere(`${MESSAGE_IS} and institution = ? and "transaction" = ? order by id`),
  )
  const last = one<[number]>(
    `select ${selection('outcome')} from outcome where exchange = ? order by id desc limit 1`,
  )
  const unresolved = one<string[]>(
    `${exchangeWhere(`key is not null and coalesce(
      (select state from outcome where outcome.exchange = exchange.id order by outcome.id desc limit 1), 'open'
    ) in (${UNRESOLVED.map(() => '?').join(', ')})`)} order by id`,
  )
  const openings = one<[string]>(`select ${selection('exchange')} ${OPENINGS}`)
  const settlers = one<[string]>(`select ${selection('exchange')} ${SETTLERS}`)
  const cancellations = one<[string]>(
    exchangeWhere("encounter = ? and kind = 'cancellation' and key is not null order by id"),
  )
  const messages = one<[string, string]>(`select ${selection('exchange')} ${MESSAGES}`)
  const archivedUpTo = client.prepare<[], number>(ARCHIVED_UP_TO).pluck()
  const lastId = client.prepare<[], number>('select coalesce(max(id), 0) from exchange').pluck()

  function located(row: Record<string, unknown> | undefined): Located | null {
    if (!row) return null
    const outcomeRow = last.get(row.id as number)
    return { exchange: indexed(row), last: outcomeRow ? indexed(outcomeRow) : null }
  }

  return {
    byKey: (key) => located(byKey.get(key, key)),
    byKeyEnd: (end) => byKeyEnd.all(end, end, end).map((row) => located(row)!),
    byId: (id) => located(byId.get(id)),
    byMessage: (institution, message, transaction) =>
      located(byMessage.get(message, message, institution, transaction)),
    // One after another: a hundred thousand rows at once are some hundred megabytes.
    *unresolved() {
      for (const row of unresolved.iterate(...UNRESOLVED)) yield located(row)!
    },
    openings: (encounter) => openings.all(encounter).map(indexed),
    settlers: (settlement) => settlers.all(settlement).map((row) => located(row)!),
    cancellations: (encounter) => cancellations.all(encounter).map((row) => located(row)!),
    messages: (id) => messages.all(id, id).map(indexed),
    lastId: () => lastId.get()!,
    archivedUpTo: () => archivedUpTo.get()!,
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
  // What is lost with the power is made again from the segments.
  client.pragma('synchronous = NORMAL')
  client.pragma(`cache_size = -${CACHE_KIB}`)
  client.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  if (pagesMax) client.pragma(`max_page_count = ${pagesMax}`)
  const add = {
    exchange: client.prepare(insertion('exchange')),
    outcome: client.prepare(insertion('outcome')),
  }
  const archivedUpTo = client.prepare<[], number>(ARCHIVED_UP_TO).pluck()
  const savePosition = client.prepare('insert or replace into position values (1, ?, ?, ?, ?, ?, ?, ?, ?)')
  const tally = openIndexTally(client)
  const proof = openProof(client, secret)
  const write = client.transaction((records: Parameters<IndexWriter['apply']>[0], at: Position) => {
    for (const { segment, record, told } of records) {
      if (record.type === 'link') continue
      const { type, offset, length } = record
      const values = PLACES[type].map((at) => told[at] ?? null)
      values.push(segment, offset, length)
      proof.row(type, values)
      if (type === 'outcome') tally.outcome(told, () => void add.outcome.run(values))
      else {
        add.exchange.run(values)
        tally.exchange(told)
      }
    }
    tally.save()
    const { link, linkedTo } = at
    const end = [link.number, link.hash, link.lastSequence, linkedTo.segment, linkedTo.offset]
    savePosition.run(at.segment, at.offset, at.nextSequence, ...end)
    proof.note(at)
  })
  const keys = client.prepare<[number], Keyed>(
    'select key, institution, "transaction", message from exchange where id > ? and key is not null',
  )
  const openings = client
    .prepare<[number], string>(
      "select encounter from outcome where id > ? and encounter is not null and state = 'accepted'",
    )
    .pluck()
  const settled = client
    .prepare<[number], string>(
      "select settlement from outcome where id > ? and settlement is not null and state = 'accepted'",
    )
    .pluck()
  return {
    *names(afterExchange, afterOutcome) {
      for (const keyed of keys.iterate(afterExchange)) for (const name of keysOf(keyed)) yield ['key', name]
      for (const encounter of openings.iterate(afterOutcome)) yield ['encounter', encounter]
      for (const settlement of settled.iterate(afterOutcome)) yield ['settlement', settlement]
    },
    mark: markIn(client),
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
    archivedUpTo: () => archivedUpTo.get()!,
    close() {
      client.close()
    },
  }
}

/** Tells an exchange in a store from any other that could have its number. */
export function markIn(client: Sqlite.Database): IndexWriter['mark'] {
  const mark = client
    .prepare<[number], string>(`select json_array(key, at, segment, "offset") from exchange where id = ?`)
    .pluck()
  return (exchange) => mark.get(exchange) ?? null
}

type Keyed = Pick<ExchangeEntry, 'institution' | 'transaction' | 'message'> & { readonly key: string }

interface PositionRow {
  readonly segment: number
  readonly offset: number
  readonly nextSequence: number
  readonly number: number
  readonly hash: string
  readonly lastSequence: number
  readonly toSegment: number
  readonly toOffset: number
}

/** How far the index in a store has come; null where nothing was indexed. */
export function readPosition(client: Sqlite.Database): Position | null {
  const row = client
    .prepare<[], PositionRow>(
      `select segment, "offset", next_sequence as nextSequence, link_number as number, link_hash as hash,
        link_last_sequence as lastSequence, linked_to_segment as toSegment, linked_to_offset as toOffset
       from position`,
    )
    .get()
  if (!row) return null
  const { segment, offset, nextSequence, number, hash, lastSequence, toSegment, toOffset } = row
  const link = { number, hash, lastSequence }
  return { segment, offset, nextSequence, link, linkedTo: { segment: toSegment, offset: toOffset } }
}
