/** Stays settled outside the gateway: imported, or self-paid bills reported by a hospital. */
import type Sqlite from 'better-sqlite3'
import type { Area } from '../../domain/area.ts'
import type { Day } from '../../domain/day.ts'
import { listOf } from './text-list.ts'

/** One event of such a stay. */
export interface StayRecord {
  readonly stay: string
  readonly person: string
  readonly insuredArea: Area
  readonly treatmentArea: Area
  readonly institution: string
  readonly admitted: Day
  readonly discharged: Day
  /** D direct settlement, R withdrawal, U self-paid bill uploaded, M manual claim accepted. */
  readonly event: 'D' | 'R' | 'U' | 'M'
  readonly at: Day
  /** Counter among equal events of one day, from 1. */
  readonly occurrence: number
}

const SELECTION = `stay, person, insured_area as insuredArea, treatment_area as treatmentArea,
  institution, admitted, discharged, event, at, occurrence`

/** Selects by insured area and discharge, days inclusive. */
export interface RecordSpan {
  /** First digits of the insured area; empty for all. */
  readonly prefix: string
  readonly from: Day
  readonly to: Day
}

/**
 * Reads the records of an area and a period, and those outside the period that belong to a stay whose discharge in
 * the journal lies within it.
 *
 * @param settlements transaction numbers that settle a stay
 */
export function recordsOfArea(
  client: Sqlite.Database,
  settlements: readonly string[],
  { prefix, from, to }: RecordSpan,
): IterableIterator<StayRecord> {
  return client
    .prepare<[object], StayRecord>(
      `select ${SELECTION} from stay_record
       where insured_area >= @low and insured_area < @high and (discharged between @from and @to or exists (
         select 1 from exchange where exchange.encounter = stay_record.stay
           and exchange.institution = stay_record.institution and exchange."transaction" in ${listOf(settlements)}))`,
    )
    .iterate({ low: prefix, high: `${prefix}:`, from, to })
}

/** Prepares the query for the records of one stay. */
export function recordsOfStay(client: Sqlite.Database): (institution: string, stay: string) => StayRecord[] {
  const records = client.prepare<[object], StayRecord>(
    `select ${SELECTION} from stay_record where stay = @stay and institution = @institution`,
  )
  return (institution, stay) => records.all({ institution, stay })
}

/** Prepares the insert of one. @returns takes the record and when the gateway learnt of it, UTC milliseconds */
export function addStayRecord(client: Sqlite.Database): (record: StayRecord, recordedAt: number) => void {
  const insert = client.prepare<[object]>(
    `insert into stay_record (stay, person, insured_area, treatment_area, institution, admitted, discharged,
       event, at, occurrence, recorded_at) values (@stay, @person, @insuredArea, @treatmentArea, @institution,
       @admitted, @discharged, @event, @at, @occurrence, @recordedAt)`,
  )
  return (record, recordedAt) => void insert.run({ ...record, recordedAt })
}

/** A record as stored in the journal: its id in the store, then its columns. */
export type StayValues = [id: number, ...columns: (string | number)[]]

const COLUMNS = `stay, person, insured_area, treatment_area, institution, admitted, discharged, event, at, occurrence,
  recorded_at`

/** The largest id of a record, 0 if there is none. */
export function lastStayId(client: Sqlite.Database): number {
  return client.prepare<[], number>('select coalesce(max(id), 0) from stay_record').pluck().get()!
}

/** The columns of the record with this id. */
export function stayValues(client: Sqlite.Database, id: number): StayValues | undefined {
  const values = client.prepare<[number], StayValues>(`select id, ${COLUMNS} from stay_record where id = ?`)
  return values.raw().get(id)
}

/** Prepares the query for the records after an id. @param count maximum number */
export function stayValuesAfter(client: Sqlite.Database, count: number): (id: number) => StayValues[] {
  const next = client
    .prepare<[number], StayValues>(
      `select id, ${COLUMNS} from stay_record where id > ? order by id limit ${count}`,
    )
    .raw()
  return (id) => next.all(id)
}

/** Prepares the restore of records in one transaction. @returns how many were missing */
export function putStaysBack(client: Sqlite.Database): (rows: readonly StayValues[]) => number {
  const insert = client.prepare(
    `insert into stay_record (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
  )
  return client.transaction((rows: readonly StayValues[]) =>
    rows.reduce((sum, [, ...columns]) => sum + insert.run(...columns).changes, 0),
  ).immediate
}

/** Exchanges of a transaction, in order. */
export function exchangesOf(client: Sqlite.Database, transaction: string): number[] {
  return client
    .prepare<[string], number>('select id from exchange where "transaction" = ? order by id')
    .pluck()
    .all(transaction)
}

/** Number of imported records and of bills paid entirely by patients. */
export function countStayRecords(client: Sqlite.Database): { imported: number; selfPaid: number } {
  return client
    .prepare<[], { imported: number; selfPaid: number }>(
      `select count(*) filter (where event = 'U') as selfPaid, count(*) filter (where event != 'U') as imported
       from stay_record`,
    )
    .get()!
}
