/** Blanks around a text are taken off, visible or not, and nothing within it changes. */
import { describe, expect, it } from 'vitest'
import { BLANKS, isBlank, trimmed, trimmedJson } from '../../src/domain/blank.ts'

describe('trimmed()', () => {
  it.each([
    [' E1 ', 'E1'],
    ['E1\u3000', 'E1'],
    ['\ufeffE1\u00a0', 'E1'],
    ['\u200bE1\u202c', 'E1'],
    ['E1\0\0', 'E1'],
    ['\u2800E1\ufe0e\u2063', 'E1'],
    ['\u061cE1\u206a\uffa0', 'E1'],
    ['\t 头孢 0.25 g\r\n', '头孢 0.25 g'],
    ['  \u3000', ''],
    ['', ''],
  ])('makes %j %j', (given, expected) => {
    expect(trimmed(given)).toBe(expected)
  })

  it('takes off whatever trim() does, and leaves what is within', () => {
    for (let unit = 0; unit <= 0xffff; unit += 1) {
      const character = String.fromCharCode(unit)
      if (character.trim() === '') expect(isBlank(unit), unit.toString(16)).toBe(true)
    }
    for (const unit of BLANKS) expect(trimmed(`a${String.fromCharCode(unit)}b`)).toHaveLength(3)
  })

  it('leaves characters beyond the first plane whole', () => {
    expect(trimmed('𬌗 ')).toBe('𬌗')
  })
})

describe('trimmedJson()', () => {
  it('trims every text and no name', () => {
    const given = { ' a ': [' x ', { b: 'y\u3000' }], n: 1, none: null }
    expect(trimmedJson(given)).toEqual({ ' a ': ['x', { b: 'y' }], n: 1, none: null })
  })

  it('ends on what is nested without end', () => {
    const deep = JSON.parse('['.repeat(10_000) + ']'.repeat(10_000))
    expect(() => trimmedJson(deep)).toThrow(RangeError)
  })
})
