/** 结算率 by fetch: figures equal to the API's, the way from the rate to one message, and who is shown nothing. */
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAccounts } from '../../src/people/accounts.ts'
import type { PersonRole } from '../../src/people/rights.ts'
import { hashPassword } from '../../src/people/sign-in.ts'
import { SHEET_NAMES } from '../../src/reports/figures/workbook.ts'
import {
  bodies,
  type Gateway,
  HOSPITAL,
  keyed,
  No,
  startGateway,
  wellPlatform,
} from '../http/rest-support.ts'
import { temporaryFiles } from '../support/files.ts'
import { cellsOfWorkbook } from '../support/read-workbook.ts'

const PASSWORD = 'a long password'
const PEOPLE: readonly (readonly [string, PersonRole, readonly string[]])[] = [
  ['业务员', 'business', []],
  ['基金员', 'fund', []],
  ['信息员', 'information', []],
  ['稽核员', 'auditor', []],
  ['正宁员', 'business', ['621025']],
  ['庆城员', 'business', ['621002']],
]
const PERIOD = 'from=2025-01&to=2025-03'
const COUNTY = `area=621025&asOf=2026-03-31&${PERIOD}`
const files = temporaryFiles()
let gateway: Gateway
let encounter: string
const cookies = new Map<string, string>()

beforeAll(async () => {
  gateway = await startGateway()
  const body = readFileSync('docs/examples/stays.csv', 'utf8')
  const headers = { 'content-type': 'text/csv' }
  await gateway.ask('/v1/reports/records', { method: 'POST', headers, body })
  const password = await hashPassword(PASSWORD)
  for (const [name, role, areas] of PEOPLE)
    openAccounts(gateway.directory).put({ name, role, areas, password, changed: 1 })
  const given = bodies({ code: 'J18.900', name: '支气管肺炎' }, 'XA10BAE909A001010199003')
  const refuse = (text: string) => () => {
    throw new No(text)
  }
  // One of whom nothing more is heard; one that is refused, put right, and paid by the patient.
  gateway.platform = refuse('E201 未参保')
  await gateway.post('/v1/encounters', { ...given.inpatient('N0'), person: 'P0002' }, keyed('N0'))
  gateway.platform = refuse('E101 未办理异地就医备案')
  await gateway.post('/v1/encounters', given.inpatient('N1'), keyed('N1'))
  gateway.platform = wellPlatform
  encounter = (await gateway.post('/v1/encounters', given.inpatient('N1'), keyed('N1b'))).json.encounter
  const selfPay = { admitted: '2025-03-12', discharged: '2025-03-20', totalFen: 20_000 }
  await gateway.post(`/v1/encounters/${encounter}/self-pay`, selfPay, keyed('U1'))
  for (const [name] of PEOPLE) {
    const { headers: said } = await fetch(`${gateway.url}/console/sign-in`, {
      ...{ method: 'POST', redirect: 'manual', headers: { 'sec-fetch-site': 'same-origin' } },
      body: new URLSearchParams({ name, password: PASSWORD }),
    })
    cookies.set(name, said.getSetCookie()[0]!.split(';')[0]!)
  }
})
afterAll(() => gateway.close())

async function ask(path: string, name = '业务员', more = '') {
  const cookie = `${cookies.get(name)}${more}`
  const answer = await fetch(gateway.url + path, { redirect: 'manual', headers: { cookie } })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}
const api = async (name: string, query: string) => (await gateway.ask(`/v1/reports/${name}?${query}`)).json

/** The addresses to which a page leads, by a part of them. */
const linksOf = (text: string, part: string) =>
  [...text.matchAll(/href="([^"]+)"/g)]
    .map(([, to]) => to!.replaceAll('&amp;', '&'))
    .filter((to) => to.includes(part))

