/** A settlement is undone once: by its cancellation or by the reversal of its message. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../src/extension/dialect.ts'
import { refuseTwice } from '../../src/pipeline/undone.ts'
import {
  cancellation,
  freshId,
  lost,
  open,
  ownersBench,
  reversal,
  said,
  settlement,
  type Told,
} from './owner-support.ts'
import { HOSPITAL } from './recovery-support.ts'

let bench: ReturnType<typeof ownersBench>
let settled: string
beforeEach(async () => {
  bench = ownersBench()
  settled = freshId()
  await open(bench, 'V1', 'P1')
  await done({ ...settlement('P1', 'V1'), id: settled })
})

async function done(told: Told) {
  const answer = await said(bench.made, told)
  expect(answer).toMatchObject({ problem: null })
  return answer
}

async function refused(told: Told, problem: string, text: string) {
  const before = bench.made.left.length
  expect(await said(bench.made, told)).toMatchObject({ problem, text: expect.stringContaining(text) })
  expect(bench.made.left.length).toBe(before)
}

const stateOf = (id: string, transaction = '2207') =>
  bench.made.disk.byMessage(HOSPITAL, id, transaction)?.state

describe('refuseTwice()', () => {
  it.each([
    ['2207', '2208'],
    ['2304', '2305'],
  ])(
    'refuses the reversal of %s once %s has cancelled it, until that is reversed',
    async (settles, cancels) => {
      const id = freshId()
      const undo = freshId()
      await open(bench, 'V2', 'P1')
      await done({ ...settlement('P1', 'V2', settles), id })
      await done({ ...cancellation('P1', 'V2', 'S2', cancels), id: undo })
      await refused(reversal('P1', id, settles), 'invalid-field', `omsgid所指的结算已由${cancels}撤销`)
      expect(stateOf(id, settles)).toBe('accepted')
      await done(reversal('P1', undo, cancels))
      await done(reversal('P1', id, settles))
      expect(stateOf(id, settles)).toBe('reversed')
    },
  )

  it('knows the settlement also where the platform pads the ids of its answers', async () => {
    const { behaviour } = bench
    bench.made.behaviour = {
      says(asked) {
        const said = behaviour.says(asked)
        if (typeof said === 'string' || 'no' in said) return said
        if (asked.infno === '2201') said.output.data.mdtrt_id += '  '
        if (said.output?.setlinfo) said.output.setlinfo.setl_id += '  '
        return said
      },
    }
    const id = freshId()
    await open(bench, 'V2', 'P1')
    await done({ ...settlement('P1', 'V2'), id })
    await done(cancellation('P1', 'V2', 'S2'))
    await refused(reversal('P1', id), 'invalid-field', 'omsgid所指的结算已由2208撤销')
    expect(bench.made.journal.openers('V2')).toHaveLength(1)
  })

  it('refuses it while the outcome of the cancellation is unknown', async () => {
    expect(await lost(bench, cancellation('P1', 'V1', 'S1'))).toBe('outcome-unknown')
    await refused(reversal('P1', settled), 'encounter-busy', '撤销2208结果未知')
  })

  it('refuses to cancel what is cancelled or reversed', async () => {
    await done(cancellation('P1', 'V1', 'S1'))
    await refused(cancellation('P1', 'V1', 'S1'), 'invalid-field', '不能重复撤销')
    const id = freshId()
    await done({ ...settlement('P1', 'V1'), id })
    await done(reversal('P1', id))
    await refused(cancellation('P1', 'V1', 'S3'), 'invalid-field', 'setl_id所指的结算已冲正')
  })

  it('refuses a cancellation that could not be sent before, once another one has done it', async () => {
    const unsent = { ...cancellation('P1', 'V1', 'S1'), id: freshId() }
    const { behaviour } = bench
    bench.made.behaviour = { says: () => ({ no: 'E702 参保地停机维护' }) }
    expect(await said(bench.made, unsent)).toMatchObject({ problem: 'destination-down' })
    bench.made.behaviour = behaviour
    await done(cancellation('P1', 'V1', 'S1'))
    await refused(unsent, 'invalid-field', '不能重复撤销')
  })

  it.each([
    ['its own', {}, true],
    ['another institution’s', { institution: 'H34010490001' }, false],
    ['another platform’s', { insuredArea: '430102' }, false],
    ['of another settlement', { settlement: 'S9' }, false],
  ])('minds a cancellation that has the same ids and is %s', async (_whose, of, minded) => {
    const settledAs = { institution: HOSPITAL, insuredArea: '620102', encounter: 'V1' }
    const original = { ...settledAs, kind: 'settlement', settlement: null }
    const cancelled = { ...settledAs, kind: 'cancellation', transaction: '2208', settlement: 'S1', ...of }
    const journal = {
      byMessage: () => ({ state: 'accepted', settlement: 'S1', exchange: original }),
      cancellations: () => [{ state: 'accepted', exchange: cancelled }],
      settlers: () => [],
    } as unknown as Parameters<typeof refuseTwice>[0]
    const undoing = {
      ...{ operation: { kind: 'reversal' }, institution: HOSPITAL },
      subject: { original: { id: 'M1', transaction: '2207' } },
    } as unknown as Message
    const judged = refuseTwice(journal, undoing)
    if (minded) await expect(judged).rejects.toThrow('已由2208撤销')
    else await judged
  })

  it('answers a cancellation that comes again with the same bytes', async () => {
    const told = { ...cancellation('P1', 'V1', 'S1'), id: freshId() }
    const first = await done(told)
    expect((await said(bench.made, told)).body).toBe(first.body)
  })
})

describe('recordUndone()', () => {
  it('follows the life of the settlement and not the answer: what was cancelled meanwhile stays cancelled', async () => {
    const undo = freshId()
    expect(await lost(bench, { ...reversal('P1', settled), id: undo })).toBe('outcome-unknown')
    // An earlier build let the cancellation overtake the reversal, which is then answered with a yes that changes nothing.
    const { made } = bench
    const journal = { ...made.journal, isReversing: () => false }
    const earlier = { ...made, services: { ...made.services, journal } }
    expect(await said(earlier, cancellation('P1', 'V1', 'S1'))).toMatchObject({ problem: null })
    for (const worker of made.workers) worker.pause(false)
    await made.pass(60_000)
    expect(stateOf(undo, '2601')).toBe('accepted')
    expect(stateOf(settled)).toBe('accepted')
  })
})
