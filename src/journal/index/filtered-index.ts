/** The index behind a filter: a name that it certainly does not hold is not asked for. The writer fills the filter. */
import { keysOf, messageName } from '../entry.ts'
import type { Files } from '../segment/files.ts'
import { RECORDS } from '../segment/record.ts'
import type { Filter, Name } from './bloom-filter.ts'
import { saveFilter } from './bloom-filter-file.ts'
import type { IndexWriter, JournalIndex, PlacedRecord } from './journal-index.ts'

/** Records after which the filter is noted again: what a start after a kill reads of the index at most. */
const NOTE_RECORDS = 1_000_000

/** Asks the index only what it may hold. */
export function askFiltered(index: JournalIndex, filter: Filter): JournalIndex {
  return {
    ...index,
    byKey: (key) => (filter.mayHold('key', key) ? index.byKey(key) : null),
    byMessage(institution, message, transaction) {
      const name = messageName({ institution, transaction, message })
      return name !== null && filter.mayHold('key', name)
        ? index.byMessage(institution, message, transaction)
        : null
    },
    openings: (encounter) => (filter.mayHold('encounter', encounter) ? index.openings(encounter) : []),
    settlers: (settlement) => (filter.mayHold('settlement', settlement) ? index.settlers(settlement) : []),
  }
}

const placeIn = (table: keyof typeof RECORDS, field: string) => RECORDS[table].fields.indexOf(field) + 1
const PLACES = {
  ...{ id: placeIn('exchange', 'id'), key: placeIn('exchange', 'key') },
  ...{ institution: placeIn('exchange', 'institution'), message: placeIn('exchange', 'message') },
  transaction: placeIn('exchange', 'transaction'),
  ...{ state: placeIn('outcome', 'state'), encounter: placeIn('outcome', 'encounter') },
  settlement: placeIn('outcome', 'settlement'),
}

/** The names by which a record will be asked for. */
function namesOf({ record, told }: PlacedRecord): readonly Name[] {
  const at = (place: number) => (told[place] ?? null) as string | null
  if (record.type === 'exchange') {
    const key = at(PLACES.key)
    const [institution, transaction] = [at(PLACES.institution), at(PLACES.transaction)]
    const message = at(PLACES.message)
    return key === null
      ? []
      : keysOf({ key, institution, transaction, message }).map((name) => ['key', name] as const)
  }
  if (record.type !== 'outcome' || at(PLACES.state) !== 'accepted') return []
  const names: Name[] = []
  const [encounter, settlement] = [at(PLACES.encounter), at(PLACES.settlement)]
  if (encounter) names.push(['encounter', encounter])
  if (settlement) names.push(['settlement', settlement])
  return names
}

/** Fills the filter with whatever is indexed, before it is, and notes it now and then. */
export function fillFiltered(
  index: IndexWriter,
  filter: Filter,
  files: Files,
  noteRecords = NOTE_RECORDS,
): IndexWriter {
  let end = { exchange: 0, outcome: 0 }
  let since = 0
  let noting: Promise<void> = Promise.resolve()

  /** A filter that cannot be noted is only made anew. */
  function note(): void {
    if (since === 0) return
    since = 0
    noting = noting.then(() => saveFilter(files, index, filter, end)).catch(() => {})
  }

  return {
    ...index,
    apply(records, position) {
      for (const placed of records) {
        for (const name of namesOf(placed)) filter.add(name)
        const { record, told } = placed
        if (record.type === 'exchange') end = { ...end, exchange: told[PLACES.id] as number }
      }
      index.apply(records, position)
      end = { ...end, outcome: position.nextSequence - 1 }
      since += records.length
      if (since >= noteRecords && end.exchange > 0) note()
    },
    async close() {
      if (end.exchange > 0) note()
      await noting
      await index.close()
    },
  }
}
