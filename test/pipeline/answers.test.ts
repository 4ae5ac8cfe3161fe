/** What an answer proves on the whole way: nothing final is told where it proves nothing, and recovery finds out. */
import { describe, expect, it } from 'vitest'
import { createTransport } from '../../src/transport/transport.ts'
import {
  type Behaviour,
  BILL,
  bench,
  EMPTY,
  HOSPITAL,
  life,
  SETTLEMENT,
  shown,
  transactions,
} from './recovery-support.ts'

const HOUR_MS = 3_600_000
const states = (of: Parameters<typeof life>[0]) => life(of).map(({ state }) => state)

const changed = (
  says: (asked: Parameters<Behaviour['says']>[0]) => ReturnType<Behaviour['says']> | null,
): Behaviour => ({ says: (asked) => says(asked) ?? EMPTY.says(asked) })

/** The answer that the settlement of the bench has, with other members of `setlinfo`. */
function paid(members: Record<string, unknown> = {}) {
  const { setlinfo, setldetail } = shown(SETTLEMENT)
  const { psn_pay, cash_payamt, ...rest } = setlinfo
  return { setlinfo: { ...rest, psn_part_amt: psn_pay, psn_cash_pay: cash_payamt, ...members }, setldetail }
}

describe('a settlement whose “no” was a time-out', () => {
  it.each(['参保地处理超时，请稍后重试', '系统繁忙', 'Read timed out', '系统异常', '', '办理失败'])(
    '“%s” is unknown, and accepted when it is found booked',
    async (no) => {
      const made = bench({
        behaviour: changed(({ infno }) =>
          infno === '2207' ? { no } : infno === '5203' ? { output: shown(SETTLEMENT) } : null,
        ),
      })
      const answer = await made.settle()
      expect(answer.problem).toBe('outcome-unknown')
      expect(answer.body.toString()).toContain('请勿重复收费')
      expect(states(made).slice(0, 2)).toEqual(['open', 'unknown'])
      await made.pass(HOUR_MS)
      expect(states(made).at(-1)).toBe('accepted')
      expect(transactions(made)).toEqual(['2207', '5203'])
    },
  )

  it('is reversed and told so when three searches find nothing', async () => {
    const made = bench({ behaviour: changed(({ infno }) => (infno === '2207' ? { no: '系统繁忙' } : null)) })
    await made.settle()
    await made.pass(HOUR_MS)
    expect(transactions(made).filter((infno) => infno === '2601')).toHaveLength(1)
    expect(states(made).at(-1)).toBe('reversed')
  })

  it.each([
    'E101 未办理异地就医备案',
    '就诊凭证编号不能为空(trace0002@host)',
    'E504 该就诊已结算，不能重复结算',
  ])('“%s” is a business no: refused at once, and nobody looks', async (no) => {
    const made = bench({ behaviour: changed(({ infno }) => (infno === '2207' ? { no } : null)) })
    expect((await made.settle()).problem).toBe('fund-refused')
    await made.pass(HOUR_MS)
    expect(transactions(made)).toEqual(['2207'])
    expect(states(made)).toEqual(['open', 'refused'])
  })

  it('is not looked for in vain by a 5203 that tells of a time-out', async () => {
    const made = bench({ behaviour: changed(({ infno }) => (infno === '5203' ? { no: '查询超时' } : null)) })
    await made.settle()
    await made.pass(HOUR_MS)
    expect(states(made)).toEqual(['open', 'unknown'])
  })
})

describe('a settlement whose yes belongs to another message', () => {
  it.each([
    { mdtrt_id: 'V2' },
    { psn_no: 'P2' },
    { medins_setl_id: `${HOSPITAL}202603020900000009` },
    { medfee_sumamt: 105, inscp_scp_amt: 105, fund_pay_sumamt: 65, psn_part_amt: 40 },
  ])('is unknown, and never told with its amounts: %j', async (members) => {
    const detail = { setldetail: [] }
    const made = bench({
      behaviour: changed(({ infno }) =>
        infno === '2207' ? { output: { ...paid(members), ...detail } } : null,
      ),
    })
    const answer = await made.settle()
    expect(answer.problem).toBe('outcome-unknown')
    expect(states(made).slice(0, 2)).toEqual(['open', 'unknown'])
    expect(answer.body.toString()).not.toContain('105')
  })

  it('is unknown where its setl_id stands under another message already', async () => {
    const made = bench({
      behaviour: changed(({ infno }) =>
        infno === '2207' ? { output: paid({ medins_setl_id: '', mdtrt_id: '' }) } : null,
      ),
    })
    expect((await made.settle()).problem).toBeNull()
    const other = made.send('2207', `${HOSPITAL}202603020900000002`, { ...BILL, mdtrt_id: 'V2' })
    await made.pass(1_000)
    expect((await other).problem).toBe('outcome-unknown')
  })
})

