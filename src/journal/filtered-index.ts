/** The index behind a filter: a name that it certainly does not hold is not asked for. The writer fills the filter. */
import type { Files } from './files.ts'
import type { Filter, Name } from './filter.ts'
import { noteFilter } from './filter-file.ts'
import type { IndexWriter, JournalIndex, PlacedRecord } from './journal-index.ts'
import { RECORDS } from './record.ts'

/** Records after which the filter is noted again: what a start after a kill reads of the index at most. */
const NOTE_RECORDS = 1_000_000

/** Asks the index only what it may hold. */
export function askFiltered(index: JournalIndex, filter: Filter): JournalIndex {
  return {
    ...index,
    byKey: (key) => (filter.mayHold('key', key) ? index.byKey(key) : null),
    opening: (encounter) => (filter.mayHold('encounter', encounter) ? index.opening(encounter) : null),
  }
}

const placeIn = (table: keyof typeof RECORDS, field: string) => RECORDS[table].fields.indexOf(field) + 1
const PLACES = {
  ...{ id: placeIn('exchange', 'id'), key: placeIn('exchange', 'key') },
  ...{ state: placeIn('outcome', 'state'), encounter: placeIn('outcome', 'encounter') },
}

/** The name by which a record will be asked for; null where it has none. */
function nameOf({ record, told }: PlacedRecord): Name | null {
  if (record.type === 'exchange') {
    const key = told[PLACES.key] ?? null
    return key === null ? null : ['key', key as string]
  }
  const encounter = record.type === 'outcome' && told[PLACES.state] === 'accepted' && told[PLACES.encounter]
  return encounter ? ['encounter', encounter as string] : null
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
    noting = noting.then(() => noteFilter(files, index, filter, end)).catch(() => {})
  }

  return {
    ...index,
    apply(records, position) {
      for (const placed of records) {
        const name = nameOf(placed)
        if (name) filter.add(name)
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
