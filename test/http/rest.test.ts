/** The REST door takes a visit from eligibility to cancellation, each step once, and names every problem. */
import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  bodies,
  type Gateway,
  HOSPITAL,
  IDENTITY,
  keyed,
  No,
  PERSON,
  Silence,
  startGateway,
  wellPlatform,
} from './rest-support.ts'

/** The hospital's own code for a diagnosis (nationally `J18.000`), and a national item. */
const DIAGNOSIS = { code: 'J18.900', name: '支气管肺炎' }
const given = bodies(DIAGNOSIS, 'XA10BAE909A001010199003')
let gateway: Gateway

beforeAll(async () => {
  gateway = await startGateway()
})
afterEach(() => {
  gateway.platform = wellPlatform
})
afterAll(() => gateway.close())

/** Admits, and gives the encounter. */
async function admit(number: string): Promise<string> {
  const { json } = await gateway.post('/v1/encounters', given.inpatient(number), keyed(`admit-${number}`))
  return json.encounter
}

describe('the happy way', () => {
  test('eligibility asks 1101 and, for a medical category, 2001', async () => {
    const { status, json } = await gateway.post('/v1/eligibility', given.eligibility)
    expect(status).toBe(200)
    expect(json.person).toMatchObject({ number: PERSON, name: '测一', documentNumber: IDENTITY })
    expect(json.insurances).toMatchObject([{ type: '310', area: '621002', balanceFen: 90000 }])
    expect(json.entitlement.checks).toMatchObject([{ entitled: true, fundType: '310100', text: '可享受' }])
    const sent = gateway.received.at(-1)!
    expect(sent).toMatchObject({ infno: '2001', insuplc_admdvs: '621002', mdtrtarea_admvs: '340104' })
    expect(sent.input.data).toMatchObject({ psn_no: PERSON, insutype: '310', med_type: '21' })
  })

  test('a filing sends 2501', async () => {
    const { status, json } = await gateway.post('/v1/filings', given.filing, keyed('filing-1'))
    expect(status).toBe(201)
    expect(json.filing).toBe('F001')
  })

  test('an outpatient visit goes from registration to cancellation, exact to the fen', async () => {
    const opened = await gateway.post('/v1/encounters', given.outpatient('MZ1'), keyed('"visit-1"'))
    expect(opened.status).toBe(201)
    expect(opened.json).toMatchObject({ encounter: 'E-MZ1', visitNumber: 'MZ1' })
    expect(opened.json.diagnosisMessageId).toHaveLength(30)
    expect(gateway.received.at(-1)!.input.diseinfo![0]).toMatchObject({ diag_code: 'J18.000' })
    const at = '/v1/encounters/E-MZ1'

    const lines = await gateway.post(`${at}/lines`, given.lines, keyed('lines-1'))
    expect(lines.status).toBe(200)
    expect(lines.json.lines).toHaveLength(2)
    expect(lines.json.split).toEqual({
      totalFen: 20000,
      selfPaidFen: 2002,
      overLimitFen: 0,
      firstSelfPayFen: 1198,
      inScopeFen: 16800,
    })

    const trial = await gateway.post(`${at}/pre-settlement`, given.bill)
    expect(trial.json).toMatchObject({ settlement: null, fundFen: 11761, cashFen: 6240 })

    const settled = await gateway.post(`${at}/settlement`, given.bill, keyed('settle-1'))
    expect(settled.status).toBe(201)
    expect(settled.headers.get('server-timing')).toMatch(/own;dur=.*commit;dur=.*counterpart;dur=/)
    expect(settled.json).toMatchObject({
      encounter: 'E-MZ1',
      settlement: 'S-E-MZ1',
      totalFen: 20000,
      fundFen: 11761,
      personFen: 8239,
      accountFen: 1999,
      cashFen: 6240,
      hospitalFen: 0,
      deductibleFen: 5000,
      balanceFen: 88001,
      funds: [
        { type: '310100', amountFen: 11761 },
        { type: '310200', amountFen: 1999 },
      ],
    })
    const sent = gateway.received.at(-1)!
    expect(sent.infno).toBe('2207')
    expect(sent.input.data).toMatchObject({
      med_type: '11',
      medfee_sumamt: '200.00',
      fulamt_ownpay_amt: '20.02',
      mdtrt_cert_no: IDENTITY,
      insutype: '310',
    })

    const undone = await gateway.post(
      '/v1/settlements/S-E-MZ1/cancellation',
      { encounter: 'E-MZ1' },
      keyed('cancel-1'),
    )
    expect(undone.status).toBe(201)
    expect(undone.json).toMatchObject({ settlement: 'R-S-E-MZ1', totalFen: -20000, cashFen: -6240 })
    expect(gateway.received.at(-1)!.infno).toBe('2208')
  })

  test('an inpatient stay goes from admission to settlement', async () => {
    const encounter = await admit('ZY1')
    const at = `/v1/encounters/${encounter}`
    const lines = await gateway.post(`${at}/lines`, given.lines, keyed('stay-lines'))
    expect(lines.json.split.totalFen).toBe(20000)
    const left = await gateway.post(`${at}/discharge`, given.discharge, keyed('stay-discharge'))
    expect(left.json.encounter).toBe(encounter)
    const trial = await gateway.post(`${at}/pre-settlement`, {
      ...given.bill,
      discharged: '2025-03-20 10:00:00',
    })
    expect(trial.status).toBe(200)
    const settled = await gateway.post(`${at}/settlement`, given.bill, keyed('stay-settle'))
    expect(settled.json.settlement).toBe(`S-${encounter}`)
    const sent = gateway.received.slice(-5).map(({ infno }) => infno)
    expect(sent).toEqual(['2401', '2301', '2402', '2303', '2304'])
    const again = { admitted: '2025-03-12', discharged: '2025-03-20', totalFen: 20000 }
    const refused = await gateway.post(`${at}/self-pay`, again, keyed('stay-self-pay'))
    expect(refused.json).toMatchObject({ status: 422, fields: [{ field: 'encounter' }] })
  })

  test('a self-paid stay is recorded once and counts in the report', async () => {
    const encounter = await admit('ZY2')
    const body = { admitted: '2025-03-12', discharged: '2025-03-20', totalFen: 123456 }
    const path = `/v1/encounters/${encounter}/self-pay`
    const first = await gateway.post(path, body, keyed('self-pay-1'))
    const second = await gateway.post(path, body, keyed('self-pay-1'))
    expect(first.status).toBe(201)
    expect(second.text).toBe(first.text)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    const other = await gateway.post(path, { ...body, discharged: '2025-03-21' }, keyed('self-pay-1'))
    expect(other.status).toBe(422)
    const question = 'area=621002&from=2025-03-01&to=2025-03-31&scope=cross&basis=broad'
    const report = await gateway.ask(`/v1/reports/settlement-rate?${question}`)
    expect(report.json.components.selfPayUploaded).toBe(1)
  })
})

