/** Anything that may happen to a few stays, as the index and the imported rows hold it: for tests that hold figures against a naive count. */
import fc from 'fast-check'
import type { Area } from '../../src/domain/area.ts'
import { type Day, instantFromShanghai } from '../../src/domain/day.ts'
import type { Database } from '../../src/store/database.ts'
import { addStayRecord } from '../../src/store/queries/stay-records.ts'
import { exchange, outcome } from '../../src/store/schema.ts'

const KINDS = {
  2401: 'write',
  2402: 'write',
  2303: 'trial',
  2304: 'settlement',
  2305: 'cancellation',
} as const

/** A message with its outcomes, or an imported row. */
export type Happening =
  | {
      readonly is: 'message'
      readonly number: keyof typeof KINDS
      readonly visit: number
      readonly day: number
      readonly states: readonly string[]
      readonly reason: string | null
      readonly zero: boolean
    }
  | {
      readonly is: 'record'
      readonly visit: number
      readonly day: number
      readonly event: 'D' | 'R' | 'U' | 'M'
    }

/** Visits: person, insured area, place of treatment, institution. The third is local; two have one name at two platforms. */
const VISITS = [
  ['E1', 'P1', '621025', '310101', 'H1'],
  ['E2', 'P2', '621025', '620102', 'H2'],
  ['E3', 'P3', '621025', '621002', 'H3'],
  ['E1', 'P4', '340104', '310101', 'H1'],
  ['E5', 'P1', '621023', '310101', 'H1'],
  ['E6', 'P5', '310101', '621025', 'H4'],
] as const

const STATES = ['open', 'unsent', 'unknown', 'accepted', 'refused', 'rejected', 'reversed']
const REASONS = [
  'E101',
  'E201',
  'E301',
  'E401',
  'E501',
  'E503',
  'E601',
  'E701',
  'E703',
  'E704',
  'E901',
  'E999',
  null,
]

const message = fc.record({
  is: fc.constant('message' as const),
  number: fc.constantFrom(2401, 2402, 2303, 2304, 2304, 2304, 2305).map((one) => one as keyof typeof KINDS),
  visit: fc.nat(VISITS.length - 1),
  day: fc.nat(60),
  states: fc.array(fc.constantFrom(...STATES, 'accepted', 'accepted'), { minLength: 1, maxLength: 3 }),
  reason: fc.constantFrom(...REASONS),
  zero: fc.nat(9).map((one) => one === 0),
})
const record = fc.record({
  is: fc.constant('record' as const),
  visit: fc.nat(VISITS.length - 1),
  day: fc.nat(60),
  event: fc.constantFrom('D', 'R', 'U', 'M').map((one) => one as 'D' | 'R' | 'U' | 'M'),
})

/** Up to forty of them, in the order in which they were told. */
export const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: message }, record),
  {
    maxLength: 40,
  },
)

const PLACE = { segment: 1, offset: 512, length: 0 }
const dayAfter = (days: number) =>
  new Date(Date.UTC(2025, 0, 20) + days * 86_400_000).toISOString().slice(0, 10) as Day

/** Writes one. */
export function put(database: Database, one: Happening): void {
  const [stay, person, insuredArea, treatmentArea, institution] = VISITS[one.visit]!
  const day = dayAfter(one.day)
  if (one.is === 'record') {
    // Rows of one stay name one platform: the import sees to that.
    if (one.visit === 3) return
    const at = { admitted: '2025-01-10' as Day, discharged: dayAfter(20 + one.visit), at: day }
    const known = database.$client
      .prepare<unknown[], number>(
        'select count(*) from stay_record where stay = ? and institution = ? and event = ? and at = ?',
      )
      .pluck()
      .get(stay, institution, one.event, day)!
    const where = {
      stay,
      person,
      institution,
      insuredArea: insuredArea as Area,
      treatmentArea: treatmentArea as Area,
    }
    addStayRecord(database.$client)({ ...where, ...at, event: one.event, occurrence: known + 1 }, 0)
    return
  }
  const opening = one.number === 2401
  const { lastInsertRowid } = database
    .insert(exchange)
    .values({
      ...{
        kind: KINDS[one.number],
        transaction: String(one.number),
        institution,
        person,
        lane: 'inpatient',
        day,
      },
      ...{ treatmentArea, insuredArea: one.number === 2402 || one.number === 2305 ? null : insuredArea },
      ...{
        encounter: opening ? null : stay,
        at: instantFromShanghai(`${day} 09:00:00`),
        destination: '620000',
        ...PLACE,
      },
    })
    .run()
  for (const [index, state] of one.states.entries()) {
    const total = one.zero ? 0 : one.number === 2305 ? -1000 : 1000
    database
      .insert(outcome)
      .values({
        ...{
          exchange: Number(lastInsertRowid),
          state,
          at: instantFromShanghai(`${day} 1${index}:00:00`),
          total,
          fund: total / 2,
        },
        ...{
          reason: state === 'accepted' || state === 'open' ? null : one.reason,
          hop: 'gateway',
          ownMicros: 100,
          counterpartMicros: 5000,
        },
        ...{ encounter: opening && state === 'accepted' ? stay : null, ...PLACE },
      })
      .run()
  }
}
