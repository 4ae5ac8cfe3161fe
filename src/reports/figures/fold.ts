/**
 * Makes the figures of what the index and the imported stays hold, and brings them along: what has come since is looked at,
 * every stay that it concerns is worked out anew as a whole, and what that changes is written. So figures that were brought
 * along are those that are made in one go.
 */

import { relationOf } from '../../domain/area.ts'
import { addDays, type Day, dayOf, type Instant } from '../../domain/day.ts'
import { partsOf, type Store } from '../../store/parts.ts'
import {
  emptyFigures,
  type FiguresStore,
  figuresFile,
  openFigures,
} from '../../store/queries/figures/open.ts'
import {
  attemptsOf,
  outcomeBefore,
  outcomeMark,
  outcomesAfter,
  platformsOf,
  type SourceOutcome,
  standingMoney,
} from '../../store/queries/figures/sources.ts'
import {
  type ArrivalRow,
  type FigureWrites,
  type Folded,
  figureWrites,
  type KnownStay,
} from '../../store/queries/figures/writes.ts'
import { stayValues, stayValuesAfter } from '../../store/queries/stay-records.ts'
import type { Stay } from '../stay.ts'
import type { StayNumbers } from '../stay-numbers.ts'
import { wholeStay } from '../stays.ts'
import { countTraffic } from './count-traffic.ts'
import { missOf } from './reasons.ts'
import { type Attempt, momentsOf } from './timeline.ts'
import { writeStay } from './write-stay.ts'

/** Rows of imported stays that are taken at once. */
const RECORDS = 2000

/** A refused admission belongs to a stay that began so many days later at most: the filing is put right, and asked again. [A] */
const LATER_DAYS = 3

const NOTHING = { outcome: 0, outcomeMark: '', record: 0, recordMark: '' }

/**
 * Brings the figures up to what the stores hold now.
 *
 * @param numbers which messages of the journal make a stay
 * @returns how many outcomes and rows were new
 */
export function bringAlong(figures: FiguresStore, sources: Store, numbers: StayNumbers): number {
  const parts = partsOf(sources)
  const one = figures.$client.transaction((work: () => number) => work())
  one.immediate(() => {
    if (!isOf(figureWrites(figures.$client).reached(), parts)) emptyFigures(figures)
    return 0
  })
  const writes = figureWrites(figures.$client)
  let taken = 0
  for (const [part, source] of parts.entries()) {
    const next = createFolder(part, source, numbers, writes)
    for (;;) {
      const count = one.immediate(next)
      taken += count
      if (count === 0) break
    }
  }
  return taken
}

/** Opens the figures beside the stores that they are made of, and brings them along. */
export function openBroughtAlong(sources: Store, numbers: StayNumbers): FiguresStore {
  const figures = openFigures(figuresFile(sources))
  bringAlong(figures, sources, numbers)
  return figures
}

/** Whether the figures are made of these stores: each still holds what they reach up to. */
function isOf(reached: readonly Folded[], parts: readonly Store[]): boolean {
  return reached.every(({ part, outcome, outcomeMark: mark, record, recordMark }) => {
    const client = parts[part]?.$client
    if (!client) return false
    const sameOutcome = outcome === 0 || outcomeMark(client, outcome) === mark
    return sameOutcome && (record === 0 || recordMark === JSON.stringify(stayValues(client, record)))
  })
}

/** What a stay is known by. */
interface Named {
  readonly institution: string
  readonly stay: string
  readonly platform: string
}