describe('an encounter id that two platforms have given', () => {
  test('is no name for one person: the insured place says which is meant', async () => {
    const encounter = await admit('ZY8')
    const far = { ...given.inpatient('ZY8'), person: 'P0002', insuredArea: '430102' }
    const other = await gateway.post('/v1/encounters', far, keyed('admit-ZY8-far'))
    expect(other.json.encounter).toBe(encounter)
    const path = `/v1/encounters/${encounter}/lines`
    const unclear = await gateway.post(path, given.lines, keyed('two-1'))
    expect(unclear.json).toMatchObject({ status: 422, fields: [{ field: 'insuredArea' }] })
    for (const [insuredArea, person] of [
      ['430102', 'P0002'],
      ['621002', given.inpatient('ZY8').person],
    ]) {
      const said = await gateway.post(path, { ...given.lines, insuredArea }, keyed(`two-${insuredArea}`))
      expect(said.status).toBe(200)
      expect(gateway.received.at(-1)!.input.feedetail![0]).toMatchObject({ psn_no: person })
    }
  })
})

describe('Idempotency-Key', () => {
  test('is required where something changes', async () => {
    const { status, headers, json } = await gateway.post('/v1/filings', given.filing)
    expect(status).toBe(400)
    expect(headers.get('content-type')).toContain('application/problem+json')
    expect(json.type).toBe('/problems/key-missing')
  })

  test('gives the same bytes and status again, and sends nothing', async () => {
    const encounter = await admit('ZY3')
    const path = `/v1/encounters/${encounter}/settlement`
    const first = await gateway.post(path, given.bill, keyed('same-1'))
    const sent = gateway.received.length
    const second = await gateway.post(path, given.bill, keyed('"same-1"'))
    expect(second.text).toBe(first.text)
    expect(second.status).toBe(first.status)
    expect(first.headers.has('idempotent-replayed')).toBe(false)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(gateway.received.length).toBe(sent)
  })

  test('is of the same request where only blanks around its texts differ, in body, path and query', async () => {
    const encounter = await admit('ZY9')
    const first = await gateway.post(`/v1/encounters/${encounter}/settlement`, given.bill, keyed('same-2'))
    const sent = gateway.received.length
    const padded = { ...given.bill, batch: `${given.bill.batch}\u3000`, settlementWay: ' 01' }
    const plain = { ...given.bill, settlementWay: '01' }
    const path = `/v1/encounters/%20${encounter}%20/settlement`
    expect((await gateway.post(path, given.bill, keyed('same-2'))).text).toBe(first.text)
    expect(gateway.received.length).toBe(sent)
    for (const bill of [padded, plain]) {
      expect((await gateway.post(path.replace('settlement', 'pre-settlement'), bill)).status).toBe(200)
    }
    expect(gateway.received.at(-1)!.input).toEqual(gateway.received.at(-2)!.input)
    expect((await gateway.ask('/v1/status?key=same-2%20')).json.requests).toHaveLength(1)
  })

  test('gives both parts of a visit again', async () => {
    const first = await gateway.post('/v1/encounters', given.outpatient('MZ3'), keyed('visit-3'))
    const second = await gateway.post('/v1/encounters', given.outpatient('MZ3'), keyed('visit-3'))
    expect(second.text).toBe(first.text)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
  })

  test('with another body is 422', async () => {
    await gateway.post('/v1/filings', given.filing, keyed('filing-2'))
    const other = { ...given.filing, reason: '其他' }
    const { status, json } = await gateway.post('/v1/filings', other, keyed('filing-2'))
    expect(status).toBe(422)
    expect(json.type).toBe('/problems/key-conflict')
  })

  test('in flight is waited for; whoever does not wait hears 409 and must ask first', async () => {
    let release = () => {}
    gateway.platform = (message) =>
      new Promise((resolve) => {
        release = () => resolve(wellPlatform(message))
      })
    const sent = gateway.received.length
    const first = gateway.post('/v1/filings', given.filing, keyed('filing-3'))
    while (gateway.received.length === sent) await new Promise((resolve) => setTimeout(resolve, 5))
    const hasty = await gateway.post('/v1/filings', given.filing, { ...keyed('filing-3'), prefer: 'wait=0' })
    expect(hasty.status).toBe(409)
    expect(hasty.json).toMatchObject({ type: '/problems/key-in-flight', retry: 'inquire-first' })
    const second = gateway.post('/v1/filings', given.filing, keyed('filing-3'))
    release()
    expect((await first).status).toBe(201)
    expect((await second).text).toBe((await first).text)
    expect((await second).headers.get('idempotent-replayed')).toBe('true')
    expect(gateway.received.length).toBe(sent + 1)
  })

  test('may be sent again with the same message id when nothing had left', async () => {
    const encounter = await admit('ZY4')
    const path = `/v1/encounters/${encounter}/settlement`
    gateway.platform = () => {
      throw new Silence(false)
    }
    const down = await gateway.post(path, given.bill, keyed('unsent-1'))
    expect(down.status).toBe(503)
    expect(down.headers.get('retry-after')).toBe('5')
    const first = gateway.received.at(-1)!.msgid
    gateway.platform = wellPlatform
    const settled = await gateway.post(path, given.bill, keyed('unsent-1'))
    expect(settled.json.messageId).toBe(first)
    expect(gateway.received.at(-1)!.msgid).toBe(first)
  })

  test('must not hold an identity number', async () => {
    const { status, text } = await gateway.post('/v1/filings', given.filing, keyed(`x${IDENTITY}`))
    expect(status).toBe(400)
    expect(text).not.toContain(IDENTITY)
  })
})

