/** Every route of the app, asked by every role: the table is the only thing that lets in. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import national from '../../adapters/000000-national/index.ts'
import { isFhir } from '../../src/http/fhir/release.ts'
import { addressedRows } from '../../src/http/rest/addresses.ts'
import { createGate, ROUTES, type RoleRow } from '../../src/http/roles.ts'
import { type Caller, readCallers } from '../../src/pipeline/callers.ts'
import { stretched } from '../support/stretched.ts'
import { about, HOSPITAL, openVisit, type System, startSystem, yes } from '../system/support.ts'

const NEIGHBOUR = 'H62010290001'
const keySha256 = (key: string) => createHash('sha256').update(key).digest('hex')
/** Each has its id for its key. */
const CALLERS = [
  { id: 'his', keySha256: keySha256('his'), institutions: [HOSPITAL], maintainsCodes: true },
  { id: 'neighbour', keySha256: keySha256('neighbour'), role: 'hospital', institutions: [NEIGHBOUR] },
  { id: 'bureau', keySha256: keySha256('bureau'), role: 'bureau' },
  { id: 'operator', keySha256: keySha256('operator'), role: 'operator' },
  { id: 'centre', keySha256: keySha256('centre'), role: 'platform', platforms: ['620000'] },
]
const ROLE_OF = { his: 'hospital', bureau: 'bureau', operator: 'operator', centre: 'platform' } as const

let system: System

beforeAll(async () => {
  system = await startSystem({ ZHIJIE_RECOVERY: 'off', ZHIJIE_DEADLINE_MS: String(stretched(3_000)) })
  // While no callers are set anybody may send: one settlement that stands, and one that is unknown.
  const [stands, unknown] = [await openVisit(system), await openVisit(system)]
  yes(await system.send('2207', stands.settlement, undefined, about(stands.person)))
  await system.faults(system.insured, { kind: 'drop-after', transaction: '2207', times: 1 })
  await system.send('2207', unknown.settlement, undefined, about(unknown.person))
  const file = join(system.dataDir, 'callers.json')
  writeFileSync(file, JSON.stringify(CALLERS))
  await system.restart({ ZHIJIE_CALLERS: file })
})
afterAll(async () => {
  await system.stop()
})

