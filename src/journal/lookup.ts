/** Answers what the journal is asked, from the tail in memory first and else by the index from the segments. */
import type { Disk, ExchangeEntry, OutcomeEntry, Remembered } from './entry.ts'
import type { Files } from './files.ts'
import type { Indexed, JournalIndex, Located } from './journal-index.ts'
import { UNRESOLVED } from './life.ts'
import type { RecordTable } from './record.ts'
import { readBack, remember } from './remember.ts'
import type { SealOnly } from './seal.ts'
import type { Tail } from './tail.ts'

/** The questions of the disk port. */
export type Lookup = Pick<
  Disk,
  | 'byKey'
  | 'byKeyEnd'
  | 'byId'
  | 'byMessage'
  | 'unresolved'
  | 'institutionOf'
  | 'opening'
  | 'laneOfSettlement'
>

/** Encounters whose institution is kept in memory. */
const OPENERS_MAX = 10_000

/** Makes the questions answerable. */
export function createLookup(
  tail: Tail,
  index: JournalIndex,
  files: Files,
  seal: SealOnly,
  archivedUpTo: () => number,
): Lookup {
  /** Institutions by the encounters that they have opened, the oldest answers first. */
  const openers = new Map<string, string>()
  const read = <Value extends ExchangeEntry | OutcomeEntry>(table: RecordTable, indexed: Indexed) =>
    readBack<Value>(table, indexed, files, seal, archivedUpTo())
  const bare = (indexed: Indexed) =>
    readBack<ExchangeEntry>('exchange', indexed, files, null, archivedUpTo()).value

  /** What is known of an exchange, the latest of it. */
  function remembered({ exchange, last }: Located): Remembered {
    return remember(read<ExchangeEntry>('exchange', exchange), last && read<OutcomeEntry>('outcome', last))
  }

  /** What the index has found, with what has been added since. */
  function present(located: Located): Located {
    const recent = tail.byId(located.exchange.columns.id as number)
    return { exchange: recent?.exchange ?? located.exchange, last: recent?.last ?? located.last }
  }

  function byId(id: number): Remembered | null {
    const recent = tail.byId(id)
    if (recent?.exchange) return remembered({ exchange: recent.exchange, last: recent.last })
    const located = index.byId(id)
    return located && remembered(present(located))
  }

  /** The exchange of the tail with this number, else what the index finds. */
  function either(id: number | null, find: () => Located | null): Remembered | null {
    if (id !== null) return byId(id)
    const located = find()
    return located && remembered(present(located))
  }

  /** The exchange that opened an encounter, without its message. */
  function openerOf(encounter: string): ExchangeEntry | null {
    const located = index.opening(encounter)
    if (located) return bare(located.exchange)
    for (const id of tail.accepted(encounter)) {
      const indexed = tail.byId(id)?.exchange ?? index.byId(id)?.exchange
      const one = indexed ? bare(indexed) : null
      // The request that opens an encounter does not name it yet; its outcome does.
      if (one && one.encounter === null && one.key !== null) return one
    }
    return null
  }

  function opening(encounter: string): Remembered | null {
    const opener = openerOf(encounter)
    return opener && byId(opener.id)
  }

  /** Who has opened an encounter does not change, and a visit asks for it with every message. */
  function institutionOf(encounter: string): string | null {
    const known = openers.get(encounter)
    if (known !== undefined) return known
    const institution = openerOf(encounter)?.institution ?? null
    if (institution !== null) openers.set(encounter, institution)
    if (openers.size > OPENERS_MAX) openers.delete(openers.keys().next().value!)
    return institution
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
      const ids = new Set(index.unresolved().map(({ exchange }) => exchange.columns.id as number))
      for (const [id, state] of tail.states()) {
        if (UNRESOLVED.includes(state)) ids.add(id)
        else ids.delete(id)
      }
      return [...ids]
        .sort((one, other) => one - other)
        .map((id) => byId(id)!)
        .filter(({ exchange }) => exchange.key !== null)
    },
    institutionOf,
    opening,
    laneOfSettlement(settlement) {
      for (const id of tail.settled(settlement)) {
        const one = byId(id)
        if (one?.exchange.kind === 'settlement') return one.exchange.lane
      }
      return index.laneOfSettlement(settlement)
    },
  }
}
