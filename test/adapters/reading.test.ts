/** The fast way of a message and the general one tell the same. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openEnvelope } from '../../adapters/000000-national/envelope.ts'
import national from '../../adapters/000000-national/index.ts'
import { answerSchema } from '../../adapters/000000-national/reply.ts'
import { claimOf } from '../../load-tests/bench/claims.ts'
import { BLANKS } from '../../src/domain/blank.ts'
import { GatewayError } from '../../src/domain/problems.ts'
import type { Message } from '../../src/extension/dialect.ts'
import type { NationalCodes } from '../../src/extension/national-codes.ts'
import { createReader } from '../../src/scanner/reader.ts'
import { CHANGE, changed } from '../support/changed-claims.ts'
import { runs } from '../support/runs.ts'
import { inClear } from './in-clear.ts'

const SYSTEMS = { item: 'H34010290001', diagnosis: 'national' }
/** Before the first brace of an answer it sends the same answer the other way. */
const BLANK = Buffer.from(' ')

function claim(infno: string): string {
  const body = claimOf(3, '340104').body.replaceAll('[<id>]', 'H34010290001202603020930000001')
  const message = JSON.parse(body) as { infno: string; input: { data?: unknown; feedetail?: unknown } }
  message.infno = infno
  if (infno === '2204') delete message.input.data
  if (infno === '2206' || infno === '2208') delete message.input.feedetail
  return JSON.stringify(message)
}

/** What one way makes of the bytes: the message and its input, or the words of its refusal. */
function told(
  bytes: Buffer,
  open = national.open,
): { message: Message; input: string } | { refused: string } {
  try {
    const envelope = open(bytes, null)
    const input = Buffer.from(envelope.inputBytes()).toString()
    return { message: national.read(envelope, SYSTEMS), input }
  } catch (cause) {
    if (!(cause instanceof GatewayError)) throw cause
    return { refused: `${cause.code} ${cause.message}` }
  }
}

const generally = (bytes: Buffer) => openEnvelope(bytes, national.operations)

/** JSON as some hospital systems write it: decimals with zeros at their end, and blanks between everything. */
function spread(json: string, decimals: boolean, blank: string): string {
  return json.replace(
    /("(?:[^"\\]|\\.)*")|(-?\d+)(\.\d+)?(e[+-]?\d+)?|([[\]{},:])/g,
    (token, text, whole, fraction = '', exponent = '', mark) => {
      if (text) return text
      if (mark) return blank + mark + blank
      if (!decimals) return token
      return `${whole}${fraction || '.0'}0${exponent}`
    },
  )
}

/** Codes for the lines, as the way gives them: for all, or all but some. */
function codesOf({ subject }: Message, left: number): NationalCodes {
  return (subject.lines ?? []).map((_, index) =>
    index % 3 === left ? null : { code: `C0${index}-1.5`, name: '' },
  )
}

/** @returns whether the message went the fast way */
function same(bytes: Buffer, left: number): boolean {
  const fast = told(bytes)
  const slow = told(bytes, generally)
  if (!('message' in fast) || !('message' in slow)) {
    expect(fast).toEqual(slow)
    return false
  }
  const { judged, ...message } = fast.message
  expect(inClear(message)).toEqual(inClear(slow.message))
  expect(fast.input).toBe(slow.input)
  const placed = [fast, slow].map((one) => national.place(one.message, codesOf(one.message, left)))
  const [one, other] = placed.map((each) => JSON.parse(national.encode(each).toString()) as unknown)
  expect(one).toEqual(other)
  if (message.codes.length > 0) expect(placed[0]!.judged).toBeUndefined()
  return judged !== undefined
}

const RUNS = runs(8_000)

