/** Codes of each institution in the journal: how many were judged, and which were refused, with the money. */

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

/** Days of the messages, inclusive; one institution, or all. */
export interface JournalQuestion {
  readonly institution: string | null
  /** Restricts the institutions; absent or null for no restriction. */
  readonly among?: readonly string[] | null
  readonly from: Day
  readonly to: Day
}

/** Codes judged, counted per message, and those of them that could not be translated. */
export interface JudgedCount {
  readonly judged: number
  readonly refused: number
}

/** A refused code. */
export interface RefusedCode {
  /** Its standard: the id of a codebook, or `item`. */
  readonly standard: string
  readonly system: string
  readonly code: string
  /** The last name sent with it; empty if none was. */
  readonly name: string
  /** How often it was refused, repeated messages included. */
  readonly times: number
  /** Distinct lines, however often each was sent; visits if the code has no line. */
  readonly places: number
  /** Money of those lines; for visits, of their later settlement. */
  readonly fen: number
  readonly last: Day
}

/**
 * A code that need not be national and is invalid or was not translated: the answer warned, or the message was
 * refused.
 */
export interface FurtherCount {
  readonly standard: string
  /** Its field without the row: `diseinfo.diag_code`. */
  readonly field: string
  readonly reason: string
  /** Empty if it may name a person; such codes are counted together per field. */
  readonly code: string
  /** Messages, repeated ones included. */
  readonly times: number
  readonly last: Day
}

/** Figures of one institution. */
export interface InstitutionRefusals {
  readonly institution: string
  /** By standard. */
  readonly judged: Readonly<Record<string, JudgedCount>>
  readonly codes: readonly RefusedCode[]
  readonly further: readonly FurtherCount[]
}

/** Kinds of messages without effect. */
const ASKING: ReadonlySet<string> = new Set(['session', 'query', 'trial'])

type Growing<T> = { -readonly [Key in keyof T]: T[Key] }

interface Gathered {
  readonly judged: Record<string, Growing<JudgedCount>>
  readonly codes: Map<string, Growing<RefusedCode>>
  readonly further: Map<string, Growing<FurtherCount>>
  readonly places: Set<string>
}

/** Messages read before yielding. */
const PART = 1000

/** Messages are numbered on arrival; maximum deviation of their times from that order. */
const DISORDER_MS = 3_600_000

const startOf = (day: Day): Instant => instantFromShanghai(`${day} 00:00:00`)

/** The last message that certainly arrived before a time, by binary search: no index is kept for a report. */
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

/** Messages with an effect that carry codes, in batches. */
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
  // A refused line is sent again until it is corrected; its money is at stake only once.
  const place = JSON.stringify([key, encounter ?? id, fen === null ? null : at])
  if (gathered.places.has(place)) return
  gathered.places.add(place)
  known.places += 1
  known.fen += fen ?? billOf(encounter)
}
