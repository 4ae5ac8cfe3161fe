/**
 * Imports stays settled outside the gateway from a CSV file: manual claims, self-paid bills, earlier settlements.
 * Bad rows are refused by line, good ones are kept. Importing a file again adds nothing.
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

/** Dependencies of the import besides the file. */
export interface ImportContext {
  isKnownArea(code: string): boolean
  /** Maps the person of a row to a pseudonym that may be stored. */
  pseudonym(text: string): string
  /** The journal messages that make up a stay: the rows are compared with them. */
  readonly stays: StayNumbers
  readonly clock?: Pick<Clock, 'now' | 'elapsed'>
  /** Yields to other writers. @param ms minimum time for them */
  rest?(ms: number): Promise<unknown>
}

/** Counts of rows. Every row of the file is in exactly one of the three. */
export interface ImportResult {
  /** Rows added. */
  readonly accepted: number
  /** Rows that were already known. */
  readonly duplicates: number
  /** The first refused rows in file order, `REFUSED_LISTED_MAX` at most. */
  readonly refused: Told['refused']
  /** Number of refused rows. */
  readonly refusedTotal: number
}

type Told = ReturnType<Refusals['told']>

/** Maximum rows of one file. */
const ROWS_MAX = 2_000_000

/** Maximum rows of one stay in a file: each is checked against all others. */
const ROWS_OF_STAY_MAX = 1000

/** Rows per transaction, rounded up to a whole stay: it blocks other writers of the store. */
const BATCH_ROWS = 250

/** Minimum pause for others between two transactions. */
const REST_MS = 2

/** Order within a day: settlements, then withdrawals, then self-paid bills and claims. */
const RANK = { D: 0, R: 1, U: 2, M: 3 } as const

/** Properties that all rows of a stay must share. */
type Facts = Pick<StayRow, 'person' | 'insuredArea' | 'treatmentArea'> &
  Partial<Pick<StayRow, 'admitted' | 'discharged'>>

/**
 * Imports a file. It is read to the end before anything is written; then whole stays are written in short
 * transactions, with room for other writers between them. If the process ends midway, importing the same file again
 * adds the rest.
 *
 * @param source UTF-8 text, with or without a byte order mark
 * @throws {GatewayError} `invalid-report` if it is not such a file; nothing was stored then
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

/** Writes all transactions; durable when it returns. */
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

/** Stores the acceptable rows of each stay in one transaction and refuses the others. */
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

/**
 * The properties from an imported record bind. Those from the journal bind without its days, since a bureau reports
 * days differently.
 */
function factsOf(first: StayRow, known: ReturnType<ReturnType<typeof stayLookup>>): Facts {
  if (!known) return first
  if (known.recorded) return known.stay
  const { person, insuredArea, treatmentArea } = known.stay
  return { person, insuredArea, treatmentArea }
}

interface Verdict {
  readonly row: StayRow
  /** Counter among equal events of one day; null if the event is already known. */
  readonly occurrence: number | null
  readonly fault: string | null
}

/**
 * Judges the rows of one stay by day, not in file order, so that a file in another order has the same result and a
 * row refused once is refused again.
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
