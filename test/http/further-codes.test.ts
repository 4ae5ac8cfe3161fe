/** Codes that no map is for: what is certainly none is told beside the yes, or refuses where the contract says so. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bodies, type Gateway, HOSPITAL, keyed, PERSON, startGateway } from './rest-support.ts'

/** The institution of the demonstration whose contract refuses. */
const STRICT = 'H44030590001'
const GOOD = { code: 'I10.x00x002', name: '高血压' }

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

type Row = Record<string, unknown>
let serial = 0
function next(): number {
  serial += 1
  return serial
}

async function national(infno: string, input: Row, institution = HOSPITAL, id = '') {
  serial += 1
  return gateway.post('/hss-call-service-interface', {
    infno,
    msgid: id || `${institution}20250312${String(serial).padStart(10, '0')}`,
    mdtrtarea_admvs: institution.slice(1, 7),
    insuplc_admdvs: '621002',
    recer_sys_code: 'FSI',
    dev_no: '',
    dev_safe_info: '',
    cainfo: '',
    signtype: '',
    infver: 'V1.0',
    opter_type: '1',
    opter: '1',
    opter_name: '甲',
    inf_time: '2025-03-12 08:00:00',
    fixmedins_code: institution,
    fixmedins_name: '院',
    sign_no: '',
    input,
  })
}

const diagnosis = (more: Row) => ({
  diag_type: '1',
  diag_srt_no: 1,
  diag_code: 'national:I10.x00x002',
  diag_name: '高血压',
  diag_dept: '内科',
  dise_dor_no: 'D340104000001',
  dise_dor_name: '医师甲',
  diag_time: '2025-03-12 08:00:00',
  vali_flag: '1',
  ...more,
})

const visit = (head: Row, rows: readonly Row[] = []) => ({
  mdtrtinfo: {
    mdtrt_id: 'E-1',
    psn_no: PERSON,
    med_type: '14',
    begntime: '2025-03-12 08:00:00',
    dise_codg: 'M03900',
    ...head,
  },
  diseinfo: [diagnosis({}), ...rows.map((row) => diagnosis({ diag_srt_no: 2, ...row }))],
})

const registration = (atddr_no: string) => ({
  data: {
    psn_no: PERSON,
    insutype: '310',
    begntime: '2025-03-12 08:00:00',
    mdtrt_cert_type: '01',
    mdtrt_cert_no: 'TOKEN',
    ipt_otp_no: `MZ${next()}`,
    atddr_no,
    dr_name: '医师甲',
    dept_code: '0101',
    dept_name: '内科',
    caty: 'A03',
  },
})

const feeLine = (more: Row) => ({
  feedetl_sn: `F${next()}`,
  mdtrt_id: 'E-1',
  psn_no: PERSON,
  chrg_bchno: 'B1',
  rx_circ_flag: '0',
  fee_ocur_time: '2025-03-12 09:00:00',
  med_list_codg: '001102000010000',
  medins_list_codg: 'Z1',
  det_item_fee_sumamt: 60,
  cnt: 2,
  pric: 30,
  bilg_dept_codg: '0101',
  bilg_dept_name: '内科',
  bilg_dr_codg: 'D340104000001',
  bilg_dr_name: '医师甲',
  hosp_appr_flag: '0',
  med_type: '21',
  ...more,
})

const junk: readonly (readonly [string, string, Row, string])[] = [
  [
    'procedure',
    '2203',
    visit({ oprn_oprt_code: 'NOTACODE' }),
    '"mdtrtinfo.oprn_oprt_code";standard=procedure;reason=wrong-shape;code="NOTACODE"',
  ],
  [
    'tcm',
    '2203',
    visit({}, [{ diag_type: '2', diag_code: 'JUNK-TCM' }]),
    '"diseinfo[1].diag_code";standard=tcm;reason=wrong-shape;code="JUNK-TCM"',
  ],
  [
    'chronic-disease',
    '2203',
    visit({ dise_codg: 'ZZZ' }),
    '"mdtrtinfo.dise_codg";standard=chronic-disease;reason=wrong-shape;code="ZZZ"',
  ],
  [
    'a disease of a visit that is not chronic',
    '2203',
    visit({ med_type: '11', dise_codg: 'ZZZ' }),
    '"mdtrtinfo.dise_codg";standard=chronic-disease;reason=wrong-shape;code="ZZZ"',
  ],
  ['physician', '2201', registration('XX'), '"data.atddr_no";standard=physician;reason=wrong-shape'],
  [
    'a physician of a diagnosis',
    '2203',
    visit({}, [{ dise_dor_no: 'XX' }]),
    '"diseinfo[1].dise_dor_no";standard=physician;reason=wrong-shape',
  ],
]