describe('the rate', () => {
  it('is the first page of who answers for it, and no page of who does not', async () => {
    for (const name of ['业务员', '基金员', '稽核员']) {
      expect((await ask('/console', name)).headers.get('location')).toBe('/console/rates')
      expect((await ask('/console/rates', name)).status).toBe(200)
    }
    expect((await ask('/console', '信息员')).headers.get('location')).toBe('/console/live')
    for (const path of ['', '/file?sheet=rates', '/stays', '/stay'])
      expect((await ask(`/console/rates${path}`, '信息员')).status).toBe(403)
  })

  it.each(['broad', 'narrow'])('is that of the API, with its target and reasons (%s)', async (basis) => {
    const { rows } = await api('rates', COUNTY)
    const { gap, categories } = await api('reasons', COUNTY)
    for (const [scope, indicator] of [
      ['all', 'OAR-all'],
      ['cross', 'CPR'],
      ['intra', 'IPR'],
    ]) {
      const { text, headers } = await ask(`/console/rates?${COUNTY}&scope=${scope}&basis=${basis}`)
      const rate = rows[0].indicators.find(
        (one: { indicator: string; basis: string }) => one.indicator === indicator && one.basis === basis,
      )
      expect(headers.get('server-timing')).toMatch(/total/)
      expect(text).toContain(`<strong>${rate.rate.toFixed(2)}%</strong>`)
      expect(text).toContain(`<dd>${rate.numerator} / ${rate.denominator}</dd>`)
      expect(text).toContain(`超过${rate.target}%`)
      expect(text).toContain('终报数')
    }
    const all = (await ask(`/console/rates?${COUNTY}&basis=${basis}`)).text
    const taken = [...all.matchAll(/<rect class="less"[^>]*><title>[^<]* -(\d+)</g)].map(([, n]) => Number(n))
    expect(taken.reduce((sum, n) => sum + n, 0)).toBe(gap[basis])
    expect(taken).toHaveLength(categories.filter((one: Record<string, number>) => one[basis]! > 0).length)
  })

  it('has refused admissions beside it, areas below it, and the other direction', async () => {
    const { text } = await ask(`/console/rates?${PERIOD}&area=620000`)
    expect(text).toContain('未参保或暂停参保')
    expect(linksOf(text, 'area=621000')).not.toEqual([])
    const there = await ask(`/console/rates?${PERIOD}&area=340000&view=inbound&asOf=2026-03-31`)
    const { rows } = await api('rates', `${PERIOD}&area=340000&view=inbound&asOf=2026-03-31`)
    const rate = rows[0].indicators.find(
      (one: { indicator: string; basis: string }) => one.indicator === 'OAR-all' && one.basis === 'broad',
    )
    expect(there.text).toContain(`<dd>${rate.numerator} / ${rate.denominator}</dd>`)
    expect(there.text).toContain('无规划目标')
  })

  it('leads from a reason to its stays, to the messages of one, and to where its money is', async () => {
    const { text } = await ask(`/console/rates?${PERIOD}&area=621002`, '庆城员')
    const list = await ask(linksOf(text, 'category=filing')[0]!, '庆城员')
    expect(list.text).toContain(encounter)
    const stay = linksOf(list.text, `stay=${encounter}`)[0]!
    const messages = await ask(stay, '庆城员')
    expect(messages.text).toContain('E101')
    expect(messages.text).toContain(HOSPITAL)
    const money = linksOf(messages.text, '/console/money/')
    expect(money.length).toBeGreaterThanOrEqual(2)
    const end = await ask(money[0]!, '庆城员')
    expect([end.status, end.text.includes('平台拒绝')]).toEqual([200, true])
    // The same address tells a person of another county nothing.
    const stranger = await ask(stay, '正宁员')
    expect(stranger.text).not.toMatch(/E101|console\/money\//)
  })

  it('pages through stays without losing or doubling one', async () => {
    const seen: string[] = []
    let to: string | undefined = `/console/rates/stays?${COUNTY}&limit=2`
    while (to) {
      const { text } = await ask(to)
      seen.push(...linksOf(text, '/console/rates/stay?'))
      to = linksOf(text, 'after=')[0]
    }
    const { stays } = await api('stays', COUNTY)
    expect([seen.length, new Set(seen).size]).toEqual([stays.length, stays.length])
  })

  it('is a file with the same rows as the API', async () => {
    const { text, headers } = await ask(`/console/rates/file?${COUNTY}&sheet=reasons`)
    expect(headers.get('content-disposition')).toContain('reasons-2025-01-2025-03.csv')
    expect(text).toBe((await gateway.ask(`/v1/reports/reasons?${COUNTY}&format=csv`)).text)
    expect((await ask(`/console/rates/file?${COUNTY}&sheet=measures`)).status).toBe(404)
  })

  it('is a workbook too, by a link beside the CSV’s, and names the role that asked, not the person', async () => {
    const page = await ask(`/console/rates?${COUNTY}`)
    expect(page.text).toContain('导出 Excel')
    const to = linksOf(page.text, 'format=xlsx').find((link) => link.includes('sheet=reasons'))!
    const cookie = cookies.get('业务员')!
    const answer = await fetch(gateway.url + to, { headers: { cookie } })
    expect(answer.headers.get('content-disposition')).toContain('reasons-2025-01-2025-03.xlsx')
    const file = files.write('reasons.xlsx', new Uint8Array(await answer.arrayBuffer()))
    const { text } = await gateway.ask(`/v1/reports/reasons?${COUNTY}&format=csv`)
    expect(await cellsOfWorkbook(file, SHEET_NAMES.table)).toEqual(parse(text, { bom: true }))
    const about = await cellsOfWorkbook(file, SHEET_NAMES.about)
    expect(about).toContainEqual(['查询人角色', '业务'])
    expect(about.join()).not.toContain('业务员')
  })
})

describe('what is not shown', () => {
  it('is another area than the person’s: a sentence and no figure, on every page', async () => {
    for (const path of ['', '/stays', '/file'])
      for (const area of ['621002', '621000', '340000']) {
        const query = `${PERIOD}&sheet=rates&area=${area}`
        const { status, text } = await ask(`/console/rates${path}?${query}`, '正宁员')
        expect([status, text.includes('不在您的区划内'), text.includes('<table')]).toEqual([403, true, false])
        const english = await ask(`/console/rates${path}?${query}`, '正宁员', '; zhijie_language=en')
        expect(english.text).toContain('is outside yours: nothing is shown')
      }
    const { text } = await ask(`/console/rates?${PERIOD}&area=`, '正宁员')
    expect(text).toContain('name="area" value="621025"')
  })

  it.each([
    ['from=2025-03&to=2025-01', '统计期起始日晚于截止日', 'The period begins after its end'],
    ['from=2025-13&to=2026-01', '日期（from）须为', 'is not right'],
    [`${PERIOD}&area=999999`, '不是医保区划代码', 'There is no such area'],
    [`${PERIOD}&scope=moon`, 'scope', 'is not right'],
  ])('is a period or area that is wrong: %s', async (query, zh, en) => {
    const { status, text } = await ask(`/console/rates?${query}`)
    expect([status, text.includes('<form class="line"'), text.includes('<table')]).toEqual([
      400,
      false,
      false,
    ])
    expect(text).toContain(zh)
    const english = await ask(`/console/rates?${query}`, '业务员', '; zhijie_language=en')
    expect(english.text).toContain(en)
    expect(english.text).not.toMatch(/<p[^>]*>[^<]*\p{Script=Han}/u)
  })

  it('is a script, another host, or an inline style', async () => {
    for (const path of [`?${COUNTY}`, `/stays?${COUNTY}`]) {
      const { text } = await ask(`/console/rates${path}`)
      expect(text).not.toMatch(/<script|style="|https?:\/\/|undefined|\[object|NaN/)
    }
  })
})