describe('problems', () => {
  const cases: [string, () => Promise<{ status: number; headers: Headers; text: string }>, number, string][] =
    [
      ['a missing field', () => gateway.post('/v1/eligibility', {}), 422, 'invalid-field'],
      [
        'a field of another type',
        () => gateway.post('/v1/eligibility', { ...given.eligibility, insuredArea: IDENTITY }),
        422,
        'invalid-field',
      ],
      [
        'an unknown field',
        () => gateway.post('/v1/eligibility', { ...given.eligibility, [IDENTITY]: 1 }),
        422,
        'invalid-field',
      ],
      [
        'text that is no JSON',
        () => gateway.post('/v1/eligibility', `{"a": ${IDENTITY}`),
        400,
        'unreadable-body',
      ],
      [
        'another content type',
        () => gateway.post('/v1/eligibility', given.eligibility, { 'content-type': 'text/plain' }),
        415,
        'wrong-content-type',
      ],
      [
        'a body of more than 1 MiB',
        () => gateway.post('/v1/eligibility', { a: 'x'.repeat(1024 * 1024) }),
        413,
        'body-too-large',
      ],
      ['an unknown path', () => gateway.post(`/v1/${IDENTITY}`, {}), 404, 'not-found'],
      ['a wrong method', () => gateway.ask('/v1/filings'), 405, 'method-not-allowed'],
      [
        'an unknown encounter',
        () => gateway.post(`/v1/encounters/${IDENTITY}/settlement`, given.bill, keyed('problem-1')),
        404,
        'not-found',
      ],
      [
        'sums that do not make the total',
        () => gateway.post('/v1/encounters/E1/pre-settlement', { ...given.bill, totalFen: 1 }),
        422,
        'bad-amounts',
      ],
      [
        'a field that is named twice with two contents',
        () =>
          gateway.post(
            '/v1/eligibility',
            JSON.stringify(given.eligibility).replace(
              '"insuredArea":',
              '"insuredArea":"340100","insuredArea":',
            ),
          ),
        422,
        'invalid-field',
      ],
      [
        'an unknown area',
        () => gateway.post('/v1/eligibility', { ...given.eligibility, insuredArea: '899999' }),
        422,
        'unknown-area',
      ],
      ['a status of nothing', () => gateway.ask('/v1/status?key=nobody-has-this'), 404, 'not-found'],
      ['a status without a question', () => gateway.ask('/v1/status'), 422, 'invalid-field'],
    ]
  test('an id in the path that cannot be one is named by its parameter', async () => {
    const { text } = await gateway.post('/v1/encounters/%FF/settlement', given.bill, keyed('path-1'))
    expect(JSON.parse(text)).toMatchObject({ fields: [{ field: 'encounter' }] })
  })

  test('an institution that is not registered is named', async () => {
    const { treatmentArea: _, ...asked } = given.eligibility as Record<string, unknown>
    const { text } = await gateway.post('/v1/eligibility', { ...asked, institution: 'H99999999999' })
    expect(JSON.parse(text)).toMatchObject({
      type: '/problems/institution-closed',
      title: expect.stringContaining('not registered'),
      detail: '定点医药机构H99999999999未登记',
    })
  })

  test.each(cases)('%s', async (_name, act, status, code) => {
    const answer = await act()
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    const problem = JSON.parse(answer.text)
    expect(problem).toMatchObject({ type: `/problems/${code}`, status })
    expect(Object.keys(problem)).toEqual(
      expect.arrayContaining(['title', 'detail', 'instance', 'stage', 'retry']),
    )
    expect(problem.detail).toMatch(/\p{Script=Han}/u)
    expect(answer.text).not.toContain(IDENTITY)
    expect(answer.text).not.toMatch(/\bat .*\.ts|Error:/)
  })

  test('a wrong field is named with its place', async () => {
    const lines = { lines: [{ ...given.lines.lines[0], totalFen: 1.5, code: undefined }] }
    const { json } = await gateway.post('/v1/encounters/E1/lines', lines, keyed('problem-2'))
    expect(json.fields).toEqual([{ field: 'lines[0].totalFen', text: '须为整数' }])
  })

  test('bad codes come back by line with candidates', async () => {
    const encounter = await admit('ZY5')
    const lines = { lines: [{ ...given.lines.lines[0], code: undefined, localCode: 'NONE' }] }
    const { status, json } = await gateway.post(
      `/v1/encounters/${encounter}/lines`,
      lines,
      keyed('problem-3'),
    )
    expect(status).toBe(422)
    expect(json).toMatchObject({ type: '/problems/bad-codes', lines: [{ at: 'F1', reason: 'E501' }] })
  })

  test('faults of codes, amounts, areas and documents name the fields of the request', async () => {
    const encounter = await admit('ZY51')
    const [line] = given.lines.lines
    const path = `/v1/encounters/${encounter}/lines`
    const lines = [
      line,
      { ...line, serial: 'F2', quantity: '3' },
      { ...line, serial: 'F3', code: undefined, localCode: 'NONE' },
      { ...line, serial: 'F4', quantity: '-2', totalFen: -10000 },
      line,
    ]
    const { json } = await gateway.post(path, { lines }, keyed('names-1'))
    expect(json.lines.map(({ at, field }: Record<string, string>) => [at, field])).toEqual([
      ['F2', 'lines[1].totalFen'],
      ['F3', 'lines[2].localCode'],
      ['F4', 'lines[3].original'],
      ['F1', 'lines[4].serial'],
    ])
    expect(json.detail).toContain('F2 lines[1].totalFen：')
    const { json: diagnosis } = await gateway.post(
      '/v1/encounters',
      { ...given.inpatient('ZY52'), diagnoses: [{ ...given.inpatient('').diagnoses[0], code: 'NONE' }] },
      keyed('names-2'),
    )
    expect(diagnosis.lines[0].at).toBe('diagnoses[0].code')
    const { json: sums } = await gateway.post(path.replace('lines', 'pre-settlement'), {
      ...given.bill,
      totalFen: 1,
    })
    expect(sums.fields).toMatchObject([{ field: 'totalFen' }])
    const { json: area } = await gateway.post('/v1/eligibility', {
      ...given.eligibility,
      insuredArea: '899999',
    })
    expect(area.detail).toMatch(/^insuredArea 899999/)
    const document = { ...given.eligibility, credential: { type: '02', number: '990000199001010010' } }
    const { json: person } = await gateway.post('/v1/eligibility', document)
    expect(person.fields).toEqual([{ field: 'credential.number' }])
    for (const { detail } of [json, diagnosis, sums, area, person])
      expect(detail).not.toMatch(/[a-z]+_[a-z]+|feedetail|diseinfo|\bcnt\b|\bpric\b/)
    const { json: status } = await gateway.ask('/v1/status?key=names-1')
    expect(status.requests[0].problem.detail).toBe(json.detail)
  })

  test('a refusal of the platform is 422 with its reason, without the identity number in it', async () => {
    gateway.platform = () => {
      throw new No(`E101 ${IDENTITY}未备案`)
    }
    const { status, json, text } = await gateway.post('/v1/filings', given.filing, keyed('problem-4'))
    expect(status).toBe(422)
    expect(json).toMatchObject({ type: '/problems/fund-refused', reason: 'E101', detail: '******未备案' })
    expect(text).not.toContain(IDENTITY)
  })

  test('a diagnosis that is marked as national leaves as it is; without the mark it is a local code', async () => {
    const sent = gateway.received.length
    const national = bodies({ code: 'J18.000', name: '支气管肺炎' }, '')
    const marked = {
      ...national.outpatient('MZN1'),
      diagnoses: [{ ...national.outpatient('MZN1').diagnoses[0], system: 'national' }],
    }
    expect((await gateway.post('/v1/encounters', marked, keyed('marked-1'))).status).toBe(201)
    const [, visit] = gateway.received.slice(sent)
    expect(visit!.input).toMatchObject({ diseinfo: [{ diag_code: 'J18.000' }] })
    const own = await gateway.post('/v1/encounters', given.outpatient('MZN2'), keyed('marked-2'))
    expect(own.status).toBe(201)
    expect(gateway.received.at(-1)!.input).toMatchObject({ diseinfo: [{ diag_code: 'J18.000' }] })
    const odd = bodies({ code: 'I10.x00x002', name: '高血压' }, '').outpatient('MZN3')
    const refused = await gateway.post('/v1/encounters', odd, keyed('marked-3'))
    expect(refused.json.detail).toContain('请写作“national:I10.x00x002”（REST为"system":"national"）')
    expect(refused.json.detail).not.toContain('相近：I10.x00x002')
  })

  test('a visit whose details fail keeps its encounter, and a retry goes on from there', async () => {
    gateway.platform = (message) => {
      if (message.infno === '2203') throw new Silence(false)
      return wellPlatform(message)
    }
    const failed = await gateway.post('/v1/encounters', given.outpatient('MZ5'), keyed('visit-5'))
    expect(failed.status).toBe(503)
    expect(failed.json.encounter).toBe('E-MZ5')
    gateway.platform = wellPlatform
    const sent = gateway.received.length
    const retried = await gateway.post('/v1/encounters', given.outpatient('MZ5'), keyed('visit-5'))
    expect(retried.status).toBe(201)
    expect(gateway.received.slice(sent).map(({ infno }) => infno)).toEqual(['2203'])
  })
})