describe('the national door', () => {
  it.each(junk)('warns of junk that goes on: %s', async (_kind, infno, input, header) => {
    const answer = await national(infno, input)
    expect(answer.json.infcode, answer.text).toBe(0)
    expect(answer.headers.get('zhijie-warning')).toBe(header)
  })

  it.each(junk)('refuses it where the contract says so: %s', async (_kind, infno, input, header) => {
    const before = gateway.received.length
    const answer = await national(infno, input, STRICT)
    expect(answer.headers.get('zhijie-problem'), answer.text).toBe('bad-codes')
    expect(answer.text).toContain(header.split('"')[1])
    expect(gateway.received.length).toBe(before)
  })

  it('leaves the bytes of a yes to the platform, and tells a retry the same', async () => {
    const input = registration('XX')
    const id = `${HOSPITAL}202503129999999999`
    const [first, second] = [
      await national('2201', input, HOSPITAL, id),
      await national('2201', input, HOSPITAL, id),
    ]
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(second.text).toBe(first.text)
    expect(second.headers.get('zhijie-warning')).toBe(first.headers.get('zhijie-warning'))
    expect(first.text).not.toContain('warning')
  })

  it('says nothing of codes that may be: of a table, of a starter that lacks them, withdrawn', async () => {
    const rows = [
      { diag_type: '2', diag_code: 'A04.02' },
      { diag_type: '3', diag_code: 'B04.02.01' },
      { diag_type: '2', diag_code: 'JUNK-TCM', vali_flag: '0' },
    ]
    for (const head of [
      { oprn_oprt_code: '47.0100' },
      { oprn_oprt_code: '47.9999' },
      { dise_codg: 'M99999' },
    ]) {
      const answer = await national('2203', visit(head, rows))
      expect(answer.json.infcode, answer.text).toBe(0)
      expect(answer.headers.get('zhijie-warning')).toBeNull()
    }
  })

  it('warns of fee lines once for what they say alike', async () => {
    const feedetail = [feeLine({ dise_codg: 'ZZZ' }), feeLine({}), feeLine({ dise_codg: 'ZZZ' })]
    const answer = await national('2204', { feedetail })
    expect(answer.headers.get('zhijie-warning')).toBe(
      '"feedetail[0].dise_codg";standard=chronic-disease;reason=wrong-shape;code="ZZZ"',
    )
  })

  it.each(['2204', '2301'])('refuses an unknown category in any row of %s', async (infno) => {
    const answer = await national(infno, { feedetail: [feeLine({}), feeLine({ med_type: '77' })] })
    expect(answer.headers.get('zhijie-problem'), answer.text).toBe('invalid-field')
    expect(answer.text).toContain('feedetail[1].med_type')
  })
})

describe('the REST door', () => {
  const opening = (institution: string, code: string) => {
    const body = bodies(GOOD, 'Z1').outpatient(`R${next()}`)
    const { diagnoses: _, ...rest } = body
    return { ...rest, institution, doctor: { code, name: '测医生' } }
  }

  it('tells junk as a warning in its own names, and a retry byte for byte', async () => {
    const body = opening(HOSPITAL, 'XX')
    const first = await gateway.post('/v1/encounters', body, keyed('further-1'))
    expect(first.status, first.text).toBe(201)
    expect(first.json.warnings).toEqual([
      {
        field: 'doctor.code',
        standard: 'physician',
        reason: 'wrong-shape',
        text: '医师编码的格式不符合国家编码规则',
      },
    ])
    expect((await gateway.post('/v1/encounters', body, keyed('further-1'))).text).toBe(first.text)
  })

  it('refuses it where the contract says so', async () => {
    const answer = await gateway.post('/v1/encounters', opening(STRICT, 'XX'), keyed('further-2'))
    expect(answer.json, answer.text).toMatchObject({
      type: '/problems/bad-codes',
      lines: [{ field: 'doctor.code' }],
    })
  })

  it('has no warnings where all codes may be', async () => {
    const answer = await gateway.post(
      '/v1/encounters',
      opening(HOSPITAL, 'D340104000001'),
      keyed('further-3'),
    )
    expect(answer.json.warnings).toBeUndefined()
  })

  it('translates the diagnosis of a referral, and refuses one that is none', async () => {
    const { filing } = bodies({ code: 'I10.x01', name: '高血压' }, 'Z1')
    await gateway.post('/v1/filings', filing, keyed('further-4'))
    expect(gateway.received.at(-1)?.input.refmedin?.diag_code).toMatch(/^I10\.x00/)
    const bad = { ...filing, diagnosis: { code: 'JUNK', name: '某病' } }
    const answer = await gateway.post('/v1/filings', bad, keyed('further-5'))
    expect(answer.json, answer.text).toMatchObject({
      type: '/problems/bad-codes',
      lines: [{ field: 'diagnosis.code' }],
    })
  })
})

describe('the mapping-quality report', () => {
  it('counts what was told and what was refused, and shows no code that may name a person', async () => {
    const of = async (institution: string) =>
      (await gateway.ask(`/v1/reports/mapping-quality?institution=${institution}`)).json.institutions[0]
        .further
    for (const institution of [HOSPITAL, STRICT]) {
      const further = (await of(institution)) as Row[]
      expect(further).toContainEqual(
        expect.objectContaining({ standard: 'procedure', code: 'NOTACODE', reason: 'wrong-shape', times: 1 }),
      )
      const doctors = further.filter(({ standard }) => standard === 'physician')
      expect(doctors.length).toBeGreaterThan(0)
      expect(doctors.every(({ code }) => code === '')).toBe(true)
    }
  })
})
