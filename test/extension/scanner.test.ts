/** The scanner says yes only where zod does, and finds every value where JSON has it: fuzzed against zod itself. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { envelopeSchema } from '../../adapters/000000-national/envelope.ts'
import { input2204 } from '../../adapters/000000-national/schemas/lines.ts'
import { input2201 } from '../../adapters/000000-national/schemas/outpatient.ts'
import { input2207 } from '../../adapters/000000-national/schemas/outpatient-settlement.ts'
import { claimOf } from '../../load-tests/bench/claims.ts'
import { compilePattern } from '../../src/scanner/pattern.ts'
import { planOf } from '../../src/scanner/plan.ts'
import { createScanner } from '../../src/scanner/scan.ts'
import { CHANGE, changed } from '../support/changed-claims.ts'
import { runs } from '../support/runs.ts'

const SCHEMA = envelopeSchema.extend({
  input: input2207.extend({ feedetail: input2204.shape.feedetail }),
})
const FIXED = ['msgid', 'sign_no', 'input', 'input.data.psn_no', 'input.data.medfee_sumamt']
const ROW = ['feedetl_sn', 'med_list_codg', 'medins_list_codg', 'fee_ocur_time', 'cnt']
const WANTED = [...FIXED, ...ROW.map((name) => `input.feedetail[].${name}`)]

const scanner = createScanner(planOf(SCHEMA, WANTED)!)!
const BODY = claimOf(3, '340104').body.replaceAll('[<id>]', 'H34010290001202603020930000001')

/** What the scanner says of a text, and what zod says of it. */
function judge(bytes: Buffer) {
  const fast = scanner.scan(bytes)
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return { fast, slow: false, plain: false, parsed: undefined }
  }
  return {
    fast,
    slow: SCHEMA.safeParse(parsed).success,
    plain: Buffer.from(JSON.stringify(parsed)).equals(bytes),
    parsed,
  }
}

type Json = Record<string, unknown>

/** The value of a span as JSON has it. */
function valueIn(bytes: Buffer, start: number, end: number, quoted: boolean): unknown {
  return JSON.parse(quoted ? `"${bytes.toString('utf8', start, end)}"` : bytes.toString('utf8', start, end))
}

function spansAgree(bytes: Buffer, parsed: unknown): void {
  const { spans } = scanner
  const at = (path: string) => path.split('.').reduce((node: unknown, key) => (node as Json)?.[key], parsed)
  for (const [slot, path] of FIXED.entries()) {
    const there = spans.end(slot) > 0
    const told = there
      ? valueIn(bytes, spans.start(slot), spans.end(slot), typeof at(path) === 'string')
      : undefined
    expect(told, path).toEqual(at(path))
  }
  const rows = at('input.feedetail') as Json[]
  expect(spans.rows()).toBe(rows.length)
  for (const [index, row] of rows.entries()) {
    for (const [slot, name] of ROW.entries()) {
      const [start, end] = [spans.rowStart(index, slot), spans.rowEnd(index, slot)]
      const told = end > 0 ? valueIn(bytes, start, end, typeof row[name] === 'string') : undefined
      expect(told, `${index} ${name}`).toEqual(row[name])
    }
  }
}

function holds(bytes: Buffer): boolean {
  const { fast, slow, plain, parsed } = judge(bytes)
  if (!fast) return false
  expect(slow, bytes.toString()).toBe(true)
  expect(plain, bytes.toString()).toBe(true)
  spansAgree(bytes, parsed)
  return true
}

const RUNS = runs(20_000)

