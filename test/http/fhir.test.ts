/** The FHIR doors: golden answers of both releases, and everything that can be wrong with a question. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Codes, createCodes } from '../../src/codes/codes.ts'
import type { CodeMap } from '../../src/extension/codebook.ts'
import { fhirRoutes } from '../../src/http/fhir/routes.ts'
import { createSystemNames } from '../../src/http/fhir/systems.ts'
import { illness, on } from '../codes/fixture.ts'
import { offloadHere } from '../offload/support.ts'
import { served } from './codes-support.ts'

const source = { grade: 'A', text: 'Invented for a test' } as const
const from = on('2020-01-01')
const row = (code: string, targets: string[], relation: CodeMap['editions'][0]['rows'][0]['relation']) => ({
  code,
  name: `旧${code}`,
  targets,
  relation,
})

/** More rows than one piece of a stream holds. */
const MANY = Array.from({ length: 1203 }, (_, index) => `M${String(index).padStart(5, '0')}`)

/** A map that is only written out. */
const long: CodeMap = {
  system: 'long',
  standard: 'illness',
  editions: [
    { version: '1', from, source, rows: [row('GONE', ['A01.000'], 'equivalent')] },
    {
      version: '2',
      from: on('2024-01-01'),
      source,
      rows: MANY.map((code) => row(code, ['D01.001'], 'equivalent')),
    },
  ],
}

/** One hospital with a row of each relation, another with the same code for something else. */
const maps: readonly CodeMap[] = [
  {
    system: 'old',
    standard: 'illness',
    editions: [
      { version: '1', from, source, rows: [row('L1', ['A01.000'], 'equivalent')] },
      {
        version: '2',
        from: on('2024-01-01'),
        source,
        rows: [
          row('L1', ['A01.000'], 'equivalent'),
          row('L2', ['A01.000'], 'narrower'),
          row('L3', ['A01.000'], 'broader'),
          row('L4', ['A01.009', 'A01.010'], 'related'),
          row('L5', ['D01.000'], 'equivalent'),
        ],
      },
    ],
  },
  {
    system: 'else',
    standard: 'illness',
    editions: [{ version: '1', from, source, rows: [row('L1', ['A01.x00'], 'equivalent')] }],
  },
]
const codes = createCodes({ codebooks: [illness], maps: [...maps, long] })
const names = createSystemNames({ standards: {}, systems: { else: 'https://else.test/codes' } })
const [ILLNESS, OLD, ELSE] = [
  'urn:zhijie:standard:illness',
  'urn:zhijie:system:old',
  'https://else.test/codes',
]
const MAP = 'urn:zhijie:map:old:illness'

/** How often a request looked at the edition set. */
let looks = 0
const current = (): Codes => {
  looks += 1
  return codes
}
const faults: unknown[] = []
const app = fhirRoutes({
  codes: { current },
  today: () => on('2026-01-01'),
  callers: { identify: () => ({ id: 'test', institutions: 'any' }) },
  ready: () => true,
  names,
  offload: offloadHere(null, current),
  importer: { take: () => Promise.reject(new Error('nothing is imported here')) },
  fault: (cause) => faults.push(cause),
})
let door: Awaited<ReturnType<typeof served>>
beforeAll(async () => {
  door = await served(app)
})
afterAll(() => door.close())

const query = (path: string, parameters: Record<string, string>) =>
  `${path}?${new URLSearchParams(parameters)}`
const r4 = (parameters: Record<string, string>) =>
  door.ask(query('/fhir/r4/ConceptMap/$translate', parameters))
const r5 = (parameters: Record<string, string>) =>
  door.ask(query('/fhir/r5/ConceptMap/$translate', parameters))

const extension = (together: boolean) => [
  { url: 'urn:zhijie:extension:together', valueBoolean: together },
  { url: 'urn:zhijie:extension:group', valueInteger: 1 },
  { url: 'urn:zhijie:extension:priority', valueInteger: 1 },
]
const concept = { system: ILLNESS, version: '2.0', code: 'A01.000', display: '伤寒' }

