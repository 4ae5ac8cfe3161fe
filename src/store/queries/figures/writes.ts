/** Writes the figures: stays with their moments, the differences they make, arrivals, traffic. */
import type Sqlite from 'better-sqlite3'

/** A stay as its row has it. Days as text, amounts in fen. */
export interface StayRowOf {
  readonly part: number
  readonly institution: string
  readonly stay: string
  readonly platform: string
  readonly person: string
  readonly insured: string
  readonly treatment: string
  readonly relation: string
  readonly admitted: string
  readonly discharged: string
  readonly filed: 0 | 1
  readonly total: number
  readonly fund: number
}

/** What a stay was from a day on. */
export interface MomentRow {
  readonly since: string
  readonly before: string
  readonly state: string
  readonly category: string
  readonly code: string
  readonly hop: string
}

/** A stay that is in the figures. */
export type KnownStay = StayRowOf & { readonly id: number }

/** An admission that was asked for. */
export interface ArrivalRow {
  readonly part: number
  readonly exchange: number
  readonly institution: string
  readonly person: string
  readonly insured: string
  readonly treatment: string
  readonly day: string
  readonly at: string
  readonly taken: 0 | 1
  readonly category: string
  readonly code: string
  readonly hop: string
}

const STAY_COLUMNS = [
  ...['part', 'institution', 'stay', 'platform', 'person', 'insured', 'treatment', 'relation'],
  ...['admitted', 'discharged', 'filed', 'total', 'fund'],
] as const
const ARRIVAL_COLUMNS = [
  ...['part', 'exchange', 'institution', 'person', 'insured', 'treatment', 'day', 'at'],
  ...['taken', 'category', 'code', 'hop'],
] as const
const named = (columns: readonly string[]) => columns.map((column) => `@${column}`).join(', ')

const OF_STAY = 'institution = @institution and stay = @stay and platform = @platform'
/** Of the same person at the same institution and platform. */
const OF_PERSON = 'person = @person and institution = @institution and substr(insured, 1, 2) = @platform'

/** Adds rows of counts: what is there is added to. */
function adding(client: Sqlite.Database, table: string, keys: readonly string[], sums: readonly string[]) {
  const statement = client.prepare<unknown[]>(
    `insert into ${table} (${[...keys, ...sums].join(', ')}) values (${[...keys, ...sums].map(() => '?').join(', ')})
     on conflict (${keys.join(', ')}) do update set ${sums.map((sum) => `${sum} = ${sum} + excluded.${sum}`).join(', ')}`,
  )
  return (...values: (string | number)[]) => void statement.run(...values)
}

const CHANGE_KEYS = ['view', 'area', 'discharged', 'at', 'relation', 'state', 'category']
const FLOW_KEYS = ['discharged', 'insured', 'treatment', 'at', 'state']
const TRAFFIC_KEYS = [
  ...['day', 'insured', 'treatment', 'institution', 'lane', 'number', 'kind', 'state', 'code', 'hop'],
]
const LATENCY_KEYS = ['day', 'number', 'destination', 'hop', 'bucket']

/** Prepares everything that writes. */
export function figureWrites(client: Sqlite.Database) {
  const stay = client.prepare<object, KnownStay>(
    `select id, ${STAY_COLUMNS.join(', ')} from stay where ${OF_STAY}`,
  )
  const insert = client.prepare(
    `insert into stay (${STAY_COLUMNS.join(', ')}) values (${named(STAY_COLUMNS)})`,
  )
  const remove = client.prepare<[number]>('delete from stay where id = ?')
  const update = client.prepare(
    `update stay set ${STAY_COLUMNS.map((column) => `${column} = @${column}`).join(', ')} where id = @id`,
  )
  const moments = client.prepare<[number], MomentRow>(
    'select since, before, state, category, code, hop from moment where stay = ? order by since',
  )
  const addMoment = client.prepare('insert into moment values (?, ?, ?, ?, ?, ?, ?)')
  const clearMoments = client.prepare<[number]>('delete from moment where stay = ?')
  const arrival = client.prepare(
    `insert or replace into arrival (${ARRIVAL_COLUMNS.join(', ')}) values (${named(ARRIVAL_COLUMNS)})`,
  )
  const refusals = client.prepare<object, ArrivalRow>(
    `select ${ARRIVAL_COLUMNS.join(', ')} from arrival where ${OF_PERSON} and person != '' and taken = 0
       and day >= @from and day <= @to order by at, exchange`,
  )
  const staysAround = client.prepare<object, KnownStay>(
    `select id, ${STAY_COLUMNS.join(', ')} from stay where person = @person and institution = @institution
       and platform = @platform and admitted <= @latest and discharged >= @day`,
  )
  const attempted = client.prepare(
    `insert into visit (institution, visit, platform, day, insured, treatment, lane, ok)
     values (@institution, @visit, @platform, @day, @insured, @treatment, @lane, @ok)
     on conflict do update set ok = max(ok, excluded.ok)`,
  )
  const reached = client.prepare<[], Folded>(
    `select part, outcome, outcome_mark as outcomeMark, record, record_mark as recordMark from folded order by part`,
  )
  const reach = client.prepare(
    'insert or replace into folded values (@part, @outcome, @outcomeMark, @record, @recordMark)',
  )
  const addDay = adding(client, 'day_change', CHANGE_KEYS, ['n'])
  const addMonth = adding(client, 'month_change', CHANGE_KEYS, ['n'])
  return {
    stay: (of: Pick<StayRowOf, 'institution' | 'stay' | 'platform'>) => stay.get(of),
    moments: (id: number) => moments.all(id),
    /** Writes a stay with its moments. @param known its row of before */
    putStay(row: StayRowOf, rows: readonly MomentRow[], known: KnownStay | undefined): void {
      const id = known?.id ?? (insert.run(row).lastInsertRowid as number)
      if (known) update.run({ ...row, id })
      if (known) clearMoments.run(id)
      for (const { since, before, state, category, code, hop } of rows)
        addMoment.run(id, since, before, state, category, code, hop)
    },
    dropStay(id: number): void {
      clearMoments.run(id)
      remove.run(id)
    },
    /** Adds to the stays of a day and of its month. */
    addChange(
      view: string,
      area: string,
      discharged: string,
      ...rest: [string, string, string, string, number]
    ) {
      addDay(view, area, discharged, ...rest)
      addMonth(view, area, discharged.slice(0, 7), ...rest)
    },
    addFlow: adding(client, 'flow_change', FLOW_KEYS, ['n']),
    putArrival: (row: ArrivalRow) => void arrival.run(row),
    /** Admissions of a person that were refused between two days. */
    refusals: (of: { person: string; institution: string; platform: string; from: string; to: string }) =>
      refusals.all(of),
    /** Stays of a person that an admission of a day may be of. */
    staysAround: (of: {
      person: string
      institution: string
      platform: string
      day: string
      latest: string
    }) => staysAround.all(of),
    addTraffic: adding(client, 'traffic', TRAFFIC_KEYS, ['n', 'total', 'fund']),
    addLatency: adding(client, 'latency', LATENCY_KEYS, ['n', 'micros']),
    attempted: (row: object) => void attempted.run(row),
    reached: () => reached.all(),
    reach: (row: Folded) => void reach.run(row),
  }
}

/** What writes the figures. */
export type FigureWrites = ReturnType<typeof figureWrites>

/** How far a store is in the figures. */
export interface Folded {
  readonly part: number
  readonly outcome: number
  readonly outcomeMark: string
  readonly record: number
  readonly recordMark: string
}
