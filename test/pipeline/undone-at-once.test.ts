/** Two messages that undo the same at one moment: one of them is under way, the other is judged by its outcome. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createOpenReversals } from '../../src/journal/embedded/open-reversals.ts'
import { undoingName } from '../../src/journal/entry.ts'
import type { InboundRequest, OutboundReply } from '../../src/pipeline/context.ts'
import { handle } from './alone.ts'
import {
  cancellation,
  freshId,
  open,
  ownersBench,
  reversal,
  said,
  settlement,
  type Told,
} from './owner-support.ts'
import { bench as benchOver, DEADLINE_MS, envelope, HOSPITAL } from './recovery-support.ts'

/** What undoing takes at the platform. */
const TAKES_MS = 1_000
const UNDOING = ['2208', '2305', '2601', '2202', '2404', '2405']

let bench: ReturnType<typeof ownersBench>
let settled: string
let opened: string
beforeEach(async () => {
  bench = ownersBench()
  const { behaviour } = bench
  settled = freshId()
  opened = freshId()
  behaviour.opens = 'V1'
  await open(bench, 'V1', 'P1')
  const { disk } = bench.made
  opened = disk.byId(disk.openers('V1')[0]!.exchange!)!.exchange.message!
})

/** Settles V1, as an outpatient or an inpatient; the platform calls it S1. */
async function settle(infno = '2207') {
  expect(await said(bench.made, { ...settlement('P1', 'V1', infno), id: settled })).toMatchObject({
    problem: null,
  })
}

/** The platform takes its time over undoing; the first of it may end otherwise than with a yes. */
function slowly(first: 'yes' | 'no' | 'silence' = 'yes') {
  const { behaviour, made } = bench
  let count = 0
  made.behaviour = {
    says(asked) {
      if (UNDOING.includes(asked.infno)) count += 1
      if (!UNDOING.includes(asked.infno) || count > 1 || first === 'yes') return behaviour.says(asked)
      return first === 'no' ? { no: 'E202 待遇不可撤销' } : 'silence'
    },
    takesMs: ({ infno }) => (UNDOING.includes(infno) ? TAKES_MS : 10),
  }
  made.most.underWay = 0
}

interface Heard {
  answer: OutboundReply | null
  at: number
}

/** Sends without waiting. */
function send({ infno, input, id = freshId(), head }: Told, more: Partial<InboundRequest> = {}): Heard {
  const { services, timeline } = bench.made
  const body = Buffer.from(JSON.stringify({ ...envelope(infno, id, {}), ...head, input }))
  const caller = { id: 'his', institutions: 'any' } as const
  const format = services.formats.get(services.dialect.id)!
  const heard: Heard = { answer: null, at: Number.NaN }
  void handle(services, { dialect: services.dialect, format, caller, body, transaction: null, ...more }).then(
    (answer) => {
      heard.answer = answer
      heard.at = timeline.elapsed()
    },
  )
  return heard
}

const textOf = ({ answer }: Heard) => (JSON.parse(answer!.body.toString()) as { err_msg: string }).err_msg
const undone = () =>
  bench.made.left.map(({ asked }) => asked.infno).filter((infno) => UNDOING.includes(infno))
const stateOf = (transaction = '2207') => bench.made.disk.byMessage(HOSPITAL, settled, transaction)?.state
const withdrawal = (infno: string, mdtrt_id = 'V1'): Told => ({
  infno,
  input: { data: { psn_no: 'P1', mdtrt_id, ipt_otp_no: 'MZ-P1' } },
})

/** One after the other, a moment apart. */
async function both(one: Told, other: Told, more: Partial<InboundRequest> = {}) {
  const first = send(one)
  await bench.made.pass(100)
  const second = send(other, more)
  await bench.made.pass(100)
  return { first, second }
}

type Pair = readonly [settles: string, one: () => Told, other: () => Told, text: string]
const cancels = (infno: string) => () => cancellation('P1', 'V1', 'S1', infno)
const reverses = (infno: string) => () => reversal('P1', settled, infno)
const PAIRS: readonly Pair[] = [
  ['2207', cancels('2208'), reverses('2207'), 'omsgid所指的业务已由另一报文（2208）撤销'],
  ['2207', reverses('2207'), cancels('2208'), 'setl_id所指的业务已由另一报文（2601）冲正'],
  ['2207', cancels('2208'), cancels('2208'), 'setl_id所指的业务已由另一报文（2208）撤销'],
  ['2207', reverses('2207'), reverses('2207'), 'omsgid所指的业务已由另一报文（2601）冲正'],
  ['2304', cancels('2305'), reverses('2304'), 'omsgid所指的业务已由另一报文（2305）撤销'],
  ['2304', reverses('2304'), cancels('2305'), 'setl_id所指的业务已由另一报文（2601）冲正'],
]
const VISITS: readonly Pair[] = [
  ['2201', () => withdrawal('2202'), () => withdrawal('2202'), 'mdtrt_id所指的业务已由另一报文（2202）撤销'],
  [
    '2201',
    () => withdrawal('2202'),
    () => reversal('P1', opened, '2201'),
    'omsgid所指的业务已由另一报文（2202）',
  ],
  [
    '2201',
    () => reversal('P1', opened, '2201'),
    () => withdrawal('2202'),
    'mdtrt_id所指的业务已由另一报文（2601）',
  ],
  ['2401', () => withdrawal('2404'), () => withdrawal('2404'), 'mdtrt_id所指的业务已由另一报文（2404）撤销'],
  ['2402', () => withdrawal('2405'), () => withdrawal('2405'), 'mdtrt_id所指的业务已由另一报文（2405）撤销'],
]

