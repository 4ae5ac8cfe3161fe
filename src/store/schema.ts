/**
 * The tables of the gateway's own store. `exchange`, `outcome`, `tally`, `open_case`, `position` and `proof` are the index of the journal: they are
 * made from its segments, and may be made anew from them. What is sealed stays there; the place of each record leads to it.
 * `stay_record` is put into the journal afterwards, and may be filled again from there. `archived` is nowhere else. What is
 * personal is turned into a keyed pseudonym (`person`) before it comes here.
 */
import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { endOf } from './queries/text-end.ts'

/** Where the record of a row rests in the journal. */
const place = () => ({
  segment: integer('segment').notNull(),
  offset: integer('offset').notNull(),
  length: integer('length').notNull(),
})

const end = (column: string) => text(`${column}_end`).generatedAlwaysAs(sql.raw(endOf(`"${column}"`)))

/** A request as it was accepted for dispatch, or rejected: written before anything leaves. One row an exchange. */
export const exchange = sqliteTable(
  'exchange',
  {
    id: integer('id').primaryKey(),
    /** Institution, operation and message id together: the key of rule 2. Null for questions, which have no effect. */
    key: text('key'),
    keyEnd: end('key'),
    caller: text('caller'),
    /** In what form the caller is answered: a dialect's id, or `rest`. */
    voice: text('voice'),
    institution: text('institution'),
    transaction: text('transaction'),
    kind: text('kind'),
    /** Message id `msgid`. */
    message: text('message'),
    messageEnd: end('message'),
    lane: text('lane'),
    treatmentArea: text('treatment_area'),
    insuredArea: text('insured_area'),
    destination: text('destination'),
    /** Encounter `mdtrt_id`; the outcome names it where the request opens it. */
    encounter: text('encounter'),
    /** Settlement `setl_id` that a cancellation names. */
    settlement: text('settlement'),
    /** Message that a reversal undoes. */
    original: text('original'),
    /** Pseudonym of the person. */
    person: text('person'),
    /** The day that the message speaks of. */
    day: text('day'),
    /** Hash of the body as it came, keyed, to tell the same body from another. */
    bodyHash: text('body_hash'),
    /** How many codes there were, which editions made them national, which could not be: JSON. */
    evidence: text('evidence'),
    /** UTC milliseconds. */
    at: integer('at').notNull(),
    ...place(),
  },
  (table) => [
    uniqueIndex('exchange_key').on(table.keyEnd, table.key).where(sql`${table.key} is not null`),
    index('exchange_encounter').on(table.encounter).where(sql`${table.encounter} is not null`),
    index('exchange_message').on(table.messageEnd).where(sql`${table.key} is not null`),
    // Stays are asked for by the area of the insured, and only inpatient settlements make one.
    index('exchange_insured')
      .on(table.insuredArea)
      .where(sql`${table.kind} = 'settlement' and (${table.lane} is null or ${table.lane} = 'inpatient')`),
  ],
)

/** What became of an exchange. The last row of an exchange is its state; one without a row is open. */
export const outcome = sqliteTable(
  'outcome',
  {
    /** Its sequence number in the journal. */
    id: integer('id').primaryKey(),
    exchange: integer('exchange').notNull(),
    /** `open`, `unsent`, `unknown`, `accepted`, `refused`, `rejected`, `reversed`. */
    state: text('state').notNull(),
    at: integer('at').notNull(),
    /** Row of the problem table that the caller was told; null for a yes. */
    problem: text('problem'),
    /** Failure reason `E101` … where there is one. */
    reason: text('reason'),
    /** Where it was found: gateway, or the destination. */
    hop: text('hop'),
    /** Of an exchange that has opened it. */
    encounter: text('encounter'),
    settlement: text('settlement'),
    /** Amounts in fen; negative in a cancellation. */
    total: integer('total'),
    fund: integer('fund'),
    personShare: integer('person_share'),
    account: integer('account'),
    cash: integer('cash'),
    hospital: integer('hospital'),
    /** The gateway's own time, its wait for the journal and the counterpart's, in microseconds. */
    ownMicros: integer('own_micros'),
    commitMicros: integer('commit_micros'),
    counterpartMicros: integer('counterpart_micros'),
    ...place(),
  },
  (table) => [
    index('outcome_exchange').on(table.exchange),
    index('outcome_encounter').on(table.encounter).where(sql`${table.encounter} is not null`),
    index('outcome_settlement').on(table.settlement).where(sql`${table.settlement} is not null`),
  ],
)