describe('GET /v1/status', () => {
  test('shows an accepted settlement with its stored answer, by key and by message', async () => {
    const encounter = await admit('ZY6')
    const path = `/v1/encounters/${encounter}/settlement`
    const settled = await gateway.post(path, given.bill, keyed('status-1'))
    const byKey = await gateway.ask('/v1/status?key=status-1')
    expect(byKey.json.requests).toMatchObject([
      { operation: 'settle', transaction: '2304', state: 'accepted', answer: settled.json, problem: null },
    ])
    const query = `institution=${HOSPITAL}&transaction=2304&message=${settled.json.messageId}`
    const byMessage = await gateway.ask(`/v1/status?${query}`)
    expect(byMessage.json).toEqual(byKey.json)
    expect(byMessage.text).not.toContain(IDENTITY)
  })

  test('shows an unknown outcome, and the settlement answers 504', async () => {
    const encounter = await admit('ZY7')
    const path = `/v1/encounters/${encounter}/settlement`
    gateway.platform = () => {
      throw new Silence(true)
    }
    const { status, json } = await gateway.post(path, given.bill, keyed('status-2'))
    expect(status).toBe(504)
    expect(json.retry).toBe('inquire-first')
    const known = await gateway.ask('/v1/status?key=status-2')
    expect(known.json.requests).toMatchObject([
      { state: 'unknown', answer: null, problem: { type: '/problems/outcome-unknown' } },
    ])
    const again = await gateway.post(path, given.bill, keyed('status-3'))
    expect(again.json.type).toBe('/problems/encounter-busy')
    const body = { admitted: '2025-03-12', discharged: '2025-03-20', totalFen: 1 }
    const paid = await gateway.post(`/v1/encounters/${encounter}/self-pay`, body, keyed('status-4'))
    expect(paid.json.type).toBe('/problems/encounter-busy')
  })
})

