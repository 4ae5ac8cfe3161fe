/** A slow question is asked a second time within bounds, and what changes something leaves once. */
import { describe, expect, it } from 'vitest'
import { bench, HUNAN } from './support.ts'

const QUESTION = { traffic: 'questions' } as const

/** Each call has a body of its own; one in so many is slow the first time it leaves. */
function slowNowAndThen(oneIn: number, slow: number | 'silent' = 5_000) {
  let calls = 0
  const seen = new Set<string>()
  const made = bench((body) => {
    if (seen.has(body)) return 30
    seen.add(body)
    return Number(body) % oneIn === oneIn - 1 ? slow : 30 + (Number(body) % 5)
  })
  const traffic = async (count: number, more: Parameters<typeof made.send>[1]) => {
    const told = []
    for (let index = 0; index < count; index += 1) {
      told.push(made.send(HUNAN, more, String(calls++)))
      await made.pass(20)
    }
    await made.pass(26_000)
    return Promise.all(told)
  }
  return { made, traffic }
}

const times = (posts: readonly { body: string }[]) => {
  const counts = new Map<string, number>()
  for (const { body } of posts) counts.set(body, (counts.get(body) ?? 0) + 1)
  return counts
}

describe('a hedged question', () => {
  it('is asked a second time when it takes longer than most, and the first answer counts', async () => {
    const { made, traffic } = slowNowAndThen(40)
    const told = await traffic(400, QUESTION)
    const slowest = Math.max(...told.slice(100).map(({ tookMs }) => tookMs))
    expect(slowest).toBeLessThan(500)
    expect(Math.max(...times(made.posts).values())).toBe(2)
  })

  it('is one in twenty at most, however many become slow at once', async () => {
    const made = bench(() => 40)
    await made.traffic(50, 2_000, HUNAN, QUESTION)
    made.does = (_body, posts) => (posts % 2 ? 2_000 : 40)
    await made.traffic(10, 10_000, HUNAN, QUESTION)
    const second = made.posts.length - 200
    expect(second).toBeGreaterThan(0)
    expect(second).toBeLessThanOrEqual(200 * 0.05 + 2)
  })

  it('ends well if the first is never answered', async () => {
    const { traffic } = slowNowAndThen(50, 'silent')
    const told = await traffic(300, QUESTION)
    expect(told.slice(100).every(({ answer }) => answer !== null)).toBe(true)
  })

  it('is no question of recovery', async () => {
    const { made, traffic } = slowNowAndThen(40)
    await traffic(400, { ...QUESTION, from: 'recovery' })
    expect(made.posts).toHaveLength(times(made.posts).size)
  })
})

describe('what changes something', () => {
  it('leaves once, however slow it is', async () => {
    const { made, traffic } = slowNowAndThen(40)
    await traffic(400, { traffic: 'changes' })
    expect(made.posts).toHaveLength(400)
    expect([...times(made.posts).values()].every((count) => count === 1)).toBe(true)
  })
})
