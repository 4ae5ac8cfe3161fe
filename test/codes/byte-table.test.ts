/** Answers for codes that are looked up by their bytes are those of a map by text, and are kept by system and day. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Resolved } from '../../src/codes/outcome.ts'
import { ByteTable, createResolveCache } from '../../src/codes/resolve-cache.ts'
import { CodeInBytes } from '../../src/domain/claim.ts'
import { parseDay } from '../../src/domain/day.ts'
import { rowsOf } from '../../src/extension/rows.ts'
import { createReader } from '../../src/scanner/reader.ts'

/** A code in the middle of other bytes. */
function inBytes(code: string, system = 'H'): CodeInBytes {
  const bytes = Buffer.from(`"${code}"}`)
  return new CodeInBytes(system, bytes, 1, bytes.length - 2)
}

const day = parseDay('2026-03-02')

describe('a map by bytes', () => {
  const codes = fc.oneof(
    fc.integer({ min: 0, max: 400 }).map((number) => `B${String(number).padStart(6, '0')}`),
    fc.string({ unit: 'binary', maxLength: 30 }),
  )

  it('is what a Map by text is, but for what is too long to be kept', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(codes, fc.integer()), { maxLength: 300 }), codes, (pairs, asked) => {
        const table = new ByteTable<number>()
        const map = new Map<string, number>()
        for (const [code, value] of pairs) {
          table.set(inBytes(code), value)
          if (Buffer.byteLength(code) <= 27) map.set(Buffer.from(code).toString(), value)
        }
        for (const code of [asked, ...pairs.map(([code]) => code)]) {
          expect(table.get(inBytes(code))).toBe(map.get(Buffer.from(code).toString()))
        }
        expect(table.size).toBe(map.size)
      }),
      { numRuns: 300 },
    )
  })

  it('tells apart codes of one length and one hash', () => {
    const table = new ByteTable<string>()
    for (const [one, other] of [
      ['Z56e65u', 'Z57i23b'],
      ['Zha9v1s', 'Zm4xegs'],
    ] as const) {
      table.set(inBytes(one), one)
      expect(table.get(inBytes(other))).toBeUndefined()
      table.set(inBytes(other), other)
      expect([table.get(inBytes(one)), table.get(inBytes(other))]).toEqual([one, other])
    }
  })

  it('holds thousands that differ little', () => {
    const table = new ByteTable<string>()
    const all = Array.from({ length: 5000 }, (_, number) => `X${number.toString(36)}`)
    for (const code of all) table.set(inBytes(code), code)
    for (const code of all) expect(table.get(inBytes(code))).toBe(code)
    expect(table.get(inBytes('X'))).toBeUndefined()
  })
})

describe('answers that are kept', () => {
  const answer = (code: string) => ({ ok: true, code }) as unknown as Resolved

  it('belong to a standard, a system and a day', () => {
    const kept = createResolveCache()
    kept.keep('item', inBytes('Y1'), day, answer('one'))
    kept.keep('item', { system: 'H', code: 'Y2' }, day, answer('two'))
    expect(kept.get('item', inBytes('Y1'), day)).toEqual(answer('one'))
    expect(kept.get('item', { system: 'H', code: 'Y2' }, day)).toEqual(answer('two'))
    expect(kept.get('item', inBytes('Y1', 'G'), day)).toBeUndefined()
    expect(kept.get('diagnosis', inBytes('Y1'), day)).toBeUndefined()
    expect(kept.get('item', inBytes('Y1'), parseDay('2026-03-03'))).toBeUndefined()
  })

  it('are kept by their text where a code is too long for a slot', () => {
    const kept = createResolveCache()
    const long = 'Y'.repeat(28)
    kept.keep('item', inBytes(long), day, answer('long'))
    expect(kept.get('item', inBytes(long), day)).toEqual(answer('long'))
    expect(kept.get('item', { system: 'H', code: long }, day)).toEqual(answer('long'))
  })

  it('are forgotten all at once when there are too many', () => {
    const kept = createResolveCache()
    for (let number = 0; number <= 20_000; number += 1)
      kept.keep('item', inBytes(`Y${number}`), day, answer('x'))
    expect(kept.get('item', inBytes('Y1'), day)).toBeUndefined()
    expect(kept.get('item', inBytes('Y20000'), day)).toEqual(answer('x'))
  })
})

it('a code that is null, or not there, is an empty one, whichever way the message is read', () => {
  const row = z.looseObject({ code: z.string().nullish() })
  const reader = createReader(z.looseObject({ rows: z.array(row) }), ['rows[].code'])!
  const bytes = Buffer.from('{"rows":[{"code":"Y1"},{"code":null},{},{"code":""}]}')
  const fast = rowsOf(reader.read(bytes)!.rows)!.codes('code', 'H')
  const slow = rowsOf((JSON.parse(bytes.toString()) as { rows: unknown }).rows)!.codes('code', 'H')
  const read = (codes: typeof fast) => [0, 1, 2, 3].map((place) => codes(place).code)
  expect(read(fast)).toEqual(['Y1', '', '', ''])
  expect(read(slow)).toEqual(read(fast))
})
