/** What the index keeps agrees with what its rows say, whatever happens in whatever order. */
import type Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BEGINNING } from '../../src/journal/index/indexing.ts'
import type { PlacedRecord } from '../../src/journal/index/journal-index.ts'
import { openSqliteIndexWriter } from '../../src/journal/index/sqlite-index.ts'
import { RECORDS, type RecordRow, type RecordTable } from '../../src/journal/segment/record.ts'
import { openDatabase } from '../../src/store/database.ts'
import { countTally, keptTally } from '../../src/store/queries/money-totals.ts'
import { CASES_OF_ROWS } from '../../src/store/queries/open-cases.ts'

const STATES = ['open', 'unsent', 'unknown', 'undoing', 'accepted', 'refused', 'rejected', 'reversed']

/** A record as the index is given it; columns that are null at the end are left out, as in the journal. */
function recordOf(type: RecordTable, row: RecordRow): PlacedRecord {
  const told: unknown[] = [type, ...RECORDS[type].fields.map((field) => row[field] ?? null)]
  while (told.at(-1) === null) told.pop()
  const place = { sequence: 1, sealed: null, digest: '', offset: 512, length: 1, text: '' }
  return { segment: 1, record: { type, ...place }, told }
}

/** An index in memory; a restart opens it anew with what it holds. */
function createIndex() {
  const client = openDatabase(':memory:').$client
  let writer = openSqliteIndexWriter(client, '')
  return {
    client,
    apply: (records: readonly PlacedRecord[]) => writer.apply(records, BEGINNING),
    restart(sql = '') {
      client.exec(sql)
      writer = openSqliteIndexWriter(client, '')
    },
    close: () => writer.close(),
  }
}

const casesOf = (client: Sqlite.Database) =>
  client.prepare('select exchange from open_case order by exchange').pluck().all()
function agrees(client: Sqlite.Database): void {
  expect(keptTally(client)).toEqual(countTally(client))
  expect(casesOf(client)).toEqual(client.prepare(`${CASES_OF_ROWS} order by id`).pluck().all())
}

/** One of these in most cases: so settlements and cancellations meet. */
const mostly = <Value>(these: readonly Value[], ...others: readonly Value[]) =>
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...these) }, fc.constantFrom(...these, ...others))
/** One thing that happens. */
const begins = fc.record({
  is: fc.constant('begins' as const),
  kind: mostly(['settlement', 'cancellation'], 'write', 'query'),
  keyed: mostly([true], false),
  encounter: mostly(['E1'], 'E2', null),
  institution: mostly(['H1'], 'H2'),
  insuredArea: mostly(['621025'], '621002', '430102'),
  settlement: mostly(['S1'], 'S2', null),
})
const ends = fc.record({
  is: fc.constant('ends' as const),
  which: fc.nat({ max: 3 }),
  state: mostly(['accepted', 'reversed'], ...STATES),
  settlement: mostly(['S1'], 'S2', null),
  total: fc.constantFrom(10_000, -10_000, 700, 0, null),
})
const step = fc.oneof(
  begins,
  ends,
  ends,
  fc.constantFrom({ is: 'batch' } as const, { is: 'restart' } as const),
)

describe('openIndexTally()', () => {
  it('keeps what counting all rows gives, over any steps, batches and restarts', () => {
    const index = createIndex()
    const clear = 'delete from exchange; delete from outcome; delete from tally; delete from open_case'
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), (steps) => {
        index.restart(clear)
        let [exchanges, outcomes] = [0, 0]
        let batch: PlacedRecord[] = []
        const write = () => {
          if (batch.length > 0) index.apply(batch)
          batch = []
          agrees(index.client)
        }
        for (const one of steps) {
          if (one.is === 'begins') {
            exchanges += 1
            const { is: _, keyed, ...row } = one
            const key = keyed ? `k${exchanges}` : null
            batch.push(recordOf('exchange', { ...row, id: exchanges, key, message: `M${exchanges}`, at: 1 }))
            // What opens its own encounter is told its name by the yes.
            if (row.kind !== 'settlement' || row.encounter !== null) continue
            outcomes += 1
            const opened = { state: 'accepted', encounter: 'E1', settlement: 'S1', total: 700 }
            batch.push(recordOf('outcome', { ...opened, id: outcomes, exchange: exchanges, at: 1 }))
          } else if (one.is === 'ends' && exchanges > 0) {
            outcomes += 1
            const { is: _, which, ...row } = one
            batch.push(
              recordOf('outcome', { ...row, id: outcomes, exchange: Math.max(1, exchanges - which), at: 1 }),
            )
          } else if (one.is !== 'ends') {
            write()
            if (one.is === 'restart') index.restart()
          }
        }
        write()
      }),
      { numRuns: 50 },
    )
    index.close()
  })

  /** A settlement that is settled, and one that nobody knows the outcome of. */
  const two = [
    recordOf('exchange', { id: 1, key: 'a', kind: 'settlement', encounter: 'E1', at: 1 }),
    recordOf('outcome', { id: 1, exchange: 1, state: 'accepted', total: 900, at: 1 }),
    recordOf('exchange', { id: 2, key: 'b', kind: 'settlement', encounter: 'E2', at: 1 }),
    recordOf('outcome', { id: 2, exchange: 2, state: 'unknown', at: 1 }),
  ]
  const TWO = { begun: 2, ended: 1, open: 1, settled: 1, reversed: 0, standingFen: 900 }

  it('counts the rows of an index of an earlier build once, when it is opened', () => {
    const index = createIndex()
    index.apply(two)
    index.restart('delete from tally; delete from open_case')
    expect(keptTally(index.client)).toEqual(TWO)
    expect(casesOf(index.client)).toEqual([2])
    index.close()
  })

  it('lowers a settlement that opened its own encounter once, by its cancellation or by the reversal of its message', () => {
    const index = createIndex()
    const of = { institution: 'H1', insuredArea: '621025', at: 1 }
    const opened = { encounter: 'E1', settlement: 'S1', total: 900 }
    index.apply([
      recordOf('exchange', { id: 1, key: 'a', kind: 'settlement', ...of }),
      recordOf('outcome', { id: 1, exchange: 1, state: 'accepted', ...opened, at: 1 }),
      recordOf('exchange', {
        id: 2,
        key: 'b',
        kind: 'cancellation',
        encounter: 'E1',
        settlement: 'S1',
        ...of,
      }),
      recordOf('outcome', { id: 2, exchange: 2, state: 'accepted', settlement: 'S2', total: -900, at: 1 }),
      recordOf('outcome', { id: 3, exchange: 1, state: 'reversed', at: 1 }),
    ])
    agrees(index.client)
    expect(keptTally(index.client)).toMatchObject({ settled: 2, reversed: 0, standingFen: 0 })
    index.close()
  })

  it('keeps nothing of a batch that could not be written', () => {
    const index = createIndex()
    index.apply(two)
    expect(() =>
      index.apply([recordOf('outcome', { id: 3, exchange: 2, state: 'accepted', total: 5 }), two[0]!]),
    ).toThrow()
    agrees(index.client)
    index.apply([recordOf('outcome', { id: 3, exchange: 2, state: 'refused', at: 1 })])
    expect(keptTally(index.client)).toEqual({ ...TWO, ended: 2, open: 0 })
    expect(casesOf(index.client)).toEqual([])
    index.close()
  })
})
