/** ConceptMaps handed in: through the importer's checks, onto the shelf as an edition that waits, and out again. */
import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openEditions } from '../../src/codes/editions/editions.ts'
import { loadCodes, loadImported } from '../../src/codes/load.ts'
import { loadRegistry } from '../../src/extension/registry.ts'
import { fhirRoutes } from '../../src/http/fhir/routes.ts'
import { createSystemNames } from '../../src/http/fhir/systems.ts'
import { on } from '../codes/fixture.ts'
import { offloadHere } from '../offload/support.ts'
import { served } from './codes-support.ts'
import { type Gateway, startGateway } from './rest-support.ts'

const sha = (key: string) => createHash('sha256').update(key).digest('hex')
const institutions = ['H34010490001']
let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway([
    { id: 'keeper', keySha256: sha('k'), role: 'bureau', maintainsCodes: true },
    { id: 'own-keeper', keySha256: sha('o'), institutions, maintainsCodes: true },
    { id: 'hospital', keySha256: sha('h'), institutions },
  ])
})
afterAll(() => gateway.close())

const KEEPER = { 'x-api-key': 'k' }
const SYSTEM = 'urn:zhijie:system:fhir-old'
const ID = 'fhir-old.to.diagnosis.v1'
const EFFECTIVE = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-ConceptMap.effectivePeriod'

const FROM = 'urn:zhijie:extension:from'
const UNTIL = 'urn:zhijie:extension:until'

/** A map of R4 with a row of each kind. */
const map = (element: object[], version = '1', start = '2026-02-01') => ({
  resourceType: 'ConceptMap',
  url: 'urn:zhijie:map:fhir-old:diagnosis',
  version,
  status: 'draft',
  extension: [{ url: EFFECTIVE, valuePeriod: { start } }],
  group: [{ source: SYSTEM, target: 'urn:zhijie:standard:diagnosis', element }],
})
const together = (group: number) => [
  { url: 'urn:zhijie:extension:together', valueBoolean: true },
  { url: 'urn:zhijie:extension:group', valueInteger: group },
]
const ROWS = [
  {
    code: 'A',
    display: '急性脑梗死',
    target: [{ code: 'I63.900', equivalence: 'wider', comment: '某文件' }],
  },
  { code: 'B', display: '肺炎', target: [{ code: 'J18.900', equivalence: 'narrower' }] },
  {
    code: 'C',
    display: '心衰合并肾衰',
    target: ['I50.900', 'N18.902'].map((code) => ({
      code,
      equivalence: 'relatedto',
      extension: together(1),
    })),
  },
  { code: 'D', display: '无', target: [{ equivalence: 'unmatched' }] },
  {
    code: 'G',
    display: '换码',
    target: [
      { code: 'I63.900', equivalence: 'equivalent', extension: [{ url: UNTIL, valueDate: '2026-07-01' }] },
      { code: 'J18.900', equivalence: 'equivalent', extension: [{ url: FROM, valueDate: '2026-07-01' }] },
    ],
  },
  { code: 'E, "F"', display: '引号与逗号', target: [{ code: 'I10.x00x002', equivalence: 'equivalent' }] },
]

const post = (body: unknown, release = 'r4', headers: Record<string, string> = KEEPER) =>
  gateway.post(`/fhir/${release}/ConceptMap`, body, headers)
const shelf = () => openEditions(gateway.directory)
const editions = () =>
  shelf()
    .read()
    .books.flatMap((book) => book.editions)

test('only the addresses about the doors themselves need no key, and none that merely ends like them', async () => {
  const status = async (path: string) => (await gateway.ask(path)).status
  for (const release of ['r4', 'r5']) {
    expect(await status(`/fhir/${release}/metadata`)).toBe(200)
    expect(await status(`/fhir/${release}/$versions`)).toBe(200)
    for (const path of ['CodeSystem/metadata', 'ConceptMap/metadata', 'OperationDefinition/metadata']) {
      expect(await status(`/fhir/${release}/${path}`), path).toBe(401)
    }
    // What is no address at all says so, with a key and without.
    for (const path of ['ValueSet/x/metadata', 'CodeSystem/$versions']) {
      expect(await status(`/fhir/${release}/${path}`), path).toBe(404)
    }
  }
})

