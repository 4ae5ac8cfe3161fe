/**
 * The part of HL7's terminology suite that concerns us, against the doors: lookup, validate-code of code systems, translate,
 * and beside them the statements of what a server can do. The suite is not part of this project: its folder `tests` (of
 * HL7/fhir-tx-ecosystem-ig) is an argument. Its codes and systems are replaced by invented ones of the same role
 * (`suite/roles.ts`); all other parameters are sent as they are, to both doors. What disagrees is listed with what is
 * missing. Ends with 1 below the goals, with 2 where there is no suite.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { missingIn, outcomeFaults, parameterFaults } from './suite/compare.ts'
import { exchangeOf, type Json } from './suite/exchange.ts'
import { openDoor } from './suite/world.ts'

/** Least number of requests that must agree at each door. */
const GOALS = { agree: 60, strict: 45 } as const
const OPERATIONS = ['lookup', 'cs-validate-code', 'translate']
const STATEMENTS: Readonly<Record<string, string>> = {
  metadata: '/metadata',
  'term-caps': '/metadata?mode=terminology',
}

/** One request at one door. */
interface Outcome {
  readonly name: string
  readonly operation: string
  readonly agrees: boolean
  /** What is missing; empty where the answer agrees strictly. */
  readonly faults: readonly string[]
}

/** The figures of one door. */
export interface Figures {
  readonly release: 'r4' | 'r5'
  readonly outcomes: readonly Outcome[]
  /** Requests that no role is known for: the suite has changed. */
  readonly without: readonly string[]
  readonly statements: readonly { readonly name: string; readonly missing: readonly string[] }[]
}

type Door = Awaited<ReturnType<typeof openDoor>>

async function outcomeOf(
  door: Door,
  release: 'r4' | 'r5',
  test: Json,
  name: string,
  read: (file: string) => Json,
) {
  const exchange = exchangeOf(test.operation, name, read(test.request))
  if (!exchange) return null
  const wanted = read(test.response)
  const { status, json } = await door.post(`/fhir/${release}${exchange.path}`, exchange.request, {
    'content-type': 'application/fhir+json',
  })
  const expected = test['http-code'] ?? '200'
  const statusAgrees = expected.endsWith('xx')
    ? String(status)[0] === expected[0]
    : String(status) === expected
  const resultOf = (answer: Json) =>
    answer.parameter?.find((one: Json) => one.name === 'result')?.valueBoolean
  const agrees = statusAgrees && resultOf(wanted) === resultOf(json)
  const faults = !statusAgrees
    ? [`status ${status} for ${expected}`]
    : wanted.resourceType === 'Parameters'
      ? parameterFaults(exchange, wanted.parameter, json.parameter ?? [], release)
      : outcomeFaults(wanted, json)
  return { name, operation: test.operation, agrees, faults } satisfies Outcome
}

/**
 * Runs the suite against one door.
 *
 * @param folder that holds `test-cases.json`
 */
export async function runSuite(folder: string, release: 'r4' | 'r5'): Promise<Figures> {
  const read = (file: string): Json => JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const outcomes: Outcome[] = []
  const without: string[] = []
  const statements: { name: string; missing: string[] }[] = []
  const door = await openDoor()
  try {
    for (const suite of read('test-cases.json').suites) {
      for (const test of suite.tests) {
        const path = STATEMENTS[test.operation]
        if (path) {
          const { json } = await door.ask(`/fhir/${release}${path}`)
          statements.push({
            name: `${suite.name} ${test.name}`,
            missing: missingIn(read(test.response), json),
          })
        }
        if (!OPERATIONS.includes(test.operation)) continue
        const name = suite.name === 'UCUM' && test.name === 'lookup' ? 'UCUM lookup' : test.name
        const outcome = await outcomeOf(door, release, test, name, read)
        if (outcome) outcomes.push(outcome)
        else without.push(name)
      }
    }
  } finally {
    door.close()
  }
  return { release, outcomes, without, statements }
}

/** The figures as lines for a person. */
export function linesOf({ release, outcomes, without, statements }: Figures): string[] {
  const tally = (those: readonly Outcome[]) => {
    const agree = those.filter(({ agrees }) => agrees).length
    const strict = those.filter(({ agrees, faults }) => agrees && faults.length === 0).length
    return `status and result agree ${agree} of ${those.length}, strictly ${strict} of ${those.length}`
  }
  const disagreeing = outcomes.filter(({ agrees, faults }) => !agrees || faults.length > 0)
  return [
    `${release.toUpperCase()}: ${tally(outcomes)}`,
    ...OPERATIONS.map(
      (operation) => `  ${operation}: ${tally(outcomes.filter((one) => one.operation === operation))}`,
    ),
    ...disagreeing.map(
      ({ name, operation, agrees, faults }) =>
        `  ${agrees ? 'not strictly' : 'DISAGREES   '}  ${operation} ${name}: ${faults.join('; ')}`,
    ),
    ...without.map((name) => `  no role is known for ${name}`),
    ...statements.map(({ name, missing }) => `  beside: ${name} lacks ${missing.join(', ') || 'nothing'}`),
  ]
}

/** Whether a door reaches the goals. */
export function reachesGoals({ outcomes }: Figures): boolean {
  const agreeing = outcomes.filter(({ agrees }) => agrees)
  const strict = agreeing.filter(({ faults }) => faults.length === 0)
  return agreeing.length >= GOALS.agree && strict.length >= GOALS.strict
}

/** The command. @returns its exit code */
export async function main(folder: string | undefined, say: (line: string) => void): Promise<number> {
  if (folder === undefined || !existsSync(join(folder, 'test-cases.json'))) {
    say(
      'No suite: give the folder "tests" of a copy of HL7/fhir-tx-ecosystem-ig, which is not part of this project',
    )
    return 2
  }
  const figures = [await runSuite(folder, 'r4'), await runSuite(folder, 'r5')]
  for (const line of figures.flatMap(linesOf)) say(line)
  say(`Goals at each door: agree ${GOALS.agree}, strictly ${GOALS.strict}`)
  return figures.every(reachesGoals) ? 0 : 1
}

if (import.meta.main) process.exitCode = await main(process.argv[2], console.log)
