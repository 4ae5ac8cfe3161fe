/** Whose is what a message names: judged for everything in it, before anything leaves. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../src/extension/dialect.ts'
import type { ExchangeState } from '../../src/journal/entry.ts'
import { judgeOwners, type Owners, ownSettlement } from '../../src/pipeline/owner.ts'
import {
  cancellation,
  ELSEWHERE,
  FROM_OTHER,
  freshId,
  line,
  lost,
  open,
  ownersBench,
  registration,
  reversal,
  said,
  settlement,
  type Told,
  withdrawn,
} from './owner-support.ts'

let bench: ReturnType<typeof ownersBench>
beforeEach(() => {
  bench = ownersBench()
})

/** Sends what must be refused, and nothing of it may leave. */
async function refused(told: Told, problem: string, text: string, general = false) {
  const before = bench.made.left.length
  const answer = await said(bench.made, told, general)
  expect(answer).toMatchObject({ problem, text: expect.stringContaining(text) })
  expect(bench.made.left.length).toBe(before)
}

async function done(told: Told) {
  expect(await said(bench.made, told)).toMatchObject({ problem: null })
}

const asOther = (told: Told): Told => ({ ...told, head: { ...told.head, ...FROM_OTHER } })
const elsewhere = (told: Told): Told => ({ ...told, head: { ...told.head, ...ELSEWHERE } })

describe('judgeOwners() of rows', () => {
  beforeEach(async () => {
    await open(bench, 'V1', 'P1')
    await open(bench, 'V2', 'P1')
    await open(bench, 'W1', 'Q1', FROM_OTHER)
  })
  const diagnosis = { diag_type: '1', maindiag_flag: '1', diag_srt_no: 1, diag_code: 'I10.x00x002' }
  const diseinfo = (row: object) => [
    {
      ...{ ...diagnosis, diag_name: '高血压', diag_dept: '内科', dise_dor_no: 'D1', dise_dor_name: '医师甲' },
      ...{ diag_time: '2026-03-02 09:00:00', vali_flag: '1', psn_no: 'P1', mdtrt_id: 'V1', ...row },
    },
  ]
  const discharge = (row: object): Told => ({
    infno: '2402',
    input: {
      dscginfo: {
        ...{ mdtrt_id: 'V1', psn_no: 'P1', insutype: '310', endtime: '2026-03-02 10:00:00' },
        ...{ dscg_dept_codg: '0101', dscg_dept_name: '内科', dscg_way: '1' },
      },
      diseinfo: diseinfo(row),
    },
  })
  const visit = (row: object): Told => ({
    infno: '2203',
    input: {
      mdtrtinfo: { mdtrt_id: 'V1', psn_no: 'P1', med_type: '11', begntime: '2026-03-02 09:00:00' },
      diseinfo: diseinfo(row),
    },
  })
  const lines = (infno: string, more: object): Told => ({
    infno,
    input: { feedetail: [line('F1', 'P1', 'V1'), line('F2', 'P1', 'V1'), line('F3', 'P1', 'V1', more)] },
  })
  const billed = (more: object): Told => {
    const { infno, input } = settlement('P1', 'V1')
    return { infno, input: { ...input, feedetail: [line('F1', 'P1', 'V1'), line('F2', 'P1', 'V1', more)] } }
  }
  const foreign = '该就诊不是本机构登记的'

  it.each<[string, Told, string]>([
    [
      '2302 after a row of its own',
      withdrawn(['P1', 'V1'], ['Q1', 'W1', '0000']),
      `data[1].mdtrt_id：${foreign}`,
    ],
    ['2301', lines('2301', { mdtrt_id: 'W1' }), `feedetail[2].mdtrt_id：${foreign}`],
    ['2204', lines('2204', { mdtrt_id: 'W1' }), `feedetail[2].mdtrt_id：${foreign}`],
    ['2207 beside its bill', billed({ mdtrt_id: 'W1' }), `feedetail[1].mdtrt_id：${foreign}`],
    ['2402', discharge({ mdtrt_id: 'W1' }), `diseinfo[0].mdtrt_id：${foreign}`],
    ['2203, where the text names none', visit({ mdtrt_id: 'W1' }), `diseinfo[0].mdtrt_id：${foreign}`],
  ])('refuses the encounter of another institution in a row of %s', async (_name, told, text) => {
    await refused(told, 'foreign-institution', text)
    await refused(told, 'foreign-institution', text, true)
  })

  it.each<[string, Told, string]>([
    ['visits in 2302', withdrawn(['P1', 'V1'], ['P1', 'V2']), 'data[1].mdtrt_id与data[0].mdtrt_id不一致'],
    ['persons in 2302', withdrawn(['P1', 'V1'], ['P2', 'V1']), 'data[1].psn_no与data[0].psn_no不一致'],
    [
      'visits in 2204',
      lines('2204', { mdtrt_id: 'V2' }),
      'feedetail[2].mdtrt_id与feedetail[0].mdtrt_id不一致',
    ],
    [
      'unknown visits in 2301',
      lines('2301', { mdtrt_id: 'X' }),
      'feedetail[2].mdtrt_id与feedetail[0].mdtrt_id',
    ],
    ['persons in 2301', lines('2301', { psn_no: 'P2' }), 'feedetail[2].psn_no与feedetail[0].psn_no不一致'],
    ['batches in 2204', lines('2204', { chrg_bchno: 'B2' }), '一份报文只能涉及一个收费批次'],
    ['a bill and its lines', billed({ chrg_bchno: 'B2' }), 'feedetail[1].chrg_bchno与data.chrg_bchno不一致'],
    [
      'a bill and the persons of its lines',
      billed({ psn_no: 'P2' }),
      'feedetail[1].psn_no与data.psn_no不一致',
    ],
    [
      'a discharge and its diagnoses',
      discharge({ psn_no: 'P2' }),
      'diseinfo[0].psn_no与dscginfo.psn_no不一致',
    ],
  ])('refuses several %s by name, since the undoing of a message covers one', async (_name, told, text) => {
    await refused(told, 'invalid-field', text)
    await refused(told, 'invalid-field', text, true)
  })

  it('lets rows of one visit pass, with all that 0000 stands for', async () => {
    await done(withdrawn(['P1', 'V1'], ['P1', 'V1', '0000']))
    await done(lines('2204', {}))
  })

  it('refuses an upload whose undoing would withdraw every line of the visit', async () => {
    await refused(lines('2301', { feedetl_sn: '0000' }), 'invalid-field', 'feedetl_sn不能为0000')
    const rows = [line('F1', 'P1', 'V1', { chrg_bchno: '0000' })]
    await refused({ infno: '2204', input: { feedetail: rows } }, 'invalid-field', 'chrg_bchno不能为0000')
  })

  it('refuses an institution in the input that is not the one of the head', async () => {
    const data = { psn_no: 'P1', insutype: '310', med_type: '11', begntime: '2026-03-02 09:00:00' }
    const told = (fixmedins_code: string): Told => ({
      infno: '2001',
      input: { data: { ...data, fixmedins_code } },
    })
    await refused(told('H34010490001'), 'foreign-institution', 'data.fixmedins_code')
    await done(told('H34010290001'))
  })
})

