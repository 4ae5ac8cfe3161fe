/** Whatever a network does to a settlement on its way, it ends in a clear word or "unknown", and never twice. */

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { openHospital } from '../../src/client/hospital.ts'
import { readConfig } from '../../src/config.ts'
import { type Bill, drawBill } from '../../src/demo/bills.ts'
import { playBill } from '../../src/demo/counter.ts'
import { readJournalBook } from '../../src/ledger/journal-book.ts'
import { reconcile } from '../../src/ledger/reconciliation.ts'
import { createLog } from '../../src/log.ts'
import { systemClock, systemRandom } from '../../src/ports.ts'
import { createDice } from '../../src/seeded-random.ts'
import type { BookPage } from '../../src/simulator/admin.ts'
import { type Platform, startPlatform } from '../../src/simulator/platform.ts'
import { databaseFile, openDatabaseForReading } from '../../src/store/database.ts'
import { createNetwork } from '../../src/transport/network.ts'
import {
  about,
  HOSPITAL,
  messageId,
  openVisit,
  type Said,
  type System,
  timeNow,
  type Visit,
  yes,
} from '../system/support.ts'
import { readWorld } from './kills/bills.ts'
import { type Behaviour, type FaultProxy, type Passing, type ProxyEvents, startProxy } from './proxy.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'zhijie-proxy-'))
const points: [keyof ProxyEvents, Passing][] = []
let platforms: Platform[]
let proxies: FaultProxy[]
/** The one that stands before the national platform, through which everything across provinces goes. */
let proxy: FaultProxy
let app: App
let server: Server
let url: string
let stay: Bill

beforeAll(async () => {
  const fast = { engineDelay: { fromMs: 0, toMs: 0 }, dataDir, port: 0 }
  const insured = await startPlatform({ ...fast, platform: '620000' })
  const treating = await startPlatform({ ...fast, platform: '340000' })
  const provinces = { '620000': insured.url, '340000': treating.url }
  const national = await startPlatform({ ...fast, platform: 'national', provinces, nationalDeadlineMs: 300 })
  platforms = [national, insured, treating]
  const note = (event: keyof ProxyEvents) => (passing: Passing) => {
    points.push([event, passing])
    return undefined
  }
  proxies = await Promise.all(
    platforms.map((platform) =>
      startProxy(platform.url, {
        onRequest: note('onRequest'),
        onForwarded: note('onForwarded'),
        onReply: note('onReply'),
        onPassed: note('onPassed'),
      }),
    ),
  )
  proxy = proxies[0]!
  const addresses = Object.fromEntries(
    platforms.map(({ platform }, index) => [platform, proxies[index]!.url]),
  )
  app = await createApp({
    config: readConfig({
      ZHIJIE_DATA: dataDir,
      ZHIJIE_DEADLINE_MS: '400',
      ZHIJIE_QUERY_DEADLINE_MS: '400',
      ZHIJIE_RECOVERY_PAUSE_MS: '20',
    }),
    clock: systemClock,
    random: systemRandom,
    network: createNetwork(),
    addresses,
    log: createLog('silent', { write: () => {} }),
  })
  server = createServer((request, response) => void app.listener(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  const world = await readWorld([insured.url])
  const dice = createDice(7)
  const bills = Array.from({ length: 200 }, (_, number) => drawBill(dice, world, number + 1))
  const found = bills.find(
    ({ lane, person, institution }) =>
      lane === 'inpatient' &&
      institution.code.startsWith('H34') &&
      person.insurance[0]!.psn_insu_stas === '1' &&
      person.filings.some(({ destination, until }) => destination.startsWith('34') && until === null),
  )
  if (!found) throw new Error('No bill of a stay in Anhui was drawn')
  stay = { ...found, twist: 'cancelled', lines: found.lines.slice(0, 3) }
})

afterEach(() => {
  for (const one of proxies) one.clear()
})

afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await app.close()
  for (const one of proxies) await one.close()
  for (const platform of platforms) await platform.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function send(infno: string, input: unknown, msgid = messageId(), more = {}): Promise<Said> {
  const head = { infno, msgid, mdtrtarea_admvs: '340102', insuplc_admdvs: '621000', sign_no: '' }
  const sender = { recer_sys_code: 'MBS_LOCAL', infver: 'V1.0', opter_type: '1', opter: '0001' }
  const place = { opter_name: '收费员甲', fixmedins_code: HOSPITAL, fixmedins_name: '示例医院（虚构）' }
  const answer = await fetch(`${url}/hss-call-service-interface`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...head, ...sender, ...place, inf_time: timeNow(), input, ...more }),
  })
  const text = await answer.text()
  return { text, json: JSON.parse(text) }
}

