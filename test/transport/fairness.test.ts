/** A hospital that floods a channel takes no other's turn, and recovery keeps a place of its own. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../src/extension/dialect.ts'
import { Call } from '../../src/transport/call.ts'
import { FairQueue, WAITING_MAX } from '../../src/transport/fair-queue.ts'
import { bench, HUNAN, type Told } from './support.ts'

const of = (institution: string) => ({ message: { institution } as Message })

/** Sends so many calls of one institution at once. @returns what they came to, as far as it is known */
function flood(made: ReturnType<typeof bench>, calls: number, institution: string, more: object = {}) {
  const told: Told[] = []
  for (let index = 0; index < calls; index += 1)
    void made.send(HUNAN, { ...of(institution), ...more }, institution).then((one) => told.push(one))
  return told
}

const busy = (told: readonly Told[]) => told.filter(({ fault }) => fault?.refused?.why === 'busy').length

describe('a channel that two hospitals use', () => {
  it('refuses nothing to one that asks 59 times while the other asks 400 times at once', async () => {
    const made = bench(() => 100)
    const flooding = flood(made, 400, 'A')
    const other: Told[] = []
    for (let index = 0; index < 59; index += 1) {
      void made.send(HUNAN, of('B'), 'B').then((one) => other.push(one))
      await made.pass(10)
      flooding.push(...flood(made, 6, 'A'))
    }
    await made.pass(10_000)
    expect(other).toHaveLength(59)
    expect(busy(other)).toBe(0)
    expect(busy(flooding)).toBeGreaterThan(200)
  })

  it('gives them room in turns, however many wait of one', async () => {
    const made = bench(() => 100)
    flood(made, 32 + 40, 'A')
    flood(made, 5, 'B')
    await made.pass(101)
    const second = made.posts.slice(32, 42).map(({ body }) => body)
    expect(second.join('')).toBe('ABABABABAB')
  })

  it('lets the last of the longest line give way, unsent, and nothing that has left', async () => {
    const made = bench(() => 100)
    const flooding = flood(made, 32 + 64, 'A')
    const one = made.send(HUNAN, of('B'), 'B')
    await made.pass(1)
    expect(busy(flooding)).toBe(1)
    expect(flooding[0]!.fault).toMatchObject({ sent: false, refused: { why: 'busy' } })
    expect(made.status()).toMatchObject({ waiting: 64, turnedAway: 1 })
    await made.pass(500)
    expect((await one).answer).not.toBeNull()
    expect(made.posts).toHaveLength(32 + 64)
  })

  it('keeps the place of what recovery asks, and recovery from taking every place', async () => {
    const made = bench(() => 100)
    flood(made, 32, 'A')
    const asked = flood(made, 20, 'A', { from: 'recovery' })
    const flooding = flood(made, 400, 'A')
    await made.pass(1)
    expect(busy(asked)).toBe(4)
    expect(made.status()).toMatchObject({ waiting: 64 })
    expect(busy(flooding)).toBe(400 - 48)
    await made.pass(1_000)
    expect(asked.filter(({ answer }) => answer !== null)).toHaveLength(16)
  })

  it('forgets whoever waits no longer: a wait that ends by itself leaves its place', async () => {
    const made = bench(() => 10_000)
    flood(made, 32, 'A')
    const impatient = flood(made, 64, 'A', { budgetMs: 1_000 })
    await made.pass(501)
    expect(busy(impatient)).toBe(64)
    expect(made.status()).toMatchObject({ waiting: 0 })
    const other = flood(made, 64, 'B')
    await made.pass(1)
    expect(busy(other)).toBe(0)
  })
})

const callOf = (institution: string) =>
  new Call(
    {
      ...of(institution),
      destination: HUNAN,
      traffic: 'changes',
      body: Buffer.alloc(0),
      budgetMs: 1,
      from: 'caller',
    },
    '',
    String,
    0,
    () => {},
    () => {},
  )

describe('FairQueue', () => {
  it('never refuses an institution of which fewer wait than of another, and holds what it was given', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 7 }) },
      { weight: 1, arbitrary: fc.constantFrom<'take' | 'leave'>('take', 'leave') },
    )
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 400 }), (steps) => {
        const queue = new FairQueue()
        let held: Call[] = []
        const waiting = (institution: string) =>
          held.filter(({ sending }) => sending.message.institution === institution).length
        const longest = () => Math.max(0, ...held.map(({ sending }) => waiting(sending.message.institution)))
        for (const one of steps) {
          if (one === 'take') {
            const taken = queue.take()
            expect(taken === null).toBe(held.length === 0)
            held = held.filter((call) => call !== taken)
          } else if (one === 'leave') {
            const leaving = held[Math.floor(held.length / 2)]
            if (leaving) queue.remove(leaving)
            held = held.filter((call) => call !== leaving)
          } else {
            // Some come far more often than others.
            const call = callOf(`H${Math.floor(Math.sqrt(one))}`)
            const out = queue.add(call)
            if (out) {
              expect(held).toHaveLength(WAITING_MAX)
              expect(waiting(out.sending.message.institution)).toBe(longest())
            }
            held = [...held, call].filter((each) => each !== out)
          }
          expect(queue.size).toBe(held.length)
        }
        const left: Call[] = []
        for (let call = queue.take(); call; call = queue.take()) left.push(call)
        expect(new Set(left)).toEqual(new Set(held))
      }),
      { numRuns: 60 },
    )
  })

  it('serves each institution in the order in which its calls came', () => {
    const queue = new FairQueue()
    const calls = ['A', 'A', 'B', 'A', 'B', 'C'].map(callOf)
    for (const call of calls) queue.add(call)
    const order = calls.map(() => calls.indexOf(queue.take()!))
    expect(order).toEqual([0, 2, 5, 1, 4, 3])
  })
})