describe('judgeOwners() of the head', () => {
  it('refuses a person who is not the one of the encounter', async () => {
    await open(bench, 'V1', 'P1')
    for (const infno of ['2206', '2207', '2304']) {
      await refused(
        settlement('P2', 'V1', infno),
        'invalid-field',
        'data.psn_no与data.mdtrt_id所指的就诊的人员不一致',
      )
    }
    await refused(withdrawn(['P2', 'V1', '0000']), 'invalid-field', 'data[0].psn_no')
    await done(settlement('P1', 'V1'))
  })

  it('refuses the settlement of another institution, visit or person in 2208, 2305 and 5203', async () => {
    await open(bench, 'V1', 'P1')
    await open(bench, 'V2', 'P1')
    await open(bench, 'W1', 'Q1', FROM_OTHER)
    await done(settlement('P1', 'V1'))
    for (const infno of ['2208', '2305', '5203']) {
      await refused(
        asOther(cancellation('Q1', 'W1', 'S1', infno)),
        'foreign-institution',
        '该结算不是本机构办理的',
      )
      await refused(cancellation('P1', 'V2', 'S1', infno), 'invalid-field', 'data.setl_id所指的结算不属于')
      await refused(cancellation('P2', 'X9', 'S1', infno), 'invalid-field', 'data.setl_id')
      await refused(elsewhere(cancellation('P1', 'V1', 'S1', infno)), 'invalid-field', 'insuplc_admdvs')
    }
    await done(cancellation('P1', 'V1', 'S1'))
  })

  it('tells the row only where there are rows', async () => {
    await open(bench, 'W1', 'Q1', FROM_OTHER)
    const { text } = await said(bench.made, settlement('Q1', 'W1'))
    expect(text).toContain('[foreign-institution] 该就诊不是本机构登记的')
  })

  it('knows the person and the platform of a settlement whose visit it does not know', async () => {
    await done(settlement('P1', 'V9'))
    for (const infno of ['2208', '2305', '5203']) {
      const other = 'data.psn_no与data.setl_id所指的结算的人员不一致'
      await refused(cancellation('P2', 'V9', 'S1', infno), 'invalid-field', other)
      await refused(elsewhere(cancellation('P1', 'V9', 'S1', infno)), 'invalid-field', '参保地insuplc_admdvs')
    }
    await done(cancellation('P1', 'V9', 'S1'))
  })

  it('lets a settlement be named without its visit', async () => {
    const own = { institution: 'H1', insuredArea: '621000', encounter: 'V1', person: 'P1' }
    const judge = async (subject: Message['subject']) => {
      const settlers = () => [{ state: 'accepted', exchange: own }]
      const named = [{ what: 'settlement', field: 'data.setl_id', value: 'S1' }]
      const message = { ...own, named, subject, operation: {} } as unknown as Message
      return judgeOwners({ settlers } as unknown as Owners, message, 'P1')
    }
    await judge({})
    await judge({ encounter: 'V1' })
    await expect(judge({ encounter: 'V2' })).rejects.toThrow('不属于所填就诊ID的就诊')
  })

  it('takes a batch for no settlement, though one has its number', async () => {
    await open(bench, 'W1', 'Q1', FROM_OTHER)
    await done(asOther(settlement('Q1', 'W1')))
    const { infno, input } = settlement('P1', 'V9')
    await done({ infno, input: { data: { ...(input.data as object), chrg_bchno: 'S1' } } })
  })

  it('judges nobody where the message, or what the journal has, names no person', async () => {
    const judge = async (person: string | null, owner: string | null) => {
      const opener = { exchange: 1, institution: 'H1', insuredArea: '621000', person: owner }
      const owners = {
        ownOpener: () => opener,
        openers: () => [opener],
        settlers: () => [],
        messages: () => [],
      }
      const named = [{ what: 'encounter', field: 'data.mdtrt_id', value: 'V1' }]
      const message = { named, institution: 'H1', insuredArea: '621000', subject: {}, operation: {} }
      return judgeOwners(owners, message as unknown as Message, person)
    }
    await judge(null, 'P1')
    await judge('P1', null)
    await judge('P1', 'P1')
    await expect(judge('P1', 'P2')).rejects.toThrow('人员不一致')
  })

  it('leaves what the journal does not know to the platform', async () => {
    await done(settlement('P1', 'V9'))
    await done(cancellation('P1', 'V9', 'S9'))
    await done(reversal('P1', freshId()))
  })
})

