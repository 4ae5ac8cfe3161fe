/** What the journal says of the codes of each institution: how many were judged, and which were refused, with the money. */

import { setImmediate } from 'node:timers/promises'
import { type CodeFault, readEvidence, type WarnedCode } from '../../codes/evidence.ts'
import { addDays, type Day, dayOf, type Instant, instantFromShanghai } from '../../domain/day.ts'
import { partsOf, type Store } from '../../store/parts.ts'
import {
  billOfEncounter,
  type EvidenceRow,
  evidenceAfter,
  firstFrom,
} from '../../store/queries/code-evidence.ts'
import { lastExchange } from '../../store/queries/exchanges.ts'

/** Days of the messages, both included; one institution, or all. */
export interface JournalQuestion {
  readonly institution: string | null
  /** Institutions beyond which nothing is read; absent or null for none. */
  readonly among?: readonly string[] | null
  readonly from: Day
  readonly to: Day
}

/** How many codes were judged, each time a message came, and how many of them could not be made national. */
export interface JudgedCount {
  readonly judged: number
  readonly refused: number
}

/** A code that was refused. */
export interface RefusedCode {
  /** What it names: the id of a codebook, or `item`. */
  readonly standard: string
  readonly system: string
  readonly code: string
  /** The last name that came with it; empty if none did. */
  readonly name: string
  /** How often it was refused; a message that comes again counts again. */
  readonly times: number
  /** Lines, each once however often it came; visits, where a code has no line of its own. */
  readonly places: number
  /** Money of those lines; of visits what they were later settled for. */
  readonly fen: number
  readonly last: Day
}

/** A code that need not be national and is none, or was not made so: it was told as a warning, or refused. */
export interface FurtherCount {
  readonly standard: string
  /** Its field, without the row: `diseinfo.diag_code`. */
  readonly field: string
  readonly reason: string
  /** Empty if it may name a person: those of a field are counted together. */
  readonly code: string
  /** Messages; one that comes again counts again. */
  readonly times: number
  readonly last: Day
}

/** What the journal holds of one institution. */
export interface InstitutionRefusals {
  readonly institution: string
  /** By standard. */
  readonly judged: Readonly<Record<string, JudgedCount>>
  readonly codes: readonly RefusedCode[]
  readonly further: readonly FurtherCount[]
}

/** Kinds of messages that change nothing. */
const ASKING: ReadonlySet<string> = new Set(['session', 'query', 'trial'])

type Growing<T> = { -readonly [Key in keyof T]: T[Key] }

interface Gathered {
  readonly judged: Record<string, Growing<JudgedCount>>
  readonly codes: Map<string, Growing<RefusedCode>>
  readonly further: Map<string, Growing<FurtherCount>>
  readonly places: Set<string>
}

/** Messages that are read at once; in between others get their turn. */
const PART = 1000

/** Messages are numbered as they come; how far their times may be out of that order. */
const DISORDER_MS = 3_600_000

const startOf = (day: Day): Instant => instantFromShanghai(`${day} 00:00:00`)

/** The last message that surely came before a time: by halving, since no index is kept for a report. */
function lastBefore(database: Store, start: number): number {
  const numbered = firstFrom(database.$client)
  let [low, high] = [0, lastExchange(database.$client)]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const { id, at } = numbered(middle)!
    if (at < start - DISORDER_MS) low = Math.min(id, high)
    else high = middle - 1
  }
  return low
}

/** Messages that change something and carry codes, part by part. */
async function* messagesOf(
  database: Store,
  { institution, among, from, to }: JournalQuestion,
): AsyncGenerator<EvidenceRow> {
  const [start, end] = [startOf(from), startOf(addDays(to, 1))]
  const bounds = among ? new Set(among) : null
  const next = evidenceAfter(database.$client, PART)
  for (let after = lastBefore(database, start); ; ) {
    const rows = next(after)
    for (const row of rows) {
      const { kind, at } = row
      if (at >= end + DISORDER_MS) return
      if (at < start || at >= end || !row.evidence || !row.institution) continue
      if (kind !== null && ASKING.has(kind)) continue
      const isAsked = institution === null || institution === row.institution
      if (isAsked && (bounds === null || bounds.has(row.institution))) yield row
    }
    const last = rows.at(-1)
    if (!last || rows.length < PART) return
    after = last.id
    await setImmediate()
  }
}

/** Reads the journal. @returns by institution, in order of their codes */
export async function readRefusals(
  database: Store,
  question: JournalQuestion,
): Promise<InstitutionRefusals[]> {
  const found: InstitutionRefusals[] = []
  for (const part of partsOf(database)) found.push(...(await refusalsIn(part, question)))
  return found.sort(({ institution: one }, { institution: other }) => (one < other ? -1 : 1))
}

/** All messages of an institution are in one store. */
async function refusalsIn(database: Store, question: JournalQuestion): Promise<InstitutionRefusals[]> {
  const billOf = billOfEncounter(database.$client)
  const all = new Map<string, Gathered>()
  for await (const row of messagesOf(database, question)) {
    const evidence = readEvidence(row.evidence)
    if (!evidence) continue
    const gathered = all.get(row.institution) ?? nothing()
    all.set(row.institution, gathered)
    for (const [standard, times] of Object.entries(evidence.codes))
      judgedOf(gathered, standard).judged += times
    for (const fault of evidence.faults ?? []) add(gathered, row, fault, billOf)
    for (const fault of evidence.warned ?? []) count(gathered, row, fault)
  }
  return [...all].map(([code, { judged, codes, further }]) => ({
    institution: code,
    judged,
    codes: [...codes.values()],
    further: [...further.values()].sort((one, other) => other.times - one.times),
  }))
}

function nothing(): Gathered {
  return {
    judged: {},
    codes: new Map(),
    further: new Map(),
    places: new Set(),
  }
}

function judgedOf({ judged }: Gathered, standard: string): Growing<JudgedCount> {
  judged[standard] ??= { judged: 0, refused: 0 }
  return judged[standard]
}

function count(
  { further }: Gathered,
  { at }: EvidenceRow,
  [where, standard, reason, code]: WarnedCode,
): void {
  const field = where.replace(/\[\d+\]/, '')
  const key = JSON.stringify([standard, field, reason, code])
  const last = dayOf(at as Instant)
  const known = further.get(key) ?? { standard, field, reason, code, times: 0, last }
  further.set(key, known)
  known.times += 1
  known.last = last
}

function add(
  gathered: Gathered,
  { id, encounter, at: instant }: EvidenceRow,
  [at, standard, , system, code, name, fen]: CodeFault,
  billOf: (encounter: string | null) => number,
): void {
  judgedOf(gathered, standard).refused += 1
  const key = JSON.stringify([standard, system, code])
  const known = gathered.codes.get(key) ?? {
    ...{ standard, system, code, name, times: 0, places: 0, fen: 0 },
    last: dayOf(instant as Instant),
  }
  gathered.codes.set(key, known as Growing<RefusedCode>)
  known.times += 1
  known.last = dayOf(instant as Instant)
  if (name) known.name = name
  // A refused line comes again and again until it is mended: its money is at stake once.
  const place = JSON.stringify([key, encounter ?? id, fen === null ? null : at])
  if (gathered.places.has(place)) return
  gathered.places.add(place)
  known.places += 1
  known.fen += fen ?? billOf(encounter)
}
