/** A settlement without an answer is searched for, reversed and verified durably, over any number of restarts. */
import { describe, expect, it } from 'vitest'
import type { Entry, OutcomeEntry } from '../../src/journal/entry.ts'
import { Timeline } from '../simulation/timeline.ts'
import {
  type Behaviour,
  BILL,
  bench,
  DEADLINE_MS,
  EMPTY,
  HOSPITAL,
  life,
  PAUSE_MS,
  SETTLEMENT,
  shown,
  transactions,
} from './recovery-support.ts'

const HOUR_MS = 3_600_000
const states = (of: Parameters<typeof life>[0]) => life(of).map(({ state }) => state)
const SEARCH = ['5203', '5202']

/** The empty platform with some answers changed. */
const changed = (
  says: (asked: Parameters<Behaviour['says']>[0]) => ReturnType<Behaviour['says']> | null,
) => ({
  says: (asked: Parameters<Behaviour['says']>[0]) => says(asked) ?? EMPTY.says(asked),
})

type Batches = readonly (readonly Entry[])[]
const outcomes = (batches: Batches, other: (outcome: OutcomeEntry) => OutcomeEntry) =>
  batches.map((batch) =>
    batch.map((entry) => (entry.outcome ? { ...entry, outcome: other(entry.outcome) } : entry) as Entry),
  )

/** A journal as it is, as an earlier build wrote it, which told the counts in a sentence alone, and told in other words. */
const WORDINGS: readonly (readonly [string, (batches: Batches) => Batches])[] = [
  ['as it is', (batches) => batches],
  [
    'written by an earlier build',
    (batches) => outcomes(batches, ({ searches: _, sightings: __, ...outcome }) => outcome),
  ],
  ['told in other words', (batches) => outcomes(batches, (outcome) => ({ ...outcome, told: '未查到' }))],
]

describe('a settlement without an answer', () => {
  it.each(WORDINGS)(
    'that was looked for twice before a restart is reversed after one more search: %s',
    async (_, worded) => {
      const first = bench()
      await first.settle()
      await first.until(() => states(first).length === 4)
      await Promise.all(first.workers.map((worker) => worker.stop()))
      const second = bench({ earlier: worded(first.disk.batches), timeline: first.timeline })
      for (const left of await second.journal.recover()) second.workers[0]!.watch(left.exchange.id, left)
      expect(await second.workers[0]!.cases()).toMatchObject([{ nextStep: 'ask', notFound: 2 }])
      await second.pass(HOUR_MS)
      expect(transactions(second)).toEqual([...SEARCH, '2601', ...SEARCH])
      expect(states(second).at(-1)).toBe('reversed')
    },
  )

  it('is looked for three times, each time durably, reversed, looked for once more, and only then undone', async () => {
    const made = bench()
    await made.settle()
    await made.pass(HOUR_MS)
    expect(transactions(made)).toEqual(['2207', ...SEARCH, ...SEARCH, ...SEARCH, '2601', ...SEARCH])
    expect(states(made)).toEqual(['open', 'unknown', 'unknown', 'unknown', 'unknown', 'undoing', 'reversed'])
    const searches = life(made).slice(2, 5)
    expect(searches.map(({ told }) => told?.slice(0, 5))).toEqual(['第1次查询', '第2次查询', '第3次查询'])
    expect(searches.map((one) => one.searches)).toEqual([1, 2, 3])
    expect(await made.workers[0]!.cases()).toEqual([])
    expect(made.faults).toEqual([])
  })

  it('is confirmed where 5203 shows it by its message id', async () => {
    const made = bench({
      behaviour: changed(({ infno }) => (infno === '5203' ? { output: shown(SETTLEMENT) } : null)),
    })
    await made.settle()
    await made.pass(HOUR_MS)
    expect(transactions(made)).toEqual(['2207', '5203'])
    expect(states(made)).toEqual(['open', 'unknown', 'accepted'])
  })

  it('is not looked for in vain where 5202 cannot read the visit: nothing is counted, nothing reversed, and an operator has it', async () => {
    const made = bench({ behaviour: changed(({ infno }) => (infno === '5202' ? { no: '系统繁忙' } : null)) })
    await made.settle()
    await made.pass(HOUR_MS)
    expect(transactions(made)).not.toContain('2601')
    expect(states(made)).toEqual(['open', 'unknown'])
    expect(await made.workers[0]!.cases()).toMatchObject([
      { nextStep: 'ask', notFound: 0, owner: 'operator' },
    ])
  })

  it('is not looked for in vain by silence', async () => {
    const made = bench({ behaviour: changed(({ infno }) => (infno === '5203' ? 'silence' : null)) })
    await made.settle()
    await made.pass(HOUR_MS)
    expect(new Set(transactions(made))).toEqual(new Set(['2207', '5203']))
    expect(states(made)).toEqual(['open', 'unknown'])
  })

  it('ends soon after a long silence: an answered search takes the pauses back to what the searches ask', async () => {
    let silent = true
    const made = bench({
      behaviour: changed(({ infno }) => (infno === '5203' && silent ? 'silence' : null)),
    })
    await made.settle()
    await made.pass(10 * 60_000)
    silent = false
    await made.until(() => states(made).length === 3)
    const from = made.timeline.elapsed()
    await made.until(() => states(made).at(-1) === 'reversed')
    expect(made.timeline.elapsed() - from).toBeLessThan(4 * 5 * PAUSE_MS)
  })
})