describe('judgeOwners() of a reversal', () => {
  const id = freshId()
  beforeEach(async () => {
    await open(bench, 'V1', 'P1')
    await done({ ...settlement('P1', 'V1'), id })
  })
  const state = () => bench.made.disk.byMessage('H34010290001', id, '2207')?.state

  it.each<[string, Told, string, string]>([
    [
      'from another institution',
      asOther(reversal('P1', id)),
      'foreign-institution',
      '原报文不是本机构发出的',
    ],
    [
      'to another insured place',
      elsewhere(reversal('P1', id)),
      'invalid-field',
      'insuplc_admdvs与原报文不一致',
    ],
    [
      'from another place of treatment',
      { ...reversal('P1', id), head: { mdtrtarea_admvs: '340104' } },
      'invalid-field',
      'mdtrtarea_admvs与原报文不一致',
    ],
    [
      'from another institution under another transaction',
      asOther(reversal('P1', id, '2304')),
      'foreign-institution',
      '原报文不是本机构发出的',
    ],
    [
      'under another transaction',
      reversal('P1', id, '2304'),
      'invalid-field',
      'oinfno与原报文的交易编号不一致',
    ],
    ['about another person', reversal('P2', id), 'invalid-field', 'data.psn_no与原报文的人员不一致'],
  ])('refuses one %s, and the settlement stands', async (_name, told, problem, text) => {
    await refused(told, problem, text)
    expect(state()).toBe('accepted')
    await done(reversal('P1', id))
    expect(state()).toBe('reversed')
  })
})

