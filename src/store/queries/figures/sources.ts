/** What the figures are made of: outcomes of the index in their order, and what else it knows of a stay. */
import type Sqlite from 'better-sqlite3'
import { listOf } from '../text-list.ts'

/** An outcome with its message. Times in UTC milliseconds, amounts in fen. */
export interface SourceOutcome {
  readonly id: number
  readonly exchange: number
  readonly state: string
  readonly at: number
  readonly problem: string | null
  readonly reason: string | null
  readonly hop: string | null
  readonly encounter: string | null
  readonly total: number | null
  readonly fund: number | null
  readonly ownMicros: number | null
  readonly commitMicros: number | null
  readonly counterpartMicros: number | null
  readonly institution: string | null
  readonly number: string | null
  readonly kind: string | null
  readonly lane: string | null
  readonly insured: string | null
  readonly treatment: string | null
  readonly destination: string | null
  readonly person: string | null
  readonly day: string | null
  /** When the message came. */
  readonly begun: number
}

const OUTCOME = `o.id, o.exchange, o.state, o.at, o.problem, o.reason, o.hop, o.total, o.fund,
  o.own_micros as ownMicros, o.commit_micros as commitMicros, o.counterpart_micros as counterpartMicros,
  coalesce(e.encounter, o.encounter) as encounter, e.institution, e."transaction" as number, e.kind, e.lane,
  e.insured_area as insured, e.treatment_area as treatment, e.destination, e.person, e.day, e.at as begun
  from outcome o cross join exchange e on e.id = o.exchange`

/** How many rows are taken at once. */
const BATCH = 2000

/** Prepares the reading of outcomes after a number. */
export function outcomesAfter(client: Sqlite.Database): (id: number) => SourceOutcome[] {
  const next = client.prepare<[number], SourceOutcome>(
    `select ${OUTCOME} where o.id > ? order by o.id limit ${BATCH}`,
  )
  return (id) => next.all(id)
}

/** Prepares the question for the outcome of the same message before this one; a message that is only open has none. */
export function outcomeBefore(client: Sqlite.Database): (one: SourceOutcome) => SourceOutcome | undefined {
  const before = client.prepare<[number, number], SourceOutcome>(
    `select ${OUTCOME} where o.exchange = ? and o.id < ? and o.state != 'open' order by o.id desc limit 1`,
  )
  return ({ exchange, id }) => before.get(exchange, id)
}

/** What tells an outcome from any other of its number; empty where there is none. */
export function outcomeMark(client: Sqlite.Database, id: number): string {
  const mark = client.prepare<[number], string>(
    'select json_array(exchange, state, at, segment, "offset") from outcome where id = ?',
  )
  return mark.pluck().get(id) ?? ''
}

/** Prepares the question for the provinces whose platforms know a visit of this name at an institution. */
export function platformsOf(client: Sqlite.Database): (institution: string, encounter: string) => string[] {
  const found = client
    .prepare<object, string>(
      `select substr(insured_area, 1, 2) from exchange
       where encounter = @encounter and institution = @institution and insured_area is not null
       union select substr(insured_area, 1, 2) from stay_record
       where stay = @encounter and institution = @institution`,
    )
    .pluck()
  return (institution, encounter) => found.all({ institution, encounter })
}

/** A message of a stay that was not taken, or a settlement that was. */
export interface StayAttempt {
  readonly at: number
  readonly state: string
  readonly kind: string
  readonly problem: string | null
  readonly reason: string | null
  readonly hop: string | null
}

/** Prepares the question for the attempts of a stay in order: what was refused, did not leave or had no clear answer, and settlements. */
export function attemptsOf(
  client: Sqlite.Database,
): (institution: string, stay: string, platform: string) => StayAttempt[] {
  const found = client.prepare<object, StayAttempt>(
    `select o.at, o.state, e.kind, o.problem, o.reason, o.hop
     from exchange e cross join outcome o on o.exchange = e.id
     where e.encounter = @stay and e.institution = @institution and e.kind in ('write', 'trial', 'settlement')
       and (e.insured_area is null or substr(e.insured_area, 1, 2) = @platform)
       and (o.state in ('refused', 'rejected', 'unsent', 'unknown')
         or (o.state = 'accepted' and e.kind = 'settlement'))
     order by o.id`,
  )
  return (institution, stay, platform) => found.all({ institution, stay, platform })
}

/** What stands of a stay's settlements, in fen. */
export interface StayMoney {
  readonly total: number
  readonly fund: number
}

/** Prepares the question for it: a cancellation has its amounts below zero. @param numbers of what settles, and of what cancels */
export function standingMoney(
  client: Sqlite.Database,
  numbers: readonly string[],
): (institution: string, stay: string, platform: string) => StayMoney {
  const found = client.prepare<object, StayMoney>(
    `select coalesce(sum(o.total), 0) as total, coalesce(sum(o.fund), 0) as fund
     from exchange e cross join outcome o on o.id =
       (select max(last.id) from outcome last where last.exchange = e.id)
     where e.encounter = @stay and e.institution = @institution and e."transaction" in ${listOf(numbers)}
       and (e.insured_area is null or substr(e.insured_area, 1, 2) = @platform) and o.state = 'accepted'`,
  )
  return (institution, stay, platform) => found.get({ institution, stay, platform })!
}
