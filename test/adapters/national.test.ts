/** The national dialect opens, writes and reads each of its operations as the text asks, and refuses the rest. */
import { describe, expect, it } from 'vitest'
import national from '../../adapters/000000-national/index.ts'
import type { Instant } from '../../src/domain/day.ts'
import { laneOf } from '../../src/domain/lane.ts'
import { settlementFault } from '../../src/domain/settlement.ts'
import type { Message } from '../../src/extension/dialect.ts'
import type { NationalCode, NationalCodes } from '../../src/extension/national-codes.ts'
import { answered, bytes, changed, FIXTURES, fixture, messageOf, paid, type Row, take } from './fixtures.ts'
import { inClear } from './in-clear.ts'

const AT = Date.parse('2025-03-12T00:00:07.045Z') as Instant
const codeOf = (
  code: string,
  name: string,
  beside: NonNullable<NationalCode['beside']> = [],
): NationalCode => ({
  code,
  name,
  beside,
})

/** National codes for those of a message that stand at these places. */
const placedAt = ({ codes }: Message, national: Readonly<Record<string, NationalCode>>): NationalCodes =>
  codes.map(({ at, refuses }) => (refuses && national[at]) || null)

/** An answer with its output at hand. */
function decoded(operation: string, body: Buffer): Record<string, unknown> {
  const reply = national.decode(messageOf(operation), body)
  return reply.verdict === 'yes'
    ? { ...reply, output: reply.output(), warning: reply.warning() }
    : { ...reply }
}

describe('the fixtures', () => {
  it('show every operation that is written by hand, and no other', () => {
    const byHand = Object.values(national.operations).filter(({ described }) => !described)
    expect(FIXTURES.map(({ operation }) => operation).sort()).toEqual(
      byHand.map(({ transaction }) => transaction).sort(),
    )
  })

  it.each(FIXTURES)(
    '$operation: the subject is read out of the request',
    ({ request, subject, codes = [] }) => {
      const message = take(request)
      expect(inClear(message).subject).toEqual(subject)
      const rest = message.codes.slice(subject.lines?.length ?? 0).filter(({ refuses }) => refuses)
      expect(rest).toMatchObject(codes)
      expect(message).toMatchObject({
        id: request.msgid,
        institution: request.fixmedins_code,
        treatmentArea: '620102',
        insuredArea: '440106',
      })
    },
  )

  it.each(FIXTURES)('$operation: what encode() writes opens and reads as the same message', ({ request }) => {
    const { judged: _, ...message } = take(request)
    const written = national.encode(message)
    expect(JSON.parse(written.toString())).toEqual(request)
    const { judged: __, ...again } = take(JSON.parse(written.toString()))
    expect(again).toEqual(message)
  })

  it.each(FIXTURES)(
    '$operation: the answer is a yes with its money and encounter',
    ({ operation, reply, result }) => {
      expect(decoded(operation, bytes(reply))).toEqual({
        verdict: 'yes',
        output: reply.output,
        warning: null,
        settlement: result?.settlement ?? null,
        encounter: result?.encounter ?? null,
      })
      const schema = national.operations[operation]!.output
      if (schema) expect(schema.safeParse(reply.output).error).toBeUndefined()
    },
  )

  it.each(FIXTURES.filter(({ result }) => result?.settlement))(
    '$operation: the amounts add up',
    ({ result }) => {
      expect(settlementFault(result!.settlement!)).toBeNull()
    },
  )
})

