/** A key is of the institution: what was settled under it stays so when callers are set, renamed or added. */
// Callers change on a live directory. Whichever of the hospital's systems asks, it finds what was settled; another
// hospital's systems neither see it nor meet it.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { stretched } from '../support/stretched.ts'
import {
  about,
  envelopeOf,
  HOSPITAL,
  messageId,
  openVisit,
  type System,
  startSystem,
  type Visit,
  yes,
} from './support.ts'

let system: System
let mine: Visit
let other: Visit
const NEIGHBOUR = 'H34020290001'

beforeAll(async () => {
  system = await startSystem({ ZHIJIE_DEADLINE_MS: String(stretched(3_000)) })
  // While no callers are set anybody may send.
  ;[mine, other] = [await openVisit(system), await openVisit(system)]
})
afterEach(async () => {
  await system.settled()
  expect(await system.agreement()).toMatchObject({ lost: 0, doubled: 0, unknown: 0, fenDifference: 0 })
})
afterAll(async () => {
  await system.stop()
})

/** Starts again with these callers; each has its id for its key. */
async function withCallers(callers: Readonly<Record<string, readonly string[]>>) {
  const file = join(system.dataDir, 'callers.json')
  const rows = Object.entries(callers).map(([id, institutions]) => ({
    id,
    keySha256: createHash('sha256').update(id).digest('hex'),
    institutions,
  }))
  writeFileSync(file, JSON.stringify(rows))
  await system.restart({ ZHIJIE_CALLERS: file })
}

interface Request {
  readonly path: string
  readonly body: unknown
  readonly headers?: Record<string, string>
}

async function post({ path, body, headers = {} }: Request, caller: string | null = null) {
  const answer = await fetch(system.url() + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(caller && { 'x-api-key': caller }), ...headers },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  return { text, json: JSON.parse(text), headers: answer.headers, status: answer.status }
}

async function status(query: Record<string, string>, caller: string) {
  const answer = await fetch(`${system.url()}/v1/status?${new URLSearchParams(query)}`, {
    headers: { 'x-api-key': caller },
  })
  return { status: answer.status, json: (await answer.json()) as { requests: Record<string, unknown>[] } }
}

const national = (infno: string, input: unknown, id: string, more: Record<string, unknown>): Request => ({
  path: '/hss-call-service-interface',
  body: envelopeOf(infno, input, id, more),
})
const booked = async () =>
  (await system.agreement()) &&
  ((await (await fetch(`${system.insured.url}/book`)).json()) as { settlements: unknown[] }).settlements
    .length

/** A visit, and its settlement at one of the doors. */
async function settlements(count: number): Promise<Request[]> {
  const requests: Request[] = []
  for (let index = 0; index < count; index += 1) {
    const visit = await openVisit(system)
    const { data } = visit.settlement
    const fen = (yuan: unknown) => Math.round(Number(yuan) * 100)
    requests.push(
      index % 2 === 0
        ? national('2207', { data }, messageId(), about(visit.person))
        : {
            path: `/v1/encounters/${visit.encounter}/settlement`,
            headers: { 'idempotency-key': `k-${messageId()}` },
            body: {
              batch: 'B1',
              totalFen: fen(data.medfee_sumamt),
              selfPaidFen: fen(data.fulamt_ownpay_amt),
              overLimitFen: fen(data.overlmt_selfpay),
              firstSelfPayFen: fen(data.preselfpay_amt),
              inScopeFen: fen(data.inscp_scp_amt),
              medicalCategory: '11',
              useAccount: true,
            },
          },
    )
  }
  return requests
}

it('callers set, then renamed, on a live directory: every resend gets its stored bytes, and nothing is sent again', async () => {
  const requests = await settlements(6)
  const first: string[] = []
  for (const request of requests) {
    const said = await post(request)
    expect(said.json.infcode ?? said.status, said.text).toBe(said.json.infcode === undefined ? 201 : 0)
    first.push(said.text)
  }
  const before = await booked()
  for (const names of [['his'], ['his-2', 'pharmacy']]) {
    await withCallers(Object.fromEntries(names.map((name) => [name, [HOSPITAL]])))
    for (const name of names) {
      for (const [index, request] of requests.entries()) {
        const again = await post(request, name)
        expect(again.text).toBe(first[index])
        expect(again.headers.get('idempotent-replayed')).toBe('true')
      }
    }
  }
  expect(await booked()).toBe(before)
})

