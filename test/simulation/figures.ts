/**
 * Rules 2, 10 and 11 at rest: no key stands twice. The journal is put into the product's own tables, its reports are asked
 * for each day of the run, and their figures must be those that are counted here from the platter and from the provinces'
 * books. Nothing in all the bytes of the platter may be a number of a person.
 */
import national from '../../adapters/000000-national/index.ts'
import type { Area } from '../../src/domain/area.ts'
import { addDays, type Day, dayOf } from '../../src/domain/day.ts'
import { type MoneyRow, readJournalBook } from '../../src/ledger/journal-book.ts'
import { BASES, settlementRate } from '../../src/reports/settlement-rate.ts'
import { stayNumbersOf } from '../../src/reports/stay-numbers.ts'
import { readStays } from '../../src/reports/stays.ts'
import { openDatabase } from '../../src/store/database.ts'
import { FIELDS } from '../../src/store/queries/columns.ts'
import { exchange, outcome } from '../../src/store/schema.ts'
import type { DurableRows, Stored } from './durable-rows.ts'
import type { Model } from './model.ts'
import type { Province } from './province.ts'

const STAYS = stayNumbersOf(national.operations)

/** The tables, used again by every run. */
export const database = openDatabase(':memory:')
const client = database.$client
const clear = client.transaction(() => client.exec('delete from exchange; delete from outcome'))

const TABLES = { exchange, outcome } as const

/** Puts rows into a table, without what is sealed; places mean nothing here. */
function adder(table: keyof typeof TABLES): (row: object) => void {
  const fields = FIELDS[table]
  const columns = TABLES[table] as unknown as Record<string, { readonly name: string }>
  const names = [...fields.map((field) => columns[field]!.name), 'segment', 'offset', 'length']
  const statement = client.prepare(
    `insert into ${table} (${names.map((name) => `"${name}"`)}) values (${names.map(() => '?')})`,
  )
  return (row) => {
    statement.run([...fields.map((field) => (row as Record<string, unknown>)[field]), 1, 0, 0])
  }
}

const add = { exchange: adder('exchange'), outcome: adder('outcome') }
const write = client.transaction(({ log }: DurableRows) => {
  for (const entry of log) {
    if (entry.exchange) add.exchange(entry.exchange)
    if (entry.outcome) add.outcome(entry.outcome)
  }
})

const PERIOD = { from: '2026-01-01' as Day, to: '2026-12-31' as Day }
const REGIONS = [
  { area: '620000' as Area, scope: 'cross' },
  { area: '430000' as Area, scope: 'cross' },
  { area: '340000' as Area, scope: 'intra' },
] as const

/** Judges, and hands back the money of the journal as the product reads it. */
export function atRest(platter: DurableRows, provinces: readonly Province[], model: Model): MoneyRow[] {
  for (const key of platter.twice) model.fault(`${key} stands twice in the journal`)
  // The product's own tables take a key once.
  if (platter.twice.length > 0) return []
  write(platter)
  try {
    const bytes = platter.bytes()
    for (const { document, psn_no } of model.persons.values())
      if (bytes.includes(document) || bytes.includes(psn_no))
        model.fault('a number of a person rests in clear')
    for (const fault of figureFaults(platter, provinces)) model.fault(fault)
    return readJournalBook(database)
  } finally {
    clear()
  }
}

function* figureFaults(platter: DurableRows, provinces: readonly Province[]): Generator<string> {
  const moves = platter
    .keyed()
    .filter(({ exchange }) => exchange.transaction === '2304' || exchange.transaction === '2305')
  if (moves.length === 0) return
  const days = daysOf(platter)
  for (const { area, scope } of REGIONS) {
    const ours = moves.filter(({ exchange }) => isAsked(exchange.insuredArea!, exchange.treatmentArea!, area))
    if (ours.length === 0) continue
    const stays = readStays(database, STAYS, { area, ...PERIOD })
    for (const asOf of days) {
      const { direct, withdrawn } = countOn(ours, asOf)
      for (const basis of BASES) {
        const { numerator, denominator } = settlementRate(stays, { area, ...PERIOD, asOf, scope, basis })
        const all = basis === 'broad' ? direct + withdrawn : direct
        if (numerator !== direct || denominator !== all)
          yield `${area} as of ${asOf}, ${basis}: ${numerator} of ${denominator}, counted ${direct} of ${all}`
      }
    }
    const encounters = new Set(ours.map(({ exchange }) => exchange.encounter!))
    const standing = [...encounters].filter((each) => provinces.some((one) => one.standing(each).length > 0))
    const { direct } = countOn(ours, days.at(-1)!)
    if (standing.length !== direct)
      yield `${area}: ${direct} direct settlements here, ${standing.length} in the province's book`
  }
}

/** Every day on which something was written. */
function daysOf({ log }: DurableRows): Day[] {
  const days = log.flatMap(({ outcome }) => (outcome ? [dayOf(outcome.at)] : [])).toSorted()
  const all: Day[] = []
  for (let day = days[0]!; day <= days.at(-1)!; day = addDays(day, 1)) all.push(day)
  return all
}

/** Whether a stay is one of the region's insured treated elsewhere: by the first digits of the two areas. */
function isAsked(insured: string, treatment: string, region: Area): boolean {
  return insured.startsWith(region.slice(0, 2)) && insured.slice(0, 4) !== treatment.slice(0, 4)
}

/** Stays with a standing settlement, and stays whose settlement was undone, as known on a day. */
function countOn(moves: readonly Stored[], day: Day): { direct: number; withdrawn: number } {
  const stays = new Map<string, { standing: number; settled: boolean }>()
  for (const { exchange, outcomes } of moves) {
    const known = outcomes.filter(({ at }) => dayOf(at) <= day)
    if (!known.some(({ state }) => state === 'accepted')) continue
    const stay = stays.get(exchange.encounter!) ?? { standing: 0, settled: false }
    stays.set(exchange.encounter!, stay)
    const settles = exchange.transaction === '2304'
    stay.settled ||= settles
    if (known.at(-1)!.state === 'accepted') stay.standing += settles ? 1 : -1
  }
  const settled = [...stays.values()].filter((stay) => stay.settled)
  const direct = settled.filter(({ standing }) => standing > 0).length
  return { direct, withdrawn: settled.length - direct }
}
