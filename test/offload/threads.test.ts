/** Heavy work of a running gateway is done by other threads, holds nobody up, and is given up with its caller. */
import { readdirSync, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { threadId } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Area } from '../../src/domain/area.ts'
import type { Day } from '../../src/domain/day.ts'
import { THREAD_LANES } from '../../src/offload/lanes.ts'
import { importStays } from '../../src/reports/import.ts'
import { BASES, SCOPES, settlementRate } from '../../src/reports/settlement-rate.ts'
import { databaseFile, openDatabaseBeside } from '../../src/store/database.ts'
import { bodies, type Gateway, HOSPITAL, keyed, Silence, startGateway } from '../http/rest-support.ts'
import { csvOf, EXAMPLE, importContext } from '../reports/support.ts'
import { watchedThreads } from './threads.ts'

const RATE = '/v1/reports/settlement-rate?area=621025&from=2025-01&to=2025-03&asOf=2026-03-31'
let gateway: Gateway
let watched: ReturnType<typeof watchedThreads>

beforeEach(async () => {
  watched = watchedThreads()
  gateway = await startGateway(undefined, { openThread: watched.openThread })
  // Beside the gateway: over HTTP a thread would be at it.
  const store = openDatabaseBeside(databaseFile(gateway.directory))
  const taken = await importStays(store, Readable.from([Buffer.from(csvOf(EXAMPLE))]), importContext)
  store.$client.close()
  expect(taken.accepted).toBe(24)
})
afterEach(() => gateway.close())

const rateOf = (scope: (typeof SCOPES)[number], basis: (typeof BASES)[number]) => {
  const period = { from: '2025-01-01' as Day, to: '2025-03-31' as Day, asOf: '2026-03-31' as Day }
  return settlementRate(EXAMPLE, { area: '621025' as Area, ...period, scope, basis })
}

describe('GET /v1/reports/settlement-rate', () => {
  it('is answered by another thread, byte by byte as this one would', async () => {
    const all = SCOPES.flatMap((scope) => BASES.map((basis) => rateOf(scope, basis)))
    const { text, headers } = await gateway.ask(RATE)
    expect(text).toBe(JSON.stringify(all))
    expect(headers.get('content-type')).toBe('application/json')
    for (const path of [RATE, RATE.replace('/v1', '')]) {
      const one = await gateway.ask(`${path}&scope=intra&basis=narrow`)
      expect(one.text).toBe(JSON.stringify(rateOf('intra', 'narrow')))
    }
    expect(watched.threads).toMatchObject([{ asked: Array(3).fill('settlement-rate') }])
    expect(watched.threads[0]!.id).not.toBe(threadId)
    expect(watched.threads[0]!.told[0]).toBe(text)
  })

  it('is refused before any thread is asked where the question is wrong', async () => {
    const { status, json } = await gateway.ask(RATE.replace('621025', '999999'))
    expect({ status, type: json.type }).toEqual({ status: 400, type: '/problems/invalid-report' })
    expect(watched.threads).toEqual([])
  })

  it('holds nobody up while it is worked on, and one too many is told when to come again', async () => {
    watched.hold()
    const { threads, waiting } = THREAD_LANES.report
    const asked = Array.from({ length: threads + waiting + 1 }, () => gateway.ask(RATE))
    const busy = await Promise.race(asked)
    expect(busy.status).toBe(503)
    expect(busy.json).toMatchObject({ type: '/problems/report-busy', retry: 'same-key', stage: 'report' })
    expect(busy.headers.get('retry-after')).toBe('5')
    expect(busy.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect((await gateway.ask('/health')).json).toEqual({ alive: true })
    watched.release()
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(threads + waiting)
  })

  it('is given up when its caller goes away, and the next is answered', async () => {
    watched.hold()
    const gone = new AbortController()
    const left = gateway.ask(RATE, { signal: gone.signal }).catch((cause: Error) => cause.name)
    await expect.poll(() => watched.threads[0]?.told.length).toBe(1)
    gone.abort()
    expect(await left).toBe('AbortError')
    await expect.poll(() => watched.threads[0]!.ended).toBe(true)
    watched.release()
    expect((await gateway.ask(RATE)).status).toBe(200)
    expect(watched.threads).toHaveLength(2)
  })

  it('is told not-ready where the gateway stops meanwhile', async () => {
    watched.hold()
    const { openThread } = watched
    const other = await startGateway(undefined, { openThread })
    const asked = other.ask(RATE).catch((cause: Error) => cause.name)
    await expect.poll(() => watched.threads.at(-1)?.told.length).toBe(1)
    await other.close()
    await asked
    expect(watched.threads.at(-1)!.ended).toBe(true)
  })
})

describe('GET /v1/open-cases', () => {
  it('gives a page at a time, found by another thread, and how many there are', async () => {
    gateway.platform = () => {
      throw new Silence(true)
    }
    const given = bodies({ code: 'I10.x00x002', name: '高血压' }, 'Z1')
    const answers = []
    for (const number of ['N1', 'N2', 'N3', 'N4', 'N5'])
      answers.push(await gateway.post('/v1/encounters', given.outpatient(number), keyed(number)))
    expect(answers.map(({ status }) => status)).toEqual([504, 504, 504, 504, 504])
    const found: { exchange: number; institution: string; nextStep: string; nextAt: string }[] = []
    for (let next = ''; next !== null; ) {
      const { json } = await gateway.ask(`/v1/open-cases?limit=2${next && `&after=${next}`}`)
      expect(json).toMatchObject({ paused: false, total: 5 })
      found.push(...json.cases)
      next = json.next
    }
    expect(found.map(({ institution, nextStep }) => [institution, nextStep])).toEqual(
      found.map(() => [HOSPITAL, 'ask']),
    )
    expect(new Set(found.map(({ exchange }) => exchange)).size).toBe(5)
    expect(watched.threads).toMatchObject([{ asked: Array(3).fill('open-cases') }])
    expect((await gateway.ask('/v1/open-cases?limit=0')).json.type).toBe('/problems/invalid-field')
    expect((await gateway.ask('/v1/tally')).json).toMatchObject({ begun: 0, open: 0 })
  })
})

describe('GET /fhir/…/ConceptMap/{id}', () => {
  it('is written by another thread', async () => {
    const found = await gateway.ask('/fhir/r5/ConceptMap')
    const [{ resource }] = found.json.entry
    const { text, json, headers } = await gateway.ask(`/fhir/r5/ConceptMap/${resource.id}`)
    expect(json.group[0].element.length).toBeGreaterThan(0)
    expect(headers.get('content-type')).toBe('application/fhir+json; fhirVersion=5.0; charset=utf-8')
    expect(watched.threads).toMatchObject([{ asked: ['concept-map'] }])
    expect(watched.threads[0]!.told.join('')).toBe(text)
    expect((await gateway.ask('/fhir/r5/ConceptMap/x.to.y.v1')).status).toBe(404)
  })
})

describe.runIf(process.platform === 'linux')('a thread of heavy work', () => {
  it('gives way to the thread that serves: its niceness is higher, and more so than that of the index', async () => {
    await gateway.ask(RATE)
    const niceOf = (task: string) =>
      Number(readFileSync(`/proc/self/task/${task}/stat`, 'utf8').split(') ')[1]!.split(' ')[16])
    const own = niceOf(String(process.pid))
    const more = readdirSync('/proc/self/task')
      .map(niceOf)
      .filter((nice) => nice > own)
    expect(more).toHaveLength(2)
    expect(Math.max(...more) - Math.min(...more)).toBe(5)
  })
})
