/** `npm run demo`: a day of cross-regional bills, from hospital messages to reconciled books. */
import { parseArgs } from 'node:util'
import { SingleBar } from 'cli-progress'
import { openHospital } from '../client/hospital.ts'
import { loadCodes } from '../codes/load.ts'
import { readConfig } from '../config.ts'
import { drawBill } from '../demo/bills.ts'
import { clearFaults, PROVINCE_FAULTS, playDay, readPeople, setFaults, settleDown } from '../demo/day.ts'
import { type GatewayProcess, startGateway } from '../demo/gateway-process.ts'
import { isGoodsSound, playGoods } from '../demo/goods.ts'
import { playOrders } from '../demo/orders.ts'
import { playBeside } from '../demo/out-of-area.ts'
import { printSummary } from '../demo/print.ts'
import { isSound, summarise } from '../demo/summary.ts'
import { parseArea } from '../domain/area.ts'
import { dayOf, type Instant } from '../domain/day.ts'
import { loadRegistry } from '../extension/registry.ts'
import { readJournalBook } from '../ledger/journal-book.ts'
import { type PlatformBook, reconcile } from '../ledger/reconciliation.ts'
import { ownDialect } from '../pipeline/spoken.ts'
import { settlementRate } from '../reports/settlement-rate.ts'
import { type StayNumbers, stayNumbersOf } from '../reports/stay-numbers.ts'
import { readStays } from '../reports/stays.ts'
import { createDice } from '../seeded-random.ts'
import { startSimulator } from '../simulator/supervise.ts'
import { databaseFile, openDatabaseForReading } from '../store/database.ts'

const OPTIONS = {
  json: { type: 'boolean', default: false },
  kill: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  bills: { type: 'string', default: '500' },
  seed: { type: 'string', default: '1' },
} as const

/** Deadlines of the day: each hop's is shorter than its caller's, and all fit into a minute. */
const GATEWAY = {
  ZHIJIE_DEADLINE_MS: '2000',
  ZHIJIE_QUERY_DEADLINE_MS: '1500',
  ZHIJIE_RECOVERY_PAUSE_MS: '100',
}
const NATIONAL_DEADLINE_MS = 1200
const SETTLE_DOWN_MS = 30_000

const USAGE = `npm run demo -- [--json] [--kill] [--bills N] [--seed N]
  --json   ends with one JSON line
  --kill   kill -9 of the gateway in the middle of the day
  --bills  how many bills, 1 to 20000 (500)
  --seed   which day is drawn (1)`

/** Parses the options; null if they are invalid, after reporting it. */
function optionsOf(args: readonly string[]) {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS })
    const usable =
      /^[1-9]\d{0,4}$/.test(values.bills) && Number(values.bills) <= 20_000 && /^\d{1,9}$/.test(values.seed)
    if (usable && !values.help) return values
    console.error(USAGE)
  } catch (cause) {
    console.error(`${(cause as Error).message}\n${USAGE}`)
  }
  return null
}

