/** A JSON text is brought into the scanner's form without a change of meaning, or left to the general way. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainBytes } from '../../src/scanner/canonical-json.ts'
import { runs } from '../support/runs.ts'

const RUNS = runs(30_000)

const plain = (text: string) => plainBytes(Buffer.from(text))?.toString() ?? null

/** JSON with such numbers as amounts are. */
const VALUE = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, 'a', '甲 乙', '1.50', 0, 12.5, -0.25, 100),
    fc.integer({ min: -99_999, max: 99_999 }).map((fen) => fen / 100),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b c', '名'), tie('value')),
  ),
})).value

describe('plainBytes()', () => {
  it.each([
    ['{ "a" : [ 1 , 2 ] }\n', '{"a":[1,2]}'],
    ['{"a":12.50}', '{"a":12.5}'],
    ['[12.00,-1.0,0.0,100,10.05]', '[12,-1,0,100,10.05]'],
    ['{"a b":" 1.50 "} ', '{"a b":" 1.50 "}'],
    ['\t[true , null]', '[true,null]'],
  ])('writes %j as %j', (given, expected) => {
    expect(plain(given)).toBe(expected)
  })

  it.each([
    ['nothing to leave out', '{"a":12.5}'],
    ['a negative zero, which JSON writes without its sign', '[-0.00]'],
    ['an exponent', '[ 1.50e3 ]'],
    ['an exponent with a fraction, which is none', '[1E+2.0]'],
    ['an escape', '[ "\\u0041" ]'],
    ['a control character in a text', '[ "a\tb" ]'],
    ['a text without an end', '[ "ab'],
    ['numbers that a blank keeps apart', '[1 2]'],
    ['a number and its sign', '[- 1.0]'],
    ['a word in two parts', '[tr ue ]'],
    ['two texts side by side', '["a" "b"]'],
    ['two points', '[1.0.0]'],
    ['a point at the end', '[1. ]'],
    ['a point at the begin', '[-.50]'],
  ])('leaves %s to the general way', (_, given) => {
    expect(plain(given)).toBeNull()
  })

  it('says what the text says, and makes JSON of nothing that is none', () => {
    const piece = fc.constantFrom(' ', '\n', '0', '.', '.0', '00', '-', '1', ',', '"', '1.50', '[', ']', 'e')
    const change = fc.record({ at: fc.nat(), put: piece, drop: fc.nat({ max: 2 }) })
    let made = 0
    fc.assert(
      fc.property(VALUE, fc.nat({ max: 2 }), fc.array(change, { maxLength: 4 }), (said, indent, changes) => {
        let text = JSON.stringify(said, null, indent)
        for (const { at, put, drop } of changes) {
          const place = at % (text.length + 1)
          text = text.slice(0, place) + put + text.slice(place + drop)
        }
        const shorter = plain(text)
        if (shorter === null) return
        const parsed = parse(shorter)
        expect(parse(text)).toEqual(parsed)
        if (parsed !== NO_JSON) made += 1
      }),
      { numRuns: RUNS },
    )
    expect(made).toBeGreaterThan(RUNS / 30)
  })
})

const NO_JSON = Symbol('no JSON')

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return NO_JSON
  }
}