const visiting = () => openVisit({ send } as unknown as System)
const settle = (visit: Visit, id: string) => send('2207', visit.settlement, id, about(visit.person))

async function settled(): Promise<void> {
  await expect.poll(() => app.recovery.cases()).toEqual([])
}

async function booksOf(): Promise<BookPage[]> {
  return Promise.all(
    platforms.map(async (platform) => (await (await fetch(`${platform.url}/book`)).json()) as BookPage),
  )
}

async function expectAgreement(): Promise<void> {
  await app.indexed()
  const database = openDatabaseForReading(databaseFile(dataDir))
  const rows = readJournalBook(database)
  database.$client.close()
  const nothing = { lost: 0, doubled: 0, unknown: 0, fenDifference: 0, differences: [] }
  expect(reconcile(rows, await booksOf())).toEqual(nothing)
}

/** Settlements less cancellations that stand for a visit in its insured province. */
async function netOf(encounter: string): Promise<number> {
  const rows = (await booksOf())[1]!.settlements.filter(
    (row) => row.mdtrt_id === encounter && row.state === 'settled',
  )
  return rows.reduce((net, row) => net + (row.init_setl_id === null ? 1 : -1), 0)
}

/** No message of money came to a platform twice. */
function expectNoneResent(): void {
  const money = proxies
    .flatMap(({ seen }) => seen)
    .filter(({ transaction }) => ['2207', '2208', '2304', '2305'].includes(transaction))
    .map(({ transaction, message }) => `${transaction} ${message}`)
  expect(money).toEqual([...new Set(money)])
}

type Ends = 'settled' | 'reversed' | 'either'
const BEHAVIOURS: readonly { name: string; behaviour: Behaviour; says: 'yes' | 'unknown'; ends: Ends }[] = [
  { name: 'passes', behaviour: { is: 'pass' }, says: 'yes', ends: 'settled' },
  {
    name: 'resets before a byte is forwarded',
    behaviour: { is: 'reset-before' },
    says: 'unknown',
    ends: 'reversed',
  },
  {
    name: 'resets after it was forwarded',
    behaviour: { is: 'reset-after' },
    says: 'unknown',
    ends: 'settled',
  },
  {
    name: 'resets in the middle of the answer',
    behaviour: { is: 'reset-middle' },
    says: 'unknown',
    ends: 'settled',
  },
  {
    name: 'closes its half without an answer',
    behaviour: { is: 'half-close' },
    says: 'unknown',
    ends: 'settled',
  },
  {
    name: 'answers one byte at a time, too slowly',
    behaviour: { is: 'drip', paceMs: 20 },
    says: 'unknown',
    ends: 'settled',
  },
  {
    name: 'takes everything and answers nothing',
    behaviour: { is: 'black-hole' },
    says: 'unknown',
    ends: 'reversed',
  },
  { name: 'answers late, in time', behaviour: { is: 'late', ms: 150 }, says: 'yes', ends: 'settled' },
  {
    name: 'answers after the deadline',
    behaviour: { is: 'late', ms: 600 },
    says: 'unknown',
    ends: 'settled',
  },
  { name: 'answers twice', behaviour: { is: 'double' }, says: 'yes', ends: 'settled' },
  {
    name: 'closes an idle connection as it is used again',
    behaviour: { is: 'keep-alive-race' },
    says: 'unknown',
    ends: 'reversed',
  },
]

function expectSaid(said: Said, says: 'yes' | 'unknown'): void {
  if (says === 'yes') return void yes(said)
  expect(said.json.infcode).toBe(-1)
  expect(said.json.err_msg).toContain('结果未知')
}

