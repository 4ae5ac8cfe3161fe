/**
 * Takes stays that did not pass through the gateway from a CSV file: manual claims, self-paid bills, settlements of
 * the time before. Bad rows are refused by line, good ones kept. A file that comes twice adds nothing.
 */
import { setTimeout } from 'node:timers/promises'
import { GatewayError } from '../domain/problems.ts'
import { type Clock, systemClock } from '../ports.ts'
import { syncStore } from '../store/client.ts'
import { partFor, type Store } from '../store/parts.ts'
import { addStayRecord } from '../store/queries/stay-records.ts'
import { readStayRows, type StayRow } from './import-row.ts'
import { createRefusals, type Refusals } from './refusals.ts'
import { openStaged, type Staged } from './staged.ts'
import { historyFault, type StayEvent } from './stay.ts'
import type { StayNumbers } from './stay-numbers.ts'
import { stayLookup } from './stays.ts'

/** What the import needs besides the file. */
export interface ImportContext {
  isKnownArea(code: string): boolean
  /** Turns the person of a row into what may be stored. */
  pseudonym(text: string): string
  /** Which messages of the journal make a stay: what is known already is compared. */
  readonly stays: StayNumbers
  readonly clock?: Pick<Clock, 'now' | 'elapsed'>
  /** Lets others write. @param ms how long they should have at least */
  rest?(ms: number): Promise<unknown>
}

/** What became of the rows. Every row of the file is in exactly one of the three. */
export interface ImportResult {
  /** Rows added. */
  readonly accepted: number
  /** Rows that were known already. */
  readonly duplicates: number
  /** The first refused rows, in the order of the file; `REFUSED_LISTED_MAX` at most. */
  readonly refused: Told['refused']
  /** All refused rows. */
  readonly refusedTotal: number
}

type Told = ReturnType<Refusals['told']>

/** Rows that one file may have. */
const ROWS_MAX = 2_000_000

/** Rows that one stay may have in a file: each is checked against all others. */
const ROWS_OF_STAY_MAX = 1000

/** Rows that are written in one go, to a stay: so long nobody else writes to the store. */
const BATCH_ROWS = 250

/** The shortest time that others have between two batches. */
const REST_MS = 2

/** On one day settlements come before withdrawals, and these before bills and claims. */
const RANK = { D: 0, R: 1, U: 2, M: 3 } as const

/** What of a stay the rows of one stay may not contradict. */
type Facts = Pick<StayRow, 'person' | 'insuredArea' | 'treatmentArea'> &
  Partial<Pick<StayRow, 'admitted' | 'discharged'>>

/**
 * Imports a file. It is read to its end before anything is written; then whole stays are written in short batches, between
 * which others write. Where the process ends meanwhile some stays are there and others are not: the same file adds the rest.
 *
 * @param source UTF-8 text, with or without a byte order mark
 * @throws {GatewayError} `invalid-report` where it is not such a file; then nothing was stored
 */
export async function importStays(
  database: Store,
  source: AsyncIterable<Uint8Array>,
  context: ImportContext,
): Promise<ImportResult> {
  const refusals = createRefusals()
  const staged = openStaged()
  try {
    let count = 0
    for await (const rows of readStayRows(source, (code) => context.isKnownArea(code))) {
      count += rows.length
      if (count > ROWS_MAX)
        throw new GatewayError('invalid-report', 'report', `文件超过${ROWS_MAX}行，请分次导入`)
      for (const row of rows) {
        if ('reason' in row) refusals.add(row)
        else staged.add({ ...row, person: context.pseudonym(row.person) })
      }
    }
    return { ...(await storeAll(database, staged, refusals, context)), ...refusals.told() }
  } finally {
    staged.close()
  }
}

/** Writes batch by batch. What it returns is durable. */
async function storeAll(
  database: Store,
  staged: Staged,
  refusals: Refusals,
  { clock = systemClock, rest = setTimeout, stays }: ImportContext,
) {
  const writers = new Map<Store, ReturnType<typeof createWriter>>()
  let [accepted, duplicates] = [0, 0]
  let batch: (readonly StayRow[])[] = []
  let batched = 0
  let part: Store = database
  const write = async () => {
    const writer = writers.get(part) ?? createWriter(part, stays, clock, refusals)
    writers.set(part, writer)
    const since = clock.elapsed()
    const stored = writer(batch)
    accepted += stored.accepted
    duplicates += stored.duplicates
    batch = []
    batched = 0
    await rest(Math.max(REST_MS, clock.elapsed() - since))
  }
  for (const rows of staged.stays()) {
    const taken = rows.slice(0, ROWS_OF_STAY_MAX)
    for (const { line } of rows.slice(ROWS_OF_STAY_MAX))
      refusals.add({ line, reason: `同一住院超过${ROWS_OF_STAY_MAX}行` })
    const of = partFor(database, taken[0]!.institution)
    if (batched > 0 && (of !== part || batched + taken.length > BATCH_ROWS)) await write()
    part = of
    batch.push(taken)
    batched += taken.length
  }
  if (batched > 0) await write()
  for (const store of writers.keys()) syncStore(store)
  return { accepted, duplicates }
}

/** Stores what can be stored of each stay, all in one transaction; what cannot is refused. */
function createWriter(database: Store, numbers: StayNumbers, clock: Pick<Clock, 'now'>, refusals: Refusals) {
  const held = stayLookup(database, numbers)
  const insert = addStayRecord(database.$client)
  const recordedAt = clock.now()
  const refused = (line: number, reason: string) => refusals.add({ line, reason })
  const all = database.$client.transaction((stays: readonly (readonly StayRow[])[]) => {
    let [accepted, duplicates] = [0, 0]
    for (const rows of stays) {
      const { institution, stay, insuredArea } = rows[0]!
      const known = held(institution, stay, insuredArea)
      const verdicts = judge(rows, known?.stay.events ?? [], factsOf(rows[0]!, known))
      for (const { row, occurrence, fault } of verdicts) {
        if (fault !== null) refused(row.line, fault)
        else if (occurrence === null) duplicates += 1
        else {
          insert({ ...row, occurrence }, recordedAt)
          accepted += 1
        }
      }
    }
    return { accepted, duplicates }
  })
  return all.immediate
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
  /** Which of several same events of one day; null if it is known already. */
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
