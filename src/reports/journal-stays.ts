/**
 * Inpatient stays recorded in the journal. A settlement settles a stay and a cancellation withdraws it; a reversal
 * may undo either, which shows as outcome `reversed`. A settlement is undone only once: reversing one that is
 * already withdrawn has no effect.
 */
import type { Area } from '../domain/area.ts'
import { type Day, dayOf, type Instant } from '../domain/day.ts'
import type { Store } from '../store/parts.ts'
import { outcomesOfArea, outcomesOfStay, type StayOutcome } from '../store/queries/journal-stays.ts'
import { type StayEvent, stayKey } from './stay.ts'
import type { StayNumbers } from './stay-numbers.ts'

/** A stay according to the journal; null if it cannot tell. */
export interface JournalStay {
  readonly stay: string
  readonly institution: string
  readonly person: string | null
  readonly insuredArea: Area
  readonly treatmentArea: Area
  readonly admitted: Day | null
  /** Day of the discharge in force. */
  readonly discharged: Day | null
  /** Day of the latest settlement, used if no discharge was reported. */
  readonly settled: Day
  readonly events: readonly StayEvent[]
}

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
  let rows: StayOutcome[] = []
  const close = () => {
    const stay = foldJournal(rows, numbers)
    if (stay) stays.set(stayKey(stay.institution, stay.stay, stay.insuredArea), stay)
    rows = []
  }
  for (const row of outcomesOfArea(database.$client, numbers, prefix)) {
    const first = rows[0]
    if (first && !isSameVisit(first, row)) close()
    rows.push(row)
  }
  close()
  return stays
}

function isSameVisit(one: StayOutcome, other: StayOutcome): boolean {
  return (
    one.encounter === other.encounter &&
    one.institution === other.institution &&
    one.platform === other.platform
  )
}

/** Prepares the query for one stay: its part in the journal, or null. */
export function journalLookup(
  database: Store,
  numbers: StayNumbers,
): (institution: string, stay: string, insuredArea: string) => JournalStay | null {
  const outcomes = outcomesOfStay(database.$client, numbers)
  return (institution, stay, insuredArea) =>
    foldJournal(outcomes(institution, stay, insuredArea.slice(0, 2)), numbers)
}

/** Replays the outcomes of one stay. Null if nothing was settled, or only bills of zero, which do not count. */
function foldJournal(rows: StayOutcome[], numbers: StayNumbers): JournalStay | null {
  const standing = new Set<number>()
  const withdrawals = createWithdrawals()
  const events: StayEvent[] = []
  let settlement: StayOutcome | null = null
  let discharge: StayOutcome | null = null
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

/** Maps each withdrawal of a stay to the settlement it withdrew. */
function createWithdrawals() {
  const settlements: StayOutcome[] = []
  /** Settlement by the withdrawal in force against it; null if the journal does not know the settlement. */
  const withdrawn = new Map<number, number | null>()
  const isWithdrawn = (exchange: number) => [...withdrawn.values()].includes(exchange)

  return {
    of: isWithdrawn,
    settled(row: StayOutcome): void {
      settlements.push(row)
    },
    /** @returns whether it withdrew a settlement in force */
    add({ exchange, names }: StayOutcome, standing: ReadonlySet<number>): boolean {
      const known = settlements.filter((one) => names === null || one.gives === names)
      const stood = known.findLast((one) => standing.has(one.exchange) && !isWithdrawn(one.exchange))
      // For a settlement from outside the gateway the withdrawal is the only evidence.
      if (!stood && known.length > 0) return false
      withdrawn.set(exchange, stood?.exchange ?? null)
      return true
    },
    /** @returns whether the settlement it had withdrawn is in force again */
    remove: ({ exchange }: StayOutcome): boolean => withdrawn.delete(exchange),
  }
}
