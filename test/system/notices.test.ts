/** A notice of the settlement centre ends an order that lingers, long before recovery would have asked again. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { nationalMessage } from '../../src/client/message.ts'
import { peopleOf } from '../../src/simulator/people.ts'
import { stretched } from '../support/stretched.ts'
import { HOSPITAL, messageId, type System, startSystem, timeNow, yes } from './support.ts'

const keySha256 = (key: string) => createHash('sha256').update(key).digest('hex')
/** Each has its id for its key. */
const CALLERS = [
  { id: 'his', institutions: [HOSPITAL] },
  { id: 'anhui', role: 'platform', platforms: ['340000'] },
  { id: 'gansu', role: 'platform', platforms: ['620000'] },
].map((row) => ({ ...row, keySha256: keySha256(row.id) }))
/** Recovery asks as seldom as it can: nothing in this test waits for it. */
const SELDOM = { ZHIJIE_RECOVERY_PAUSE_MS: '600000', ZHIJIE_DEADLINE_MS: String(stretched(3_000)) }
/** Shorter than the pause of recovery, which is capped at a minute and jittered to 45 s at least. */
const PATIENT = { timeout: stretched(6_000), interval: 200 }

const person = peopleOf('340000').find(
  ({ insurance: [first] }) => first!.status === '1' && first!.insutype === '310',
)!
const HERE = { insuplc_admdvs: person.insurance[0]!.area }
const identity = { idNo: person.document, userName: person.name, idType: '01' }

let system: System
beforeAll(async () => {
  system = await startSystem(SELDOM)
})
afterAll(() => system.stop())

/** A notice as the centre sends it. */
interface Notice {
  readonly institution: string
  readonly institutionName: string
  readonly treatmentArea: string
  readonly insuredArea: string
  readonly input: { readonly data: Readonly<Record<string, string>> }
}

/** Hands a notice to the gateway. */
async function post({ institution, institutionName: name, ...notice }: Notice, key: string | null) {
  const { treatmentArea, insuredArea, input } = notice
  const place = { institution, name, treatmentArea, insuredArea }
  const body = nationalMessage(place, '6302', input, { id: messageId(), at: timeNow() })
  const answer = await fetch(`${system.url()}/platform/notices`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { 'x-api-key': key }) },
    body: JSON.stringify(body),
  })
  const problem = answer.headers.get('zhijie-problem')
  return { status: answer.status, problem, json: (await answer.json()) as Record<string, unknown> }
}

/** An order whose payment lingers. */
async function lingering(): Promise<string> {
  await system.faults(system.treating, { kind: 'linger', state: '3', ms: 1_000, times: 1 })
  const upload = {
    ...{ orgCodg: HOSPITAL, psnNo: person.number, insutype: '310', medOrgOrd: 'M1', ...identity },
    ...{ begntime: timeNow(), ecToken: 'E1', iptOtpNo: 'MZ1', medType: '11', mdtrtId: '' },
    ...{ atddrNo: 'D340102000001', drName: '医师甲', deptCode: '0101', deptName: '内科', caty: 'A03' },
    ...{ chrgBchno: 'B1', medfeeSumamt: 100, acctUsedFlag: '1' },
    feedetailList: [
      {
        ...{ feedetlSn: 'F1', feeOcurTime: timeNow(), medListCodg: '002503000010000-250301001' },
        ...{ medinsListCodg: 'L1', detItemFeeSumamt: 100, cnt: 1, pric: 100 },
      },
    ],
  }
  const { payOrdId, payToken } = yes(await system.send('6201', { data: upload }, undefined, HERE)).data
  const payment = { payOrdId, payToken, orgCodg: HOSPITAL, mdtrtId: '' }
  const paid = await system.send('6202', { data: payment }, undefined, HERE)
  expect(paid.json.infcode).not.toBe(0)
  return payOrdId
}

const cases = () => system.app().recovery.cases()

it('is believed by nobody and hurries one question: what that shows settles the order', async () => {
  const order = await lingering()
  expect(await cases()).toHaveLength(1)
  const file = join(system.dataDir, 'callers.json')
  writeFileSync(file, JSON.stringify(CALLERS))

  // The centre notifies once the order has ended.
  let notice: Notice | undefined
  const notices = async () => {
    const taken = await fetch(`${system.treating.url}/notices`, { method: 'PUT' })
    return ((await taken.json()) as { notices: Notice[] }).notices[0]
  }
  await expect.poll(async () => (notice ??= await notices()), PATIENT).toBeDefined()
  expect(notice!.input.data.payOrdId).toBe(order)
  await system.restart({ ZHIJIE_CALLERS: file })

  expect(await post(notice!, null)).toMatchObject({ status: 401 })
  expect(await post(notice!, 'his')).toMatchObject({ status: 403, json: { type: '/problems/wrong-role' } })
  expect(await post(notice!, 'gansu')).toMatchObject({
    problem: 'foreign-institution',
    json: { infcode: -1 },
  })
  const unknown = { ...notice!, input: { data: { ...notice!.input.data, payOrdId: 'ORD1' } } }
  expect(await post(unknown, 'anhui')).toMatchObject({ problem: 'not-found', json: { infcode: -1 } })
  expect(await cases()).toHaveLength(1)

  // The centre sends it until it is acknowledged, and once more.
  await expect
    .poll(async () => {
      expect(await post(notice!, 'anhui')).toMatchObject({ problem: null, json: { infcode: 0 } })
      return (await cases()).length
    }, PATIENT)
    .toBe(0)
  expect(await post(notice!, 'anhui')).toMatchObject({
    json: { output: { data: { success: true, message: expect.stringContaining('已有结果') } } },
  })
  expect(await system.agreement()).toMatchObject({ lost: 0, doubled: 0, unknown: 0, fenDifference: 0 })
})
