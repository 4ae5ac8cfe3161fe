/** The idempotency matrix: what a second request under a key is answered, by what became of the first one. */
// The key is the `msgid` at the national door and the `Idempotency-Key` at the plain one (draft-07: 400, 409, 422, replay).
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { stretched } from '../support/stretched.ts'
import {
  about,
  envelopeOf,
  messageId,
  openVisit,
  type System,
  startSystem,
  type Visit,
  yes,
} from './support.ts'

let system: System

beforeAll(async () => {
  system = await startSystem({ ZHIJIE_SEGMENT_BYTES: '65536' })
})
afterEach(async () => {
  await system.clearFaults()
  await system.settled()
  expect(await system.agreement()).toMatchObject({ lost: 0, doubled: 0, unknown: 0, fenDifference: 0 })
})
afterAll(async () => {
  await system.stop()
})

/** An answer, reduced to what the matrix speaks of. */
interface Heard {
  readonly bytes: string
  readonly ok: boolean
  readonly status: number
  readonly replayed: boolean
  readonly words: string
  /** Code of the problem and the advice, as each door tells them; null with a yes. */
  readonly problem: string | null
  readonly retry: string | null
}

/** A door: settles a visit under a key, with the body as it is or another one. */
interface Door {
  readonly name: string
  key(): string
  settle(visit: Visit, key: string, other?: boolean, headers?: Record<string, string>): Promise<Heard>
}

const national: Door = {
  name: 'msgid at the national door',
  key: messageId,
  async settle(visit, key, other = false, headers = {}) {
    const data = other ? { ...visit.settlement.data, acct_used_flag: '0' } : visit.settlement.data
    const answer = await fetch(`${system.url()}/hss-call-service-interface`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(envelopeOf('2207', { data }, key, about(visit.person))),
    })
    const bytes = await answer.text()
    const { infcode, err_msg } = JSON.parse(bytes) as { infcode: number; err_msg: string }
    const problem = answer.headers.get('zhijie-problem')
    // The code in front of the sentence is that of the header.
    expect(/^(?:E\d{3} )?\[([a-z-]+)\] /.exec(err_msg)?.[1] ?? null).toBe(problem)
    return {
      bytes,
      ok: infcode === 0,
      status: 200,
      replayed: answer.headers.get('idempotent-replayed') === 'true',
      words: err_msg,
      problem,
      retry: answer.headers.get('zhijie-retry'),
    }
  },
}

const plain: Door = {
  name: 'Idempotency-Key at the plain door',
  key: () => `k-${messageId()}`,
  async settle(visit, key, other = false, headers = {}) {
    const { data } = visit.settlement
    const fen = (yuan: unknown) => Math.round(Number(yuan) * 100)
    const body = {
      batch: 'B1',
      totalFen: fen(data.medfee_sumamt),
      selfPaidFen: fen(data.fulamt_ownpay_amt),
      overLimitFen: fen(data.overlmt_selfpay),
      firstSelfPayFen: fen(data.preselfpay_amt),
      inScopeFen: fen(data.inscp_scp_amt),
      medicalCategory: '11',
      useAccount: !other,
    }
    const answer = await fetch(`${system.url()}/v1/encounters/${visit.encounter}/settlement`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key ? { 'idempotency-key': key } : {}), ...headers },
      body: JSON.stringify(body),
    })
    const bytes = await answer.text()
    const { type, retry = null } = JSON.parse(bytes) as { type?: string; retry?: string }
    return {
      problem: type?.replace('/problems/', '') ?? null,
      retry,
      bytes,
      ok: answer.ok,
      status: answer.status,
      replayed: answer.headers.get('idempotent-replayed') === 'true',
      words: String((JSON.parse(bytes) as { detail?: string }).detail ?? ''),
    }
  },
}

const CONFLICT = /已用于内容不同/