async function ask(method: string, path: string, key: string | null, body: unknown = null) {
  const answer = await fetch(system.url() + path, {
    method,
    headers: { 'content-type': 'application/json', ...(key && { 'x-api-key': key }) },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  // biome-ignore lint/suspicious/noExplicitAny: a page is whatever the gateway says
  const json: any = /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : null
  return { status: answer.status, text, json }
}

/** Asks an address of people as nobody and with each key: the pages lead to the sign-in, the sign-in itself refuses. */
async function expectSignIn(method: string, address: string) {
  for (const key of [null, ...Object.keys(ROLE_OF)]) {
    const headers = { 'sec-fetch-site': 'same-origin', ...(key !== null && { 'x-api-key': key }) }
    const answer = await fetch(system.url() + address, { method, headers, redirect: 'manual' })
    const leads = answer.headers.get('location') ?? ''
    const isIn =
      address === '/console/sign-in'
        ? ![401, 429].includes(answer.status)
        : !leads.startsWith('/console/sign-in')
    expect({ key, isIn }).toEqual({ key, isIn: false })
  }
}

/** An address that a route answers. */
const addressOf = (path: string) => path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, 'x1')
/** A body that no route takes, so nothing is changed by trying. */
const bodyOf = (method: string) => (method === 'GET' ? null : [])

describe('the table of routes and roles', () => {
  it('has a row for every route of the app, and no row that is none', () => {
    const handlers = system
      .app()
      .routes.filter((route) => !route.startsWith('ALL '))
      .map(addressOf)
    const all = [...ROUTES, ...addressedRows(national)]
    const rows = all
      .filter(([, , who]) => who !== 'workers')
      .map(([method, path]) => `${method} ${addressOf(path)}`)
    expect(new Set(handlers)).toEqual(new Set(rows))
  })

  it('keeps what runs the gateway for operators, persons and money for hospitals, the rate from hospitals', () => {
    const of = (...roles: string[]) =>
      ROUTES.filter(([, , who]) => typeof who !== 'string' && who.join() === roles.join()).map(
        ([method, path]) => `${method} ${path}`,
      )
    expect(of('operator')).toEqual([
      'PUT /v1/recovery',
      'POST /v1/archive',
      'POST /v1/onboarding',
      'POST /v1/reports/records',
    ])
    expect(of('bureau', 'operator')).toEqual([
      'GET /v1/onboarding',
      'GET /v1/reports/settlement-rate',
      'GET /reports/settlement-rate',
      ...['rates', 'reasons', 'flows', 'measures', 'stays', 'stay-messages'].map(
        (name) => `GET /v1/reports/${name}`,
      ),
    ])
    expect(of('platform')).toEqual(['POST /platform/notices'])
    expect(of('hospital', 'operator')).toEqual(['GET /v1/open-cases', 'GET /v1/tally'])
    expect(of('hospital')).toHaveLength(12)
    expect(of('hospital').every((route) => /^(?:POST|GET \/v1\/status$)/.test(route))).toBe(true)
    const changing = ROUTES.filter(([method, , who]) => method !== 'GET' && who === 'anyone')
    expect(changing).toEqual([])
  })

  const tried = ROUTES.map(([method, path, who]) => ({ method, path, who, name: `${method} ${path}` }))

  it.each(tried)('$name lets in whom it names, and nobody else', async ({ method, path, who }) => {
    const address = addressOf(path)
    const refused = (await ask(method, address, null, bodyOf(method))).status
    if (who === 'anyone') return expect([401, 403]).not.toContain(refused)
    if (who === 'workers') return expect(refused).toBe(404)
    // No key of a caller lets in there: without a session everybody is led to the sign-in.
    if (who === 'people') return expectSignIn(method, address)
    expect(refused).toBe(401)
    expect((await ask(method, address, 'nobody', bodyOf(method))).status).toBe(401)
    for (const [key, role] of Object.entries(ROLE_OF)) {
      const { status, text, json } = await ask(method, address, key, bodyOf(method))
      const isWrongRole = status === 403 && text.includes('角色为')
      expect({ key, isWrongRole }).toEqual({ key, isWrongRole: !who.includes(role) })
      if (!isWrongRole || isFhir(path)) continue
      expect(json).toMatchObject({ type: '/problems/wrong-role', retry: 'never', roles: who, role })
    }
    return undefined
  })

  it('lets hospitals alone ask the transactions of the catalogue', async () => {
    const rows = addressedRows(national)
    expect(rows.length).toBeGreaterThan(200)
    expect(new Set(rows.map(([method, , who]) => `${method} ${who}`))).toEqual(new Set(['POST hospital']))
    for (const [, path] of rows.filter((_, index) => index % 10 === 0)) {
      expect((await ask('POST', path, null, [])).status, path).toBe(401)
      expect((await ask('POST', path, 'operator', [])).json, path).toMatchObject({
        type: '/problems/wrong-role',
      })
      expect((await ask('POST', path, 'his', [])).json.type, path).toMatch(/key-missing|invalid-field/)
      expect((await ask('GET', path, 'his')).status, path).toBe(405)
    }
  })

  it('refuses a route that is not in it, whoever asks and whatever handler there may be', () => {
    const anyone = { identify: (): Caller => ({ id: 'o', role: 'operator', institutions: new Set() }) }
    const rows: RoleRow[] = [['GET', '/v1/known', ['operator']]]
    const gate = createGate(anyone, rows)
    const asked = (method: string, path: string) => () =>
      gate.admit({ method, path, key: 'k', isPassed: false })
    expect(asked('GET', '/v1/known')()).toMatchObject({ id: 'o' })
    expect(asked('HEAD', '/v1/known')()).toMatchObject({ id: 'o' })
    expect(asked('GET', '/v1/new')).toThrow(expect.objectContaining({ code: 'not-found' }))
    expect(asked('DELETE', '/v1/known')).toThrow(expect.objectContaining({ code: 'method-not-allowed' }))
    expect(asked('GET', '/v1/known/metadata')).toThrow(expect.objectContaining({ code: 'not-found' }))
  })

  it('says by which methods an address may be asked, where another was used', async () => {
    const put = await fetch(`${system.url()}/v1/tally`, {
      method: 'PUT',
      headers: { 'x-api-key': 'operator' },
    })
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    const get = await fetch(`${system.url()}/v1/archive`, { headers: { 'x-api-key': 'operator' } })
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST'])
    const hidden = await fetch(`${system.url()}/workers/indexed`, { method: 'PUT' })
    expect([hidden.status, hidden.headers.get('allow')]).toEqual([404, null])
  })

  it.each(['/fhir/r4/ConceptMap/metadata', '/fhir/r5/CodeSystem/x/$versions'])(
    'asks for a key where an open address is only the end of another: %s',
    async (path) => {
      expect([401, 404]).toContain((await ask('GET', path, null)).status)
      expect((await ask('GET', path, null)).json.resourceType).toBe('OperationOutcome')
    },
  )
})

describe('the OpenAPI document', () => {
  it('says of every operation which roles may ask it', async () => {
    const { paths } = (await ask('GET', '/openapi.json', null)).json
    const told = (method: string, path: string) =>
      paths[path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, '{$1}')]?.[method.toLowerCase()]
    const pages = new Set(['/', '/docs', '/docs/rapidoc-min.js', '/docs/page.js', '/openapi.json'])
    const silent = ROUTES.filter(([method, path, who]) => {
      if (who === 'workers' || who === 'people') return false
      if (pages.has(path) || path.startsWith('/console')) return false
      const operation = told(method, path)
      // Not every form of a FHIR question has a page of its own.
      if (!operation) return !isFhir(path)
      return who === 'anyone'
        ? operation['x-roles'] !== undefined
        : operation['x-roles']?.join() !== who.join()
    })
    expect(silent).toEqual([])
    expect(told('POST', '/v1/archive').description).toContain('operator（运维人员）')
    expect(told('POST', '/hss-call-service-interface')['x-roles']).toEqual(['hospital'])
  })
})

