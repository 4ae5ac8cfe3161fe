/** Answers what the journal is asked, from the tail in memory first and else by the index from the segments. */
import type { Disk, ExchangeEntry, OutcomeEntry, Remembered } from './entry.ts'
import type { Files } from './files.ts'
import type { Indexed, JournalIndex, Located } from './journal-index.ts'
import { UNRESOLVED } from './life.ts'
import type { RecordTable } from './record.ts'
import { type ReadBack, readBack, remember } from './remember.ts'
import type { SealOnly } from './seal.ts'
import type { Tail } from './tail.ts'

/** The questions of the disk port. */
export type Lookup = Pick<
  Disk,
  'byKey' | 'byId' | 'byMessage' | 'unresolved' | 'institutionOf' | 'opening' | 'laneOfSettlement'
>

const inClear = <Value>(value: Value): ReadBack<Value> => ({ value, archived: false })

/** Makes the questions answerable. */
export function createLookup(
  tail: Tail,
  index: JournalIndex,
  files: Files,
  seal: SealOnly,
  archivedUpTo: () => number,
): Lookup {
  const read = <Value extends ExchangeEntry | OutcomeEntry>(table: RecordTable, indexed: Indexed) =>
    readBack<Value>(table, indexed, files, seal, archivedUpTo())

  /** What the index has found, with what has been added since. */
  function remembered(located: Located): Remembered {
    const recent = tail.byId(located.exchange.columns.id as number)
    const last = recent?.last
      ? inClear(recent.last)
      : located.last && read<OutcomeEntry>('outcome', located.last)
    const exchange = recent?.exchange
      ? inClear(recent.exchange)
      : read<ExchangeEntry>('exchange', located.exchange)
    return remember(exchange, last)
  }

  function byId(id: number): Remembered | null {
    const recent = tail.byId(id)
    if (recent?.exchange) return remember(inClear(recent.exchange), recent.last && inClear(recent.last))
    const located = index.byId(id)
    return located && remembered(located)
  }

  /** The exchange of the tail with this number, else what the index finds. */
  function either(id: number | null, find: () => Located | null): Remembered | null {
    if (id !== null) return byId(id)
    const located = find()
    return located && remembered(located)
  }

  function opening(encounter: string): Remembered | null {
    const located = index.opening(encounter)
    if (located) return remembered(located)
    for (const id of tail.accepted(encounter)) {
      const one = byId(id)
      // The request that opens an encounter does not name it yet; its outcome does.
      if (one && one.exchange.encounter === null && one.exchange.key !== null) return one
    }
    return null
  }

  return {
    byId,
    byKey: (key) => either(tail.byKey(key), () => index.byKey(key)),
    byMessage: (institution, message, transaction) =>
      either(tail.byMessage(institution, message, transaction), () =>
        index.byMessage(institution, message, transaction),
      ),
    unresolved() {
      const ids = new Set([...index.unresolved().map(({ exchange }) => exchange.columns.id as number)])
      for (const id of tail.ids()) ids.add(id)
      return [...ids]
        .sort((one, other) => one - other)
        .map((id) => byId(id)!)
        .filter(({ exchange, state }) => exchange.key !== null && UNRESOLVED.includes(state))
    },
    institutionOf: (encounter) => opening(encounter)?.exchange.institution ?? null,
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
