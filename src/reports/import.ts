/**
 * Takes stays that did not pass through the gateway from a CSV file: manual claims, self-paid bills, settlements of
 * the time before. Bad rows are refused by line, good ones kept. A file that comes twice adds nothing.
 */
import type { Readable } from 'node:stream'
import { GatewayError } from '../domain/problems.ts'
import { type Clock, systemClock } from '../ports.ts'
import type { Database } from '../store/database.ts'
import { partFor } from '../store/parts.ts'
import { type RefusedRow, readStayRows, type StayRow } from './import-row.ts'
import { historyFault, type StayEvent } from './stay.ts'
import { stayLookup } from './stays.ts'

/** What the import needs besides the file. */
export interface ImportContext {
  isKnownArea(code: string): boolean
  /** Turns the person of a row into what may be stored. */
  pseudonym(text: string): string
  readonly clock?: Clock
}

/** What became of the rows. Every row of the file is in exactly one of the three. */
export interface ImportResult {
  /** Rows added. */
  readonly accepted: number
  /** Rows that were known already. */
  readonly duplicates: number
  /** In the order of the file. */
  readonly refused: readonly RefusedRow[]
}

/** Rows that one file may have: they are held in memory while they are checked. */
const ROWS_MAX = 2_000_000

/** Rows that one stay may have in a file: each is checked against all others. */
const ROWS_OF_STAY_MAX = 1000

/** On one day settlements come before withdrawals, and these before bills and claims. */
const RANK = { D: 0, R: 1, U: 2, M: 3 } as const

const INSERT = `insert into stay_record (stay, person, insured_area, treatment_area, institution, admitted, discharged,
  event, at, occurrence, recorded_at) values (@stay, @person, @insuredArea, @treatmentArea, @institution, @admitted,
  @discharged, @event, @at, @occurrence, @recordedAt)`

/** What of a stay the rows of one stay may not contradict. */
type Facts = Pick<StayRow, 'person' | 'insuredArea' | 'treatmentArea'> &
  Partial<Pick<StayRow, 'admitted' | 'discharged'>>

/**
 * Imports a file in one transaction (one a store, where there are several), after it was read to its end. Where the end of
 * the process leaves a part of several stored, the same file adds the rest.
 *
 * @param source UTF-8 text, with or without a byte order mark
 * @throws {GatewayError} `invalid-report` where it is not such a file; then nothing was stored
 */
export async function importStays(
  database: Database,
  source: Readable,
  context: ImportContext,
): Promise<ImportResult> {
  const refused: RefusedRow[] = []
  const groups = new Map<string, StayRow[]>()
  let count = 0
  for await (const row of readStayRows(source, (code) => context.isKnownArea(code))) {
    count += 1
    if (count > ROWS_MAX)
      throw new GatewayError('invalid-report', 'report', `文件超过${ROWS_MAX}行，请分次导入`)
    if ('reason' in row) refused.push(row)
    else {
      const key = `${row.institution}\n${row.stay}`
      const rows = groups.get(key)
      const safe = { ...row, person: context.pseudonym(row.person) }
      if (!rows) groups.set(key, [safe])
      else if (rows.length < ROWS_OF_STAY_MAX) rows.push(safe)
      else refused.push({ line: row.line, reason: `同一住院超过${ROWS_OF_STAY_MAX}行` })
    }
  }
  let [accepted, duplicates] = [0, 0]
  for (const [part, stays] of byStore(database, groups)) {
    const stored = store(part, stays, context.clock ?? systemClock, refused)
    accepted += stored.accepted
    duplicates += stored.duplicates
  }
  return { accepted, duplicates, refused: refused.sort((one, other) => one.line - other.line) }
}

/** The rows of each stay, by the store of its institution. */
function byStore(database: Database, groups: ReadonlyMap<string, StayRow[]>): Map<Database, StayRow[][]> {
  const stores = new Map<Database, StayRow[][]>()
  for (const rows of groups.values()) {
    const part = partFor(database, rows[0]!.institution)
    const known = stores.get(part)
    if (known) known.push(rows)
    else stores.set(part, [rows])
  }
  return stores
}

/** Stores what can be stored of each stay; what cannot goes to `refused`. */
function store(database: Database, stays: readonly StayRow[][], clock: Clock, refused: RefusedRow[]) {
  const held = stayLookup(database)
  const insert = database.$client.prepare(INSERT)
  const recordedAt = clock.now()
  let [accepted, duplicates] = [0, 0]
  const all = database.$client.transaction(() => {
    for (const rows of stays) {
      const { institution, stay, insuredArea } = rows[0]!
      const known = held(institution, stay, insuredArea)
      const verdicts = judge(rows, known?.stay.events ?? [], factsOf(rows[0]!, known))
      for (const { row, occurrence, fault } of verdicts) {
        if (fault !== null) refused.push({ line: row.line, reason: fault })
        else if (occurrence === null) duplicates += 1
        else {
          insert.run({ ...row, occurrence, recordedAt })
          accepted += 1
        }
      }
    }
  })
  all.immediate()
  return { accepted, duplicates }
}

/** A record's facts hold whole. The journal tells its days otherwise than a bureau does, so its days do not bind. */
function factsOf(first: StayRow, known: ReturnType<ReturnType<typeof stayLookup>>): Facts {
  if (!known) return first
  if (known.recorded) return known.stay
  const { person, insuredArea, treatmentArea } = known.stay
  return { person, insuredArea, treatmentArea }
}

interface Verdict {
  readonly row: StayRow
  /** Which of several same events of one day; null where it is known already. */
  readonly occurrence: number | null
  readonly fault: string | null
}

/**
 * Judges the rows of one stay in the order of their days, not of the file. So a file sorted otherwise ends alike, and
 * a row refused the first time is refused the second time.
 */
function judge(rows: readonly StayRow[], held: readonly StayEvent[], facts: Facts): Verdict[] {
  const history = [...held]
  const taken = new Map<string, number>()
  const ordered = [...rows].sort(
    (one, other) => compare(one.at, other.at) || RANK[one.event] - RANK[other.event] || one.line - other.line,
  )
  return ordered.map((row) => {
    const contradiction = contradictionOf(row, facts)
    if (contradiction) return { row, occurrence: null, fault: contradiction }
    const same = `${row.event}${row.at}`
    const occurrence = (taken.get(same) ?? 0) + 1
    const known = held.filter(({ event, at }) => event === row.event && at === row.at).length
    const fault = occurrence <= known ? null : historyFault(history, row)
    if (fault) return { row, occurrence: null, fault }
    taken.set(same, occurrence)
    if (occurrence <= known) return { row, occurrence: null, fault: null }
    history.push({ event: row.event, at: row.at })
    return { row, occurrence, fault: null }
  })
}

function contradictionOf(row: StayRow, facts: Facts): string | null {
  if (row.person !== facts.person) return '与同一住院的其他记录人员不一致'
  if (row.insuredArea !== facts.insuredArea) return '与同一住院的其他记录参保地不一致'
  if (row.treatmentArea !== facts.treatmentArea) return '与同一住院的其他记录就医地不一致'
  if (row.admitted !== (facts.admitted ?? row.admitted)) return '与同一住院的其他记录入院日期不一致'
  if (row.discharged !== (facts.discharged ?? row.discharged)) return '与同一住院的其他记录出院日期不一致'
  return null
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
