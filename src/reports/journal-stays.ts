/**
 * Inpatient stays as the journal knows them. A settlement settles a stay, a cancellation withdraws it; either may itself be
 * undone by a reversal, which shows as outcome `reversed`. A settlement is undone once: a reversal of what is
 * withdrawn changes nothing.
 */
import type { Area } from '../domain/area.ts'
import { type Day, dayOf, type Instant } from '../domain/day.ts'
import type { Store } from '../store/parts.ts'
import { type StayEvent, stayKey } from './stay.ts'
import { listOf, type StayNumbers } from './stay-numbers.ts'

/** The part of a stay that the journal holds; null where it cannot say. */
export interface JournalStay {
  readonly stay: string
  readonly institution: string
  readonly person: string | null
  readonly insuredArea: Area
  readonly treatmentArea: Area
  readonly admitted: Day | null
  /** Day of the discharge that stands. */
  readonly discharged: Day | null
  /** Day of the latest settlement, for where no discharge was told. */
  readonly settled: Day
  readonly events: readonly StayEvent[]
}

interface JournalRow {
  readonly institution: string
  readonly encounter: string
  /** First two digits of the insured area: whose platform gave the encounter its id. */
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
  /** Settlement id that a withdrawal names, and the one that an outcome gave. */
  readonly names: string | null
  readonly gives: string | null
}

/** Settlements that may be of a stay, in the words of the index over them. */
const OF_STAYS = `kind = 'settlement' and (lane is null or lane = 'inpatient')`

const visitsOfArea = ({ settlement }: StayNumbers) => `
  select distinct institution, encounter, substr(insured_area, 1, 2) as platform from exchange
  where ${OF_STAYS} and "transaction" in ${listOf(settlement)} and insured_area >= @low and insured_area < @high
    and encounter is not null and institution is not null`

const visitOfStay = ({ settlement }: StayNumbers) => `
  select distinct institution, encounter, substr(insured_area, 1, 2) as platform from exchange
  where encounter = @stay and institution = @institution and substr(insured_area, 1, 2) = @platform
    and ${OF_STAYS} and "transaction" in ${listOf(settlement)}`

/** Cross joins keep the visits outermost, so that the rows of one visit come together without a sort. */
const rowsOf = (visits: string, { admission, discharge, settlement, cancellation }: StayNumbers) => `
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

/**
 * Collects the stays of insured areas that begin with a prefix.
 *
 * @param prefix digits, `"62"` or `"621025"`; empty for all
 * @returns by `stayKey`
 */
export function readJournalStays(
  database: Store,
  numbers: StayNumbers,
  prefix: string,
): Map<string, JournalStay> {
  const stays = new Map<string, JournalStay>()
  let rows: JournalRow[] = []
  const close = () => {
    const stay = foldJournal(rows, numbers)
    if (stay) stays.set(stayKey(stay.institution, stay.stay, stay.insuredArea), stay)
    rows = []
  }
  const statement = database.$client.prepare(rowsOf(visitsOfArea(numbers), numbers))
  for (const row of statement.iterate({ low: prefix, high: `${prefix}:` }) as Iterable<JournalRow>) {
    const first = rows[0]
    if (first && !isSameVisit(first, row)) close()
    rows.push(row)
  }
  close()
  return stays
}

function isSameVisit(one: JournalRow, other: JournalRow): boolean {
  return (
    one.encounter === other.encounter &&
    one.institution === other.institution &&
    one.platform === other.platform
  )
}

/** Prepares the question for one stay: what the journal holds of it, or null. */
export function journalLookup(
  database: Store,
  numbers: StayNumbers,
): (institution: string, stay: string, insuredArea: string) => JournalStay | null {
  const probe = database.$client.prepare(
    'select 1 from exchange where encounter = ? and institution = ? limit 1',
  )
  const statement = database.$client.prepare(rowsOf(visitOfStay(numbers), numbers))
  return (institution, stay, insuredArea) => {
    if (probe.get(stay, institution) === undefined) return null // most imported stays, at a fraction of the cost
    const platform = insuredArea.slice(0, 2)
    return foldJournal(statement.all({ institution, stay, platform }) as JournalRow[], numbers)
  }
}

/** Replays the outcomes of one stay. Null where nothing was settled, or only bills of zero fee, which do not count. */
function foldJournal(rows: JournalRow[], numbers: StayNumbers): JournalStay | null {
  const standing = new Set<number>()
  const withdrawals = createWithdrawals()
  const events: StayEvent[] = []
  let settlement: JournalRow | null = null
  let discharge: JournalRow | null = null
  let charged = false
  for (const row of rows.sort((one, other) => one.outcome - other.outcome)) {
    const accepted = row.state === 'accepted'
    if (accepted === standing.has(row.exchange)) continue
    if (!accepted && withdrawals.of(row.exchange)) continue
    if (accepted) standing.add(row.exchange)
    else standing.delete(row.exchange)
    const at = dayOf(row.at as Instant)
    if (numbers.discharge.includes(row.number)) {
      if (accepted) discharge = row
      else if (discharge?.exchange === row.exchange) discharge = null
    } else if (numbers.settlement.includes(row.number)) {
      events.push({ event: accepted ? 'D' : 'R', at })
      if (accepted) withdrawals.settled(row)
      if (accepted) settlement = row
      charged ||= row.total !== 0
    } else if (accepted ? withdrawals.add(row, standing) : withdrawals.remove(row)) {
      events.push({ event: accepted ? 'R' : 'D', at })
    }
  }
  if (!settlement?.insuredArea || !settlement.treatmentArea || !charged) return null
  return {
    stay: settlement.encounter,
    institution: settlement.institution,
    person: settlement.person,
    insuredArea: settlement.insuredArea as Area,
    treatmentArea: settlement.treatmentArea as Area,
    admitted: settlement.admitted as Day | null,
    discharged: (discharge?.day ?? null) as Day | null,
    settled: (settlement.day ?? dayOf(settlement.at as Instant)) as Day,
    events,
  }
}

/** Which settlement of a stay each withdrawal has withdrawn. */
function createWithdrawals() {
  const settlements: JournalRow[] = []
  /** Settlement by the withdrawal that stands against it; null where the journal does not know the settlement. */
  const withdrawn = new Map<number, number | null>()
  const isWithdrawn = (exchange: number) => [...withdrawn.values()].includes(exchange)

  return {
    of: isWithdrawn,
    settled(row: JournalRow): void {
      settlements.push(row)
    },
    /** @returns whether it has withdrawn something that stood */
    add({ exchange, names }: JournalRow, standing: ReadonlySet<number>): boolean {
      const known = settlements.filter((one) => names === null || one.gives === names)
      const stood = known.findLast((one) => standing.has(one.exchange) && !isWithdrawn(one.exchange))
      // Of a settlement that did not come this way the withdrawal alone tells.
      if (!stood && known.length > 0) return false
      withdrawn.set(exchange, stood?.exchange ?? null)
      return true
    },
    /** @returns whether what it had withdrawn stands again */
    remove: ({ exchange }: JournalRow): boolean => withdrawn.delete(exchange),
  }
}