describe('open()', () => {
  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hello')],
    ['half of a message', bytes(fixture('2207').request).subarray(0, 200)],
    ['an array', bytes([fixture('2207').request])],
    ['null', bytes(null)],
    ['a number', bytes(2207)],
    ['GBK', Buffer.from([0x7b, 0x22, 0xb2, 0xe2, 0x22, 0x3a, 0x31, 0x7d])],
  ])('refuses %s as unreadable', (_what, body) => {
    expect(() => national.open(body, null)).toThrow(expect.objectContaining({ code: 'unreadable-body' }))
  })

  it('takes a byte order mark and any member that the text does not name', () => {
    const request = { ...fixture('2207').request, enc_type: 'SM4' }
    const envelope = national.open(Buffer.from(`\uFEFF${JSON.stringify(request)}`), null)
    expect(envelope.document.json()).toEqual(request)
  })

  it('goes by the place of treatment where the insured place is empty', () => {
    for (const insuplc_admdvs of ['', null, undefined]) {
      expect(take({ ...fixture('1101').request, insuplc_admdvs })).toMatchObject({ insuredArea: '620102' })
    }
  })

  it('refuses a transaction that is not offered', () => {
    for (const infno of ['9999', '2203B', '', 'toString']) {
      const open = () => national.open(bytes({ ...fixture('2203').request, infno }), null)
      const code = infno === '' || infno.length > 6 ? 'invalid-field' : 'unknown-transaction'
      expect(open).toThrow(expect.objectContaining({ code }))
    }
  })

  it('refuses a transaction other than the one in the address', () => {
    const body = bytes(fixture('2207').request)
    expect(national.open(body, '2207').id).toBe(fixture('2207').request.msgid)
    expect(() => national.open(body, '2304')).toThrow(expect.objectContaining({ code: 'invalid-field' }))
  })

  it('names an area of a wrong form in Chinese and does not repeat it', () => {
    const wrong = { ...fixture('2207').request, insuplc_admdvs: '94010x' }
    expect(() => take(wrong)).toThrow(
      expect.objectContaining({ code: 'invalid-field', message: expect.stringContaining('insuplc_admdvs') }),
    )
    expect(() => take(wrong)).not.toThrow(/94010x/)
  })
})

describe('read()', () => {
  it.each<[string, string, string, unknown]>([
    ['a day that no calendar has', '2402', 'dscginfo.endtime', '2025-02-30 10:00:00'],
    ['a day of a diagnosis that no calendar has', '2203', 'diseinfo[0].diag_time', '2025-13-01'],
    ['a day of a fee that no calendar has', '2204', 'feedetail[0].fee_ocur_time', '2025-04-31 08:00:00'],
    ['a third decimal of the total', '2207', 'data.medfee_sumamt', 1234.567],
    ['a third decimal of a sum', '2207', 'data.preselfpay_amt', '0.001'],
    ['a third decimal of a line', '2301', 'feedetail[0].det_item_fee_sumamt', '47.001'],
  ])('refuses %s and names its field', (_what, operation, path, value) => {
    const field = path.split('.').at(-1)!
    const read = () => take(changed(fixture(operation), path, value))
    expect(read).toThrow(
      expect.objectContaining({ code: 'invalid-field', message: expect.stringContaining(field) }),
    )
    expect(read).not.toThrow(String(value))
  })

  it('leaves Chinese-medicine diagnoses alone', () => {
    const { request } = fixture('2203')
    const row = (request.input.diseinfo as Row[])[0]!
    const diseinfo = ['2', '3', '1'].map((diag_type) => ({ ...row, diag_type }))
    const { codes } = take({ ...request, input: { ...request.input, diseinfo } })
    expect(codes.filter(({ refuses }) => refuses).map(({ at }) => at)).toEqual(['diseinfo[2]'])
  })

  it('reads a diagnosis that is marked as national, in a row and in the head, and takes the mark away', () => {
    const systems = { item: 'H', diagnosis: 'H-diagnosis' }
    const { request } = fixture('2401')
    const row = (request.input.diseinfo as Row[])[0]!
    const diseinfo = [
      { ...row, diag_code: 'national:I10.x00x002' },
      { ...row, diag_code: 'National：I10.x00x002' },
      { ...row, diag_code: 'I10.x01' },
      { ...row, diag_type: '2', diag_code: 'national:A01.01' },
    ]
    const mdtrtinfo = { ...(request.input.mdtrtinfo as Row), dscg_maindiag_code: 'national:I10.x00x002' }
    const envelope = national.open(
      Buffer.from(JSON.stringify({ ...request, input: { mdtrtinfo, diseinfo } })),
      null,
    )
    const message = national.read(envelope, systems)
    const marked = { system: 'national', code: 'I10.x00x002' }
    const own = { system: 'H-diagnosis', code: 'I10.x01' }
    const illnesses = message.codes.filter(({ refuses }) => refuses)
    expect(illnesses.map(({ given }) => given)).toMatchObject([marked, marked, own, marked])
    const codes = message.codes.map(({ refuses, marked: isMarked, given }) =>
      refuses ? codeOf('I10.x00x002', '高血压') : isMarked ? codeOf(given.code, '') : null,
    )
    const placed = national.encode(national.place(message, codes)).toString()
    expect(placed).toContain('"diag_code":"A01.01"')
    expect(placed).not.toMatch(/national/i)
  })

  it('names no split where the sums are left out, as 2304 may', () => {
    const { request } = fixture('2304')
    const empty = { fulamt_ownpay_amt: '', overlmt_selfpay: null, preselfpay_amt: '', inscp_scp_amt: '' }
    const { subject } = take({ ...request, input: { data: { ...(request.input.data as Row), ...empty } } })
    expect(subject.split).toBeUndefined()
  })

  it.each<[string, string, string, string, readonly [string, string, string][]]>([
    ['02', '990007198503150079', '', '', [['01', '990007198503150079', 'mdtrt_cert_no']]],
    ['01', '990000000000ECTOKEN000000000007', '', '', []],
    ['03', 'CARD9900070001', '', '', []],
    ['03', 'CARD9900070001', '04', 'H9900007', [['04', 'H9900007', 'certno']]],
    ['03', 'CARD9900070001', '', '990007198503150079', [['01', '990007198503150079', 'certno']]],
  ])(
    'of credential %s %s with document %s %s sees %j',
    (mdtrt_cert_type, mdtrt_cert_no, psn_cert_type, certno, seen) => {
      const { request } = fixture('1101')
      const input = { data: { mdtrt_cert_type, mdtrt_cert_no, psn_cert_type, certno } }
      const documents = seen.map(([kind, number, field]) => ({ kind, number, field }))
      expect(take({ ...request, input }).subject).toEqual({ documents })
    },
  )

  it('gives each bill a category of its lane', () => {
    const lanes = ['2207', '2208', '2304', '2305'].map((operation) =>
      laneOf(messageOf(operation).subject.category!),
    )
    expect(lanes).toEqual(['chronic', 'outpatient', 'inpatient', 'inpatient'])
  })
})

