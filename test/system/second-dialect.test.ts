/** A province and a hospital of another wire settle through the real gateway; only their folder knows of it. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadRegistry } from '../../src/extension/registry.ts'
import { peopleOf } from '../../src/simulator/people.ts'
import { digestOf, form, SECRET, signatureOf } from '../dialects/990000-old/form.ts'
import old from '../dialects/990000-old/index.ts'
import { about, envelopeOf, messageId, openVisit, type System, startSystem, yes } from './support.ts'

const ROOT = join(import.meta.dirname, '..', '..')
/** An insured of Anhui, treated in Anhui: the message goes to the platform of the province. */
const person = peopleOf('340000').find(
  ({ insurance: [first] }) => first!.status === '1' && first!.insutype === '310',
)!

const directory = mkdtempSync(join(tmpdir(), 'zhijie-'))
const CREDENTIALS = join(directory, 'credentials.json')

let system: System
const servers: Server[] = []
/** Bodies that the platform of the province was sent. */
const heard: { readonly headers: IncomingMessage['headers']; readonly text: string }[] = []

/** The platform of a province that speaks the old wire: the simulated one behind a translator. */
async function oldPlatform(url: string): Promise<string> {
  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray())
    heard.push({ headers: request.headers, text: body.toString() })
    const envelope = form.readRequest(body, null)
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(envelope) })
    const said = (await answer.json()) as Record<string, unknown>
    response.setHeader('content-type', form.contentType)
    response.end(form.writeAnswer(said, String(envelope.infno)))
  }
  // Where the platform breaks off, so does what stands before it.
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  servers.push(server)
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/`
}

beforeAll(async () => {
  const registry = await loadRegistry()
  writeFileSync(CREDENTIALS, JSON.stringify({ '340000': { [SECRET]: '秘' } }))
  system = await startSystem(
    { ZHIJIE_DIALECTS: '340000=990000-old', ZHIJIE_CREDENTIALS: CREDENTIALS },
    { registry: { ...registry, dialects: [...registry.dialects, old] }, front: oldPlatform },
  )
})
afterAll(async () => {
  await system.stop()
  for (const server of servers) server.close()
  rmSync(directory, { recursive: true })
})

/** Posts as a hospital does whose system speaks the old wire. */
async function sendOld(infno: string, input: unknown, id = messageId()) {
  const envelope = envelopeOf(infno, input, id, about(person))
  const answer = await fetch(`${system.url()}/yhis/services/old`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml' },
    body: new Uint8Array(form.writeRequest(envelope)),
  })
  const bytes = Buffer.from(await answer.arrayBuffer())
  expect(answer.headers.get('x-yw-zy')).toBe(digestOf(bytes))
  return { type: answer.headers.get('content-type'), bytes, said: form.readAnswer(bytes, infno) }
}

async function agreed() {
  await system.settled()
  expect(await system.agreement()).toMatchObject({ lost: 0, doubled: 0, unknown: 0, fenDifference: 0 })
}

it('a hospital of the national interface settles at a province of the old wire', async () => {
  const visit = await openVisit(system, person)
  const id = messageId()
  const settled = await system.send('2207', visit.settlement, id, about(person))
  expect(Number(yes(settled).setlinfo.medfee_sumamt)).toBe(90)
  expect(heard.length).toBeGreaterThanOrEqual(4)
  for (const { headers, text } of heard) {
    expect(headers['content-type']).toBe('application/xml; charset=utf-8')
    expect(headers['x-yw-zy']).toBe(digestOf(Buffer.from(text)))
    const [at, nonce] = [String(headers['x-yw-sj']), String(headers['x-yw-sjs'])]
    expect(headers['x-yw-qm']).toBe(signatureOf('秘', at, nonce, Buffer.from(text)))
    expect(text).toContain(`<JYBH>${headers['x-yw-jybh']}</JYBH>`)
    expect(text).toContain('<JYBH>MZ')
    expect(text).not.toContain('infno')
  }
  expect(new Set(heard.map(({ headers }) => headers['x-yw-sjs'])).size).toBe(heard.length)
  // The lines went out with national codes, and the sum in fen.
  const lines = heard.find(({ text }) => text.includes('MZ04'))!.text
  expect(lines).toContain('<MED.LIST.CODG>00')
  expect(heard.at(-1)!.text).toContain('<ZFY>9000</ZFY>')
  const again = await system.send('2207', visit.settlement, id, about(person))
  expect(again.text).toBe(settled.text)
  await agreed()
})

it('a hospital of the old wire settles at a province of the old wire, and its answer is the same bytes again', async () => {
  const visit = await openVisit(system, person)
  const id = messageId()
  const first = await sendOld('2207', visit.settlement, id)
  expect(first.type).toBe('application/xml; charset=utf-8')
  expect(first.said).toMatchObject({ infcode: '0', output: { setlinfo: { medfee_sumamt: '90.00' } } })
  const again = await sendOld('2207', visit.settlement, id)
  expect(again.bytes.equals(first.bytes)).toBe(true)
  const other = await sendOld('2207', { data: { ...visit.settlement.data, acct_used_flag: '0' } }, id)
  expect(other.said.infcode).toBe('-1')
  await agreed()
})

it('a hospital of the old wire settles across provinces, where the national platform speaks JSON', async () => {
  const visit = await openVisit(system)
  const envelope = envelopeOf('2207', visit.settlement, messageId(), about(visit.person))
  const answer = await fetch(`${system.url()}/yhis/services/old`, {
    method: 'POST',
    body: new Uint8Array(form.writeRequest(envelope)),
  })
  const said = form.readAnswer(Buffer.from(await answer.arrayBuffer()), '2207')
  expect(said).toMatchObject({ infcode: '0' })
  await agreed()
})

it.each(['drop-after', 'drop-before'])(
  'an answer of the old province that is lost (%s) is found or undone',
  async (kind) => {
    const visit = await openVisit(system, person)
    await system.faults(system.treating, [{ transaction: '2207', kind, times: 1 }])
    const lost = await sendOld('2207', visit.settlement)
    expect(lost.said.infcode).toBe('-1')
    await system.clearFaults()
    await agreed()
  },
)

it('a restart reads what it sealed in the old wire', async () => {
  const visit = await openVisit(system, person)
  await system.faults(system.treating, [{ transaction: '2207', kind: 'drop-after', times: 1 }])
  await sendOld('2207', visit.settlement)
  await system.clearFaults()
  await system.restart({ ZHIJIE_DIALECTS: '' })
  await system.restart({ ZHIJIE_DIALECTS: '340000=990000-old', ZHIJIE_CREDENTIALS: CREDENTIALS })
  await agreed()
})

it('what cannot be read is refused in the old wire, and nothing is forwarded', async () => {
  const before = heard.length
  const answer = await fetch(`${system.url()}/yhis/services/old`, {
    method: 'POST',
    body: '<html><body>MZ07',
  })
  expect(answer.headers.get('content-type')).toBe('application/xml; charset=utf-8')
  const bytes = Buffer.from(await answer.arrayBuffer())
  expect(answer.headers.get('x-yw-zy')).toBe(digestOf(bytes))
  const said = form.readAnswer(bytes, '2207')
  expect(said.infcode).toBe('-1')
  expect(String(said.err_msg)).toContain('旧版接口')
  expect(heard.length).toBe(before)
})

it('nothing outside its folder and its tests names it', () => {
  const files = execFileSync(
    'git',
    ['grep', '-lE', '990000-old', '--', 'src', 'adapters', 'codebooks', 'test'],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  )
  const outside = files
    .trim()
    .split('\n')
    .filter((file) => !file.startsWith('test/dialects/990000-old/'))
  expect(outside.sort()).toEqual([
    'test/adapters/every-dialect.test.ts',
    'test/system/second-dialect.test.ts',
  ])
})
