/**
 * The index is not believed: a start holds its rows against their proof, and takes out what does not fit, to be made anew
 * from the segments. The newest are held at once; the older ones of a large journal on a thread behind the open door
 * (`index-rest.ts`).
 */
import type Sqlite from 'better-sqlite3'
import { lastArchived } from '../../store/queries/archived.ts'
import { clearIndexAfter, indexRows, lastIdUpTo, readPosition } from '../../store/queries/index-rows.ts'
import { PROVEN } from '../../store/queries/proof.ts'
import type { RecordTable } from '../segment/record.ts'
import { segmentName } from '../segment/scan.ts'
import { HEADER_BYTES } from '../segment/segment-header.ts'
import { type BrokenBlock, openProofCheck, type Proof } from './index-proof.ts'
import { JournalFault } from './indexing.ts'

/** Ids that a start holds before it goes on: half a second at the most, the last 120,000 messages. */
const NEWEST = { exchange: 120_000, outcome: 360_000 } as const

/** Rows that are not held yet: those with an id below, by table; null where there are none. */
export type Rest = Readonly<Record<RecordTable, number | null>>

/** What became of the index. */
export interface Mended {
  /** What people should know; null where all is well. */
  readonly told: string | null
  /** Null where every row was held. */
  readonly rest: Rest | null
}

/**
 * Holds the index against its proof, and where anything is wrong takes out all rows of segments that are in the journal.
 *
 * @param wholly whether every row is held before this returns
 * @throws {JournalFault} where rows of archived segments are wrong: they cannot be made from what is in the journal
 */
export function mendIndex(
  client: Sqlite.Database,
  secret: string,
  wholly: boolean,
  newest: Readonly<Record<RecordTable, number>> = NEWEST,
): Mended {
  const proof = openProofCheck(client, secret)
  const position = readPosition(client)
  const remade = (told: string): Mended => {
    client.transaction(() => takeOut(client, proof)).immediate()
    return { told, rest: null }
  }
  if (proof.unnoted(position)) {
    return remade('The index is of a form without a proof of its rows: it is made anew from the journal')
  }
  const isAt = proof.isAt(position)
  const found = PROVEN.map((table) => {
    const count = wholly ? Number.POSITIVE_INFINITY : newest[table]
    return proof.check(table, Number.POSITIVE_INFINITY, count)
  })
  const [exchange, outcome] = found.map(({ left }) => left) as [number | null, number | null]
  const broken = found.flatMap((each) => each.broken)
  if (isAt && broken.length === 0) {
    return { told: null, rest: exchange === null && outcome === null ? null : { exchange, outcome } }
  }
  // What stays in it must be right: now all of it is held.
  const all = wholly ? broken : PROVEN.flatMap((table) => wholeOf(proof, table))
  refuseArchived(client, all)
  const where = broken[0] ? brokenText(broken[0]) : 'its position or its sums were changed'
  return remade(
    `The index was not what was written (${where}): it is made anew from the journal, which was not touched. Find out who writes to zhijie.sqlite`,
  )
}

const wholeOf = (proof: Proof, table: RecordTable) =>
  proof.check(table, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY).broken

/** Where it is broken, for people. */
export function brokenText({ table, from, to }: BrokenBlock): string {
  const span = from < 0 ? `up to ${to}` : to > from + 1_000_000_000 ? `from ${from} on` : `${from} to ${to}`
  return `rows ${span} of "${table}" were changed`
}

function refuseArchived(client: Sqlite.Database, broken: readonly BrokenBlock[]): void {
  const last = lastArchived(client)
  if (!last || broken.length === 0) return
  const ends = {
    exchange: lastIdUpTo(client, 'exchange', last.segment),
    outcome: lastIdUpTo(client, 'outcome', last.segment),
  }
  const bad = broken.find(({ table, from }) => from <= ends[table])
  if (!bad) return
  throw new JournalFault(
    `The index is not what was written: ${brokenText(bad)}, and some of them are of segments up to the archived ${segmentName(last.segment)}, which only the archive could tell. The gateway does not start; nothing was changed. Put back a backup with "npm run restore", or the archived segments into journal/ without zhijie.sqlite`,
  )
}

/** What rests in archived segments stays; the position goes back to where they end. */
function takeOut(client: Sqlite.Database, proof: Proof): void {
  const last = lastArchived(client)
  const archived = last?.segment ?? 0
  // The sums and open cases are counted anew from the rows when the index is opened.
  clearIndexAfter(client, archived)
  proof.take()
  if (!last) return
  const { lastSequence, linkNumber: number, linkHash: hash } = last
  const begin = { segment: archived + 1, offset: HEADER_BYTES }
  const link = { number, hash, lastSequence }
  indexRows(client).savePosition({ ...begin, nextSequence: lastSequence + 1, link, linkedTo: begin })
}