describe('what is refused leaves the shelf as it was', () => {
  afterEach(() => expect(editions()).toEqual([]))

  test('a caller who may not', async () => {
    const { status, json } = await post(map(ROWS), 'r4', { 'x-api-key': 'h' })
    expect([status, json.issue[0].code]).toEqual([403, 'forbidden'])
    expect((await post(map(ROWS), 'r4', {})).status).toBe(401)
  })

  test.each<[string, string, object, number]>([
    [
      'a relation of R4 in R5',
      'r5',
      {
        ...map([{ code: 'A', target: [{ code: 'I63.900', relationship: 'wider' }] }]),
        effectivePeriod: { start: '2026-02-01' },
      },
      422,
    ],
    [
      'a relation of R5 in R4',
      'r4',
      map([{ code: 'A', target: [{ code: 'I63.900', equivalence: 'source-is-narrower-than-target' }] }]),
      422,
    ],
    ['no relation', 'r4', map([{ code: 'A', target: [{ code: 'I63.900' }] }]), 422],
    ['two decisions', 'r4', map([ROWS[3]!, { ...ROWS[0], code: 'D', display: '无' }]), 422],
    [
      'only targets that the table lacks',
      'r4',
      map([{ code: 'A', target: [{ code: 'Q99.999x999', equivalence: 'equal' }] }]),
      422,
    ],
    ['a line break in a code', 'r4', map([{ ...ROWS[0], code: 'A\nB' }]), 422],
    ['another resource', 'r4', { resourceType: 'ValueSet' }, 422],
    ['another address', 'r4', { ...map(ROWS), url: 'urn:x:y' }, 400],
    [
      'a rule for what is unmapped',
      'r4',
      { ...map(ROWS), group: [{ ...map(ROWS).group[0], unmapped: { mode: 'provided' } }] },
      400,
    ],
    ['a day that is none', 'r4', map(ROWS, '1', '2026-02-30'), 400],
    ['no day', 'r4', { ...map(ROWS), extension: [] }, 400],
    [
      'a source that is national',
      'r4',
      { ...map(ROWS), group: [{ ...map(ROWS).group[0], source: 'urn:zhijie:standard:drug' }] },
      400,
    ],
    [
      'a target that is unknown',
      'r4',
      {
        ...map(ROWS),
        url: 'urn:zhijie:map:fhir-old:nothing',
        group: [{ ...map(ROWS).group[0], target: 'urn:zhijie:standard:nothing' }],
      },
      400,
    ],
  ])('%s', async (_what, release, body, status) => {
    const answer = await post(body, release)
    expect([answer.status, answer.json.resourceType]).toEqual([status, 'OperationOutcome'])
  })

  const target = (more: object) => [
    { code: 'A', target: [{ code: 'I63.900', equivalence: 'equal', ...more }] },
  ]
  const inGroup = (more: object) => ({ ...map(ROWS), group: [{ ...map(ROWS).group[0], ...more }] })
  const r5 = (element: object[], more: object = {}) => {
    const { extension: _, ...whole } = map(element)
    return { ...whole, effectivePeriod: { start: '2026-02-01' }, ...more }
  }
  const r5Target = (more: object) =>
    r5([{ code: 'A', target: [{ code: 'I63.900', relationship: 'equivalent', ...more }] }])
  const sex = [{ property: 'sex', value: 'female' }]
  const sign = [{ url: 'http://x/y', valueBoolean: true }]

  test.each<[string, string, object]>([
    ['r4', 'ConceptMap.group[0].element[0].target[0].dependsOn', map(target({ dependsOn: sex }))],
    [
      'r5',
      'ConceptMap.group[0].element[0].target[0].dependsOn',
      r5Target({ dependsOn: [{ attribute: 'sex', valueString: 'F' }] }),
    ],
    ['r4', 'ConceptMap.group[0].element[0].target[0].product', map(target({ product: sex }))],
    [
      'r5',
      'ConceptMap.group[0].element[0].target[0].property',
      r5Target({ property: [{ code: 'x', valueString: 'y' }] }),
    ],
    ['r5', 'ConceptMap.property', r5([ROWS[3]!], { property: [{ code: 'x', type: 'string' }] })],
    [
      'r4',
      'ConceptMap.group[0].element[0].target[0].modifierExtension',
      map(target({ modifierExtension: sign })),
    ],
    [
      'r4',
      'ConceptMap.group[0].element[0].modifierExtension',
      map([{ ...ROWS[0], modifierExtension: sign }]),
    ],
    ['r4', 'ConceptMap.group[0].modifierExtension', inGroup({ modifierExtension: sign })],
    ['r4', 'ConceptMap.modifierExtension', { ...map(ROWS), modifierExtension: sign }],
    ['r4', 'ConceptMap.implicitRules', { ...map(ROWS), implicitRules: 'http://x/rules' }],
    ['r4', 'ConceptMap.useContext', { ...map(ROWS), useContext: [{ code: { code: 'gender' } }] }],
    ['r4', 'ConceptMap.status', { ...map(ROWS), status: 'retired' }],
    ['r4', 'ConceptMap.status', { ...map(ROWS), status: 'someday' }],
    ['r4', 'ConceptMap.status', { ...map(ROWS), status: undefined }],
    ['r4', 'ConceptMap.experimental', { ...map(ROWS), experimental: true }],
    ['r4', 'ConceptMap.meta.tag', { ...map(ROWS), meta: { tag: [{ code: 'SUBSETTED' }] } }],
    ['r4', 'ConceptMap.groups', { ...map(ROWS), groups: [{}] }],
    ['r4', 'ConceptMap.group', { ...map(ROWS), group: [...map(ROWS).group, ...map(ROWS).group] }],
    ['r4', 'ConceptMap.group[0].sourceVersion', inGroup({ sourceVersion: '7.0' })],
    ['r4', 'ConceptMap.group[0].source', inGroup({ source: `${SYSTEM}|7.0` })],
    ['r4', 'ConceptMap.group[0].target', inGroup({ targetVersion: '0.9' })],
    [
      'r5',
      'ConceptMap.group[0].target',
      r5([], { group: [{ source: SYSTEM, target: 'urn:zhijie:standard:diagnosis|0.9', element: [] }] }),
    ],
    [
      'r5',
      'ConceptMap.group[0].targetVersion',
      r5([], { group: [{ ...map([]).group[0], targetVersion: '2.0' }] }),
    ],
    ['r4', 'ConceptMap.sourceUri', { ...map(ROWS), sourceUri: 'http://x/women-only' }],
    ['r4', 'ConceptMap.group[0].element[0].valueSet', map([{ ...ROWS[0], valueSet: 'http://x' }])],
    ['r4', 'ConceptMap.group[0].element[0].noMap', map([{ code: 'A', noMap: true }])],
    [
      'r4',
      'ConceptMap.group[0].element[0].target[0].relationship',
      map(target({ relationship: 'equivalent' })),
    ],
    [
      'r5',
      'ConceptMap.effectivePeriod',
      r5([], { effectivePeriod: { start: '2026-02-01', end: '2026-01-31' } }),
    ],
    [
      'r4',
      'ConceptMap.group[0].element[0].target[0].extension[0]',
      map(target({ extension: [{ url: 'http://x/only-for-women', valueBoolean: true }] })),
    ],
    [
      'r4',
      'ConceptMap.group[0].element[0].target[0].extension[0]',
      map(target({ extension: [{ url: 'urn:zhijie:extension:together', valueString: 'true' }] })),
    ],
  ])('%s: %s is refused by its place', async (release, expression, body) => {
    const { status, json } = await post(body, release)
    expect([status, json.issue[0].expression]).toEqual([422, [expression]])
    expect(json.issue[0].details.text).toContain('没有写入任何内容')
  })

  test('a target beside one with our mark, and another place of the resource by its name', async () => {
    const [marked, other] = ROWS[2]!.target as object[]
    const { status, json } = await post(
      map([ROWS[0]!, { ...ROWS[2], target: [marked, { ...other, extension: [together(1)[1]] }] }]),
    )
    expect([status, json.issue[0].details.text]).toEqual([
      422,
      '“C”同一源编码的几个目标，有的注明合并使用，有的没有：ConceptMap.group[0].element[1]',
    ])
  })

  test('a refusal of a relation tells the words of its release', async () => {
    const { json } = await post(map(target({ equivalence: 'disjoint' })))
    expect(json.issue[0].details.text).toContain('可用：equivalent、equal、wider、subsumes、narrower')
    const other = await post(r5Target({ relationship: 'not-related-to' }), 'r5')
    expect(other.json.issue[0].details.text).toContain('可用：equivalent、source-is-narrower-than-target')
  })

  test('every refused row by its place', async () => {
    const bad = { code: 'Z', target: [{ code: 'I63.900', equivalence: 'disjoint' }] }
    const { json } = await post(map([...ROWS, bad]))
    expect(json.issue).toMatchObject([
      {
        severity: 'error',
        expression: ['ConceptMap.group[0].element[6]'],
        details: { text: expect.stringContaining('disjoint') },
      },
    ])
  })

  test('10 MB, and what is no JSON', async () => {
    expect((await post('x'.repeat(10 * 1024 * 1024))).status).toBe(413)
    expect((await post('{')).status).toBe(400)
    expect((await post(map(ROWS), 'r4', { ...KEEPER, 'content-type': 'text/plain' })).status).toBe(415)
  })

  test('a map from a code system that is no institution’s of the hospital that hands it in', async () => {
    const own = { 'x-api-key': 'o' }
    const { status, json } = await post(map(ROWS), 'r4', own)
    expect([status, json.issue[0].code]).toEqual([403, 'forbidden'])
    const [group] = map(ROWS).group
    const source = `urn:zhijie:system:${institutions[0]}`
    expect((await post({ ...map(ROWS), group: [{ ...group, source }] }, 'r4', own)).status).not.toBe(403)
  })

  test('an id that is another one', async () => {
    const init = {
      method: 'PUT',
      body: JSON.stringify(map(ROWS)),
      headers: { ...KEEPER, 'content-type': 'application/fhir+json' },
    }
    expect((await gateway.ask('/fhir/r4/ConceptMap/another', init)).status).toBe(400)
  })
})

