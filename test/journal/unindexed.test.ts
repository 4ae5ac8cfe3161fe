/** What is durable but not yet indexed is found by everything it may be asked for, and forgotten once indexed. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../../src/journal/entry.ts'
import { createUnindexed } from '../../src/journal/index/unindexed.ts'
import { AT, intent } from './support.ts'

const INSTITUTION = 'H62010200001'
const begun = (id: number): Entry => ({
  exchange: { ...intent({ key: `k${id}`, message: `M${id}` }), id },
})
const ended = (id: number, state: 'accepted' | 'unknown' = 'accepted'): Entry => ({
  outcome: { exchange: id, state, at: AT, settlement: `S${id}`, encounter: `E${id}` },
})

/** A tail, and everything that was added to it, a batch of 100 bytes after the other. */
function filled() {
  const tail = createUnindexed()
  const batches: (readonly Entry[])[] = []
  const point = (batch: number) => ({ segment: 1, offset: 512 + batch * 100 })
  /** Where a record of a batch rests, and its number where it is an outcome. */
  const placeOf = (batch: number, index: number) => ({
    offset: 28 + index,
    length: 10,
    id: batch * 10 + index,
  })
  return {
    tail,
    batches,
    placeOf,
    add(...entries: Entry[]) {
      const number = batches.push(entries) - 1
      const places = entries.map(({ exchange, outcome }, index) => {
        const { id, ...place } = placeOf(number, index)
        return { exchange: exchange ? place : null, outcome: outcome ? { id, ...place } : null }
      })
      tail.add(entries, places, point(number), point(number + 1))
    },
    /** So many batches are in the index. */
    indexed: (count: number) => tail.indexed(point(count)),
  }
}

describe('createUnindexed()', () => {
  it('forgets what came before a step of the index once the index has passed it, and nothing else', () => {
    const { tail, add, indexed } = filled()
    add(begun(1))
    add(begun(2), ended(2))
    indexed(1)
    add(ended(1))
    expect([tail.byKey('k1'), tail.byKey('k2'), tail.byId(1)?.state]).toEqual([1, 2, 'accepted'])
    indexed(2)
    expect([tail.byKey('k1'), tail.byKey('k2'), tail.byId(2)]).toEqual([null, null, null])
    expect(tail.byId(1)).toMatchObject({ exchange: null, state: 'accepted', last: { columns: { id: 20 } } })
    indexed(3)
    expect([tail.byId(1), [...tail.states()], tail.settled('S1'), tail.size()]).toEqual([null, [], [], 0])
  })

  it('says the present state of an exchange last', () => {
    const { tail, add, indexed } = filled()
    add(begun(1), ended(1, 'unknown'))
    indexed(0)
    add(ended(1))
    expect(new Map(tail.states())).toEqual(new Map([[1, 'accepted']]))
  })

  it('finds whatever the index has not passed by everything that it may be asked for', () => {
    const step = fc.oneof(
      fc.record({ begin: fc.nat({ max: 5 }), end: fc.array(fc.nat({ max: 20 }), { maxLength: 3 }) }),
      fc.nat({ max: 12 }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { tail, batches, placeOf, add, indexed } = filled()
        let [begunSoFar, passed] = [0, 0]
        for (const each of steps) {
          if (typeof each === 'number') {
            passed = Math.max(passed, Math.min(each, batches.length))
            indexed(passed)
            continue
          }
          const fresh = Array.from({ length: each.begin }, (_, index) => begun(begunSoFar + index + 1))
          begunSoFar += each.begin
          add(...fresh, ...each.end.filter((id) => id > 0 && id <= begunSoFar).map((id) => ended(id)))
        }
        const last = new Map<number, number>()
        for (const [batch, entries] of batches.entries()) {
          if (batch < passed) continue
          for (const [index, { exchange, outcome }] of entries.entries()) {
            const { id: number, ...place } = placeOf(batch, index)
            if (exchange) {
              const { id, key } = exchange
              const found = [tail.byKey(key!), tail.byMessage(INSTITUTION, `M${id}`, '2207')]
              expect(found).toEqual([id, id])
              const offset = 512 + batch * 100 + place.offset
              expect(tail.byId(id)?.exchange?.place).toEqual({ ...place, segment: 1, offset })
            }
            if (outcome) last.set(outcome.exchange, number)
          }
        }
        for (const [id, number] of last) {
          expect(tail.byId(id)).toMatchObject({ state: 'accepted', last: { columns: { id: number } } })
          expect([tail.settled(`S${id}`).includes(id), tail.accepted(`E${id}`).includes(id)]).toEqual([
            true,
            true,
          ])
        }
        indexed(batches.length)
        expect([[...tail.states()], tail.byKey('k1'), tail.size()]).toEqual([[], null, 0])
      }),
    )
  })

  it('tells messages apart by institution, message id and transaction, and takes the one that came last', () => {
    const { tail, add, indexed } = filled()
    add(begun(1), { exchange: { ...intent({ key: 'other', message: 'M1' }), id: 2 } })
    indexed(0)
    add({ exchange: { ...intent({ key: null, message: 'M1' }), id: 3 } })
    expect(tail.byMessage(INSTITUTION, 'M1', '2207')).toBe(2)
    expect(tail.byMessage(INSTITUTION, 'M1', '2208')).toBeNull()
    expect(tail.byMessage(INSTITUTION, 'M2', '2207')).toBeNull()
    expect(tail.byMessage('H62010200002', 'M1', '2207')).toBeNull()
    expect([tail.byKeyEnd('1'), tail.byKeyEnd('other'), tail.byKeyEnd('M1')]).toEqual([[1], [2], []])
  })
})
