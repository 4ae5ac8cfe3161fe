/** Inpatient stays in the journal's index: settlements, cancellations and discharges by visit. */
import type Sqlite from 'better-sqlite3'
import type { StayPart } from '../../extension/dialect.ts'
import { listOf } from './text-list.ts'

/** One outcome of a message that belongs to a stay. */
export interface StayOutcome {
  readonly institution: string
  readonly encounter: string
  /** First two digits of the insured area, which identify the platform that issued the encounter id. */
  readonly platform: string
  readonly admitted: string | null
  readonly number: string
  readonly exchange: number
  readonly person: string | null
  readonly insuredArea: string | null
  readonly treatmentArea: string | null
  readonly day: string | null
  readonly outcome: number
  readonly state: 'accepted' | 'reversed'
  readonly at: number
  readonly total: number | null
  /** Settlement id named by a withdrawal, and the one assigned by an outcome. */
  readonly names: string | null
  readonly gives: string | null
}

/** Transaction numbers by part of a stay. */
type Numbers = Readonly<Record<StayPart, readonly string[]>>

/** Settlements that may belong to a stay, worded like the partial index on them. */
const OF_STAYS = `kind = 'settlement' and (lane is null or lane = 'inpatient')`

const visitsOfArea = ({ settlement }: Numbers) => `
  select distinct institution, encounter, substr(insured_area, 1, 2) as platform from exchange
  where ${OF_STAYS} and "transaction" in ${listOf(settlement)} and insured_area >= @low and insured_area < @high
    and encounter is not null and institution is not null`

const visitOfStay = ({ settlement }: Numbers) => `
  select distinct institution, encounter, substr(insured_area, 1, 2) as platform from exchange
  where encounter = @stay and institution = @institution and substr(insured_area, 1, 2) = @platform
    and ${OF_STAYS} and "transaction" in ${listOf(settlement)}`

/** Cross joins keep visits in the outer loop, so that the rows of a visit are adjacent without a sort. */
const rowsOf = (visits: string, { admission, discharge, settlement, cancellation }: Numbers) => `
  with visit as materialized (${visits}),
  admission as materialized (
    select institution, encounter, platform, (
      select opening.day from outcome cross join exchange opening on opening.id = outcome.exchange
      where outcome.encounter = visit.encounter and outcome.state = 'accepted'
        and opening."transaction" in ${listOf(admission)} and opening.institution = visit.institution
        and substr(opening.insured_area, 1, 2) = visit.platform
      order by outcome.id desc limit 1
    ) as admitted from visit
  )
  select admission.institution, admission.encounter, admission.platform, admission.admitted, exchange."transaction" as number,
    exchange.id as exchange, exchange.person, exchange.insured_area as insuredArea,
    exchange.treatment_area as treatmentArea, exchange.day, outcome.id as outcome, outcome.state, outcome.at,
    outcome.total, exchange.settlement as names, outcome.settlement as gives
  from admission
  cross join exchange on exchange.encounter = admission.encounter
    and exchange.institution = admission.institution
    and (exchange.insured_area is null or substr(exchange.insured_area, 1, 2) = admission.platform)
    and exchange."transaction" in ${listOf([...settlement, ...cancellation, ...discharge])}
    and (exchange.lane is null or exchange.lane = 'inpatient')
  cross join outcome on outcome.exchange = exchange.id and outcome.state in ('accepted', 'reversed')`

/** Outcomes of stays whose insured area has a prefix, grouped by visit. */
export function outcomesOfArea(
  client: Sqlite.Database,
  numbers: Numbers,
  prefix: string,
): IterableIterator<StayOutcome> {
  return client
    .prepare<[object], StayOutcome>(rowsOf(visitsOfArea(numbers), numbers))
    .iterate({ low: prefix, high: `${prefix}:` })
}

/** Prepares the query for the outcomes of one stay. */
export function outcomesOfStay(
  client: Sqlite.Database,
  numbers: Numbers,
): (institution: string, stay: string, platform: string) => StayOutcome[] {
  const any = client.prepare<[string, string]>(
    'select 1 from exchange where encounter = ? and institution = ? limit 1',
  )
  const outcomes = client.prepare<[object], StayOutcome>(rowsOf(visitOfStay(numbers), numbers))
  return (institution, stay, platform) =>
    // Most imported stays are not in the journal; this check is much cheaper than the query.
    any.get(stay, institution) === undefined ? [] : outcomes.all({ institution, stay, platform })
}
