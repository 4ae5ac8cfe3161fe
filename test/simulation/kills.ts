/**
 * kill -9 of a real gateway process on a real file, at random moments and at every named point of a settlement, while
 * hospital systems go on sending. The platforms keep books of their own in this process, behind fault proxies that say
 * when a point is reached. At rest the journal, the books and what the hospitals were told must agree.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { loadCodes } from '../../src/codes/load.ts'
import { type Bill, drawBill, type World } from '../../src/demo/bills.ts'
import { playBill } from '../../src/demo/counter.ts'
import { readPeople, settleDown } from '../../src/demo/day.ts'
import { type Hospital, openHospital } from '../../src/demo/hospital.ts'
import { createDice, type Dice } from '../../src/demo/random.ts'
import { dayOf, type Instant } from '../../src/domain/day.ts'
import { loadRegistry } from '../../src/extension/registry.ts'
import { type Agreement, agreement } from '../../src/ledger/agreement.ts'
import { type MoneyRow, readJournalBook } from '../../src/ledger/journal-book.ts'
import type { BookPage } from '../../src/simulator/admin.ts'
import { type Platform, startPlatform } from '../../src/simulator/platform.ts'
import { databaseFile, openDatabaseForReading } from '../../src/store/database.ts'
import { type Passing, type ProxyEvents, startProxy } from './proxy.ts'

/** Where a kill hits. */
export const POINTS = [
  /** The intent is durable, nothing was forwarded. */
  'after-intent',
  /** The platform has the message. */
  'after-send',
  /** The platform has answered, the gateway has not heard it. */
  'after-reply',
  /** The gateway has the answer and is about to write its outcome, or has just written it. */
  'before-outcome',
  /** Between the start of the process and its readiness. */
  'start',
  /** While it asks for or reverses an unknown outcome. */
  'recovery',
  /** While the write-ahead log is copied into the journal's file. */
  'checkpoint',
  /** Nothing is on its way. */
  'idle',
  'random',
] as const

export type Point = (typeof POINTS)[number]

/** What a run of kills came to. */
export interface KillRun {
  readonly kills: number
  readonly settlements: number
  /** Standing on one side only, or told to a hospital and not standing. */
  readonly lost: number
  /** Standing twice for one message or one visit. */
  readonly doubled: number
  /** Open cases and outcomes unknown on either side, at rest. */
  readonly unknownLeft: number
  /** From an intent to its final outcome, of those that were unknown in between. */
  readonly longestRecoveryMs: number
  readonly byPoint: Readonly<Record<Point, number>>
  /** Kills of which the shared memory of SQLite shows that a checkpoint had begun and not ended. */
  readonly inCheckpoint: number
  /** Messages of money that were forwarded to a platform more than once. */
  readonly resent: number
  readonly fenDifference: number
  /** Messages of money that were unknown at some time. */
  readonly unknownOnce: number
  /** Mean time from the word to start to readiness. */
  readonly startMs: number
  readonly seconds: number
  /** What differed, for people. */
  readonly differences: readonly string[]
}

/** Settings of a run. */
export interface KillOptions {
  readonly seed?: number
  readonly onProgress?: (kills: number, point: Point) => void
}

const COUNTERS = 6
const MONEY = new Set(['2207', '2208', '2304', '2305'])
/** Sent by recovery only: the counters never ask or reverse. */
const RECOVERING = new Set(['5203', '5303', '2601'])
/** How long a point is waited for before another is tried. */
const POINT_MS = 6_000
/** How long rest, or a checkpoint, is waited for: both can be brought about. */
const BRING_ABOUT_MS = 15_000
const FLOOD = 12
const SETTLE_MS = 60_000
const ROOT = join(import.meta.dirname, '..', '..')
const MAIN = join(ROOT, 'src', 'main.ts')
const SERVE = pathToFileURL(join(ROOT, 'src', 'commands', 'serve.ts')).href

/**
 * Run before `main.ts`: loads its modules and waits for the word to start. Loading is most of a start and touches no
 * data, so it is done while the process before still works. The compiled code is kept for the processes after it, which
 * a killed one would not do by itself.
 */
const WARM = `data:text/javascript,${encodeURIComponent(`
import { flushCompileCache } from 'node:module'
import { isMainThread } from 'node:worker_threads'
if (isMainThread) {
  await import(${JSON.stringify(SERVE)})
  flushCompileCache()
  await new Promise((go) => process.once('message', go))
}`)}`