describe('accepts()', () => {
  it.each<[string, string | null]>([
    ['/mbs/fmi/fsi/api/callFsiService/callService', null],
    ['/fsi/api/rsfComIfsService/callService', null],
    ['/uif-hsaf-med-api/api/medical/service', null],
    ['/hss-call-service-interface', null],
    ['/hss-call-service-interface/', null],
    ['//CSB', null],
    ['//hss-call-service-interface//', null],
    ['/hss%2Dcall%2dservice-interface', null],
    ['/ebus/account//poc-hsa-hgs-2207', '2207'],
    ['/ebus/rio_fsi/fsi/api/hospSettService/settV2', '2304'],
    ['/ebus/mbs_fsi_auth/fsi/api/outpatientDocInfoService/outpatientRregistration', '2201'],
    ['/fsi/api/outpatientSettleService/cancleSettletment', '2208'],
    ['/ebus/account/poc-hsa-hgs-2207', '2207'],
    ['/ebus/gdyb_inf/poc/hsa/hgs/2304', '2304'],
    ['/ebus/gdyb_inf/poc/hsa/hgs/2203A', '2203A'],
    ['/ebus/gdyb_inf/poc/hsa/hgs/13203', '13203'],
  ])('takes %s', (path, transaction) => {
    expect(national.accepts(path)).toEqual({ transaction })
  })

  it.each([
    '/',
    '',
    '/v1/settlements',
    '/fsi/api',
    '/fsi/api/hospSettService',
    '/fsi/api/hospSettService/unknown',
    '/fsi/api/hospSettService/settV2/more',
    '/fsi/api/outpatientDocInfoService/outpatientRegistration',
    '/callService',
    '/prefix/hss-call-service-interface',
    '/HSS-call-service-interface',
    '/CSB%2F',
    '/CSB%20',
    '/%ZZCSB',
    '/ebus/poc-hsa-hgs-2207',
    '/ebus/account/poc-hsa-hgs-220',
    '/ebus/account/poc-hsa-hgs-',
    '/ebus/account/poc-hsa-hgs-2207/more',
    '/poc/hsa/hgs/2304',
  ])('leaves %s to others', (path) => {
    expect(national.accepts(path)).toBeNull()
  })

  it.each(Object.values(national.operations).filter(({ path }) => path !== null))(
    'knows $transaction by its path',
    ({ transaction, path }) => {
      expect(national.accepts(`/prefix/fsi/api/${path}`)).toEqual({ transaction })
    },
  )
})