describe('$translate', () => {
  test('of a narrower code, golden, in R4', async () => {
    const { status, headers, json } = await r4({ code: 'L2', system: OLD, date: '2025-06-01' })
    expect([status, headers.get('content-type')]).toEqual([
      200,
      'application/fhir+json; fhirVersion=4.0; charset=utf-8',
    ])
    expect(json).toEqual({
      resourceType: 'Parameters',
      parameter: [
        { name: 'result', valueBoolean: true },
        {
          name: 'match',
          extension: extension(false),
          part: [
            { name: 'equivalence', valueCode: 'wider' },
            { name: 'concept', valueCoding: concept },
            { name: 'source', valueUri: `${MAP}|2` },
          ],
        },
      ],
    })
  })

  test('of a narrower code, golden, in R5', async () => {
    const { headers, json } = await r5({ sourceCode: 'L2', system: OLD, date: '2025-06-01' })
    expect(headers.get('content-type')).toBe('application/fhir+json; fhirVersion=5.0; charset=utf-8')
    expect(json).toEqual({
      resourceType: 'Parameters',
      parameter: [
        { name: 'result', valueBoolean: true },
        {
          name: 'match',
          extension: extension(false),
          part: [
            { name: 'relationship', valueCode: 'source-is-narrower-than-target' },
            { name: 'concept', valueCoding: concept },
            { name: 'originMap', valueUri: `${MAP}|2` },
          ],
        },
      ],
    })
  })

  const nameOf = (json: { parameter: { name: string; part?: { valueCode?: string }[] }[] }) =>
    json.parameter.filter(({ name }) => name === 'match').map(({ part }) => part![0]!.valueCode)
  const codesOf = (json: {
    parameter: { name: string; part?: { name: string; valueCoding?: { system: string; code: string } }[] }[]
  }) =>
    json.parameter.flatMap(({ part = [] }) =>
      part.flatMap(({ valueCoding }) => (valueCoding ? [`${valueCoding.system} ${valueCoding.code}`] : [])),
    )

  test.each([
    ['L1', 'equivalent', 'equivalent'],
    ['L2', 'wider', 'source-is-narrower-than-target'],
    ['L3', 'narrower', 'source-is-broader-than-target'],
    ['L4', 'relatedto', 'related-to'],
  ])('of %s says %s in R4 and %s in R5', async (code, inR4, inR5) => {
    expect(new Set(nameOf((await r4({ code, system: OLD })).json))).toEqual(new Set([inR4]))
    expect(new Set(nameOf((await r5({ sourceCode: code, system: OLD })).json))).toEqual(new Set([inR5]))
  })

  test('by POST with a Coding, and with a CodeableConcept of which one coding is known', async () => {
    const ask = (release: string, parameter: object[]) =>
      door.post(`/fhir/${release}/ConceptMap/$translate`, { resourceType: 'Parameters', parameter })
    const coding = { system: OLD, code: 'L1' }
    const answers = await Promise.all([
      ask('r4', [{ name: 'coding', valueCoding: coding }]),
      ask('r5', [{ name: 'sourceCoding', valueCoding: coding }]),
      ask('r4', [{ name: 'codeableConcept', valueCodeableConcept: { coding: [coding] } }]),
      ask('r5', [{ name: 'sourceCodeableConcept', valueCodeableConcept: { coding: [coding] } }]),
    ])
    for (const { status, json } of answers) {
      expect([status, codesOf(json)]).toEqual([200, [`${ILLNESS} A01.000`]])
    }
  })

  test('backwards gives every source of every place, under the relation of the map', async () => {
    const wanted = ['L1', 'L2', 'L3'].map((code) => `${OLD} ${code}`)
    const inR4 = await r4({ code: 'A01.000', system: ILLNESS, reverse: 'true' })
    const inR5 = await r5({ targetCode: 'A01.000', system: ILLNESS })
    expect([codesOf(inR4.json), codesOf(inR5.json)]).toEqual([wanted, wanted])
    expect(nameOf(inR4.json)).toEqual(['equivalent', 'wider', 'narrower'])
    expect(nameOf(inR5.json)).toEqual([
      'equivalent',
      'source-is-narrower-than-target',
      'source-is-broader-than-target',
    ])
    expect(codesOf((await r5({ targetCode: 'A01.000', targetSystem: ILLNESS })).json)).toEqual(wanted)
    const other = await r5({ targetCode: 'A01.x00', system: ILLNESS, sourceScope: `${ELSE}?fhir_vs` })
    expect(codesOf(other.json)).toEqual([`${ELSE} L1`])
  })

  test('the same code of another place is another one', async () => {
    expect(codesOf((await r4({ code: 'L1', system: ELSE })).json)).toEqual([`${ILLNESS} A01.x00`])
  })

  test('codes that stand together are marked', async () => {
    const { json } = await r4({ code: 'L4', system: OLD })
    expect(codesOf(json)).toEqual([`${ILLNESS} A01.009`, `${ILLNESS} A01.010`])
    const marks = json.parameter.slice(1).map((one: { extension: object[] }) => one.extension[0])
    expect(marks).toEqual(Array(2).fill({ url: 'urn:zhijie:extension:together', valueBoolean: true }))
  })

  test.each([
    ['an unmapped code', { code: 'nonsense' }, 'not-mapped'],
    ['a code that comes with a later edition', { code: 'L2', date: '2023-12-31' }, 'not-mapped'],
    ['a grey target', { code: 'L5' }, 'grey'],
    ['a day before the first edition', { code: 'L1', date: '2019-12-31' }, 'before-first-edition'],
    ['a target that no map leads to', { code: 'L1', target: 'urn:zhijie:standard:treatment' }, 'not-mapped'],
  ])('%s is no match with a reason, not an error', async (_what, parameters, reason) => {
    const { status, json } = await r4({ system: OLD, ...parameters })
    expect(status).toBe(200)
    expect(json.parameter).toEqual([
      { name: 'result', valueBoolean: false },
      { name: 'message', valueString: expect.stringMatching(/\p{Script=Han}/u) },
      { name: 'reason', valueCode: reason },
    ])
  })

  test('a national code that is not there is no match backwards, with the reason', async () => {
    const { json } = await r5({ targetCode: 'Z99.000', system: ILLNESS })
    expect(json.parameter.at(-1)).toEqual({ name: 'reason', valueCode: 'not-in-table' })
  })

  test('the version of the map decides the day, and contradicts another day', async () => {
    const first = await r4({ code: 'L2', system: OLD, conceptMapVersion: '1' })
    expect(first.json.parameter[0]).toEqual({ name: 'result', valueBoolean: false })
    const url = await r4({ code: 'L1', system: OLD, url: `${MAP}|1` })
    expect(url.json.parameter[1].part[2]).toEqual({ name: 'source', valueUri: `${MAP}|1` })
    const wrong = await r4({ code: 'L2', system: OLD, conceptMapVersion: '1', date: '2025-01-01' })
    expect([wrong.status, wrong.json.issue[0].code]).toEqual([422, 'business-rule'])
    expect((await r4({ code: 'L2', system: OLD, conceptMapVersion: '9' })).status).toBe(404)
  })

  test.each<['r4' | 'r5', Record<string, string>, number, string]>([
    ['r4', {}, 400, 'required'],
    ['r4', { code: 'L1' }, 400, 'required'],
    ['r5', { sourceCode: 'L1', targetCode: 'A01.000', system: OLD }, 400, 'required'],
    ['r4', { sourceCode: 'L1', system: OLD }, 400, 'not-supported'],
    ['r5', { code: 'L1', system: OLD }, 400, 'not-supported'],
    ['r4', { code: 'L1', system: OLD, dependency: 'x' }, 400, 'not-supported'],
    ['r4', { code: 'L1', system: OLD, version: '7' }, 400, 'not-supported'],
    ['r4', { code: 'L1', system: OLD, date: '2025-02-30' }, 400, 'invalid'],
    ['r4', { code: 'L1', system: OLD, date: '2025-02' }, 400, 'invalid'],
    ['r4', { code: 'A01.000', system: ILLNESS, reverse: 'yes' }, 400, 'invalid'],
    ['r4', { code: 'L1', system: 'urn:zhijie:system:nobody' }, 404, 'not-found'],
    ['r4', { code: 'L1', system: 'http://elsewhere.test' }, 404, 'not-found'],
    ['r5', { targetCode: 'A01.000', system: 'urn:zhijie:standard:nothing' }, 404, 'not-found'],
    ['r4', { code: 'L1', system: OLD, url: 'urn:zhijie:map:nothing:illness' }, 404, 'not-found'],
    ['r4', { code: 'x'.repeat(2000), system: OLD }, 400, 'invalid'],
  ])('%s %j is %i %s', async (release, parameters, status, code) => {
    const { json, headers, ...answer } = await (release === 'r4' ? r4 : r5)(parameters)
    expect([answer.status, json.resourceType, json.issue[0].code]).toEqual([status, 'OperationOutcome', code])
    expect(headers.get('content-type')).toMatch(/^application\/fhir\+json/)
    expect(json.issue[0].severity).toBe('error')
  })

  test.each([
    ['no JSON', '{', 400],
    ['another resource', { resourceType: 'Patient' }, 400],
    [
      'a value of another kind',
      { resourceType: 'Parameters', parameter: [{ name: 'code', valueBoolean: true }] },
      400,
    ],
    ['10 MB', 'x'.repeat(10 * 1024 * 1024), 413],
  ])('turns %s away by POST', async (_what, body, status) => {
    const answer = await door.post('/fhir/r5/ConceptMap/$translate', body)
    expect([answer.status, answer.json.resourceType]).toEqual([status, 'OperationOutcome'])
  })

  test('turns a body away that does not call itself JSON', async () => {
    const body = { resourceType: 'Parameters', parameter: [] }
    const answer = await door.post('/fhir/r5/ConceptMap/$translate', body, { 'content-type': 'text/plain' })
    expect([answer.status, answer.json.resourceType]).toEqual([415, 'OperationOutcome'])
  })

  test('a time with its offset is the day in Shanghai', async () => {
    const late = await r4({ code: 'L2', system: OLD, date: '2023-12-31T16:00:00Z' })
    const early = await r4({ code: 'L2', system: OLD, date: '2023-12-31T15:59:59Z' })
    expect([late.json.parameter[0].valueBoolean, early.json.parameter[0].valueBoolean]).toEqual([true, false])
  })

  test('one request looks at the edition set once', async () => {
    looks = 0
    await r4({ code: 'A01.000', system: ILLNESS, reverse: 'true' })
    expect(looks).toBe(1)
  })
})