describe('a settlement whose connection broke after a second', () => {
  const RESET_MS = 1000
  /** The platform books it in the end, or never. */
  const slow = (bookedAfterMs: number, booked = shown(SETTLEMENT)) => {
    const made = bench()
    made.behaviour = {
      ...changed(({ infno }) => {
        if (infno === '2207') return 'reset'
        const isBooked = made.timeline.elapsed() >= made.left[0]!.at + bookedAfterMs
        return infno === '5203' && isBooked ? { output: booked } : null
      }),
      takesMs: ({ infno }) => (infno === '2207' ? RESET_MS : 10),
    }
    return made
  }

  it('is searched for at once, and nothing in vain counts before its own deadline', async () => {
    const made = slow(Number.POSITIVE_INFINITY)
    made.send('2207', SETTLEMENT, BILL)
    await made.pass(DEADLINE_MS - 100)
    expect(transactions(made).filter((each) => each === '5203').length).toBeGreaterThan(2)
    expect(states(made)).toEqual(['open', 'unknown'])
    expect(await made.workers[0]!.cases()).toMatchObject([{ notFound: 0, nextStep: 'ask' }])
    await made.until(() => states(made).length === 3)
    expect(made.timeline.elapsed()).toBeGreaterThanOrEqual(DEADLINE_MS)
    expect(made.timeline.elapsed()).toBeLessThan(DEADLINE_MS + 4 * PAUSE_MS)
    await made.pass(HOUR_MS)
    expect(states(made)).toEqual(['open', 'unknown', 'unknown', 'unknown', 'unknown', 'undoing', 'reversed'])
  })

  it.each([2000, 5000, DEADLINE_MS - 1])(
    'stands where a slow platform books it %i ms after it left: no reversal goes before that',
    async (bookedAfterMs) => {
      const made = slow(bookedAfterMs)
      made.send('2207', SETTLEMENT, BILL)
      await made.pass(HOUR_MS)
      expect(transactions(made)).not.toContain('2601')
      expect(states(made)).toEqual(['open', 'unknown', 'accepted'])
    },
  )

  it('keeps that over a restart and over a clock that was set back meanwhile', async () => {
    const first = slow(Number.POSITIVE_INFINITY)
    first.send('2207', SETTLEMENT, BILL)
    await first.until(() => states(first).length === 2)
    await Promise.all(first.workers.map((worker) => worker.stop()))
    const timeline = new Timeline(first.timeline.now() - HOUR_MS)
    const second = bench({ earlier: first.disk.batches, timeline })
    for (const { exchange } of await second.journal.recover()) second.workers[0]!.watch(exchange.id)
    await second.pass(DEADLINE_MS - 1)
    expect(second.left.length).toBeGreaterThan(0)
    expect(states(second)).toEqual(['open', 'unknown'])
    await second.pass(HOUR_MS)
    expect(states(second).at(-1)).toBe('reversed')
  })
})

