/** A gateway that is late turns new messages away before their bodies are read, and nothing that must get through. */
import { once } from 'node:events'
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EventLoop } from '../../src/event-loop.ts'
import { Admission } from '../../src/http/admission.ts'
import { partyBy } from '../../src/http/listener.ts'
import type { Log } from '../../src/log.ts'
import { type Callers, Unidentified } from '../../src/pipeline/callers.ts'
import { type Clock, systemClock } from '../../src/ports.ts'
import { type Answered, bodies, type Gateway, startGateway } from './rest-support.ts'

/**
 * A loop whose beats come when the test says so, and a door that judges by it.
 *
 * @param ports `busy`: the clock counts idle time, and there is none; calls that wait for a platform
 */
function door({ busy = false, atPlatforms = 0 } = {}) {
  let now = 0
  let beat = () => {}
  const clock: Clock = {
    now: () => 0 as never,
    elapsed: () => now,
    after(_ms, callback) {
      beat = callback
      return () => {}
    },
    ...(busy && { idle: () => 0 }),
  }
  const loop = new EventLoop(clock)
  const told: object[] = []
  const log = { warn: (about: object) => told.push(about) } as unknown as Log
  let looks = 0
  const admission = new Admission({
    clock,
    loop,
    log,
    atPlatforms: () => atPlatforms,
    partyOf(incoming) {
      looks += 1
      return partyOf(incoming)
    },
  })
  const has = (count: number) => {
    while (admission.underWay < count) admission.enter()
    while (admission.underWay > count) admission.leave()
  }
  has(1_000)
  /** A turn that takes so long; asks of one party come every so many milliseconds in it. @returns how many were let in */
  const turn = (ms: number, everyMs = ms, party = 'A') => {
    const end = now + ms
    let admitted = 0
    for (; now < end; now += everyMs) if (admission.admits(from(party))) admitted += 1
    now = end
    beat()
    return admitted
  }
  return {
    admission,
    told,
    looked: () => looks,
    turn,
    wait: (ms: number) => (now += ms),
    has,
  }
}

const from = (party: string) => ({ headers: { 'x-api-key': party } }) as unknown as IncomingMessage
const partyOf = ({ headers }: IncomingMessage) => String(headers['x-api-key'])

