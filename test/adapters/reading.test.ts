/** The fast way of a message and the general one tell the same: a blank before the first brace sends the same message the other way. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import national from '../../adapters/000000-national/index.ts'
import { claimOf } from '../../load-tests/bench/claims.ts'
import { GatewayError } from '../../src/domain/problems.ts'
import type { Message, NationalCode } from '../../src/extension/dialect.ts'
import { CHANGE, changed } from '../support/changed-claims.ts'

const SYSTEMS = { item: 'H34010290001', diagnosis: 'national' }
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
function told(bytes: Buffer): { message: Message; input: string } | { refused: string } {
  try {
    const envelope = national.open(bytes, null)
    const input = Buffer.from(envelope.inputBytes()).toString()
    return { message: national.read(envelope, SYSTEMS), input }
  } catch (cause) {
    if (!(cause instanceof GatewayError)) throw cause
    return { refused: `${cause.code} ${cause.message}` }
  }
}

/** Codes for the lines, as the way gives them: for all, or all but some. */
function codesOf(
  { subject }: Message,
  left: number,
): { lines: Map<string, NationalCode>; diagnoses: Map<number, NationalCode> } {
  const lines = (subject.lines ?? []).flatMap(({ serial }, index) =>
    index % 3 === left ? [] : [[serial, { code: `C0${index}-1.5`, name: '名', also: [] }] as const],
  )
  return { lines: new Map(lines), diagnoses: new Map() }
}

/** @returns whether the message went the fast way */
function same(bytes: Buffer, left: number): boolean {
  const fast = told(bytes)
  const slow = told(Buffer.concat([BLANK, bytes]))
  if (!('message' in fast) || !('message' in slow)) {
    expect(fast).toEqual(slow)
    return false
  }
  const { judged, ...message } = fast.message
  expect(message).toEqual(slow.message)
  expect(fast.input).toBe(slow.input)
  const placed = [fast, slow].map((one) => national.place(one.message, codesOf(one.message, left)))
  const [one, other] = placed.map((each) => JSON.parse(national.encode(each).toString()) as unknown)
  expect(one).toEqual(other)
  if (message.operation.place) expect(placed[0]!.judged).toBeUndefined()
  return judged !== undefined
}

const RUNS = 8_000

describe('the fast way of a message', () => {
  it.each(['2204', '2206', '2207', '2208'])('is taken by %s as hospitals write it', (infno) => {
    const body =
      infno === '2208' ? claim(infno).replace('"mdtrt_cert_type"', '"setl_id":"S1","x"') : claim(infno)
    expect(same(Buffer.from(body), 3)).toBe(true)
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

  it('is not led astray by a transaction number in another place', () => {
    const body = claim('2207').replace('{"infno":"2207"', '{"exp":"\\"infno\\":\\"2208\\"","infno":"2207"')
    expect(same(Buffer.from(body), 3)).toBe(false)
    const inside = claim('2207')
      .replace('{"infno":"2207",', '{')
      .replace('"input":{', '"infno":"2207","input":{')
    expect(same(Buffer.from(inside), 3)).toBe(true)
  })

  it('writes no code into the bytes of a message that was read before another one', () => {
    const [first, second] = [claim('2207'), claim('2207').replace('心血管内科门诊', '心内科')]
    const early = national.read(national.open(Buffer.from(first), null), SYSTEMS)
    national.open(Buffer.from(second), null)
    const codes = codesOf(early, 3)
    const placed = JSON.parse(national.encode(national.place(early, codes)).toString())
    const expected = told(Buffer.concat([BLANK, Buffer.from(first)])) as { message: Message }
    expect(placed).toEqual(JSON.parse(national.encode(national.place(expected.message, codes)).toString()))
  })
})