describe('a registration whose answer was lost', () => {
  const REGISTRATION = {
    psn_no: 'P1',
    insutype: '310',
    begntime: '2026-03-02 09:00:00',
    mdtrt_cert_type: '02',
    mdtrt_cert_no: BILL.mdtrt_cert_no,
    ipt_otp_no: 'CARD-1',
    atddr_no: 'D340102000001',
    dr_name: '医师甲',
    dept_code: '0101',
    dept_name: '内科',
    caty: 'A03',
  }
  const id = (serial: number) => `${HOSPITAL}20260302090000000${serial}`
  const visit = (shown: string) => {
    const [mdtrt_id, begntime] = shown.split(' at ')
    return { mdtrt_id, ipt_otp_no: 'CARD-1', begntime: begntime ?? '' }
  }

  /** A morning's visit that was answered, then a second one that was not, under the patient's own number. */
  async function second(visits: readonly string[]) {
    let lost = false
    const made = bench({
      behaviour: changed(({ infno }) => {
        if (infno === '5201') return { output: { mdtrtinfo: visits.map(visit) } }
        if (infno !== '2201') return null
        return lost ? 'silence' : { output: { data: { mdtrt_id: 'V1', psn_no: 'P1', ipt_otp_no: 'CARD-1' } } }
      }),
    })
    const first = made.send('2201', id(1), REGISTRATION)
    await made.pass(1_000)
    expect((await first).problem).toBeNull()
    lost = true
    void made.send('2201', id(2), REGISTRATION)
    await made.pass(HOUR_MS)
    return made.journal.byMessage(HOSPITAL, id(2), '2201')!
  }

  it('is not found by the visit that another message has opened', async () => {
    expect(await second(['V1'])).toMatchObject({ state: 'reversed' })
  })

  it('is found by the one visit that nobody else has opened', async () => {
    expect(await second(['V1', 'V2'])).toMatchObject({ state: 'accepted', encounter: 'V2' })
  })

  it('stays unknown where several might be it', async () => {
    expect(await second(['V1', 'V2', 'V3'])).toMatchObject({ state: 'unknown' })
    const alike = ['V2 at 2026-03-02 09:00:00', 'V3 at 2026-03-02 09:00:00']
    expect(await second(alike)).toMatchObject({ state: 'unknown' })
  })

  it('is found by the one of several that begins when it does', async () => {
    const shown = ['V2 at 2026-03-02 08:00:00', 'V3 at 2026-03-02 09:00:00']
    expect(await second(shown)).toMatchObject({ state: 'accepted', encounter: 'V3' })
  })
})

describe('what an answer does to the breaker', () => {
  /** Trials to one province through a real transport, all answered alike. */
  async function trials(output: unknown, infcode = 0, err_msg = '') {
    const made = bench()
    const { services } = made
    const random = { next: () => 0.5, token: () => 'token' }
    const body = Buffer.from(JSON.stringify({ infcode, err_msg, output }))
    let closed = 0
    const transport = createTransport({
      network: {
        post: async (_url, _body, _deadlineMs, hear) => {
          hear?.({ status: 200, repeated: false, close: () => (closed += 1) })
          return body
        },
        close: async () => {},
      },
      clock: services.clock,
      random,
      addresses: { national: 'http://national.invalid' },
      probe: () => ({ body: Buffer.alloc(0), read: () => expect.unreachable('down') }),
    })
    ;(services as { transport: unknown }).transport = transport
    const told = new Set<string | null>()
    for (let turn = 0; turn < 30; turn += 1) {
      const sent = made.send('2206', `${HOSPITAL}2026030209000000${String(turn).padStart(2, '0')}`, BILL)
      await made.pass(10)
      told.add((await sent).problem)
    }
    const status = transport.status().find(({ traffic }) => traffic === 'questions')
    await transport.close()
    return { told: [...told], breaker: status!.breaker, closed }
  }

  it('amounts that do not add up are told as unreadable and open nothing; the connection is closed', async () => {
    const unbalanced = paid({ fund_pay_sumamt: 61, medins_setl_id: '' })
    expect(await trials(unbalanced)).toEqual({ told: ['destination-down'], breaker: 'closed', closed: 30 })
  })

  it('a no opens nothing and closes nothing', async () => {
    expect(await trials(null, -1, 'E101 未备案')).toEqual({
      told: ['fund-refused'],
      breaker: 'closed',
      closed: 0,
    })
  })

  it('a system that is too busy opens it', async () => {
    const { breaker } = await trials(null, -1, '系统繁忙')
    expect(breaker).toBe('open')
  })
})