describe('Admission', () => {
  it('lets everybody in while turns are short, however many come', () => {
    const { turn, told } = door()
    for (let count = 0; count < 100; count += 1) expect(turn(60, 1)).toBe(60)
    expect(told).toEqual([])
  })

  it('takes in a burst for half a second, and no more in that turn', () => {
    const { turn } = door()
    expect(turn(750, 1)).toBe(25 + 500 + 1)
    expect(turn(60, 1)).toBe(60)
  })

  it('turns away nobody for a turn that took long through something else', () => {
    const { turn, told } = door()
    for (let count = 0; count < 5; count += 1) {
      turn(2_000, 2_001)
      expect(turn(20, 1)).toBe(20)
    }
    expect(told).toEqual([])
  })

  it('turns away nobody for one pause in the middle of a turn', () => {
    const { admission, turn, wait, told } = door()
    for (let count = 0; count < 5; count += 1) {
      expect(turn(10, 1)).toBe(10)
      wait(490)
      const admitted = Array.from({ length: 50 }, () => admission.admits(from('A')))
      expect(admitted).not.toContain(false)
      turn(0)
      expect(turn(20, 1)).toBe(20)
    }
    expect(told).toEqual([])
  })

  it('hears whoever asks how a message has ended for as long as there is any time', () => {
    const { admission, turn, wait } = door()
    for (let count = 0; count < 4; count += 1) turn(150, 10)
    wait(500)
    const admitted = (isUrgent: boolean) =>
      Array.from({ length: 9 }, () => admission.admits(from('A'), isUrgent)).filter(Boolean).length
    expect([admitted(false), admitted(true)]).toEqual([2, 9])
    wait(50)
    expect([admitted(false), admitted(true)]).toEqual([0, 0])
  })

  it('looks up no more than 256 a turn: whom it turns away must cost little', () => {
    const { admission, turn, wait, looked } = door()
    for (let count = 0; count < 4; count += 1) turn(150, 10)
    wait(100)
    const before = looked()
    for (let count = 0; count < 1_000; count += 1) admission.admits(from('A'))
    expect(looked() - before).toBe(256)
  })

  it('takes in less a turn once turns have been late for long, until one is in time', () => {
    const { turn } = door()
    for (let count = 0; count < 4; count += 1) turn(150, 10)
    expect(turn(200, 1)).toBe(25 + 40 + 1 + 2)
    turn(10)
    turn(30)
    expect(turn(200, 1)).toBe(200)
  })

  it('lets in two of everybody a turn even then: a flood of one is no refusal of another', () => {
    const { admission, turn, wait } = door()
    for (let count = 0; count < 4; count += 1) turn(150, 10)
    wait(100)
    const admitted = (party: string) => Array.from({ length: 5 }, () => admission.admits(from(party)))
    expect(admitted('A')).toEqual([true, true, false, false, false])
    expect(admitted('B')).toEqual([true, true, false, false, false])
    for (let other = 0; other < 40; other += 1) admission.admits(from(`C${other}`))
    expect(admission.admits(from('D'))).toBe(false)
  })

  it.each<[number, boolean]>([
    [100, true],
    [101, false],
  ])('with %d under way lets in one more, however late it is: %s', (count, admitted) => {
    const { admission, has, wait } = door()
    wait(5_000)
    has(count)
    expect(admission.admits(from('A'))).toBe(admitted)
  })

  it.each<[string, number, number, number]>([
    ['256 that wait for it', 256, 0, 50],
    ['257 that wait for it', 257, 0, 2],
    ['500, of whom 250 wait for a platform', 500, 250, 50],
    ['500, of whom 240 wait for a platform', 500, 240, 2],
  ])(
    'of a loop without a moment left lets in no more than two a turn beside %s',
    (_, count, waiting, admitted) => {
      const { admission, turn, has } = door({ busy: true, atPlatforms: waiting })
      has(101)
      for (let count = 0; count < 50; count += 1) turn(20)
      has(count)
      const letInin = Array.from({ length: 50 }, () => admission.admits(from('A'))).filter(Boolean)
      expect(letInin).toHaveLength(admitted)
    },
  )

  it('does not count those whom it is turning away: their bodies are only read past', async () => {
    const { admission, turn, has } = door({ busy: true })
    has(300)
    for (let count = 0; count < 50; count += 1) turn(20)
    turn(0)
    const { promise, resolve } = Promise.withResolvers<void>()
    const turned = Array.from({ length: 50 }, () => admission.turnAway(() => promise))
    expect(Array.from({ length: 50 }, () => admission.admits(from('A')))).not.toContain(false)
    resolve()
    await Promise.all(turned)
    expect(Array.from({ length: 50 }, () => admission.admits(from('A')))).toContain(false)
  })

  it('counts whom it turned away, and notes it once a minute', () => {
    const { admission, told, wait } = door()
    for (let count = 0; count < 3; count += 1) admission.turnAway(async () => {})
    wait(60_000)
    admission.turnAway(async () => {})
    expect(admission.turnedAway).toBe(4)
    expect(told).toEqual([{ turnedAway: 1 }, { turnedAway: 4 }])
  })
})

/** What the loop takes for a request, in milliseconds: reading it in, three more turns until its answer, turning it away. */
interface Costs {
  readonly read: number
  readonly step: number
  readonly refuse: number
}
const STEPS = 3
const COSTS: Costs = { read: 0.15, step: 0.05, refuse: 0.02 }
const CAPACITY = 1_000 / (COSTS.read + STEPS * COSTS.step)

