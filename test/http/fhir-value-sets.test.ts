/** The value set of all codes of a table: expanded by pages and filters, and a code judged against it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { illness, on, treatment } from '../codes/fixture.ts'
import { byName, ILLNESS, issuesOf, openFhir, TREATMENT } from './fhir-support.ts'

/** More rows than one answer holds, and than one piece of the work. */
const MANY = Array.from({ length: 1203 }, (_, index) => ({
  code: `M${String(index).padStart(2, '0').slice(-2)}.${String(index).padStart(4, '0').slice(0, 3)}`,
  name: `病${index}`,
}))
const large = {
  ...illness,
  id: 'large',
  shape: null,
  editions: [{ ...illness.editions[0]!, entries: [...new Map(MANY.map((one) => [one.code, one])).values()] }],
}
const ROWS = large.editions[0]!.entries.length
const LARGE = 'urn:zhijie:standard:large'
const headed = {
  ...illness,
  id: 'headed',
  editions: [{ ...illness.editions[1]!, entries: [{ code: 'A01.000', name: '类目', heading: true }] }],
}

/** A code whose name changed within one edition. */
const renamed = {
  ...illness,
  id: 'renamed',
  editions: [
    {
      ...illness.editions[0]!,
      entries: [
        { code: 'A01.000', name: '旧名', until: on('2026-01-01') },
        { code: 'A01.000', name: '新名', from: on('2026-01-01') },
      ],
    },
  ],
}
const RENAMED = 'urn:zhijie:standard:renamed'

let door: Awaited<ReturnType<typeof openFhir>>
beforeAll(async () => {
  door = await openFhir({ codebooks: [illness, treatment, large, headed, renamed] })
})
afterAll(() => door.close())

// biome-ignore lint/suspicious/noExplicitAny: what is answered is what the test looks at
type Json = any
const codesOf = ({ expansion }: Json): string[] => expansion.contains.map(({ code }: Json) => code)

describe.each(['r4', 'r5'])('$expand in %s', (release) => {
  const path = `/fhir/${release}/ValueSet/$expand`
  const expand = (parameters: Record<string, string>) =>
    door.get(path, { url: `${ILLNESS}?fhir_vs`, ...parameters })

  test('seeks a name among those of the day, where a code had another before', async () => {
    const found = async (filter: string, date: string) =>
      (await expand({ url: `${RENAMED}?fhir_vs`, filter, date })).json.expansion.contains.map(
        ({ display }: Json) => display,
      )
    expect(await found('新名', '2026-01-01')).toEqual(['新名'])
    expect(await found('旧名', '2026-01-01')).toEqual([])
    expect(await found('旧名', '2025-12-31')).toEqual(['旧名'])
  })

  test('a name of other days of the same edition is a warning, before and after', async () => {
    const asked = async (display: string, date: string) => {
      const code = { url: RENAMED, code: 'A01.000', display, date }
      const { json } = await door.get(`/fhir/${release}/CodeSystem/$validate-code`, code)
      return [byName(json).result, byName(json).display, ...issuesOf(json)]
    }
    const warning = 'warning invalid display-comment display'
    expect(await asked('旧名', '2026-01-01')).toEqual([true, '新名', warning])
    expect(await asked('新名', '2025-12-31')).toEqual([true, '旧名', warning])
    expect(await asked('别名', '2025-12-31')).toEqual([
      false,
      '旧名',
      'error invalid invalid-display display',
    ])
  })

  test('gives every code of the edition in force, with how it stands', async () => {
    const { status, json } = await expand({})
    expect(status).toBe(200)
    expect(json).toMatchObject({
      resourceType: 'ValueSet',
      url: `${ILLNESS}?fhir_vs`,
      version: '2.0',
      status: 'active',
      expansion: { total: 9, offset: 0 },
    })
    expect(json.expansion.contains).toContainEqual({
      system: ILLNESS,
      version: '2.0',
      code: 'A01.000',
      display: '伤寒',
    })
    const inactive = json.expansion.contains.filter((one: Json) => one.inactive)
    expect(inactive.map(({ code }: Json) => code)).toEqual(['C01.000', 'D01.000'])
    const heading = await expand({ url: 'urn:zhijie:standard:headed?fhir_vs' })
    expect(heading.json.expansion.contains[0].abstract).toBe(true)
  })

  test('leaves out what may not be used where activeOnly is', async () => {
    const { json } = await expand({ activeOnly: 'true' })
    expect([json.expansion.total, codesOf(json)]).toEqual([7, expect.not.arrayContaining(['C01.000'])])
  })

  test('filters by the begin of a code and by the words of a name', async () => {
    expect(codesOf((await expand({ filter: 'a01.0' })).json)).toEqual(['A01.000', 'A01.009', 'A01.010'])
    expect(codesOf((await expand({ filter: '伤寒 型' })).json)).toEqual(['A01.009', 'A01.010'])
    expect(codesOf((await expand({ filter: '没有' })).json)).toEqual([])
  })

  test('pages lead through everything once', async () => {
    const url = `${LARGE}?fhir_vs`
    const seen: string[] = []
    for (let offset = 0; offset < ROWS; offset += 500) {
      const { json } = await expand({ url, count: '500', offset: String(offset) })
      expect([json.expansion.total, json.expansion.offset]).toEqual([ROWS, offset])
      seen.push(...codesOf(json))
    }
    expect([seen.length, new Set(seen).size]).toEqual([ROWS, ROWS])
    const count = await expand({ url, count: '0' })
    expect([count.json.expansion.total, codesOf(count.json)]).toEqual([ROWS, []])
    expect(codesOf((await expand({ url, count: '10', offset: '9999' })).json)).toEqual([])
  })

  test('more than one answer holds is too costly unless pages are asked for', async () => {
    const { status, json } = await expand({ url: `${LARGE}?fhir_vs` })
    expect([status, json.issue[0].code]).toEqual([422, 'too-costly'])
    expect(json.issue[0].details.text).toMatch(/count.*offset/)
  })

  test('is of a day or of a version', async () => {
    const names = (json: Json) => json.expansion.contains.map(({ display }: Json) => display)
    expect(names((await expand({ date: '2021-06-01' })).json)).toEqual(['伤寒旧名', '水痘'])
    expect(names((await expand({ valueSetVersion: '1.0' })).json)).toEqual(['伤寒旧名', '水痘'])
    expect(names((await expand({ url: `${ILLNESS}?fhir_vs|1.0` })).json)).toEqual(['伤寒旧名', '水痘'])
    expect(names((await expand({ 'system-version': `${ILLNESS}|1.0` })).json)).toEqual(['伤寒旧名', '水痘'])
    expect((await expand({ valueSetVersion: '9' })).status).toBe(404)
  })

  test('says which parameters were used', async () => {
    const { json } = await expand({ filter: '伤寒', count: '2' })
    const used = Object.fromEntries(
      json.expansion.parameter.map((one: Json) => [one.name, Object.values(one)[1]]),
    )
    expect(used).toMatchObject({ filter: '伤寒', count: 2, 'used-codesystem': `${ILLNESS}|2.0` })
  })

  test.each<[string, Record<string, string>, number]>([
    ['no such value set', { url: 'urn:x:y' }, 404],
    ['the address of the code system', { url: ILLNESS }, 404],
    ['an unknown parameter', { exclude: 'x' }, 400],
    ['a count that is none', { count: '-1' }, 400],
    ['a supplement', { useSupplement: 'urn:x:s' }, 404],
  ])('%s is an error', async (_what, parameters, status) => {
    const answer = await expand(parameters)
    expect([answer.status, answer.json.resourceType]).toEqual([status, 'OperationOutcome'])
  })

  test('takes Parameters', async () => {
    const { json } = await door.operate(path, [
      { name: 'url', valueUri: `${ILLNESS}?fhir_vs` },
      { name: 'filter', valueString: 'A01' },
      { name: 'count', valueInteger: 2 },
      { name: 'offset', valueInteger: 1 },
      { name: 'activeOnly', valueBoolean: true },
    ])
    expect([json.expansion.total, codesOf(json)]).toEqual([4, ['A01.009', 'A01.010']])
  })
})

