/** What the journal says of the codes of each institution: how many were judged, and which were refused, with the money. */

import { type CodeFault, readEvidence } from '../../codes/evidence.ts'
import { addDays, type Day, dayOf, type Instant, instantFromShanghai } from '../../domain/day.ts'
import type { Database } from '../../store/database.ts'

/** Days of the messages, both included; one institution, or all. */
export interface JournalQuestion {
  readonly institution: string | null
  readonly from: Day
  readonly to: Day
}

/** How many codes were judged, each time a message came, and how many of them could not be made national. */
export interface Judged {
  readonly judged: number
  readonly refused: number
}

/** A code that was refused. */
export interface RefusedCode {
  /** What it names: a fee item, or a diagnosis. */
  readonly standard: 'item' | 'diagnosis'
  readonly system: string
  readonly code: string
  /** The last name that came with it; empty where none did. */
  readonly name: string
  /** How often it was refused; a message that comes again counts again. */
  readonly times: number
  /** Lines, each once however often it came, and for diagnoses visits. */
  readonly places: number
  /** Money of those lines; for a diagnosis what the visits were later settled for. */
  readonly fen: number
  readonly last: Day
}

/** What the journal holds of one institution. */
export interface InstitutionRefusals {
  readonly institution: string
  readonly lines: Judged
  readonly diagnoses: Judged
  readonly codes: readonly RefusedCode[]
}

interface JournalRow {
  readonly institution: string
  readonly encounter: string | null
  readonly id: number
  readonly evidence: string
  readonly at: number
}

type Growing<T> = { -readonly [Key in keyof T]: T[Key] }

interface Gathered {
  readonly lines: Growing<Judged>
  readonly diagnoses: Growing<Judged>
  readonly codes: Map<string, Growing<RefusedCode>>
  readonly places: Set<string>
}

const MESSAGES = `
  select id, institution, encounter, evidence, at from exchange
  where at >= @start and at < @end and evidence is not null and institution is not null
    and kind not in ('session', 'query', 'trial') and (@institution is null or institution = @institution)
  order by id`

const BILL = `
  select total from outcome where encounter = ? and state = 'accepted' and total > 0 order by id desc limit 1`

const startOf = (day: Day): Instant => instantFromShanghai(`${day} 00:00:00`)

/** Reads the journal. @returns by institution, in order of their codes */
export function readRefusals(database: Database, question: JournalQuestion): InstitutionRefusals[] {
  const { institution, from, to } = question
  const bill = database.$client.prepare(BILL).pluck()
  const billOf = (encounter: string | null) =>
    encounter === null ? 0 : ((bill.get(encounter) as number | undefined) ?? 0)
  const all = new Map<string, Gathered>()
  const rows = database.$client
    .prepare(MESSAGES)
    .all({ institution, start: startOf(from), end: startOf(addDays(to, 1)) }) as JournalRow[]
  for (const row of rows) {
    const evidence = readEvidence(row.evidence)
    if (!evidence) continue
    const gathered = all.get(row.institution) ?? nothing()
    all.set(row.institution, gathered)
    gathered.lines.judged += evidence.lines
    gathered.diagnoses.judged += evidence.diagnoses
    for (const fault of evidence.faults ?? []) add(gathered, row, fault, billOf)
  }
  return [...all]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, { lines, diagnoses, codes }]) => ({
      institution: code,
      lines,
      diagnoses,
      codes: [...codes.values()],
    }))
}

function nothing(): Gathered {
  return {
    lines: { judged: 0, refused: 0 },
    diagnoses: { judged: 0, refused: 0 },
    codes: new Map(),
    places: new Set(),
  }
}

function add(
  gathered: Gathered,
  { id, encounter, at: instant }: JournalRow,
  [at, reason, , system, code, name, fen]: CodeFault,
  billOf: (encounter: string | null) => number,
): void {
  const standard = reason === 'E501' ? 'item' : 'diagnosis'
  gathered[standard === 'item' ? 'lines' : 'diagnoses'].refused += 1
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
  const place = JSON.stringify([key, encounter ?? id, standard === 'item' ? at : null])
  if (gathered.places.has(place)) return
  gathered.places.add(place)
  known.places += 1
  known.fen += standard === 'item' ? fen : billOf(encounter)
}