describe('two undoings of one settlement, or of one visit', () => {
  it.each([...PAIRS, ...VISITS])(
    'of %s: the second waits, and is refused once the first is done',
    async (settles, one, other, text) => {
      if (settles.startsWith('2207') || settles === '2304') await settle(settles)
      slowly()
      const { first, second } = await both(one(), other())
      expect(second.answer).toBeNull()
      expect(undone()).toHaveLength(1)
      await bench.made.pass(TAKES_MS)
      expect(first.answer).toMatchObject({ problem: null })
      expect(second.answer).toMatchObject({ problem: 'invalid-field' })
      expect(textOf(second)).toContain(`${text}`)
      expect(textOf(second)).toContain('本次未发出，费用没有变动')
      expect(second.at).toBeLessThan(first.at + 10)
      expect(undone()).toHaveLength(1)
    },
  )

  it.each([...PAIRS, ...VISITS])(
    'of %s: the second leaves once the first was refused, never beside it',
    async (settles, one, other) => {
      if (settles.startsWith('2207') || settles === '2304') await settle(settles)
      slowly('no')
      const { first, second } = await both(one(), other())
      await bench.made.pass(3 * TAKES_MS)
      expect(first.answer).toMatchObject({ problem: 'fund-refused' })
      expect(second.answer).toMatchObject({ problem: null })
      expect(undone()).toHaveLength(2)
      expect(bench.made.most.underWay).toBe(1)
    },
  )

  it.each(
    PAIRS.filter(([, one, other]) => one !== other && !(one().infno === '2601' && other().infno === '2601')),
  )(
    'of %s: the second does not leave while the outcome of the first is unknown',
    async (settles, one, other) => {
      await settle(settles)
      slowly('silence')
      const { first, second } = await both(one(), other())
      await bench.made.pass(2 * DEADLINE_MS)
      expect(first.answer).toMatchObject({ problem: 'outcome-unknown' })
      expect(second.answer).toMatchObject({ problem: 'encounter-busy' })
      expect(undone()).toHaveLength(1)
      expect(await said(bench.made, other())).toMatchObject({ problem: 'encounter-busy' })
      expect(stateOf(settles)).toBe('accepted')
    },
  )

  it('a reversal whose outcome is unknown may be sent anew under another id: undoing twice changes nothing', async () => {
    await settle()
    slowly('silence')
    send(reversal('P1', settled))
    await bench.made.pass(DEADLINE_MS + 1)
    const anew = send(reversal('P1', settled))
    await bench.made.pass(TAKES_MS + 100)
    expect(anew.answer).toMatchObject({ problem: null })
    expect(stateOf()).toBe('reversed')
  })

  it('the second that may not wait is told so, and has not left', async () => {
    await settle()
    slowly()
    const patience = { since: bench.made.timeline.elapsed() + 100, waitMs: 400 }
    const { second } = await both(cancels('2208')(), reversal('P1', settled), { patience })
    await bench.made.pass(250)
    expect(second.answer).toMatchObject({ problem: 'encounter-busy' })
    expect(textOf(second)).toContain('同一业务的另一撤销或冲正报文仍在办理；本次未发出')
    await bench.made.pass(TAKES_MS)
    expect(undone()).toEqual(['2208'])
  })

  it('the second comes by the door with keys of its own', async () => {
    await settle()
    slowly()
    const ownKey = { key: `rest|${HOSPITAL}|cancel|K1`, bodyHash: 'B' }
    const { second } = await both(cancels('2208')(), cancels('2208')(), { ownKey })
    expect(second.answer).toBeNull()
    await bench.made.pass(TAKES_MS)
    expect(second.answer).toMatchObject({ problem: 'invalid-field' })
    expect(undone()).toEqual(['2208'])
  })

  it('of three the last two are judged by the first, and by each other', async () => {
    await settle()
    slowly('no')
    const told = [cancels('2208')(), reversal('P1', settled), cancels('2208')()]
    const heard = told.map((one) => send(one))
    await bench.made.pass(4 * TAKES_MS)
    const problems = heard.map(({ answer }) => answer!.problem)
    expect(problems).toEqual(['fund-refused', null, 'invalid-field'])
    expect(bench.made.most.underWay).toBe(1)
  })
})

