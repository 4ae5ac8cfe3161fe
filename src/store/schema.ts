/**
 * Tables of the gateway's store. `exchange`, `outcome`, `tally`, `open_case`, `position` and `proof` index the
 * journal and can be rebuilt from its segments. Sealed data stays there; the place of a record points to it.
 * `stay_record` is copied to the journal and can be refilled from it. `archived` exists only here. Personal data is
 * replaced by a keyed pseudonym (`person`) before it gets here.
 */
import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { endOf } from './queries/text-end.ts'

/** Where the record of a row is stored in the journal. */
const place = () => ({
  segment: integer('segment').notNull(),
  offset: integer('offset').notNull(),
  length: integer('length').notNull(),
})

const end = (column: string) => text(`${column}_end`).generatedAlwaysAs(sql.raw(endOf(`"${column}"`)))

/** A request, dispatched or rejected; written before anything is sent. One row per exchange. */
export const exchange = sqliteTable(
  'exchange',
  {
    id: integer('id').primaryKey(),
    /**
     * Institution, operation and message id: the idempotency key of rule 2. Null for queries, which have no effect.
     */
    key: text('key'),
    keyEnd: end('key'),
    caller: text('caller'),
    /** Format of the caller's answer: a dialect's id, or `rest`. */
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
    /** Encounter `mdtrt_id`; if the request opens it, the outcome names it. */
    encounter: text('encounter'),
    /** Settlement `setl_id` named by a cancellation. */
    settlement: text('settlement'),
    /** Message undone by a reversal. */
    original: text('original'),
    /** Pseudonym of the person. */
    person: text('person'),
    /** The business day of the message. */
    day: text('day'),
    /** Keyed hash of the body as received, to recognise the same body. */
    bodyHash: text('body_hash'),
    /** JSON: number of codes, editions that translated them, codes that could not be translated. */
    evidence: text('evidence'),
    /** UTC milliseconds. */
    at: integer('at').notNull(),
    ...place(),
  },
  (table) => [
    uniqueIndex('exchange_key').on(table.keyEnd, table.key).where(sql`${table.key} is not null`),
    index('exchange_encounter').on(table.encounter).where(sql`${table.encounter} is not null`),
    index('exchange_message').on(table.messageEnd).where(sql`${table.key} is not null`),
    // Stays are queried by insured area, and only inpatient settlements make one.
    index('exchange_insured')
      .on(table.insuredArea)
      .where(sql`${table.kind} = 'settlement' and (${table.lane} is null or ${table.lane} = 'inpatient')`),
  ],
)

/** Outcomes. The last row of an exchange is its state; an exchange without one is open. */
export const outcome = sqliteTable(
  'outcome',
  {
    /** Its sequence number in the journal. */
    id: integer('id').primaryKey(),
    exchange: integer('exchange').notNull(),
    /** `open`, `unsent`, `unknown`, `accepted`, `refused`, `rejected`, `reversed`. */
    state: text('state').notNull(),
    at: integer('at').notNull(),
    /** Row of the problem table in the answer to the caller; null for a success. */
    problem: text('problem'),
    /** Failure reason `E101` …, if there is one. */
    reason: text('reason'),
    /** Where the outcome arose: the gateway, or the destination. */
    hop: text('hop'),
    /** Encounter that the exchange opened. */
    encounter: text('encounter'),
    settlement: text('settlement'),
    /** Amounts in fen; negative for a cancellation. */
    total: integer('total'),
    fund: integer('fund'),
    personShare: integer('person_share'),
    account: integer('account'),
    cash: integer('cash'),
    hospital: integer('hospital'),
    /** Time spent in the gateway, waiting for the journal, and waiting for the counterpart, in microseconds. */
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

/** Totals over the rows above, one row: messages of money, updated with each record. Amount in fen. */
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

/** Position of the index in the journal: one row. */
export const position = sqliteTable('position', {
  id: integer('id').primaryKey(),
  segment: integer('segment').notNull(),
  /** End of the last indexed batch. */
  offset: integer('offset').notNull(),
  nextSequence: integer('next_sequence').notNull(),
  /** The last link of the chain so far, and the last record it covers. */
  linkNumber: integer('link_number').notNull(),
  linkHash: text('link_hash').notNull(),
  linkLastSequence: integer('link_last_sequence').notNull(),
  /** Where the records not yet covered begin. */
  linkedToSegment: integer('linked_to_segment').notNull(),
  linkedToOffset: integer('linked_to_offset').notNull(),
})

/**
 * Integrity proof of the index rows: one digest per block, and one for the position
 * (`src/journal/index/index-proof.ts`).
 */
export const proof = sqliteTable('proof', {
  /** Twice the block number, plus 1 for outcomes; -1 for the position. */
  id: integer('id').primaryKey(),
  /** A keyed digest, hexadecimal. */
  digest: text('digest').notNull(),
})

/** A segment that was moved to an archive. */
export const archived = sqliteTable('archived', {
  segment: integer('segment').primaryKey(),
  firstSequence: integer('first_sequence').notNull(),
  lastSequence: integer('last_sequence').notNull(),
  /** The link that covers its last record; stored in a later segment. */
  linkNumber: integer('link_number').notNull(),
  linkHash: text('link_hash').notNull(),
  /** SM3 hash of the original file. */
  fileHash: text('file_hash').notNull(),
  /** UTC milliseconds. */
  at: integer('at').notNull(),
})

/** One event of a stay settled outside the gateway: imported, or a self-paid bill reported by a hospital. */
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
    /** Counter among equal events of one day, from 1: importing a file again adds nothing. */
    occurrence: integer('occurrence').notNull(),
    /** When the gateway learnt of it, UTC milliseconds. */
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
