/** An answer is held against its question: what both say must be the same. */
import { describe, expect, it } from 'vitest'
import national from '../../adapters/000000-national/index.ts'
import { namesTwice } from '../../adapters/000000-national/names-twice.ts'
import type { Subject } from '../../src/extension/dialect.ts'
import { Unproven } from '../../src/extension/unproven.ts'
import { answered, bytes, changed, fixture, messageOf, paid, type Row, take } from './fixtures.ts'

const BLANK = Buffer.from(' ')
/** The answer by its bytes and, behind a blank, the general way. */
const bothWays = (body: Buffer) => [body, Buffer.concat([BLANK, body])]

function why(operation: string, body: Buffer, message = messageOf(operation)): string | null {
  const told = bothWays(body).map((each) => {
    try {
      national.decode(message, each)
      return null
    } catch (cause) {
      if (!(cause instanceof Unproven)) throw cause
      return cause.why
    }
  })
  expect(new Set(told).size).toBe(1)
  return told[0]!
}

describe('decode() of an answer that speaks of something else', () => {
  it.each(['2206', '2207', '2208', '2303', '2304', '2305'])(
    '%s: another visit, person or message',
    (operation) => {
      for (const field of ['mdtrt_id', 'psn_no', 'medins_setl_id']) {
        expect(why(operation, paid(operation, { [field]: 'another' }))).toBe('foreign')
        for (const nothing of ['', null, undefined]) {
          expect(why(operation, paid(operation, { [field]: nothing }))).toBeNull()
        }
      }
    },
  )

  it.each(['2206', '2207', '2303', '2304'])(
    '%s: a bill of another total, whose amounts add up',
    (operation) => {
      const { setlinfo } = fixture(operation).reply.output as { setlinfo: Row }
      const more = (field: string) => Number(setlinfo[field] || 0) + 5
      const other = {
        ...{ medfee_sumamt: more('medfee_sumamt'), inscp_scp_amt: more('inscp_scp_amt') },
        ...{ psn_part_amt: more('psn_part_amt'), psn_cash_pay: more('psn_cash_pay') },
      }
      expect(why(operation, paid(operation, other))).toBe('foreign')
    },
  )

  it('a bill whose sums are split otherwise', () => {
    const { setlinfo } = fixture('2207').reply.output as { setlinfo: Row }
    const other = { preselfpay_amt: 101, inscp_scp_amt: Number(setlinfo.inscp_scp_amt) - 1 }
    expect(why('2207', paid('2207', other))).toBe('foreign')
  })

  it('2201: another number of the visit, or another person', () => {
    const data = (fixture('2201').reply.output as { data: Row }).data
    for (const other of [{ ipt_otp_no: 'another' }, { psn_no: 'another' }]) {
      expect(why('2201', answered('2201', { output: { data: { ...data, ...other } } }))).toBe('foreign')
    }
    expect(why('2201', answered('2201', { output: { data: { mdtrt_id: 'new' } } }))).toBeNull()
  })

  it.each(['2204', '2301'])('%s: a line that was not sent', (operation) => {
    const rows = (fixture(operation).reply.output as { result: Row[] }).result
    const other = [...rows, { ...rows[0], feedetl_sn: 'another' }]
    expect(why(operation, answered(operation, { output: { result: other } }))).toBe('foreign')
    expect(why(operation, answered(operation, { output: { result: rows.slice(1) } }))).toBeNull()
  })

  it('2203: the answer to a settlement of somebody else', () => {
    const { output } = fixture('2207').reply
    const mdtrtinfo = { ...(fixture('2203').request.input as { mdtrtinfo: Row }).mdtrtinfo, mdtrt_id: 'mine' }
    const message = take(changed(fixture('2203'), 'mdtrtinfo', mdtrtinfo))
    expect(why('2203', bytes({ infcode: 0, output }), message)).toBe('foreign')
  })

  it('1101: a person with another identity number, and no other document', () => {
    const { baseinfo } = fixture('1101').reply.output as { baseinfo: Row }
    const with_ = (certno: string) => answered('1101', { output: { baseinfo: { ...baseinfo, certno } } })
    expect(why('1101', with_('990003196506060029'))).toBe('foreign')
    expect(why('1101', with_('E1234567'))).toBeNull()
  })

  it('1101: the same identity number with a small x, and any where no identity number was asked for', () => {
    const { baseinfo } = fixture('1101').reply.output as { baseinfo: Row }
    const shows = (certno: string) => answered('1101', { output: { baseinfo: { ...baseinfo, certno } } })
    const asks = (documents: Subject['documents']) => {
      const message = messageOf('1101')
      return { ...message, subject: { ...message.subject, documents } } as typeof message
    }
    const card = (number: string) => [{ kind: '01', number, field: 'certno' }]
    for (const number of ['99000719850315007X', '99000719850315007x'])
      expect(why('1101', shows('99000719850315007x'), asks(card(number)))).toBeNull()
    expect(why('1101', shows('990003196506060029'), asks(card('99000719850315007X')))).toBe('foreign')
    for (const documents of [undefined, [], card('E12345678')])
      expect(why('1101', shows('990003196506060029'), asks(documents))).toBeNull()
  })

  it('2201: the identity number of somebody beside the patient says nothing', () => {
    const data = { mdtrt_id: 'new', certno: '990003196506060029' }
    expect(why('2201', answered('2201', { output: { data } }))).toBeNull()
  })

  it('2401: the visit of another person, which stands in result', () => {
    const opened = (psn_no: string) => answered('2401', { output: { result: { mdtrt_id: 'new', psn_no } } })
    expect(why('2401', opened('another'))).toBe('foreign')
    expect(why('2401', opened(messageOf('2401').subject.person!))).toBeNull()
  })

  it('5203: shows what other messages have made', () => {
    const { setlinfo } = fixture('5203').reply.output as { setlinfo: Row }
    const shown = { setlinfo: { ...setlinfo, medins_setl_id: 'another' } }
    expect(why('5203', answered('5203', { output: shown }))).toBeNull()
  })

  it('an id with blanks around it is the same', () => {
    const { mdtrt_id, psn_no } = (fixture('2207').reply.output as { setlinfo: Row }).setlinfo
    expect(why('2207', paid('2207', { mdtrt_id: ` ${mdtrt_id}\u3000`, psn_no: `${psn_no}  ` }))).toBeNull()
  })

  it('rows without a serial, or with one as a number, are lines that were sent', () => {
    const { feedetail } = fixture('2204').request.input as { feedetail: Row[] }
    const message = take(changed(fixture('2204'), 'feedetail[0].feedetl_sn', '7'))
    expect(feedetail.length).toBeGreaterThan(0)
    for (const feedetl_sn of [undefined, null, '', 7, '7'])
      expect(why('2204', answered('2204', { output: { result: [{ feedetl_sn }] } }), message)).toBeNull()
    expect(why('2204', answered('2204', { output: { result: [{ feedetl_sn: 8 }] } }), message)).toBe(
      'foreign',
    )
    expect(why('2204', answered('2204', { output: {} }), message)).toBeNull()
  })

  it('rows say nothing where no lines were sent, or money counts', () => {
    const result = [{ feedetl_sn: 'another' }]
    expect(why('2203', answered('2203', { output: { result } }))).toBeNull()
    const { feedetail } = fixture('2204').request.input as { feedetail: Row[] }
    const { request, reply } = fixture('2207')
    const { psn_no, mdtrt_id, chrg_bchno } = request.input.data as Row
    const rows = feedetail.map((row) => ({ ...row, psn_no, mdtrt_id, chrg_bchno }))
    const message = take({ ...request, input: { ...request.input, feedetail: rows } })
    expect(message.subject.lines).toHaveLength(rows.length)
    const { mdtrt_id: _, ...output } = { ...reply.output, result, data: { mdtrt_id: 'another' } } as Row
    expect(why('2207', answered('2207', { output }), message)).toBeNull()
  })

  it.each([null, 7, { data: null }, { data: 'x', result: 7 }, { data: [{ mdtrt_id: 'another' }] }])(
    'an output of %j says nothing of anybody',
    (output) => {
      expect(why('2203', answered('2203', { output }))).toBeNull()
    },
  )

  it('2207: each of the four sums is compared, whatever the others are', () => {
    const SUMS = ['fulamt_ownpay_amt', 'overlmt_selfpay', 'preselfpay_amt', 'inscp_scp_amt']
    const { setlinfo } = fixture('2207').reply.output as { setlinfo: Row }
    for (const [at, less] of SUMS.entries()) {
      const more = SUMS[(at + 1) % SUMS.length]!
      const moved = { [less]: Number(setlinfo[less]) - 1, [more]: Number(setlinfo[more]) + 1 }
      expect(why('2207', paid('2207', moved))).toBe('foreign')
      const left = { [less]: '', [more]: Number(setlinfo[more]) + Number(setlinfo[less]) }
      if (Number(setlinfo[less]) !== 0) expect(why('2207', paid('2207', left))).toBe('foreign')
    }
  })

  it('names the field and never a value', () => {
    expect(() => national.decode(messageOf('2207'), paid('2207', { psn_no: '990007198503150079' }))).toThrow(
      /^psn_no of the answer is another's$/,
    )
  })
})