describe('a message of the national interface', () => {
  it.each(['bureau', 'operator'])('is not taken from a caller who is a %s', async (key) => {
    const { json } = await ask('POST', '/hss-call-service-interface', key, { infno: '1101' })
    expect(json.err_msg).toContain('hospital（定点医药机构）')
    expect(json.infcode).not.toBe(0)
  })
})

describe('a hospital', () => {
  it('is shown its own messages in the tally, the open cases and the mapping-quality report, and no others', async () => {
    const all = await ask('GET', '/v1/tally', 'operator')
    const own = await ask('GET', '/v1/tally', 'his')
    expect(own.json).toEqual(all.json)
    expect(own.json).toMatchObject({ begun: 2 })
    expect(own.json.open).toBeGreaterThan(0)
    expect((await ask('GET', '/v1/tally', 'neighbour')).json).toMatchObject({ begun: 0, standingFen: 0 })
    const quality = '/v1/reports/mapping-quality'
    const named = async (key: string, more = '') =>
      (await ask('GET', quality + more, key)).json.institutions.map(
        (one: { institution: string }) => one.institution,
      )
    expect(await named('bureau')).toEqual([HOSPITAL])
    expect(await named('his')).toEqual([HOSPITAL])
    expect(await named('neighbour')).toEqual([])
    const foreign = await ask('GET', `${quality}?institution=${HOSPITAL}`, 'neighbour')
    expect(foreign.json).toMatchObject({ status: 403, type: '/problems/foreign-institution' })
  })

  it('is shown its own open cases, and an operator all', async () => {
    const cases = async (key: string) => (await ask('GET', '/v1/open-cases', key)).json.cases.length
    expect(await cases('operator')).toBe(1)
    expect(await cases('his')).toBe(1)
    expect(await cases('neighbour')).toBe(0)
    expect((await ask('GET', '/v1/open-cases', 'bureau')).status).toBe(403)
  })

  it('is answered of its own code systems over REST, and of no other', async () => {
    const body = { standard: 'diagnosis', system: 'H62010290001-diagnosis', codes: ['I10.x01'] }
    expect((await ask('POST', '/v1/codes/translate', 'neighbour', body)).status).toBe(200)
    expect((await ask('POST', '/v1/codes/translate', 'bureau', body)).status).toBe(200)
    const foreign = await ask('POST', '/v1/codes/translate', 'his', body)
    expect(foreign.json).toMatchObject({ status: 403, type: '/problems/foreign-institution' })
    const national = { ...body, system: 'national', codes: ['I10.x00'] }
    expect((await ask('POST', '/v1/codes/translate', 'his', national)).status).toBe(200)
  })

  it.each(['r4', 'r5'])('finds over FHIR %s no map of another', async (release) => {
    const maps = async (key: string) => {
      const { json } = await ask('GET', `/fhir/${release}/ConceptMap`, key)
      return (json.entry ?? []).map((one: { resource: { id: string } }) => one.resource.id) as string[]
    }
    const [all, own, others] = [await maps('bureau'), await maps('neighbour'), await maps('his')]
    expect(own.length).toBeGreaterThan(0)
    expect(own.every((id) => id.startsWith(NEIGHBOUR))).toBe(true)
    expect(all.length).toBeGreaterThan(own.length)
    const foreign = own.find((id) => !others.includes(id))!
    expect((await ask('GET', `/fhir/${release}/ConceptMap/${foreign}`, 'neighbour')).status).toBe(200)
    expect((await ask('GET', `/fhir/${release}/ConceptMap/${foreign}`, 'his')).status).toBe(404)
  })
})