function createFolder(
  part: number,
  { $client }: Store,
  numbers: StayNumbers,
  writes: FigureWrites,
): () => number {
  const outcomes = outcomesAfter($client)
  const before = outcomeBefore($client)
  const records = stayValuesAfter($client, RECORDS)
  const platforms = platformsOf($client)
  const stayOf = wholeStay({ $client }, numbers)
  const attempts = attemptsOf($client)
  const money = standingMoney($client, [...numbers.settlement, ...numbers.cancellation])

  /** Takes what comes next, in one transaction. */
  return () => {
    const reached = writes.reached().find((one) => one.part === part) ?? { part, ...NOTHING }
    const [rows, added] = [outcomes(reached.outcome), records(reached.record)]
    if (rows.length + added.length === 0) return 0
    const changed = new Map<string, Named>()
    const mark = (one: Named) => void changed.set(`${one.institution}\n${one.stay}\n${one.platform}`, one)
    const visits = new Set<string>()
    const markVisit = (institution: string, encounter: string) => {
      const name = `${institution}\n${encounter}`
      if (visits.has(name)) return
      visits.add(name)
      for (const platform of platforms(institution, encounter))
        mark({ institution, stay: encounter, platform })
    }
    for (const row of rows) {
      countTraffic(writes, row, before)
      if (row.institution === null) continue
      if (row.encounter !== null) markVisit(row.institution, row.encounter)
      if (numbers.admission.includes(row.number ?? '')) for (const one of arrive(row)) mark(one)
    }
    for (const [, stay, , , , institution] of added) markVisit(String(institution), String(stay))
    for (const one of changed.values()) fold(one)
    const [outcome, record] = [rows.at(-1)?.id ?? reached.outcome, added.at(-1)?.[0] ?? reached.record]
    writes.reach({
      ...{ part, outcome, outcomeMark: outcome > 0 ? outcomeMark($client, outcome) : '' },
      ...{ record, recordMark: record > 0 ? JSON.stringify(stayValues($client, record)) : '' },
    })
    return rows.length + added.length
  }

  /** Notes an admission. @returns the stays that it may be of */
  function arrive(row: SourceOutcome): Named[] {
    const { institution, insured, treatment, person, state, exchange } = row
    if (institution === null || insured === null || treatment === null) return []
    if (state === 'open' || state === 'unknown' || state === 'undoing') return []
    const taken = state === 'accepted' ? 1 : 0
    const at = dayOf(row.at as Instant)
    const day = row.day ?? dayOf(row.begun as Instant)
    const where = { part, exchange, institution, person: person ?? '', insured, treatment, day, at }
    writes.putArrival({ ...where, taken, ...missOf(row) })
    if (person === null) return []
    const platform = insured.slice(0, 2)
    return writes.staysAround({ person, institution, platform, day, latest: addDays(day as Day, LATER_DAYS) })
  }

  function fold({ institution, stay: id, platform }: Named): void {
    const known = writes.stay({ institution, stay: id, platform })
    const stay = stayOf(institution, id, platform)
    const found = stay && { stay, platform, moments: momentsOf(stay, attemptsWith(stay, platform)) }
    writeStay(
      writes,
      known,
      found && {
        ...found,
        part,
        relation: relationOf(stay.insuredArea, stay.treatmentArea),
        money: money(institution, id, platform),
      },
    )
  }

  /** Its refused admissions, which do not name it, and the messages that do. */
  function attemptsWith(
    { institution, stay, person, admitted, discharged }: Stay,
    platform: string,
  ): Attempt[] {
    const refused = refusedAround(writes, { institution, person, platform, admitted, discharged })
    return [
      ...refused.map(({ at, code, hop }) => ({ at: at as Day, settled: false, ...saidBy(code), hop })),
      ...attempts(institution, stay, platform).map(({ at, state, reason, problem, hop }) => ({
        at: dayOf(at as Instant),
        settled: state === 'accepted',
        ...{ reason, problem, hop },
      })),
    ]
  }
}

/** Refused admissions that belong to a stay, though they do not name it. */
export function refusedAround(
  writes: FigureWrites,
  { institution, person, platform, admitted, discharged }: Omit<StaySpan, 'stay'>,
): ArrivalRow[] {
  const from = addDays(admitted as Day, -LATER_DAYS)
  return writes.refusals({ person, institution, platform, from, to: discharged })
}

/** Whose stay, where, and when. */
type StaySpan = Pick<KnownStay, 'stay' | 'institution' | 'person' | 'platform' | 'admitted' | 'discharged'>

/** What a refused admission said, by the code that is noted of it. */
function saidBy(code: string): Pick<Attempt, 'reason' | 'problem'> {
  if (code === 'no-reason') return { reason: null, problem: null }
  return /^E\d+$/.test(code) ? { reason: code, problem: null } : { reason: null, problem: code }
}