describe('the scanner', () => {
  it('takes a claim as hospitals write it, and finds its values', () => {
    expect(holds(Buffer.from(BODY))).toBe(true)
  })

  it(`never says yes where zod says no, in ${RUNS} changed claims`, () => {
    let yes = 0
    let valid = 0
    fc.assert(
      fc.property(fc.array(CHANGE, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Buffer.from(JSON.stringify(changed(BODY, changes)))
        const { slow } = judge(bytes)
        if (slow) valid += 1
        if (holds(bytes)) yes += 1
      }),
      { numRuns: RUNS },
    )
    // The changes are far from what hospitals send (escapes, objects where texts belong); it still takes most of what is valid.
    expect(yes / valid).toBeGreaterThan(0.6)
  })

  it(`never says yes where zod says no, in ${RUNS} claims with broken bytes`, () => {
    const whole = Buffer.from(BODY)
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            at: fc.nat({ max: whole.length - 1 }),
            cut: fc.nat({ max: 3 }),
            put: fc.oneof(
              fc.uint8Array({ maxLength: 3 }),
              fc
                .constantFrom(' ', '\n', '"', '\\u4e2d', ',', '{}', '[]', '0', 'e5', '.0', '\uFEFF')
                .map((text) => Buffer.from(text)),
            ),
          }),
          { minLength: 1, maxLength: 2 },
        ),
        (edits) => {
          let bytes = whole
          for (const { at, cut, put } of edits) {
            bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)])
          }
          holds(bytes)
        },
      ),
      { numRuns: RUNS },
    )
  })

  it('ends on every cut of a claim', () => {
    const whole = Buffer.from(BODY)
    for (let length = 0; length < whole.length; length += 1) {
      expect(scanner.scan(whole.subarray(0, length))).toBe(false)
    }
  })

  it('finds the values of rows whose fields come in many orders, one after another', () => {
    const message = JSON.parse(BODY) as { input: { feedetail: Json[] } }
    const [line] = message.input.feedetail
    // Two names of one length, whose values could stand in each other's place.
    const { med_list_codg: _, fee_ocur_time: time, ...rest } = line!
    const alike = { fee_ocur_time: time, med_list_codg: '2026-03-01', ...rest }
    const swapped = { med_list_codg: '2026-03-01', fee_ocur_time: time, ...rest }
    const turned = Array.from({ length: 40 }, (_, turn) => {
      const names = Object.entries(line!)
      return Object.fromEntries([...names.slice(turn % names.length), ...names.slice(0, turn % names.length)])
    })
    const orders: Json[] = [alike, swapped, ...turned]
    for (let round = 0; round < 12; round += 1) {
      const feedetail = orders.flatMap((row) => Array.from({ length: 1 + (round % 3) }, () => row))
      const body = { ...message, input: { ...message.input, feedetail } }
      expect(holds(Buffer.from(JSON.stringify(body)))).toBe(true)
    }
  })

  it('reads a part of a larger buffer', () => {
    const pool = Buffer.concat([Buffer.alloc(13), Buffer.from(BODY), Buffer.alloc(7)])
    expect(holds(pool.subarray(13, pool.length - 7))).toBe(true)
  })
})

describe('planOf()', () => {
  it('plans the messages of the hot way', () => {
    for (const input of [input2201, input2204, input2207]) {
      expect(planOf(envelopeSchema.extend({ input }), [])).not.toBeNull()
    }
  })

  it.each([
    ['a strict object', z.strictObject({ a: z.string() })],
    ['two forms of text', z.looseObject({ a: z.union([z.string().max(3), z.string().regex(/^x$/)]) })],
    ['a constant', z.looseObject({ a: z.literal('yes') })],
    ['a range', z.looseObject({ a: z.number().min(3) })],
  ])('leaves %s to the general way', (_, schema) => {
    expect(planOf(schema, [])).toBeNull()
  })
})

describe('compilePattern()', () => {
  const PATTERNS = [
    '^-?\\d{1,14}(\\.\\d{1,8})?$',
    '^-?\\d{1,9}$',
    '^\\d{4}-\\d{2}-\\d{2}(?:[ T]\\d{2}:\\d{2}(?::\\d{2})?)?$',
    '^[ab]{2,3}b$',
    '^(?:ab)?a?$',
    '^(a|b)$',
  ]
  it.each(PATTERNS)('matches as RegExp does: %s', (pattern) => {
    const matches = compilePattern(pattern)
    const expression = new RegExp(pattern)
    const unit = fc.constantFrom(...'0123456789-.: Tab')
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit, maxLength: 22 }), fc.stringMatching(expression)), (text) => {
        const bytes = Buffer.from(`xx${text}yy`)
        expect(matches(bytes, 2, bytes.length - 2)).toBe(expression.test(text))
      }),
      { numRuns: runs(3_000) },
    )
  })
})