describe('the fast way of a message', () => {
  it.each(['2204', '2206', '2207', '2208'])('is taken by %s as hospitals write it', (infno) => {
    const body =
      infno === '2208' ? claim(infno).replace('"mdtrt_cert_type"', '"setl_id":"S1","x"') : claim(infno)
    expect(same(Buffer.from(body), 3)).toBe(true)
  })

  it.each(['2204', '2207'])('writes codes of every field over the given ones in %s', (infno) => {
    const own = 'H34010290001'
    const systems = { ...SYSTEMS, physician: own, department: own, 'chronic-disease': own }
    const given = claim(infno).replaceAll(/"bilg_dr_codg":"[^"]*"/g, '"bilg_dr_codg":"YS01"')
    const body = given.replace('"bilg_dr_codg":"YS01"', '"bilg_dr_codg":"YS02","orders_dr_code":"YS01"')
    const [fast, slow] = [national.open, generally].map((open: typeof national.open) =>
      national.read(open(Buffer.from(body), null), systems),
    ) as [Message, Message]
    expect(fast.judged).toBeDefined()
    expect(
      fast.codes.filter(({ standard }) => standard === 'physician').map(({ given: { code } }) => code),
    ).toEqual(expect.arrayContaining(['YS01', 'YS02']))
    const codes = fast.codes.map((_, index) => ({ code: `N-${index}`, name: '' }))
    const placed = [fast, slow].map((one) => national.encode(national.place(one, codes)).toString())
    expect(JSON.parse(placed[0]!)).toEqual(JSON.parse(placed[1]!))
    expect(placed[0]).not.toMatch(/YS0[12]/)
    // Every other byte is as it came.
    const FIELDS =
      /"(med_list_codg|bilg_dr_codg|orders_dr_code|bilg_dept_codg|acord_dept_codg|dise_codg)":"[^"]*"/g
    expect(placed[0]!.replaceAll(FIELDS, '"$1"')).toBe(body.replaceAll(FIELDS, '"$1"'))
  })

  it.each(['2204', '2207'])(`tells of %s what the general way tells, in ${RUNS} changed claims`, (infno) => {
    const body = claim(infno)
    let fast = 0
    fc.assert(
      fc.property(fc.array(CHANGE, { minLength: 1, maxLength: 3 }), fc.nat({ max: 3 }), (changes, left) => {
        if (same(Buffer.from(JSON.stringify(changed(body, changes))), left)) fast += 1
      }),
      { numRuns: RUNS },
    )
    expect(fast).toBeGreaterThan(RUNS / 10)
  })

  it.each(['2204', '2207'])('takes %s with blanks, and with decimals that end in zeros', (infno) => {
    const body = claim(infno)
    for (const blank of ['', ' ', '\r\n\t']) {
      for (const decimals of [false, true])
        expect(same(Buffer.from(spread(body, decimals, blank)), 3)).toBe(true)
    }
  })

  it(`tells of spread claims what the general way tells, in ${RUNS} changed ones`, () => {
    const body = claim('2207')
    let fast = 0
    fc.assert(
      fc.property(
        ...([fc.array(CHANGE, { minLength: 1, maxLength: 3 }), fc.nat({ max: 3 })] as const),
        ...([fc.boolean(), fc.constantFrom('', ' ', '\n\t')] as const),
        (changes, left, decimals, blank) => {
          const written = spread(JSON.stringify(changed(body, changes)), decimals, blank)
          if (same(Buffer.from(written), left)) fast += 1
        },
      ),
      { numRuns: RUNS },
    )
    expect(fast).toBeGreaterThan(RUNS / 10)
  })

  it(`says nothing to a message out of its one form, in ${RUNS} claims`, () => {
    // A name that the text does not know has no spelling of its own.
    const names = /"(?!medins_list_name)([a-z_]+)":/g
    fc.assert(
      fc.property(
        fc.constantFrom('2204', '2207'),
        ...([fc.nat(), fc.constantFrom('before', 'after', 'name', 'none', 'time', 'x', 'zeros')] as const),
        fc.constantFrom(...BLANKS.filter((unit) => unit > 0x1f).map((unit) => String.fromCharCode(unit))),
        (infno, pick, act, blank) => {
          const body = claim(infno)
          const change: Record<typeof act, [RegExp, (...parts: string[]) => string]> = {
            before: [/:"([^"]+)"/g, (_, text) => `:"${blank}${text}"`],
            after: [/:"([^"]+)"/g, (_, text) => `:"${text}${blank}"`],
            name: [names, (_, name) => `"${name!.toUpperCase()}":`],
            none: [
              /"(med_list_codg|insuplc_admdvs|sign_no|cainfo)":"[^"]*"/g,
              (_, name) => `"${name}":"null"`,
            ],
            time: [/"(\d{4}-\d\d-\d\d) ([\d:]{8})"/g, (_, day, clock) => `"${day}T${clock}"`],
            x: [/"mdtrt_cert_no":"[^"]*"/g, () => '"mdtrt_cert_no":"99000719850315007x"'],
            zeros: [/"pric":[\d.]+/g, () => '"pric":"12.5000000000"'],
          }
          const [found, put] = change[act]
          const places = [...body.matchAll(found)]
          fc.pre(places.length > 0)
          const match = places[pick % places.length]!
          const odd = body.slice(0, match.index) + put(...match) + body.slice(match.index + match[0].length)
          expect(same(Buffer.from(odd), 3), odd.slice(match.index, match.index + 60)).toBe(false)
        },
      ),
      { numRuns: RUNS },
    )
  })

  it('is not led astray by a transaction number in another place', () => {
    const body = claim('2207').replace('{"infno":"2207"', '{"exp":"\\"infno\\":\\"2208\\"","infno":"2207"')
    expect(same(Buffer.from(body), 3)).toBe(false)
    const inside = claim('2207')
      .replace('{"infno":"2207",', '{')
      .replace('"input":{', '"infno":"2207","input":{')
    expect(same(Buffer.from(inside), 3)).toBe(true)
  })

  it('goes by the transaction of the head, not by one inside of the input', () => {
    const { input, ...head } = JSON.parse(claim('2208')) as { input: { data: object } }
    const data = { ...input.data, setl_id: 'S1' }
    const body = JSON.stringify({ input: { infno: '2208', data }, ...head, infno: '2206' })
    expect(same(Buffer.from(body), 3)).toBe(false)
  })

  it('reads no lines of a message that was opened before another one: theirs would be told as its own', () => {
    const early = national.open(Buffer.from(claim('2207')), null)
    told(Buffer.from(claim('2207').replaceAll('"F', '"G')))
    expect(() => national.read(early, SYSTEMS)).toThrow('Another message has been read since')
  })

  it('writes no code into the bytes of a message that was read before another one', () => {
    const first = claim('2207')
    // Where the code stands in the one, the time of the fee stands in the other.
    const second = first.replace(
      /"fee_ocur_time":("[^"]+"),"med_list_codg":""/,
      '"med_list_codg":$1,"fee_ocur_time":""',
    )
    const early = national.read(national.open(Buffer.from(first), null), SYSTEMS)
    told(Buffer.from(second))
    const codes = codesOf(early, 3)
    const placed = JSON.parse(national.encode(national.place(early, codes)).toString())
    const expected = told(Buffer.from(first), generally) as { message: Message }
    expect(placed).toEqual(JSON.parse(national.encode(national.place(expected.message, codes)).toString()))
  })
})