describe('$lookup', () => {
  const lookup = (parameters: Record<string, string>, release = 'r4') =>
    door.ask(query(`/fhir/${release}/CodeSystem/$lookup`, { system: ILLNESS, ...parameters }))
  const property = (code: string, value: object) => ({
    name: 'property',
    part: [
      { name: 'code', valueCode: code },
      { name: 'value', ...value },
    ],
  })

  test.each(['r4', 'r5'])('golden, in %s', async (release) => {
    const { json } = await lookup({ code: 'C01.000', date: '2025-06-01' }, release)
    expect(json).toEqual({
      resourceType: 'Parameters',
      parameter: [
        { name: 'name', valueString: '医保疾病' },
        { name: 'version', valueString: '2.0' },
        { name: 'display', valueString: '甲病' },
        { name: 'code', valueCode: 'C01.000' },
        { name: 'system', valueUri: ILLNESS },
        { name: 'abstract', valueBoolean: false },
        {
          name: 'designation',
          part: [
            { name: 'language', valueCode: 'zh-CN' },
            {
              name: 'use',
              valueCoding: {
                system: 'http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra',
                code: 'preferredForLanguage',
              },
            },
            { name: 'value', valueString: '甲病' },
          ],
        },
        property('status', { valueCode: 'retired' }),
        property('inactive', { valueBoolean: true }),
        property('notSelectable', { valueBoolean: false }),
        property('deprecationDate', { valueDateTime: '2025-01-01' }),
        property('replacedBy', { valueCode: 'C02.000' }),
        property('asOf', { valueDateTime: '2025-06-01' }),
        property('source', { valueString: 'Invented for a test' }),
        property('sourceGrade', { valueString: 'A' }),
      ],
    })
  })

  test('by version asks on the last day of that edition', async () => {
    const { json } = await lookup({ code: 'A01.000', version: '1.0' })
    expect(json.parameter[2]).toEqual({ name: 'display', valueString: '伤寒旧名' })
    expect(json.parameter).toContainEqual(property('asOf', { valueDateTime: '2021-12-31' }))
  })

  test.each([
    [{ code: 'Z99.000' }, 404, 'not-found'],
    [{ code: 'A01.000', date: '2019-01-01' }, 422, 'business-rule'],
    [{ code: 'A01.000', version: '7' }, 404, 'not-found'],
    [{ code: 'A01.000', version: '1.0', date: '2025-01-01' }, 422, 'business-rule'],
    [{ code: 'A01.000', system: OLD }, 404, 'not-found'],
    [{ code: 'A01.000', properties: 'x' }, 400, 'not-supported'],
    [{}, 400, 'required'],
  ])('%j is %i %s', async (parameters, status, code) => {
    const { json, ...answer } = await lookup(parameters as Record<string, string>)
    expect([answer.status, json.issue[0].code]).toEqual([status, code])
  })
})

