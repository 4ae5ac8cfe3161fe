/** The console over HTTP: who gets in, what a role sees, an unknown settlement from its page to its end. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openAccounts } from '../../src/people/accounts.ts'
import type { PersonRole } from '../../src/people/rights.ts'
import { hashPassword } from '../../src/people/sign-in.ts'
import { databaseFile, openDatabaseForReading } from '../../src/store/database.ts'
import { stretched } from '../support/stretched.ts'
import { about, HOSPITAL, messageId, openVisit, type System, startSystem, yes } from '../system/support.ts'

const PASSWORD = 'a long password'
const PEOPLE: readonly (readonly [string, PersonRole, readonly string[]])[] = [
  ['业务员', 'business', []],
  ['基金员', 'fund', ['620000']],
  ['信息员', 'information', []],
  ['稽核员', 'auditor', []],
  ['外省员', 'business', ['430000']],
]
const ids = { stands: messageId(), unknown: messageId() }
let system: System
let person = { psn_no: '' }

beforeAll(async () => {
  system = await startSystem({
    ...{ ZHIJIE_DEADLINE_MS: String(stretched(3_000)) },
    // Nothing is taken further by itself while the test looks.
    ZHIJIE_RECOVERY_PAUSE_MS: '600000',
  })
  const password = await hashPassword(PASSWORD)
  for (const [name, role, areas] of PEOPLE)
    openAccounts(system.dataDir).put({ name, role, areas, password, changed: 1 })
  const [stands, unknown] = [await openVisit(system), await openVisit(system)]
  yes(await system.send('2207', stands.settlement, ids.stands, about(stands.person)))
  await system.faults(system.insured, { kind: 'drop-after', transaction: '2207', times: 1 })
  await system.send('2207', unknown.settlement, ids.unknown, about(unknown.person))
  person = { psn_no: String((unknown.settlement as { data: { psn_no: string } }).data.psn_no) }
})
afterAll(async () => {
  await system.stop()
})

/** Asks as a browser does, without following. */
async function ask(
  path: string,
  cookie = '',
  form?: Record<string, string>,
  more: Record<string, string> = {},
) {
  const answer = await fetch(system.url() + path, {
    redirect: 'manual',
    headers: { cookie, accept: 'text/html', ...(form && { 'sec-fetch-site': 'same-origin' }), ...more },
    ...(form && { method: 'POST', body: new URLSearchParams(form) }),
  })
  return { answer, status: answer.status, text: await answer.text(), to: answer.headers.get('location') }
}

async function signIn(name: string, password = PASSWORD) {
  const { answer } = await ask('/console/sign-in', '', { name, password })
  return (answer.headers.getSetCookie()[0] ?? '').split(';')[0]!
}

/** Address of a case by its message id. */
async function addressOf(cookie: string, id: string): Promise<string> {
  return (await ask('/console/money', cookie, { text: id })).to!
}

describe('the door of the console', () => {
  it('leads a browser from the first page to the sign-in, and a program to the first page itself', async () => {
    expect((await ask('/')).to).toBe('/console')
    expect((await ask('/console')).to).toMatch('/console/sign-in')
    expect((await fetch(system.url())).headers.get('content-type')).toContain('text/html')
  })

  it('gives a cookie that no script reads and no other site sends', async () => {
    const { answer, to } = await ask('/console/sign-in', '', { name: '业务员', password: PASSWORD })
    expect(to).toBe('/console')
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^zhijie_session=[\w-]{43};.*Path=\/console;.*HttpOnly;.*SameSite=Strict/,
    )
  })

  it('refuses a wrong password in words, and forms of other sites', async () => {
    const wrong = await ask('/console/sign-in', '', { name: '业务员', password: 'wrong password' })
    expect([wrong.status, wrong.answer.headers.getSetCookie()]).toEqual([401, []])
    expect(wrong.text).toContain('用户名或密码不正确')
    const cookie = await signIn('业务员')
    for (const site of ['cross-site', 'same-site']) {
      const origin = 'http://evil.example'
      const foreign = await ask('/console/sign-out', cookie, {}, { 'sec-fetch-site': site, origin })
      expect(foreign.status).toBe(403)
    }
    expect((await ask('/console/live', cookie)).status).toBe(200)
  })

  it('is closed again after signing out', async () => {
    const cookie = await signIn('业务员')
    expect((await ask('/console/sign-out', cookie, {})).to).toBe('/console/sign-in')
    expect((await ask('/console/live', cookie)).to).toBe('/console/sign-in?back=%2Fconsole%2Flive')
  })

  it('leads back to the question that was asked before the sign-in', async () => {
    const asked = '/console/rates?period=2026&area=6210'
    const sign = (await ask(asked)).to!
    expect(new URL(sign, system.url()).searchParams.get('back')).toBe(asked)
    const back = new URL(sign, system.url()).searchParams.get('back')!
    expect((await ask('/console/sign-in', '', { name: '业务员', password: PASSWORD, back })).to).toBe(asked)
    const turned = await ask(`/console/language?to=en&back=${encodeURIComponent(sign)}`)
    expect(turned.to).toBe(sign)
  })

  it('leads back to pages of its own alone', async () => {
    for (const back of [
      ...['https://evil.example/', '//evil.example', '/console/../v1', '/docs'],
      ...['/console/live?to=//evil.example\r\nX: y', '/console/sign-out?a=b'],
    ])
      expect((await ask('/console/sign-in', '', { name: '业务员', password: PASSWORD, back })).to).toBe(
        '/console',
      )
  })
})

