/** After a restore, what was done since the backup is looked for at the platform and not done again. */
import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { compared } from '../../src/commands/compared.ts'
import type { Instant } from '../../src/domain/day.ts'
import { backUp, restore } from '../../src/journal/backup/backup.ts'
import { type Clock, systemClock } from '../../src/ports.ts'
import { runCommand } from '../support/command.ts'
import {
  bodies,
  type Gateway,
  keyed,
  No,
  type Platform,
  Silence,
  startGateway,
  wellPlatform,
} from './rest-support.ts'

type Row = Record<string, unknown>

const given = bodies({ code: 'J18.900', name: '支气管肺炎' }, 'XA10BAE909A001010199003')
const VISITS = ['V1', 'V2', 'V3', 'V4', 'V5']
const settle = (gateway: Gateway, visit: string, key = `settle-${visit}`, bill: Row = given.bill) =>
  gateway.post(`/v1/encounters/E-${visit}/settlement`, bill, keyed(key))
const open = (gateway: Gateway, visit: string, more: Row = {}, key = `open-${visit}`) =>
  gateway.post('/v1/encounters', { ...given.outpatient(visit), ...more }, keyed(key))

/** A platform with a book: what it has done it shows to 5201 and 5203, whoever asks. */
function booked() {
  const visits: Row[] = []
  const settlements: { readonly visit: unknown; readonly setlinfo: Row; readonly setldetail: unknown }[] = []
  let isSilent = false
  const platform: Platform = async (message) => {
    const { infno, input } = message
    const data: Row = input.data ?? {}
    if (isSilent && ['5201', '5203'].includes(infno)) throw new No('查询服务暂停')
    if (infno === '5201') return { mdtrtinfo: visits.filter(({ psn_no }) => psn_no === data.psn_no) }
    if (infno === '5202') {
      if (isSilent) throw new No('查询服务暂停')
      return { diseinfo: [] }
    }
    if (infno === '5203') {
      const last = settlements.findLast(({ visit }) => visit === data.mdtrt_id)
      if (!last) throw new No('未查询到结算记录')
      return { setlinfo: last.setlinfo, setldetail: last.setldetail }
    }
    const output = (await wellPlatform(message)) as Record<string, Row>
    if (infno === '2201') visits.push({ ...data, ...output.data })
    if (infno === '2207') {
      const setlinfo = { ...output.setlinfo, setl_id: `S${settlements.length + 1}` }
      settlements.push({ visit: data.mdtrt_id, setlinfo, setldetail: output.setldetail })
      return { ...output, setlinfo }
    }
    if (infno === '2208') {
      const setlinfo = { ...output.setlinfo, medins_setl_id: message.msgid, refd_setl_flag: '1' }
      settlements.push({ visit: data.mdtrt_id, setlinfo, setldetail: [] })
    }
    return output
  }
  return {
    platform,
    visits,
    settlements,
    silent: (silent: boolean) => {
      isSilent = silent
    },
  }
}

/** What was under way when all was lost has ended by then. */
const LATER = { ...systemClock, now: () => (systemClock.now() + 60_000) as Instant }

/** Says that the journal was compared with the platforms. */
async function compare({ directory }: Gateway) {
  expect((await runCommand(compared, { ZHIJIE_DATA: directory }, ['--by', '张三'])).code).toBe(0)
}

/** Sends a message of the national interface as it is. */
const national = (gateway: Gateway, message: Row) => gateway.post('/hss-call-service-interface', message)

/** A gateway that was put back from a backup: five visits are in it, and not what `after` has done. */
async function putBack(after: (gateway: Gateway) => Promise<void>, clock: Clock = LATER) {
  const book = booked()
  const first = await startGateway()
  first.platform = book.platform
  for (const visit of VISITS) expect(await open(first, visit)).toMatchObject({ status: 201 })
  const copy = join(mkdtempSync(join(tmpdir(), 'zhijie-forgotten-')), 'copy')
  await backUp(first.directory, join(first.directory, 'archive'), copy)
  await after(first)
  const data = mkdtempSync(join(tmpdir(), 'zhijie-forgotten-'))
  cpSync(join(first.directory, 'key'), join(data, 'key'))
  await first.close()
  await restore(copy, data, false, Date.now())
  const gateway = await startGateway(undefined, { clock }, data)
  gateway.platform = book.platform
  const left = () => gateway.received.filter(({ infno }) => infno.startsWith('2')).map(({ infno }) => infno)
  return { gateway, left, ...book }
}