/** A loop in a model: a turn takes in what has come, then goes on with what is under way. `rate` of requests a second. */
function model(rateAt: (ms: number) => number, forMs: number, guarded = true) {
  let now = 0
  let beat = () => {}
  let beatAt = Number.POSITIVE_INFINITY
  const clock: Clock = {
    now: () => 0 as never,
    elapsed: () => now,
    after(ms, callback) {
      beatAt = now + ms
      beat = callback
      return () => {}
    },
  }
  const loop = new EventLoop(clock)
  const due: number[] = []
  for (let at = 0; at < forMs; at += 1_000 / rateAt(at)) due.push(at)
  let underWay: { due: number; left: number }[] = []
  const admission = new Admission({ clock, loop, partyOf, log: { warn: () => {} } as unknown as Log })
  const served: { due: number; at: number }[] = []
  const refused: { due: number; at: number }[] = []
  let next = 0
  while (next < due.length || underWay.length > 0) {
    if (now >= beatAt) beat()
    let end = next
    while (end < due.length && due[end]! <= now) end += 1
    const going = underWay
    underWay = [...going]
    for (; next < end; next += 1) {
      admission.enter()
      if (!guarded || admission.admits(from('A'))) {
        now += COSTS.read
        underWay.push({ due: due[next]!, left: STEPS })
      } else {
        now += COSTS.refuse
        admission.leave()
        refused.push({ due: due[next]!, at: now })
      }
    }
    for (const one of going) {
      now += COSTS.step
      one.left -= 1
      if (one.left > 0) continue
      served.push({ due: one.due, at: now })
      admission.leave()
    }
    underWay = underWay.filter(({ left }) => left > 0)
    if (going.length === 0 && underWay.length === 0) now = Math.max(now, Math.min(due[next] ?? now, beatAt))
  }
  const tookMs = (all: readonly { due: number; at: number }[]) =>
    Math.max(...all.map(({ due, at }) => at - due))
  return { served, refused, tookMs }
}

describe('a loop in a model, at twice what it can do', () => {
  it('keeps everybody waiting for longer and longer without the door', () => {
    const { served, tookMs } = model(() => 2 * CAPACITY, 10_000, false)
    expect(tookMs(served)).toBeGreaterThan(7_000)
  })

  it.each([1.2, 2, 3])('times %d answers everybody within two seconds and serves what it can', (times) => {
    const { served, refused, tookMs } = model(() => times * CAPACITY, 10_000)
    expect(tookMs(served)).toBeLessThan(2_000)
    expect(tookMs(refused)).toBeLessThan(2_000)
    // What is turned away costs something as well.
    const best = 1 - ((times - 1) * COSTS.refuse * CAPACITY) / 1_000
    expect(served.length / (CAPACITY * 10)).toBeGreaterThan(Math.min(0.9, best - 0.05))
  })

  it('is back to normal within two seconds, and turns nobody away then', () => {
    const { served, refused } = model((ms) => (ms < 8_000 ? 2 : 0.5) * CAPACITY, 12_000)
    expect(refused.at(-1)!.due).toBeLessThan(9_000)
    const after = served.filter(({ due }) => due > 10_000)
    expect(after.length).toBeGreaterThan(0)
    expect(Math.max(...after.map(({ due, at }) => at - due))).toBeLessThan(50)
  })
})

const { eligibility } = bodies({ code: 'I10.x00x002', name: '高血压' }, 'Z0001')
const NATIONAL = '/hss-call-service-interface'
let gateway: Gateway
/** What the loop would have done while it stands still. */
const held: (() => void)[] = []
let stands = false
let aheadMs = 0

/** A clock whose timers wait while the loop stands still. */
const clock: Clock = {
  now: systemClock.now,
  elapsed: () => systemClock.elapsed() + aheadMs,
  after: (ms, callback) => systemClock.after(ms, () => (stands ? held.push(callback) : callback())),
}

