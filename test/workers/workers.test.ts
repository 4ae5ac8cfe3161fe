/** Two workers behind one port, as they are started: whose a message is, and that it is carried out there and once. */
import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { messageId, yes } from '../system/support.ts'
import { open, requestOf } from './raw.ts'
import { envelopeOf, HEFEI, type Hospital, LANZHOU, startWorkers, type Workers } from './support.ts'

let system: Workers

beforeAll(async () => {
  system = await startWorkers(2)
})
afterEach(async () => {
  await system.settled()
  expect(await system.agreement()).toMatchObject({ lost: 0, doubled: 0, unknown: 0, fenDifference: 0 })
  // Whatever came by whatever way: each institution is in the journal of its home, and in no other.
  expect(system.institutions()).toEqual([
    expect.not.arrayContaining([LANZHOU.code]),
    expect.not.arrayContaining([HEFEI.code]),
  ])
})
afterAll(() => system.stop())

const HOSPITALS = [HEFEI, LANZHOU]

function register({ person }: Hospital): Record<string, unknown> {
  const common = { psn_no: person.number, mdtrt_cert_type: '02', mdtrt_cert_no: person.document }
  const visit = {
    begntime: '2026-11-22 08:00:00',
    ipt_otp_no: 'MZ1',
    dept_code: '0101',
    dept_name: '内科',
    caty: 'A03',
  }
  const doctor = { atddr_no: 'D340102000001', dr_name: '医师甲' }
  return { data: { ...common, ...visit, ...doctor, insutype: person.insurance[0]!.insutype } }
}

const about = ({ person }: Hospital) => ({ insuplc_admdvs: person.insurance[0]!.area })
const registration = (hospital: Hospital, id = messageId()) =>
  JSON.stringify(envelopeOf(hospital, '2201', register(hospital), id, about(hospital)))

async function settle(hospital: Hospital) {
  const visit = await system.visit(hospital)
  return yes(await system.send(hospital, '2207', visit.settlement, messageId(), about(hospital)))
}

describe('two workers', () => {
  it('settle over whatever connections there are, each institution in the journal of its home', async () => {
    const before = (await system.page('/v1/tally')).json
    const all = [...HOSPITALS, ...HOSPITALS, ...HOSPITALS, ...HOSPITALS]
    const settled = await Promise.all(all.map(settle))
    const fen = settled.reduce((sum, { setlinfo }) => sum + Math.round(setlinfo.medfee_sumamt * 100), 0)
    const { json } = await system.page('/v1/tally')
    expect(json.settled - before.settled).toBe(all.length)
    expect(json.standingFen - before.standingFen).toBe(fen)
    expect(system.institutions()).toEqual([[HEFEI.code], [LANZHOU.code]])
  })

  it('take a connection whose first bytes come in any pieces, and every byte after them', async () => {
    for (const hospital of HOSPITALS) {
      const length = requestOf(registration(hospital)).length
      for (let round = 0; round < 25; round += 1) {
        const bytes = requestOf(registration(hospital))
        const cuts = [Math.floor((length * round) / 25), Math.floor(Math.random() * length), length - 1].sort(
          (a, b) => a - b,
        )
        const connection = open(system.url())
        const pieces = [0, ...cuts].map((from, index) => bytes.subarray(from, cuts[index] ?? length))
        yes({ text: '', json: await connection.say(...pieces.filter((piece) => piece.length > 0)) })
        connection.close()
      }
    }
  })

  it('answer on one connection for institutions of both, in the order of the requests', async () => {
    const connection = open(system.url())
    for (let round = 0; round < 6; round += 1) {
      for (const hospital of HOSPITALS) {
        const { data } = yes({ text: '', json: await connection.say(requestOf(registration(hospital))) })
        expect(data.mdtrt_id).toBeTypeOf('string')
      }
    }
    connection.close()
  })

  it('carry one key out once, over many connections that begin in either worker', async () => {
    const visit = await system.visit(LANZHOU)
    const id = messageId()
    const plain = envelopeOf(LANZHOU, '2207', visit.settlement, id, about(LANZHOU))
    // Half of them name the other hospital first, and so come to its worker.
    const bodies = Array.from({ length: 24 }, (_, index) =>
      JSON.stringify(index % 2 === 0 ? plain : { institution: HEFEI.code, ...plain }),
    )
    const heard = await Promise.all(
      bodies.map(async (body) => {
        const connection = open(system.url())
        const answer = await connection.say(requestOf(body))
        connection.close()
        return answer
      }),
    )
    const settlements = new Set(
      heard.filter(({ infcode }) => infcode === 0).map(({ output }) => output.setlinfo.setl_id),
    )
    expect(settlements.size).toBe(1)
    // Those that came while the first was on its way have waited for it.
    expect(heard.every(({ infcode }) => infcode === 0)).toBe(true)
  })

  it('refuse an encounter that an institution of the other worker opened', async () => {
    const visit = await system.visit(HEFEI)
    // The others' tables have it when all are indexed.
    await system.page('/v1/tally')
    const said = await system.send(LANZHOU, '2207', visit.settlement, messageId(), about(LANZHOU))
    expect(said.json.err_msg).toContain('该就诊不是本机构登记的')
  })

  it('refuse to reverse or cancel what an institution of the other worker settled', async () => {
    const visit = await system.visit(HEFEI)
    const id = messageId()
    const { setlinfo } = yes(await system.send(HEFEI, '2207', visit.settlement, id, about(HEFEI)))
    await system.page('/v1/tally')
    const { number } = HEFEI.person
    const reversal = { data: { psn_no: number, omsgid: id, oinfno: '2207' } }
    const reversed = await system.send(LANZHOU, '2601', reversal, messageId(), about(HEFEI))
    expect(reversed.json.err_msg).toContain('原报文不是本机构发出的')
    const settled = { psn_no: number, setl_id: setlinfo.setl_id, mdtrt_id: 'V-of-nobody' }
    const asked = await system.send(LANZHOU, '5203', { data: settled }, messageId(), about(HEFEI))
    expect(asked.json.err_msg).toContain('该结算不是本机构办理的')
  })

  it('have a young generation of 16 MB each, whatever the process that starts them has', async () => {
    for (const pid of system.pids()) {
      const options = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')
      const sizes = options.filter((option) => option.includes('-semi-space-size='))
      expect(sizes.slice(-2)).toEqual(['--max-semi-space-size=16', '--min-semi-space-size=16'])
    }
  })

  it('tell a stranger at the port of a worker nothing', async () => {
    const listening = await import('node:child_process').then(({ execFileSync }) => {
      const inodes = execFileSync('sh', ['-c', `ls -l /proc/${system.pids()[0]}/fd`], { encoding: 'utf8' })
      const own = new Set([...inodes.matchAll(/socket:\[(\d+)\]/g)].map(([, inode]) => inode))
      const table = execFileSync('cat', ['/proc/net/tcp'], { encoding: 'utf8' }).trim().split('\n').slice(1)
      const row = table
        .map((one) => one.trim().split(/\s+/))
        .find((one) => one[3] === '0A' && own.has(one[9]))
      return Number.parseInt(row![1]!.split(':')[1]!, 16)
    })
    for (const headers of [{}, { 'x-zhijie-worker': '0'.repeat(64) }]) {
      const answer = await fetch(`http://127.0.0.1:${listening}/v1/tally`, {
        headers: headers as Record<string, string>,
      })
      expect(answer.status).toBe(403)
    }
  })
})

