/** Each fault that a simulated platform is told to make happens just as it is named, as often as it was told. */
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Instant } from '../../src/domain/day.ts'
import { Breaker } from '../../src/simulator/breaker.ts'
import { startPlatform } from '../../src/simulator/platform.ts'
import { stretched } from '../support/stretched.ts'
import {
  ask,
  booked,
  clearFaults,
  filedEmployee,
  folder,
  messageId,
  mustDo,
  outpatient,
  send,
  setFaults,
  startNation,
} from './support.ts'

const room = folder()
const person = filedEmployee()
let nation: Awaited<ReturnType<typeof startNation>>

beforeAll(async () => {
  nation = await startNation(room.path, { nationalDeadlineMs: stretched(150) })
})

beforeEach(async () => {
  await clearFaults(nation.gansu)
  await clearFaults(nation.national)
})

afterAll(async () => {
  await nation.close()
  room.remove()
})

async function tried(fault: object, timeoutMs = stretched(300)) {
  const { request } = await outpatient(nation.gansu, person)
  await setFaults(nation.gansu, { transaction: '2207', ...fault })
  const id = messageId()
  const outcome = await send(nation.gansu, '2207', request, { id, timeoutMs }).then(
    ({ answer }) => (answer.infcode === 0 ? 'answered' : answer.err_msg),
    (error: Error) => error.name,
  )
  return { outcome, rows: await booked(nation.gansu, id), id, request }
}

describe('a fault', () => {
  it('delay answers later what was booked at once', async () => {
    const { outcome, rows } = await tried({ kind: 'delay', ms: stretched(30) }, stretched(5_000))
    expect(outcome).toBe('answered')
    expect(rows).toHaveLength(1)
  })

  it('drop-before books nothing and never answers', async () => {
    const { outcome, rows } = await tried({ kind: 'drop-before' })
    expect(outcome).toBe('TimeoutError')
    expect(rows).toEqual([])
  })

  it('drop-after books and never answers', async () => {
    const { outcome, rows } = await tried({ kind: 'drop-after' })
    expect(outcome).toBe('TimeoutError')
    expect(rows).toHaveLength(1)
  })

  it('reset destroys the socket, after or before booking', async () => {
    const after = await tried({ kind: 'reset' })
    expect(after.outcome).toBe('TypeError')
    expect(after.rows).toHaveLength(1)
    await clearFaults(nation.gansu)
    const before = await tried({ kind: 'reset', when: 'before' })
    expect(before.outcome).toBe('TypeError')
    expect(before.rows).toEqual([])
  })

  it('late books only then', async () => {
    const { outcome, rows, id, request } = await tried({ kind: 'late', ms: stretched(200) }, stretched(20))
    expect(outcome).toBe('TimeoutError')
    expect(rows).toEqual([])
    await expect.poll(() => booked(nation.gansu, id)).toHaveLength(1)
    await clearFaults(nation.gansu)
    await mustDo(nation.gansu, '2207', request, { id })
  })

  it('garbage books and answers what nobody can read', async () => {
    const { outcome, rows } = await tried({ kind: 'garbage' })
    expect(outcome).toBe('SyntaxError')
    expect(rows).toHaveLength(1)
  })

  it('double writes the answer twice on the connection', async () => {
    await setFaults(nation.gansu, { kind: 'double', transaction: '9001' })
    const body = JSON.stringify({ infno: '9001', msgid: messageId(), input: { signIn: { opter_no: '1' } } })
    const socket = connect(nation.gansu.port, '127.0.0.1')
    const received: Buffer[] = []
    socket.on('data', (chunk) => received.push(chunk))
    const head = `POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${body.length}\r\n\r\n`
    socket.write(head + body)
    await expect
      .poll(() =>
        Buffer.concat(received)
          .toString()
          .match(/"infcode":0/g),
      )
      .toHaveLength(2)
    socket.destroy()
  })

  it('double writes the second answer later, between the answers to what comes after', async () => {
    await setFaults(nation.gansu, { kind: 'double', transaction: '9001', ms: stretched(40), times: 1 })
    const socket = connect(nation.gansu.port, '127.0.0.1')
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk
    })
    const ask = (id: string) => {
      const body = JSON.stringify({ infno: '9001', msgid: id, input: { signIn: { opter_no: '1' } } })
      socket.write(`POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    }
    const answers = () => received.match(/"inf_refmsgid":"\d+"/g) ?? []
    ask(messageId())
    await expect.poll(() => answers().length, { interval: 1 }).toBe(1)
    ask(messageId())
    await expect.poll(() => answers().length).toBe(3)
    expect(new Set(answers()).size).toBe(2)
    socket.destroy()
  })

  it('down destroys every connection, but not those of operators', async () => {
    await setFaults(nation.gansu, { kind: 'down' })
    await expect(ask(nation.gansu, '9001', { signIn: { opter_no: '1' } })).rejects.toThrow()
    expect((await fetch(`${nation.gansu.url}/health`)).status).toBe(200)
    await clearFaults(nation.gansu)
    await mustDo(nation.gansu, '9001', { signIn: { opter_no: '1' } })
  })

  it('stop answers E702 for the area at once and forwards nothing', async () => {
    const { request } = await outpatient(nation.gansu, person)
    await setFaults(nation.national, { kind: 'stop', area: '620000' })
    const id = messageId()
    expect((await ask(nation.national, '2207', request, { id })).err_msg).toMatch(/^E702 /)
    expect(await booked(nation.national, id)).toEqual([])
    await setFaults(nation.national, { kind: 'stop', area: '340000' })
    await clearFaults(nation.national)
    await setFaults(nation.national, { kind: 'stop', area: '340000' })
    await mustDo(nation.national, '2207', request, { id })
  })

  it('happens as often as it was told to', async () => {
    await setFaults(nation.gansu, [
      { kind: 'down', times: 2 },
      { kind: 'delay', ms: 0, share: 0 },
    ])
    const sign = () => ask(nation.gansu, '9001', { signIn: { opter_no: '1' } })
    await expect(sign()).rejects.toThrow()
    await expect(sign()).rejects.toThrow()
    expect((await sign()).infcode).toBe(0)
  })
})

describe('the operators’ endpoints', () => {
  it('say what is wrong with a fault', async () => {
    const post = (body: string) =>
      fetch(`${nation.gansu.url}/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
    expect((await post('not json')).status).toBe(400)
    const wrong = await post(JSON.stringify({ kind: 'slow' }))
    expect(wrong.status).toBe(400)
    expect(((await wrong.json()) as { error: string }).error).toMatch(/kind/)
    expect((await post(JSON.stringify({ kind: 'delay', share: 2 }))).status).toBe(400)
    expect(await (await fetch(`${nation.gansu.url}/faults`)).json()).toEqual({ faults: [] })
  })

  it('show people in provinces only', async () => {
    const page = (await (await fetch(`${nation.gansu.url}/people`)).json()) as { people: unknown[] }
    expect(page.people).toHaveLength(240)
    expect((await fetch(`${nation.national.url}/people`)).status).toBe(404)
  })
})

