/** A notice of a platform hastens the gateway's own question, and is itself proof of nothing. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../../src/pipeline/callers.ts'
import { takeNotice } from '../../src/pipeline/notice.ts'
import { FROM_OTHER, freshId, said, type Told } from './owner-support.ts'
import { type Bench, bench, envelope, HOSPITAL } from './recovery-support.ts'

const HERE = { insuplc_admdvs: '340102' }
const PERSON = { idNo: '99003419600101100X', userName: '张三', idType: '01' }
const AMOUNTS = { feeSumamt: '100.00', ownPayAmt: '30.00', psnAcctPay: '10.00', fundPay: '60.00' }
const platform = (...platforms: string[]): Caller => ({
  ...{ id: 'centre', role: 'platform', institutions: new Set() },
  platforms: new Set(platforms),
})
const ANHUI = platform('340000')

/** What 6301 shows of the order. */
let shows: string
let made: Bench
beforeEach(() => {
  shows = '3'
  made = bench({
    behaviour: {
      says({ infno }) {
        if (infno === '6201')
          return { output: { data: { payOrdId: 'O1', payToken: 'T1', extData: '{"mdtrtId":"V1"}' } } }
        if (infno === '6202') return { output: { data: { payOrdId: 'O1', ordStas: '3', ...AMOUNTS } } }
        return { output: { data: { payOrdId: 'O1', ordStas: shows, ...AMOUNTS } } }
      },
    },
  })
})

const upload: Told = {
  infno: '6201',
  head: HERE,
  input: {
    data: {
      ...{ orgCodg: HOSPITAL, psnNo: 'P1', mdtrtId: '', chrgBchno: 'B1', medfeeSumamt: 100, ...PERSON },
      feedetailList: [{ detItemFeeSumamt: 100, chrgBchno: 'B1', mdtrtId: '0' }],
    },
  },
}
/** An order that is paid and has no outcome yet. @returns the message that pays it */
async function pending(): Promise<string> {
  const id = freshId()
  await said(made, upload)
  const input = { data: { payOrdId: 'O1', payToken: 'T1', orgCodg: HOSPITAL, mdtrtId: 'V1' } }
  expect(await said(made, { infno: '6202', id, head: HERE, input })).toMatchObject({
    problem: 'outcome-unknown',
  })
  return id
}

const { ownPayAmt: _, ...PARTS } = AMOUNTS
const NOTICE = {
  ...{ payOrdId: 'O1', callType: '02', medOrgOrd: 'M1', traceTime: '20260302090000', ...PARTS },
  ...{ ownpayAmt: '30.00', hiChrgTime: '090000', hiDocSn: 'S1', hiRgstSn: 'V1' },
  ...{ orgName: '示例医院（虚构）', setlType: 'ALL', revsToken: 'R1', extData: '' },
}
let asked = 0
async function notice(
  data = {},
  { caller = ANHUI, head = {}, infno = '6302' }: { caller?: Caller; head?: object; infno?: string } = {},
) {
  const recovery = { hasten: (...step: Parameters<Bench['workers'][0]['hasten']>) => hasten(...step) }
  const hasten: Bench['workers'][0]['hasten'] = (...step) => {
    asked += 1
    return made.workers[0]!.hasten(...step)
  }
  const message = {
    ...envelope(infno, freshId(), {}),
    ...HERE,
    ...head,
    input: { data: { ...NOTICE, ...data } },
  }
  const body = Buffer.from(JSON.stringify(message))
  return JSON.parse(
    String(await takeNotice({ services: made.services, recovery, ready: () => true }, caller, body)),
  )
}
beforeEach(() => {
  asked = 0
})

const stateOf = (id: string) => made.disk.byMessage(HOSPITAL, id, '6202')!.state
const questions = () => made.left.filter(({ asked: { infno } }) => infno === '6301').length
const noted = () => made.disk.batches.flat().filter(({ exchange }) => exchange?.transaction === '6302')

