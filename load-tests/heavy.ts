/**
 * `npm run load-heavy -- [--stays N] [--seconds S] [--visits N] [--only TEXT] [--json]`: what the counters feel of heavy work.
 * Each heavy route is asked by more at once than it takes, for a few seconds, and in turn with that nothing is asked: `/health`,
 * a 1101 and settlements meanwhile, with ÷ without. Visits begin at a steady rate, by chance, whether or not the ones before
 * have ended: 80 a second are some 250 messages. Files come from a thread of its own. What it does not measure: a journal of
 * millions (fill one first), the import of maps. Run `npm start` first, without callers.
 */
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import Table from 'cli-table3'
import { Pool } from 'undici'
import { ENDPOINT } from '../src/client/message.ts'
import { workCounter } from './counter.ts'
import { envelope, HOSPITALS } from './messages.ts'
import { get, type Insured, partiesOf, peopleOf } from './parties.ts'
import { FILE_ROWS, type FileKind, LETTERS, linesOf, type Press, stayLine } from './press.ts'
import { quantile } from './statistics.ts'

const { values } = parseArgs({
  options: {
    stays: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '5' },
    visits: { type: 'string', default: '80' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
  },
})
const SECONDS = Number(values.seconds)
/** Enough that none is waited for by the next visit that is due. */
const COUNTERS = 64
const GAP_MS = 1000 / Number(values.visits)
/** More than a lane works on and lets wait, for questions and for files: it is full all the time. */
const ASKERS = 10
const SENDERS = 4
const SAMPLE_MS = 25
const CSV = { 'content-type': 'text/csv' }
/** Stays that are there to be counted; the same rows again add nothing. */
const STAYS = Number(values.stays)
/** Rows of one request that fills the table: some 16 MB. */
const FILL_ROWS = 200_000

const { gateway, ...others } = partiesOf(process.env)
const people = (await peopleOf({ gateway, ...others })).filter(
  ({ insurance }) => insurance[0]?.psn_insu_stas === '1',
)
const say = (line: string) => process.stderr.write(`${line}\n`)
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

/** A heavy route, asked with a file or with none. */
interface Heavy {
  readonly name: string
  readonly path: string
  readonly file?: FileKind
}

/** Has a heavy route asked by another thread. @returns ends it; resolves with its answers by status */
async function press({ path, file }: Heavy): Promise<() => Promise<Record<number, number>>> {
  const workerData: Press = { gateway, path, askers: file ? SENDERS : ASKERS, ...(file && { file }) }
  const worker = new Worker(new URL('./press.ts', import.meta.url), { workerData })
  await once(worker, 'message')
  const told = once(worker, 'message')
  return async () => {
    worker.postMessage('end')
    const [answers] = await told
    return answers
  }
}

/** When visits are due: gaps of chance, as patients come. Not at all once the window is over. */
function arrivals(running: () => boolean): () => Promise<void> {
  let next = performance.now()
  return async () => {
    next -= Math.log(1 - Math.random()) * GAP_MS
    while (running() && performance.now() < next)
      await pause(Math.max(1, Math.min(SAMPLE_MS, next - performance.now())))
  }
}

async function windowOf(heavy: Heavy | null): Promise<Window> {
  const end = heavy === null ? async () => ({}) : await press(heavy)
  let on = true
  const running = () => on
  const headers = { 'content-type': 'application/json' }
  const body = questionOf(people[0]!)
  const health = sample(running, async (pool) =>
    (await pool.request({ method: 'GET', path: '/health' })).body.dump(),
  )
  const question = sample(running, async (pool) =>
    (await pool.request({ method: 'POST', path: ENDPOINT, headers, body })).body.dump(),
  )
  const due = arrivals(running)
  const shifts = Array.from({ length: COUNTERS }, () => workCounter(gateway, people, running, due))
  await pause(SECONDS * 1000)
  on = false
  const settlement = (await Promise.all(shifts)).flatMap(({ times }) => times['2207'] ?? [])
  const answers = await end()
  return { health: await health, question: await question, settlement, answers }
}