describe('$validate-code', () => {
  const validate = async (parameters: Record<string, string>, release = 'r4') =>
    (await door.ask(query(`/fhir/${release}/CodeSystem/$validate-code`, { url: ILLNESS, ...parameters })))
      .json.parameter

  test('golden', async () => {
    const yes = [
      { name: 'result', valueBoolean: true },
      { name: 'display', valueString: '伤寒' },
    ]
    const again = [
      { name: 'code', valueCode: 'A01.000' },
      { name: 'system', valueUri: ILLNESS },
      { name: 'version', valueString: '2.0' },
    ]
    expect(await validate({ code: 'A01.000' })).toEqual([...yes, ...again])
    expect(await validate({ code: 'A01.000' }, 'r5')).toEqual([...yes, ...again])
  })

  test.each([
    ['a code that is not there', { code: 'Z99.000' }],
    ['a retired code', { code: 'C01.000', date: '2025-01-01' }],
    ['a grey code', { code: 'D01.000' }],
    ['another display', { code: 'A01.000', display: '副伤寒' }],
    ['a day before the first edition', { code: 'A01.000', date: '2019-01-01' }],
  ])('%s is no, with a sentence', async (_what, parameters) => {
    const [result, message] = await validate(parameters as Record<string, string>)
    expect(result).toEqual({ name: 'result', valueBoolean: false })
    expect(message).toEqual({ name: 'message', valueString: expect.stringMatching(/编码/) })
  })

  test('the day before it is retired it is good', async () => {
    expect((await validate({ code: 'C01.000', date: '2024-12-31' }))[0].valueBoolean).toBe(true)
  })
})