/** The doors over what is on the shelf now. */
async function openShelved() {
  const registry = await loadRegistry()
  const codesNow = () => loadCodes(registry, loadImported(gateway.directory))
  const door = await served(
    fhirRoutes({
      codes: { current: codesNow },
      today: () => on('2026-06-01'),
      callers: { identify: () => ({ id: 'test', institutions: 'any' }) },
      ready: () => true,
      offload: offloadHere(null, codesNow),
      names: createSystemNames({ standards: {}, systems: {} }),
      importer: { take: () => Promise.reject(new Error('nothing is imported here')) },
      fault: (cause) => {
        throw cause
      },
    }),
  )
  return { door, codesNow }
}

describe('a map that is taken', () => {
  test('waits for its review: it is on the shelf, and not in use', async () => {
    const { status, headers, json } = await post(map(ROWS))
    expect([status, json.issue?.[0].details.text]).toEqual([
      201,
      '已接收1版，共6个源编码；待复核并发布后使用',
    ])
    expect(headers.get('location')).toMatch(new RegExp(`/fhir/r4/ConceptMap/${ID}$`))
    expect(editions()).toMatchObject([
      {
        version: '1',
        from: '2026-02-01',
        state: 'maintained',
        maker: 'keeper',
        rows: 7,
        source: { grade: 'not verified' },
      },
    ])
    const asked = await gateway.ask(`/fhir/r4/ConceptMap/$translate?code=A&system=${SYSTEM}`, {
      headers: KEEPER,
    })
    expect(asked.status).toBe(404)
  })

  test('tells what several targets without a mark are, and that it names the edition it is checked against', async () => {
    const two = ['I63.900', 'J18.900'].map((code) => ({ code, equivalence: 'equivalent' }))
    const body = {
      ...map([{ code: 'S', display: '男女', target: two }], 'several', '2026-01-15'),
      status: 'active',
    }
    const group = body.group[0]
    const refused = await post({ ...body, group: [{ ...group, targetVersion: '1.0' }] })
    const [, edition] = /而2026-01-15起用的是医保疾病诊断(.+?)版/.exec(refused.json.issue[0].details.text)!
    const { status, json } = await post({ ...body, group: [{ ...group, targetVersion: edition }] })
    expect(status).toBe(201)
    const told = json.issue.map((issue: { details: { text: string } }) => issue.details.text)
    expect(told).toEqual(
      expect.arrayContaining([
        expect.stringContaining(`目标按医保疾病诊断${edition}版`),
        '一个源编码有多个可选目标且未分先后，选定之前结算时拒绝：1处',
      ]),
    )
    const of = { system: 'fhir-old', standard: 'diagnosis', version: 'several' }
    shelf().mark(of, { state: 'published', by: '乙' })
    const codes = loadCodes(await loadRegistry(), loadImported(gateway.directory))
    const given = { system: 'fhir-old', code: 'S' }
    expect(codes.resolve('diagnosis', given, on('2026-01-20'))).toMatchObject({
      ok: false,
      reason: 'several',
    })
  })

  test('begins on the day that it is in Shanghai, and what waits for its review is told as that', async () => {
    const undecided = {
      code: 'N',
      extension: [{ url: 'urn:zhijie:extension:no-target', valueCode: 'needs-review' }],
    }
    const { status, json } = await post(map([ROWS[0]!, undecided], 'offset', '2026-05-31T16:00:00Z'))
    expect(status).toBe(201)
    const told = json.issue.map((issue: { details: { text: string } }) => issue.details.text)
    expect(told).toContain('文件注明待复核：1处')
    expect(editions().find(({ version }) => version === 'offset')?.from).toBe('2026-06-01')
  })

  test('is never changed by a second one of its version', async () => {
    const init = {
      method: 'PUT',
      body: JSON.stringify(map(ROWS)),
      headers: { ...KEEPER, 'content-type': 'application/fhir+json' },
    }
    const again = await gateway.ask(`/fhir/r4/ConceptMap/${ID}`, init)
    expect([again.status, again.json.issue[0].details.text]).toEqual([
      422,
      expect.stringMatching(/^fhir-old到医保疾病诊断的对照表已有1版.*不再更改/),
    ])
    expect(again.json.issue[0].details.text).not.toContain('--')
    expect(editions()).toHaveLength(3)
  })

  test('goes round: out in each release and in again it is the same', async () => {
    const of = { system: 'fhir-old', standard: 'diagnosis' }
    shelf().mark({ ...of, version: '1' }, { state: 'published', by: '乙' })
    const { door, codesNow } = await openShelved()
    const days = { r4: '2026-03-01', r5: '2026-04-01' } as const
    for (const release of ['r4', 'r5'] as const) {
      const { json } = await door.ask(`/fhir/${release}/ConceptMap/${ID}`)
      expect(json.status).toBe('draft')
      const day = days[release]
      const { status, text } = await gateway.post(
        `/fhir/${release}/ConceptMap?effective=${day}`,
        { ...json, version: release },
        KEEPER,
      )
      expect([status, text]).toEqual([201, expect.any(String)])
      shelf().mark({ ...of, version: release }, { state: 'published', by: '乙' })
    }
    door.close()
    const codes = codesNow()
    const answers = ['2026-02-15', days.r4, days.r5].map((day) =>
      ROWS.map(({ code }) => {
        const { map: used, ...answer } = codes.translate('fhir-old', 'diagnosis', code, on(day))
        return answer
      }),
    )
    const later = codes.translate('fhir-old', 'diagnosis', 'G', on('2026-08-01'))
    expect(later.targets.map((one) => one.code)).toEqual(['J18.900'])
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
    expect(answers[0]).toMatchObject([
      { targets: [{ code: 'I63.900', relation: 'narrower', provenance: '某文件' }] },
      { targets: [{ code: 'J18.900', relation: 'broader' }] },
      {
        targets: [
          { code: 'I50.900', together: true },
          { code: 'N18.902', together: true },
        ],
      },
      { reason: 'not-in-national-table' },
      { targets: [{ code: 'I63.900' }] },
      { targets: [{ code: 'I10.x00x002', relation: 'equivalent' }] },
    ])
  })
})

