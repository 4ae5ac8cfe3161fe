/** What a run leaves behind: a table, a page that stands alone, JUnit XML; and the file of a trial account. */
import { Parser } from 'htmlparser2'
import { describe, expect, it } from 'vitest'
import type { Check } from '../../src/conformance/check.ts'
import { junitOf } from '../../src/conformance/junit.ts'
import { ownPlace, readPlace } from '../../src/conformance/place.ts'
import { pageOf, tableOf } from '../../src/conformance/scorecard.ts'

const CHECKS: readonly Check[] = [
  { lane: 'outpatient', transaction: '2207', name: '2207 settles', fault: null, ms: 12 },
  {
    lane: 'outpatient',
    transaction: '2208',
    name: '2208 <again> & "so"',
    fault: '应拒绝\u0001而成功 <b>',
    ms: 3,
  },
  { lane: '3-stock and sales', transaction: '3505A', name: '3505A takes', fault: null, ms: 1 },
]

/** Elements and attributes of a text, as a parser of XML reads them. */
function elementsOf(text: string) {
  const found: { readonly name: string; readonly attributes: Record<string, string> }[] = []
  const parser = new Parser(
    { onopentag: (name, attributes) => found.push({ name, attributes }) },
    { xmlMode: true, decodeEntities: true },
  )
  parser.end(text)
  return found
}

describe('the scorecard', () => {
  it('has a row a lane, the sum, and what failed', () => {
    const table = tableOf(CHECKS)
    expect(table).toContain('2 passed, 1 failed; 2 transactions conform, 2 lanes')
    expect(table).toContain('outpatient: 2208 <again> & "so"')
  })

  it('is a page without anything from elsewhere, and says nothing in its own markup that was said to it', () => {
    const page = pageOf(CHECKS, 'http://127.0.0.1:1/<script>', '2026-11-30 10:00:00')
    expect(page).toMatch(/^<!doctype html>/)
    expect(page).not.toContain('<script>')
    expect(page).toContain('&lt;b&gt;')
    expect(page).not.toMatch(/(?:src|href)=/)
    expect(pageOf([CHECKS[0]!], 'x', 'y')).toContain('没有不符合项')
  })
})

describe('junitOf()', () => {
  it('is a suite a lane, a case a check, with its time and what was met', () => {
    const elements = elementsOf(junitOf(CHECKS))
    expect(elements.map(({ name }) => name)).toEqual([
      'testsuites',
      ...['testsuite', 'testcase', 'testcase', 'failure'],
      ...['testsuite', 'testcase'],
    ])
    expect(elements[0]!.attributes).toMatchObject({ tests: '3', failures: '1', time: '0.016' })
    expect(elements[3]!.attributes).toEqual({
      classname: 'outpatient.2208',
      name: '2208 <again> & "so"',
      time: '0.003',
    })
    expect(elements[4]!.attributes.message).toBe('应拒绝\ufffd而成功 <b>')
  })
})

describe('the file of a trial account', () => {
  const file = {
    institution: { code: 'H43090290001', name: '甲', area: '430902' },
    other: { code: 'H34010290001', name: '乙', area: '340102' },
    patients: [
      {
        psn_no: 'SECRET',
        credential: { mdtrt_cert_type: '01', mdtrt_cert_no: 'T' },
        insutype: '310',
        insuredArea: '430900',
      },
    ],
    lines: [{ item: 'Y1', price: 1, count: 1, sum: 1 }],
    diagnosis: { code: 'I10', name: '高血压' },
  }

  it('is read, with what may be left out', () => {
    const { patients, lines } = readPlace(JSON.stringify(file))
    expect([patients[0]!.disease, lines[0]!.national]).toEqual([null, ''])
  })

  it('says which part will not do, and repeats no number of a person', () => {
    const wrong = JSON.stringify({
      ...file,
      patients: [{ ...file.patients[0], insuredArea: 'SECRET' }],
      lines: [],
    })
    expect(() => readPlace(wrong)).toThrow(/lines[\s\S]*patients\[0\]\.insuredArea/)
    for (const text of [wrong, '{"psn_no":"SECRET"'])
      try {
        readPlace(text)
      } catch (cause) {
        expect((cause as Error).message).not.toContain('SECRET')
      }
    expect.hasAssertions()
  })

  it('without one the people of the simulated provinces play who may come', () => {
    const person = (area: string, destination: string, state = '1') => ({
      psn_no: area,
      credentials: [{ mdtrt_cert_type: '01', mdtrt_cert_no: 'T' }],
      insurance: [{ insutype: '310', psn_insu_stas: state, insuplc_admdvs: area }],
      filings: [{ destination }],
      chronic: [{ code: 'M00200' }],
    })
    const people = [
      person('430902', '440100'),
      person('621002', '430900'),
      person('621003', '440100'),
      person('430903', '', '2'),
    ]
    expect(ownPlace(people).patients.map(({ psn_no }) => psn_no)).toEqual(['430902', '621002'])
  })
})
