/** The doors show how each destination stands, where the time went and when to try again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  bodies,
  type Gateway,
  IDENTITY,
  PERSON,
  Silence,
  startGateway,
  wellPlatform,
} from './rest-support.ts'

const { eligibility } = bodies({ code: 'I10.x00x002', name: '高血压' }, 'Z0001')
let gateway: Gateway

beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

const ask = (headers: Record<string, string> = {}) => gateway.post('/v1/eligibility', eligibility, headers)

describe('the doors, about destinations', () => {
  it('show each channel that was used', async () => {
    expect((await ask()).status).toBe(200)
    const { json } = await gateway.ask('/v1/destinations')
    expect(json.breakers).toEqual({ 'national/620000': 'closed' })
    expect(json.channels).toEqual([
      {
        destination: 'national/620000',
        traffic: 'changes',
        breaker: 'closed',
        since: null,
        why: null,
        limit: 32,
        inFlight: 0,
        waiting: 0,
        usualMs: null,
        turnedAway: 0,
        lastProbe: null,
      },
      expect.objectContaining({ traffic: 'questions', usualMs: expect.any(Number) }),
    ])
  })

  it('give figures to Prometheus, without anything about a person', async () => {
    await ask()
    const { headers, text } = await gateway.ask('/metrics')
    expect(headers.get('content-type')).toContain('text/plain')
    expect(text).toMatch(/^zhijie_message_own_seconds_count\{kind="query",way="national"\} \d+$/m)
    expect(text).toMatch(
      /^zhijie_message_counterpart_seconds_bucket\{le="25",kind="query",way="national"\} \d+$/m,
    )
    expect(text).toMatch(/^zhijie_destination_down\{destination="national\/620000",traffic="questions"\} 0$/m)
    expect(text).toMatch(/^zhijie_destination_turned_away_total\{.*\} 0$/m)
    const breaker =
      'zhijie_destination_breaker_events_total{destination="national/620000",traffic="questions"'
    const counts = text.split('\n').filter((line) => line.startsWith(breaker))
    expect(counts.map((line) => line.slice(breaker.length))).toEqual([
      expect.stringMatching(/^,event="success"\} [1-9]\d*$/),
      ...['failure', 'reject', 'open', 'close'].map((event) => `,event="${event}"} 0`),
    ])
    for (const personal of [IDENTITY, PERSON, '测']) expect(text).not.toContain(personal)
  })

  it('tell where the time went, waiting for room included', async () => {
    const timing = (await ask()).headers.get('server-timing')!
    expect(timing).toMatch(/^own;dur=[\d.]+, queue;dur=[\d.]+, commit;dur=[\d.]+, counterpart;dur=[\d.]+$/)
  })

  it('say when to try again, over REST by status and header', async () => {
    gateway.platform = () => {
      throw new Silence(false)
    }
    const answer = await ask()
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(answer.json).toMatchObject({
      retry: 'same-key',
      retryAfterSeconds: 5,
      destination: 'national/620000',
    })
    expect(answer.json.detail).toContain('甘肃省')
    gateway.platform = wellPlatform
  })

  it('turn away what its caller would not wait for, and send nothing', async () => {
    const before = gateway.received.length
    const answer = await ask({ prefer: 'wait=0' })
    expect(answer.status).toBe(503)
    expect(answer.json.type).toBe('/problems/budget-spent')
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(gateway.received).toHaveLength(before)
    expect((await ask({ prefer: 'wait=20' })).status).toBe(200)
  })
})

describe('the national door', () => {
  it('answers 200 all the same, with the header', async () => {
    const body = {
      infno: '1101',
      msgid: 'H34010490001202503120800420001',
      mdtrtarea_admvs: '340104',
      insuplc_admdvs: '621002',
      recer_sys_code: 'MBS_LOCAL',
      infver: 'V1.0',
      opter_type: '1',
      opter: '0007',
      opter_name: '窗口一',
      inf_time: '2025-03-12 08:00:42',
      fixmedins_code: 'H34010490001',
      fixmedins_name: '合肥市蜀山医学院附属医院',
      sign_no: '',
      input: {
        data: { mdtrt_cert_type: '02', mdtrt_cert_no: IDENTITY, psn_cert_type: '01', certno: IDENTITY },
      },
    }
    const answer = await gateway.post('/fsi/api/rsfComIfsService/callService', body, { prefer: 'wait=0' })
    expect(answer.status).toBe(200)
    expect(answer.json.err_msg).toContain('等待时限已到')
    expect(answer.headers.get('retry-after')).toBe('1')
  })
})