describe('decode()', () => {
  const message = messageOf('2207')

  it.each<[unknown, 'yes' | 'no']>([
    [0, 'yes'],
    ['0', 'yes'],
    [-1, 'no'],
    ['-1', 'no'],
    [1, 'no'],
    [999, 'no'],
    ['-99', 'no'],
  ])('takes infcode %j as %s', (infcode, verdict) => {
    expect(national.decode(message, answered('2207', { infcode })).verdict).toBe(verdict)
  })

  it.each([[false], [' '], [[]], [[0]]])(
    'takes infcode %j as no answer: success is 0 and nothing else',
    (infcode) => {
      expect(() => national.decode(message, answered('2207', { infcode }))).toThrow(RangeError)
    },
  )

  it.each([['ok'], [{}], [true]])(
    'takes infcode %j as no answer: a no must be as clear as a yes',
    (infcode) => {
      expect(() => national.decode(message, answered('2207', { infcode }))).toThrow(RangeError)
    },
  )

  it.each<[string, 'no' | 'unclear' | 'later', string | null, string]>([
    ['E101 未办理异地就医备案', 'no', 'E101', '未办理异地就医备案'],
    ['[E205] 起付线未知', 'no', 'E205', '起付线未知'],
    ['E701 参保地未响应', 'unclear', 'E701', '参保地未响应'],
    ['E703 国家平台未响应', 'unclear', 'E703', '国家平台未响应'],
    ['E702 参保地停机', 'later', 'E702', '参保地停机'],
    ['E704 平台暂不可用', 'no', 'E704', '平台暂不可用'],
    ['就诊凭证编号不能为空(trace0002@host)', 'no', null, '就诊凭证编号不能为空(trace0002@host)'],
    ['见E701', 'no', null, '见E701'],
    ['', 'no', null, '平台未说明原因'],
    ['E101', 'no', 'E101', '平台未说明原因'],
  ])('reads the refusal "%s" as %s with reason %s', (err_msg, verdict, reason, text) => {
    const reply = national.decode(message, answered('2207', { infcode: -1, err_msg, output: null }))
    expect(reply).toEqual({ verdict, reason, text })
  })

  it('takes a refusal without any text', () => {
    const reply = national.decode(message, bytes({ infcode: -1 }))
    expect(reply).toMatchObject({ verdict: 'no', text: '平台未说明原因' })
  })

  it('cuts an identity number out of a refusal, and the text at 1000 characters', () => {
    const err_msg = `参保人990007198503150079未备案`
    expect(national.decode(message, answered('2207', { infcode: -1, err_msg }))).toMatchObject({
      text: '参保人******未备案',
    })
    const long = national.decode(message, answered('2207', { infcode: -1, err_msg: '长'.repeat(5000) }))
    expect(long).toMatchObject({ text: '长'.repeat(1000) })
  })

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['a page of a proxy', Buffer.from('<html>502</html>')],
    ['half of an answer', bytes(fixture('2207').reply).subarray(0, 100)],
    ['an array', bytes([fixture('2207').reply])],
    ['null', bytes(null)],
    ['text', bytes('ok')],
    ['GBK', Buffer.from([0x7b, 0x22, 0xb2, 0xe2, 0x22, 0x3a, 0x31, 0x7d])],
    ['no infcode', bytes({ output: fixture('2207').reply.output })],
    ['an empty infcode', answered('2207', { infcode: '' })],
    ['infcode null', answered('2207', { infcode: null })],
    ['a yes without output', answered('2207', { output: null })],
    ['a yes with an empty output', answered('2207', { output: {} })],
    ['a yes without a total', paid('2207', { medfee_sumamt: undefined })],
    ['a yes without the fund', paid('2207', { fund_pay_sumamt: '' })],
    ['a yes without the share of the person', paid('2207', { psn_part_amt: undefined })],
    ['a yes with an amount in words', paid('2207', { acct_pay: '一百' })],
    ['a yes with a third decimal', paid('2207', { psn_cash_pay: 300.001 })],
    ['a fund one fen too high', paid('2207', { fund_pay_sumamt: 800.01 })],
    ['a total one fen too low', paid('2207', { medfee_sumamt: 1234.55 })],
    ['cash one fen too high', paid('2207', { psn_cash_pay: 300.01 })],
    ['a hospital share one fen too low', paid('2207', { hosp_part_amt: 34.55 })],
    ['a sum of the split one fen too high', paid('2207', { preselfpay_amt: 100.01 })],
  ])('takes %s as no answer', (_what, body) => {
    expect(() => national.decode(message, body)).toThrow(RangeError)
  })

  it('repeats nothing of what it could not read', () => {
    const body = Buffer.from('990007198503150079 is not JSON')
    expect(() => national.decode(message, body)).not.toThrow(/990007/)
    expect(() => national.decode(message, body)).toThrow(RangeError)
  })

  it.each(['2201', '2401'])('%s: a yes without the encounter is no answer', (operation) => {
    for (const output of [
      {},
      { data: {}, result: {} },
      { data: { mdtrt_id: '' }, result: { mdtrt_id: '' } },
    ]) {
      expect(() => national.decode(messageOf(operation), answered(operation, { output }))).toThrow(RangeError)
    }
  })

  it.each(['2201', '2401'])('%s: a yes without output is no answer', (operation) => {
    expect(() => national.decode(messageOf(operation), answered(operation, { output: null }))).toThrow(
      RangeError,
    )
  })

  it.each(['2207', '2304', '2208', '2305'])('%s: a yes without setl_id is no answer', (operation) => {
    expect(() => national.decode(messageOf(operation), paid(operation, { setl_id: undefined }))).toThrow(
      RangeError,
    )
  })

  it('reads the cash of a cancellation under each of its names, and out of the share where it is left out', () => {
    for (const cash of [
      { pdn_cash_pay: -300 },
      { pdn_cash_pay: undefined, psn_cash_pay: '-300.00' },
      { pdn_cash_pay: undefined },
    ]) {
      const reply = national.decode(messageOf('2208'), paid('2208', cash))
      expect(reply).toMatchObject({ verdict: 'yes', settlement: { cash: -30000 } })
    }
  })

  it.each([[''], [null]])(
    'reads the cash of a cancellation past an empty field of the other name: %j',
    (psn_cash_pay) => {
      const reply = national.decode(messageOf('2208'), paid('2208', { psn_cash_pay }))
      expect(reply).toMatchObject({ verdict: 'yes', settlement: { cash: -30000 } })
    },
  )

  it('takes one fund as an object, and none at all', () => {
    const { setlinfo, setldetail } = fixture('2207').reply.output as { setlinfo: Row; setldetail: Row[] }
    for (const rows of [setldetail[0], undefined, null, []]) {
      const reply = national.decode(message, answered('2207', { output: { setlinfo, setldetail: rows } }))
      expect(reply.verdict).toBe('yes')
    }
  })
})

