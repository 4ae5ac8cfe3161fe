/** A destination that goes dark is closed soon after, and one that is merely slow is not. */
import { describe, expect, it } from 'vitest'
import { ANHUI, bench, HUNAN, PROBE, type Told } from './support.ts'

/** Refused at once, and nothing of it left. */
const refused = ({ fault, tookMs }: Told) => fault?.refused?.why === 'down' && tookMs < 5

/** What a platform does when it goes dark: it answers nothing any more, or still what it had taken before. */
type Dark = 'hangs' | 'drops what is new'

/** A destination that is well for ten seconds and then goes dark. @returns after how long it was first refused */
async function darkAfter(usualMs: number, perSecond: number, dark: Dark = 'hangs') {
  const made = bench(() => usualMs * (0.8 + (0.4 * ((made?.posts.length ?? 0) % 7)) / 6))
  await made.traffic(perSecond, 10_000)
  const wentDark = made.timeline.elapsed()
  made.does = () => 'silent'
  made.hangs = dark === 'hangs'
  const told = await made.traffic(perSecond, 4_000)
  const first = told.find(refused)
  return { made, noticedMs: (first?.beganAt ?? Number.POSITIVE_INFINITY) - wentDark, told }
}

describe('a destination that goes dark', () => {
  it.each<[Dark, number, number, number]>([
    ['hangs', 20, 30, 300],
    ['hangs', 50, 50, 300],
    ['hangs', 200, 30, 350],
    ['hangs', 800, 30, 600],
    ['drops what is new', 20, 30, 300],
    ['drops what is new', 50, 100, 300],
    ['drops what is new', 150, 50, 450],
    // What is new cannot be missed before what is usual has passed.
    ['drops what is new', 800, 30, 1_300],
  ])(
    'and %s, with answers in %d ms, at %d calls a second, is noticed within %d ms',
    async (dark, usual, rate, within) => {
      const { noticedMs } = await darkAfter(usual, rate, dark)
      expect(noticedMs).toBeLessThanOrEqual(within)
    },
  )

  it('refuses at once from then on, says since when, and the calls under way keep their deadlines', async () => {
    const { made, told } = await darkAfter(50, 50)
    const after = told.filter(refused)
    expect(after.length).toBeGreaterThan(150)
    expect(after[0]!.fault!.refused).toMatchObject({ why: 'down', since: expect.any(Number) })
    expect(made.status()).toMatchObject({ breaker: 'open', why: 'silence', inFlight: 0, waiting: 0 })
    const calls = made.posts.filter(({ body }) => body !== PROBE).length
    await made.pass(25_000)
    expect(made.posts.filter(({ body }) => body !== PROBE)).toHaveLength(calls)
    expect(told.filter(({ fault }) => fault?.sent)).not.toHaveLength(0)
    for (const { fault, tookMs } of told) if (fault?.sent) expect(tookMs).toBe(25_000)
  })

  it('is noticed if it has never answered, though later', async () => {
    const made = bench(() => 'silent')
    const told = await made.traffic(30, 4_000)
    expect(told.find(refused)!.beganAt).toBeLessThanOrEqual(3_300)
  })

  it('is not noticed with two calls waiting: two are no sign', async () => {
    const made = bench(() => 50)
    await made.traffic(20, 2_000)
    made.does = () => 'silent'
    void made.send()
    void made.send()
    await made.pass(20_000)
    expect(made.status().breaker).toBe('closed')
  })
})

describe('a destination that is slow', () => {
  it.each([2_000, 5_000])('and usually takes %d ms is not taken for silent', async (usual) => {
    const made = bench(() => usual * (0.7 + (0.6 * ((made?.posts.length ?? 0) % 5)) / 4))
    // Its first calls are too few for a judgement.
    await made.traffic(1, 2_000)
    await made.pass(2 * usual)
    await made.traffic(25_000 / usual, 30_000)
    expect(made.status()).toMatchObject({ breaker: 'closed', turnedAway: 0 })
    // Then a burst after a pause, of which nothing can have been heard yet.
    await made.pass(30_000)
    await made.traffic(100, 200)
    await made.pass(2 * usual)
    expect(made.status()).toMatchObject({ breaker: 'closed', turnedAway: 0 })
  })

  it('for some of its transactions only is not taken for silent while the others are answered', async () => {
    const made = bench((_body, posts) => (posts % 10 === 0 ? 3_000 : 40))
    await made.traffic(40, 20_000)
    expect(made.status()).toMatchObject({ breaker: 'closed', turnedAway: 0 })
  })

  it('is not taken for silent if the gateway itself stood still', async () => {
    const made = bench(() => 50)
    await made.traffic(50, 2_000)
    for (let turn = 0; turn < 20; turn += 1) {
      made.stillUntil = made.timeline.elapsed() + 600
      await made.traffic(50, 1_000 + 7 * turn)
    }
    expect(made.status()).toMatchObject({ breaker: 'closed', turnedAway: 0 })
  })

  it('leaves no timer behind if nothing waits', async () => {
    const made = bench(() => 50)
    await made.traffic(50, 1_000)
    await made.pass(1_000)
    const before = made.timeline.elapsed()
    // Virtual time stands still if nothing is planned.
    expect(await made.timeline.run(before + 3_600_000)).toBe(true)
    expect(made.timeline.elapsed() - before).toBeLessThan(1_000)
  })

  it('does not close another destination', async () => {
    const made = bench(() => 50)
    await made.traffic(50, 1_000)
    await made.traffic(50, 1_000, ANHUI)
    made.does = () => 'silent'
    await made.traffic(50, 2_000, HUNAN)
    expect(made.status(HUNAN).breaker).toBe('open')
    expect(made.status(ANHUI).breaker).toBe('closed')
  })
})