describe('what a map says of itself is told again', () => {
  const of = { system: 'fhir-said', standard: 'diagnosis', version: '1' }
  const undecided = [{ url: 'urn:zhijie:extension:no-target', valueCode: 'needs-review' }]
  const said = (status: string) => ({
    ...map([]),
    url: 'urn:zhijie:map:fhir-said:diagnosis',
    status,
    group: [
      {
        source: 'urn:zhijie:system:fhir-said',
        target: 'urn:zhijie:standard:diagnosis',
        element: [
          ROWS[1],
          { code: 'N', display: '待定', target: [{ equivalence: 'unmatched', extension: undecided }] },
          ROWS[3],
        ],
      },
    ],
  })

  test('a status that FHIR has not is refused', async () => {
    expect((await post(said('published'))).status).toBe(422)
  })

  test('status; what is undecided is neither noMap nor unmatched; what loses detail has a comment', async () => {
    const { status, text } = await post(said('draft'))
    expect([status, text]).toEqual([201, expect.any(String)])
    shelf().mark(of, { state: 'published', by: '乙' })
    const { door } = await openShelved()
    for (const release of ['r4', 'r5']) {
      const { json } = await door.ask(`/fhir/${release}/ConceptMap/fhir-said.to.diagnosis.v1`)
      expect(json.status).toBe('draft')
      const byCode = Object.fromEntries(json.group[0].element.map((one: { code: string }) => [one.code, one]))
      expect(byCode.N).toEqual({ code: 'N', display: '待定', extension: undecided })
      const decided = release === 'r4' ? { target: [{ equivalence: 'unmatched' }] } : { noMap: true }
      expect(byCode.D).toMatchObject(decided)
      expect(byCode.B.target[0].comment).toMatch(/\p{Script=Han}/u)
      // And in again: a mark that nothing is decided is not lost.
      const day = `2026-0${release === 'r4' ? 3 : 4}-01`
      const again = await gateway.post(
        `/fhir/${release}/ConceptMap?effective=${day}`,
        { ...json, version: release },
        KEEPER,
      )
      expect([again.status, again.text]).toEqual([201, expect.stringContaining('共3个源编码')])
      const found = await door.ask(`/fhir/${release}/ConceptMap?status=draft`)
      const ids = found.json.entry.map((one: { resource: { id: string } }) => one.resource.id)
      expect(ids).toContain('fhir-said.to.diagnosis.v1')
      expect(ids.length).toBe(found.json.total)
    }
    door.close()
  })
})