const GATEWAY = {
  ZHIJIE_DEADLINE_MS: '1500',
  ZHIJIE_QUERY_DEADLINE_MS: '1000',
  ZHIJIE_RECOVERY_PAUSE_MS: '20',
  ZHIJIE_LOG: 'error',
}

/** A port outside of the range that connections take theirs from, so that it is free again after a kill. */
async function freePort(dice: Dice): Promise<number> {
  for (;;) {
    const port = dice.between(18_000, 30_000)
    const server = createServer()
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!free) continue
    server.close()
    await once(server, 'close')
    return port
  }
}

/** How far SQLite's checkpoints have come, by the header of its shared memory (walCkptInfo in sqlite's src/wal.c). */
function checkpointOf(file: string): { readonly done: number; readonly attempted: number } {
  try {
    const words = new Uint32Array(Uint8Array.from(readFileSync(`${file}-shm`).subarray(0, 136)).buffer)
    return { done: words[96 / 4]!, attempted: words[128 / 4]! }
  } catch {
    return { done: 0, attempted: 0 }
  }
}

/**
 * Kills a process as soon as a checkpoint has begun and not ended. A thread of its own looks without a pause: a
 * checkpoint takes a few milliseconds, and this thread has platforms and counters to run.
 */
const CHECKPOINT_KILLER = `
const { openSync, readSync } = require('node:fs')
const { parentPort, workerData } = require('node:worker_threads')
const { file, pid, attemptedAtStart, limitMs } = workerData
const end = Date.now() + limitMs
const shared = openSync(file + '-shm', 'r')
const words = new Uint32Array(34)
let begun = false
while (!begun && Date.now() < end) {
  readSync(shared, words, 0, 136, 0)
  begun = words[32] > words[24] && words[32] !== attemptedAtStart
}
if (begun) process.kill(pid, 'SIGKILL')
parentPort.postMessage(begun)
`

/** The process that works, with the next one ready to start. */
class Gateway {
  readonly #environment: Record<string, string>
  readonly #file: string
  #child!: ChildProcess
  #standby: ChildProcess
  #stopping = false
  #broken: Error | null = null
  #starts: number[] = []
  /** What recovery of the log left in `attempted`: it is no checkpoint of this process. */
  #attemptedAtStart = 0
  ready: Promise<void> = Promise.resolve()
  isReady = false
  inCheckpoint = 0

  constructor(environment: Record<string, string>, dataDir: string) {
    this.#environment = environment
    this.#file = databaseFile(dataDir)
    this.#standby = this.#warm()
    this.#start()
  }