describe('resources', () => {
  test.each(['r4', 'r5'])(
    'the capability statement of %s names release, formats and the own parameter',
    async (release) => {
      const { json } = await door.ask(`/fhir/${release}/metadata`)
      expect(json).toMatchObject({
        resourceType: 'CapabilityStatement',
        kind: 'instance',
        fhirVersion: release === 'r4' ? '4.0.1' : '5.0.0',
        format: ['json', 'application/fhir+json'],
      })
      const operations = json.rest[0].resource.flatMap(
        ({ operation = [] }: { operation?: { name: string; definition: string }[] }) => operation,
      )
      expect(operations.map(({ name }: { name: string }) => name)).toEqual([
        'lookup',
        'validate-code',
        'translate',
        'expand',
        'validate-code',
      ])
      for (const { definition } of operations) {
        const { pathname } = new URL(definition)
        const answer = await door.ask(pathname)
        expect(answer.json).toMatchObject({ resourceType: 'OperationDefinition', url: definition })
        const date = answer.json.parameter.find(({ name }: { name: string }) => name === 'date')
        expect(date).toMatchObject({ use: 'in', type: 'dateTime' })
      }
    },
  )

  test('code systems are listed without their content', async () => {
    const { json } = await door.ask('/fhir/r4/CodeSystem')
    expect(json).toMatchObject({ resourceType: 'Bundle', type: 'searchset', total: 1 })
    const [{ resource }] = json.entry
    expect(resource).toMatchObject({
      url: ILLNESS,
      version: '2.0',
      content: 'not-present',
      title: '医保疾病',
    })
    expect(resource).not.toHaveProperty('concept')
    const then = await door.ask('/fhir/r4/CodeSystem?effective=2021-01-01')
    expect(then.json.entry[0].resource.version).toBe('1.0')
    expect((await door.ask('/fhir/r5/CodeSystem/illness')).json.version).toBe('2.0')
    expect((await door.ask('/fhir/r4/CodeSystem?url=urn:x')).json.total).toBe(0)
  })

  test.each([
    ['r4', 'source', `${OLD}?fhir_vs`, 2],
    ['r4', 'source-system', ELSE, 1],
    ['r4', 'target', ILLNESS, 5],
    ['r4', 'target', OLD, 0],
    ['r5', 'source-group-system', OLD, 2],
    ['r5', 'target-scope-uri', `${ILLNESS}?fhir_vs`, 5],
    ['r4', 'url', MAP, 2],
  ])('maps are found in %s by %s=%s', async (release, name, value, total) => {
    const { json } = await door.ask(query(`/fhir/${release}/ConceptMap`, { [name]: value }))
    expect(json.total).toBe(total)
    for (const { resource } of json.entry) expect(resource).not.toHaveProperty('group')
  })

  test('a long list comes in pages that lead to each other', async () => {
    const ids: string[] = []
    let next: string | undefined = '/fhir/r4/ConceptMap?_count=2'
    while (next) {
      const { json }: Awaited<ReturnType<typeof door.ask>> = await door.ask(next)
      expect(json.total).toBe(5)
      ids.push(...json.entry.map(({ resource }: { resource: { id: string } }) => resource.id))
      const link = json.link.find(({ relation }: { relation: string }) => relation === 'next')
      next = link?.url.slice(link.url.indexOf('/fhir/'))
    }
    const wanted = ['old', 'old', 'else', 'long', 'long'].map(
      (system, index) => `${system}.to.illness.v${[1, 2, 1, 1, 2][index]}`,
    )
    expect(ids).toEqual(wanted)
    expect((await door.ask('/fhir/r4/ConceptMap?_count=x')).status).toBe(400)
  })

  test('a map is written whole, golden, in R4', async () => {
    const { json } = await door.ask('/fhir/r4/ConceptMap/old.to.illness.v1')
    expect(json).toEqual({
      resourceType: 'ConceptMap',
      id: 'old.to.illness.v1',
      extension: [
        {
          url: 'http://hl7.org/fhir/5.0/StructureDefinition/extension-ConceptMap.effectivePeriod',
          valuePeriod: { start: '2020-01-01', end: '2023-12-31' },
        },
      ],
      url: MAP,
      version: '1',
      name: 'OldToIllness',
      title: 'old → illness',
      status: 'active',
      description: 'Source (A): Invented for a test',
      sourceUri: `${OLD}?fhir_vs`,
      targetUri: `${ILLNESS}?fhir_vs`,
      group: [
        {
          source: OLD,
          target: ILLNESS,
          element: [
            {
              code: 'L1',
              display: '旧L1',
              target: [
                { extension: extension(true), code: 'A01.000', display: '伤寒', equivalence: 'equivalent' },
              ],
            },
          ],
        },
      ],
    })
  })

  test('a map is written whole in R5, with the names of R5', async () => {
    const { json } = await door.ask('/fhir/r5/ConceptMap/old.to.illness.v2')
    expect(json.effectivePeriod).toEqual({ start: '2024-01-01' })
    const rows = json.group[0].element.map(
      ({ code, target }: { code: string; target: { code: string; relationship: string }[] }) =>
        [code, ...target.flatMap((one) => [one.code, one.relationship])].join(' '),
    )
    expect(rows).toEqual([
      'L1 A01.000 equivalent',
      'L2 A01.000 source-is-narrower-than-target',
      'L3 A01.000 source-is-broader-than-target',
      'L4 A01.009 related-to A01.010 related-to',
      'L5 D01.000 equivalent',
    ])
  })

  test.each(['r4', 'r5'])('a map of many rows is whole in %s, and only of its edition', async (release) => {
    const { json } = await door.ask(`/fhir/${release}/ConceptMap/long.to.illness.v2`)
    const given = json.group[0].element.map(({ code }: { code: string }) => code)
    expect(given).toEqual(MANY)
  })

  test.each([
    ['/fhir/r4/ConceptMap/nothing', 404],
    ['/fhir/r4/CodeSystem/nothing', 404],
    ['/fhir/r4/OperationDefinition/nothing', 404],
    ['/fhir/r4/Patient/1', 404],
    ['/fhir/r4/CodeSystem?_format=xml', 406],
    ['/fhir/r4/ConceptMap?publisher=x', 400],
  ])('%s is %i in the form of FHIR', async (path, status) => {
    const answer = await door.ask(path)
    expect([answer.status, answer.json.resourceType]).toEqual([status, 'OperationOutcome'])
  })

  test('two code systems cannot have one address', () => {
    const systems = { a: 'urn:x:1', b: 'urn:x:1' }
    expect(() => createSystemNames({ standards: {}, systems })).toThrow(/two code systems/)
  })
})

test('nothing of all this was a fault of ours', () => {
  expect(faults).toEqual([])
})