it('five settlements after the backup are not made again under their keys: the client gets what the first made', async () => {
  const firsts = new Map<string, Row>()
  const { gateway, settlements, left } = await putBack(async (first) => {
    for (const visit of VISITS) firsts.set(visit, (await settle(first, visit)).json)
  })
  for (const visit of VISITS) {
    const again = await settle(gateway, visit)
    expect(again.status).toBe(201)
    const { settlement, totalFen, fundFen, cashFen, funds } = firsts.get(visit)!
    expect(again.json).toMatchObject({ settlement, totalFen, fundFen, cashFen, funds })
    expect((await settle(gateway, visit)).text).toBe(again.text)
  }
  expect(left()).toEqual([])
  expect(settlements).toHaveLength(5)
  const found = await gateway.ask(
    `/v1/status?institution=${given.filing.institution}&transaction=2207&message=${settlements[0]!.setlinfo.medins_setl_id}`,
  )
  expect(found.text).toContain('S1')
  await gateway.close()
})

it('a visit that was opened after the backup is not opened again; another one of the patient that day is not taken for it', async () => {
  const { gateway, visits, left } = await putBack(async (first) => {
    expect(await open(first, 'V6')).toMatchObject({ status: 201 })
  })
  expect(await open(gateway, 'V6', { begins: '2025-03-12 14:00:00' }, 'another')).toMatchObject({
    status: 409,
    json: { type: '/problems/compare-first' },
  })
  const again = await open(gateway, 'V6')
  expect(again.json).toMatchObject({ encounter: 'E-V6' })
  expect(visits.filter(({ ipt_otp_no }) => ipt_otp_no === 'V6')).toHaveLength(1)
  expect(left()).not.toContain('2201')
  await gateway.close()
})

it('what was not done after the backup is looked for once and leaves; a visit opened since needs no looking', async () => {
  const { gateway, settlements, left } = await putBack(async () => {})
  expect(await settle(gateway, 'V1')).toMatchObject({ status: 201 })
  expect(await open(gateway, 'V7')).toMatchObject({ status: 201 })
  gateway.received.length = 0
  expect(await gateway.post('/v1/encounters/E-V7/lines', given.lines, keyed('lines'))).toMatchObject({
    status: 200,
  })
  expect(await settle(gateway, 'V7')).toMatchObject({ status: 201 })
  expect(gateway.received.map(({ infno }) => infno)).toEqual(['2204', '2207'])
  expect(settlements).toHaveLength(2)
  expect(left()).toEqual(['2204', '2207'])
  await gateway.close()
})

it('what cannot be told apart, and what the platform does not show, does not leave', async () => {
  const { gateway, settlements, silent, left } = await putBack(async (first) => {
    await settle(first, 'V1')
  })
  const other = await settle(gateway, 'V1', 'other', { ...given.bill, totalFen: 30000, inScopeFen: 26800 })
  expect(other).toMatchObject({
    status: 409,
    json: { type: '/problems/compare-first', retry: 'inquire-first' },
  })
  expect(other.json.detail).toContain('在备份之后另有办理')
  silent(true)
  expect(await settle(gateway, 'V2')).toMatchObject({
    status: 409,
    json: { type: '/problems/compare-first' },
  })
  expect(await gateway.post('/v1/encounters/E-V2/lines', given.lines, keyed('l'))).toMatchObject({
    status: 409,
  })
  // What was taken under one key is not given to another one, and nothing is settled beside it.
  silent(false)
  expect(await settle(gateway, 'V1')).toMatchObject({ status: 201 })
  expect(await settle(gateway, 'V1', 'another-key')).toMatchObject({
    status: 409,
    json: { type: '/problems/compare-first' },
  })
  expect(settlements).toHaveLength(1)
  expect(left()).toEqual([])
  await gateway.close()
})

it('a cancellation leaves where its settlement still stands, and not where something else does', async () => {
  const { gateway, settlements, left } = await putBack(async (first) => {
    await settle(first, 'V1')
    await settle(first, 'V2')
  })
  expect(await settle(gateway, 'V1')).toMatchObject({ status: 201 })
  const cancel = (settlement: string, encounter: string, key: string) =>
    gateway.post(`/v1/settlements/${settlement}/cancellation`, { encounter }, keyed(key))
  expect(await cancel('S1', 'E-V1', 'cancel-1')).toMatchObject({ status: 201 })
  expect(left()).toEqual(['2208'])
  settlements[1]!.setlinfo.refd_setl_flag = '1'
  expect(await settle(gateway, 'V2')).toMatchObject({
    status: 409,
    json: { type: '/problems/compare-first' },
  })
  await gateway.close()
})