describe('an unreadable request', () => {
  it('is refused in an envelope', async () => {
    for (const body of ['', '{', '[]', '{"infno":"2207"}']) {
      const answer = (await (await fetch(nation.gansu.url, { method: 'POST', body })).json()) as {
        infcode: number
      }
      expect(answer.infcode).toBe(-1)
    }
    expect((await ask(nation.gansu, '7777', {})).err_msg).toMatch(/^E000 不支持的交易编号/)
    expect((await ask(nation.gansu, '2207', {}, { insured: '340100' })).err_msg).toMatch(/^E201 /)
  })
})

describe('the breaker of the national platform', () => {
  it('opens after five failures in a row, lets one try after five seconds', () => {
    let now = 0
    const breaker = new Breaker(() => now as Instant)
    for (let index = 0; index < 5; index += 1) {
      expect(breaker.allows()).toBe(true)
      breaker.failed()
    }
    expect(breaker.allows()).toBe(false)
    now += 5000
    expect(breaker.allows()).toBe(true)
    expect(breaker.allows()).toBe(false)
    breaker.failed()
    expect(breaker.allows()).toBe(false)
    now += 5000
    expect(breaker.allows()).toBe(true)
    breaker.succeeded()
    expect(breaker.allows()).toBe(true)
  })

  it('leaves what it did not forward refused, and the same message can come again', async () => {
    const clock = { now: 1_780_000_000_000 }
    const own = folder()
    const gansu = await startPlatform({
      platform: '620000',
      dataDir: own.path,
      engineDelay: { fromMs: 0, toMs: 0 },
    })
    const national = await startPlatform({
      platform: 'national',
      dataDir: own.path,
      provinces: { '620000': gansu.url },
      now: () => clock.now as Instant,
    })
    const { request } = await outpatient(national, person)
    await setFaults(gansu, { kind: 'down' })
    for (let index = 0; index < 5; index += 1) {
      await ask(national, '1101', { data: { mdtrt_cert_type: '02', mdtrt_cert_no: person.document } })
    }
    await clearFaults(gansu)
    const id = messageId()
    expect((await ask(national, '2207', request, { id })).err_msg).toMatch(/^E701 /)
    expect((await booked(national, id))[0]!.state).toBe('refused')
    expect(await booked(gansu, id)).toEqual([])
    clock.now += 5000
    await mustDo(national, '2207', request, { id })
    expect((await booked(national, id))[0]!.state).toBe('settled')
    await national.close()
    await gansu.close()
    own.remove()
  })
})
