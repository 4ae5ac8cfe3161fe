/** `$lookup` and `$translate` take the parameters of the standard, of R6, and several codes at once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { byName, HOSPITAL, ILLNESS, openFhir, TREATMENT } from './fhir-support.ts'

let door: Awaited<ReturnType<typeof openFhir>>
beforeAll(async () => {
  door = await openFhir()
})
afterAll(() => door.close())

const MAP = 'urn:zhijie:map:H:illness'

describe.each(['r4', 'r5'])('$lookup in %s', (release) => {
  const lookup = (parameters: Record<string, string> | [string, string][], init?: RequestInit) =>
    door.get(`/fhir/${release}/CodeSystem/$lookup`, parameters, init)
  const propertiesOf = (json: { parameter: { name: string; part?: { valueCode?: string }[] }[] }) =>
    json.parameter.filter(({ name }) => name === 'property').map(({ part }) => part![0]!.valueCode)
  const asked = { system: ILLNESS, code: 'C01.000' }

  test('gives the properties that are asked for, all of them where none or * is', async () => {
    const all = propertiesOf((await lookup(asked)).json)
    expect(all).toContain('replacedBy')
    expect(propertiesOf((await lookup({ ...asked, property: '*' })).json)).toEqual(all)
    const some = await lookup([
      ...Object.entries(asked),
      ['property', 'inactive'],
      ['property', 'replacedBy'],
      ['property', 'parent'],
    ])
    expect(propertiesOf(some.json)).toEqual(['inactive', 'replacedBy'])
    expect(byName(some.json)).toMatchObject({ display: '甲病', version: '2.0' })
  })

  test('takes displayLanguage, and says again code and system', async () => {
    const { status, json } = await lookup({ ...asked, displayLanguage: 'zh-CN' })
    expect(status).toBe(200)
    expect(byName(json)).toMatchObject({ code: 'C01.000', system: ILLNESS, abstract: false })
  })

  test('tells the code as the table writes it', async () => {
    expect(byName((await lookup({ system: ILLNESS, code: 'A01.X00' })).json).code).toBe('A01.x00')
  })

  test('refuses a supplement, by name', async () => {
    const { status, json } = await lookup({ ...asked, useSupplement: 'urn:x:supplement' })
    expect([status, json.issue[0].code]).toEqual([404, 'not-found'])
    expect(json.issue[0].details.text).toContain('urn:x:supplement')
  })

  test('passes an unknown parameter over only for who prefers lenient handling', async () => {
    const unknown = { ...asked, _lastUpdated: 'x' }
    expect((await lookup(unknown)).status).toBe(400)
    const headers = { prefer: 'return=minimal; handling=lenient' }
    expect((await lookup(unknown, { headers })).status).toBe(200)
    expect((await lookup(unknown, { headers: { prefer: 'handling=strict' } })).status).toBe(400)
    // What is known must still be right.
    expect((await lookup({ ...asked, date: 'x' }, { headers })).status).toBe(400)
  })
})

describe.each(['r4', 'r5'] as const)('$translate in %s', (release) => {
  const path = `/fhir/${release}/ConceptMap/$translate`
  const translate = (parameters: Record<string, string>) => door.get(path, parameters)
  const relation = release === 'r4' ? 'equivalence' : 'relationship'
  const partsOf = (json: { parameter: { name: string; part?: { name: string }[] }[] }) =>
    Object.fromEntries(
      json.parameter
        .find(({ name }) => name === 'match')!
        .part!.map((part) => [part.name, Object.values(part).find((value) => value !== part.name)]),
    )
  const R6 = { sourceSystem: HOSPITAL, targetSystem: ILLNESS, date: '2025-06-01' }

  test('takes the names of R6, and says which map and table were asked', async () => {
    const { status, json } = await translate({ ...R6, sourceCode: 'L1' })
    expect([status, byName(json).result]).toEqual([200, true])
    expect(partsOf(json)).toEqual({
      [relation]: 'equivalent',
      concept: { system: ILLNESS, version: '2.0', code: 'A01.000', display: '伤寒' },
      originMap: `${MAP}|2025`,
    })
    expect(byName(json)).toMatchObject({
      'used-conceptmap': `${MAP}|2025`,
      'used-system': `${ILLNESS}|2.0`,
    })
    const none = await translate({ ...R6, sourceCode: 'nonsense' })
    expect(byName(none.json)).toMatchObject({ result: false, 'used-conceptmap': `${MAP}|2025` })
    const byR4 = await translate({ ...R6, code: 'L1', url: MAP })
    expect(partsOf(byR4.json).concept).toMatchObject({ code: 'A01.000' })
  })

  test('backwards in the names of R6 repeats the target and names the source', async () => {
    const { json } = await translate({ ...R6, targetCode: 'B02.000' })
    expect(partsOf(json)).toEqual({
      [relation]: 'equivalent',
      concept: { system: ILLNESS, code: 'B02.000' },
      source: { system: HOSPITAL, code: 'A01.000', display: '带状疱疹' },
      originMap: `${MAP}|2025`,
    })
  })

  test('a CodeableConcept is translated by the codings that are ours', async () => {
    const name = release === 'r4' ? 'codeableConcept' : 'sourceCodeableConcept'
    const ask = (...coding: object[]) =>
      door.operate(path, [
        { name, valueCodeableConcept: { coding } },
        { name: 'date', valueDate: '2025-06-01' },
      ])
    const ours = { system: HOSPITAL, code: 'L1' }
    for (const other of [
      { system: 'http://loinc.org', code: '1-8' },
      { system: HOSPITAL },
      { code: 'L1' },
      { system: 'urn:zhijie:system:nobody', code: 'L1' },
    ]) {
      const { status, json } = await ask(other, ours)
      expect([status, byName(json).result]).toEqual([200, true])
      const alone = await ask(other)
      expect([alone.status, byName(alone.json).result]).toEqual([200, false])
      expect(byName(alone.json).message).toMatch(/\p{Script=Han}/u)
      // The reason is that of our own code, not that of the other.
      const unmapped = await ask(other, { system: HOSPITAL, code: 'nonsense' })
      expect(byName(unmapped.json).reason).toBe('not-mapped')
    }
  })
})

describe('$translate backwards in R5', () => {
  const translate = (parameters: Record<string, string>) =>
    door.get('/fhir/r5/ConceptMap/$translate', { date: '2025-06-01', ...parameters })
  const sourcesOf = (json: { parameter: { part?: { name: string; valueCoding?: { code: string } }[] }[] }) =>
    json.parameter.flatMap(({ part = [] }) => part.flatMap(({ valueCoding }) => valueCoding?.code ?? []))
  const wanted = ['L1', 'L3']

  test.each<[string, Record<string, string>]>([
    ['of the source beside targetSystem', { system: HOSPITAL, targetSystem: ILLNESS }],
    ['of the source beside targetScope', { system: HOSPITAL, targetScope: `${ILLNESS}?fhir_vs` }],
    ['of the source alone', { system: HOSPITAL }],
    ['of the target', { system: ILLNESS }],
  ])('understands system as that %s', async (_what, systems) => {
    const { status, json } = await translate({ targetCode: 'A01.000', ...systems })
    expect([status, sourcesOf(json).filter((code) => wanted.includes(code))]).toEqual([200, wanted])
  })

  test('says that a source is not known', async () => {
    const answer = await translate({ targetCode: 'A01.000', system: 'urn:zhijie:system:nobody' })
    expect(answer.status).toBe(404)
  })

  test('finds a code in whichever table the maps of the source lead to', async () => {
    const { json } = await translate({ targetCode: '001102000010000', system: HOSPITAL })
    expect(sourcesOf(json)).toEqual(['Z1'])
    expect((await translate({ targetCode: '001102000010000', targetSystem: TREATMENT })).status).toBe(200)
  })
})

describe.each(['r4', 'r5'] as const)('the resource that is named in the address, in %s', (release) => {
  const map = `/fhir/${release}/ConceptMap/H.to.illness.v2025/$translate`
  const names = release === 'r4' ? 'code' : 'sourceCode'

  test('is the map that translates', async () => {
    const { json } = await door.get(map, { [names]: 'L1', system: HOSPITAL })
    expect(byName(json).result).toBe(true)
    const other = await door.get(map, { [names]: 'L1', system: HOSPITAL, url: MAP })
    expect(other.status).toBe(400)
    expect((await door.get(map.replace('v2025', 'v9'), { [names]: 'L1', system: HOSPITAL })).status).toBe(404)
  })

  test('is the edition that judges and is expanded', async () => {
    const at = (type: string, name: string, parameters: Record<string, string>) =>
      door.get(`/fhir/${release}/${type}/illness.v1.0/${name}`, parameters)
    const judged = await at('CodeSystem', '$validate-code', { code: 'B01.000' })
    expect(byName(judged.json)).toMatchObject({ result: true, version: '1.0' })
    const inSet = await at('ValueSet', '$validate-code', { code: 'B02.000' })
    expect(byName(inSet.json)).toMatchObject({ result: false, version: '1.0' })
    expect((await at('ValueSet', '$expand', {})).json.expansion.total).toBe(2)
  })
})

describe.each(['r4', 'r5'])('a method that is not for an address of %s', (release) => {
  test.each([
    ['PUT', 'CodeSystem/$lookup', 'GET, HEAD, POST'],
    ['DELETE', 'CodeSystem/x', 'GET, HEAD'],
    ['DELETE', 'ConceptMap/x', 'GET, HEAD, PUT'],
    ['PUT', 'ConceptMap', 'GET, HEAD, POST'],
    ['PATCH', 'metadata', 'GET, HEAD'],
  ])('%s %s is answered with 405, an outcome and %s', async (method, path, allow) => {
    const { status, headers, json } = await door.ask(`/fhir/${release}/${path}`, { method })
    expect([status, headers.get('allow')]).toEqual([405, allow])
    expect(json).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'not-supported' }] })
    expect(json.issue[0].details.text).toContain(allow.replaceAll(', ', '、'))
  })

  test('an address that is none is 404 by any method', async () => {
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect((await door.ask(`/fhir/${release}/Patient/x`, { method })).status).toBe(404)
  })
})
