/** The page `/docs` is in Chinese and under our own name, and its script fills the examples in. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { DOCS_PAGE } from '../../src/console/docs.ts'
import { PAGE_SCRIPT } from '../../src/console/page-script.ts'
import { inChinese, missingWords } from '../../src/console/rapidoc-words.ts'
import { CANCELLATION, LINES, SETTLEMENT, TRIAL } from '../../src/http/rest/examples.ts'

const script = readFileSync(createRequire(import.meta.url).resolve('rapidoc/dist/rapidoc-min.js'), 'utf8')

describe('inChinese()', () => {
  it('finds each of its words in the version of RapiDoc that is installed', () => {
    expect(missingWords(script)).toEqual([])
  })

  it('leaves no button, tab or heading of a request in English, and a script that can be read', () => {
    const chinese = inChinese(script)
    for (const word of [
      'TRY',
      'FILL EXAMPLE',
      'CLEAR',
      'RESPONSE',
      'EXAMPLE',
      'SCHEMA',
      'REQUEST BODY',
      'OPERATIONS',
    ])
      expect(chinese, word).not.toMatch(new RegExp(`>\\s*${word}\\s*<`))
    expect(
      /(?:\} chars`|Min \$\{|Max \$\{|(?:More|Less) than \$\{|multiple of \$\{|"SET"|J`Send )/.exec(
        chinese,
      )?.[0],
    ).toBeUndefined()
    expect(chinese.match(/>试用</g)).toHaveLength(1)
    // Only texts were changed: what is no Chinese is still there.
    expect(() => new Function(chinese)).not.toThrow()
  })
})

describe('the script of the page', () => {
  it('knows a stay and a visit apart by the names of the examples', () => {
    for (const examples of [LINES, TRIAL, SETTLEMENT, CANCELLATION])
      expect(Object.keys(examples)).toEqual(['outpatient', 'inpatient'])
    for (const name of [
      'known.outpatient',
      'known.inpatient',
      "=== 'inpatient' ? 'inpatient' : 'outpatient'",
    ])
      expect(PAGE_SCRIPT).toContain(name)
  })
})

describe('GET /docs', () => {
  it('carries our name and no other', () => {
    expect(DOCS_PAGE).toContain('<title>直结 Zhijie · ')
    expect(DOCS_PAGE).toContain('slot="logo"')
    expect(DOCS_PAGE.replaceAll(/rapi-?doc(?:-min\.js)?/g, '')).not.toMatch(/RapiDoc/i)
  })

  it('shows name and addresses on a narrow screen too, where RapiDoc hides its header and its list', () => {
    expect(DOCS_PAGE).toMatch(/<div class="narrow"><a href="\/">直结 Zhijie<\/a>/)
    expect(DOCS_PAGE).toContain('<div class="find"><input type="search"')
    expect(PAGE_SCRIPT).toContain("'(max-width: 767px)'")
  })

  it('fills the place in the example of a cancellation that the example leaves to it', () => {
    expect(() => new Function(PAGE_SCRIPT)).not.toThrow()
    for (const { value } of Object.values(CANCELLATION))
      expect(PAGE_SCRIPT).toContain(String(value.encounter))
  })
})