it('what is looked for in vain does not leave before what was on its way at the loss has ended', async () => {
  const { gateway, left } = await putBack(async () => {}, systemClock)
  expect(await settle(gateway, 'V1')).toMatchObject({
    status: 409,
    json: { type: '/problems/compare-first' },
  })
  expect(left()).toEqual([])
  await gateway.close()
})

it('after the comparison, what a hospital system sends again is not done again and is told what the first was', async () => {
  let [sent, undone] = [{} as Row, {} as Row]
  const { gateway, settlements, left } = await putBack(async (first) => {
    const last = () => JSON.parse(JSON.stringify(first.received.at(-1))) as Row & { input: { data: Row } }
    const as = (message: ReturnType<typeof last>, visit: string, more: Row = {}) => ({
      ...message,
      msgid: String(message.msgid).replace(/.{4}$/, visit.padStart(4, '9')),
      input: { ...message.input, data: { ...message.input.data, mdtrt_id: `E-${visit}`, ...more } },
    })
    await settle(first, 'V1')
    sent = as(last(), 'V2')
    expect((await national(first, sent)).json).toMatchObject({ infcode: 0 })
    await settle(first, 'V3')
    await settle(first, 'V4')
    await first.post('/v1/settlements/S3/cancellation', { encounter: 'E-V3' }, keyed('cancel-3'))
    undone = as(last(), 'V4', { setl_id: 'S4' })
    expect((await national(first, undone)).json).toMatchObject({ infcode: 0 })
  })
  await compare(gateway)
  const again = await settle(gateway, 'V1')
  expect(again).toMatchObject({ status: 201, json: { settlement: 'S1', totalFen: 20000 } })
  expect((await settle(gateway, 'V1')).text).toBe(again.text)
  expect((await national(gateway, sent)).json).toMatchObject({
    infcode: 0,
    output: { setlinfo: { setl_id: 'S2' } },
  })
  expect((await national(gateway, undone)).json).toMatchObject({
    infcode: 0,
    output: { setlinfo: { setl_id: 'R-S4' } },
  })
  expect(left()).toEqual([])
  expect(settlements).toHaveLength(6)
  await gateway.close()
})

it('after the comparison, what does not stand there leaves after one question, and a day later without one', async () => {
  let ahead = 60_000
  const clock = { ...systemClock, now: () => (systemClock.now() + ahead) as Instant }
  const { gateway, left } = await putBack(async (first) => void (await settle(first, 'V1')), clock)
  await compare(gateway)
  expect(await settle(gateway, 'V2')).toMatchObject({ status: 201 })
  expect(gateway.received.map(({ infno }) => infno)).toEqual(['5203', '2207'])
  const other = { ...given.bill, totalFen: 30000, inScopeFen: 26800 }
  // It leaves; that platform answers every bill with one sum, so what comes of it is not known.
  expect(await settle(gateway, 'V1', 'other', other)).toMatchObject({ status: 504 })
  expect(left()).toEqual(['2207', '2207'])
  gateway.received.length = 0
  ahead = 25 * 60 * 60_000
  expect(await settle(gateway, 'V3')).toMatchObject({ status: 201 })
  expect(gateway.received.map(({ infno }) => infno)).toEqual(['2207'])
  await gateway.close()
})

it('after the comparison, money does not leave where the platform does not answer whether it stands there', async () => {
  const { gateway, settlements, platform } = await putBack(async (first) => void (await settle(first, 'V1')))
  await compare(gateway)
  gateway.platform = (message) => {
    if (message.infno === '5203') throw new Silence(true)
    return platform(message)
  }
  expect(await settle(gateway, 'V1')).toMatchObject({
    status: 503,
    json: { type: '/problems/destination-down', retry: 'same-key' },
  })
  gateway.platform = platform
  expect(await settle(gateway, 'V1')).toMatchObject({ status: 201, json: { settlement: 'S1' } })
  expect(settlements).toHaveLength(1)
  await gateway.close()
})