describe('a restart', () => {
  it('keeps the searches in vain: two before it and one after it make three', async () => {
    const first = bench()
    await first.settle()
    await first.until(() => states(first).length === 4)
    await Promise.all(first.workers.map((worker) => worker.stop()))
    const second = bench({ earlier: first.disk.batches, timeline: first.timeline })
    for (const { exchange } of await second.journal.recover()) second.workers[0]!.watch(exchange.id)
    expect(await second.workers[0]!.cases()).toMatchObject([{ notFound: 2, nextStep: 'ask' }])
    await second.pass(HOUR_MS)
    expect(transactions(second)).toEqual([...SEARCH, '2601', ...SEARCH])
    expect(states(second)).toEqual([
      'open',
      'unknown',
      'unknown',
      'unknown',
      'unknown',
      'undoing',
      'reversed',
    ])
  })

  it('that comes again and again does not make the searches begin anew', async () => {
    let made = bench()
    await made.settle()
    for (;;) {
      const before = states(made).length
      await made.until(() => states(made).length > before)
      if (states(made).length > 5) break
      await Promise.all(made.workers.map((worker) => worker.stop()))
      made = bench({ earlier: made.disk.batches, timeline: made.timeline })
      for (const { exchange } of await made.journal.recover()) made.workers[0]!.watch(exchange.id)
    }
    expect(states(made)).toEqual(['open', 'unknown', 'unknown', 'unknown', 'unknown', 'undoing'])
  })

  it('looks at once, and then goes on with the pause that the waiting so far has come to', async () => {
    const silent = changed(({ infno }) => (infno === '5203' ? 'silence' : null))
    const first = bench({ behaviour: silent })
    await first.settle()
    await first.pass(10 * 60_000)
    await Promise.all(first.workers.map((worker) => worker.stop()))
    const second = bench({ behaviour: silent, earlier: first.disk.batches, timeline: first.timeline })
    const from = second.timeline.elapsed()
    for (const { exchange } of await second.journal.recover()) second.workers[0]!.watch(exchange.id)
    await second.pass(10 * 60_000)
    const [look, next] = second.left
    expect(look!.at - from).toBe(500)
    expect(next!.at - look!.at).toBeGreaterThanOrEqual(60_000)
  })
})

