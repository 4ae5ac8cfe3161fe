/** A call gives what was read or a fault that says whether it was sent; faults open the breaker of their province. */
import { describe, expect, it } from 'vitest'
import { TransportFault } from '../../src/transport/fault.ts'
import { ADDRESSES, ANHUI, BUDGET_MS, bench, type Does, GANSU, HUNAN, type Told } from './support.ts'

/** Sends so many times, one after the other. */
async function oneByOne(made: ReturnType<typeof bench>, times: number, destination = HUNAN): Promise<Told[]> {
  const told: Told[] = []
  for (let turn = 0; turn < times; turn += 1) {
    const sent = made.send(destination, { budgetMs: 100 })
    await made.pass(101)
    told.push(await sent)
  }
  return told
}

describe('createTransport()', () => {
  it('posts to the address of the platform and gives what was read', async () => {
    const made = bench(() => 5)
    const told = Promise.all([made.send(), made.send(GANSU)])
    await made.pass(10)
    expect((await told).map(({ answer }) => answer)).toEqual(['answer to call', 'answer to call'])
    expect(made.posts).toEqual([
      { url: ADDRESSES.national, body: 'call', deadlineMs: BUDGET_MS, at: 0 },
      { url: ADDRESSES['620000'], body: 'call', deadlineMs: BUDGET_MS, at: 0 },
    ])
  })

  it.each<[Does, boolean]>([
    ['unreached', false],
    ['silent', true],
    ['garbage', true],
  ])('a call that is %s is a fault: sent is %s', async (does, sent) => {
    const [told] = await oneByOne(
      bench(() => does),
      1,
    )
    expect(told!.fault).toBeInstanceOf(TransportFault)
    expect(told!.fault).toMatchObject({ sent, refused: sent ? null : { why: 'unreached' } })
  })

  it('an answer that cannot be read keeps its cause', async () => {
    const [told] = await oneByOne(
      bench(() => 'garbage'),
      1,
    )
    expect(told!.fault!.cause).toBeInstanceOf(RangeError)
  })

  it('sends nothing if no address is set', async () => {
    const made = bench(() => 5, {})
    expect((await made.send()).fault).toMatchObject({ sent: false, refused: { why: 'unreached' } })
    expect(made.posts).toEqual([])
  })

  it.each<Does>(['silent', 'garbage', 'unreached'])(
    'opens the breaker after ten calls that are %s',
    async (does) => {
      const made = bench((body) => (body === 'probe' ? 'silent' : does))
      await oneByOne(made, 9)
      expect(made.status()).toMatchObject({ breaker: 'closed', since: null })
      await oneByOne(made, 1)
      expect(made.status()).toMatchObject({ breaker: 'open', why: 'faults', since: expect.any(String) })
      for (const { fault } of await oneByOne(made, 5))
        expect(fault).toMatchObject({ sent: false, refused: { why: 'down' } })
      expect(made.posts.filter(({ body }) => body === 'call')).toHaveLength(10)
    },
  )

  it.each<[number, string]>([
    [10, 'closed'],
    [11, 'open'],
  ])('%d faults of 20 calls leave the breaker %s: more than half opens it', async (faults, breaker) => {
    const made = bench((_body, posts) => (posts > 20 - faults ? 'garbage' : 5))
    for (let turn = 0; turn < 20; turn += 1) {
      void made.send()
      await made.pass(6)
    }
    expect(made.status().breaker).toBe(breaker)
  })

  it('forgets faults after ten seconds', async () => {
    const made = bench(() => 'garbage')
    await oneByOne(made, 9)
    await made.pass(11_000)
    await oneByOne(made, 9)
    expect(made.status().breaker).toBe('closed')
  })

  it('leaves the other provinces behind the same platform alone, and the questions to the same', async () => {
    const made = bench((body) => (body === 'call' ? 'garbage' : 5))
    await oneByOne(made, 10)
    made.does = (body) => (body === 'probe' ? 'silent' : 5)
    const told = Promise.all([
      made.send(ANHUI),
      made.send(GANSU),
      made.send(HUNAN, { traffic: 'questions' }),
      made.send(HUNAN),
    ])
    await made.pass(6)
    expect((await told).map(({ answer }) => answer !== null)).toEqual([true, true, true, false])
  })

  it('sends nothing more once it is closed', async () => {
    const made = bench(() => 5)
    await made.transport.close()
    expect((await made.send()).fault).toMatchObject({ sent: false })
    expect(made.posts).toEqual([])
  })
})