describe('roles', () => {
  const pages = ['/console/live', '/console/unknown', '/console/money', '/console/day']
  it.each([
    ['业务员', [200, 200, 200, 200]],
    ['基金员', [200, 200, 200, 200]],
    ['信息员', [200, 200, 403, 403]],
    ['稽核员', [200, 200, 200, 200]],
  ])('%s is shown %j', async (name, expected) => {
    const cookie = await signIn(name)
    const found = await Promise.all(pages.map((path) => ask(path, cookie)))
    expect(found.map(({ status }) => status)).toEqual(expected)
    for (const { text } of found.filter(({ status }) => status === 403)) expect(text).toContain('没有权限')
  })

  it('lets only business act, and business and auditors reveal', async () => {
    const address = await addressOf(await signIn('业务员'), ids.unknown)
    const status = async (name: string, what: string, form: Record<string, string>) =>
      (await ask(`${address}/${what}`, await signIn(name), form)).status
    expect(await status('基金员', 'act', { action: 'ask' })).toBe(403)
    expect(await status('稽核员', 'act', { action: 'ask' })).toBe(403)
    expect(await status('基金员', 'reveal', { reason: '核对金额' })).toBe(403)
    expect(await status('业务员', 'reveal', { reason: '看' })).toBe(422)
  })

  it('shows nothing of other areas, whichever way it is asked', async () => {
    const stranger = await signIn('外省员')
    expect((await ask('/console/unknown', stranger)).text).not.toContain(ids.unknown)
    const found = await ask('/console/money', stranger, { text: ids.unknown })
    expect([found.status, found.text.includes('没有找到')]).toEqual([200, true])
    const address = await addressOf(await signIn('业务员'), ids.unknown)
    expect((await ask(address, stranger)).status).toBe(404)
    expect((await ask(`${address}/act`, stranger, { action: 'ask' })).status).toBe(404)
    expect((await ask('/console/day', stranger)).text).toContain('当日没有结算')
  })
})

