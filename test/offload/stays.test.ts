/** The import of stays over a running gateway: the body goes to a thread as it takes it, whatever its sender does. */
import { once } from 'node:events'
import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { THREAD_LANES } from '../../src/offload/lanes.ts'
import { databaseFile, openDatabaseForReading } from '../../src/store/database.ts'
import { type Gateway, startGateway } from '../http/rest-support.ts'
import { HEADER } from '../reports/support.ts'
import { watchedThreads } from './threads.ts'

const PATH = '/v1/reports/records'
let gateway: Gateway
let watched: ReturnType<typeof watchedThreads>

beforeEach(async () => {
  watched = watchedThreads()
  gateway = await startGateway(undefined, { openThread: watched.openThread })
})
afterEach(() => gateway.close())

const fileOf = (stays: number) => {
  const row = (stay: number) =>
    `S${stay},P${stay},621025,340104,H34010490001,2025-01-02,2025-01-10,U,2025-01-10`
  return `${[HEADER, ...Array.from({ length: stays }, (_, stay) => row(stay))].join('\n')}\n`
}
const headers = { 'content-type': 'text/csv' }
const post = (body: string) => gateway.ask(PATH, { method: 'POST', headers, body })

function stored(): number {
  const { $client } = openDatabaseForReading(databaseFile(gateway.directory))
  const count = $client.prepare('select count(*) from stay_record').pluck().get() as number
  $client.close()
  return count
}

/** Sends the head of a request and a part of its body. */
function begin(part: string) {
  const sent = request(new URL(PATH, gateway.address), { method: 'POST', headers })
  sent.on('error', () => {})
  sent.write(part)
  return sent
}

describe('POST /v1/reports/records', () => {
  it('stores nothing where the sender breaks off, frees its thread, and takes the same file then', async () => {
    const file = fileOf(300)
    const sent = begin(file.slice(0, 5000))
    await expect.poll(() => watched.threads[0]?.wanted ?? 0).toBeGreaterThan(1)
    sent.destroy()
    await expect.poll(() => watched.threads[0]!.ended).toBe(true)
    expect(stored()).toBe(0)
    expect((await post(file)).json).toEqual({ accepted: 300, duplicates: 0, refused: [], refusedTotal: 0 })
    expect((await post(file)).json).toMatchObject({ accepted: 0, duplicates: 300 })
  })

  it('takes no more of a body than its thread has asked for', async () => {
    watched.holdWanted()
    const sent = begin(HEADER)
    await expect.poll(() => watched.threads[0]?.asked).toEqual(['stays-import'])
    let written = 0
    // What the sockets between us hold is some megabytes at most; the gateway itself holds nothing.
    while (sent.write('x'.repeat(65_536))) written += 65_536
    for (; written < 24 * 1024 * 1024 && !sent.writableNeedDrain; written += 65_536)
      sent.write('x'.repeat(65_536))
    expect(sent.writableNeedDrain).toBe(true)
    expect(watched.threads[0]!.given).toBe(0)
    sent.destroy()
  })

  it('works up one file at a time, lets some wait, and says when to come again to one too many', async () => {
    const { threads, waiting } = THREAD_LANES.import
    expect(threads).toBe(1)
    const first = begin(HEADER)
    await expect.poll(() => watched.threads[0]?.wanted ?? 0).toBeGreaterThan(1)
    const others = Array.from({ length: waiting + 1 }, () => post(fileOf(3)))
    const busy = await Promise.race(others)
    expect(busy).toMatchObject({ status: 503, json: { type: '/problems/report-busy', retry: 'same-key' } })
    expect(busy.headers.get('retry-after')).toBe('5')
    expect((await gateway.ask('/health')).status).toBe(200)
    const answer = once(first, 'response')
    first.end()
    const [response] = await answer
    response.resume()
    const statuses = (await Promise.all(others)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(waiting)
  })

  it('lets the store go where its thread ends while it writes: whole stays are there, and the file adds the rest', async () => {
    const file = fileOf(20_000)
    const leave = new AbortController()
    const left = gateway.ask(PATH, { method: 'POST', headers, body: file, signal: leave.signal })
    const gone = left.catch((cause: Error) => cause.name)
    await expect.poll(stored, { interval: 1 }).toBeGreaterThan(0)
    leave.abort()
    expect(await gone).toBe('AbortError')
    await expect.poll(() => watched.threads[0]!.ended).toBe(true)
    const there = stored()
    expect(there % 250).toBe(0)
    const { json } = await post(file)
    expect(json).toMatchObject({ accepted: 20_000 - there, duplicates: there, refusedTotal: 0 })
  })

  it('says no to what is no file, after a few bytes of it', async () => {
    const { status, json } = await post('a,b\n')
    expect({ status, type: json.type }).toEqual({ status: 400, type: '/problems/invalid-report' })
    expect(stored()).toBe(0)
  })
})