/** An answer to a settlement as platforms write it, with rows that the text does not name. */
const ANSWER = JSON.stringify({
  infcode: 0,
  inf_refmsgid: '34010020260302093001000000001',
  err_msg: '',
  warn_msg: null,
  output: {
    setlinfo: {
      ...{
        setl_id: 'S1',
        mdtrt_id: 'H34010290001202603020930000001',
        psn_no: 'P340000000001',
        setl_time: '2026-03-02 09:30:01',
        medfee_sumamt: 37.5,
      },
      ...{ fulamt_ownpay_amt: 0, overlmt_selfpay: 0, preselfpay_amt: 0, inscp_scp_amt: '37.5' },
      ...{ fund_pay_sumamt: 20.25, psn_part_amt: 17.25, acct_pay: 7, psn_cash_pay: 10.25, hosp_part_amt: 0 },
    },
    setldetail: [
      { fund_pay_type: '310100', fund_payamt: 20.25, setl_proc_info: '职工统筹' },
      { fund_pay_type: '310200', fund_payamt: 7 },
    ],
    result: [{ feedetl_sn: 'F1', memo: { of: ['甲', { x: null }] } }],
  },
})

/** What one way makes of an answer. */
function heard(message: Message, body: Buffer): unknown {
  try {
    const reply = national.decode(message, body)
    return reply.verdict === 'yes' ? { ...reply, output: reply.output(), warning: reply.warning() } : reply
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    return cause.message
  }
}

describe('the fast way of an answer', () => {
  const { message } = told(Buffer.from(claim('2207'))) as { message: Message }
  const FIELDS = [
    ...Object.keys(JSON.parse(ANSWER).output.setlinfo),
    'infcode',
    'fund_payamt',
    'fund_pay_type',
  ]
  const value = fc.oneof(
    fc.constantFrom(
      '0',
      '1',
      '-1',
      '"0"',
      '""',
      'null',
      '1.005',
      '37.50',
      '{}',
      '[]',
      'true',
      '"x"',
      '1e3',
      '-0',
    ),
    fc.integer({ min: -5000, max: 5000 }).map((fen) => String(fen / 100)),
  )

  it(`tells what the general way tells, in ${RUNS} changed answers`, () => {
    const change = fc.record({ field: fc.constantFrom(...FIELDS), value, skip: fc.nat({ max: 1 }) })
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 2 }),
        fc.option(fc.nat({ max: ANSWER.length })),
        (changes, cut) => {
          let text = ANSWER
          for (const { field, value: put, skip } of changes) {
            let seen = 0
            const at = new RegExp(`("${field}":)("[^"]*"|[^,}\\]]+)`, 'g')
            text = text.replace(at, (all, name) => (seen++ === skip ? all : name + put))
          }
          const bytes = Buffer.from(cut === null ? text : text.slice(0, cut))
          expect(heard(message, bytes)).toEqual(heard(message, Buffer.concat([BLANK, bytes])))
        },
      ),
      { numRuns: RUNS },
    )
  })

  it('is taken by the answers of all settlements', () => {
    for (const { output, readsAnswer } of Object.values(national.operations)) {
      if (!readsAnswer) continue
      const reads = readsAnswer.map((field) => `output.${field}`)
      expect(createReader(answerSchema.extend({ output: output! }), ['infcode', ...reads])).not.toBeNull()
    }
  })

  it('reads an answer as platforms write it', () => {
    expect(heard(message, Buffer.from(ANSWER))).toMatchObject({
      verdict: 'yes',
      settlement: { id: 'S1', fund: 2025, person: 1725, account: 700, cash: 1025, funds: [{}, {}] },
      output: JSON.parse(ANSWER).output,
    })
  })

  it('ends on what is nested without end', () => {
    const deep = ANSWER.replace('"甲"', '['.repeat(100_000))
    expect(heard(message, Buffer.from(deep))).toBe(heard(message, Buffer.concat([BLANK, Buffer.from(deep)])))
  })
})