describe.each(['r4', 'r5'])('$validate-code of a value set in %s', (release) => {
  const path = `/fhir/${release}/ValueSet/$validate-code`
  const validate = (parameters: Record<string, string>) =>
    door.get(path, { url: `${ILLNESS}?fhir_vs`, ...parameters })

  test('judges as the code system does', async () => {
    const yes = await validate({ code: 'A01.000', system: ILLNESS, display: '伤寒' })
    expect(byName(yes.json)).toMatchObject({ result: true, system: ILLNESS, version: '2.0' })
    expect(byName((await validate({ code: 'A01.000', inferSystem: 'true' })).json).result).toBe(true)
    const no = await validate({ code: 'C01.000', system: ILLNESS })
    expect(byName(no.json)).toMatchObject({ result: false, inactive: true, status: 'retired' })
    const old = await validate({ code: 'B01.000', system: ILLNESS, systemVersion: '1.0' })
    expect(byName(old.json).result).toBe(true)
  })

  test('a code of another system is not in it', async () => {
    const { status, json } = await validate({ code: '001102000010000', system: TREATMENT })
    expect([status, byName(json).result]).toEqual([200, false])
    expect(issuesOf(json)).toEqual(['error code-invalid not-in-vs code'])
  })

  test('a CodeableConcept by one coding', async () => {
    const { json } = await door.operate(path, [
      { name: 'url', valueUri: `${ILLNESS}?fhir_vs` },
      {
        name: 'codeableConcept',
        valueCodeableConcept: {
          coding: [
            { system: 'http://loinc.org', code: '1-8' },
            { system: ILLNESS, code: 'A01.000' },
          ],
        },
      },
    ])
    expect(byName(json).result).toBe(true)
  })

  test('without a value set that is known there is no answer', async () => {
    expect((await validate({ url: 'urn:x:y', code: 'A01.000' })).status).toBe(404)
    expect((await door.get(path, { code: 'A01.000' })).status).toBe(400)
  })
})
