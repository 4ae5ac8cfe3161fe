/** What still works on messages whose segment is archived, and what says why it does not. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { segmentName } from '../../src/journal/segment/scan.ts'
import { verifyJournal } from '../../src/journal/verify/verify.ts'
import {
  about,
  HOSPITAL,
  messageId,
  openVisit,
  type System,
  startSystem,
  type Visit,
  yes,
} from './support.ts'

let system: System

/** A visit that was settled and archived, for each thing that may be done with it. */
interface Settled {
  readonly visit: Visit
  readonly message: string
  readonly settlement: string
}
let toCancel: Settled
let toReverse: Settled
let toAsk: Settled

async function settle(): Promise<Settled> {
  const visit = await openVisit(system)
  const message = messageId()
  const said = await system.send('2207', visit.settlement, message, about(visit.person))
  return { visit, message, settlement: yes(said).setlinfo.setl_id as string }
}

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the gateway says
async function heard(answer: Response): Promise<{ status: number; json: any }> {
  return { status: answer.status, json: await answer.json() }
}

const get = async (path: string) => heard(await fetch(system.url() + path))

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(system.url() + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return heard(answer)
}

beforeAll(async () => {
  system = await startSystem({ ZHIJIE_SEGMENT_BYTES: '65536' })
  toCancel = await settle()
  toReverse = await settle()
  toAsk = await settle()
  await system.archiveAll()
})
afterEach(async () => {
  await system.settled()
  expect(await system.agreement()).toMatchObject({ lost: 0, doubled: 0, unknown: 0, fenDifference: 0 })
})
afterAll(() => system.stop())

describe('a settlement whose segment is archived', () => {
  it('is cancelled by 2208, and the visit can be settled again', async () => {
    const { visit, settlement, message } = toCancel
    const data = { setl_id: settlement, mdtrt_id: visit.encounter, psn_no: visit.person.number }
    const said = await system.send('2208', { data }, messageId(), about(visit.person))
    expect(yes(said).setlinfo.medfee_sumamt).toBe(-90)
    // The settlement's own key goes on telling how its own message ended.
    const again = await system.send('2207', visit.settlement, message, about(visit.person))
    expect(again.json.infcode).toBe(-1)
    expect(again.json.err_msg).toContain(`平台已办理（结算ID ${settlement}）`)
    yes(await system.send('2207', visit.settlement, messageId(), about(visit.person)))
  })

  it('is reversed by 2601; the journal says so, and so does its key, with an answer that is stored again', async () => {
    const { visit, message } = toReverse
    const data = { psn_no: visit.person.number, omsgid: message, oinfno: '2207' }
    yes(await system.send('2601', { data }, undefined, about(visit.person)))
    const said = await system.send('2207', visit.settlement, message, about(visit.person))
    expect(said.json.err_msg).toContain('已冲正')
    expect((await system.send('2207', visit.settlement, message, about(visit.person))).text).toBe(said.text)
    const query = `institution=${HOSPITAL}&transaction=2207&message=${message}`
    const { json } = await get(`/v1/status?${query}`)
    expect(json.requests[0]).toMatchObject({ state: 'reversed', archived: true })
    yes(await system.send('2207', visit.settlement, messageId(), about(visit.person)))
  })

  it('is told by /v1/status and by 5203', async () => {
    const { visit, message, settlement } = toAsk
    const query = `institution=${HOSPITAL}&transaction=2207&message=${message}`
    expect((await get(`/v1/status?${query}`)).json.requests).toEqual([
      expect.objectContaining({ state: 'accepted', settlement, archived: true, answer: null }),
    ])
    const data = { psn_no: visit.person.number, mdtrt_id: visit.encounter, setl_id: settlement }
    const found = yes(await system.send('5203', { data }, undefined, about(visit.person)))
    expect(found.setlinfo.setl_id).toBe(settlement)
  })

  it('cannot be cancelled at the REST door, which says why and what to do', async () => {
    const { visit, settlement } = toAsk
    const path = `/v1/settlements/${settlement}/cancellation`
    const { status, json } = await post(path, { encounter: visit.encounter }, { 'idempotency-key': 'c-1' })
    expect(status).toBe(410)
    expect(json).toMatchObject({ type: '/problems/encounter-archived', retry: 'never', stage: 'receive' })
    expect(json.detail).toMatch(/未向平台发送.*2208/)
  })
})

describe('POST /v1/archive', () => {
  it('answers what it did and why it ended', async () => {
    const { status, json } = await post('/v1/archive', { olderThanDays: 36_500 })
    expect(status).toBe(200)
    expect(json).toMatchObject({
      archived: [],
      stays: { because: expect.stringMatching(/^(present|too-young)$/) },
    })
    expect(json.archivedUpTo).toBeGreaterThan(0)
    expect(existsSync(join(system.dataDir, 'journal', segmentName(1)))).toBe(false)
    expect(json.stays.segment).toBe(json.archivedUpTo + 1)
  })

  it.each([{}, { olderThanDays: '7' }, { olderThanDays: -1 }, { olderThanDays: 1.5 }])(
    'says what it wants where it is asked %j',
    async (body) => {
      const { status, json } = await post('/v1/archive', body)
      expect(status).toBe(422)
      expect(json.detail).toContain('olderThanDays')
    },
  )

  it('leaves a journal that verify finds whole, archive and all, beside the running gateway', async () => {
    const archive = join(system.dataDir, 'archive')
    const found = await verifyJournal({ directory: system.dataDir, archive, running: true })
    expect(found).toMatchObject({ first: null, notHere: 0 })
    expect(found.archivedSegments).toBeGreaterThan(0)
  })
})
