/** Every route of the app has its place in the table, and what the table says is where its work is done. */
import { threadId } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import national from '../../adapters/000000-national/index.ts'
import { addressedRows } from '../../src/http/rest/addresses.ts'
import { LANE_OF } from '../../src/offload/lanes.ts'
import { WHERE, type Where } from '../../src/offload/where.ts'
import { type Gateway, startGateway } from '../http/rest-support.ts'
import { watchedThreads } from './threads.ts'

let gateway: Gateway
let watched: ReturnType<typeof watchedThreads>
/** Of the map that is shipped. */
let map: string
/** Of all codes of a small table. */
let set: string

beforeAll(async () => {
  watched = watchedThreads()
  gateway = await startGateway(undefined, { openThread: watched.openThread })
  map = (await gateway.ask('/fhir/r4/ConceptMap')).json.entry[0].resource.id
  const sets: { resource: { id: string } }[] = (await gateway.ask('/fhir/r4/ValueSet')).json.entry
  set = sets.find(({ resource }) => resource.id.startsWith('unit.'))!.resource.id
})
afterAll(() => gateway.close())

const taskOf = (where: Where) => (typeof where === 'object' ? where.task : null)
const allHeavy = Object.entries(WHERE).flatMap(([route, where]) => {
  const task = taskOf(where)
  return task ? [[route, task] as const] : []
})
/** Without the pages of people, which ask for a person first and are made here of what a thread has read. */
const heavy = allHeavy.filter(([route]) => !route.includes(' /console/'))

const HEAD = 'stay,person,insured_area,treatment_area,institution,admitted,discharged,event,at'
const FILE = `${HEAD}\nW1,WP1,621025,340104,H34010490001,2025-01-02,2025-01-10,D,2025-01-10\n`
const stays = (): [string, RequestInit] => [
  '/v1/reports/records',
  { method: 'POST', headers: { 'content-type': 'text/csv' }, body: FILE },
]
/** `$expand` of both doors, by address and by body. */
const expansions = Object.fromEntries(
  ['r4', 'r5'].flatMap((release) => {
    const at = (of: string, query: string) => `/fhir/${release}/ValueSet${of}/$expand${query}`
    const type = { name: 'url', valueUri: 'urn:zhijie:standard:unit?fhir_vs' }
    const post = (parameter: object[]): RequestInit => ({
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ resourceType: 'Parameters', parameter }),
    })
    const route = (method: string, id: string) => `${method} /fhir/${release}/ValueSet${id}/$expand`
    return [
      [route('GET', ''), () => [at('', `?url=${encodeURIComponent(type.valueUri)}`)]],
      [route('POST', ''), () => [at('', ''), post([type])]],
      [route('GET', '/:id'), () => [at(`/${set}`, '')]],
      [route('POST', '/:id'), () => [at(`/${set}`, ''), post([])]],
    ] as [string, () => Question][]
  }),
)

type Question = [path: string, init?: RequestInit]

/** A question to a heavy route that it answers. */
const asked: Readonly<Record<string, () => Question>> = {
  'GET /v1/open-cases': () => ['/v1/open-cases'],
  'GET /v1/tally': () => ['/v1/tally'],
  'GET /v1/reports/settlement-rate': () => [
    '/v1/reports/settlement-rate?area=621025&from=2025-01&to=2025-03',
  ],
  'GET /reports/settlement-rate': () => ['/reports/settlement-rate?area=621025&from=2025-01&to=2025-03'],
  'GET /v1/codes/:standard/changes': () => ['/v1/codes/diagnosis/changes?from=2.0'],
  'GET /fhir/r4/ConceptMap/:id{[^$/][^/]*}': () => [`/fhir/r4/ConceptMap/${map}`],
  'GET /fhir/r5/ConceptMap/:id{[^$/][^/]*}': () => [`/fhir/r5/ConceptMap/${map}`],
  'GET /v1/reports/mapping-quality': () => ['/v1/reports/mapping-quality'],
  'GET /v1/reports/conformance': () => ['/v1/reports/conformance'],
  ...Object.fromEntries(
    ['rates', 'reasons', 'flows', 'measures', 'stays'].map((name) => [
      `GET /v1/reports/${name}`,
      () => [`/v1/reports/${name}?from=2025-01&to=2025-03`] as Question,
    ]),
  ),
  'GET /v1/reports/stay-messages': () => [
    '/v1/reports/stay-messages?institution=H34010490001&stay=W1&insured=621025',
  ],
  'POST /v1/reports/records': stays,
  'GET /openapi.json': () => ['/openapi.json'],
  ...expansions,
}

describe('WHERE', () => {
  it('names every route of the app, and no other but those between workers', () => {
    // The transactions of the catalogue go the way of `POST /v1/encounters`.
    const asThat = addressedRows(national).map(([method, path]) => `${method} ${path}`)
    const routes = gateway.routes.filter((route) => !route.startsWith('ALL ') && !asThat.includes(route))
    const named = Object.keys(WHERE).filter((route) => !route.includes(' /workers/'))
    expect(named.sort()).toEqual([...routes].sort())
  })

  it('has a question here for every heavy route, and a route for every task', () => {
    expect(Object.keys(asked).sort()).toEqual(heavy.map(([route]) => route).sort())
    // A catalogue download is a message like any other, and has no route of its own.
    const routed = Object.keys(LANE_OF).filter((task) => task !== 'catalogue-page')
    expect([...new Set(allHeavy.map(([, task]) => task))].sort()).toEqual(routed.sort())
  })

  it.each(heavy)('%s is answered by another thread while this one serves on', async (route, task) => {
    await gateway.ask('/health')
    watched.hold()
    const before = watched.threads.reduce((sum, { told }) => sum + told.length, 0)
    let answered = false
    const answer = gateway.ask(...asked[route]!()).then((found) => {
      answered = true
      return found
    })
    // Another thread has the whole answer, and nobody here has heard it.
    await expect.poll(() => watched.threads.reduce((sum, { told }) => sum + told.length, 0)).toBe(before + 1)
    expect((await gateway.ask('/health')).json).toEqual({ alive: true })
    expect(answered).toBe(false)
    watched.release()
    const { status, text } = await answer
    expect(status).toBe(200)
    expect(watched.threads.some((one) => one.asked.includes(task) && one.id !== threadId)).toBe(true)
    // What was sent is made of what the thread told.
    if (task !== 'open-cases')
      expect(watched.threads.some(({ told }) => told.join('').endsWith(text))).toBe(true)
  })
})
