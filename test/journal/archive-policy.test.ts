/** A segment is archived only once all in it has ended and is old enough, and none before those ahead of it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Instant } from '../../src/domain/day.ts'
import {
  archivable,
  type JournalProgress,
  type Reason,
  type SegmentFacts,
} from '../../src/journal/archive/archive-policy.ts'
import type { State } from '../../src/journal/exchange-state.ts'

const AGE = 1000 as Instant
const at = (ms: number) => ms as Instant
const standing: JournalProgress = { present: 9, linkedUpTo: 100, indexedUpTo: 100 }
const facts = (changes: Partial<SegmentFacts> = {}): SegmentFacts => ({
  segment: 1,
  lastSequence: 50,
  newest: at(999),
  states: [{ state: 'accepted', youngest: at(999) }],
  ...changes,
})
const among = (state: State, youngest = 500): Partial<SegmentFacts> => ({
  states: [
    { state: 'accepted', youngest: at(1) },
    { state, youngest: at(youngest) },
  ],
})

describe('archivable()', () => {
  it.each<[string, Partial<SegmentFacts>, Partial<JournalProgress>, Reason | null]>([
    ['all is well', {}, {}, null],
    ['nothing but notes is in it', { states: [] }, {}, null],
    ['it is written to', {}, { present: 1 }, 'present'],
    ['the one after it is written to', {}, { present: 2 }, null],
    ['its last record is linked', {}, { linkedUpTo: 50 }, null],
    ['its last record is not linked', {}, { linkedUpTo: 49 }, 'not-linked'],
    ['its last record is indexed', {}, { indexedUpTo: 50 }, null],
    ['its last record is not indexed', {}, { indexedUpTo: 49 }, 'not-indexed'],
    ['its newest record is just as old', { newest: AGE }, {}, 'too-young'],
    ['one is refused', among('refused'), {}, null],
    ['one is rejected', among('rejected'), {}, null],
    ['one is reversed', among('reversed'), {}, null],
    ['one is open', among('open'), {}, 'unresolved'],
    ['one is unknown', among('unknown'), {}, 'unresolved'],
    ['one is being undone', among('undoing'), {}, 'unresolved'],
    ['one was not sent, long ago', among('unsent', 999), {}, null],
    ['one was not sent, just now, though it began long ago', among('unsent', 1000), {}, 'unresolved'],
    ['one was reversed just now, though it began long ago', among('reversed', 5000), {}, null],
  ])('%s', (_name, changes, standingNow, because) => {
    const decided = archivable([facts(changes)], { ...standing, ...standingNow }, AGE)
    expect(decided).toEqual(
      because ? { segments: [], stays: { segment: 1, because } } : { segments: [1], stays: null },
    )
  })

  it('stops at the first that has to stay, whatever comes after it', () => {
    const segments = [facts(), facts({ segment: 2, ...among('unknown') }), facts({ segment: 3 })]
    expect(archivable(segments, standing, AGE)).toEqual({
      segments: [1],
      stays: { segment: 2, because: 'unresolved' },
    })
  })

  it('takes a prefix, whose every segment might go alone, and the next might not', () => {
    const states = fc.constantFrom<State[]>(
      'open',
      'unsent',
      'unknown',
      'undoing',
      'accepted',
      'refused',
      'rejected',
      'reversed',
    )
    const time = fc.integer({ min: 900, max: 1020 }).map(at)
    const segment = fc.record({
      lastSequence: fc.integer({ min: 1, max: 130 }),
      newest: time,
      states: fc.array(fc.record({ state: states, youngest: time }), { maxLength: 3 }),
    })
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 12 }), fc.integer({ min: 1, max: 12 }), (drawn, present) => {
        const segments = drawn.map((each, index) => ({ ...each, segment: index + 1 }))
        const now = { ...standing, present }
        const { segments: chosen, stays } = archivable(segments, now, AGE)
        expect(chosen).toEqual(segments.slice(0, chosen.length).map((each) => each.segment))
        for (const each of segments.slice(0, chosen.length)) {
          expect(each.segment).toBeLessThan(present)
          expect(each.lastSequence).toBeLessThanOrEqual(100)
          expect(each.newest).toBeLessThan(AGE)
          for (const { state, youngest } of each.states) {
            expect(['open', 'unknown', 'undoing']).not.toContain(state)
            if (state === 'unsent') expect(youngest).toBeLessThan(AGE)
          }
        }
        const next = segments[chosen.length]
        expect(stays?.segment).toBe(next?.segment)
        if (next) expect(archivable([next], now, AGE).segments).toEqual([])
      }),
    )
  })
})
