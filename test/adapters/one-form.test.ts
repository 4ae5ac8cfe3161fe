/** What comes to the door in one of many forms is one message behind it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import national from '../../adapters/000000-national/index.ts'
import { wireTime } from '../../adapters/000000-national/times.ts'
import { bytes, changed, fixture, type Row, SYSTEMS, take } from './fixtures.ts'

/** The message as it is sent on. */
const sentOn = (request: unknown) => JSON.parse(national.encode(take(request)).toString()) as Row

/** What stands at a place of the input after the door. */
function after(operation: string, path: string, value: unknown): unknown {
  const { input } = sentOn(changed(fixture(operation), path, value))
  return path.split(/[.[\]]+/).reduce<unknown>((node, step) => (node as Row)[step], input)
}

describe('a field of the input', () => {
  it.each<[string, string, unknown, unknown]>([
    ['2207', 'data.med_type', 11, '11'],
    ['2207', 'data.acct_used_flag', 2, '2'],
    ['2601', 'data.oinfno', 2207, '2207'],
    ['2207', 'data.mdtrt_id', ' 620102G0000000000007 ', '620102G0000000000007'],
    ['2207', 'data.mdtrt_id', '\ufeff620102G1\u3000', '620102G1'],
    ['2601', 'data.omsgid', 'M1\0', 'M1'],
    ['2204', 'feedetail[0].medins_list_codg', 'Y0001  ', 'Y0001'],
    ['2204', 'feedetail[0].a_name_of_our_own', ' x ', 'x'],
    ['2207', 'data.exp_content', { IPT_TYPE: '2 ' }, '{"IPT_TYPE":"2 "}'],
    ['2207', 'data.invono', 'null', ''],
    ['2207', 'data.medfee_sumamt', ' 1234.5600000000 ', '1234.56'],
    ['2207', 'data.preselfpay_amt', '.00', '0.00'],
    ['2207', 'data.preselfpay_amt', '100.0000', '100.0000'],
    ['2201', 'data.begntime', '2026-11-30T09:44:07.1234567+08:00', '2026-11-30 09:44:07'],
    ['2201', 'data.begntime', ' 2026-11-30 09:44:07.0', '2026-11-30 09:44:07'],
    ['2501', 'refmedin.refl_date', '2026/11/3', '2026-11-03'],
    ['2501', 'refmedin.enddate', '9999-12-31', '9999-12-31'],
    ['1101', 'data.certno', 'A99000719850315007x', 'A99000719850315007x'],
    ['1101', 'data.certno', '99000719850315007xx', '99000719850315007xx'],
    ['2207', 'data.invono', '99000719850315007x', '99000719850315007x'],
    ['2207', 'data.invono', 'NONE', ''],
    ['2207', 'data.invono', 'none of ours', 'none of ours'],
    ['2207', 'data.invono', 'is null', 'is null'],
    ['2201', 'data.dept_name', 'null', 'null'],
    ['2207', 'data.mdtrt_id', 'none', 'none'],
    ['2207', 'data.mdtrt_cert_type', 1, '01'],
    ['2207', 'data.psn_setlway', 2, '02'],
    ['2207', 'data.mdtrt_cert_type', 99, '99'],
    ['2207', 'data.mdtrt_cert_type', '1', '1'],
    ['2207', 'data.med_type', 9, '9'],
    ['2207', 'data.mdtrt_id', '\u2061620102G1\ufe0f', '620102G1'],
    ['2207', 'data.mdtrt_id', '\u061c\u206f620102G1\u0091\u3164', '620102G1'],
    ['2207', 'data.exp_content', null, null],
    ['2207', 'data.preselfpay_amt', '-.5', '-0.5'],
    ['2207', 'data.preselfpay_amt', '100.0000000', '100'],
    ['2401', 'mdtrtinfo.fetts', '3.0', '3'],
    ['2401', 'mdtrtinfo.fetts', ' 3 ', '3'],
    ['1101', 'data.certno', '99000719850315007x', '99000719850315007X'],
  ])('%s %s %j is %j', (operation, path, value, expected) => {
    expect(after(operation, path, value)).toBe(expected)
  })

  it.each<[string, string, string, string]>([
    ['2207', 'data.mdtrt_id', 'null', '就诊ID不能为空'],
    ['2207', 'data.mdtrt_cert_type', ' Null ', '就诊凭证类型不能为空'],
    ['2204', 'feedetail[0].feedetl_sn', 'NULL', '费用明细流水号不能为空'],
  ])(
    '%s %s %j is refused by name: an id or a code that must be there is none',
    (operation, path, value, told) => {
      expect(() => after(operation, path, value)).toThrow(`${path} ${told}`)
    },
  )

  it.each<[unknown]>([[null], ['x'], [[]]])('that is a row is refused in Chinese where it is %j', (row) => {
    const { request } = fixture('2204')
    expect(() => take({ ...request, input: { feedetail: [row] } })).toThrow(
      /^feedetail\[0\] (?:须为对象|不能为空)$/,
    )
  })

  it('that is a time of an offset that no place has is refused by its name', () => {
    const request = changed(fixture('2201'), 'data.begntime', '2026-11-30T09:44:07+99:99')
    expect(() => take(request)).toThrow(/^data\.begntime 开始时间须为时间/)
  })

  it.each(['4.1000020251130001e18', '4100002025113000001.0', '9007199254740993.0', '1e400'])(
    'that is an id as the number %s is refused by its name: its digits are lost',
    (number) => {
      const body = bytes(changed(fixture('2207'), 'data.mdtrt_id', 'ID')).toString()
      expect(() => national.open(Buffer.from(body.replace('"ID"', number)), null)).not.toThrow()
      expect(() =>
        national.read(national.open(Buffer.from(body.replace('"ID"', number)), null), SYSTEMS),
      ).toThrow(/^data\.mdtrt_id 就诊ID须为/)
    },
  )

  it.each<[string, string, unknown]>([
    ['2401', 'mdtrtinfo.fetts', '3.05'],
    ['2401', 'mdtrtinfo.fetts', 'x3.0'],
    ['2401', 'mdtrtinfo.fetts', '3.0x'],
    ['2207', 'data.preselfpay_amt', '1.1234567'],
    ['2207', 'data.preselfpay_amt', '1.5.5'],
    ['2207', 'data.preselfpay_amt', 'x.5'],
    ['2207', 'data.med_type', 1e21],
    ['2207', 'data.med_type', true],
    ['2201', 'data.begntime', 'soon'],
    ['2201', 'data.begntime', true],
    ['2207', 'data.psn_no', 'null '.repeat(20)],
  ])('%s %s %j stays as it is, and is refused by its name', (operation, path, value) => {
    const name = path.split('.').at(-1)!
    expect(() => take(changed(fixture(operation), path, value))).toThrow(name)
  })

  it('that is an id beyond 2^53 keeps all of its digits', () => {
    const body = bytes(changed(fixture('2207'), 'data.mdtrt_id', 'ID')).toString()
    const message = national.read(
      national.open(Buffer.from(body.replace('"ID"', '34010020261130000123')), null),
      SYSTEMS,
    )
    expect(message.subject.encounter).toBe('34010020261130000123')
    expect(national.encode(message).toString()).toContain('"mdtrt_id":"34010020261130000123"')
  })
})

