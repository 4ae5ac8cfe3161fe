/** `$validate-code`: what cannot be used or known is an answer with issues, never an error. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { illness, treatment } from '../codes/fixture.ts'
import { byName, HOSPITAL, ILLNESS, issuesOf, openFhir, TREATMENT } from './fhir-support.ts'

const heading = {
  ...illness,
  id: 'headed',
  editions: [{ ...illness.editions[1]!, entries: [{ code: 'A01.000', name: '伤寒', heading: true }] }],
}
const HEADED = 'urn:zhijie:standard:headed'
let door: Awaited<ReturnType<typeof openFhir>>
beforeAll(async () => {
  door = await openFhir({
    codebooks: [illness, treatment, heading],
    standards: { illness: 'https://codes.test/illness' },
  })
})
afterAll(() => door.close())

const validate = (parameters: Record<string, string>, release = 'r4') =>
  door.get(`/fhir/${release}/CodeSystem/$validate-code`, parameters)
const operate = (parameter: object[], release = 'r4') =>
  door.operate(`/fhir/${release}/CodeSystem/$validate-code`, parameter)
const coding = (one: object) => [{ name: 'coding', valueCoding: one }]
const concept = (...codings: object[]) => [
  { name: 'codeableConcept', valueCodeableConcept: { coding: codings } },
]

describe.each(['r4', 'r5'])('$validate-code in %s', (release) => {
  test.each<[string, Record<string, string>, string[]]>([
    ['an unknown code', { url: ILLNESS, code: 'Z99.000' }, ['error code-invalid invalid-code code']],
    [
      'a code that has not the form',
      { url: ILLNESS, code: 'freetext' },
      ['error code-invalid invalid-code code', 'information code-invalid invalid-code code'],
    ],
    ['an unknown system', { url: 'urn:x:y', code: 'A01.000' }, ['error not-found not-found system']],
    ['a local system', { url: HOSPITAL, code: 'L1' }, ['error not-found not-found system']],
    [
      'an unknown version',
      { url: ILLNESS, code: 'A01.000', version: '7' },
      ['error not-found not-found system'],
    ],
    ['no system', { code: 'A01.000' }, ['warning invalid invalid-data code']],
    [
      'another display',
      { url: ILLNESS, code: 'A01.000', display: '副伤寒' },
      ['error invalid invalid-display display'],
    ],
    ['a retired code', { url: ILLNESS, code: 'C01.000' }, ['error business-rule code-rule code']],
    [
      'a code that went with an edition',
      { url: ILLNESS, code: 'B01.000' },
      ['error business-rule code-rule code'],
    ],
    ['a grey code', { url: ILLNESS, code: 'D01.000' }, ['error business-rule code-rule code']],
    ['a heading', { url: HEADED, code: 'A01.000' }, ['error business-rule code-rule code']],
    [
      'a day before the first edition',
      { url: ILLNESS, code: 'A01.000', date: '2019-01-01' },
      ['error business-rule not-found system'],
    ],
    [
      'a version of another day',
      { url: ILLNESS, code: 'A01.000', version: '1.0', date: '2025-01-01' },
      ['error business-rule not-found system'],
    ],
    ['a code in another case', { url: ILLNESS, code: 'A01.X00' }, ['error code-invalid invalid-code code']],
  ])('%s is 200, no, with a message and issues', async (_what, parameters, issues) => {
    const { status, json } = await validate(parameters, release)
    expect([status, byName(json).result, issuesOf(json)]).toEqual([200, false, issues])
    expect(byName(json).message).toMatch(/\p{Script=Han}/u)
  })

  test('says again what was asked, and which version judged it', async () => {
    expect(byName((await validate({ url: ILLNESS, code: 'Z99.000' }, release)).json)).toMatchObject({
      code: 'Z99.000',
      system: ILLNESS,
      version: '2.0',
    })
    const unknown = byName((await validate({ url: ILLNESS, code: 'A01.000', version: '7' }, release)).json)
    expect(unknown).toMatchObject({ version: '7', 'x-caused-by-unknown-system': `${ILLNESS}|7` })
    const foreign = byName((await validate({ url: 'urn:x:y', code: 'A' }, release)).json)
    expect(foreign).toMatchObject({ system: 'urn:x:y', 'x-caused-by-unknown-system': 'urn:x:y' })
  })

  test('a code that may not be used tells how it stands, a good one does not', async () => {
    const retired = byName((await validate({ url: ILLNESS, code: 'C01.000' }, release)).json)
    expect(retired).toMatchObject({ inactive: true, status: 'retired', display: '甲病' })
    const headed = byName((await validate({ url: HEADED, code: 'A01.000' }, release)).json)
    expect([headed.status, headed.inactive]).toEqual(['heading', undefined])
    const abstract = await validate({ url: HEADED, code: 'A01.000', abstract: 'true' }, release)
    expect(byName(abstract.json).result).toBe(true)
    expect(Object.keys(byName((await validate({ url: ILLNESS, code: 'A01.000' }, release)).json))).toEqual([
      'result',
      'display',
      'code',
      'system',
      'version',
    ])
  })

  test('a code in another case is told its right form', async () => {
    const { json } = await validate({ url: ILLNESS, code: 'A01.X00' }, release)
    expect(byName(json).message).toContain('A01.x00')
  })

  test('a name of another edition is a warning', async () => {
    const { json } = await validate({ url: ILLNESS, code: 'A01.000', display: '伤寒旧名' }, release)
    expect([byName(json).result, byName(json).display]).toEqual([true, '伤寒'])
    expect(issuesOf(json)).toEqual(['warning invalid display-comment display'])
  })

  test('the part that a place has added is said not to be checked', async () => {
    const code = '001102000010000-1102'
    const { json } = await validate({ url: TREATMENT, code }, release)
    expect([byName(json).result, byName(json).code]).toEqual([true, code])
    expect(issuesOf(json)).toEqual(['information informational process-note code'])
  })

  test('issues have the places of a coding, and the names of HL7’s messages', async () => {
    const { json } = await operate(coding({ system: ILLNESS, code: 'A01.000', display: '水痘' }), release)
    expect(byName(json).issues.issue).toEqual([
      {
        extension: [
          {
            url: 'http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id',
            valueString: 'Display_Name_for__should_be_one_of__instead_of',
          },
        ],
        severity: 'error',
        code: 'invalid',
        details: {
          coding: [{ system: 'http://hl7.org/fhir/tools/CodeSystem/tx-issue-type', code: 'invalid-display' }],
          text: expect.stringContaining('伤寒'),
        },
        location: ['Coding.display'],
        expression: ['Coding.display'],
      },
    ])
  })

  test('a CodeableConcept is good by one coding, whatever the others are', async () => {
    const good = { system: ILLNESS, code: 'A01.000' }
    for (const other of [
      { system: 'http://loinc.org', code: '1-8' },
      { system: ILLNESS },
      { code: 'A01.000' },
      { system: ILLNESS, code: 'Z99.000' },
      { system: ILLNESS, code: 'C01.000' },
    ]) {
      const { status, json } = await operate(concept(other, good), release)
      expect([status, byName(json).result, byName(json).code]).toEqual([200, true, 'A01.000'])
      expect(byName(json).message).toBeUndefined()
      expect(byName(json).codeableConcept).toEqual({ coding: [other, good] })
      expect(issuesOf(json)).toHaveLength(1)
      expect(issuesOf(json)[0]).toMatch(/^warning .*CodeableConcept\.coding\[0\]/)
    }
  })

  test('a CodeableConcept without a usable coding is no, and none of its codings is told as the one', async () => {
    const { json } = await operate(concept({ system: ILLNESS, code: 'Z99.000' }), release)
    expect(byName(json)).toMatchObject({ result: false, codeableConcept: { coding: [{ code: 'Z99.000' }] } })
    expect(byName(json).code).toBeUndefined()
    expect(issuesOf(json)).toEqual(['error code-invalid invalid-code CodeableConcept.coding[0].code'])
    const none = await operate([{ name: 'codeableConcept', valueCodeableConcept: { text: '伤寒' } }], release)
    expect([none.status, byName(none.json).result]).toEqual([200, false])
    const foreign = await operate(concept({ system: 'http://loinc.org', code: '1-8' }), release)
    expect([foreign.status, byName(foreign.json).result]).toEqual([200, false])
  })

  test('a coding of another system than the one that is asked does not spoil the concept', async () => {
    const asked = [
      { name: 'url', valueUri: ILLNESS },
      ...concept({ system: TREATMENT, code: 'A01.000' }, { system: ILLNESS, code: 'A01.000' }),
    ]
    const { status, json } = await operate(asked, release)
    expect([status, byName(json).result]).toEqual([200, true])
  })

  test('the address of the deployment and ours are one system', async () => {
    const asked = [
      { name: 'url', valueUri: ILLNESS },
      ...coding({ system: 'https://codes.test/illness', code: 'A01.000' }),
    ]
    expect(byName((await operate(asked, release)).json).result).toBe(true)
  })

  test('a version for codes without one is that of system-version', async () => {
    const asked = { url: ILLNESS, code: 'A01.000', 'system-version': `${ILLNESS}|1.0` }
    expect(byName((await validate(asked, release)).json)).toMatchObject({
      display: '伤寒旧名',
      version: '1.0',
    })
    const own = byName((await validate({ ...asked, version: '2.0' }, release)).json)
    expect(own.version).toBe('2.0')
    expect(byName((await validate({ url: `${ILLNESS}|1.0`, code: 'A01.000' }, release)).json).version).toBe(
      '1.0',
    )
  })

  test('a supplement is never passed over', async () => {
    const answer = await validate({ url: ILLNESS, code: 'A01.000', useSupplement: 'urn:x:s' }, release)
    expect([answer.status, answer.json.issue[0].code]).toEqual([404, 'not-found'])
  })

  test.each<[string, object[]]>([
    ['nothing', []],
    ['two ways', [...coding({ system: ILLNESS, code: 'A01.000' }), { name: 'code', valueCode: 'A01.000' }]],
    [
      'a coding of another system than url',
      [...coding({ system: ILLNESS, code: 'A01.000' }), { name: 'url', valueUri: TREATMENT }],
    ],
  ])('%s is 400', async (_what, parameter) => {
    expect((await operate(parameter, release)).status).toBe(400)
  })
})