it('two systems of one hospital, one msgid: the second is a conflict before anything leaves, and whoever reverses or asks means the one', async () => {
  await withCallers({ his: [HOSPITAL], pharmacy: [HOSPITAL], neighbour: [NEIGHBOUR] })
  const id = messageId()
  const settled = await post(national('2207', mine.settlement, id, about(mine.person)), 'his')
  expect(yes(settled).setlinfo.medins_setl_id).toBe(id)
  const before = await booked()

  const conflict = await post(national('2207', other.settlement, id, about(other.person)), 'pharmacy')
  expect(conflict.json.err_msg).toMatch(/^E504 \[key-conflict\] /)
  expect(await booked()).toBe(before)
  expect((await post(national('2207', mine.settlement, id, about(mine.person)), 'his')).text).toBe(
    settled.text,
  )
  const query = { institution: HOSPITAL, transaction: '2207', message: id }
  for (const caller of ['his', 'pharmacy']) {
    const { requests } = (await status(query, caller)).json
    expect(requests).toMatchObject([{ state: 'accepted', encounter: mine.encounter }])
  }
  expect((await status(query, 'neighbour')).status).toBe(403)

  const input = { data: { psn_no: mine.person.number, omsgid: id, oinfno: '2207' } }
  yes(await post(national('2601', input, messageId(), about(mine.person)), 'pharmacy'))
  expect((await status(query, 'his')).json.requests).toMatchObject([{ state: 'reversed' }])
  const told = await post(national('2207', mine.settlement, id, about(mine.person)), 'his')
  expect(told.json.err_msg).toMatch(/^\[reversed\] 该报文已冲正/)
  expect(Object.fromEntries(told.headers)).toMatchObject({
    'zhijie-problem': 'reversed',
    'zhijie-retry': 'never',
  })
})

it('a status by Idempotency-Key shows what any system of the hospital has sent, and nothing of another hospital', async () => {
  await withCallers({ his: [HOSPITAL], pharmacy: [HOSPITAL], neighbour: [NEIGHBOUR] })
  const key = `k-${messageId()}`
  const { number, document, insurance } = mine.person
  const opening = (institution: string): Request => ({
    path: '/v1/encounters',
    headers: { 'idempotency-key': key },
    body: {
      kind: 'outpatient',
      institution,
      insuredArea: insurance[0]!.area,
      person: number,
      insuranceType: insurance[0]!.insutype,
      credential: { type: '02', number: document },
      begins: '2026-11-22 08:00:00',
      visitNumber: 'MZ0001',
      doctor: { code: 'D340102000001', name: '医师甲' },
      department: { code: '0101', name: '内科' },
      specialty: 'A03',
    },
  })
  // Both hospitals count their keys alike.
  const own = await post(opening(HOSPITAL), 'his')
  const foreign = await post(opening(NEIGHBOUR), 'neighbour')
  expect([own.status, foreign.status], own.text + foreign.text).toEqual([201, 201])
  for (const caller of ['his', 'pharmacy']) {
    expect((await status({ key }, caller)).json.requests).toMatchObject([
      { operation: 'openEncounter', state: 'accepted', encounter: own.json.encounter },
    ])
  }
  expect((await status({ key }, 'neighbour')).json.requests).toMatchObject([
    { encounter: foreign.json.encounter },
  ])
  // Whoever may not speak for the hospital hears nothing of what stands under its key.
  expect((await post(opening(HOSPITAL), 'neighbour')).json.type).toBe('/problems/foreign-institution')
  expect((await post(opening(HOSPITAL), 'pharmacy')).text).toBe(own.text)
})
