/** The sums follow the life of a message: what was undone once lowers them once. */
import { beforeEach, describe, expect, it } from 'vitest'
import { readTally } from '../../src/ledger/tally.ts'
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
    expect(readTally(database)).toMatchObject({ settled: 2, reversed: 0, standingFen: 0 })
  })

  it('does not lower a sum twice where a cancelled settlement was told to be reversed as well', () => {
    const { settlement } = settledAndCancelled()
    told(settlement, 'reversed')
    expect(readTally(database)).toMatchObject({ settled: 2, reversed: 0, standingFen: 0 })
  })

  it('counts the settlement again once its cancellation is reversed', () => {
    const { cancellation } = settledAndCancelled()
    told(cancellation, 'reversed')
    expect(readTally(database)).toMatchObject({ settled: 2, reversed: 1, standingFen: 10_000 })
  })

  it('lowers nothing by the cancellation of what was reversed before', () => {
    const settlement = begin('settlement')
    told(settlement, 'accepted', { settlement: 'S1', total: 10_000 })
    told(settlement, 'reversed')
    told(begin('cancellation', { settlement: 'S1' }), 'accepted', { settlement: 'S2', total: -10_000 })
    expect(readTally(database)).toMatchObject({ standingFen: 0 })
  })

  it.each([{ insuredArea: '430102' }, { institution: 'H2' }])(
    'keeps apart what another platform or institution has given the same id: %o',
    (other) => {
      settledAndCancelled()
      const far = begin('settlement', other)
      told(far, 'accepted', { settlement: 'S1', total: 700 })
      told(far, 'reversed')
      expect(readTally(database)).toMatchObject({ reversed: 1, standingFen: 0 })
    },
  )

  it('takes the cancellation of a settlement that the journal does not know by its own sum', () => {
    told(begin('cancellation', { settlement: 'S9' }), 'accepted', { settlement: 'S2', total: -10_000 })
    expect(readTally(database)).toMatchObject({ settled: 1, standingFen: -10_000 })
  })
})
