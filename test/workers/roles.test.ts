/** Every route is asked by every role of a gateway of two workers, in whichever of them the connection ends. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROUTES } from '../../src/http/roles.ts'
import { about, messageId, yes } from '../system/support.ts'
import { envelopeOf, HEFEI, type Hospital, LANZHOU, startWorkers, type Workers } from './support.ts'

const WORKERS = 2
const ROLE_OF = { hefei: 'hospital', lanzhou: 'hospital', bureau: 'bureau', operator: 'operator' } as const
/** Each has its id for its key; the homes of the two hospitals are different workers. */
const CALLERS = [
  { id: 'hefei', institutions: [HEFEI.code] },
  { id: 'lanzhou', institutions: [LANZHOU.code] },
  { id: 'bureau', role: 'bureau' },
  { id: 'operator', role: 'operator' },
].map((row) => ({ ...row, keySha256: createHash('sha256').update(row.id).digest('hex') }))

let system: Workers
let outside: string

async function settle(hospital: Hospital): Promise<void> {
  const visit = await system.visit(hospital)
  yes(await system.send(hospital, '2207', visit.settlement, undefined, about(visit.person)))
}

beforeAll(async () => {
  outside = mkdtempSync(join(tmpdir(), 'zhijie-roles-'))
  const settings: Record<string, string> = {}
  system = await startWorkers(WORKERS, settings)
  // While no callers are set anybody may send.
  await settle(HEFEI)
  await settle(LANZHOU)
  await settle(LANZHOU)
  await system.end()
  const file = join(outside, 'callers.json')
  writeFileSync(file, JSON.stringify(CALLERS))
  settings.ZHIJIE_CALLERS = file
  await system.start()
})
afterAll(async () => {
  await system.stop()
  rmSync(outside, { recursive: true, force: true })
})

/** Asks on a connection of its own: where no key tells a home, the workers take turns. */
function ask(method: string, path: string, key: string | null, more: Record<string, string> = {}) {
  const { hostname, port } = new URL(system.url())
  const headers = { 'content-type': 'application/json', ...(key && { 'x-api-key': key }), ...more }
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const asked = request({ agent: new Agent(), host: hostname, port, method, path, headers })
    asked.on('error', reject)
    asked.on('response', (answer) => {
      let text = ''
      answer.on('data', (piece) => (text += piece))
      answer.on('end', () => resolve({ status: answer.statusCode!, text }))
    })
    // A body that no route takes, so nothing is changed by trying.
    asked.end(method === 'GET' ? undefined : '[]')
  })
}

const inEach = <Value>(one: () => Promise<Value>) => Promise.all(Array.from({ length: WORKERS }, one))
const addressOf = (path: string) => path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, 'x1')

describe('a gateway of two workers', () => {
  const tried = ROUTES.map(([method, path, who]) => ({ method, path, who, name: `${method} ${path}` }))

  it.each(tried)('$name lets in whom it names, and nobody else', async ({ method, path, who }) => {
    const address = addressOf(path)
    for (const key of [null, 'nobody']) {
      for (const { status } of await inEach(() => ask(method, address, key))) {
        if (who === 'anyone') expect([401, 403]).not.toContain(status)
        // Pages for people lead to the sign-in; forms that no page of ours has sent, and wrong passwords, are refused.
        else if (who === 'people') expect([303, 401, 403, 429]).toContain(status)
        else expect(status).toBe(who === 'workers' ? 404 : 401)
      }
    }
    for (const [key, role] of Object.entries(ROLE_OF)) {
      for (const { status, text } of await inEach(() => ask(method, address, key))) {
        if (who === 'workers') expect(status).toBe(404)
        if (typeof who === 'string') continue
        const isWrongRole = status === 403 && text.includes('角色为')
        expect({ key, isWrongRole }).toEqual({ key, isWrongRole: !who.includes(role) })
      }
    }
  })

  it.each(['/v1/new', '/workers/tally', '/v1/tally/metadata'])(
    'refuses %s, which is not in the table, whoever asks',
    async (path) => {
      for (const key of [null, ...Object.keys(ROLE_OF)])
        for (const { status } of await inEach(() => ask('GET', path, key))) expect(status).toBe(404)
    },
  )

  it('takes nobody for another worker by a header', async () => {
    for (const secret of ['', 'x', '0'.repeat(64)])
      for (const { status } of await inEach(() =>
        ask('GET', '/workers/indexed', 'operator', { 'x-zhijie-worker': secret }),
      ))
        expect(status).toBe(404)
  })

  it('shows a hospital its own of all workers, and an operator everything', async () => {
    const tally = async (key: string) => {
      const told = await inEach(() => ask('GET', '/v1/tally', key))
      return told.map(({ text }) => JSON.parse(text).begun)
    }
    expect(await tally('hefei')).toEqual([1, 1])
    expect(await tally('lanzhou')).toEqual([2, 2])
    expect(await tally('operator')).toEqual([3, 3])
    const named = async (key: string) => {
      const told = await inEach(() => ask('GET', '/v1/reports/mapping-quality', key))
      return told.map(({ text }) =>
        JSON.parse(text)
          .institutions.map((one: { institution: string }) => one.institution)
          .sort(),
      )
    }
    expect(await named('hefei')).toEqual([[HEFEI.code], [HEFEI.code]])
    expect(await named('lanzhou')).toEqual([[LANZHOU.code], [LANZHOU.code]])
    const all = [HEFEI.code, LANZHOU.code].sort()
    expect(await named('bureau')).toEqual([all, all])
  })

  it('takes no message of an institution from the caller of another, also where its home is another worker', async () => {
    const foreign = envelopeOf(LANZHOU, '1101', { data: {} }, messageId())
    const answer = await fetch(`${system.url()}/hss-call-service-interface`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': 'hefei' },
      body: JSON.stringify(foreign),
    })
    const json = (await answer.json()) as { infcode: number; err_msg: string }
    expect(json.infcode).not.toBe(0)
    expect(answer.headers.get('zhijie-problem')).toBe('foreign-institution')
  })
})