describe('a notice of an order that has no outcome', () => {
  it('makes the question be asked at once, whose answer settles it', async () => {
    const id = await pending()
    // By now the pauses are long.
    await made.pass(200_000)
    await made.until(() => made.left.at(-1)!.at < made.timeline.elapsed() - 1_500)
    shows = '6'
    const before = questions()
    expect(await notice()).toMatchObject({ infcode: 0, output: { data: { success: true } } })
    await made.pass(20)
    expect([questions(), stateOf(id)]).toEqual([before + 1, 'accepted'])
  })

  it('proves nothing: while the question shows the order unfinished it stays so, however paid it is told to be', async () => {
    const id = await pending()
    await made.pass(2_000)
    for (let time = 0; time < 5; time += 1) {
      expect(await notice()).toMatchObject({ infcode: 0 })
      await made.pass(1_100)
    }
    expect(stateOf(id)).toBe('unknown')
  })

  it('is noted before it is answered, with the order alone and nothing of the person or the money', async () => {
    await pending()
    await notice()
    const [{ exchange, outcome }] = noted() as [(typeof made.disk.batches)[0][0]]
    expect(exchange).toMatchObject({
      ...{ key: null, caller: 'centre', institution: HOSPITAL, settlement: null, person: null },
      destination: '340000',
    })
    expect(JSON.parse(String(exchange!.sealed))).toEqual({ order: 'O1', pending: 1 })
    expect(outcome).toMatchObject({ state: 'accepted' })
  })

  it('brings no search forward once one has missed the order: those end it as not done', async () => {
    const id = await pending()
    shows = '15'
    await made.until(() => (made.disk.byMessage(HOSPITAL, id, '6202')?.searches ?? 0) === 1)
    await made.pass(1_100)
    asked = 0
    expect(await notice()).toMatchObject({ infcode: 0 })
    expect(asked).toBe(0)
  })
})

describe('what is not taken changes nothing', () => {
  const refused = async (problem: string, text: string, telling: () => Promise<unknown>) => {
    const id = await pending()
    await made.pass(2_000)
    const before = noted().length
    await expect(telling()).rejects.toMatchObject({ code: problem, message: expect.stringContaining(text) })
    expect([asked, stateOf(id), noted().length]).toEqual([0, 'unknown', before])
  }

  it('of an order that nobody knows', () =>
    refused('not-found', '未查询到', () => notice({ payOrdId: 'O2' })))
  it("of another institution's", () =>
    refused('foreign-institution', '不属于', () =>
      notice({}, { head: { ...FROM_OTHER, insuplc_admdvs: '340102' } }),
    ))
  it('of another insured place', () =>
    refused('foreign-institution', '不属于', () => notice({}, { head: { insuplc_admdvs: '430102' } })))
  it('of another platform', () =>
    refused('foreign-institution', '平台', () => notice({}, { caller: platform('430000', 'national') })))
  it('of a caller that is none', () =>
    refused('foreign-institution', '平台', () => notice({}, { caller: platform() })))
  it('without its order', () => refused('invalid-field', 'payOrdId', () => notice({ payOrdId: '' })))
  it('with amounts that do not add up', () =>
    refused('invalid-field', 'feeSumamt', () => notice({ fundPay: '60.01' })))
  it('that is a transaction of a hospital', () =>
    refused('unknown-transaction', '6202', () => notice({}, { infno: '6202' })))
})

it('of an order that has its outcome is answered, noted and asks nothing', async () => {
  const id = await pending()
  shows = '6'
  await made.pass(200_000)
  expect(stateOf(id)).toBe('accepted')
  const before = made.left.length
  expect(await notice()).toMatchObject({
    infcode: 0,
    output: { data: { success: true, message: expect.stringContaining('已有结果') } },
  })
  expect(await notice()).toMatchObject({ infcode: 0 })
  await made.pass(5_000)
  expect([asked, made.left.length, stateOf(id), noted().length]).toEqual([0, before, 'accepted', 2])
})
