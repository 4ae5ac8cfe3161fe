/** The measure itself counts what agrees, with an invented suite of a few requests: HL7's is not here. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linesOf, main, reachesGoals, runSuite } from './fhir-suite.ts'

const SYSTEM = 'http://suite.test/codes'
const request = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter })
const codeAt = (code: string) => [
  { name: 'url', valueUri: SYSTEM },
  { name: 'code', valueCode: code },
]
const good = [
  { name: 'result', valueBoolean: true },
  { name: 'code', valueCode: 'x' },
  { name: 'system', valueUri: SYSTEM },
  { name: 'display', valueString: 'X' },
  { name: 'version', valueString: '1', $optional$: true },
]

/** By test: request and expected answer. Names are those of the real suite, so that roles are known. */
const TESTS = {
  'validation-cs-code-good': [request(...codeAt('x')), request(...good)],
  'validation-cs-code-bad-code': [request(...codeAt('y')), request({ name: 'result', valueBoolean: false })],
  // Agrees, but lacks a part that no server of ours has.
  'loinc-validate-code': [request(...codeAt('x')), request(...good, { name: 'invented', valueString: 'z' })],
  // Disagrees: the suite takes what is retired.
  ndc: [request(...codeAt('r')), request({ name: 'result', valueBoolean: true })],
  'nobody knows this one': [request(...codeAt('x')), request(...good)],
} as const

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhijie-suite-'))
  const tests = Object.entries(TESTS).map(([name, [asked, wanted]], index) => {
    writeFileSync(join(folder, `${index}-request.json`), JSON.stringify(asked))
    writeFileSync(join(folder, `${index}-response.json`), JSON.stringify(wanted))
    return {
      name,
      operation: 'cs-validate-code',
      request: `${index}-request.json`,
      response: `${index}-response.json`,
    }
  })
  writeFileSync(join(folder, 'test-cases.json'), JSON.stringify({ suites: [{ name: 'invented', tests }] }))
})
afterAll(() => rmSync(folder, { recursive: true }))

test.each(['r4', 'r5'] as const)(
  'runSuite() counts what agrees at %s, and what agrees strictly',
  async (release) => {
    const figures = await runSuite(folder, release)
    const told = Object.fromEntries(
      figures.outcomes.map(({ name, agrees, faults }) => [name, agrees ? faults : 'disagrees']),
    )
    expect(told).toEqual({
      'validation-cs-code-good': [],
      'validation-cs-code-bad-code': [],
      'loinc-validate-code': ['invented'],
      ndc: 'disagrees',
    })
    expect(figures.without).toEqual(['nobody knows this one'])
    const lines = linesOf(figures).join('\n')
    expect(lines).toContain('status and result agree 3 of 4, strictly 2 of 4')
    expect(lines).toMatch(/DISAGREES .*ndc: result has another value/)
    expect(reachesGoals(figures)).toBe(false)
  },
)

test('main() says where there is no suite, and ends with 2', async () => {
  const said: string[] = []
  for (const nowhere of [undefined, join(folder, 'nothing')]) {
    expect(await main(nowhere, (line) => said.push(line))).toBe(2)
  }
  expect(said).toHaveLength(2)
  expect(said[0]).toContain('HL7/fhir-tx-ecosystem-ig')
})
