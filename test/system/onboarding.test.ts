/** A suspended lane refuses before anything leaves; what was settled stays undoable; no restart to change. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseFile, openDatabaseForReading } from '../../src/store/database.ts'
import {
  about,
  filedPerson,
  HOSPITAL,
  messageId,
  openVisit,
  patient,
  type System,
  startSystem,
  type Visit,
  yes,
} from './support.ts'

const SENTENCE = `定点医药机构${HOSPITAL}未开通跨省普通门诊（职工医保）直接结算（已暂停），本次未发出，费用没有变动；请按自费结算，由参保人回参保地手工报销，或到已开通的机构就医`

let system: System
let settled: { readonly visit: Visit; readonly id: string; readonly settlement: string }
let open: Visit

beforeAll(async () => {
  system = await startSystem(patient())
  const visit = await openVisit(system)
  const id = messageId()
  const { setlinfo } = yes(await send('2207', visit.settlement, id))
  settled = { visit, id, settlement: setlinfo.setl_id }
  open = await openVisit(system)
})
afterAll(() => system.stop())

const send = (infno: string, input: unknown, id?: string) =>
  system.send(infno, input, id, about(filedPerson()))

async function ask(body?: unknown) {
  const answer = await fetch(`${system.url()}/v1/onboarding`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: a page is whatever the gateway says
  return { status: answer.status, json: (await answer.json()) as any }
}

const step = (state: string, more = {}) => ({
  ...{ institution: HOSPITAL, lane: 'outpatient', reach: 'cross', population: 'employee' },
  ...{ state, reason: '协议处理' },
  ...more,
})

/** What the journal keeps of a refused message: problem, reason, and whether it ever left. */
async function kept(message: string) {
  await system.app().indexed()
  const database = openDatabaseForReading(databaseFile(system.dataDir))
  const row = database.$client
    .prepare(
      'select o.state, o.problem, o.reason, o.hop from outcome o join exchange e on e.id = o.exchange where e.message = ?',
    )
    .get(message)
  database.$client.close()
  return row as Record<string, unknown>
}

describe('an institution whose lane is suspended', () => {
  it('is refused trial, settlement and a new visit at once, by E302, and nothing leaves', async () => {
    const { status, json } = await ask(step('suspended'))
    expect(status).toBe(200)
    expect(json.openings).toMatchObject([
      { steps: [{ state: 'suspended', by: 'local', reason: '协议处理' }] },
    ])
    const id = messageId()
    for (const told of [await send('2206', open.settlement), await send('2207', open.settlement, id)]) {
      expect(told.json).toMatchObject({ infcode: -1, err_msg: `E302 [institution-closed] ${SENTENCE}` })
    }
    expect(await kept(id)).toMatchObject({
      state: 'rejected',
      problem: 'institution-closed',
      reason: 'E302',
      hop: 'gateway',
    })
    await expect(openVisit(system)).rejects.toThrow('E302')
    expect((await system.agreement()).differences).toEqual([])
  })

  it('is so after a restart', async () => {
    await system.restart()
    expect((await send('2207', open.settlement)).json.err_msg).toContain('（已暂停）')
    const { json } = await ask()
    expect(json.institutions).toMatchObject({ opened: 7, applied: 28, suspended: 1 })
  })

  it('is answered for what it settled before, and can query and cancel it', async () => {
    const { visit, id, settlement } = settled
    const again = await send('2207', visit.settlement, id)
    expect(yes(again).setlinfo.setl_id).toBe(settlement)
    const of = { psn_no: visit.person.number, mdtrt_id: visit.encounter, setl_id: settlement }
    expect(yes(await send('5203', { data: of })).setlinfo.setl_id).toBe(settlement)
    expect(yes(await send('2208', { data: of })).setlinfo.medfee_sumamt).toBeLessThan(0)
  })

  it('settles again once it is opened again, without a restart', async () => {
    expect((await ask(step('opened', { reason: '恢复' }))).status).toBe(200)
    yes(await send('2207', open.settlement))
  })
})

describe('POST /v1/onboarding', () => {
  it.each<[string, unknown, string[], string]>([
    ['another state', step('closed'), ['state'], 'state缺失或不正确，没有变更'],
    ['a field of its own', step('suspended', { by: '别人' }), ['by'], 'by缺失或不正确，没有变更'],
    ['a day that is none', step('suspended', { from: '2026-02-30' }), ['from'], 'from缺失或不正确，没有变更'],
    ['no object', 7, [], '请提交JSON对象，没有变更'],
    ['a leap', step('tested'), [], '现为“已开通”，下一步只能是“已暂停”'],
  ])('refuses %s', async (_what, body, fields, says) => {
    const { status, json } = await ask(body)
    expect(status).toBe(422)
    expect(json.detail).toContain(says)
    expect((json.fields ?? []).map(({ field }: { field: string }) => field)).toEqual(fields)
  })
})
