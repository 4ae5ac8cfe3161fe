/** Figures over HTTP: rates with reasons that add up, refused admissions beside them, the way down to a message. */

import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SHEET_NAMES } from '../../src/reports/figures/workbook.ts'
import { csvOf, EXAMPLE, EXAMPLE_RESULTS } from '../reports/support.ts'
import { temporaryFiles } from '../support/files.ts'
import { cellsOfWorkbook } from '../support/read-workbook.ts'
import {
  type Answered,
  bodies,
  type Gateway,
  HOSPITAL,
  keyed,
  No,
  startGateway,
  wellPlatform,
} from './rest-support.ts'

const files = temporaryFiles()
let gateway: Gateway
let encounter: string
const given = bodies({ code: 'J18.900', name: '支气管肺炎' }, 'XA10BAE909A001010199003')
const selfPay = { admitted: '2025-03-12', discharged: '2025-03-20', totalFen: 20_000 }
const refuse = (text: string) => () => {
  throw new No(text)
}

beforeAll(async () => {
  gateway = await startGateway()
  const headers = { 'content-type': 'text/csv' }
  await gateway.ask('/v1/reports/records', { method: 'POST', headers, body: csvOf(EXAMPLE) })
  // An admission that is refused and of which nothing more is heard, of another person.
  gateway.platform = refuse('E201 未参保')
  await gateway.post('/v1/encounters', { ...given.inpatient('N0'), person: 'P0002' }, keyed('N0'))
  // One that is refused, put right, refused at the settlement and paid by the patient.
  gateway.platform = refuse('E101 未办理异地就医备案')
  expect((await gateway.post('/v1/encounters', given.inpatient('N1'), keyed('N1'))).json.reason).toBe('E101')
})
afterAll(() => gateway.close())

const ask = (name: string, query: string): Promise<Answered> =>
  gateway.ask(`/v1/reports/${name}?from=2025-01&to=2025-03&${query}`)

/** The CSV and the workbook of a question. */
async function bothFiles(query: string) {
  const bytesOf = async (format: string) =>
    new Uint8Array(await (await fetch(`${gateway.url}/v1/reports/${query}&format=${format}`)).arrayBuffer())
  const book = files.write('book.xlsx', await bytesOf('xlsx'))
  const { text } = await gateway.ask(`/v1/reports/${query}&format=csv`)
  return {
    csv: parse(text, { bom: true }) as unknown as string[][],
    about: Object.fromEntries(await cellsOfWorkbook(book, SHEET_NAMES.about)) as Record<string, string>,
    table: await cellsOfWorkbook(book, SHEET_NAMES.table),
  }
}

