/** Single stays and their messages, page by page. */
import type Sqlite from 'better-sqlite3'
import type { StaysAsked } from './sums.ts'

/** A stay in a list. No person is in it. Amounts in fen. */
export interface ListedStay {
  readonly institution: string
  readonly stay: string
  readonly insured: string
  readonly treatment: string
  readonly relation: string
  readonly admitted: string
  readonly discharged: string
  readonly state: string
  readonly category: string
  readonly code: string
  readonly hop: string
  readonly total: number
  readonly fund: number
}

/** Which stays of those, and after which one. */
export interface ListAsked {
  readonly relation: string | null
  /** `missed`: all but those settled directly. */
  readonly state: string | null
  readonly category: string | null
  /** Discharge, institution, stay and platform of the last stay of the page before. */
  readonly after: readonly [string, string, string, string] | null
  readonly limit: number
}

const STATES: Readonly<Record<string, string>> = {
  missed: "and state != 'direct'",
  direct: "and state = 'direct'",
  manual: "and state = 'manual'",
  selfPayUploaded: "and state = 'selfPayUploaded'",
  withdrawnOnly: "and state = 'withdrawnOnly'",
}

/** Names of what `state` may be. */
export const LISTED_STATES = Object.keys(STATES)

/** Stays, newest discharge first. */
export function listStays(client: Sqlite.Database, asked: StaysAsked, list: ListAsked): ListedStay[] {
  const area = asked.view === 'outbound' ? 'insured' : 'treatment'
  const [discharged, institution, stay, platform] = list.after ?? ['', '', '', '']
  return client
    .prepare<object, ListedStay>(
      `select institution, stay.stay, insured, treatment, relation, admitted, discharged, state, category, code, hop,
         total, fund
       from stay join moment on moment.stay = stay.id and moment.since <= @asOf and moment.before > @asOf
       where ${area} >= @prefix and ${area} < @prefix || ':' and discharged between @from and @to
         and relation != 'local' ${list.relation === null ? '' : 'and relation = @relation'}
         ${asked.institution === null ? '' : 'and institution = @of'} ${STATES[list.state ?? ''] ?? ''}
         ${list.category === null ? '' : 'and category = @category'}
         ${list.after === null ? '' : 'and (discharged, institution, stay.stay, platform) < (@discharged, @institution, @stay, @platform)'}
       order by discharged desc, institution desc, stay.stay desc, platform desc limit @limit`,
    )
    .all({
      ...{ ...asked, of: asked.institution, discharged, institution, stay, platform },
      ...{ relation: list.relation, category: list.category, limit: list.limit },
    })
}

/** One outcome of a message of a stay. Times in UTC milliseconds and in microseconds, amounts in fen. */
export interface StayMessage {
  readonly outcome: number
  readonly message: string | null
  readonly number: string
  readonly kind: string | null
  readonly state: string
  readonly at: number
  readonly begun: number
  readonly problem: string | null
  readonly reason: string | null
  readonly hop: string | null
  readonly total: number | null
  readonly fund: number | null
  readonly ownMicros: number | null
  readonly counterpartMicros: number | null
}

/** What happened to a stay in the journal, oldest first: messages that name it, the one that opened it, refused admissions. */
export function stayMessages(
  client: Sqlite.Database,
  of: {
    readonly institution: string
    readonly stay: string
    readonly platform: string
    readonly after: number
    readonly limit: number
  },
  refused: readonly number[],
): StayMessage[] {
  return client
    .prepare<object, StayMessage>(
      `with of_stay(id) as (
         select id from exchange where encounter = @stay and institution = @institution
           and (insured_area is null or substr(insured_area, 1, 2) = @platform)
         union select opened.exchange from outcome opened join exchange opening on opening.id = opened.exchange
         where opened.encounter = @stay and opening.institution = @institution
           and substr(opening.insured_area, 1, 2) = @platform
         union select value from json_each(@refused))
       select o.id as outcome, e.message, e."transaction" as number, e.kind, o.state, o.at, e.at as begun, o.problem,
         o.reason, o.hop, o.total, o.fund, o.own_micros as ownMicros, o.counterpart_micros as counterpartMicros
       from of_stay join exchange e on e.id = of_stay.id join outcome o on o.exchange = e.id
       where o.id > @after order by o.id limit @limit`,
    )
    .all({ ...of, refused: JSON.stringify(refused) })
}