describe('pages', () => {
  it('need no script, no other host and no inline style, and have a language, a title and a way past the navigation', async () => {
    const cookie = await signIn('业务员')
    for (const path of [
      '/console/sign-in',
      '/console/live',
      '/console/unknown',
      '/console/money',
      '/console/day',
    ]) {
      const { answer, text } = await ask(path, cookie)
      expect(text, path).not.toMatch(/<script|style="|https?:\/\/|undefined|\[object/)
      expect(text).toMatch(
        /<html lang="zh-CN">[\s\S]*<title>\p{Script=Han}+ · 直结<\/title>[\s\S]*class="skip"[\s\S]*<main id="content"/u,
      )
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(answer.headers.get('server-timing')).toMatch(/total/)
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })

  it('are in English after the switch, and in Chinese after the next', async () => {
    const cookie = await signIn('业务员')
    const { answer, to } = await ask('/console/language?to=en&back=/console/live', cookie)
    expect(to).toBe('/console/live')
    const english = `${cookie}; ${answer.headers.getSetCookie()[0]!.split(';')[0]}`
    const { text } = await ask('/console/live', english)
    expect(text).toContain('<html lang="en">')
    expect(text).toContain('<h1>Live</h1>')
    expect((await ask('/console/live', cookie)).text).toContain('<h1>实时</h1>')
  })

  it('keep their question when the language is switched', async () => {
    const cookie = await signIn('业务员')
    const path = '/console/live?zoom=1&name=%E6%AD%A3%E5%AE%81'
    const { text } = await ask(path, cookie)
    const link = /href="(\/console\/language\?[^"]+)"/.exec(text)![1]!.replaceAll('&amp;', '&')
    expect((await ask(link, cookie)).to).toBe(path)
  })

  it('live: tells of the links what a counter reads', async () => {
    const { text } = await ask('/console/live', await signIn('信息员'))
    expect(text).toContain('国家平台（参保地：甘肃省）可正常办理')
    expect(text).toMatch(/aria-label="每分钟报文数：最近15分钟共\d+笔/)
  })

  it('day: sums what stands, and says what is open and not compared', async () => {
    const { text } = await ask('/console/day', await signIn('基金员'))
    expect(text).toContain('1笔尚无结果，未计入金额')
    expect(text).toContain('甘肃省')
    expect(text).toContain('不能据此认为账目相符')
  })

  it.each(['2030-01-01', '2025-02-30', 'x'])('day: refuses %s in a sentence', async (day) => {
    const { status, text } = await ask(`/console/day?day=${day}`, await signIn('基金员'))
    expect([status, text.includes('日期须为YYYY-MM-DD')]).toEqual([400, true])
  })

  it('money: finds by settlement id and visit as well, and looks for no number of a person', async () => {
    const cookie = await signIn('业务员')
    const { text } = await ask(await addressOf(cookie, ids.stands), cookie)
    const settlement = /结算ID <span class="id">([^<]+)</.exec(text)![1]!
    const visit = /就诊ID (\d+|[\w-]+)</.exec(text)![1]!
    expect((await ask('/console/money', cookie, { text: settlement })).to).toBe(
      await addressOf(cookie, ids.stands),
    )
    expect((await ask('/console/money', cookie, { text: visit })).text).toContain(ids.stands)
    const person = await ask('/console/money', cookie, { text: '13800138000' })
    expect([person.status, person.text.includes('13800138000')]).toEqual([400, false])
  })
})

describe('an unknown settlement', () => {
  it('is on the list with its age, owner, next step and closing day', async () => {
    const { text } = await ask('/console/unknown', await signIn('业务员'))
    const row = text.split('<tr>').find((one) => one.includes(ids.unknown))!
    for (const word of ['2207', HOSPITAL, '结果未知', '网关自动处理', '向平台查询', '还有'])
      expect(row).toContain(word)
  })

  it('masks what is personal, and reveals it with a reason that the journal keeps', async () => {
    const cookie = await signIn('稽核员')
    const address = await addressOf(cookie, ids.unknown)
    expect((await ask(address, cookie)).text).not.toContain(person.psn_no)
    const revealed = await ask(`${address}/reveal`, cookie, { reason: '核对参保人身份' })
    expect(revealed.text).toContain(person.psn_no)
    // A page waits until the tables hold what is durable.
    await ask('/console/live', cookie)
    const database = openDatabaseForReading(databaseFile(system.dataDir))
    const kept = database.$client
      .prepare('select id, caller from exchange where "transaction" = ?')
      .all('console')
    database.$client.close()
    expect(kept).toMatchObject([{ caller: '稽核员' }])
    expect(system.log()).not.toContain(person.psn_no)
  })

  it('has one button that may be pressed, which asks the platform and ends it', async () => {
    const cookie = await signIn('业务员')
    const address = await addressOf(cookie, ids.unknown)
    const { text } = await ask(address, cookie)
    expect(text.match(/<button disabled/g)).toHaveLength(2)
    expect(text).toContain('须先向平台查询')
    for (const action of ['reverse', 'confirm', 'nothing'])
      expect((await ask(`${address}/act`, cookie, { action })).status).toBeGreaterThanOrEqual(400)
    // Not in the same breath as the step before.
    await vi.waitUntil(async () => (await ask(`${address}/act`, cookie, { action: 'ask' })).status === 303, {
      ...{ timeout: stretched(20_000), interval: 200 },
    })
    await vi.waitUntil(async () => (await ask(address, cookie)).text.includes('<strong>平台已办</strong>'), {
      ...{ timeout: stretched(20_000), interval: 200 },
    })
    const after = (await ask(address, cookie)).text
    expect(after).toContain('当时告知结果未知，结果已有变化')
    expect(after.match(/<button disabled/g)).toHaveLength(3)
    expect(await system.agreement()).toMatchObject({ lost: 0, doubled: 0, unknown: 0, fenDifference: 0 })
  })
})
