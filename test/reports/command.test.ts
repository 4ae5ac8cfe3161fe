/** The settlement rate reads the same by command and by address, and a wrong question is answered with a sentence. */
import { createSecretKey } from 'node:crypto'
import { Readable } from 'node:stream'
import { OpenAPIHono } from '@hono/zod-openapi'
import { beforeEach, describe, expect, it } from 'vitest'
import national from '../../adapters/000000-national/index.ts'
import type { Codes } from '../../src/codes/codes.ts'
import type { Day, Instant } from '../../src/domain/day.ts'
import { GatewayError } from '../../src/domain/problems.ts'
import { reportRoutes } from '../../src/http/reports.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { offloadHere } from '../offload/support.ts'
import { csvOf, EXAMPLE, HEADER, importContext, run } from './support.ts'

let database: Database
let app: OpenAPIHono

/** Records come in over HTTP here, so both ways meet. */
beforeEach(async () => {
  database = openDatabase(':memory:')
  app = new OpenAPIHono()
  const { isKnownArea } = importContext
  const pseudonymKey = () => createSecretKey(Buffer.alloc(32))
  const today = () => '2026-04-01' as Day
  const areas = { lookup: (_: 'area', code: string) => ({ found: importContext.isKnownArea(code) }) }
  const offload = offloadHere(database, () => areas as unknown as Codes)
  app.route(
    '/',
    reportRoutes({
      offload,
      isKnownArea,
      pseudonymKey,
      dialect: national,
      today,
      indexed: async () => {},
      elapsed: () => 0,
      now: () => 0 as Instant,
    }),
  )
  app.onError((error, c) => {
    if (!(error instanceof GatewayError)) throw error
    return c.json({ code: error.code, detail: error.message }, error.row.status)
  })
  const response = await post(csvOf(EXAMPLE))
  expect(await response.json()).toEqual({ accepted: 24, duplicates: 0, refused: [], refusedTotal: 0 })
})

/** The body comes as on a socket of Node, from which the route reads it. */
const post = (body: string | Uint8Array<ArrayBuffer>, type = 'text/csv; charset=utf-8') => {
  const asked = { method: 'POST', headers: { 'content-type': type } }
  return app.request('/v1/reports/records', asked, { incoming: Readable.from([Buffer.from(body)]) })
}
const QUARTER = ['settlement-rate', '--area', '621025', '--from', '2025-01-01', '--to', '2025-03-31']
const json = async (...args: string[]) => JSON.parse((await run(database, ...QUARTER, ...args, '--json')).out)