describe.each([national, plain])('$name', (door) => {
  const isPlain = door === plain

  it('after finish: same body the same bytes, other body a conflict', async () => {
    const visit = await openVisit(system)
    const key = door.key()
    const first = await door.settle(visit, key)
    expect(first.ok, first.words).toBe(true)
    const same = await door.settle(visit, key)
    expect(same.bytes).toBe(first.bytes)
    expect(same.status).toBe(first.status)
    expect(same.replayed).toBe(true)
    const other = await door.settle(visit, key, true)
    expect(other.words).toMatch(CONFLICT)
    if (isPlain) expect(other.status).toBe(422)
  })

  it('in flight: same body waits and gets the same bytes, other body conflicts at once, nothing is sent twice', async () => {
    const visit = await openVisit(system)
    const key = door.key()
    await system.faults(system.insured, { kind: 'delay', transaction: '2207', ms: stretched(120), times: 1 })
    let isOver = false
    const first = door.settle(visit, key).finally(() => {
      isOver = true
    })
    // Who will not wait is told that money may have moved; before the first is taken up, that there was no time.
    const hasty = () => door.settle(visit, key, false, { prefer: 'wait=0' })
    let told = await hasty()
    while (told.problem === 'budget-spent') told = await hasty()
    expect(told).toMatchObject({ ok: false, problem: 'key-in-flight', retry: 'inquire-first' })
    expect(told.words).toMatch(/平台可能已办理。请勿重复收费，也不要改收现金/)
    if (isPlain) expect(told.status).toBe(409)
    const again = Array.from({ length: 3 }, () => door.settle(visit, key))
    const others: Heard[] = []
    while (!isOver) others.push(await door.settle(visit, key, true))
    const { bytes, ok, words } = await first
    expect(ok, words).toBe(true)
    for (const same of await Promise.all(again)) expect(same).toMatchObject({ ok, bytes, replayed: true })
    expect(others.length).toBeGreaterThan(0)
    for (const other of others) expect(other.words).toMatch(CONFLICT)
  })

  it('unknown: same body is told so, other body conflicts; once found, same body gets the outcome for ever', async () => {
    const visit = await openVisit(system)
    const key = door.key()
    await system.faults(system.insured, [
      { kind: 'drop-after', transaction: '2207', times: 1 },
      { kind: 'down', transaction: '5203' },
    ])
    const first = await door.settle(visit, key)
    expect(first.words).toMatch(/结果未知|可能已办理/)
    expect(first).toMatchObject({ problem: 'outcome-unknown', retry: 'inquire-first' })
    if (isPlain) expect(first.status).toBe(504)
    expect(await door.settle(visit, key)).toMatchObject({
      problem: 'outcome-unknown',
      retry: 'inquire-first',
    })
    expect((await door.settle(visit, key, true)).words).toMatch(CONFLICT)
    await system.clearFaults()
    await system.settled()
    const found = await door.settle(visit, key)
    expect(found.ok, found.words).toBe(true)
    expect((await door.settle(visit, key)).bytes).toBe(found.bytes)
  })

  it('refused by the platform: same body the same refusal, other body a conflict', async () => {
    const visit = await openVisit(system)
    expect((await door.settle(visit, door.key())).ok).toBe(true)
    const key = door.key()
    const refused = await door.settle(visit, key)
    expect(refused).toMatchObject({ ok: false, problem: 'fund-refused', retry: 'never' })
    expect((await door.settle(visit, key)).bytes).toBe(refused.bytes)
    expect((await door.settle(visit, key, true)).words).toMatch(CONFLICT)
  })

  it('not sent: the same body under the same key tries again and is settled once', async () => {
    const visit = await openVisit(system)
    const key = door.key()
    await system.faults(system.national, { kind: 'stop', area: '620000', transaction: '2207' })
    const first = await door.settle(visit, key)
    expect(first).toMatchObject({ ok: false, problem: 'destination-down', retry: 'same-key' })
    if (isPlain) expect(first.status).toBe(503)
    await system.clearFaults()
    const second = await door.settle(visit, key)
    expect(second.ok, second.words).toBe(true)
    expect((await door.settle(visit, key)).bytes).toBe(second.bytes)
  })

  it('after a restart: same body the same bytes, other body a conflict', async () => {
    const visit = await openVisit(system)
    const key = door.key()
    const first = await door.settle(visit, key)
    await system.restart()
    expect((await door.settle(visit, key)).bytes).toBe(first.bytes)
    expect((await door.settle(visit, key, true)).words).toMatch(CONFLICT)
  })

  it('after retention: same body is told how it ended and that nothing was sent, other body a conflict', async () => {
    const visit = await openVisit(system)
    const key = door.key()
    const first = await door.settle(visit, key)
    expect(first.ok, first.words).toBe(true)
    const unsent = await openVisit(system)
    const unsentKey = door.key()
    await system.faults(system.national, { kind: 'stop', area: '620000', transaction: '2207' })
    expect((await door.settle(unsent, unsentKey)).ok).toBe(false)
    await system.clearFaults()
    await system.archiveAll()
    const booked = (await system.agreement()).differences
    for (const round of ['at once', 'after a restart']) {
      const same = await door.settle(visit, key)
      expect(same, round).toMatchObject({ ok: false, replayed: false })
      const asks = isPlain ? /^(?!.*5203).*\/v1\/status/ : /5203/
      expect(same.words).toMatch(/已于\d{4}-\d{2}-\d{2}办结：平台已办理（结算ID .+）.*本次未向平台发送/)
      expect(same.words).toMatch(asks)
      if (isPlain) expect(same.status).toBe(410)
      expect((await door.settle(visit, key, true)).words).toMatch(CONFLICT)
      const never = await door.settle(unsent, unsentKey)
      expect(never.words).toMatch(/未能发出，未发生费用.*本次未向平台发送.*换用新的/)
      if (isPlain) expect(never.status).toBe(410)
      await system.restart()
    }
    expect((await system.agreement()).differences).toEqual(booked)
    const again = await door.settle(unsent, door.key())
    if (isPlain) expect(again).toMatchObject({ status: 410, ok: false })
    else expect(again.ok, again.words).toBe(true)
  })
})

describe('Idempotency-Key', () => {
  it('is answered with what is stored, even where the registration of the visit is archived by then', async () => {
    const visit = await openVisit(system)
    const opened = await system.segment()
    while ((await system.segment()) === opened) await openVisit(system)
    const key = plain.key()
    const first = await plain.settle(visit, key)
    expect(first.ok, first.words).toBe(true)
    // The link over the end of a segment comes when the journal is idle.
    while ((await system.archive()) < opened);
    expect(await plain.settle(visit, key)).toEqual({ ...first, replayed: true })
    expect(await plain.settle(visit, key, true)).toMatchObject({ status: 422 })
    const fresh = await plain.settle(visit, plain.key())
    expect(fresh.status).toBe(410)
    expect(fresh.words).toMatch(/该就诊的登记已归档.*本次未向平台发送/)
  })

  it('missing is answered with 400, and nothing is settled', async () => {
    const visit = await openVisit(system)
    const heard = await plain.settle(visit, '')
    expect(heard.status).toBe(400)
    expect(
      yes(await system.send('2207', visit.settlement, undefined, about(visit.person))).setlinfo,
    ).toBeDefined()
  })
})