describe('the REST door of two workers', () => {
  const post = (path: string, key: string | null, body: unknown) =>
    system.page(path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        connection: 'close',
        ...(key && { 'idempotency-key': key }),
      },
      body: JSON.stringify(body),
    })

  const opening = ({ code, person }: Hospital) => ({
    kind: 'outpatient',
    institution: code,
    insuredArea: person.insurance[0]!.area,
    person: person.number,
    insuranceType: person.insurance[0]!.insutype,
    credential: { type: '02', number: person.document },
    begins: '2026-11-22 08:00:00',
    visitNumber: 'MZ0001',
    doctor: { code: 'D620102000001', name: '医师甲' },
    department: { code: '0101', name: '内科' },
    specialty: 'A03',
  })
  const lines = {
    batch: 'B1',
    lines: [
      {
        serial: 'F1',
        localCode: 'Z0001',
        at: '2026-11-22 08:10:00',
        priceYuan: '12.50',
        quantity: '2',
        totalFen: 2500,
        department: { code: '0101', name: '内科' },
        doctor: { code: 'D620102000001', name: '医师甲' },
      },
    ],
  }
  let serial = 0
  const freshKey = () => {
    serial += 1
    return `key-${serial}`
  }

  it('finds the home of an encounter at once, whichever worker is asked', async () => {
    for (let round = 0; round < 4; round += 1) {
      for (const hospital of HOSPITALS) {
        const opened = await post('/v1/encounters', freshKey(), opening(hospital))
        expect(opened.status, JSON.stringify(opened.json)).toBe(201)
        const path = `/v1/encounters/${opened.json.encounter}/lines`
        const uploaded = await post(path, freshKey(), lines)
        expect(uploaded.status, JSON.stringify(uploaded.json)).toBe(200)
      }
    }
  })

  it('knows nothing of an encounter that nobody opened', async () => {
    for (let round = 0; round < 3; round += 1)
      expect((await post('/v1/encounters/NOBODY/lines', freshKey(), lines)).status).toBe(404)
  })

  it('carries one key out once, whichever worker is asked; another institution’s key is another key', async () => {
    for (let round = 0; round < 8; round += 1) {
      const key = freshKey()
      const asked = [...HOSPITALS, ...HOSPITALS, ...HOSPITALS]
      const all = await Promise.all(asked.map((hospital) => post('/v1/encounters', key, opening(hospital))))
      for (const hospital of HOSPITALS) {
        const own = all.filter((_, index) => asked[index] === hospital)
        expect(own.map(({ status }) => status)).toEqual([201, 201, 201])
        expect(new Set(own.map(({ json }) => JSON.stringify(json))).size).toBe(1)
        const other = { ...opening(hospital), visitNumber: 'MZ0002' }
        expect((await post('/v1/encounters', key, other)).json.type).toBe('/problems/key-conflict')
        expect((await post('/v1/encounters', key, opening(hospital))).json).toEqual(own[0]!.json)
      }
      const { requests } = (await system.page(`/v1/status?key=${key}`)).json
      expect(requests.map(({ state }: { state: string }) => state)).toEqual(['accepted', 'accepted'])
    }
  })

  it('tells what became of a key, whichever worker is asked', async () => {
    for (const hospital of HOSPITALS) {
      const key = freshKey()
      const opened = await post('/v1/encounters', key, opening(hospital))
      for (let round = 0; round < 3; round += 1) {
        const { status, json } = await system.page(`/v1/status?key=${key}`)
        expect(status).toBe(200)
        expect(json.requests).toMatchObject([{ state: 'accepted', encounter: opened.json.encounter }])
        const { institution, transaction, messageId: message } = json.requests[0]
        const query = new URLSearchParams({ institution, transaction, message })
        expect((await system.page(`/v1/status?${query}`)).json.requests.length).toBe(1)
      }
    }
    expect((await system.page('/v1/status?key=nobody')).status).toBe(404)
  })
})