describe('place()', () => {
  it('puts the national code into each line that has one, and leaves the others', () => {
    const message = messageOf('2301')
    const placed = national.place(message, [null, codeOf('002503000010000-250301001', ''), null])
    const rows = placed.document.json().input as { feedetail: Row[] }
    expect(rows.feedetail.map(({ med_list_codg }) => med_list_codg)).toEqual([
      'XA01AAA001A001010100001',
      '002503000010000-250301001',
      'XA01AAA001A001010100001',
    ])
    expect(rows.feedetail[1]).toMatchObject({ medins_list_codg: 'L0007', det_item_fee_sumamt: '60.00' })
    expect(message.document.json()).toEqual(fixture('2301').request)
  })

  it('adds rows for the further codes of one diagnosis, numbered on and never the main one', () => {
    const { request } = fixture('2402')
    const row = (request.input.diseinfo as Row[])[0]!
    const second = { ...row, diag_srt_no: 2, maindiag_flag: '0', diag_code: 'local-2', diag_name: '乙' }
    const message = take({ ...request, input: { ...request.input, diseinfo: [row, second] } })
    const also = [
      { code: 'B01.000', name: '其二' },
      { code: 'B02.000', name: '其三' },
    ]
    const codes = placedAt(message, {
      'diseinfo[0]': codeOf('A01.000', '其一', also),
      'diseinfo[1]': codeOf('C01.000', '丙'),
    })
    const placed = national.place(message, codes).document.json().input as {
      diseinfo: Row[]
    }
    expect(
      placed.diseinfo.map((each) => [each.diag_srt_no, each.maindiag_flag, each.diag_code, each.diag_name]),
    ).toEqual([
      [1, '1', 'A01.000', '其一'],
      [2, '0', 'C01.000', '丙'],
      [3, '0', 'B01.000', '其二'],
      [4, '0', 'B02.000', '其三'],
    ])
    expect(placed.diseinfo.every(({ psn_no }) => psn_no === row.psn_no)).toBe(true)
  })

  it('gives no main flag to a form that has none', () => {
    const message = messageOf('2203')
    const code = codeOf('A01.000', '其一', [{ code: 'B01.000', name: '其二' }])
    const placed = national.place(message, placedAt(message, { 'diseinfo[0]': code }))
    const { diseinfo } = placed.document.json().input as { diseinfo: Row[] }
    const { request } = fixture('2203')
    const flagged = 'maindiag_flag' in (request.input.diseinfo as Row[])[0]!
    expect(diseinfo.map((row) => 'maindiag_flag' in row)).toEqual([flagged, flagged])
  })

  it.each(['2401', '2403'])('%s: translates the main diagnosis in the head too', (operation) => {
    const head = operation === '2401' ? 'mdtrtinfo' : 'adminfo'
    const message = messageOf(operation)
    const code = codeOf('A01.000', '其一')
    const codes = placedAt(message, { 'diseinfo[0]': code, dscg_maindiag_code: code })
    const { input } = national.place(message, codes).document.json()
    expect((input as Record<string, Row>)[head]).toMatchObject({
      dscg_maindiag_code: 'A01.000',
      dscg_maindiag_name: '其一',
    })
    expect((input as { diseinfo: Row[] }).diseinfo[0]).toMatchObject({ diag_code: 'A01.000' })
  })

  it('changes nothing in a message without codes', () => {
    const message = messageOf('2208')
    expect(national.place(message, [])).toBe(message)
  })
})

