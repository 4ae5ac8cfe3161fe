/**
 * `npm run load-heavy`: what the counters feel of heavy work. Each heavy route is asked by as many at once as it takes, for a
 * few seconds, and in turn with that nothing is asked: `/health`, a 1101 and settlements meanwhile, with ÷ without. What it
 * does not measure: a journal of millions (fill one first), an open load. Run `npm start` first, without callers.
 */
import Table from 'cli-table3'
import { Pool } from 'undici'
import { workCounter } from './counter.ts'
import { envelope, HOSPITALS, PATH } from './messages.ts'
import { get, type Insured, partiesOf, peopleOf } from './parties.ts'
import { quantile } from './statistics.ts'

const SECONDS = 5
const COUNTERS = 8
/** One more than a lane works on and lets wait: it is full all the time. */
const ASKERS = 10
const SAMPLE_MS = 25
/** Stays that are there to be counted; the same rows again add nothing. */
const STAYS = 100_000

const { gateway, ...others } = partiesOf(process.env)
const people = (await peopleOf({ gateway, ...others })).filter(
  ({ insurance }) => insurance[0]?.psn_insu_stas === '1',
)
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Milliseconds in one window, by what was asked. */
interface Window {
  readonly health: readonly number[]
  readonly question: readonly number[]
  readonly settlement: readonly number[]
  /** Heavy answers by status. */
  readonly answers: Readonly<Record<number, number>>
}

function questionOf(person: Insured): string {
  const { insuplc_admdvs } = person.insurance[0]!
  return JSON.stringify(envelope(HOSPITALS[0]!, insuplc_admdvs, '1101', { data: person.credentials[0]! }))
}

/** Asks now and then, each when the one before has been answered. */
async function sample(running: () => boolean, ask: (pool: Pool) => Promise<unknown>): Promise<number[]> {
  const pool = new Pool(gateway, { connections: 1 })
  const times: number[] = []
  while (running()) {
    const from = performance.now()
    await ask(pool)
    times.push(performance.now() - from)
    await pause(SAMPLE_MS)
  }
  await pool.close()
  return times
}

/** Asks a heavy route again and again until told to end; what is turned away waits a little. */
async function press(path: string, running: () => boolean, answers: Record<number, number>): Promise<void> {
  const pool = new Pool(gateway, { connections: ASKERS, headersTimeout: 0, bodyTimeout: 0 })
  const one = async () => {
    while (running()) {
      const { statusCode, body } = await pool.request({ method: 'GET', path })
      await body.dump({ limit: Number.POSITIVE_INFINITY })
      answers[statusCode] = (answers[statusCode] ?? 0) + 1
      if (statusCode === 503) await pause(SAMPLE_MS)
    }
  }
  await Promise.all(Array.from({ length: ASKERS }, one))
  await pool.close()
}

async function windowOf(path: string | null): Promise<Window> {
  let on = true
  const running = () => on
  const answers: Record<number, number> = {}
  const headers = { 'content-type': 'application/json' }
  const body = questionOf(people[0]!)
  const health = sample(running, async (pool) =>
    (await pool.request({ method: 'GET', path: '/health' })).body.dump(),
  )
  const question = sample(running, async (pool) =>
    (await pool.request({ method: 'POST', path: PATH, headers, body })).body.dump(),
  )
  const shifts = Array.from({ length: COUNTERS }, () => workCounter(gateway, people, running))
  const pressed = path === null ? Promise.resolve() : press(path, running, answers)
  await pause(SECONDS * 1000)
  on = false
  const settlement = (await Promise.all(shifts)).flatMap(({ times }) => times['2207'] ?? [])
  await pressed
  return { health: await health, question: await question, settlement, answers }
}

async function fill(): Promise<void> {
  const head = 'stay,person,insured_area,treatment_area,institution,admitted,discharged,event,at'
  const rows = Array.from(
    { length: STAYS },
    (_, index) =>
      `LH${index},LP${index % 70_000},621025,340104,H34010490001,2025-01-02,2025-01-10,D,2025-01-10`,
  )
  const headers = { 'content-type': 'text/csv' }
  const answer = await fetch(new URL('/v1/reports/records', gateway), {
    method: 'POST',
    headers,
    body: `${[head, ...rows].join('\n')}\n`,
  })
  if (!answer.ok) throw new Error(`The stays were not taken: ${await answer.text()}`)
}

async function heavyPaths(): Promise<string[]> {
  const { entry } = await get<{ entry: { resource: { id: string } }[] }>(gateway, '/fhir/r4/ConceptMap')
  return [
    '/v1/reports/settlement-rate?area=620000&from=2025-01&to=2025-12',
    '/v1/open-cases?limit=1000',
    '/v1/tally',
    '/v1/reports/conformance',
    '/v1/codes/diagnosis/changes?from=2.0',
    `/fhir/r4/ConceptMap/${entry[0]!.resource.id}`,
  ]
}

const say = (line: string) => process.stderr.write(`${line}\n`)
say(`${STAYS} stays are put in`)
await fill()
await windowOf(null)
const table = new Table({
  head: ['while asked', 'answers', '/health', '1101', '2207', '2207 p99 with ÷ without', 'p50'],
  colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right'],
  style: { head: [] },
})
for (const path of await heavyPaths()) {
  say(path)
  // Without on both sides of it: what drifts in a run falls on both alike.
  const [before, with_, after] = [await windowOf(null), await windowOf(path), await windowOf(null)]
  const timesOf = (what: 'health' | 'question' | 'settlement') => ({
    with: with_[what],
    without: [...before[what], ...after[what]],
  })
  const p99 = (times: readonly number[]) => quantile(times, 0.99).toFixed(1)
  const both = (times: ReturnType<typeof timesOf>) => `${p99(times.with)} / ${p99(times.without)}`
  const settlements = timesOf('settlement')
  const ratio = (share: number) =>
    (quantile(settlements.with, share) / quantile(settlements.without, share)).toFixed(2)
  const answers = Object.entries(with_.answers).map(([status, count]) => `${count} × ${status}`)
  const shown = [timesOf('health'), timesOf('question'), settlements].map(both)
  table.push([path.split('?')[0]!, answers.join(', '), ...shown, ratio(0.99), ratio(0.5)])
}
console.log(`${table.toString()}\nMilliseconds at p99, with / without`)
