/** The codes of the journal's last messages as given, reconstructed from the messages and their evidence. */
import { type CodeEvidence, type MappedRow, readEvidence } from '../../codes/evidence.ts'
import { placeOf } from '../../codes/judge.ts'
import type { ClaimCode, GivenCode } from '../../domain/claim.ts'
import { type Day, dayOf, type Instant } from '../../domain/day.ts'
import type { ReadMessage } from '../../journal/segment/sent-messages.ts'
import { readSealed, type Speaks } from '../../pipeline/spoken.ts'
import type { Database } from '../../store/database.ts'
import { billOfEncounter, type EvidenceRow, lastEvidence } from '../../store/queries/code-evidence.ts'

/** One code in one message. */
export interface CodeUse {
  readonly exchange: number
  readonly standard: string
  readonly given: GivenCode
  readonly day: Day
  /** Amount of its line; without a line, of its visit's settlement. */
  readonly fen: number
  /** The line or visit that its money belongs to; money of one place counts once. */
  readonly place: string
}

/** What the journal gives. */
export interface Uses {
  readonly messages: number
  /** Messages that could not be opened: sealed with another key, or archived. */
  readonly unread: number
  readonly uses: readonly CodeUse[]
}

/**
 * Collects them, the latest message first.
 *
 * @param progress called after each message
 */
export function readUses(
  { database, read, ...speaks }: Speaks & { readonly database: Database; readonly read: ReadMessage },
  claims: number,
  progress: (done: number, all: number) => void,
): Uses {
  const billOf = billOfEncounter(database.$client)
  const rows = lastEvidence(database.$client, claims)
  const uses: CodeUse[] = []
  let unread = 0
  for (const [index, row] of rows.entries()) {
    const evidence = readEvidence(row.evidence)
    if (evidence?.faults) uses.push(...refused(row, evidence, billOf))
    else if (evidence) {
      const sent = sentOf(row, speaks, read)
      if (sent) uses.push(...carried(row, sent, evidence, billOf))
      else unread += 1
    }
    progress(index + 1, rows.length)
  }
  return { messages: rows.length, unread, uses }
}

/** A sent message with the local code behind each national one. */
interface Sent {
  readonly codes: readonly ClaimCode[]
  readonly mapped: readonly MappedRow[]
}

/** A message as sent: its codes are national, and its map rows tell which local codes they came from. */
function sentOf({ id }: EvidenceRow, speaks: Speaks, read: ReadMessage): Sent | null {
  try {
    const sent = read(id)
    if (!sent) return null
    const { codes } = readSealed(speaks, sent)
    return { codes, mapped: JSON.parse(sent.mapped ?? '[]') }
  } catch {
    return null
  }
}

function carried(
  { id, encounter }: EvidenceRow,
  { codes, mapped }: Sent,
  { codes: counts }: CodeEvidence,
  billOf: (encounter: string | null) => number,
): CodeUse[] {
  const local = new Map(
    mapped.flatMap(([code, , map, , ...places]) => {
      const given = { system: map.slice(0, map.lastIndexOf('@')), code }
      return places.map((at) => [at, given] as const)
    }),
  )
  const visit = encounter ?? String(id)
  return withoutAdded(codes, counts).flatMap((code): CodeUse[] => {
    const { standard, at, given, day, amount, refuses } = code
    const mappedFrom = local.get(refuses ? at : placeOf(code))
    // A code that need not be national matters only if a map translated it.
    if ((!refuses && !mappedFrom) || day === null) return []
    const from = mappedFrom ? { ...mappedFrom, ...(given.name && { name: given.name }) } : given
    return amount === undefined
      ? [{ exchange: id, standard, given: from, day, fen: billOf(encounter), place: visit }]
      : [{ exchange: id, standard, given: from, day, fen: amount, place: `${visit} ${at}` }]
  })
}

/** Drops codes that translation added: if a local code becomes several, the further ones follow the given rows. */
function withoutAdded(codes: readonly ClaimCode[], counts: CodeEvidence['codes']): ClaimCode[] {
  const left = new Map<string, number>()
  for (const { standard, several } of codes) {
    if (several === 'rows') continue
    left.set(standard, (left.get(standard) ?? counts[standard] ?? 0) - 1)
  }
  return codes.filter(({ standard, several }) => {
    if (several !== 'rows') return true
    const rest = left.get(standard) ?? counts[standard] ?? 0
    left.set(standard, rest - 1)
    return rest > 0
  })
}

/** A message refused for its codes was never sent; the evidence holds its unusable codes. */
function refused(
  { id, encounter, at: instant }: EvidenceRow,
  { faults = [] }: CodeEvidence,
  billOf: (encounter: string | null) => number,
): CodeUse[] {
  const day = dayOf(instant as Instant)
  const visit = encounter ?? String(id)
  return faults.map(([at, standard, , system, code, name, fen]) => {
    const given = { system, code, ...(name && { name }) }
    return fen === null
      ? { exchange: id, standard, given, day, fen: billOf(encounter), place: visit }
      : { exchange: id, standard, given, day, fen, place: `${visit} ${at}` }
  })
}