describe('the document', () => {
  test('is OpenAPI 3.1, and every operation has responses', async () => {
    const { json } = await gateway.ask('/openapi.json')
    expect(json.openapi).toMatch(/^3\.1\./)
    const paths = Object.keys(json.paths)
    expect(paths).toEqual(
      expect.arrayContaining([
        '/v1/eligibility',
        '/v1/filings',
        '/v1/encounters',
        '/v1/encounters/{encounter}/lines',
        '/v1/encounters/{encounter}/discharge',
        '/v1/encounters/{encounter}/pre-settlement',
        '/v1/encounters/{encounter}/settlement',
        '/v1/encounters/{encounter}/self-pay',
        '/v1/settlements/{settlement}/cancellation',
        '/v1/status',
        '/v1/reports/settlement-rate',
        '/mbs/fmi/fsi/api/callFsiService/callService',
        '/hss-call-service-interface',
      ]),
    )
    for (const path of paths) {
      for (const operation of Object.values(json.paths[path]) as Record<string, unknown>[]) {
        expect(Object.keys(operation.responses as object).length, path).toBeGreaterThan(0)
      }
    }
  })

  test('leads nowhere that is not there', async () => {
    const { text, json } = await gateway.ask('/openapi.json')
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(Object.keys(json.components.schemas)).toContain(name)
    }
  })

  test('pages load nothing from another host', async () => {
    for (const path of ['/', '/docs']) {
      const { status, text, headers } = await gateway.ask(path)
      expect(status).toBe(200)
      expect(headers.get('content-security-policy')).toContain("default-src 'self'")
      expect(text).not.toMatch(/https?:\/\//)
    }
    const script = await gateway.ask('/docs/rapidoc-min.js')
    expect(script.headers.get('content-type')).toContain('text/javascript')
    expect(script.text.length).toBeGreaterThan(100_000)
    const added = await gateway.ask('/docs/page.js')
    expect(added.headers.get('content-type')).toContain('text/javascript')
    expect(added.text).not.toMatch(/https?:\/\//)
  })
})

describe('callers', () => {
  test('speak only for their institutions', async () => {
    const keySha256 = createHash('sha256').update('secret').digest('hex')
    const strict = await startGateway([{ id: 'a', keySha256, institutions: ['H34010290001'] }])
    try {
      const nobody = await strict.post('/v1/filings', given.filing, keyed('k'))
      expect(nobody.status).toBe(401)
      expect((await strict.post('/v1/archive', { olderThanDays: 1 })).status).toBe(401)
      const key = { 'x-api-key': 'secret', ...keyed('k') }
      const foreign = await strict.post('/v1/filings', given.filing, key)
      expect(foreign.status).toBe(403)
      const query = `institution=${HOSPITAL}&transaction=2304&message=1`
      const status = await strict.ask(`/v1/status?${query}`, { headers: key })
      expect(status.status).toBe(403)
    } finally {
      await strict.close()
    }
  })
})
