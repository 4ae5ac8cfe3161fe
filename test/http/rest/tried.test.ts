/** Every example of `/docs`, pressed from top to bottom as a reader would, is answered as the document says. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, createApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { createLog } from '../../../src/log.ts'
import { systemClock, systemRandom } from '../../../src/ports.ts'
import { itemOf, levelOf, samplesOf } from '../../../src/simulator/attributes.ts'
import { type Platform, startPlatform } from '../../../src/simulator/platform.ts'
import { createNetwork } from '../../../src/transport/network.ts'

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly example?: string
  readonly examples?: Record<string, { value: string }>
  readonly schema: { example?: string }
}
interface Media {
  readonly example?: unknown
  readonly examples?: Record<string, { value: unknown }>
  readonly schema?: { readonly properties?: Record<string, { example?: string }> }
}
interface Operation {
  readonly operationId?: string
  readonly tags?: string[]
  readonly summary: string
  readonly parameters?: Parameter[]
  readonly requestBody?: { content: Record<string, Media> }
  readonly responses: Record<string, unknown>
}
interface Place {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}
interface Pressed {
  readonly status: number
  readonly text: string
  readonly replayed: boolean
}

const dataDir = mkdtempSync(join(tmpdir(), 'zhijie-tried-'))
/** As `npm start` brings them up, in this process. */
const platforms: Platform[] = []
let app: App
let server: Server
let url: string
let places: Place[]
/** The transactions of the catalogue. */
let transactions: Place[]
let tags: string[]

beforeAll(async () => {
  const common = { dataDir, port: 0, itemOf, levelOf, samplesOf, engineDelay: { fromMs: 0, toMs: 0 } }
  const provinces: Record<string, string> = {}
  for (const platform of ['340000', '440000', '620000']) {
    const started = await startPlatform({ ...common, platform })
    platforms.push(started)
    provinces[platform] = started.url
  }
  const national = await startPlatform({ ...common, platform: 'national', provinces })
  platforms.push(national)
  app = await createApp({
    config: readConfig({ ZHIJIE_DATA: dataDir }),
    clock: systemClock,
    random: systemRandom,
    network: createNetwork(),
    addresses: { national: national.url, ...provinces },
    log: createLog('silent', { write: () => {} }),
  })
  server = createServer((request, response) => void app.listener(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>
    tags: { name: string }[]
  }
  tags = document.tags.map(({ name }) => name)
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )
  const isTransaction = ({ operation }: Place) => operation.tags?.[0]?.startsWith('REST：') ?? false
  places = all.filter((one) => !isTransaction(one))
  transactions = all.filter(isTransaction)
})

afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await app.close()
  for (const platform of platforms) await platform.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** What a parameter is filled with: by the example of that name, else its only one; undefined where it has none. */
function exampleOf(parameter: Parameter, name: string): string | undefined {
  const { example, examples, schema } = parameter
  return examples?.[name]?.value ?? Object.values(examples ?? {})[0]?.value ?? example ?? schema.example
}

function bodyOf(operation: Operation, name: string): { type: string; value: unknown } | null {
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  if (!type || !media) return null
  return { type, value: media.examples ? media.examples[name]?.value : media.example }
}

const namesOf = ({ operation }: Place) =>
  Object.keys(Object.values(operation.requestBody?.content ?? {})[0]?.examples ?? { only: 1 })

/** Presses an example; what only an earlier answer gives is taken from `known`. */
async function press(
  { method, path, operation }: Place,
  name: string,
  known: Record<string, string> = {},
): Promise<Pressed> {
  const headers: Record<string, string> = {}
  const query = new URLSearchParams()
  let address = path
  for (const parameter of operation.parameters ?? []) {
    const value = (parameter.in === 'path' && known[parameter.name]) || exampleOf(parameter, name)
    if (parameter.in === 'path') {
      expect(value, `${path}: ${parameter.name}`).toBeTruthy()
      address = address.replace(`{${parameter.name}}`, encodeURIComponent(value!))
    } else if (parameter.in === 'query' && value) query.set(parameter.name, value)
    else if (parameter.in === 'header' && value) headers[parameter.name] = value
  }
  const body = bodyOf(operation, name)
  let sent: string | undefined
  if (body) {
    headers['content-type'] = body.type
    expect(body.value, `${method} ${path}: body`).toBeTruthy()
    const value = typeof body.value === 'object' ? { ...body.value } : body.value
    if (typeof value === 'object' && value !== null && 'encounter' in value) {
      Object.assign(value, { encounter: known.encounter })
    }
    const isForm = body.type === 'application/x-www-form-urlencoded'
    sent = isForm
      ? String(new URLSearchParams(value as Record<string, string>))
      : typeof value === 'string'
        ? value
        : JSON.stringify(value)
  }
  const asked = `${url}${address}${query.size > 0 ? `?${query}` : ''}`
  const answer = await fetch(asked, { method: method.toUpperCase(), headers, ...(sent && { body: sent }) })
  return {
    status: answer.status,
    text: await answer.text(),
    replayed: answer.headers.get('idempotent-replayed') === 'true',
  }
}