/**
 * Sums over the rows above, one row: what was counted of the messages of money, brought along with each record. Amount in
 * fen.
 */
export const tally = sqliteTable('tally', {
  id: integer('id').primaryKey(),
  begun: integer('begun').notNull(),
  ended: integer('ended').notNull(),
  open: integer('open').notNull(),
  settled: integer('settled').notNull(),
  reversed: integer('reversed').notNull(),
  standingFen: integer('standing_fen').notNull(),
})

/** Keyed exchanges that wait for recovery or a person: unknown, or being undone. */
export const openCase = sqliteTable('open_case', { exchange: integer('exchange').primaryKey() })

/** How far the index has come in the journal: one row. */
export const position = sqliteTable('position', {
  id: integer('id').primaryKey(),
  segment: integer('segment').notNull(),
  /** After the last batch that is indexed. */
  offset: integer('offset').notNull(),
  nextSequence: integer('next_sequence').notNull(),
  /** The last link of the chain up to here, and the last record that it covers. */
  linkNumber: integer('link_number').notNull(),
  linkHash: text('link_hash').notNull(),
  linkLastSequence: integer('link_last_sequence').notNull(),
  /** Where the records that it does not cover begin. */
  linkedToSegment: integer('linked_to_segment').notNull(),
  linkedToOffset: integer('linked_to_offset').notNull(),
})

/** What proves the rows of the index: one note a block of rows, and one for the position (`src/journal/index/index-proof.ts`). */
export const proof = sqliteTable('proof', {
  /** Twice the number of the block, plus 1 for outcomes; -1 for the position. */
  id: integer('id').primaryKey(),
  /** A keyed digest, hexadecimal. */
  digest: text('digest').notNull(),
})

/** A segment that was moved to an archive. */
export const archived = sqliteTable('archived', {
  segment: integer('segment').primaryKey(),
  firstSequence: integer('first_sequence').notNull(),
  lastSequence: integer('last_sequence').notNull(),
  /** The link that covers its last record; it rests in a later segment. */
  linkNumber: integer('link_number').notNull(),
  linkHash: text('link_hash').notNull(),
  /** SM3 over the file as it was. */
  fileHash: text('file_hash').notNull(),
  /** UTC milliseconds. */
  at: integer('at').notNull(),
})

/** One event of a stay that did not pass through the journal: imported, or a self-paid bill told by a hospital. */
export const stayRecord = sqliteTable(
  'stay_record',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    stay: text('stay').notNull(),
    person: text('person').notNull(),
    insuredArea: text('insured_area').notNull(),
    treatmentArea: text('treatment_area').notNull(),
    institution: text('institution').notNull(),
    admitted: text('admitted').notNull(),
    discharged: text('discharged').notNull(),
    /** D direct settlement, R withdrawal, U self-paid bill uploaded, M manual claim accepted. */
    event: text('event').notNull(),
    /** Day of the event. */
    at: text('at').notNull(),
    /** Which of several same events of one day this is, from 1: a file that comes twice adds nothing. */
    occurrence: integer('occurrence').notNull(),
    /** UTC milliseconds at which the gateway learnt it. */
    recordedAt: integer('recorded_at').notNull(),
  },
  (table) => [
    index('stay_record_stay').on(table.stay),
    index('stay_record_insured').on(table.insuredArea, table.discharged),
    uniqueIndex('stay_record_same').on(
      table.stay,
      table.institution,
      table.event,
      table.at,
      table.occurrence,
    ),
  ],
)
