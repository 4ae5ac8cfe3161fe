/**
 * The tables of the figures: made from the index of the journal and from imported stays, in a file of their own, and made
 * anew from them whenever that file is gone. Persons are pseudonyms, as in the index. What changes here changes `FIGURES_FORM`.
 */
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** How far the figures have come, by store that they are made of. */
export const folded = sqliteTable('folded', {
  /** Place of the store among those of all workers, from 0. */
  part: integer('part').primaryKey(),
  /** Last outcome and last imported row that are in the figures, each with what tells it from any other of that number. */
  outcome: integer('outcome').notNull(),
  outcomeMark: text('outcome_mark').notNull(),
  record: integer('record').notNull(),
  recordMark: text('record_mark').notNull(),
})

/** A stay as it is known now. */
export const stay = sqliteTable(
  'stay',
  {
    id: integer('id').primaryKey(),
    part: integer('part').notNull(),
    institution: text('institution').notNull(),
    stay: text('stay').notNull(),
    /** First two digits of the insured area. */
    platform: text('platform').notNull(),
    person: text('person').notNull(),
    insured: text('insured').notNull(),
    treatment: text('treatment').notNull(),
    /** `cross`, `intra`, `local`. */
    relation: text('relation').notNull(),
    admitted: text('admitted').notNull(),
    discharged: text('discharged').notNull(),
    /** Whether the insured place is known to have had a filing: the person's filing was taken, or the stay was settled. */
    filed: integer('filed').notNull(),
    /** What stands of its settlements, in fen. */
    total: integer('total').notNull(),
    fund: integer('fund').notNull(),
  },
  (table) => [
    uniqueIndex('stay_name').on(table.institution, table.stay, table.platform),
    index('stay_insured').on(table.insured, table.discharged),
    index('stay_treatment').on(table.treatment, table.discharged),
    index('stay_institution').on(table.institution, table.discharged),
    index('stay_person').on(table.person, table.institution),
  ],
)

/** What a stay was from a day on, and until the day of the next one: so each as-of day finds one row. */
export const moment = sqliteTable(
  'moment',
  {
    stay: integer('stay').notNull(),
    since: text('since').notNull(),
    /** Day before which it held. */
    before: text('before').notNull(),
    /** `direct`, `manual`, `selfPayUploaded`, `withdrawnOnly`. */
    state: text('state').notNull(),
    /** Why it was missed: empty where it was not. */
    category: text('category').notNull(),
    code: text('code').notNull(),
    hop: text('hop').notNull(),
  },
  (table) => [primaryKey({ columns: [table.stay, table.since] })],
)

/** The difference that a day made to the stays of an area, so that every as-of is a sum. */
const differences = () => ({
  /** `outbound`: of the insured of the area; `inbound`: of those treated there. */
  view: text('view').notNull(),
  area: text('area').notNull(),
  /** Day or month of the discharge. */
  discharged: text('discharged').notNull(),
  at: text('at').notNull(),
  relation: text('relation').notNull(),
  state: text('state').notNull(),
  category: text('category').notNull(),
  n: integer('n').notNull(),
})

/** Differences by day of discharge. */
export const dayChange = sqliteTable('day_change', differences(), (table) => [
  primaryKey({
    columns: [
      table.view,
      table.area,
      table.discharged,
      table.at,
      table.relation,
      table.state,
      table.category,
    ],
  }),
])

/** Differences by month of discharge. */
export const monthChange = sqliteTable('month_change', differences(), (table) => [
  primaryKey({
    columns: [
      table.view,
      table.area,
      table.discharged,
      table.at,
      table.relation,
      table.state,
      table.category,
    ],
  }),
])

/** Differences by pair of provinces, month of discharge and month of the difference. */
export const flowChange = sqliteTable(
  'flow_change',
  {
    insured: text('insured').notNull(),
    treatment: text('treatment').notNull(),
    discharged: text('discharged').notNull(),
    at: text('at').notNull(),
    state: text('state').notNull(),
    n: integer('n').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.discharged, table.insured, table.treatment, table.at, table.state] }),
  ],
)

/** An admission that was asked for: it was taken, or refused and why. One row a message. */
export const arrival = sqliteTable(
  'arrival',
  {
    part: integer('part').notNull(),
    exchange: integer('exchange').notNull(),
    institution: text('institution').notNull(),
    /** Empty where the message did not say it. */
    person: text('person').notNull(),
    insured: text('insured').notNull(),
    treatment: text('treatment').notNull(),
    /** Day of the admission, and the day on which its outcome was known. */
    day: text('day').notNull(),
    at: text('at').notNull(),
    taken: integer('taken').notNull(),
    category: text('category').notNull(),
    code: text('code').notNull(),
    hop: text('hop').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.part, table.exchange] }),
    index('arrival_person').on(table.person, table.institution),
    index('arrival_insured').on(table.insured, table.day),
    index('arrival_treatment').on(table.treatment, table.day),
  ],
)

/** Messages of a day by what became of them. */
export const traffic = sqliteTable(
  'traffic',
  {
    /** Day on which the message came. */
    day: text('day').notNull(),
    insured: text('insured').notNull(),
    treatment: text('treatment').notNull(),
    institution: text('institution').notNull(),
    lane: text('lane').notNull(),
    number: text('number').notNull(),
    kind: text('kind').notNull(),
    state: text('state').notNull(),
    code: text('code').notNull(),
    hop: text('hop').notNull(),
    n: integer('n').notNull(),
    /** Fen. */
    total: integer('total').notNull(),
    fund: integer('fund').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [
        table.day,
        table.insured,
        table.treatment,
        table.institution,
        table.lane,
        table.number,
        table.kind,
        table.state,
        table.code,
        table.hop,
      ],
    }),
  ],
)

/** How long messages of a day took, by step; buckets are those of `bucketOf`. */
export const latency = sqliteTable(
  'latency',
  {
    day: text('day').notNull(),
    number: text('number').notNull(),
    destination: text('destination').notNull(),
    /** `gateway`, `journal`, `platform`. */
    hop: text('hop').notNull(),
    bucket: integer('bucket').notNull(),
    n: integer('n').notNull(),
    micros: integer('micros').notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.number, table.destination, table.hop, table.bucket] })],
)

/** A visit that somebody tried to settle. */
export const visit = sqliteTable(
  'visit',
  {
    institution: text('institution').notNull(),
    /** The encounter; where a message opens its own, that message. */
    visit: text('visit').notNull(),
    platform: text('platform').notNull(),
    day: text('day').notNull(),
    insured: text('insured').notNull(),
    treatment: text('treatment').notNull(),
    lane: text('lane').notNull(),
    ok: integer('ok').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.institution, table.visit, table.platform] }),
    index('visit_day').on(table.day),
  ],
)