describe('report settlement-rate', () => {
  it('prints one JSON line: one figure where all is chosen, else one for each open choice', async () => {
    const said = await run(database, ...QUARTER, '--scope', 'cross', '--basis', 'broad', '--json')
    expect(said).toMatchObject({ code: 0, err: '', lines: 1 })
    expect(said.out).not.toContain('\n')
    expect(JSON.parse(said.out)).toMatchObject({ indicator: 'CPR', rate: 72.73 })
    const choices = (rates: { scope: string; basis: string }[]) =>
      rates.map(({ scope, basis }) => `${scope} ${basis}`)
    const six = ['cross broad', 'cross narrow', 'intra broad', 'intra narrow', 'all broad', 'all narrow']
    expect(choices(await json())).toEqual(six)
    expect(choices(await json('--scope', 'intra'))).toEqual(['intra broad', 'intra narrow'])
    expect(choices(await json('--basis', 'narrow'))).toEqual(['cross narrow', 'intra narrow', 'all narrow'])
  })

  it('takes months as their first and last day, and today as the as-of date', async () => {
    const months = ['settlement-rate', '--area', '621025', '--from', '2024-02', '--to', '2024-02', '--json']
    const [rate] = JSON.parse((await run(database, ...months)).out)
    expect(rate).toMatchObject({
      period: { from: '2024-02-01', to: '2024-02-29' },
      asOf: '2026-04-01',
      denominator: 0,
      rate: null,
      reached: null,
    })
  })

  it('prints a table for a person, with what counts and what was restated', async () => {
    const { code, out } = await run(database, ...QUARTER)
    expect(code).toBe(0)
    for (const text of [
      '72.73%',
      '8/11',
      '>70%',
      '50.9%',
      '按出院日期统计',
      '2025-04-05快报数为8/10，80.00%',
    ]) {
      expect(out).toContain(text)
    }
  })

  it.each([
    [['settlement-rate'], '缺少参保地区划（area）'],
    [['settlement-rate', '--area', '62'], '参保地区划（area）不是医保区划代码'],
    [['settlement-rate', '--area', '710000'], '参保地区划（area）710000不存在'],
    [['settlement-rate', '--area', '621025', '--from', '2025-01'], '缺少日期（to）'],
    [[...QUARTER, '--from', '2025-13'], '日期（from）须为YYYY-MM-DD或YYYY-MM'],
    [[...QUARTER, '--from', '2025-04-01'], '统计期起始日晚于截止日'],
    [[...QUARTER, '--as-of', 'today'], '日期（asOf）须为YYYY-MM-DD或YYYY-MM'],
    [[...QUARTER, '--scope', 'local'], 'scope须为cross、intra、all之一'],
    [[...QUARTER, '--basis', ''], 'basis须为broad、narrow之一'],
    [[...QUARTER, '--colour'], '参数不正确'],
    [['other'], '用法'],
    [[], '用法'],
  ])('exits 2 with a sentence: %j', async (args, sentence) => {
    const said = await run(database, ...args)
    expect(said).toMatchObject({ code: 2, out: '' })
    expect(said.err).toContain(sentence)
  })
})

describe('reportRoutes()', () => {
  const QUERY = 'area=621025&from=2025-01&to=2025-03&asOf=2025-04-05'

  it('answers as the command does, under both paths', async () => {
    const expected = await json('--as-of', '2025-04-05')
    for (const path of ['/v1/reports/settlement-rate', '/reports/settlement-rate']) {
      const response = await app.request(`${path}?${QUERY}`)
      expect(response.status).toBe(200)
      expect(await response.json()).toEqual(expected)
    }
    const one = await app.request(`/reports/settlement-rate?${QUERY}&scope=all&basis=narrow`)
    expect(await one.json()).toMatchObject({
      indicator: 'OAR-all',
      numerator: 11,
      denominator: 12,
      rate: 91.67,
    })
  })

  it.each(['', 'area=999999', `${QUERY}&scope=x`, `${QUERY}&area=621002`])(
    'says no to "%s"',
    async (query) => {
      const response = await app.request(`/v1/reports/settlement-rate?${query}`)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ code: 'invalid-report' })
    },
  )

  it('imports by row, and not what is no stay file', async () => {
    const mixed = await post(`${csvOf(EXAMPLE)}S99,P1\n`)
    const refused = [{ line: 26, reason: '应有9列，实有2列' }]
    expect(await mixed.json()).toEqual({ accepted: 0, duplicates: 24, refused, refusedTotal: 1 })
    expect((await post('a,b\n')).status).toBe(400)
    expect((await post('')).status).toBe(400)
    expect((await post(HEADER, 'application/json')).status).toBe(400)
  })

  it('stops a body at 32 MB', async () => {
    const response = await post(new Uint8Array(32 * 1024 * 1024 + 1).fill(10))
    expect(response.status).toBe(413)
  })

  it('describes every parameter in the OpenAPI document', () => {
    const { paths } = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'test', version: '1' } })
    const parameters = paths?.['/v1/reports/settlement-rate']?.get?.parameters ?? []
    expect(parameters).toHaveLength(6)
    for (const parameter of parameters) expect(JSON.stringify(parameter)).toContain('description')
    expect(Object.keys(paths ?? {})).toContain('/v1/reports/records')
  })
})