describe('an encounter', () => {
  it('is known by institution, platform and id: two platforms may give one id', async () => {
    await open(bench, 'V1', 'P1')
    await open(bench, 'V1', 'P2', ELSEWHERE)
    await open(bench, 'V1', 'Q3', { ...FROM_OTHER, insuplc_admdvs: '330102' })
    await refused(settlement('P2', 'V1'), 'invalid-field', 'data.psn_no')
    await refused(elsewhere(settlement('P1', 'V1')), 'invalid-field', 'data.psn_no')
    await done(settlement('P1', 'V1'))
    await done(elsewhere(settlement('P2', 'V1')))
    const far = settlement('Q3', 'V1')
    await done({ ...far, head: { ...FROM_OTHER, insuplc_admdvs: '330102' } })
  })

  it('of one platform is not busy with the settlement of another one that has its id', async () => {
    await open(bench, 'V1', 'P1')
    await open(bench, 'V1', 'P2', ELSEWHERE)
    expect(await lost(bench, settlement('P1', 'V1'))).toBe('outcome-unknown')
    expect(await said(bench.made, settlement('P1', 'V1'))).toMatchObject({ problem: 'encounter-busy' })
    await done(elsewhere(settlement('P2', 'V1')))
  })

  it('is refused with another insured place than that of its opening, also by who has not opened it', async () => {
    await open(bench, 'V1', 'P1')
    await refused(elsewhere(settlement('P1', 'V1')), 'invalid-field', 'insuplc_admdvs')
    await refused(asOther(elsewhere(settlement('P1', 'V1'))), 'foreign-institution', '不是本机构登记的')
  })
})

describe('an opening whose answered id stands for another person', () => {
  it.each(['H34010290001', 'H34010490001'])(
    'is no usable answer, whoever opened it: %s',
    async (institution) => {
      const head = institution === 'H34010490001' ? FROM_OTHER : {}
      await open(bench, 'V1', 'P1', head)
      const id = freshId()
      expect(await said(bench.made, { ...registration('P2'), id })).toMatchObject({
        problem: 'outcome-unknown',
        text: expect.stringContaining('返回的应答与本笔不符'),
      })
      const { behaviour } = bench
      // The platform shows the same id as the visit of this person.
      bench.made.behaviour = {
        says: (asked) =>
          asked.infno === '5201'
            ? { output: { mdtrtinfo: [{ mdtrt_id: 'V1', ipt_otp_no: 'MZ-P2' }] } }
            : behaviour.says(asked),
      }
      for (const worker of bench.made.workers) worker.pause(false)
      await bench.made.pass(600_000)
      const found = bench.made.disk.byMessage('H34010290001', id, '2201')
      expect(found?.state).not.toBe('accepted')
      expect(bench.made.journal.openers('V1')).toMatchObject([{ person: 'P1', institution }])
      // At another platform the same id is somebody else's encounter.
      expect(await open(bench, 'V1', 'P2', ELSEWHERE)).toMatchObject({ problem: null })
    },
  )

  it('is looked for in vain and taken as not made where the platform does not show it', async () => {
    await open(bench, 'V1', 'P1')
    const id = freshId()
    await said(bench.made, { ...registration('P2'), id })
    const { behaviour } = bench
    bench.made.behaviour = {
      says: (asked) => (asked.infno === '5201' ? { output: { mdtrtinfo: [] } } : behaviour.says(asked)),
    }
    for (const worker of bench.made.workers) worker.pause(false)
    await bench.made.pass(600_000)
    expect(bench.made.disk.byMessage('H34010290001', id, '2201')?.state).toBe('reversed')
  })
})

describe('ownSettlement()', () => {
  const asked = { institution: 'H1', insuredArea: '621000' }
  const one = (state: string, more = {}) =>
    ({ state, exchange: { kind: 'settlement', ...asked, ...more } }) as unknown as ExchangeState
  const found = (...settlers: ExchangeState[]) => ownSettlement({ settlers: () => settlers }, asked, 'S1')

  it('prefers the one that stands to one that was reversed, in any order', async () => {
    const [stands, reversed] = [one('accepted'), one('reversed')]
    expect(await found(reversed, stands)).toBe(stands)
    expect(await found(stands, reversed)).toBe(stands)
    expect(await found(reversed)).toBe(reversed)
    expect(await found()).toBeNull()
  })

  it.each([{ kind: 'cancellation' }, { institution: 'H2' }, { insuredArea: '430102' }])(
    'is none of %j',
    async (other) => {
      expect(await found(one('accepted', other))).toBeNull()
    },
  )

  it('is one of another city of the same platform', async () => {
    const own = one('accepted', { insuredArea: '620102' })
    expect(await found(own)).toBe(own)
  })
})