describe('POST /v1/archive', () => {
  it.each([0, 1, 30])('refuses %i days, in one sentence', async (olderThanDays) => {
    const { status, json } = await ask('POST', '/v1/archive', 'operator', { olderThanDays })
    expect(status).toBe(422)
    expect(json.detail).toContain('不足31天')
  })

  it('takes 31 days', async () => {
    expect((await ask('POST', '/v1/archive', 'operator', { olderThanDays: 31 })).status).toBe(200)
  })
})

describe('readCallers()', () => {
  const read = (row: object) => {
    const file = join(system.dataDir, 'some-callers.json')
    writeFileSync(file, JSON.stringify([{ id: 'a', keySha256: keySha256('a'), ...row }]))
    return readCallers(file).identify('a')
  }

  it('takes a caller for a hospital unless told', () => {
    expect(read({ institutions: [HOSPITAL] })).toMatchObject({ role: 'hospital' })
  })

  it.each([
    ['a hospital without institutions', {}],
    ['an operator with institutions', { role: 'operator', institutions: [HOSPITAL] }],
    ['a bureau with institutions', { role: 'bureau', institutions: [HOSPITAL] }],
    ['a platform that does not say which', { role: 'platform' }],
    ['a platform with institutions', { role: 'platform', platforms: ['620000'], institutions: [HOSPITAL] }],
    ['a platform that there cannot be', { role: 'platform', platforms: ['gansu'] }],
    ['an operator that is a platform', { role: 'operator', platforms: ['620000'] }],
    ['a role that there is none of', { role: 'root', institutions: [HOSPITAL] }],
  ])('refuses %s', (_what, row) => {
    expect(() => read(row)).toThrow('ZHIJIE_CALLERS')
  })
})
