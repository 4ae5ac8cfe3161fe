/** Searches find what they name, and the doors tell no address but the public one, whatever headers claim. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { illness, on, treatment } from '../codes/fixture.ts'
import { HOSPITAL, ILLNESS, openFhir } from './fhir-support.ts'

const [first, second] = illness.editions
const dated = {
  ...illness,
  editions: [
    { ...first!, published: on('2019-11-01') },
    { ...second!, published: on('2021-12-15') },
  ],
}
const PUBLIC = 'https://codes.example.cn/zhijie'
let door: Awaited<ReturnType<typeof openFhir>>
let behind: Awaited<ReturnType<typeof openFhir>>
beforeAll(async () => {
  door = await openFhir({ codebooks: [dated, treatment] })
  behind = await openFhir({ codebooks: [dated, treatment], publicUrl: `${PUBLIC}/` })
})
afterAll(() => {
  door.close()
  behind.close()
})

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
// biome-ignore lint/suspicious/noExplicitAny: what is answered is what the test looks at
type Json = any
const idsOf = ({ entry }: Json) => entry.map(({ resource }: Json) => resource.id)

describe.each(['r4', 'r5'])('searches in %s', (release) => {
  const base = `/fhir/${release}`
  const search = async (type: string, parameters: Record<string, string> | [string, string][]) =>
    (await door.get(`${base}/${type}`, parameters)).json

  test.each<[string, string, Record<string, string>, string[]]>([
    ['by _id', 'CodeSystem', { _id: 'illness.v1.0' }, ['illness.v1.0']],
    ['by two ids', 'CodeSystem', { _id: 'illness.v1.0,illness.v2.0' }, ['illness.v1.0', 'illness.v2.0']],
    ['by version', 'CodeSystem', { version: '1.0' }, ['illness.v1.0']],
    ['by the begin of a name', 'CodeSystem', { name: 'ill' }, ['illness.v2.0']],
    ['by the begin of a title', 'CodeSystem', { title: '医疗' }, ['treatment.v1']],
    ['by a part of a name', 'CodeSystem', { 'name:contains': 'LNES' }, ['illness.v2.0']],
    ['by a whole name', 'CodeSystem', { 'name:exact': 'illness' }, []],
    ['by status', 'CodeSystem', { status: 'active', name: 'illness' }, ['illness.v2.0']],
    ['by another status', 'CodeSystem', { status: 'retired' }, []],
    ['by two addresses', 'CodeSystem', { url: `urn:x:y,${ILLNESS}` }, ['illness.v2.0']],
    ['by the day of an edition', 'CodeSystem', { effective: '2021-01-01' }, ['illness.v1.0', 'treatment.v1']],
    ['by day of publication', 'CodeSystem', { date: '2019-11-01' }, ['illness.v1.0']],
    ['by month of publication', 'CodeSystem', { date: '2021-12' }, ['illness.v2.0']],
    ['published since', 'CodeSystem', { date: 'ge2019' }, ['illness.v1.0', 'illness.v2.0']],
    ['published before', 'CodeSystem', { date: 'lt2020-01-01' }, ['illness.v1.0']],
    ['by _id', 'ConceptMap', { _id: 'H.to.illness.v2025' }, ['H.to.illness.v2025']],
    ['by name', 'ConceptMap', { name: 'HToTreat' }, ['H.to.treatment.v1']],
    ['by status', 'ConceptMap', { status: 'draft' }, []],
    ['by address', 'ValueSet', { url: `${ILLNESS}?fhir_vs` }, ['illness.v2.0']],
  ])('%s, of %s', async (_what, type, parameters, ids) => {
    const json = await search(type, parameters)
    expect([json.total, idsOf(json)]).toEqual([ids.length, ids])
  })

  test('between two days of publication', async () => {
    const json = await search('CodeSystem', [
      ['date', 'gt2019-11-01'],
      ['date', 'le2021-12-15'],
    ])
    expect(idsOf(json)).toEqual(['illness.v2.0'])
    expect((await door.get(`${base}/CodeSystem`, { date: 'soon' })).status).toBe(400)
  })

  test('only count', async () => {
    const json = await search('ConceptMap', { _summary: 'count' })
    expect([json.total, json.entry, json.link.length]).toEqual([3, undefined, 1])
  })

  test('by a form, with what the address adds', async () => {
    const ask = (type: string, body: string, query = '', headers: Record<string, string> = FORM) =>
      door.ask(`${base}/${type}/_search${query}`, { method: 'POST', body, headers })
    const { status, json } = await ask('CodeSystem', `url=${encodeURIComponent(ILLNESS)}`, '?version=1.0')
    expect([status, idsOf(json)]).toEqual([200, ['illness.v1.0']])
    expect(json.entry[0].fullUrl).toMatch(new RegExp(`${base}/CodeSystem/illness\\.v1\\.0$`))
    expect(json.link[0].url).not.toContain('_search')
    expect((await ask('ConceptMap', '')).json.total).toBe(3)
    expect((await ask('ConceptMap', 'publisher=x')).status).toBe(400)
    expect((await ask('ConceptMap', '{}', '', { 'content-type': 'application/json' })).status).toBe(415)
  })

  test('what was passed over by preference is not in the link', async () => {
    const { json } = await door.get(
      `${base}/ConceptMap`,
      { publisher: 'x', _count: '2' },
      { headers: { prefer: 'handling=lenient' } },
    )
    const links = json.link.map(({ url }: { url: string }) => new URL(url).search)
    expect(links).toEqual(['?_count=2', '?_count=2&_offset=2'])
  })

  test('two editions are two resources, each read by its own id', async () => {
    for (const type of ['CodeSystem', 'ValueSet']) {
      const { json } = await door.ask(`${base}/${type}/illness.v1.0`)
      expect([json.resourceType, json.id, json.version]).toEqual([type, 'illness.v1.0', '1.0'])
      // The id of the table alone is the edition in force, told by its own id.
      expect((await door.ask(`${base}/${type}/illness`)).json.id).toBe('illness.v2.0')
      expect((await door.ask(`${base}/${type}/illness.v9`)).status).toBe(404)
    }
  })

  test.each(['CodeSystem/$subsumes', 'ConceptMap/$closure', 'ValueSet/illness.v1.0/$find', '$meta'])(
    'an operation that is not offered is called so, not an unknown resource: %s',
    async (operation) => {
      for (const method of ['GET', 'POST']) {
        const { status, json } = await door.ask(`${base}/${operation}`, { method })
        expect([status, json.issue[0].code]).toEqual([404, 'not-supported'])
        expect(json.issue[0].details.text).toContain(`不支持${operation.split('/').at(-1)}`)
      }
    },
  )

  test('the value set of a code system is named there', async () => {
    const { json } = await door.ask(`${base}/CodeSystem/illness.v2.0`)
    expect(json).toMatchObject({ valueSet: `${ILLNESS}?fhir_vs`, caseSensitive: true })
    expect(json.effectivePeriod).toEqual(release === 'r5' ? { start: '2022-01-01' } : undefined)
  })

  test('a period ends on its last day', async () => {
    const { json } = await door.ask(`${base}/ConceptMap/H.to.illness.v2025`)
    const period = json.effectivePeriod ?? json.extension[0].valuePeriod
    expect(period).toEqual({ start: '2025-01-01', end: '2025-12-31' })
    if (release === 'r4') return
    const table = await door.ask(`${base}/CodeSystem/illness.v1.0`)
    expect(table.json.effectivePeriod).toEqual({ start: '2020-01-01', end: '2021-12-31' })
  })

  test('a target that means less than its source has a comment (cmd-1)', async () => {
    const { json } = await door.ask(`${base}/ConceptMap/H.to.illness.v2025`)
    const targets = json.group[0].element.flatMap(({ target = [] }: Json) => target)
    const less = targets.filter(({ equivalence, relationship }: Json) =>
      ['narrower', 'inexact', 'source-is-broader-than-target', 'not-related-to'].includes(
        equivalence ?? relationship,
      ),
    )
    expect(less).toHaveLength(1)
    expect(less[0].comment).toMatch(/\p{Script=Han}/u)
    expect(targets.filter(({ comment }: Json) => comment)).toHaveLength(1)
  })
})

describe.each(['r4', 'r5'])('behind a proxy, in %s', (release) => {
  const base = `/fhir/${release}`

  test('every address is the public one', async () => {
    const { json } = await behind.ask(`${base}/ConceptMap?_count=1`)
    expect(json.link).toEqual([
      { relation: 'self', url: `${PUBLIC}${base}/ConceptMap?_count=1` },
      { relation: 'next', url: `${PUBLIC}${base}/ConceptMap?_count=1&_offset=1` },
    ])
    expect(json.entry[0].fullUrl).toMatch(new RegExp(`^${PUBLIC}${base}/ConceptMap/`))
    const made = await behind.post(`${base}/ConceptMap`, {})
    expect([made.status, made.headers.get('location')]).toEqual([201, `${PUBLIC}${base}/ConceptMap/x`])
    const definition = await behind.ask(`${base}/OperationDefinition/CodeSystem-lookup`)
    expect(definition.json.url).toBe(`${PUBLIC}${base}/OperationDefinition/CodeSystem-lookup`)
    const { text } = await behind.ask(`${base}/metadata`)
    expect(text).toContain(`"url":"${PUBLIC}${base}"`)
    expect(text).not.toContain('127.0.0.1')
  })

  test('forwarded headers are never believed', async () => {
    const headers = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.test',
      forwarded: 'host=evil.test;proto=https',
    }
    for (const one of [door, behind]) {
      expect((await one.ask(`${base}/ConceptMap`, { headers })).text).not.toContain('evil.test')
    }
  })

  test('the statement says what terminology clients look for', async () => {
    const { json } = await door.ask(`${base}/metadata`)
    expect(json).toMatchObject({
      instantiates: ['http://hl7.org/fhir/CapabilityStatement/terminology-server'],
      url: expect.stringMatching(/\/metadata$/),
      version: expect.any(String),
      name: expect.any(String),
      title: expect.any(String),
    })
    const [rest] = json.rest
    expect(rest.security.service).toHaveLength(1)
    expect(rest.resource.map(({ type }: Json) => type)).toContain('ValueSet')
    expect(rest.operation[0].name).toBe('versions')
    const versions = await door.ask(`${base}/$versions`)
    expect(versions.json.parameter[0].valueCode).toBe(release === 'r4' ? '4.0' : '5.0')
  })

  test('mode=terminology is the terminology capabilities', async () => {
    const { json } = await door.ask(`${base}/metadata?mode=terminology`)
    expect(json).toMatchObject({ resourceType: 'TerminologyCapabilities', kind: 'instance' })
    const table = json.codeSystem.find(({ uri }: Json) => uri === ILLNESS)
    expect(table.version.map(({ code, isDefault }: Json) => [code, isDefault])).toEqual([
      ['1.0', false],
      ['2.0', true],
    ])
    expect(json.expansion.parameter.map(({ name }: Json) => name)).toContain('filter')
    const full = await door.ask(`${base}/metadata?mode=full`)
    expect(full.json.resourceType).toBe('CapabilityStatement')
  })
})

test('readConfig() takes an address as ZHIJIE_PUBLIC_URL, and nothing else', () => {
  expect(readConfig({}).publicUrl).toBeNull()
  expect(readConfig({ ZHIJIE_PUBLIC_URL: PUBLIC }).publicUrl).toBe(PUBLIC)
  for (const wrong of ['codes.example.cn', 'ftp://x.test', 'https://x.test/?a=b']) {
    expect(() => readConfig({ ZHIJIE_PUBLIC_URL: wrong })).toThrow(/ZHIJIE_PUBLIC_URL/)
  }
})

test('maps are found by any of several sources', async () => {
  expect((await door.get('/fhir/r4/ConceptMap', { 'source-system': `${HOSPITAL},urn:x:y` })).json.total).toBe(
    3,
  )
})