describe('a gateway that is late', () => {
  let release = () => {}
  let pending: Promise<Answered>
  const others: ClientRequest[] = []

  beforeAll(async () => {
    gateway = await startGateway(undefined, { clock })
    const { platform } = gateway
    const { promise: answered, resolve } = Promise.withResolvers<void>()
    const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>()
    release = resolve
    gateway.platform = async (message) => {
      isAsked()
      await answered
      return platform(message)
    }
    // A hundred are under way, whose bodies are still to come.
    for (let index = 0; index < 100; index += 1) {
      const other = request(gateway.url + NATIONAL, { method: 'POST', headers: { 'content-length': 9 } })
      other.on('error', () => {})
      other.flushHeaders()
      others.push(other)
    }
    await Promise.all(
      others.map((other) => once(other, 'socket').then(([socket]) => once(socket, 'connect'))),
    )
    await gateway.ask('/health')
    pending = gateway.post('/v1/eligibility', eligibility)
    await asked
    stands = true
    aheadMs = 3_000
  })
  afterAll(async () => {
    for (const other of others) other.destroy()
    await gateway.close()
  })

  it('tells a hospital system so in its own form, nothing is sent and the same key may come again', async () => {
    const { status, headers, json } = await gateway.post(NATIONAL, '{"infno":"2207"')
    expect([status, json.infcode]).toEqual([200, -1])
    expect(json.err_msg).toMatch(/网关繁忙.*未受理.*不受影响.*同一报文ID/)
    expect(headers.get('zhijie-problem')).toBe('gateway-busy')
    expect(headers.get('zhijie-retry')).toBe('same-key')
    expect(headers.get('retry-after')).toMatch(/^[123]$/)
  })

  it('tells it as a problem over REST, and as an outcome over FHIR, with 503', async () => {
    const rest = await gateway.post('/v1/eligibility', eligibility)
    expect(rest.status).toBe(503)
    expect(rest.headers.get('content-type')).toContain('application/problem+json')
    expect(rest.json).toMatchObject({ type: '/problems/gateway-busy', retry: 'same-key', stage: 'receive' })
    expect(Number(rest.headers.get('retry-after'))).toBe(rest.json.retryAfterSeconds)
    const fhir = await gateway.ask('/fhir/r4/CodeSystem/$lookup?code=A01')
    expect(fhir.status).toBe(503)
    expect(fhir.json).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'transient' }] })
  })

  it('answers before the body has come', async () => {
    const asked = request(gateway.url + NATIONAL, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': 500_000 },
    })
    asked.on('error', () => {})
    asked.flushHeaders()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    expect(answer.headers['zhijie-problem']).toBe('gateway-busy')
    asked.destroy()
  })

  it('keeps the connection, and reads past the body that comes after the answer', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ask = async (late: boolean) => {
      const asked = request(gateway.url + NATIONAL, {
        agent,
        method: 'POST',
        headers: { 'content-length': 9 },
      })
      if (late) asked.flushHeaders()
      else asked.end('{"a":"b"}')
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      if (late) asked.end('{"a":"b"}')
      answer.resume()
      await once(answer, 'end')
      return [answer.headers['zhijie-problem'], asked.socket?.localPort]
    }
    const [problem, port] = await ask(true)
    expect(problem).toBe('gateway-busy')
    expect(await ask(false)).toEqual(['gateway-busy', port])
    agent.destroy()
  })

  it.each(['/health', '/ready', '/metrics', '/v1/open-cases', '/v1/destinations', '/v1/tally', '/problems'])(
    'answers %s as ever',
    async (path) => {
      expect((await gateway.ask(path)).status).toBe(200)
    },
  )

  it('counts them and writes none down', async () => {
    const { text } = await gateway.ask('/metrics')
    expect(Number(/^zhijie_gateway_busy_total (\d+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(4)
    expect((await gateway.ask('/v1/tally')).json.begun).toBe(0)
    expect(gateway.received).toHaveLength(1)
  })

  it('takes everybody in as soon as its loop comes round, and what was under way is answered', async () => {
    stands = false
    for (const callback of held.splice(0)) callback()
    release()
    expect((await pending).status).toBe(200)
    expect((await gateway.post('/v1/eligibility', eligibility)).status).toBe(200)
  })
})

describe('partyBy()', () => {
  const callers: Callers = {
    identify(key) {
      if (key?.startsWith('known')) return { id: key, institutions: 'any' }
      throw new Unidentified('unknown-caller', 'receive', '')
    },
  }
  it.each([
    [{ 'x-api-key': 'known-a' }, 'known-a'],
    [{ authorization: 'Bearer known-b' }, 'known-b'],
    [{ 'x-api-key': 'one' }, ''],
    [{ 'x-api-key': 'another' }, ''],
    [{}, ''],
  ])('of %j is "%s": all who are nobody are one party', (headers, party) => {
    expect(partyBy(callers)({ headers } as IncomingMessage)).toBe(party)
  })
})