describe('a settlement (2207) through a network that', () => {
  it.each(BEHAVIOURS)('$name ends as it stands in the books, once', async ({ behaviour, says, ends }) => {
    const visit = await visiting()
    proxy.request(behaviour, { transaction: '2207' })
    const id = messageId()
    expectSaid(await settle(visit, id), says)
    expect(proxy.seen.find(({ message }) => message === id)!.behaviour).toBe(behaviour.is)
    await settled()
    const later = await settle(visit, id)
    if (ends === 'settled') yes(later)
    else expect(later.json.err_msg).toContain('可用新的报文ID重新办理')
    expect(proxy.posts(id, '2207')).toBe(1)
    if (ends === 'reversed') yes(await settle(visit, messageId()))
    expect(await netOf(visit.encounter)).toBe(1)
    expectNoneResent()
    await expectAgreement()
  })
})

describe('a cancellation (2208) through a network that', () => {
  it.each(BEHAVIOURS)('$name ends as it stands in the books, once', async ({ behaviour, says, ends }) => {
    const visit = await visiting()
    const { setl_id } = yes(await settle(visit, messageId())).setlinfo
    proxy.request(behaviour, { transaction: '2208' })
    const id = messageId()
    const data = { setl_id, mdtrt_id: visit.encounter, psn_no: visit.person.number }
    const cancel = (message: string) => send('2208', { data }, message, about(visit.person))
    expectSaid(await cancel(id), says)
    await settled()
    const later = await cancel(id)
    expect(proxy.posts(id, '2208')).toBe(1)
    const done = later.json.infcode === 0
    expect(await netOf(visit.encounter)).toBe(done ? 0 : 1)
    if (ends === 'reversed') expect(done).toBe(false)
    if (!done) yes(await cancel(messageId()))
    expect(await netOf(visit.encounter)).toBe(0)
    expectNoneResent()
    await expectAgreement()
  })
})

describe('a stay (2304, then 2305) through a network that', () => {
  const some = BEHAVIOURS.filter(({ behaviour }) => ['reset-after', 'black-hole'].includes(behaviour.is))
  it.each(some)('$name is settled once and cancelled once', async ({ behaviour }) => {
    proxy.request(behaviour, { transaction: '2304' })
    proxy.request(behaviour, { transaction: '2305' })
    const hospital = openHospital(url)
    const outcome = await playBill(hospital, stay)
    await hospital.close()
    expect(outcome).toMatchObject({ state: 'settled', cancelled: true })
    await settled()
    expectNoneResent()
    await expectAgreement()
  })
})

describe('a keep-alive race', () => {
  it('never makes a message of money leave twice, wherever the close falls', async () => {
    for (let round = 0; round < 20; round += 1) {
      const visit = await visiting()
      const id = messageId()
      const said = settle(visit, id)
      await new Promise((resolve) => setTimeout(resolve, round / 4))
      proxy.closeIdle()
      const { json } = await said
      if (json.infcode !== 0) expect(json.err_msg).toMatch(/结果未知|E702|重发/)
      await settled()
      if ((await settle(visit, id)).json.infcode !== 0) yes(await settle(visit, messageId()))
      expect(proxy.posts(id, '2207')).toBeLessThanOrEqual(1)
      expect(await netOf(visit.encounter)).toBe(1)
    }
    expectNoneResent()
    await expectAgreement()
  })
})

describe('startProxy()', () => {
  it('tells of every point in order', async () => {
    const visit = await visiting()
    const id = messageId()
    yes(await settle(visit, id))
    await expect
      .poll(() => points.filter(([, { message }]) => message === id).map(([event]) => event))
      .toEqual(['onRequest', 'onForwarded', 'onReply', 'onPassed'])
  })

  it('does to a whole connection what it is told', async () => {
    proxy.closeIdle()
    await new Promise((resolve) => setTimeout(resolve, 20))
    proxy.connection({ is: 'late', ms: 30 })
    const visit = await visiting()
    const behaviours = proxy.seen.slice(-3).map(({ behaviour }) => behaviour)
    expect(behaviours).toEqual(['late', 'late', 'late'])
    yes(await settle(visit, messageId()))
    await expectAgreement()
  })
})