describe('compose()', () => {
  it.each(['2207', '2304', '2208', '2305', '2401'])(
    '%s: undoes by its id, to the same insured place',
    (operation) => {
      const message = messageOf(operation)
      const undo = national.compose(message, message.operation.evidence!.undo!(message), 'new-id', AT)
      expect(undo).toMatchObject({
        id: 'new-id',
        insuredArea: '440106',
        operation: { transaction: '2601' },
        subject: { person: message.subject.person, original: { id: message.id, transaction: operation } },
      })
      expect(take(JSON.parse(national.encode(undo).toString()))).toEqual(undo)
      expect(undo.document.json().inf_time).toBe('2025-03-12 08:00:07')
    },
  )

  it.each(['2201', '2401', '2207', '2304', '2208', '2305'])(
    '%s: asks with a message that can be read',
    (operation) => {
      const message = messageOf(operation)
      for (const { ask } of message.operation.evidence!.questions!) {
        const asked = national.compose(message, ask(message), 'new-id', AT)
        expect(asked.operation.kind).toBe('query')
        expect(take(JSON.parse(national.encode(asked).toString()))).toEqual(asked)
      }
    },
  )

  it.each<[string, readonly string[]]>([
    ['2207', ['5203', '5202']],
    ['2304', ['5203', '5202']],
    ['2208', ['5203', '5202']],
    ['2305', ['5203', '5202']],
    ['2201', ['5201']],
    ['2401', ['5201']],
    ['2203', []],
    ['2204', []],
    ['2402', []],
  ])('%s: asks %j, in this order', (operation, transactions) => {
    const message = messageOf(operation)
    const asked = message.operation.evidence!.questions?.map(({ ask }) => ask(message).transaction)
    expect(asked ?? []).toEqual(transactions)
  })

  it('takes a refused 5203 for "not there", and a refused 5202 for no answer: it shows no settlement', () => {
    const [settlement, diagnoses] = messageOf('2207').operation.evidence!.questions!
    expect(settlement!.refused).toBe('nothing')
    expect(diagnoses).toMatchObject({ refused: 'unclear' })
    expect(diagnoses!.found).toBeUndefined()
  })

  it('finds a settlement in 5203 by the message id, and no other settlement', () => {
    const message = messageOf('2207')
    const { found } = message.operation.evidence!.questions![0]!
    const { setlinfo, setldetail } = fixture('5203').reply.output as { setlinfo: Row; setldetail: Row[] }
    const ours = found!(message, { setlinfo: { ...setlinfo, medins_setl_id: message.id }, setldetail })
    expect(message.operation.settlement!(ours)).toEqual(fixture('2207').result!.settlement)
    for (const medins_setl_id of ['another', '', undefined]) {
      expect(found!(message, { setlinfo: { ...setlinfo, medins_setl_id }, setldetail })).toBeNull()
    }
    expect(found!(message, null)).toBeNull()
  })

  it.each<[string, string]>([
    ['2201', 'data'],
    ['2401', 'result'],
  ])('%s: finds its encounter in 5201 by the number of the visit, and no other', (operation, node) => {
    const message = messageOf(operation)
    const { found } = message.operation.evidence!.questions![0]!
    const row = { mdtrt_id: 'E1', ipt_otp_no: message.subject.visitNumber }
    for (const mdtrtinfo of [row, [row], [{ mdtrt_id: 'E0', ipt_otp_no: 'another' }, row]]) {
      expect(found!(message, { mdtrtinfo })).toMatchObject({ [node]: { mdtrt_id: 'E1' } })
    }
    for (const mdtrtinfo of [[], null, { ...row, ipt_otp_no: 'another' }, { ...row, mdtrt_id: '' }]) {
      expect(found!(message, { mdtrtinfo })).toBeNull()
    }
  })
})

