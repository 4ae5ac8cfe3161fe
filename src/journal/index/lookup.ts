/** Answers what the journal is asked, from the tail in memory first and else by the index from the segments. */
import QuickLRU from 'quick-lru'
import type { Disk } from '../embedded/disk.ts'
import {
  type ExchangeEntry,
  type ExchangeState,
  isSamePlatform,
  type Opener,
  type OutcomeEntry,
  openerOf,
  type StoredExchange,
  type Unresolved,
} from '../entry.ts'
import { type State, UNRESOLVED } from '../exchange-state.ts'
import type { Files } from '../segment/files.ts'
import { assemble, readBack } from '../segment/read-back.ts'
import type { RecordTable } from '../segment/record.ts'
import type { SealOnly } from '../segment/seal.ts'
import type { Indexed, JournalIndex, Located } from './journal-index.ts'
import type { Unindexed } from './unindexed.ts'

/** The questions of the disk port. */
export type Lookup = Pick<
  Disk,
  | 'byKey'
  | 'byKeyEnd'
  | 'byId'
  | 'byMessage'
  | 'unresolved'
  | 'openers'
  | 'ownOpener'
  | 'settlers'
  | 'cancellations'
  | 'settlements'
  | 'messages'
>

const NO_OPENERS: readonly Opener[] = []

/** Encounters whose opener is kept in memory. */
const OPENERS_MAX = 10_000

/** Makes the questions answerable. */
export function createLookup(
  tail: Unindexed,
  index: JournalIndex,
  files: Files,
  seal: SealOnly,
  archivedUpTo: () => number,
): Lookup {
  /** Openers by institution, platform and encounter. */
  const own = new QuickLRU<string, Opener>({ maxSize: OPENERS_MAX })
  const read = <Value extends ExchangeEntry | OutcomeEntry>(table: RecordTable, indexed: Indexed) =>
    readBack<Value>(table, indexed, files, seal, archivedUpTo())
  const bare = (indexed: Indexed) =>
    readBack<ExchangeEntry>('exchange', indexed, files, null, archivedUpTo()).value

  /** What is known of an exchange, the latest of it. */
  function remembered({ exchange, last }: Located): StoredExchange {
    return assemble(read<ExchangeEntry>('exchange', exchange), last && read<OutcomeEntry>('outcome', last))
  }

  /** What the index has found, with what has been added since. */
  function present(located: Located): Located {
    const recent = tail.byId(located.exchange.columns.id as number)
    return { exchange: recent?.exchange ?? located.exchange, last: recent?.last ?? located.last }
  }

  /** One without a final outcome: each of its records is read once, and nothing of it is opened. */
  function unresolvedOf({ exchange, last }: Located): Unresolved {
    const told = last && readBack<OutcomeEntry>('outcome', last, files, null, archivedUpTo())
    const known = assemble({ value: bare(exchange), archived: false }, told)
    const { state, since, searches, sightings, counterpartMicros } = known
    return { exchange: known.exchange, state, since, searches, sightings, counterpartMicros }
  }

  function byId(id: number): StoredExchange | null {
    const recent = tail.byId(id)
    if (recent?.exchange) return remembered({ exchange: recent.exchange, last: recent.last })
    const located = index.byId(id)
    return located && remembered(present(located))
  }

  /** The exchange of the tail with this number, else what the index finds. */
  function either(id: number | null, find: () => Located | null): StoredExchange | null {
    if (id !== null) return byId(id)
    const located = find()
    return located && remembered(present(located))
  }

  function openers(encounter: string): readonly Opener[] {
    const [indexed, added] = [index.openings(encounter), tail.accepted(encounter)]
    if (indexed.length === 0 && added.length === 0) return NO_OPENERS
    const found = new Map(indexed.map((one) => [one.columns.id as number, bare(one)]))
    for (const id of added) {
      const at = found.has(id) ? null : (tail.byId(id)?.exchange ?? index.byId(id)?.exchange)
      const one = at ? bare(at) : null
      // The request that opens an encounter does not name it yet; its outcome does.
      if (one && one.encounter === null && one.key !== null) found.set(id, one)
    }
    return [...found.values()].map(openerOf)
  }

  /** The first that opened an encounter does not change, and a visit asks for it with every message. */
  function ownOpener(encounter: string, institution: string, insuredArea: string): Opener | null {
    const name = `${institution}|${insuredArea.slice(0, 2)}|${encounter}`
    const known = own.get(name)
    if (known) return known
    const found = openers(encounter).find(
      (one) => one.institution === institution && isSamePlatform(one.insuredArea, insuredArea),
    )
    if (!found) return null
    own.set(name, found)
    return found
  }

  /** An exchange with its state, and nothing of it opened. */
  function stateOf(id: number): ExchangeState[] {
    const recent = tail.byId(id)
    const located = recent?.exchange ? null : index.byId(id)
    const exchange = recent?.exchange ?? located?.exchange
    if (!exchange) return []
    const state = recent?.state ?? (located?.last?.columns.state as State | undefined) ?? 'open'
    return [{ exchange: bare(exchange), state }]
  }

  /** What the index has found and what has been added since, each once. */
  function both(located: readonly Located[], added: readonly number[]): ExchangeState[] {
    const ids = located.map(({ exchange }) => exchange.columns.id as number)
    return [...new Set([...ids, ...added])].flatMap(stateOf)
  }

  return {
    byId,
    byKey: (key) => either(tail.byKey(key), () => index.byKey(key)),
    byKeyEnd(end) {
      const found = new Set(index.byKeyEnd(end).map(({ exchange }) => exchange.columns.id as number))
      for (const id of tail.byKeyEnd(end)) found.add(id)
      return [...found].map((id) => byId(id)!)
    },
    byMessage: (institution, message, transaction) =>
      either(tail.byMessage(institution, message, transaction), () =>
        index.byMessage(institution, message, transaction),
      ),
    unresolved() {
      const found = new Map<number, Unresolved>()
      const add = (located: Located) => {
        const known = unresolvedOf(present(located))
        if (known.exchange.key !== null && UNRESOLVED.includes(known.state))
          found.set(known.exchange.id, known)
      }
      for (const located of index.unresolved()) add(located)
      // What has begun or gone on since the index is not among those, or was added as it is by now.
      for (const [id, state] of tail.states()) {
        if (!UNRESOLVED.includes(state) || found.has(id)) continue
        const recent = tail.byId(id)
        const located = recent?.exchange ? { exchange: recent.exchange, last: recent.last } : index.byId(id)
        if (located) add(located)
      }
      return [...found.values()].sort((one, other) => one.exchange.id - other.exchange.id)
    },
    openers,
    ownOpener,
    settlers: (settlement) =>
      both(index.settlers(settlement), tail.settled(settlement)).filter(
        ({ exchange: { kind, key } }) =>
          key !== null && (kind === 'settlement' || kind === 'cancellation' || kind === 'write'),
      ),
    cancellations: (encounter) => both(index.cancellations(encounter), tail.cancellations(encounter)),
    settlements: (encounter) => both(index.settlements(encounter), tail.settlements(encounter)),
    messages(id) {
      const ids = index.messages(id).map(({ columns }) => columns.id as number)
      const all = new Set([...ids, ...tail.messages(id)])
      const found = [...all].flatMap(stateOf).map(({ exchange }) => exchange)
      // A key of the REST door may end like a message id.
      return found.filter(({ message }) => message === id)
    },
  }
}
