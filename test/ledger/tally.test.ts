/** The sums follow the life of a message: what was undone once lowers them once. */
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { readTotals } from '../../src/ledger/totals.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { exchange, outcome } from '../../src/store/schema.ts'

let database: Database
let id = 0
beforeEach(() => {
  database = openDatabase(':memory:')
  id = 0
})

/** Where a record would rest; nobody reads it here. */
const PLACE = { segment: 1, offset: 512, length: 0 }

/** Writes a message of money that begins. @returns its number */
function begin(kind: 'settlement' | 'cancellation', changes: Partial<typeof exchange.$inferInsert> = {}) {
  id += 1
  const where = { institution: 'H1', treatmentArea: '310101', insuredArea: '621025', encounter: 'E1' }
  database
    .insert(exchange)
    .values({ id, key: `k${id}`, kind, message: `M${id}`, ...where, at: 0, ...PLACE, ...changes })
    .run()
  return id
}

function told(number: number, state: string, money: Partial<typeof outcome.$inferInsert> = {}) {
  database
    .insert(outcome)
    .values({ exchange: number, state, at: 0 as never, ...PLACE, ...money })
    .run()
}

describe('readTally()', () => {
  /** A settlement S1 of 100.00 yuan and its cancellation. */
  function settledAndCancelled() {
    const settlement = begin('settlement')
    told(settlement, 'accepted', { settlement: 'S1', total: 10_000 })
    const cancellation = begin('cancellation', { settlement: 'S1' })
    told(cancellation, 'accepted', { settlement: 'S2', total: -10_000 })
    return { settlement, cancellation }
  }

  it('counts what stands: a settlement, and nothing once it is cancelled', () => {
    settledAndCancelled()
    expect(readTotals(database)).toMatchObject({ settled: 2, reversed: 0, standingFen: 0 })
  })

  it('does not lower a sum twice where a cancelled settlement was told to be reversed as well', () => {
    const { settlement } = settledAndCancelled()
    told(settlement, 'reversed')
    expect(readTotals(database)).toMatchObject({ settled: 2, reversed: 0, standingFen: 0 })
  })

  it('counts the settlement again once its cancellation is reversed', () => {
    const { cancellation } = settledAndCancelled()
    told(cancellation, 'reversed')
    expect(readTotals(database)).toMatchObject({ settled: 2, reversed: 1, standingFen: 10_000 })
  })

  it('lowers nothing by the cancellation of what was reversed before', () => {
    const settlement = begin('settlement')
    told(settlement, 'accepted', { settlement: 'S1', total: 10_000 })
    told(settlement, 'reversed')
    told(begin('cancellation', { settlement: 'S1' }), 'accepted', { settlement: 'S2', total: -10_000 })
    expect(readTotals(database)).toMatchObject({ standingFen: 0 })
  })

  it.each([{ insuredArea: '430102' }, { institution: 'H2' }])(
    'keeps apart what another platform or institution has given the same id: %o',
    (other) => {
      settledAndCancelled()
      const far = begin('settlement', other)
      told(far, 'accepted', { settlement: 'S1', total: 700 })
      told(far, 'reversed')
      expect(readTotals(database)).toMatchObject({ reversed: 1, standingFen: 0 })
    },
  )

  it('takes the cancellation of a settlement that the journal does not know by its own sum', () => {
    told(begin('cancellation', { settlement: 'S9' }), 'accepted', { settlement: 'S2', total: -10_000 })
    expect(readTotals(database)).toMatchObject({ settled: 1, standingFen: -10_000 })
  })

  it('says of any journal what the messages say one by one', () => {
    const LIVES = [
      ...[[], ['rejected'], ['refused'], ['unsent'], ['unknown'], ['undoing'], ['accepted']],
      ...[
        ['accepted', 'reversed'],
        ['unknown', 'accepted'],
        ['undoing', 'reversed'],
        ['unsent', 'refused'],
      ],
    ]
    const message = fc.record({
      kind: fc.constantFrom('settlement', 'cancellation', 'write'),
      isKeyed: fc.integer({ min: 0, max: 5 }).map((one) => one > 0),
      institution: fc.constantFrom('H1', 'H1', 'H2'),
      insuredArea: fc.constantFrom('621025', '620102', '430102'),
      encounter: fc.constantFrom('E1', 'E1', 'E2'),
      gives: fc.constantFrom('S1', 'S2'),
      names: fc.constantFrom('S1', 'S2'),
      life: fc.constantFrom(...LIVES),
      total: fc.integer({ min: -9, max: 9 }),
    })
    type Told = typeof message extends fc.Arbitrary<infer One> ? One : never
    const last = ({ life }: Told) => life.at(-1) ?? 'open'
    const belong = (cancellation: Told, settlement: Told) =>
      cancellation.institution === settlement.institution &&
      cancellation.encounter === settlement.encounter &&
      cancellation.insuredArea.slice(0, 2) === settlement.insuredArea.slice(0, 2) &&
      settlement.life.includes('accepted') &&
      settlement.gives === cancellation.names
    const expected = (all: readonly Told[]) => {
      const money = all.filter(({ kind, isKeyed }) => isKeyed && kind !== 'write')
      const taken = money.filter((one) => last(one) !== 'rejected')
      const of = (kind: string) => money.filter((one) => one.kind === kind)
      const isCancelled = (one: Told) =>
        one.kind === 'settlement' &&
        of('cancellation').some((other) => belong(other, one) && last(other) === 'accepted')
      const isIdle = (one: Told) =>
        one.kind === 'cancellation' &&
        of('settlement').some((other) => belong(one, other) && last(other) === 'reversed')
      const open = taken.filter((one) => ['open', 'unknown', 'undoing'].includes(last(one))).length
      const settled = taken.filter(({ life }) => life.includes('accepted'))
      const stands = taken.filter((one) => last(one) === 'accepted' && !isIdle(one))
      return {
        ...{ begun: taken.length, open, ended: taken.length - open, settled: settled.length },
        reversed: settled.filter((one) => last(one) === 'reversed' && !isCancelled(one)).length,
        standingFen: stands.reduce((sum, { total }) => sum + total, 0),
      }
    }
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), (all) => {
        database = openDatabase(':memory:')
        id = 0
        for (const { kind, isKeyed, institution, insuredArea, encounter, gives, names, life, total } of all) {
          const settlement = kind === 'cancellation' ? names : null
          const of = { institution, insuredArea, encounter, settlement, ...(isKeyed ? {} : { key: null }) }
          const number = begin(kind as 'settlement', of)
          for (const state of life)
            told(number, state, state === 'accepted' ? { settlement: gives, total } : {})
        }
        expect(readTotals(database)).toEqual(expected(all))
        database.$client.close()
      }),
      { numRuns: 300 },
    )
  })
})
