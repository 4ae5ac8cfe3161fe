/** The codes over REST: one code or a batch is answered in order, and every wrong question is refused by name. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCodes } from '../../src/codes/codes.ts'
import type { CodesNow } from '../../src/codes/live/hot-reload.ts'
import { codesRoutes } from '../../src/http/codes/routes.ts'
import { CODES_MAX, CODES_WITH_CANDIDATES_MAX } from '../../src/http/codes/schemas.ts'
import { illness, on } from '../codes/fixture.ts'
import { served } from './codes-support.ts'
import { type Gateway, startGateway } from './rest-support.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

const DAY = '2026-06-01'
const LANZHOU = { standard: 'diagnosis', system: 'H62010290001-diagnosis', day: DAY }
const translate = (body: unknown) => gateway.post('/v1/codes/translate', body)

/** The door over the small world of the tests, without a network. */
const small = createCodes({ codebooks: [illness], maps: [] })
const door = codesRoutes({ codes: { current: () => small }, today: () => on('2026-01-01') })
const ask = async (path: string) => (await (await door.request(path)).json()) as Record<string, unknown>

describe('GET /v1/codes/{standard}/{code}', () => {
  test('tells a code with its edition, source and state', async () => {
    const { status, json } = await gateway.ask(`/v1/codes/diagnosis/I10.x00x002?day=${DAY}`)
    expect(status).toBe(200)
    expect(json).toMatchObject({
      standard: 'diagnosis',
      code: 'I10.x00x002',
      name: '高血压',
      day: DAY,
      state: 'active',
      text: null,
      replacedBy: null,
    })
    expect(Object.keys(json.edition.source)).toEqual(['grade', 'text'])
    expect(json.edition.from <= DAY).toBe(true)
  })

  test('without a day is for today, and says which day that was', async () => {
    expect(await ask('/v1/codes/illness/A01.000')).toMatchObject({ day: '2026-01-01', name: '伤寒' })
  })

  test.each([
    ['A01.000', '2021-06-01', { state: 'active', name: '伤寒旧名' }],
    ['C01.000', '2024-12-31', { state: 'active', until: '2025-01-01' }],
    ['C01.000', '2025-01-01', { state: 'retired', since: '2025-01-01', replacedBy: 'C02.000' }],
    ['C02.000', '2024-12-31', { state: 'not-yet-valid', since: '2025-01-01' }],
    ['D01.000', '2025-01-01', { state: 'grey' }],
    ['B01.000', '2023-01-01', { state: 'retired', since: '2022-01-01', replacedBy: 'D01.001' }],
    ['B02.000', '2021-01-01', { state: 'not-yet-valid', since: '2022-01-01', name: null }],
  ])('of %s on %s', async (code, day, wanted) => {
    expect(await ask(`/v1/codes/illness/${code}?day=${day}`)).toMatchObject(wanted)
  })

  test('takes a code with a slash', async () => {
    const { status, json } = await gateway.ask(`/v1/codes/morphology/M80000%2F3?day=${DAY}`)
    expect([status, json.code ?? json.type]).toEqual([200, 'M80000/3'])
  })

  test('is not sent twice', async () => {
    const path = `/v1/codes/diagnosis/I10.x00x002?day=${DAY}`
    const first = await gateway.ask(path)
    const tag = first.headers.get('etag')!
    expect(first.headers.get('cache-control')).toBe('private, no-cache')
    const again = await gateway.ask(path, { headers: { 'if-none-match': tag } })
    expect([again.status, again.text]).toEqual([304, ''])
    const other = await gateway.ask(path.replace(DAY, '2026-05-01'), { headers: { 'if-none-match': tag } })
    expect(other.status).toBe(200)
  })

  test.each([
    ['/v1/codes/nonsense/A01.000', 404, 'unknown-standard'],
    ['/v1/codes/item/A01.000', 404, 'unknown-standard'],
    ['/v1/codes/diagnosis/Q99.999x999', 404, 'not-found'],
    ['/v1/codes/diagnosis/nonsense', 404, 'not-found'],
    ['/v1/codes/diagnosis/I10.x00x002?day=2026-02-30', 422, 'invalid-field'],
    ['/v1/codes/diagnosis/I10.x00x002?day=yesterday', 422, 'invalid-field'],
    ['/v1/codes/diagnosis/I10.x00x002?day=2025-01-01&day=2025-01-02', 422, 'invalid-field'],
    ['/v1/codes/diagnosis/I10.x00x002?date=2025-01-01', 422, 'invalid-field'],
    ['/v1/codes/diagnosis/I10.x00x002?day=1999-01-01', 422, 'before-first-edition'],
  ])('%s is %i %s', async (path, status, problem) => {
    const answer = await gateway.ask(path)
    expect([answer.status, answer.json.type]).toEqual([status, `/problems/${problem}`])
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    if (problem === 'unknown-standard') expect(answer.json.standards).toContain('diagnosis')
    if (problem === 'before-first-edition') expect(answer.json.firstDay).toMatch(/^20\d\d-/)
  })
})