describe('decode() of a connection that answers twice', () => {
  const message = messageOf('2203')
  const repeated = { status: 200, repeated: true }

  it('takes the bytes of the answer before, with their own id, for no answer', () => {
    expect(() => national.decode(message, bytes(fixture('2203').reply), repeated)).toThrow(Unproven)
  })

  it('takes equal answers without an id of their own as they are', () => {
    const body = bytes({ infcode: -1, inf_refmsgid: '', err_msg: 'E101 未备案' })
    expect(national.decode(message, body, repeated)).toMatchObject({ verdict: 'no', reason: 'E101' })
  })
})

describe('decode() of an answer that cannot be read as one thing', () => {
  it.each([
    ['infcode', '{"infcode":-1,"infcode":0,"output":null}'],
    ['infcode, the second escaped', '{"infcode":-1,"\\u0069nfcode":0,"output":null}'],
    ['output', '{"infcode":0,"output":null,"output":{}}'],
    ['mdtrt_id', '{"infcode":0,"output":{"data":{"mdtrt_id":"1","mdtrt_id":"2"}}}'],
  ])('takes one that names %s twice for no answer', (_field, json) => {
    for (const operation of ['2203', '2201', '1101']) {
      expect(() => national.decode(messageOf(operation), Buffer.from(json))).toThrow(RangeError)
    }
  })

  it('takes a settlement that names its infcode twice for no answer, on both ways', () => {
    const body = JSON.stringify(fixture('2207').reply)
    for (const twice of [body.replace('{', '{"infcode":-1,'), body.replace(/}$/, ',"infcode":-1}')]) {
      for (const each of bothWays(Buffer.from(twice))) {
        expect(() => national.decode(messageOf('2207'), each)).toThrow(RangeError)
      }
    }
  })

  it.each<[boolean, string, string]>([
    [true, 'a name in the head', '{"a":1,"a":1}'],
    [true, 'a name with escapes', '{"\\"a":1,"\\u0022a":1}'],
    [true, 'a node', '{"output":{"data":{},"data":{}}}'],
    [true, 'a field of a node after rows', '{"output":{"list":[[1],{"b":1}],"data":{"a":1,"a":2}}}'],
    [true, 'a field after a node', '{"a":1,"output":{"data":{"a":1}},"a":2}'],
    [false, 'a name in two nodes', '{"a":1,"output":{"a":1,"data":{"a":1},"more":{"a":1}}}'],
    [false, 'a field of a row', '{"output":[{"a":1,"a":2}]}'],
    [false, 'a field deeper than is looked at', '{"output":{"data":{"deep":{"a":1,"a":2}}}}'],
    [false, 'texts that look like names', '{"a":"b","c":"b","d":"\\"a\\":"}'],
  ])('namesTwice() is %s of %s', (expected, _what, json) => {
    JSON.parse(json)
    expect(namesTwice(json)).toBe(expected)
    // A long one is looked at where a name of its head comes more than once.
    const long = (more: string) => json.replace(/}$/, `,"long":"${'x'.repeat(8192)}"${more}}`)
    expect(namesTwice(long(''))).toBe(false)
    for (const name of ['infcode', 'err_msg', 'output']) {
      expect(namesTwice(long(`,"of":{"${name}":{"${name}":0}}`))).toBe(expected)
      if (!json.includes(name)) expect(namesTwice(long(`,"${name}":0,"${name}":0`))).toBe(true)
    }
  })

  it('lets rows name the same fields, and texts hold what looks like a name', () => {
    const result = [
      { feedetl_sn: 'a', memo: '"infcode":' },
      { feedetl_sn: 'b', memo: '{"x":1,"x":2}' },
    ]
    const body = bytes({ infcode: 0, err_msg: '"infcode":"output":', output: { mdtrtinfo: result } })
    expect(national.decode(messageOf('5201'), body).verdict).toBe('yes')
  })

  it.each([
    ['encData', { encData: 'A1B2' }],
    ['a text', 'QkFTRTY0'],
  ])('takes a yes whose output is %s for none: it is encrypted', (_what, output) => {
    for (const operation of ['1101', '2203', '2001']) {
      expect(() => national.decode(messageOf(operation), bytes({ infcode: 0, output }))).toThrow(Unproven)
    }
  })

  it.each(['encData', 'enc_data', 'encdata', 'EncData'])(
    'takes a yes with %s in the stead of its output for none, whatever was asked',
    (name) => {
      for (const operation of ['1101', '2001', '2203', '2601', '5203']) {
        for (const members of [
          { [name]: 'A1B2' },
          { [name]: 'A1B2', output: null },
          { output: { [name]: 'A1B2' } },
        ]) {
          const body = bytes({ infcode: 0, ...members })
          expect(() => national.decode(messageOf(operation), body)).toThrow(Unproven)
        }
      }
    },
  )

  it('takes a yes to 1101 without a person for none', () => {
    for (const output of [null, {}, { baseinfo: null }]) {
      expect(() => national.decode(messageOf('1101'), bytes({ infcode: 0, output }))).toThrow(Unproven)
    }
  })
})

