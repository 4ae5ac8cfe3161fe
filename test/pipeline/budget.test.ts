/** The time that a caller gives bounds the whole way of its message, and once it is over nothing leaves any more. */
import { describe, expect, it } from 'vitest'
import { patienceOf } from '../../src/http/prefer.ts'
import type { Patience, Services } from '../../src/pipeline/context.ts'
import type { Network } from '../../src/transport/network.ts'
import { createTransport } from '../../src/transport/transport.ts'
import { handle } from './alone.ts'
import { BILL, bench, envelope, SETTLEMENT } from './recovery-support.ts'

const ASK = {
  mdtrt_cert_type: '02',
  mdtrt_cert_no: BILL.mdtrt_cert_no,
  psn_cert_type: '01',
  certno: BILL.mdtrt_cert_no,
}

/** A gateway over the real transport whose network never answers, and whose journal takes its time. */
function slow({ commitMs = 0 } = {}) {
  const made = bench()
  const { timeline } = made
  const posts: { infno: string; deadlineMs: number }[] = []
  const network: Network = {
    post(_url, body, deadlineMs) {
      posts.push({ infno: JSON.parse(body.toString()).infno, deadlineMs })
      return new Promise(() => {})
    },
    close: async () => {},
  }
  const { clock, journal } = made.services
  const random = { next: () => 0.5, token: () => 'token' }
  const probe = () => ({ body: Buffer.from('{}'), read: () => {} })
  const services: Services = {
    ...made.services,
    transport: createTransport({ network, clock, random, addresses: { national: 'http://n' }, probe }),
    journal: {
      ...journal,
      async begin(intent) {
        await timeline.sleep(commitMs)
        return journal.begin(intent)
      },
    },
  }
  const { formats, dialect } = services
  const format = formats.get(dialect.id)!
  const caller = { id: 'his', institutions: 'any' } as const
  const send = (infno: string, data: object, patience: Patience | null) => {
    const body = Buffer.from(JSON.stringify(envelope(infno, SETTLEMENT, data as Record<string, unknown>)))
    return handle(services, { dialect, format, caller, body, transaction: null, patience })
  }
  const state = () => made.disk.byMessage(SETTLEMENT.slice(0, 12), SETTLEMENT, '2207')?.state
  return { made, posts, send, state, services }
}

describe('the time that a caller gives', () => {
  it('bounds the deadline of the call, less what was spent and what is kept for the answer', async () => {
    const { made, posts, send } = slow({ commitMs: 400 })
    void send('2207', BILL, { since: 0, waitMs: 3_000 })
    await made.pass(1_000)
    expect(posts).toEqual([{ infno: '2207', deadlineMs: 2_500 }])
  })

  it('never makes the wait longer than the gateway’s own', async () => {
    const { made, posts, send } = slow()
    void send('2207', BILL, { since: 0, waitMs: 600_000 })
    await made.pass(1_000)
    expect(posts).toEqual([{ infno: '2207', deadlineMs: 8_000 }])
  })

  it('that is over before anything is durable turns the message away, and its key is free', async () => {
    const { made, posts, send, state } = slow()
    await made.pass(500)
    const answer = await send('2207', BILL, { since: 0, waitMs: 550 })
    expect(answer).toMatchObject({ problem: 'budget-spent', retryAfterSeconds: 1 })
    expect(answer.body.toString()).toContain('未发出，未发生费用')
    expect(posts).toEqual([])
    expect(state()).toBeUndefined()
    void send('2207', BILL, null)
    await made.pass(10)
    expect(posts).toHaveLength(1)
  })

  it('that is over while the intent is made durable leaves the message unsent', async () => {
    const { made, posts, send, state } = slow({ commitMs: 2_000 })
    const told = send('2207', BILL, { since: 0, waitMs: 1_000 })
    await made.pass(2_001)
    expect((await told).problem).toBe('budget-spent')
    expect(posts).toEqual([])
    expect(state()).toBe('unsent')
    void send('2207', BILL, null)
    await made.pass(2_001)
    expect(posts).toHaveLength(1)
  })

  it('that is over leaves a question unasked', async () => {
    const { posts, send, made } = slow()
    await made.pass(1_000)
    expect((await send('1101', ASK, { since: 0, waitMs: 1_000 })).problem).toBe('budget-spent')
    expect(posts).toEqual([])
  })

  it('takes nothing from the stored answer of a known key', async () => {
    const { made, send, state } = slow()
    void send('2207', BILL, { since: 0, waitMs: 1_000 })
    // The network of this test never tells that a deadline has passed: the message stays open.
    await made.pass(100)
    expect(state()).toBe('open')
    const again = send('2207', BILL, { since: 0, waitMs: 1 })
    await made.pass(10)
    expect((await again).problem).toBe('key-in-flight')
  })
})

describe('patienceOf()', () => {
  it.each<[string | undefined, number | null]>([
    ['wait=10', 10_000],
    ['respond-async, wait=5', 5_000],
    ['return=minimal; foo="bar", WAIT = "7"', 7_000],
    ['wait=0', 0],
    ['wait=ten', null],
    ['wait=-1', null],
    ['await=3', null],
    ['', null],
    [undefined, null],
  ])('reads %j as %j milliseconds', (header, waitMs) => {
    expect(patienceOf(header, 5)).toEqual(waitMs === null ? null : { since: 5, waitMs })
  })
})
