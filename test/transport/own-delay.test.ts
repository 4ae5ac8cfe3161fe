/** A delay of the gateway itself, or one hospital's short patience, is no fault of a platform and hides none. */
import { describe, expect, it } from 'vitest'
import { bench, HUNAN } from './support.ts'

/** The process stands still again and again, longer than it runs. */
async function overloaded(made: ReturnType<typeof bench>, stillMs: number, turns: number) {
  const told = []
  for (let turn = 0; turn < turns; turn += 1) {
    for (let call = 0; call < 3; call += 1) told.push(made.send())
    made.stillUntil = made.timeline.elapsed() + stillMs
    await made.pass(stillMs + 12)
  }
  await made.pass(1_000)
  return Promise.all(told)
}

describe('a delay of our own', () => {
  it.each([60, 200, 600])(
    'of %d ms, again and again, is no silence and no slowness of a platform',
    async (stillMs) => {
      const made = bench(() => 20)
      await made.traffic(50, 4_000)
      const before = made.status()
      const told = await overloaded(made, stillMs, 60)
      expect(told.filter(({ fault }) => fault !== null)).toEqual([])
      const { breaker, turnedAway, limit, usualMs } = made.status()
      expect({ breaker, turnedAway, limit }).toEqual({
        breaker: 'closed',
        turnedAway: 0,
        limit: before.limit,
      })
      expect(usualMs).toBeLessThan(30)
    },
  )

  it('hides no silence: a platform that goes dark meanwhile is noticed', async () => {
    const made = bench(() => 20)
    await made.traffic(50, 4_000)
    made.does = () => 'silent'
    void overloaded(made, 200, 60)
    await made.pass(10_000)
    expect(made.status()).toMatchObject({ breaker: 'open', why: 'silence' })
  })

  it('that takes the time of a call is no fault of its platform', async () => {
    const made = bench(() => 20)
    await made.traffic(50, 1_000)
    made.does = () => 'silent'
    for (let turn = 0; turn < 6; turn += 1) {
      for (let call = 0; call < 2; call += 1) void made.send(HUNAN, { budgetMs: 1_000 })
      await made.pass(1)
      made.stillUntil = made.timeline.elapsed() + 950
      await made.pass(1_100)
    }
    expect(made.status()).toMatchObject({ breaker: 'closed', limit: 32 })
  })
})

describe('the patience of one hospital', () => {
  it('that is shorter than a platform takes closes it to nobody, while others are answered', async () => {
    const made = bench(() => 400)
    const told = made.traffic(20, 20_000)
    for (let turn = 0; turn < 100; turn += 1) {
      void made.send(HUNAN, { budgetMs: 150 })
      void made.send(HUNAN, { budgetMs: 150 })
      await made.pass(100)
    }
    await made.pass(12_000)
    expect((await told).filter(({ fault }) => fault !== null)).toEqual([])
    expect(made.status().breaker).toBe('closed')
  })

  it('is a sign nevertheless if nothing is heard of the platform at all', async () => {
    const made = bench(() => 400)
    await made.traffic(20, 2_000)
    made.does = () => 'silent'
    await made.traffic(20, 3_000, HUNAN, { budgetMs: 150 })
    expect(made.status().breaker).toBe('open')
  })
})