describe('answer() and refuse()', () => {
  it('write an envelope that decode() reads', () => {
    const message = messageOf('2207')
    const { output } = fixture('2207').reply
    const yes = national.answer({} as Message, output, AT, 'ref')
    expect(decoded('2207', yes)).toMatchObject({ verdict: 'yes', output })
    expect(JSON.parse(yes.toString())).toMatchObject({
      infcode: 0,
      inf_refmsgid: 'ref',
      refmsg_time: '20250312080007045',
    })
    const no = national.refuse({ reason: 'E504', text: '同一报文正在处理' }, AT, 'ref')
    expect(national.decode(message, no)).toEqual({ verdict: 'no', reason: 'E504', text: '同一报文正在处理' })
    const coded = (reason: string | null) =>
      JSON.parse(
        national.refuse({ reason, code: 'key-in-flight', text: '同一报文正在处理' }, AT, 'ref').toString(),
      ).err_msg
    expect(coded('E504')).toBe('E504 [key-in-flight] 同一报文正在处理')
    expect(coded(null)).toBe('[key-in-flight] 同一报文正在处理')
    const plain = national.refuse({ reason: null, text: '同一报文正在处理' }, AT, 'ref')
    expect(national.decode(message, plain)).toMatchObject({ reason: null, text: '同一报文正在处理' })
  })
})
