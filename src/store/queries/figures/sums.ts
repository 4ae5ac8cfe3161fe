/** What is asked of the figures in sums: stays by state and reason, persons, flows. */
import type Sqlite from 'better-sqlite3'

/** Whose stays are counted: those of the insured of an area, or those treated there. */
export const VIEWS = ['outbound', 'inbound'] as const
/** One of `VIEWS`. */
export type Viewpoint = (typeof VIEWS)[number]

/** Which stays. Days include both ends. */
export interface StaysAsked {
  readonly view: Viewpoint
  /** First digits of the area; empty for all. */
  readonly prefix: string
  readonly from: string
  readonly to: string
  /** Nothing later is known. */
  readonly asOf: string
  /** Only those of an institution; null for all. */
  readonly institution: string | null
}

/** By what sums are told apart: a level of areas, months, the institution, or nothing. */
export const GROUPINGS = ['none', 'province', 'city', 'county', 'month', 'institution'] as const
/** One of `GROUPINGS`. */
export type Grouping = (typeof GROUPINGS)[number]

/** Stays of one kind. */
export interface StaySum {
  /** Area or month; empty where nothing is told apart. */
  readonly key: string
  readonly relation: 'cross' | 'intra'
  readonly state: 'direct' | 'manual' | 'selfPayUploaded' | 'withdrawnOnly'
  readonly category: string
  readonly n: number
}

const keyBy = (by: Grouping, area: string, discharged: string) =>
  ({
    none: "''",
    province: `substr(${area}, 1, 2) || '0000'`,
    city: `substr(${area}, 1, 4) || '00'`,
    county: area,
    month: `substr(${discharged}, 1, 7)`,
    institution: 'institution',
  })[by]

/** The column of the area that a view is of. */
const AREA = { outbound: 'insured', inbound: 'treatment' } as const

/** A stay and what it was on a day. */
const KNOWN_STAYS = `stay join moment on moment.stay = stay.id and moment.since <= @asOf and moment.before > @asOf`

/** Stays of an area and a period, as the words above name them. */
function askedStays({ view, institution }: StaysAsked): string {
  const area = AREA[view]
  // An institution has fewer stays than an area: a plus sign keeps the area from choosing the index.
  const of = institution === null ? '' : 'and stay.institution = @institution'
  const column = institution === null ? `stay.${area}` : `+stay.${area}`
  return `${column} >= @prefix and ${column} < @prefix || ':' and stay.discharged between @from and @to
    and stay.relation != 'local' ${of}`
}

/** Sums stays. A whole number of months is answered from months. */
export function sumStays(client: Sqlite.Database, asked: StaysAsked, by: Grouping): StaySum[] {
  if (asked.institution !== null || by === 'institution') {
    return client
      .prepare<object, StaySum>(
        `select ${keyBy(by, `stay.${AREA[asked.view]}`, 'stay.discharged')} as key, relation, state, category,
           count(*) as n from ${KNOWN_STAYS} where ${askedStays(asked)} group by 1, 2, 3, 4 order by 1`,
      )
      .all(asked)
  }
  const months = isWholeMonths(asked.from, asked.to)
  const [from, to] = months ? [asked.from.slice(0, 7), asked.to.slice(0, 7)] : [asked.from, asked.to]
  return client
    .prepare<object, StaySum>(
      `select ${keyBy(by, 'area', 'discharged')} as key, relation, state, category, sum(n) as n
       from ${months ? 'month_change' : 'day_change'} where view = @view and area >= @prefix
         and area < @prefix || ':' and discharged between @from and @to and at <= @asOf
       group by 1, 2, 3, 4 having sum(n) != 0 order by 1`,
    )
    .all({ ...asked, from, to })
}

function isWholeMonths(from: string, to: string): boolean {
  const after = new Date(Date.parse(to) + 86_400_000)
  return from.endsWith('-01') && after.getUTCDate() === 1
}

/** Persons with a stay. @param relation null for both */
export function countPersons(client: Sqlite.Database, asked: StaysAsked, relation: string | null): number {
  return client
    .prepare<object, number>(
      `select count(distinct person) from ${KNOWN_STAYS} where ${askedStays(asked)}
         ${relation === null ? '' : 'and relation = @relation'}`,
    )
    .pluck()
    .get({ ...asked, relation })!
}

