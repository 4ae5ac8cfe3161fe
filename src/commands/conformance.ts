/**
 * `npm run conformance`: plays every transaction of every lane, valid and invalid, against a gateway, and prints a
 * scorecard.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Check, scoreOf } from '../conformance/check.ts'
import { junitOf } from '../conformance/junit.ts'
import { ownPlace, type Place, readPlace } from '../conformance/place.ts'
import { openRestTarget } from '../conformance/rest-target.ts'
import { runAll } from '../conformance/run.ts'
import { pageOf, tableOf } from '../conformance/scorecard.ts'
import { openTarget } from '../conformance/target.ts'
import { readPeople } from '../demo/day.ts'
import { startGateway } from '../demo/gateway-process.ts'
import { type Instant, shanghaiTime } from '../domain/day.ts'
import { shippedCatalogue } from '../extension/catalogue.ts'
import type { Dialect } from '../extension/dialect.ts'
import { loadRegistry } from '../extension/registry.ts'
import { addressed } from '../http/rest/addresses.ts'
import { startSimulator } from '../simulator/supervise.ts'

const OPTIONS = {
  target: { type: 'string' },
  place: { type: 'string' },
  institution: { type: 'string' },
  people: { type: 'string' },
  only: { type: 'string' },
  door: { type: 'string' },
  html: { type: 'string' },
  junit: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

const USAGE = `npm run conformance -- [--target URL] [--place FILE | --institution H… --people URL] [--only N,N] [--door national|rest|both] [--html FILE] [--junit FILE] [--json]
  --target       a gateway, or a hospital's own mock; without it a gateway and its platforms are started, and end with the run
  --place        JSON file of the trial account: institution, patients, lines, diagnosis (docs/conformance.md)
  --institution  code of the institution that sends; its area is read off the code
  --people       addresses of simulated provinces with the people, by commas, where there is no --place
  --only         numbers of transactions, by commas
  --door         by which door it plays: national (the interface), rest (the addresses of /openapi.json), or both; a gateway of
                 its own is played by both, a target by the national one unless told
  --html         writes the scorecard as a page
  --junit        writes it as JUnit XML
  --json         ends with one line: passed, failed, transactions, lanes
  ZHIJIE_KEY_OF_CALLER in the environment is sent as the caller's key`

/** Maximum messages in flight. */
const AT_ONCE = 16

/** The tested gateway, and how to stop it. */
interface Counterpart {
  readonly url: string
  readonly place: Place
  stop(): Promise<void>
}

/** Starts a gateway with simulated platforms in a temporary directory. */
async function startOwn(say: (text: string) => void): Promise<Counterpart> {
  say('Starting the national platform, five provinces and a gateway …')
  const dataDir = mkdtempSync(join(tmpdir(), 'zhijie-conformance-'))
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of stops.reverse()) await end()
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    const simulator = await startSimulator({ dataDir, port: 0 })
    stops.push(simulator.stop)
    const platforms = { national: simulator.national, ...simulator.provinces }
    const gateway = await startGateway({
      ZHIJIE_DATA: dataDir,
      ZHIJIE_WORKERS: '1',
      ZHIJIE_PORT: '0',
      ZHIJIE_LOG: 'error',
      ZHIJIE_UPSTREAM: Object.entries(platforms)
        .map(([name, { url }]) => `${name}=${url}`)
        .join(','),
    })
    stops.push(gateway.stop)
    const people = await readPeople(Object.values(simulator.provinces).map(({ url }) => url))
    return { url: gateway.url, place: ownPlace(people), stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

async function counterpartOf(values: Values, say: (text: string) => void): Promise<Counterpart> {
  const { target: url, place: file, institution: code, people } = values
  if (url === undefined) return startOwn(say)
  const stop = async () => {}
  if (file !== undefined) return { url, place: readPlace(readFileSync(file, 'utf8')), stop }
  if (people === undefined)
    throw new Error(`With --target it must be known who is insured: --place or --people\n${USAGE}`)
  const sender = code === undefined ? undefined : { code, name: '符合性检查机构', area: code.slice(1, 7) }
  return { url, place: ownPlace(await readPeople(people.split(',')), sender), stop }
}

/** Runs the conformance kit. @returns 0 only if nothing failed */
export async function conformance(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  const say = (text: string) => console.error(text)
  const doors = doorsOf(values)
  const counterpart = await counterpartOf(values, say)
  try {
    const { dialects } = await loadRegistry()
    const checks: Check[] = []
    for (const door of doors) checks.push(...(await playBy(door, values, counterpart, dialects)))
    const at = shanghaiTime(Date.now() as Instant)
    if (values.html) writeFileSync(values.html, pageOf(checks, counterpart.url, at))
    if (values.junit) writeFileSync(values.junit, junitOf(checks))
    const score = scoreOf(checks)
    say(tableOf(checks))
    if (values.json) console.log(JSON.stringify(score))
    return score.failed === 0 && score.passed > 0 ? 0 : 1
  } finally {
    await counterpart.stop()
  }
}

type DoorName = 'national' | 'rest'

const DOORS: Readonly<Record<string, readonly DoorName[]>> = {
  national: ['national'],
  rest: ['rest'],
  both: ['national', 'rest'],
}

function doorsOf({ door, target }: Values): readonly DoorName[] {
  const doors = DOORS[door ?? (target === undefined ? 'both' : 'national')]
  if (!doors) throw new Error(`--door is national, rest or both\n${USAGE}`)
  return doors
}

/**
 * Plays everything through one API. Over REST only transactions with a REST address are recorded; the rest was
 * covered by the national API.
 */
async function playBy(
  door: DoorName,
  { only }: Values,
  { url, place }: Counterpart,
  dialects: readonly Dialect[],
): Promise<Check[]> {
  const key = process.env.ZHIJIE_KEY_OF_CALLER ?? null
  const national = openTarget(url, key, AT_ONCE)
  const addresses = new Map(
    dialects.flatMap(addressed).map(({ operation, path }) => [operation.transaction, path]),
  )
  const isRest = door === 'rest'
  const target = isRest ? openRestTarget(url, key, AT_ONCE, national, addresses) : national
  const described = new Set(
    dialects.flatMap(({ operations }) =>
      Object.values(operations).flatMap((one) => (one.described ? [one.transaction] : [])),
    ),
  )
  const asked = only === undefined ? null : only.split(',')
  const numbers = isRest ? [...addresses.keys()].filter((number) => asked?.includes(number) ?? true) : asked
  if (numbers?.length === 0) return []
  const shown = progressLine()
  try {
    const checks = await runAll({
      ...{ target, place, catalogue: shippedCatalogue(), at: AT_ONCE },
      isDescribed: (number) => described.has(number),
      now: () => Date.now() as Instant,
      ...(numbers && { only: new Set(numbers) }),
      progress: shown.update,
    })
    return isRest ? checks.map((check) => ({ ...check, lane: `REST ${check.lane}` })) : checks
  } finally {
    shown.end()
    await target.close()
  }
}

const EVERY_MS = 500

/** Shows progress: one updated line on a terminal, occasional lines elsewhere. */
function progressLine() {
  const isTerminal = process.stderr.isTTY
  const every = isTerminal ? EVERY_MS : 10 * EVERY_MS
  let next = Date.now() + every
  return {
    update(done: number, of: string) {
      if (Date.now() < next) return
      next = Date.now() + every
      process.stderr.write(isTerminal ? `\r\u001b[K${done} checks, ${of}` : `${done} checks, ${of}\n`)
    },
    end() {
      if (isTerminal) process.stderr.write('\r\u001b[K')
    },
  }
}