describe('the figures over HTTP', () => {
  it('are those of the worked example, every row, with what was provisional and final', async () => {
    for (const [asOf, scope, basis, numerator, denominator, rate, reached] of EXAMPLE_RESULTS) {
      const { json, headers } = await ask('rates', `area=621025&asOf=${asOf}`)
      expect(headers.get('server-timing')).toMatch(/^figures;dur=\d+\.\d$/)
      const found = json.rows[0].indicators.find(
        (one: { scope: string; basis: string }) => one.scope === scope && one.basis === basis,
      )
      expect(found).toMatchObject({ numerator, denominator, rate, reached })
      expect(found.provisional).toMatchObject({ asOf: '2025-04-05' })
      if (asOf === '2026-03-31') expect(found.final).toMatchObject({ numerator, denominator })
    }
  })

  it('tell months, areas and the other view apart', async () => {
    const months = (await ask('rates', 'area=621025&by=month&asOf=2026-03-31')).json.rows
    expect(months.map(({ key }: { key: string }) => key)).toEqual(['2025-01', '2025-02', '2025-03'])
    const there = (await ask('rates', 'area=310000&view=inbound&by=city&asOf=2026-03-31')).json.rows
    expect(there[0].indicators[0]).toMatchObject({ numerator: 8, denominator: 11, target: null })
    expect(there[0].key).toBe('310100')
  })

  it('have refused admissions beside the rate, and in the denominator once their stay is known', async () => {
    const before = (await ask('reasons', 'area=621002&scope=cross')).json
    expect(before.gap.broad).toBe(0)
    const codes = before.attempts.details.map(({ code, n }: { code: string; n: number }) => `${code} ${n}`)
    expect(codes.sort()).toEqual(['E101 1', 'E201 1'])
    gateway.platform = wellPlatform
    encounter = (await gateway.post('/v1/encounters', given.inpatient('N1'), keyed('N1b'))).json.encounter
    expect((await gateway.post(`/v1/encounters/${encounter}/self-pay`, selfPay, keyed('U1'))).status).toBe(
      201,
    )
    const after = (await ask('reasons', 'area=621002&scope=cross')).json
    expect(after.gap).toEqual({ broad: 1, narrow: 0 })
    expect(after.details).toMatchObject([
      { category: 'filing', code: 'E101', zh: '未办理异地就医备案', broad: 1 },
    ])
    expect(after.attempts).toMatchObject({ total: 1, details: [{ category: 'participation', code: 'E201' }] })
  })

  it('lead from a category to its stays and from a stay to its messages', async () => {
    const list = (await ask('stays', 'area=621002&state=missed&category=filing')).json
    expect(list.stays).toMatchObject([
      { institution: HOSPITAL, stay: encounter, code: 'E101', state: 'selfPayUploaded' },
    ])
    const where = `institution=${HOSPITAL}&stay=${encounter}&insured=621002`
    const first = (await gateway.ask(`/v1/reports/stay-messages?${where}&limit=1`)).json
    expect(first.messages).toMatchObject([{ state: 'refused', reason: 'E101', kind: 'write' }])
    const rest = (await gateway.ask(`/v1/reports/stay-messages?${where}&after=${first.next}`)).json
    expect(rest.messages[0]).toMatchObject({ state: 'accepted' })
    expect(rest.next).toBeNull()
    expect(JSON.stringify([list, first, rest])).not.toMatch(/P0001|pseudonym/)
  })

  it('page through stays without losing or doubling one', async () => {
    const seen: string[] = []
    for (let after = ''; ; ) {
      const { json } = await ask('stays', `area=621025&asOf=2026-03-31&limit=4${after}`)
      seen.push(...json.stays.map(({ stay }: { stay: string }) => stay))
      if (json.next === null) break
      after = `&after=${json.next}`
    }
    expect(seen).toHaveLength(15)
    expect(new Set(seen).size).toBe(15)
  })

  it('are the same as a file, marked as UTF-8', async () => {
    for (const name of ['rates', 'reasons', 'flows', 'measures', 'stays']) {
      const { status, headers } = await ask(name, 'format=csv')
      expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
    }
    const bytes = await fetch(
      `${gateway.url}/v1/reports/flows?from=2025-01&to=2025-03&asOf=2026-03-31&format=csv`,
    )
    const text = Buffer.from(await bytes.arrayBuffer()).toString('utf8')
    expect(text).toMatch(/^\ufeff参保地,就医地,住院人次/)
    expect(text).toContain('620000,310000,11,8,72.73')
  })

  it('are the same as a workbook, cell by cell, after a sheet that says what was asked', async () => {
    const where = `institution=${HOSPITAL}&stay=${encounter}&insured=621002`
    const period = 'from=2025-01&to=2025-03&asOf=2026-03-31'
    const queries = ['rates', 'reasons', 'flows', 'stays']
      .map((name) => `${name}?${period}${name === 'rates' ? '&by=county' : ''}`)
      .concat(`measures?${period}`, `stay-messages?${where}`)
    for (const query of queries) {
      const { csv, about, table } = await bothFiles(query)
      const [head, ...rows] = csv
      expect(table).toEqual([head, ...rows])
      if (!query.startsWith('measures')) expect(rows.length, query).toBeGreaterThan(0)
      expect(about.查询人角色).toBe('未设调用方名单')
      expect(about['制表时间（北京时间）']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
      if (query.startsWith('stay-')) expect(about).toMatchObject({ 住院: encounter })
      else expect(about).toMatchObject({ 区划: '全部', 出院日期起: '2025-01-01' })
    }
    const { json } = await ask('flows', 'asOf=2026-03-31')
    const { table } = await bothFiles(`flows?${period}`)
    const flows = json.flows.map((one: Record<string, string | number | null>) =>
      [one.insured, one.treatment, one.stays, one.direct, one.rate].map((cell) => String(cell ?? '')),
    )
    expect(table.slice(1)).toEqual(flows)
    const rates = (await ask('rates', 'asOf=2026-03-31&by=county')).json.rows.flatMap(
      (row: { key: string; indicators: { numerator: number; denominator: number; rate: number }[] }) =>
        row.indicators.map((one) =>
          [row.key, one.numerator, one.denominator, one.rate].map((cell) => String(cell ?? '')),
        ),
    )
    const shown = (await bothFiles(`rates?${period}&by=county`)).table.slice(1)
    expect(shown.map((row) => [row[0], row[3], row[4], row[5]])).toEqual(rates)
  })

  it('say on the first sheet where the next page begins', async () => {
    const { about } = await bothFiles('stays?from=2025-01&to=2025-03&asOf=2026-03-31&limit=4')
    const { json } = await ask('stays', 'asOf=2026-03-31&limit=4')
    expect(about['下一页（after）']).toBe(json.next)
  })

  it.each([
    ['rates', 'format=xls'],
    ['rates', 'area=999999'],
    ['rates', 'by=street'],
    ['stays', 'limit=0'],
    ['stays', 'after=nothing'],
    ['reasons', 'scope=moon'],
    ['flows', 'asOf=2025-13-01'],
  ])('%s?%s is refused in a sentence', async (name, query) => {
    const { status, json } = await ask(name, query)
    expect([status, json.type]).toEqual([400, '/problems/invalid-report'])
  })
})