/** Missed stays by reason. */
export interface ReasonSum {
  readonly category: string
  readonly code: string
  readonly hop: string
  /** All, and those among them that were claimed by hand. */
  readonly broad: number
  readonly narrow: number
}

/** Sums missed stays by reason, most first. @param relation null for both */
export function sumReasons(client: Sqlite.Database, asked: StaysAsked, relation: string | null): ReasonSum[] {
  return client
    .prepare<object, ReasonSum>(
      `select category, code, hop, count(*) as broad, count(*) filter (where state = 'manual') as narrow
       from ${KNOWN_STAYS} where ${askedStays(asked)} and state != 'direct'
         ${relation === null ? '' : 'and relation = @relation'}
       group by 1, 2, 3 order by 4 desc, 1, 2, 3`,
    )
    .all({ ...asked, relation })
}

/** Attempts by reason. */
export interface AttemptSum {
  readonly category: string
  readonly code: string
  readonly hop: string
  readonly n: number
}

/**
 * Refused admissions of which no stay is known: one a person, institution and day. What came of them is in no denominator
 * yet. Days of the admission lie in the period.
 *
 * @param laterDays a stay that began so many days later at most is that of the admission: `"+3 days"`
 */
export function sumAttempts(
  client: Sqlite.Database,
  asked: StaysAsked,
  relation: string | null,
  laterDays: string,
): AttemptSum[] {
  const area = AREA[asked.view]
  const cross = `case when substr(insured, 1, 4) = substr(treatment, 1, 4) then 'local'
    when substr(insured, 1, 2) = substr(treatment, 1, 2) then 'intra' else 'cross' end`
  return client
    .prepare<object, AttemptSum>(
      `select category, code, hop, count(*) as n from (
         select category, code, hop, max(at || printf('%020d', exchange)) from arrival asked_for
         where ${area} >= @prefix and ${area} < @prefix || ':' and day between @from and @to and at <= @asOf
           and taken = 0 and ${cross} != 'local' ${relation === null ? '' : `and ${cross} = @relation`}
           ${asked.institution === null ? '' : 'and institution = @institution'}
           and (person = '' or not exists (
             select 1 from stay join moment on moment.stay = stay.id and moment.since <= @asOf
             where stay.person = asked_for.person and stay.institution = asked_for.institution
               and stay.platform = substr(asked_for.insured, 1, 2) and stay.discharged >= asked_for.day
               and stay.admitted <= date(asked_for.day, @laterDays)))
           and (person = '' or not exists (
             select 1 from arrival later where later.person = asked_for.person
               and later.institution = asked_for.institution and later.taken = 1 and later.at <= @asOf
               and substr(later.insured, 1, 2) = substr(asked_for.insured, 1, 2)
               and later.day between asked_for.day and date(asked_for.day, @laterDays)))
         group by case person when '' then exchange else person end, institution, day)
       group by 1, 2, 3 order by 4 desc, 1, 2, 3`,
    )
    .all({ ...asked, relation, laterDays })
}

/** Stays from one place to another. */
export interface FlowSum {
  readonly insured: string
  readonly treatment: string
  readonly stays: number
  readonly direct: number
}

/** Stays by province of the insured and province of treatment, for whole months of discharge. */
export function sumFlows(
  client: Sqlite.Database,
  asked: Pick<StaysAsked, 'from' | 'to' | 'asOf'>,
): FlowSum[] {
  return client
    .prepare<object, FlowSum>(
      `select insured, treatment, sum(n) as stays, sum(case state when 'direct' then n else 0 end) as direct
       from flow_change where discharged between @from and @to and at <= @asOf
       group by 1, 2 having sum(n) != 0 order by 3 desc, 1, 2`,
    )
    .all({ ...asked, from: asked.from.slice(0, 7), to: asked.to.slice(0, 7) })
}

/** Stays of an area by city of the insured and city of treatment. */
export function sumFlowsOf(client: Sqlite.Database, asked: StaysAsked): FlowSum[] {
  return client
    .prepare<object, FlowSum>(
      `select substr(insured, 1, 4) || '00' as insured, substr(treatment, 1, 4) || '00' as treatment,
         count(*) as stays, count(*) filter (where state = 'direct') as direct
       from ${KNOWN_STAYS} where ${askedStays(asked)} group by 1, 2 order by 3 desc, 1, 2`,
    )
    .all(asked)
}