describe('wireTime()', () => {
  it.each<[string | number, string | null]>([
    ['2026-11-30T01:44:07Z', '2026-11-30 09:44:07'],
    ['2026-11-30T09:44:07.1234567+08:00', '2026-11-30 09:44:07'],
    ['2026-11-29T22:44:07-03:00', '2026-11-30 09:44:07'],
    ['2026-11-30T09:44:07+0800', '2026-11-30 09:44:07'],
    ['2026-11-30 09:44:07.0', '2026-11-30 09:44:07'],
    ['2026-11-30 09:44:07.123456+08', '2026-11-30 09:44:07'],
    ['2026-11-30T09:44:07.123+08:00[Asia/Shanghai]', '2026-11-30 09:44:07'],
    ['0001-01-01T00:00:00Z', '0001-01-01 08:00:00'],
    ['0001-01-01T00:00:00+08:00', '0001-01-01 00:00:00'],
    ['9999-12-31T23:59:59Z', '9999-12-31 23:59:59'],
    ['2026-11-30T09:44:07+99:99', null],
    ['2026-11-30T09:44:07+14:60', null],
    ['2026-11-30T09:44', '2026-11-30 09:44:00'],
    [1796003047000, '2026-11-30 09:44:07'],
    ['1796003047000', '2026-11-30 09:44:07'],
    ['/Date(1796003047000+0800)/', '2026-11-30 09:44:07'],
    ['20261130094407', '2026-11-30 09:44:07'],
    ['20261130094407123', '2026-11-30 09:44:07'],
    [20261130094407, '2026-11-30 09:44:07'],
    ['2026/11/3 9:44:07', '2026-11-03 09:44:07'],
    ['2026/11/30', '2026-11-30'],
    ['20261130', '2026-11-30'],
    ['2026-11-30 25:61:61', '2026-11-30 25:61:61'],
    ['2026-11-30T25:61:61Z', '2026-11-30 25:61:61'],
    ['2026-11-30T01:44:07z', '2026-11-30 09:44:07'],
    ['2026-11-30 09:44:07,25', '2026-11-30 09:44:07'],
    ['2026-11/30', null],
    ['at 2026-11-30', null],
    ['2026-11-30 noon', null],
    ['120261130', null],
    ['202611300944071', null],
    ['179600304700012', null],
    ['/Date(1796003047000+0800)/ ', null],
    ['x/Date(1796003047000+0800)/', null],
    ['1796003047', null],
    ['30.11.2026', null],
    [20261130, null],
    ['', null],
  ])('reads %j as %j', (written, expected) => {
    expect(wireTime(written)).toBe(expected)
  })
})