  #warm(): ChildProcess {
    return spawn(process.execPath, ['--import', WARM, MAIN, 'serve'], {
      env: { ...process.env, ...this.#environment, NODE_OPTIONS: '', VITEST: '' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
  }

  #start(): void {
    const child = this.#standby
    const begun = performance.now()
    this.#child = child
    this.isReady = false
    child.send('go')
    this.#standby = this.#warm()
    this.ready = new Promise((resolve) => {
      child.once('message', () => {
        this.#starts.push(performance.now() - begun)
        this.#attemptedAtStart = checkpointOf(this.#file).attempted
        this.isReady = true
        resolve()
      })
    })
    child.once('exit', (code) => {
      const wasReady = this.isReady
      this.isReady = false
      if (this.#stopping) return
      if (code !== null) this.#broken = new Error(`The gateway ended by itself with code ${code}`)
      const { done, attempted } = checkpointOf(this.#file)
      if (wasReady && attempted > done && attempted !== this.#attemptedAtStart) this.inCheckpoint += 1
      this.#start()
    })
  }

  get startMs(): number {
    return this.#starts.reduce((sum, ms) => sum + ms, 0) / Math.max(1, this.#starts.length)
  }

  get shortestStartMs(): number {
    return Math.min(...this.#starts)
  }

  /** @throws where the process ended without being killed */
  check(): void {
    if (this.#broken) throw this.#broken
  }

  /** Kills it in a checkpoint. @returns whether there was one in time */
  async killInCheckpoint(limitMs: number): Promise<boolean> {
    const gone = once(this.#child, 'exit')
    const workerData = {
      file: this.#file,
      pid: this.#child.pid,
      attemptedAtStart: this.#attemptedAtStart,
      limitMs,
    }
    const [begun] = await once(new Worker(CHECKPOINT_KILLER, { eval: true, workerData }), 'message')
    if (begun) await gone
    return begun
  }

  /** Kills it; resolves when it is gone and the next one has been told to start. */
  async kill(): Promise<void> {
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#standby.kill('SIGKILL')
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await gone
  }
}

/** What a hospital heard a yes to. */
interface Told {
  readonly transaction: string
  readonly settlement: string
}

/** The counters: they send bills without end until told to stop, and can be held for a moment. */
class Counters {
  readonly told: Told[] = []
  #inFlight = 0
  #held: Promise<void> | null = null
  #letGo = () => {}
  #stopped = false
  readonly #done: Promise<unknown>

  constructor(url: string, draw: (number: number) => Bill) {
    let number = 0
    const counter = async () => {
      const hospital = this.#listen(openHospital(url))
      while (!this.#stopped) {
        number += 1
        await playBill(hospital, draw(number))
      }
      await hospital.close()
    }
    this.#done = Promise.all(Array.from({ length: COUNTERS }, counter))
  }

  #listen(hospital: Hospital): Hospital {
    const counted = async <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
      while (this.#held) await this.#held
      this.#inFlight += 1
      try {
        return await act()
      } finally {
        this.#inFlight -= 1
      }
    }
    return {
      ...hospital,
      again: () => counted(() => hospital.again()),
      send: async (sender, transaction, input) => {
        const heard = await counted(() => hospital.send(sender, transaction, input))
        if (heard.is !== 'yes' || !MONEY.has(transaction)) return heard
        const row = heard.output.setlinfo as { setl_id?: string } | undefined
        const cancels = (input as { data: { setl_id?: string } }).data.setl_id
        this.told.push({ transaction, settlement: String(cancels ?? row?.setl_id) })
        return heard
      },
    }
  }

  /** Holds what has not been sent, and waits until nothing is on its way. */
  async hold(limitMs: number): Promise<boolean> {
    this.#held ??= new Promise((resolve) => {
      this.#letGo = resolve
    })
    const end = Date.now() + limitMs
    while (this.#inFlight > 0 && Date.now() < end) await pause(5)
    return this.#inFlight === 0
  }

  letGo(): void {
    this.#held = null
    this.#letGo()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.letGo()
    await this.#done
  }
}

interface Armed {
  readonly fits: (event: keyof ProxyEvents, passing: Passing) => boolean
  readonly hit: () => void
}

/** Reads what bills are drawn from, with the people of these platforms. */
export async function readWorld(provinces: readonly string[]): Promise<World> {
  const registry = await loadRegistry()
  const today = dayOf(Date.now() as Instant)
  const codes = loadCodes(registry)
  const of = (id: string) => registry.codebooks.find((book) => book.id === id)!.editions.at(-1)!.entries
  return {
    people: await readPeople(provinces),
    institutions: of('institution'),
    diagnoses: of('diagnosis').filter(({ code }) => codes.lookup('diagnosis', code, today).found),
    maps: registry.maps,
    codes,
    today,
  }
}

/** A bill that is short, of which many are cancelled. */
function shortBill(dice: Dice, world: World, number: number): Bill {
  const bill = drawBill(dice, world, number)
  const drawn = dice.next()
  const twist = drawn < 0.35 ? 'cancelled' : drawn < 0.45 ? 'sent-twice' : 'none'
  return { ...bill, twist, lines: bill.lines.slice(0, 3), number }
}

/** The order of points: every one in turn, those that need an unfinished message right after one. */
function* planOf(dice: Dice): Generator<Point> {
  const money = ['after-intent', 'after-send', 'after-reply', 'before-outcome'] as const
  for (;;) {
    yield* ['after-intent', 'recovery', 'after-send', 'recovery', 'after-reply', 'start'] as const
    yield* ['before-outcome', 'idle', 'random', 'checkpoint', 'start', 'random'] as const
    yield dice.pick(money)
    yield dice.pick(['recovery', 'start', 'random'] as const)
  }
}

/** The event of the proxy at which a point is reached. */
const EVENT_OF: Partial<Record<Point, keyof ProxyEvents>> = {
  'after-intent': 'onRequest',
  'after-send': 'onForwarded',
  'after-reply': 'onReply',
  'before-outcome': 'onPassed',
}

/**
 * Kills a gateway again and again, lets it come to rest and compares.
 *
 * @param count how many kills
 */
export async function runKills(count: number, options: KillOptions = {}): Promise<KillRun> {
  const since = Date.now()
  const dice = createDice(options.seed ?? 1)
  const dataDir = mkdtempSync(join(tmpdir(), 'zhijie-kills-'))
  const byPoint = Object.fromEntries(POINTS.map((point) => [point, 0])) as Record<Point, number>
  let armed: Armed | null = null
  const meet = (event: keyof ProxyEvents) => (passing: Passing) => {
    const waiting = armed
    if (!waiting?.fits(event, passing)) return
    armed = null
    waiting.hit()
  }
  const events: ProxyEvents = {
    onRequest: meet('onRequest'),
    onForwarded: meet('onForwarded'),
    onReply: meet('onReply'),
    onPassed: meet('onPassed'),
  }

  const settings = { engineDelay: { fromMs: 0, toMs: 3 }, dataDir, port: 0 }
  const homes = await Promise.all(
    ['620000', '340000'].map((platform) => startPlatform({ ...settings, platform })),
  )
  const provinces = Object.fromEntries(homes.map(({ platform, url }) => [platform, url]))
  const national = await startPlatform({
    ...settings,
    platform: 'national',
    provinces,
    nationalDeadlineMs: 800,
  })
  const platforms = [national, ...homes]
  const proxies = await Promise.all(platforms.map(({ url }) => startProxy(url, events)))
  const world = await readWorld(Object.values(provinces))
  const port = await freePort(dice)
  const url = `http://127.0.0.1:${port}`
  const upstream = platforms.map(({ platform }, index) => `${platform}=${proxies[index]!.url}`).join(',')
  const gateway = new Gateway(
    {
      ...GATEWAY,
      ZHIJIE_DATA: dataDir,
      ZHIJIE_PORT: String(port),
      ZHIJIE_UPSTREAM: upstream,
      NODE_COMPILE_CACHE: join(dataDir, 'compiled'),
    },
    dataDir,
  )
  let counters: Counters | null = null

  /** Resolves with true where the proxies saw the point before the time was over. */
  function seen(fits: Armed['fits'], delayMs = 0): Promise<boolean> {
    return new Promise((resolve) => {
      const act = () => {
        clearTimeout(timer)
        if (delayMs === 0) resolve(gateway.kill().then(() => true))
        else setTimeout(() => resolve(gateway.kill().then(() => true)), delayMs)
      }
      const timer = setTimeout(() => {
        armed = null
        resolve(false)
      }, POINT_MS)
      armed = { fits, hit: act }
    })
  }

  async function atRandom(mostMs: number): Promise<boolean> {
    await pause(dice.next() * mostMs)
    await gateway.kill()
    return true
  }

  async function whileIdle(): Promise<boolean> {
    const idle = await counters!.hold(BRING_ABOUT_MS)
    if (idle) await settleDown(url, POINT_MS, () => {})
    if (idle) await gateway.kill()
    counters!.letGo()
    return idle
  }

  /** Floods the journal with small entries, and kills in the checkpoint that this brings about. */
  async function inCheckpoint(): Promise<boolean> {
    let over = false
    const flood = Array.from({ length: FLOOD }, async () => {
      while (!over) {
        const headers = { 'content-type': 'application/json' }
        const call = fetch(`${url}/hss-call-service-interface`, { method: 'POST', headers, body: '{' })
        await call.then((answer) => answer.text()).catch(() => pause(5))
      }
    })
    const begun = await gateway.killInCheckpoint(BRING_ABOUT_MS)
    over = true
    await Promise.all(flood)
    return begun
  }

  /** Kills at a point. @returns where it hit, null where the point was not reached */
  async function strike(point: Point): Promise<Point | null> {
    if (point === 'start') {
      await pause(dice.next() * 0.7 * gateway.shortestStartMs)
      const hit = gateway.isReady ? 'random' : 'start'
      await gateway.kill()
      return hit
    }
    if (point === 'recovery') {
      const at = dice.pick(['onRequest', 'onForwarded', 'onReply', 'onPassed'] as const)
      const hit = await seen((event, { transaction }) => event === at && RECOVERING.has(transaction))
      return hit ? point : null
    }
    await gateway.ready
    if (point === 'idle') return (await whileIdle()) ? point : null
    if (point === 'checkpoint') return (await inCheckpoint()) ? point : null
    if (point === 'random') return (await atRandom(400)) ? point : null
    await pause(dice.next() * 60)
    const delayMs = point === 'before-outcome' ? dice.next() * 2 : 0
    const at = EVENT_OF[point]!
    const hit = await seen((event, { transaction }) => event === at && MONEY.has(transaction), delayMs)
    return hit ? point : null
  }

  try {
    await gateway.ready
    counters = new Counters(url, (number) => shortBill(dice, world, number))
    let kills = 0
    for (const point of planOf(dice)) {
      if (kills >= count) break
      const hit = await strike(point)
      gateway.check()
      if (!hit) continue
      byPoint[hit] += 1
      kills += 1
      options.onProgress?.(kills, hit)
    }
    await gateway.ready
    await counters.stop()
    const openLeft = await settleDown(url, SETTLE_MS, () => {})
    const { startMs } = gateway
    await gateway.stop()
    const compared = await compare(dataDir, platforms, counters.told)
    const sent = new Map<string, number>()
    for (const { transaction, message, forwarded } of proxies.flatMap((proxy) => proxy.seen)) {
      const key = `${transaction} ${message}`
      if (forwarded && MONEY.has(transaction)) sent.set(key, (sent.get(key) ?? 0) + 1)
    }
    return {
      ...compared,
      kills,
      unknownLeft: compared.unknownLeft + Math.abs(openLeft),
      byPoint,
      inCheckpoint: gateway.inCheckpoint,
      resent: [...sent.values()].filter((times) => times > 1).length,
      startMs: Math.round(startMs),
      seconds: Math.round((Date.now() - since) / 1000),
    }
  } finally {
    await gateway.stop()
    for (const proxy of proxies) await proxy.close()
    for (const platform of platforms) await platform.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Compares the journal with the books, and both with what the hospitals were told. */
async function compare(dataDir: string, platforms: readonly Platform[], told: readonly Told[]) {
  const database = openDatabaseForReading(databaseFile(dataDir))
  const rows = readJournalBook(database)
  const recovered = database.$client
    .prepare(
      `SELECT e.id, min(o.at) - e.at AS took FROM exchange e JOIN outcome o ON o.exchange = e.id
        WHERE o.state IN ('accepted', 'refused', 'reversed') AND e.key IS NOT NULL
          AND EXISTS (SELECT 1 FROM outcome u WHERE u.exchange = e.id AND u.state = 'unknown')
          AND e.kind IN ('settlement', 'cancellation') GROUP BY e.id`,
    )
    .all() as { took: number }[]
  database.$client.close()
  const books = (await Promise.all(
    platforms.map(async ({ url }) => (await fetch(`${url}/book`)).json()),
  )) as BookPage[]
  const agreed: Agreement = agreement(rows, books)
  const hospital = hospitalSide(books.slice(1), told)
  const differences = [
    ...agreed.differences.map(
      ({ kind, platform, message, text }) => `${kind} ${platform} ${message}: ${text}`,
    ),
    ...hospital.differences,
  ]
  const settles = (row: MoneyRow) => row.transaction === '2207' || row.transaction === '2304'
  return {
    settlements: rows.filter((row) => settles(row) && row.state === 'accepted').length,
    lost: agreed.lost + hospital.lost,
    doubled: agreed.doubled + hospital.doubled,
    unknownLeft: agreed.unknown,
    fenDifference: agreed.fenDifference,
    unknownOnce: recovered.length,
    longestRecoveryMs: Math.max(0, ...recovered.map(({ took }) => took)),
    differences,
  }
}

/** What hospitals were told must stand in the books of the insured places, and no visit may stand twice. */
function hospitalSide(books: readonly BookPage[], told: readonly Told[]) {
  const rows = books.flatMap((book) => book.settlements).filter((row) => row.state === 'settled')
  const standing = new Set(rows.map((row) => row.setl_id))
  const cancelled = new Set(rows.map((row) => row.init_setl_id))
  const missing = told.filter(({ transaction, settlement }) =>
    transaction === '2207' || transaction === '2304' ? !standing.has(settlement) : !cancelled.has(settlement),
  )
  const visits = new Map<string, number>()
  for (const row of rows) {
    visits.set(row.mdtrt_id, (visits.get(row.mdtrt_id) ?? 0) + (row.init_setl_id === null ? 1 : -1))
  }
  const twice = [...visits].filter(([, net]) => net > 1 || net < 0)
  return {
    lost: missing.length,
    doubled: twice.length,
    differences: [
      ...missing.map(({ transaction, settlement }) => `told ${transaction} ${settlement}, not in the book`),
      ...twice.map(([visit, net]) => `visit ${visit} stands ${net} times`),
    ],
  }
}