describe('POST /v1/codes/translate', () => {
  test('answers one result a code, in their order', async () => {
    const { status, json } = await translate({ ...LANZHOU, codes: ['I50.950', 'nonsense', 'I10.x01'] })
    expect(status).toBe(200)
    expect(json).toMatchObject({ ...LANZHOU, reverse: false })
    expect(json.results).toMatchObject([
      {
        code: 'I50.950',
        targets: [
          { code: 'I50.900', relation: 'related', together: true },
          { code: 'N18.902', relation: 'related', together: true },
        ],
        map: expect.stringContaining('H62010290001-diagnosis@'),
      },
      { code: 'nonsense', targets: [], reason: 'not-mapped', text: expect.stringContaining('尚未对码') },
      { code: 'I10.x01', targets: [{ code: 'I10.x00x002', relation: 'equivalent', together: false }] },
    ])
  })

  test('backwards gives every local code', async () => {
    const { json } = await translate({ ...LANZHOU, reverse: true, codes: ['N18.902', 'Z99.900'] })
    expect(json.results).toMatchObject([
      {
        code: 'N18.902',
        targets: [
          { code: 'I50.950', together: true },
          { code: 'N18.902', together: false },
        ],
        several: true,
      },
      { code: 'Z99.900', targets: [], reason: 'not-mapped' },
    ])
  })

  test('offers near codes only where they are wanted, by name', async () => {
    const codes = [{ code: 'X1', name: '高血压' }]
    const plain = await translate({ ...LANZHOU, codes })
    expect(plain.json.results[0]).not.toHaveProperty('candidates')
    const { json } = await translate({ ...LANZHOU, codes, candidates: true })
    expect(json.results[0].candidates[0]).toEqual({ code: 'I10.x00x002', name: '高血压' })
    expect(json.results[0].targets).toEqual([])
  })

  test.each<[string, object, number, string]>([
    ['an unknown standard', { standard: 'nonsense' }, 404, 'unknown-standard'],
    ['an unknown system', { system: 'nonsense' }, 404, 'unknown-code-system'],
    ['a bad day', { day: '2026-13-01' }, 422, 'invalid-field'],
    ['a day before the first edition', { day: '1999-01-01' }, 422, 'before-first-edition'],
    ['no codes', { codes: [] }, 422, 'invalid-field'],
    ['too many codes', { codes: Array(CODES_MAX + 1).fill('A') }, 422, 'invalid-field'],
    [
      'too many codes with candidates',
      { candidates: true, codes: Array(CODES_WITH_CANDIDATES_MAX + 1).fill('A') },
      422,
      'invalid-field',
    ],
    ['an unknown field', { date: DAY }, 422, 'invalid-field'],
    ['national codes backwards', { system: 'national', reverse: true }, 422, 'invalid-field'],
    ['10 MB', { codes: ['A'.repeat(10 * 1024 * 1024)] }, 413, 'body-too-large'],
  ])('refuses %s', async (_what, change, status, problem) => {
    const { json, ...answer } = await translate({ ...LANZHOU, codes: ['I10.x01'], ...change })
    expect([answer.status, json.type]).toEqual([status, `/problems/${problem}`])
  })

  test('takes as many codes as its limit says', async () => {
    const { json } = await translate({ ...LANZHOU, codes: Array(CODES_MAX).fill('I10.x01') })
    expect(json.results).toHaveLength(CODES_MAX)
  })

  test('is one edition set for the whole batch, even where it changes meanwhile', async () => {
    const source = { grade: 'A', text: 'Invented for a test' } as const
    const sets = ['A01.000', 'A01.x00'].map((target) => {
      const rows = Array.from({ length: 20 }, (_, index) => ({
        code: `L${index}`,
        name: '',
        targets: [target],
        relation: 'equivalent' as const,
      }))
      const map = {
        system: 'old',
        standard: 'illness',
        editions: [{ version: '1', from: on('2022-01-01'), source, rows }],
      }
      return createCodes({ codebooks: [illness], maps: [map] })
    })
    let taken = 0
    // Another set at every look, as if a new edition came in between.
    const changing: CodesNow = { current: () => sets[taken++ % 2]! }
    const app = codesRoutes({ codes: changing, today: () => on('2026-01-01') })
    const body = {
      standard: 'illness',
      system: 'old',
      codes: Array.from({ length: 20 }, (_, index) => `L${index}`),
    }
    const { post, close } = await served(app)
    const { json } = await post('/v1/codes/translate', body)
    close()
    expect(taken).toBe(1)
    const targets = json.results.map((one: { targets: { code: string }[] }) => one.targets[0]!.code)
    expect(new Set(targets)).toEqual(new Set(['A01.000']))
  })
})

test('where callers are set, a key is needed at every door but the capability statement', async () => {
  const keySha256 = createHash('sha256').update('k').digest('hex')
  const strict = await startGateway([{ id: 'a', keySha256, institutions: ['H34010290001'] }])
  try {
    const paths = ['/v1/codes/diagnosis/I10.x00x002', '/fhir/r4/CodeSystem', '/fhir/r5/CodeSystem']
    for (const path of paths) {
      expect((await strict.ask(path)).status, path).toBe(401)
      expect((await strict.ask(path, { headers: { 'x-api-key': 'k' } })).status, path).toBe(200)
    }
    expect((await strict.ask('/fhir/r4/CodeSystem')).json.issue[0].code).toBe('login')
    expect((await strict.ask('/fhir/r4/metadata')).status).toBe(200)
    expect((await strict.post('/v1/codes/translate', { ...LANZHOU, codes: ['A'] })).status).toBe(401)
  } finally {
    await strict.close()
  }
})

test('the doors stand in the document', async () => {
  const { json } = await gateway.ask('/openapi.json')
  for (const path of [
    '/v1/codes/{standard}/{code}',
    '/v1/codes/translate',
    '/fhir/r4/ConceptMap/$translate',
    '/fhir/r5/ConceptMap/{id}',
  ]) {
    expect(Object.keys(json.paths)).toContain(path)
  }
})
