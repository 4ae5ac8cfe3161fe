/** What is asked of the messages of an area and a period, by the day on which they came; local ones are left out. */
import type Sqlite from 'better-sqlite3'
import type { StaysAsked } from './sums.ts'

/** Messages of money by what became of them. Amounts in fen. */
export interface TrafficSum {
  readonly lane: string
  readonly kind: string
  readonly state: string
  readonly code: string
  readonly hop: string
  readonly n: number
  readonly total: number
  readonly fund: number
}

const COLUMN = { outbound: 'insured', inbound: 'treatment' } as const

function askedTraffic({ view, institution }: StaysAsked): string {
  const area = COLUMN[view]
  return `day between @from and @to and ${area} >= @prefix and ${area} < @prefix || ':'
    and substr(insured, 1, 4) != substr(treatment, 1, 4) ${institution === null ? '' : 'and institution = @institution'}`
}

/** Sums settlements and cancellations. */
export function sumTraffic(client: Sqlite.Database, asked: StaysAsked): TrafficSum[] {
  return client
    .prepare<object, TrafficSum>(
      `select lane, kind, state, code, hop, sum(n) as n, sum(total) as total, sum(fund) as fund from traffic
       where kind in ('settlement', 'cancellation') and ${askedTraffic(asked)}
       group by 1, 2, 3, 4, 5 having sum(n) != 0 order by 1, 2, 3, 6 desc, 4, 5`,
    )
    .all(asked)
}

/** Visits that somebody tried to settle, and institutions that settled, by lane. */
export interface LaneVisits {
  readonly lane: string
  readonly visits: number
  readonly settled: number
  readonly institutions: number
}

/** Counts them. */
export function sumVisits(client: Sqlite.Database, asked: StaysAsked): LaneVisits[] {
  return client
    .prepare<object, LaneVisits>(
      `select lane, count(*) as visits, sum(ok) as settled, count(distinct case ok when 1 then institution end) as institutions
       from visit where ${askedTraffic(asked)} group by 1 order by 1`,
    )
    .all(asked)
}

/** How long messages took at one step. */
export interface LatencySum {
  readonly number: string
  readonly destination: string
  readonly hop: string
  readonly bucket: number
  readonly n: number
  readonly micros: number
}

/** Sums times of a period. */
export function sumLatency(
  client: Sqlite.Database,
  { from, to }: Pick<StaysAsked, 'from' | 'to'>,
): LatencySum[] {
  return client
    .prepare<object, LatencySum>(
      `select number, destination, hop, bucket, sum(n) as n, sum(micros) as micros from latency
       where day between @from and @to group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
    )
    .all({ from, to })
}

/** What stays cost, in fen, and how many had a filing. */
export interface StayCosts {
  readonly stays: number
  readonly filed: number
  readonly direct: number
  readonly total: number
  readonly fund: number
}

/** Sums stays that are known on the day asked for; the amounts are those that stand now. */
export function sumCosts(client: Sqlite.Database, asked: StaysAsked): StayCosts {
  const area = COLUMN[asked.view]
  return client
    .prepare<object, StayCosts>(
      `select count(*) as stays, coalesce(sum(filed), 0) as filed, count(*) filter (where state = 'direct') as direct,
         coalesce(sum(total) filter (where state = 'direct'), 0) as total,
         coalesce(sum(fund) filter (where state = 'direct'), 0) as fund
       from stay join moment on moment.stay = stay.id and moment.since <= @asOf and moment.before > @asOf
       where ${area} >= @prefix and ${area} < @prefix || ':' and discharged between @from and @to
         and relation != 'local' ${asked.institution === null ? '' : 'and institution = @institution'}`,
    )
    .get(asked)!
}