describe('a reversal', () => {
  const stubborn = (cured: () => boolean) => {
    let reversed = false
    return changed(({ infno }) => {
      if (infno === '2601') reversed = true
      return infno === '5203' && reversed && !cured() ? { output: shown(SETTLEMENT) } : null
    })
  }

  it('answered with a yes whose settlement is found standing is not reversed, but a case for an operator', async () => {
    const made = bench({ behaviour: stubborn(() => false) })
    await made.settle()
    await made.pass(HOUR_MS)
    expect(transactions(made).filter((infno) => infno === '2601')).toHaveLength(1)
    expect(states(made)).not.toContain('reversed')
    expect(life(made).at(-1)!.told).toMatch(/^冲正已获肯定答复，第\d+次复核仍查见/)
    expect(life(made).at(-1)!.sightings).toBeGreaterThan(1)
    expect(await made.workers[0]!.cases()).toMatchObject([{ nextStep: 'verify', owner: 'operator' }])
  })

  it.each(WORDINGS)(
    'whose settlement still stood is not sent again after a restart, and ends when it is gone: %s',
    async (_, worded) => {
      let cured = false
      const first = bench({ behaviour: stubborn(() => false) })
      await first.settle()
      await first.pass(HOUR_MS)
      await Promise.all(first.workers.map((worker) => worker.stop()))
      const behaviour = changed(({ infno }) =>
        infno === '5203' && !cured ? { output: shown(SETTLEMENT) } : null,
      )
      const second = bench({ behaviour, earlier: worded(first.disk.batches), timeline: first.timeline })
      for (const { exchange } of await second.journal.recover()) second.workers[0]!.watch(exchange.id)
      expect(await second.workers[0]!.cases()).toMatchObject([{ nextStep: 'verify', owner: 'operator' }])
      await second.pass(HOUR_MS)
      cured = true
      await second.pass(HOUR_MS)
      expect(transactions(second)).not.toContain('2601')
      expect(states(second).at(-1)).toBe('reversed')
    },
  )

  it('whose verification is not answered is verified again, not sent again', async () => {
    let asked = 0
    const behaviour = changed(({ infno }) => {
      if (infno === '5203') asked += 1
      return infno === '5203' && (asked === 4 || asked === 5) ? 'silence' : null
    })
    const made = bench({ behaviour })
    await made.settle()
    await made.pass(HOUR_MS)
    expect(transactions(made).slice(-5)).toEqual(['2601', '5203', '5203', ...SEARCH])
    expect(transactions(made).filter((infno) => infno === '2601')).toHaveLength(1)
    expect(states(made).at(-1)).toBe('reversed')
  })

  it('that the platform refuses leaves the case open, and is tried again', async () => {
    const made = bench({ behaviour: changed(({ infno }) => (infno === '2601' ? { no: '不能冲正' } : null)) })
    await made.settle()
    await made.pass(HOUR_MS)
    expect(states(made)).not.toContain('reversed')
    expect(transactions(made).filter((infno) => infno === '2601').length).toBeGreaterThan(1)
  })
})

describe('the kill switch', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'lets nothing leave while it is on, be it after message %i in the middle of a step',
    async (count) => {
      const made = bench()
      await made.settle()
      await made.until(() => made.left.length === count)
      made.workers[0]!.pause(true)
      await made.pass(HOUR_MS)
      expect(made.left).toHaveLength(count)
      made.workers[0]!.pause(false)
      await made.pass(HOUR_MS)
      expect(states(made).at(-1)).toBe('reversed')
    },
  )
})

describe('a counter’s reversal that meets recovery at the same moment', () => {
  it('becomes unknown, is taken up, and ends', async () => {
    let outcome: unknown
    const made = bench({
      behaviour: {
        says: (asked) => (asked.infno === '5203' ? { output: shown(SETTLEMENT) } : EMPTY.says(asked)),
        // The counter's reversal is answered when the commit of what recovery has found is still under way.
        takesMs: ({ infno }) => (infno === '2601' ? 30 : 10),
      },
    })
    await made.settle()
    await made.until(() => made.left.at(-1)!.asked.infno === '5203')
    const reversal = `${HOSPITAL}202603020900000002`
    const sent = made.send('2601', reversal, { psn_no: 'P1', omsgid: SETTLEMENT, oinfno: '2207' })
    await made.pass(9)
    made.disk.hold()
    await made.pass(25)
    expect(made.disk.byMessage(HOSPITAL, reversal, '2601')?.state).toBe('open')
    void sent.then((answer) => {
      outcome = answer
    })
    made.disk.release()
    await made.pass(10)
    expect(outcome).toMatchObject({ problem: 'outcome-unknown' })
    expect(made.disk.byMessage(HOSPITAL, reversal, '2601')?.state).toBe('unknown')
    expect((await made.workers[0]!.cases()).map(({ message }) => message)).toContain(reversal)
    await made.pass(HOUR_MS)
    expect(made.faults).toEqual([])
    expect(made.disk.byMessage(HOSPITAL, reversal, '2601')?.state).toBe('accepted')
    expect(states(made).at(-1)).toBe('reversed')
    expect(await made.workers[0]!.cases()).toEqual([])
  })
})
