/** The calls at once to a destination follow how it answers, and the rest wait in bounds or are turned away unsent. */
import { describe, expect, it } from 'vitest'
import { ANHUI, bench, GUANGDONG, HUNAN, type Told } from './support.ts'

const many = (made: ReturnType<typeof bench>, calls: number, ...rest: Parameters<typeof made.send>) => {
  const told: Told[] = []
  for (let index = 0; index < calls; index += 1) void made.send(...rest).then((one) => told.push(one))
  return told
}

describe('the room of a channel', () => {
  it('takes 32 calls at once, lets 64 wait and turns the 97th away unsent', async () => {
    const made = bench(() => 100)
    const told = many(made, 97)
    await made.pass(1)
    expect(made.posts).toHaveLength(32)
    expect(told.map(({ fault }) => fault?.refused?.why)).toEqual(['busy'])
    expect(made.status()).toMatchObject({ inFlight: 32, waiting: 64, turnedAway: 1 })
    await made.pass(500)
    expect(told.filter(({ answer }) => answer !== null)).toHaveLength(96)
  })

  it('is a matter of one destination and one kind of traffic', async () => {
    const made = bench(() => 100)
    many(made, 97)
    const others = Promise.all([made.send(ANHUI), made.send(HUNAN, { traffic: 'questions' })])
    await made.pass(101)
    expect((await others).map(({ tookMs }) => tookMs)).toEqual([100, 100])
  })

  it('of two destinations that hang takes nothing from the others', async () => {
    const made = bench(() => 40)
    for (const destination of [HUNAN, ANHUI, GUANGDONG]) await made.traffic(100, 2_000, destination)
    const hung = ['national/430000', 'national/340000']
    made.does = (body) => (hung.includes(body) ? 'silent' : 40)
    for (const destination of [HUNAN, ANHUI])
      for (const traffic of ['changes', 'questions'] as const)
        many(made, 200, destination, { traffic }, destination.id)
    const told = await made.traffic(100, 5_000, GUANGDONG)
    expect(told.every(({ answer, tookMs }) => answer !== null && tookMs === 40)).toBe(true)
  })

  it('takes what waits off the budget, and tells how long it waited', async () => {
    const made = bench(() => 100)
    many(made, 32)
    let queueMs = 0
    const message = {} as never
    const sending = { destination: HUNAN, traffic: 'changes', body: Buffer.from('late'), message } as const
    void made.transport.send({ ...sending, budgetMs: 1_000, from: 'caller' }, String).then((sent) => {
      queueMs = sent.queueMs
    })
    await made.pass(300)
    expect(made.posts.at(-1)).toMatchObject({ body: 'late', deadlineMs: 900 })
    expect(queueMs).toBe(100)
  })

  it('lets nothing wait longer than half its budget', async () => {
    const made = bench(() => 800)
    many(made, 32)
    const late = made.send(HUNAN, { budgetMs: 1_000 })
    await made.pass(600)
    expect(await late).toMatchObject({ tookMs: 500, fault: { sent: false, refused: { why: 'busy' } } })
    await made.pass(5_000)
    expect(made.posts).toHaveLength(32)
  })

  it.each([0, -5])('sends nothing if the budget is %d', async (budgetMs) => {
    const made = bench(() => 10)
    expect((await made.send(HUNAN, { budgetMs })).fault).toMatchObject({ refused: { why: 'late' } })
    expect(made.posts).toEqual([])
  })

  it('grows to 128 if all is answered in time, and not without need', async () => {
    const made = bench(() => 50)
    await made.traffic(100, 10_000)
    expect(made.status().limit).toBe(32)
    for (let round = 0; round < 300; round += 1) {
      many(made, Math.min(96, made.status().limit))
      await made.pass(51)
    }
    expect(made.status().limit).toBe(128)
  })

  it('shrinks if answers come late, down to four', async () => {
    // The more at once, the slower: what an overloaded platform does.
    const made = bench(() => 20 + 20 * made.status().inFlight ** 1.5)
    await made.traffic(5, 20_000)
    const before = made.status().limit
    await made.traffic(200, 30_000)
    expect(made.status().limit).toBeLessThan(before)
    expect(made.status().limit).toBeGreaterThanOrEqual(4)
  })
})