/** Runs the demonstration. @returns 0 only if journal and books agree to the fen */
export async function demo(args: readonly string[]): Promise<number> {
  const values = optionsOf(args)
  if (values === null) return 2
  const config = readConfig(process.env)
  const { dataDir } = config
  const say = values.json ? () => {} : (text: string) => console.log(text)
  const since = Date.now()
  say('Starting the national platform, five provinces and the gateway …')
  const simulator = await startSimulator({
    dataDir,
    port: 0,
    nationalDeadlineMs: NATIONAL_DEADLINE_MS,
  })
  const platforms = { national: simulator.national, ...simulator.provinces }
  let gateway: GatewayProcess | null = null
  try {
    gateway = await startGateway({
      ...GATEWAY,
      ZHIJIE_DATA: dataDir,
      // The evaluation afterwards reads a single journal.
      ZHIJIE_WORKERS: '1',
      ZHIJIE_PORT: process.env.ZHIJIE_PORT ?? '0',
      ZHIJIE_LOG: process.env.ZHIJIE_LOG ?? 'error',
      ZHIJIE_UPSTREAM: Object.entries(platforms)
        .map(([name, { url }]) => `${name}=${url}`)
        .join(','),
    })
    say(`The gateway is process ${gateway.pid()} at ${gateway.url}`)
    for (const [name, { url, pid }] of Object.entries(platforms))
      say(`  ${name.padEnd(8)} process ${pid} at ${url}`)
    const provinces = Object.values(simulator.provinces).map(({ url }) => url)
    const { bills, world } = await drawBills(provinces, Number(values.bills), Number(values.seed))
    await Promise.all(provinces.map((url) => setFaults(url, PROVINCE_FAULTS)))
    const outcomes = await playWithProgress(gateway, bills, values.kill, values.json)
    const goods = await playGoods(gateway.url, simulator.provinces['430000']!.url)
    await Promise.all(provinces.map(clearFaults))
    const ordered = await playOrders(gateway.url, (code) => simulator.provinces[code]?.url, world)
    for (const { name, state, text } of ordered) say(`  order of mobile payment, ${name}: ${state} ${text}`)
    const beside = await playBesideBills(gateway, provinces)
    const left = await settleDown(gateway.url, SETTLE_DOWN_MS, (open) =>
      say(`  ${open} outcome(s) still being found …`),
    )
    if (left !== 0) say(`${left} outcome(s) are still unknown`)
    const books = await Promise.all(Object.values(platforms).map(({ url }) => readBook(url)))
    const database = openDatabaseForReading(databaseFile(dataDir))
    const compared = reconcile(readJournalBook(database), books)
    const today = dayOf(Date.now() as Instant)
    const dialect = ownDialect((await loadRegistry()).dialects)
    const rates = ratesOf(
      database,
      stayNumbersOf(dialect.operations),
      Object.keys(simulator.provinces),
      today,
    )
    const seconds = (Date.now() - since) / 1000
    const given = {
      ...{ outcomes, goods, beside },
      agreement: compared,
      rates,
      database,
      since,
      seconds,
      restarts: gateway.restarts(),
    }
    const summary = summarise(given)
    database.$client.close()
    console.log(values.json ? JSON.stringify(summary) : printSummary(summary, compared, dataDir))
    return isSound(summary, compared) && isGoodsSound(goods) ? 0 : 1
  } finally {
    await gateway?.stop()
    await simulator.stop()
  }
}

/** Other parts of the day: purchases out of area, a prescription. */
async function playBesideBills(gateway: GatewayProcess, provinces: readonly string[]) {
  const hospital = openHospital(gateway.url)
  try {
    return await Promise.race([playBeside(hospital, await readPeople(provinces)), gateway.broken])
  } finally {
    await hospital.close()
  }
}

async function drawBills(provinces: readonly string[], count: number, seed: number) {
  const today = dayOf(Date.now() as Instant)
  const registry = await loadRegistry()
  const { codebooks, maps } = registry
  const codes = loadCodes(registry)
  const entries = (id: string) => codebooks.find((book) => book.id === id)?.editions.at(-1)?.entries ?? []
  const world = {
    people: await readPeople(provinces),
    institutions: entries('institution'),
    pharmacies: entries('pharmacy'),
    maps,
    diagnoses: entries('diagnosis').filter(({ code }) => codes.lookup('diagnosis', code, today).found),
    codes,
    today,
  }
  const dice = createDice(seed)
  return { bills: Array.from({ length: count }, (_, index) => drawBill(dice, world, index + 1)), world }
}

/** A progress bar on a terminal, a line per tenth in a log, nothing for machine-readable output. */
async function playWithProgress(
  gateway: GatewayProcess,
  bills: Awaited<ReturnType<typeof drawBills>>['bills'],
  kill: boolean,
  quiet: boolean,
) {
  const bar =
    !quiet && process.stderr.isTTY
      ? new SingleBar({ format: 'bills |{bar}| {value}/{total} {eta_formatted}' })
      : null
  bar?.start(bills.length, 0)
  const tenth = Math.max(1, Math.ceil(bills.length / 10))
  const half = Math.ceil(bills.length / 2)
  const day = playDay(gateway.url, bills, (done) => {
    bar?.update(done)
    if (!bar && !quiet && done % tenth === 0) console.log(`  ${done} of ${bills.length} bills`)
    if (kill && done === half) {
      gateway.kill()
      if (!quiet) console.log('  kill -9 of the gateway')
    }
  })
  const outcomes = await Promise.race([day, gateway.broken])
  bar?.stop()
  return outcomes
}

async function readBook(url: string): Promise<PlatformBook> {
  const answer = await fetch(new URL('/book', url))
  return (await answer.json()) as PlatformBook
}

/** The settlement rate of each insured province for stays discharged on the day, in all three scopes. */
function ratesOf(
  database: ReturnType<typeof openDatabaseForReading>,
  numbers: StayNumbers,
  provinces: readonly string[],
  day: ReturnType<typeof dayOf>,
) {
  return provinces.flatMap((code) => {
    const area = parseArea(code)
    const question = { area, from: day, to: day, asOf: day, basis: 'broad' } as const
    const stays = readStays(database, numbers, question)
    return (['cross', 'intra', 'all'] as const).map((scope) => settlementRate(stays, { ...question, scope }))
  })
}