describe('what is not the same does not wait', () => {
  beforeEach(() => settle())

  it('the key of the first with another body is a conflict at once', async () => {
    slowly()
    const id = freshId()
    const other = {
      ...cancels('2208')(),
      input: { data: { psn_no: 'P1', mdtrt_id: 'V1', setl_id: 'S1', memo: 'x' } },
    }
    const { second } = await both({ ...cancels('2208')(), id }, { ...other, id })
    expect(second.answer).toMatchObject({ problem: 'key-conflict' })
  })

  it('what was answered before is answered again while another undoing is under way', async () => {
    slowly('no')
    const told = { ...cancels('2208')(), id: freshId() }
    const before = send(told)
    await bench.made.pass(2 * TAKES_MS)
    const { second } = await both(reversal('P1', settled), told)
    expect(second.answer).toMatchObject({ problem: 'fund-refused', replayed: true })
    expect(second.answer!.body.equals(before.answer!.body)).toBe(true)
  })

  it.each<[string, () => Told]>([
    ['the withdrawal of the visit', () => withdrawal('2202')],
    ['the withdrawal of its discharge', () => withdrawal('2405')],
    ['a settlement that the journal does not know', () => cancellation('P1', 'V9', 'S9')],
    [
      'one with the same id at another platform',
      () => ({ ...cancellation('P9', 'V9', 'S1'), head: { insuplc_admdvs: '430102' } }),
    ],
  ])('%s', async (_what, other) => {
    if (_what.startsWith('one with')) {
      bench.behaviour.settles = 0
      await open(bench, 'V9', 'P9', { insuplc_admdvs: '430102' })
      const far = settlement('P9', 'V9')
      expect(await said(bench.made, { ...far, head: { insuplc_admdvs: '430102' } })).toMatchObject({
        problem: null,
      })
    }
    slowly()
    await both(cancels('2208')(), other())
    expect(undone()).toHaveLength(2)
  })
})

describe('of a visit', () => {
  it.each<[string, () => Told, () => Told, readonly string[]]>([
    ['the discharge and the admission', () => withdrawal('2404'), () => withdrawal('2405'), ['2404', '2405']],
    [
      'the registration, beside a settlement',
      () => settlement('P1', 'V1'),
      () => withdrawal('2202'),
      ['2202'],
    ],
    ['two registrations', () => withdrawal('2202'), () => withdrawal('2202', 'V2'), ['2202', '2202']],
  ])('%s do not wait for each other', async (_what, one, other, expected) => {
    await open(bench, 'V2', 'P1')
    slowly()
    const { behaviour } = bench.made
    bench.made.behaviour = { ...behaviour, takesMs: () => TAKES_MS }
    await both(one(), other())
    expect(undone()).toEqual(expected)
  })
})

describe('what the journal does not know', () => {
  it.each<[string, () => Told, () => Told]>([
    ['a settlement', () => cancellation('P1', 'V9', 'S9'), () => cancellation('P1', 'V9', 'S9')],
    [
      'a settlement, with another city of the same platform',
      () => cancellation('P1', 'V9', 'S9'),
      () => ({ ...cancellation('P1', 'V9', 'S9'), head: { insuplc_admdvs: '620102' } }),
    ],
    ['a registration', () => withdrawal('2202', 'V9'), () => withdrawal('2202', 'V9')],
  ])('%s is undone by one message at a time, by the id of its platform', async (_what, one, other) => {
    slowly()
    const { second } = await both(one(), other())
    expect(undone()).toHaveLength(1)
    await bench.made.pass(TAKES_MS)
    expect(second.answer).toMatchObject({ problem: 'invalid-field' })
  })
})

describe('a reversal without an outcome', () => {
  it('keeps the cancellation away though a second one was refused', () => {
    const reversals = createOpenReversals()
    const of = { kind: 'reversal', institution: HOSPITAL, original: 'M1' } as const
    const name = undoingName(HOSPITAL, 'M1')
    const open = () => reversals.has(name)
    for (const id of [1, 2]) reversals.hold({ ...of, id })
    reversals.hold({ ...of, id: 3, institution: 'H34010490001' })
    reversals.hold({ ...of, id: 4, kind: 'settlement' })
    for (const id of [2, 4, 5]) reversals.release({ ...of, id })
    expect(open()).toBe(true)
    reversals.release({ ...of, id: 1 })
    expect(open()).toBe(false)
  })

  it('keeps the cancellation away after a restart too, until recovery has its outcome', async () => {
    await settle()
    slowly('silence')
    send(reversal('P1', settled))
    await bench.made.pass(100)
    const { disk, timeline } = bench.made
    const again = benchOver({ earlier: disk.batches, timeline, behaviour: bench.behaviour, paused: true })
    const left = await again.journal.recover()
    const name = undoingName(HOSPITAL, settled)
    expect(again.journal.isReversing(name)).toBe(true)
    expect(await said(again, cancels('2208')())).toMatchObject({
      problem: 'encounter-busy',
      text: expect.stringContaining('setl_id所指结算的冲正结果未知'),
    })
    for (const { exchange } of left) again.workers[0]!.watch(exchange.id)
    again.workers[0]!.pause(false)
    await again.pass(60_000)
    expect(again.journal.isReversing(name)).toBe(false)
    expect(await said(again, cancels('2208')())).toMatchObject({
      problem: 'invalid-field',
      text: expect.stringContaining('setl_id所指的结算已冲正'),
    })
  })
})
