/** Collects stays from both sources: the journal, and the records that came by file. */
import { type Area, liesIn, prefixOf } from '../domain/area.ts'
import type { Day } from '../domain/day.ts'
import { partsOf, type Store } from '../store/parts.ts'
import { recordsOfArea, recordsOfStay, type StayRecord } from '../store/queries/stay-records.ts'
import { type JournalStay, journalLookup, readJournalStays } from './journal-stays.ts'
import { type Stay, type StayEvent, stayKey } from './stay.ts'
import type { StayNumbers } from './stay-numbers.ts'

/** Which stays to read: insured in a region and discharged within a period, inclusive. */
export interface StaySelection {
  readonly area?: Area
  readonly from?: Day
  readonly to?: Day
}

/** Reads the selected stays. An event present in both sources counts once. */
export function readStays(database: Store, numbers: StayNumbers, selection: StaySelection = {}): Stay[] {
  return partsOf(database).flatMap((part) => staysIn(part, numbers, selection))
}

/** A stay belongs to one institution, so one store holds all of it. */
function staysIn(database: Store, numbers: StayNumbers, selection: StaySelection): Stay[] {
  const { area, from = '0000-00-00' as Day, to = '9999-99-99' as Day } = selection
  const prefix = area ? prefixOf(area) : ''
  const journal = readJournalStays(database, numbers, prefix)
  const records = new Map<string, StayRecord[]>()
  for (const row of recordsOfArea(database.$client, numbers.settlement, { prefix, from, to })) {
    const key = stayKey(row.institution, row.stay, row.insuredArea)
    const known = records.get(key)
    if (known) known.push(row)
    else records.set(key, [row])
  }
  const stays: Stay[] = []
  const keep = (stay: Stay | null) => {
    if (!stay || stay.discharged < from || stay.discharged > to) return
    if (!area || liesIn(stay.insuredArea, area)) stays.push(stay)
  }
  for (const [key, known] of records) keep(mergeStay(journal.get(key) ?? null, known))
  for (const [key, known] of journal) if (!records.has(key)) keep(mergeStay(known, []))
  return stays
}

/** Prepares the query for one stay: its data in the store, and whether any of it was imported. */
export function stayLookup(
  database: Store,
  numbers: StayNumbers,
): (institution: string, stay: string, insuredArea: string) => { stay: Stay; recorded: boolean } | null {
  const journal = journalLookup(database, numbers)
  const recorded = recordsOfStay(database.$client)
  return (institution, id, insuredArea) => {
    const records = recorded(institution, id)
    const stay = mergeStay(journal(institution, id, insuredArea), records)
    return stay && { stay, recorded: records.length > 0 }
  }
}

/** Prepares the question for one stay as `readStays` would give it; null where it is no stay. */
export function wholeStay(
  database: Store,
  numbers: StayNumbers,
): (institution: string, stay: string, platform: string) => Stay | null {
  const journal = journalLookup(database, numbers)
  const recorded = recordsOfStay(database.$client)
  return (institution, id, platform) =>
    mergeStay(
      journal(institution, id, platform),
      recorded(institution, id).filter(({ insuredArea }) => insuredArea.startsWith(platform)),
    )
}

/** The journal's facts win: they are those of the settlement. Null where neither source knows the stay. */
function mergeStay(journal: JournalStay | null, records: readonly StayRecord[]): Stay | null {
  const record = records[0]
  const facts = journal ?? record
  if (!facts) return null
  const discharged = journal
    ? (journal.discharged ?? record?.discharged ?? journal.settled)
    : facts.discharged!
  return {
    stay: facts.stay,
    institution: facts.institution,
    person: facts.person ?? record?.person ?? stayKey(facts.institution, facts.stay, facts.insuredArea),
    insuredArea: facts.insuredArea,
    treatmentArea: facts.treatmentArea,
    admitted: facts.admitted ?? record?.admitted ?? discharged,
    discharged,
    events: mergeEvents(journal?.events ?? [], records),
  }
}

/** `occurrence` numbers equal events of one day, so those already in the journal are skipped. */
function mergeEvents(journal: readonly StayEvent[], records: readonly StayRecord[]): StayEvent[] {
  const added = records.filter(
    ({ event, at, occurrence }) =>
      occurrence > journal.filter((known) => known.event === event && known.at === at).length,
  )
  return [...journal, ...added.map(({ event, at }) => ({ event, at }))]
}