async function fill(): Promise<void> {
  for (let from = 0; from < STAYS; from += FILL_ROWS) {
    const body = linesOf(Math.min(FILL_ROWS, STAYS - from), (index) =>
      stayLine(`LH${from + index}`, (from + index) % 700_000),
    )
    const answer = await fetch(new URL('/v1/reports/records', gateway), {
      method: 'POST',
      headers: CSV,
      body,
    })
    if (!answer.ok) throw new Error(`The stays were not taken: ${await answer.text()}`)
    say(`  ${Math.min(STAYS, from + FILL_ROWS)}`)
  }
}

async function heavyRoutes(): Promise<Heavy[]> {
  const { entry } = await get<{ entry: { resource: { id: string } }[] }>(gateway, '/fhir/r4/ConceptMap')
  const asked = [
    '/v1/reports/settlement-rate?area=620000&from=2025-01&to=2025-12',
    '/v1/open-cases?limit=1000',
    '/v1/tally',
    '/v1/reports/mapping-quality',
    '/v1/codes/diagnosis/changes?from=2.0',
    `/fhir/r4/ConceptMap/${entry[0]!.resource.id}`,
    '/fhir/r4/ValueSet/$expand?url=urn:zhijie:standard:diagnosis?fhir_vs&filter=1&count=1000',
  ].map((path) => ({
    name: path.split('?')[0]!,
    path: path.replace('diagnosis?fhir_vs', 'diagnosis%3Ffhir_vs'),
  }))
  const path = '/v1/reports/records'
  return [
    ...asked,
    { name: `${path}, ${FILE_ROWS} new rows`, path, file: 'new' },
    { name: `${path}, ${FILE_ROWS} refused rows`, path, file: 'refused' },
    { name: `${path}, ${LETTERS} lines of a letter`, path, file: 'letters' },
  ]
}

say(`${STAYS} stays are put in`)
await fill()
await windowOf(null)
const rounded = (value: number, digits = 1) => (Number.isFinite(value) ? Number(value.toFixed(digits)) : null)
const table = new Table({
  head: ['while asked', 'answers', '/health p99', 'worst', '1101 p99', 'worst', '2207 p99', 'p99 ÷', 'p50 ÷'],
  colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
  style: { head: [] },
})
const measured: object[] = []
for (const heavy of (await heavyRoutes()).filter(({ name }) => name.includes(values.only))) {
  say(heavy.name)
  // Without on both sides of it: what drifts in a run falls on both alike.
  const [before, with_, after] = [await windowOf(null), await windowOf(heavy), await windowOf(null)]
  const timesOf = (what: 'health' | 'question' | 'settlement') => {
    const [asked, alone] = [with_[what], [...before[what], ...after[what]]]
    const of = (times: readonly number[]) => ({
      p50: rounded(quantile(times, 0.5)),
      p99: rounded(quantile(times, 0.99)),
      worst: rounded(times.reduce((most, time) => Math.max(most, time), 0)),
      count: times.length,
    })
    const ratio = (share: number) => rounded(quantile(asked, share) / quantile(alone, share), 2)
    return { with: of(asked), without: of(alone), p99Ratio: ratio(0.99), p50Ratio: ratio(0.5) }
  }
  const [health, question, settlement] = [timesOf('health'), timesOf('question'), timesOf('settlement')]
  measured.push({ route: heavy.name, answers: with_.answers, health, '1101': question, '2207': settlement })
  const answers = Object.entries(with_.answers).map(([status, count]) => `${count} × ${status}`)
  const both = (times: typeof health, what: 'p99' | 'worst') => `${times.with[what]} / ${times.without[what]}`
  const shown = [health, question].flatMap((times) => [both(times, 'p99'), both(times, 'worst')])
  const ratios = [settlement.p99Ratio, settlement.p50Ratio].map((ratio) => ratio?.toFixed(2) ?? '–')
  table.push([heavy.name, answers.join(', '), ...shown, both(settlement, 'p99'), ...ratios])
}
console.log(`${table.toString()}\nMilliseconds, with / without`)
if (values.json) console.log(JSON.stringify({ stays: STAYS, seconds: SECONDS, routes: measured }))
