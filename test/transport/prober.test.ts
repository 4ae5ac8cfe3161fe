/** A destination that is down is probed by the gateway's own questions only, and comes back step by step. */
import { describe, expect, it } from 'vitest'
import { bench, GANSU, HUNAN, PROBE } from './support.ts'

/** A destination that has gone dark and is known to be. */
async function down(usualMs = 50) {
  const made = bench(() => usualMs)
  await made.traffic(50, 5_000)
  made.does = () => 'silent'
  await made.traffic(50, 1_000)
  expect(made.status().breaker).toBe('open')
  return made
}

const ofOurs = (made: ReturnType<typeof bench>) => made.posts.filter(({ body }) => body === PROBE)
const ofCallers = (made: ReturnType<typeof bench>) => made.posts.filter(({ body }) => body !== PROBE)

describe('a destination that is down', () => {
  it('gets questions of our own only, further and further apart, and no call of a caller', async () => {
    const made = await down()
    const before = ofCallers(made).length
    await made.traffic(20, 60_000)
    expect(ofCallers(made)).toHaveLength(before)
    const asked = ofOurs(made).map(({ at }) => at)
    const pauses = asked.slice(1).map((at, index) => at - asked[index]!)
    // A question waits two seconds for its answer; the pause after it doubles up to five.
    expect(pauses.slice(0, 6)).toEqual([2_400, 2_800, 3_600, 5_200, 7_000, 7_000])
    expect(made.status().lastProbe).toEqual({ at: expect.any(String), answered: false })
  })

  it('says beforehand what a call would be refused with, and counts it; another destination says nothing', async () => {
    const made = await down()
    const before = made.status().turnedAway
    const { fault } = await made.send()
    const { transport } = made
    expect(transport.refusal(HUNAN, 'changes')).toEqual(fault!.refused)
    expect(made.status().turnedAway).toBe(before + 2)
    expect(transport.refusal(GANSU, 'changes')).toBeNull()
    made.does = () => 50
    while (made.status().breaker === 'open') await made.pass(1)
    expect(transport.refusal(HUNAN, 'changes')).toBeNull()
  })

  it('is open again at the first answer, and no call of a caller was the trial', async () => {
    const made = await down()
    await made.pass(10_000)
    const before = ofCallers(made).length
    made.does = (body) => (body === PROBE ? 50 : 'silent')
    while (made.status().breaker === 'open') await made.pass(1)
    expect(ofCallers(made)).toHaveLength(before)
    expect(made.status()).toMatchObject({ breaker: 'closed', lastProbe: { answered: true } })
  })

  it('stays closed to callers while its answers are unreadable', async () => {
    const made = await down()
    made.does = () => 'garbage'
    await made.traffic(20, 20_000)
    expect(made.status().breaker).toBe('open')
  })

  it('begins with one call and takes as many as before within a few answers', async () => {
    const made = await down()
    made.does = () => 50
    while (made.status().breaker === 'open') await made.pass(1)
    expect(made.status().limit).toBe(1)
    const told = await made.traffic(100, 1_000)
    expect(made.status().limit).toBeGreaterThanOrEqual(16)
    expect(told.every(({ answer }) => answer !== null)).toBe(true)
  })

  it('goes down again with the first real call that fails, after one call', async () => {
    const made = await down()
    await made.pass(30_000)
    const before = ofCallers(made).length
    made.does = (body) => (body === PROBE ? 50 : 'garbage')
    await made.traffic(50, 30_000)
    const lost = ofCallers(made).length - before
    // Questions are answered and settlements are not: one real call a probe, and the probes go further apart.
    expect(lost).toBeLessThanOrEqual(ofOurs(made).filter(({ at }) => at > 36_000).length)
    expect(lost).toBeLessThanOrEqual(8)
  })

  it('is asked sooner if something is heard of it: the answer to what it had taken before', async () => {
    const made = bench(() => 50)
    await made.traffic(50, 5_000)
    // A stall of a second: everything is answered, but only then.
    const stalls = made.timeline.elapsed() + 1_000
    made.does = () => Math.max(50, stalls - made.timeline.elapsed())
    await made.traffic(50, 900)
    expect(made.status().breaker).toBe('open')
    await made.pass(400)
    expect(made.status().breaker).toBe('closed')
  })

  it('may be asked by recovery, one question at a time, whose answer opens it again', async () => {
    const made = await down()
    const ask = () => made.send(HUNAN, { traffic: 'questions', from: 'recovery' }, 'search')
    // Questions go down with questions.
    await made.traffic(50, 3_500, HUNAN, { traffic: 'questions' })
    expect(made.status(HUNAN, 'questions').breaker).toBe('open')
    const [first, second] = [ask(), ask()]
    expect((await second).fault).toMatchObject({ refused: { why: 'down' } })
    await made.pass(25_000)
    expect((await first).fault).toMatchObject({ sent: true })
    made.does = (body) => (body === PROBE ? 'silent' : 50)
    const third = ask()
    await made.pass(60)
    expect((await third).answer).toBe('answer to search')
    expect(made.status().breaker).toBe('closed')
    expect(made.status(HUNAN, 'questions').breaker).toBe('closed')
  })

  it('is asked no more once the transport is closed', async () => {
    const made = await down()
    await made.transport.close()
    const before = made.posts.length
    await made.pass(60_000)
    expect(made.posts).toHaveLength(before)
  })
})
