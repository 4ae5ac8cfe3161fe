/** JSON that names a field twice, and so may be read differently by two readers, is found with its place. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { namedTwice } from '../../src/extension/json.ts'

const twice = (text: string) => namedTwice(text, JSON.parse(text))

describe('namedTwice()', () => {
  it.each<[string, string | null]>([
    ['{"a":1,"a":2}', 'a'],
    ['{"a":1,"b":{"c":"x","d":[],"c":"y"}}', 'b.c'],
    ['{"rows":[{"n":1},{"n":1,"m":[[{"k":1}],{"k":1, "k" :2}],"n":1}]}', 'rows[1].m[1].k'],
    ['{"a":{"b":1},"c":0,"a":{"b":2}}', 'a'],
    ['{"\\u0061":1,"a":2}', 'a'],
    ['{"a\\\\":1,"a\\\\":2}', 'a\\'],
    ['{"a":"440100","a":""}', 'a'],
    ['[{},[],{"a":true,"a":null}]', '[2].a'],
    ['{"a":1,"a":1}', null],
    ['{"a":"\\"a\\":1,","b":"{\\"b\\":2}"}', null],
    ['{"a":{"x":1},"b":{"x":2}}', null],
    ['{"__proto__":1,"b":2}', null],
    ['"a"', null],
    ['{}', null],
  ])('finds in %s: %s', (text, place) => {
    expect(twice(text)).toBe(place)
  })

  it('finds nothing in what a serializer has written, and every name that is put there a second time', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(), (object, at) => {
        const text = JSON.stringify(object, null, at % 3)
        expect(twice(text)).toBeNull()
        const name = Object.keys(object)[at % Object.keys(object).length]!
        const doubled = `${text.trimEnd().slice(0, -1)},${JSON.stringify(name)}:"another"}`
        if (object[name] !== 'another') expect(twice(doubled)).toBe(name)
      }),
    )
  })
})
