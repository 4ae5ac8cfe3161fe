/** What decides about archiving, read from the index and the segments. */
import type Sqlite from 'better-sqlite3'
import type { Instant } from '../../domain/day.ts'
import { presentState, type StateRow } from '../../store/queries/archived.ts'
import { readPosition } from '../../store/queries/index-rows.ts'
import { isFinal, type State } from '../exchange-state.ts'
import type { ChainEnd } from '../index/journal-index.ts'
import { linkOf } from '../segment/chain.ts'
import type { Files } from '../segment/files.ts'
import { rowOf } from '../segment/record.ts'
import { readSegmentHeader, scanBatches, segmentName } from '../segment/scan.ts'
import { HEADER_BYTES } from '../segment/segment-header.ts'
import type { JournalProgress, SegmentFacts } from './archive-policy.ts'

/** An exchange that is not final. */
export interface Unfinished {
  readonly exchange: number
  readonly key: string
}

/** A segment with what has to be looked at once more before it goes. */
export interface ArchiveCandidate {
  readonly facts: SegmentFacts
  readonly firstSequence: number
  /** Keyed exchanges that it speaks of. */
  readonly exchanges: readonly number[]
  readonly unfinished: readonly Unfinished[]
}

/** How far the journal has come by its index; null where nothing is indexed. */
export function standingOf(client: Sqlite.Database): JournalProgress | null {
  const position = readPosition(client)
  if (!position) return null
  const { segment, nextSequence, link } = position
  return { present: segment, linkedUpTo: link.lastSequence, indexedUpTo: nextSequence - 1 }
}

/**
 * Reads what decides about a segment.
 *
 * @returns null where no other segment follows it
 * @throws where a header cannot be read
 */
export function candidateOf(client: Sqlite.Database, files: Files, segment: number): ArchiveCandidate | null {
  const header = readSegmentHeader(files, segment)
  const next = readSegmentHeader(files, segment + 1)
  if (next === 'absent' || next === 'spare') return null
  if (typeof header === 'string' || typeof next === 'string') {
    throw new Error(`The header of ${segmentName(segment)} or of the one after it cannot be read`)
  }
  const { firstSequence } = header
  const lastSequence = next.firstSequence - 1
  const { ids, newest } = spokenOf(files, segment, firstSequence)
  const stateOf = presentState(client)
  const touched = ids.flatMap((id) => stateOf(id) ?? [])
  return {
    facts: { segment, lastSequence, newest: newest as Instant, states: statesOf(touched) },
    firstSequence,
    exchanges: touched.map(({ exchange }) => exchange),
    unfinished: touched
      .filter(({ state }) => !isFinal(state))
      .map(({ exchange, key }) => ({ exchange, key })),
  }
}

/** Exchanges that the records of a segment speak of, and its newest moment. */
function spokenOf(files: Files, segment: number, firstSequence: number): { ids: number[]; newest: number } {
  const name = segmentName(segment)
  const bytes = files.read(name, 0, files.size(name)!)!
  const ids = new Set<number>()
  let newest = 0
  scanBatches(bytes, 0, HEADER_BYTES, firstSequence, ({ records }) => {
    for (const record of records) {
      if (record.type === 'link') continue
      const row = rowOf(record)
      ids.add((record.type === 'exchange' ? row.id : row.exchange) as number)
      newest = Math.max(newest, row.at as number)
    }
  })
  return { ids: [...ids].sort((one, other) => one - other), newest }
}

function statesOf(touched: readonly StateRow[]): SegmentFacts['states'] {
  const youngest = new Map<State, number>()
  for (const { state, since } of touched) youngest.set(state, Math.max(since, youngest.get(state) ?? since))
  return [...youngest].map(([state, at]) => ({ state, youngest: at as Instant }))
}

/**
 * The link that covers the last record of a segment; it rests in a later one.
 *
 * @throws where there is none, which the decision has ruled out
 */
export function linkOver(files: Files, { facts }: ArchiveCandidate): ChainEnd {
  const { segment, lastSequence } = facts
  for (let later = segment + 1; ; later += 1) {
    const name = segmentName(later)
    const header = readSegmentHeader(files, later)
    if (typeof header === 'string') throw new Error(`No link over record ${lastSequence} was found`)
    const bytes = files.read(name, 0, files.size(name)!)!
    let found: ChainEnd | null = null
    scanBatches(bytes, 0, HEADER_BYTES, header.firstSequence, ({ records }) => {
      for (const record of records) {
        if (record.type !== 'link' || found) continue
        const { number, hash, lastSequence: covered } = linkOf(record)
        if (covered === lastSequence) found = { number, hash, lastSequence }
      }
    })
    if (found) return found
  }
}