function find(operationId: string): Place {
  return places.find(({ operation }) => operation.operationId === operationId)!
}

/** Walks: presses each twice, keeps what an answer gives, and wants a yes each time. */
async function walk(operations: readonly string[], name: string): Promise<Pressed[]> {
  const known: Record<string, string> = {}
  const all: Pressed[] = []
  for (const id of operations) {
    const place = find(id)
    const first = await press(place, name, known)
    expect(first.status, `${id}: ${first.text}`).toBeLessThan(300)
    const again = await press(place, name, known)
    expect(again.status, `${id} again: ${again.text}`).toBe(first.status)
    const keyed = place.operation.parameters?.some((one) => one.name === 'Idempotency-Key')
    if (keyed) expect([again.text, again.replayed], id).toEqual([first.text, true])
    const { encounter, settlement } = JSON.parse(first.text) as Record<string, string>
    if (encounter && !known.encounter) known.encounter = encounter
    if (settlement && !known.settlement) known.settlement = settlement
    all.push(first)
  }
  return all
}

const PLATFORM_SAYS_NO = /"stage":"dispatch"/

const isHospital = ({ operation }: Place) => operation.tags?.[0]?.startsWith('医院') ?? false

describe('the examples of the document, against the simulator', () => {
  it('an outpatient visit from top to bottom', async () => {
    const ids = places.filter(isHospital).flatMap((place) => {
      const fits = place.operation.operationId === 'status' || namesOf(place).includes('outpatient')
      return fits ? [place.operation.operationId!] : []
    })
    expect(ids).toEqual([
      'checkEligibility',
      'openEncounter',
      'uploadLines',
      'trySettlement',
      'settle',
      'status',
      'cancelSettlement',
    ])
    const answers = await walk(ids, 'outpatient')
    const cancelled = JSON.parse(answers.at(-1)!.text) as { totalFen: number }
    expect(cancelled.totalFen).toBe(-2500)
    const status = JSON.parse(answers.at(-2)!.text) as { requests: { state: string }[] }
    expect(status.requests.map(({ state }) => state)).toEqual(['accepted'])
  })

  it('an inpatient stay, paid by the patient in the end', async () => {
    const answers = await walk(
      [
        ...['checkEligibility', 'openEncounter', 'uploadLines', 'trySettlement', 'discharge', 'settle'],
        ...['cancelSettlement', 'recordSelfPay'],
      ],
      'inpatient',
    )
    expect(JSON.parse(answers[0]!.text).entitlement.checks[0].entitled).toBe(true)
  })

  it('every example of the hospital addresses from top to bottom, those of a stay beside those of a visit', async () => {
    const known: Record<string, Record<string, string>> = { outpatient: {}, inpatient: {} }
    const isOfVisit = (place: Place) => /encounter|settlement/.test(place.path)
    for (const place of places.filter((one) => isHospital(one) && isOfVisit(one))) {
      for (const name of namesOf(place)) {
        const { status, text } = await press(place, name, known[name])
        expect(status, `${place.path} ${name}: ${text}`).toBeLessThan(300)
        const { encounter, settlement } = JSON.parse(text) as Record<string, string>
        known[name] = { ...(encounter && { encounter }), ...(settlement && { settlement }), ...known[name] }
      }
    }
  })

  it('a form has its example at each field: the page draws no example beside a form', () => {
    const forms = places.flatMap(({ path, operation }) => {
      const media = operation.requestBody?.content['application/x-www-form-urlencoded']
      return media ? [{ path, media }] : []
    })
    expect(forms).toHaveLength(6)
    for (const { path, media } of forms) {
      const fields = Object.entries(media.schema?.properties ?? {})
      const filled = fields.flatMap(([name, { example }]) => (example === undefined ? [] : [[name, example]]))
      expect(Object.fromEntries(filled), path).toEqual(media.example)
    }
  })

  it('a purchase at a pharmacy, and back', async () => {
    const [tried, bought] = (await walk(['tryPurchase', 'settlePurchase'], 'purchase')).map(({ text }) =>
      JSON.parse(text),
    )
    expect(tried).toMatchObject({ encounter: null, settlement: null, totalFen: 2500, personFen: 2500 })
    const { encounter, settlement } = bought
    expect(bought).toMatchObject({
      ...tried,
      messageId: expect.anything(),
      encounter,
      settlement,
      settledAt: expect.anything(),
    })
    expect(bought.lines).toMatchObject([{ serial: 'F1', totalFen: 2500 }])
    const cancelled = await fetch(`${url}/v1/settlements/${settlement}/cancellation`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'example-purchase-cancellation' },
      body: JSON.stringify({ encounter }),
    })
    expect(cancelled.status).toBe(201)
    expect(await cancelled.json()).toMatchObject({ encounter, totalFen: -2500 })
    const lines = await fetch(`${url}/v1/encounters/${encounter}/settlement`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'example-purchase-again' },
      body: JSON.stringify(bodyOf(find('settle').operation, 'outpatient')!.value),
    })
    expect(await lines.json()).toMatchObject({ status: 422, fields: [{ field: 'encounter' }] })
  })

  it('a referral', async () => {
    await walk(['fileReferral'], 'referral')
  })

  it('all the others are answered as the document says, twice', async () => {
    const told: string[] = []
    // A settlement centre needs the key of one, and this gateway has no list of callers.
    const ours = places.filter((one) => !isHospital(one) && one.path !== '/platform/notices')
    for (const place of ours) {
      const { method, path, operation } = place
      for (const name of namesOf(place)) {
        for (const time of ['once', 'again']) {
          const { status, text } = await press(place, name)
          const where = `${method} ${path} ${name} ${time}: ${status} ${text.slice(0, 300)}`
          expect(Object.keys(operation.responses), where).toContain(String(status))
          if (status >= 300) told.push(`${method} ${path}: ${status}`)
          if (operation.tags?.[0] === '国家接口') expect(JSON.parse(text).infcode, where).toBe(0)
        }
      }
    }
    // Maps are handed in by callers who may; a gateway without a list of callers has none.
    expect(
      told.filter((line) => !/^(?:post|put) \/fhir\/r\d\/ConceptMap(?:\/\{id\})?: 403$/.test(line)),
    ).toEqual([])
  })

  it('the sample of every transaction of the catalogue passes every check of ours and gets an answer of the platform', async () => {
    expect(transactions.length).toBeGreaterThan(200)
    const told: string[] = []
    for (const { path, operation } of transactions) {
      const answer = await fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'example-transaction' },
        body: JSON.stringify(bodyOf(operation, 'sample')!.value),
      })
      const text = await answer.text()
      expect(Object.keys(operation.responses), path).toContain(String(answer.status))
      // Of a visit that nobody has opened the platform says no, and we say its no.
      if (answer.status !== 200 && !PLATFORM_SAYS_NO.test(text)) told.push(`${path}: ${text.slice(0, 300)}`)
    }
    expect(told).toEqual([])
  })

  it('every operation stands in one of the groups, which are in Chinese but for FHIR and in the order of the document', () => {
    const used = [...places, ...transactions].map(({ method, path, operation }) => {
      expect(operation.tags, `${method} ${path}`).toHaveLength(1)
      expect(operation.summary, `${method} ${path}`).toBeTruthy()
      return operation.tags![0]!
    })
    expect([...new Set(used)].sort()).toEqual([...tags].sort())
    for (const tag of tags) expect(tag).toMatch(/\p{Script=Han}|^FHIR R[45]$/u)
  })

  it('everything that must be filled in has an example, or says where it comes from', () => {
    for (const { method, path, operation } of places) {
      for (const parameter of operation.parameters ?? []) {
        if (!parameter.required || exampleOf(parameter, 'only') !== undefined) continue
        expect(['encounter', 'settlement'], `${method} ${path}`).toContain(parameter.name)
      }
    }
  })
})
