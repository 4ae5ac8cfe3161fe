/** What outsiders send to a whole gateway: nobody fills its disk, its memory or its time. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { databaseFile } from '../../src/store/database.ts'
import { envelopeOf, HOSPITAL, messageId, type System, startSystem } from './support.ts'

let system: System
const KEY = { 'x-api-key': 'his' }
const OPERATOR = { 'x-api-key': 'operator' }
const JSON_TYPE = { 'content-type': 'application/json' }
beforeAll(async () => {
  system = await startSystem()
  const file = join(system.dataDir, 'callers.json')
  const keySha256 = (key: string) => createHash('sha256').update(key).digest('hex')
  const callers = [
    { id: 'his', keySha256: keySha256('his'), institutions: [HOSPITAL] },
    { id: 'operator', keySha256: keySha256('operator'), role: 'operator' },
  ]
  writeFileSync(file, JSON.stringify(callers))
  await system.restart({ ZHIJIE_CALLERS: file })
})
afterAll(() => system.stop())

async function noted(): Promise<number> {
  await system.app().indexed()
  const client = new Sqlite(databaseFile(system.dataDir), { readonly: true })
  const rows = client.prepare<[], number>('select count(*) from exchange').pluck().get()!
  client.close()
  return rows
}

async function send(path: string, headers: Record<string, string>, method = 'POST', body = '{}') {
  const answer = await fetch(system.url() + path, { method, headers: { ...JSON_TYPE, ...headers }, body })
  return { status: answer.status, text: await answer.text() }
}

const NATIONAL = '/hss-call-service-interface'

it('who is nobody is counted, and nothing of it is in the journal; a known caller is noted as before', async () => {
  const before = await noted()
  const envelope = JSON.stringify(envelopeOf('2207', { data: {} }, messageId(), {}))
  for (const key of [{}, { 'x-api-key': 'wrong' }] as Record<string, string>[]) {
    for (let each = 0; each < 5; each += 1) {
      expect((await send(NATIONAL, key, 'POST', envelope)).text).toContain('unknown-caller')
      expect((await send('/v1/encounters', key)).status).toBe(401)
      expect((await send('/v1/status', key)).status).toBe(405)
    }
  }
  expect(await noted()).toBe(before)
  const metrics = await (await fetch(`${system.url()}/metrics`, { headers: KEY })).text()
  expect(metrics).toContain('zhijie_strangers_refused_total{problem="unknown-caller"} 20')
  expect((await send(NATIONAL, KEY, 'POST', '')).text).toContain('unreadable-body')
  expect((await send('/v1/encounters', KEY)).status).toBe(400)
  // Notes are written behind the answer, in order: one of nobody's would be among them.
  await expect.poll(noted).toBe(before + 2)
})

it.each(['/v1/archive', '/v1/recovery'])(
  '%s reads no more than it may, in one piece or in chunks',
  async (path) => {
    const method = path === '/v1/archive' ? 'POST' : 'PUT'
    const long = JSON.stringify({ paused: true, olderThanDays: 1, more: 'x'.repeat(70_000) })
    expect((await send(path, OPERATOR, method, long)).status).toBe(413)
    const status = await new Promise((resolve, reject) => {
      const asked = request(system.url() + path, { method, headers: { ...OPERATOR, ...JSON_TYPE } })
      asked.on('response', (answer) => resolve(answer.resume().statusCode))
      asked.on('error', reject)
      for (let piece = 0; piece < 70; piece += 1) asked.write('x'.repeat(1000))
      asked.end()
    })
    expect(status).toBe(413)
  },
)

it.each(['/v1/archive', '/v1/recovery'])('%s wants the type of its body', async (path) => {
  const method = path === '/v1/archive' ? 'POST' : 'PUT'
  const form = { ...OPERATOR, 'content-type': 'text/plain' }
  expect((await send(path, form, method, '{"paused":true,"olderThanDays":400}')).status).toBe(415)
})

it.each(['/v1/encounters', NATIONAL])(
  'what goes on sending to %s after a refusal is heard out up to a bound, then its connection ends',
  async (path) => {
    const { hostname, port } = new URL(system.url())
    const socket = connect(Number(port), hostname)
    const piece = Buffer.alloc(256 * 1024, 0x20)
    let written = 0
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    socket.on('error', () => {})
    socket.resume()
    socket.write(`POST ${path} HTTP/1.1\r\nhost: ${hostname}\r\ntransfer-encoding: chunked\r\n\r\n`)
    const more = () => {
      while (
        !socket.destroyed &&
        socket.write(Buffer.concat([Buffer.from('40000\r\n'), piece, Buffer.from('\r\n')]))
      ) {
        written += piece.length
      }
    }
    socket.on('drain', more)
    more()
    await closed
    expect(written).toBeLessThan(40 * 1024 * 1024)
  },
)

it.each([
  NATIONAL,
  '/v1/encounters',
  '/v1/archive',
  '/fhir/r4/ConceptMap',
  '/v1/codes/translate',
  '/v1/reports/records',
])('%s refuses a page of another site, key or not, and another name', async (path) => {
  const wire = path === NATIONAL
  const other = await send(path, { ...KEY, origin: 'https://page.example' })
  expect([other.status, other.text]).toEqual([wire ? 200 : 403, expect.stringContaining('cross-site')])
  const status = await new Promise<[number, string]>((resolve, reject) => {
    const asked = request(system.url() + path, {
      method: 'POST',
      headers: { ...KEY, ...JSON_TYPE, host: 'page.example' },
    })
    asked.on('response', (answer) => {
      let text = ''
      answer.on('data', (chunk) => (text += chunk))
      answer.on('end', () => resolve([answer.statusCode!, text]))
    })
    asked.on('error', reject)
    asked.end('{}')
  })
  expect(status).toEqual([wire ? 200 : 421, expect.stringContaining('foreign-host')])
})
