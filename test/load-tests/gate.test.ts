/** The validity gate lets a run through only where every sum closes. */
import { describe, expect, it } from 'vitest'
import { type Effects, faultsOf, type Tally } from '../../load-tests/gate.ts'

const TALLY: Tally = { begun: 10, ended: 10, open: 0, settled: 8, reversed: 1, standingFen: 700 }
const EFFECTS: Effects = { standing: 7, standingFen: 700 }
const HEARD = { sent: 10, yes: 7 }
const nothing = {
  tally: { begun: 0, ended: 0, open: 0, settled: 0, reversed: 0, standingFen: 0 },
  effects: { standing: 0, standingFen: 0 },
}

const judged = (
  tally: Partial<Tally> = {},
  effects: Partial<Effects> = {},
  heard: Partial<typeof HEARD> = {},
) =>
  faultsOf(
    nothing,
    { tally: { ...TALLY, ...tally }, effects: { ...EFFECTS, ...effects } },
    { ...HEARD, ...heard },
  )

describe('faultsOf()', () => {
  it('lets a run through whose sums close', () => {
    expect(judged()).toEqual([])
  })

  it('counts what an earlier run left as before', () => {
    const moment = { tally: TALLY, effects: EFFECTS }
    expect(faultsOf(moment, moment, { sent: 0, yes: 0 })).toEqual([
      'no message of money was taken up: nothing was measured',
    ])
  })

  it.each([
    ['a message that neither ended nor is open', { ended: 9 }, {}, {}],
    ['a message that was sent and never taken up', {}, {}, { sent: 11 }],
    ['a message that was taken up twice', { begun: 11, ended: 11 }, {}, {}],
    ['an effect that the gateway does not know', {}, { standing: 8 }, {}],
    ['an effect that is missing', {}, { standing: 6 }, {}],
    ['one fen', {}, { standingFen: 701 }, {}],
    ['a yes for what was never settled', {}, {}, { yes: 9 }],
  ])('voids a run with %s', (_, tally, effects, heard) => {
    expect(judged(tally, effects, heard)).toHaveLength(1)
  })
})