it('wireTime() tells the time in Shanghai, whatever zone was written', () => {
  const instant = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2090, 0) })
  const zones = fc.record({
    minutes: fc.integer({ min: -720, max: 840 }),
    colon: fc.boolean(),
    t: fc.boolean(),
  })
  fc.assert(
    fc.property(instant, zones, (at, { minutes, colon, t }) => {
      const whole = at - (at % 1000)
      const local = new Date(whole + minutes * 60_000).toISOString().slice(0, 19)
      const two = (number: number) => String(number).padStart(2, '0')
      const away = Math.abs(minutes)
      const zone = `${minutes < 0 ? '-' : '+'}${two(Math.floor(away / 60))}${colon ? ':' : ''}${two(away % 60)}`
      const shanghai = new Date(whole + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
      expect(wireTime(`${t ? local : local.replace('T', ' ')}${zone}`)).toBe(shanghai)
      expect(wireTime(`${local}.5${zone}`)).toBe(shanghai)
    }),
  )
})

describe('the envelope', () => {
  const { request } = fixture('2207')
  const plain = sentOn(request)

  it.each<[string, Row]>([
    ['numbers where texts belong', { infno: 2207, opter_type: 1, sign_no: 7 }],
    ['blanks', { infno: '2207 ', fixmedins_code: 'H62010200001\u3000', mdtrtarea_admvs: ' 620102' }],
    ['`null` as a text', { dev_no: 'null', cainfo: 'None', sign_no: 'null' }],
    ['the input as JSON text', { input: JSON.stringify(request.input) }],
    ['a node as JSON text', { input: { ...request.input, data: JSON.stringify(request.input.data) } }],
    ['fourteen digits of time', { inf_time: '20250312080042' }],
  ])('is the same message with %s', (_what, members) => {
    const sent = sentOn({ ...request, ...members })
    expect(sent.input).toEqual(plain.input)
    for (const value of Object.values(sent)) expect(typeof value === 'number' || value === 'null').toBe(false)
    expect(take({ ...request, ...members })).toMatchObject({
      institution: 'H62010200001',
      treatmentArea: '620102',
    })
  })

  it.each<[string, (name: string) => string]>([
    ['capitals', (name) => name.toUpperCase()],
    ['a capital first letter', (name) => name[0]!.toUpperCase() + name.slice(1)],
    ['camel case', (name) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())],
  ])('and its nodes may be named in %s', (_what, spell) => {
    const respelt = (node: unknown): unknown => {
      if (Array.isArray(node)) return node.map(respelt)
      if (typeof node !== 'object' || node === null) return node
      return Object.fromEntries(Object.entries(node).map(([name, value]) => [spell(name), respelt(value)]))
    }
    for (const operation of ['2207', '2204', '2401'])
      expect(sentOn(respelt(fixture(operation).request))).toEqual(sentOn(fixture(operation).request))
  })

  it.each<[string, string, string]>([
    ['"msgid":', '"msgid":"ANOTHER","msgid":', 'msgid'],
    ['"insuplc_admdvs":', '"insuplc_admdvs":"620102","insuplc_admdvs":', 'insuplc_admdvs'],
    ['"mdtrt_id":', '"mdtrt_id":"ANOTHER","mdtrt_id":', 'data.mdtrt_id'],
    ['"medfee_sumamt":', '"medfee_sumamt":1,"medfee_sumamt":', 'data.medfee_sumamt'],
    ['"input":', '"input":{"data":{}},"input":', 'input'],
  ])('that says %s and %s is refused', (one, both, place) => {
    const body = Buffer.from(JSON.stringify(request).replace(one, both))
    expect(() => national.open(body, null)).toThrow(`${place} 出现两次，且内容不同`)
  })

  it('that names a field twice in a node that is JSON text is refused', () => {
    const data = JSON.stringify(request.input.data).replace('"mdtrt_id":', '"mdtrt_id":"A","mdtrt_id":')
    expect(() => take({ ...request, input: { data } })).toThrow(/^data\.mdtrt_id 出现两次，且内容不同$/)
    expect(() => take({ ...request, input: `{"data":${data}}` })).toThrow(/^data\.mdtrt_id 出现两次/)
  })

  it('that names a field in two spellings is refused, unless both say the same', () => {
    const twice = (MDTRT_ID: unknown) => {
      const data = { ...(request.input.data as Row), MDTRT_ID }
      return { ...request, input: { data } }
    }
    expect(() => take(twice('ANOTHER'))).toThrow(/^data\.mdtrt_id 以不同写法出现两次，且内容不同$/)
    for (const same of ['', null, (request.input.data as Row).mdtrt_id]) {
      expect(Object.keys((sentOn(twice(same)).input as Row).data as Row)).not.toContain('MDTRT_ID')
    }
  })

  it('may end with what a C string ends with, and begin with a mark of its bytes', () => {
    for (const body of [`${JSON.stringify(request)}\0\0`, `\ufeff${JSON.stringify(request)}\ufeff`])
      expect(national.open(Buffer.from(body), null).document.json()).toEqual(plain)
  })

  it('is in its one form after the door: nothing changes when it is opened again', () => {
    const odd = { ...request, infno: 2207, inf_time: 1741737600000, dev_no: 'null' }
    const once = sentOn(odd)
    expect(sentOn(once)).toEqual(once)
  })

  it('hashes the same however it was written', () => {
    const hashed = (body: unknown) => Buffer.from(national.open(bytes(body), null).inputBytes()).toString()
    const data = { ...(request.input.data as Row), mdtrt_id: '620102G0000000000007\u3000', med_type: 14 }
    expect(hashed({ ...request, input: { data } })).toBe(hashed(request))
  })

  it('that is nested without end is refused', () => {
    const body = bytes({ ...request, more: 'DEEP' })
      .toString()
      .replace('"DEEP"', '['.repeat(5000) + ']'.repeat(5000))
    expect(() => national.open(Buffer.from(body), null)).toThrow(
      expect.objectContaining({ code: 'unreadable-body' }),
    )
  })

  it.each(['2026-11-30 25:61:61', '2026-02-30 08:00:00', '2099-01-01 08:00:00', '0001-01-01T00:00:00'])(
    'of %s is refused by name',
    (inf_time) => {
      expect(() => take({ ...request, inf_time })).toThrow(/^inf_time 交易时间不是有效的时间/)
    },
  )
})

describe('a withdrawn diagnosis', () => {
  it('is told from one that counts', () => {
    const { request } = fixture('2203')
    const row = (request.input.diseinfo as Row[])[0]!
    const diseinfo = ['1', '0', 0].map((vali_flag) => ({ ...row, vali_flag }))
    const { codes } = take({ ...request, input: { ...request.input, diseinfo } })
    const illnesses = codes.filter(({ refuses }) => refuses)
    expect(illnesses.map(({ withdrawn }) => withdrawn ?? false)).toEqual([false, true, true])
  })
})