describe('ids that an answer pads', () => {
  it('are taken without their blanks, as hospitals name them later', () => {
    const { setl_id } = (fixture('2207').reply.output as { setlinfo: Row }).setlinfo
    for (const each of bothWays(paid('2207', { setl_id: ` ${setl_id}\u3000` }))) {
      expect(national.decode(messageOf('2207'), each)).toMatchObject({ settlement: { id: setl_id } })
    }
    const opened = (mdtrt_id: string) => answered('2201', { output: { data: { mdtrt_id } } })
    expect(national.decode(messageOf('2201'), opened('V1  '))).toMatchObject({ encounter: 'V1' })
    expect(() => national.decode(messageOf('2201'), opened('  '))).toThrow(RangeError)
    expect(() => national.decode(messageOf('2207'), paid('2207', { setl_id: '  ' }))).toThrow(RangeError)
  })
})

describe('ids beyond 2^53 that come as JSON numbers', () => {
  const LONG = '12345678901234567890'

  it('are read from the bytes, digit by digit', () => {
    const body = JSON.stringify(fixture('2207').reply).replace(/"setl_id":"\w+"/, `"setl_id":${LONG}`)
    for (const each of bothWays(Buffer.from(body))) {
      const reply = national.decode(messageOf('2207'), each)
      expect(reply).toMatchObject({ verdict: 'yes', settlement: { id: LONG } })
      if (reply.verdict === 'yes') expect(reply.output()).toMatchObject({ setlinfo: { setl_id: LONG } })
    }
  })

  it('are compared with every digit', () => {
    const message = take(changed(fixture('2207'), 'data.mdtrt_id', LONG))
    const paidFor = (id: string) =>
      Buffer.from(JSON.stringify(fixture('2207').reply).replace(/"mdtrt_id":"\w+"/, `"mdtrt_id":${id}`))
    expect(why('2207', paidFor(LONG), message)).toBeNull()
    expect(why('2207', paidFor('12345678901234567891'), message)).toBe('foreign')
  })

  it('open an encounter under its exact number', () => {
    const body = bytes(fixture('2201').reply)
      .toString()
      .replace(/"mdtrt_id":"\w+"/, `"mdtrt_id":${LONG}`)
    expect(national.decode(messageOf('2201'), Buffer.from(body))).toMatchObject({ encounter: LONG })
  })

  it('are taken in requests, and go on with every digit', () => {
    const request = JSON.stringify(changed(fixture('2207'), 'data.mdtrt_id', 'HERE')).replace('"HERE"', LONG)
    const message = national.read(national.open(Buffer.from(request), null), { item: 'x', diagnosis: 'x' })
    expect(message.subject.encounter).toBe(LONG)
    expect(national.encode(message).toString()).toContain(LONG)
  })
})
