/** One platform put together: its book, its handlers, its HTTP. */
import { mkdirSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { parseArea } from '../domain/area.ts'
import type { Instant } from '../domain/day.ts'
import type { Codebook } from '../extension/codebook.ts'
import { seededRandom } from '../seeded-random.ts'
import { nationalBook, peoplePage, provinceBook } from './admin.ts'
import { Book } from './book.ts'
import { type ItemOf, itemByShape } from './catalogue.ts'
import { drawDelay, type EngineDelay, FAST_ENGINE, wait } from './delay.ts'
import { FaultBox } from './faults.ts'
import { applyFor } from './filing.ts'
import { takeNotices } from './mobile-payment.ts'
import { nationalAnswerer } from './national.ts'
import { NationalBook } from './national-book.ts'
import { PEOPLE_SEED, peopleOf } from './people.ts'
import { type LevelOf, levelByCode, type Province } from './province.ts'
import { REGIONS } from './region.ts'
import { Route } from './route.ts'
import { createServerApp, listen, type Served } from './server.ts'
import { provinceAnswerer } from './transactions.ts'

/** How long the national platform waits for a province (docs/facts/cross-region.md, Time limits). */
const NATIONAL_DEADLINE_MS = 15_000

/** Settings of one platform. */
export interface PlatformOptions {
  /** `national`, or one of `PROVINCES`. */
  readonly platform: string
  /** Books lie in `simulator/` below it; `:memory:` keeps nothing. */
  readonly dataDir: string
  /** 0 for any that is free. */
  readonly port?: number
  /** Addresses of the provinces by code, for the national platform. */
  readonly provinces?: Readonly<Record<string, string>>
  readonly nationalDeadlineMs?: number
  readonly engineDelay?: EngineDelay
  readonly peopleCount?: number
  /** Seed of delays and faults. */
  readonly seed?: number
  readonly now?: () => Instant
  readonly itemOf?: ItemOf
  readonly levelOf?: LevelOf
  /** The national tables that it gives away; absent: none. */
  readonly codebooks?: readonly Codebook[]
  /** What `GET /people` shows besides the people: institutions, items and diagnoses that messages may name. */
  readonly samplesOf?: (province: string) => Readonly<Record<string, unknown>>
}

/** A platform that listens. */
export interface Platform {
  readonly platform: string
  readonly url: string
  readonly port: number
  /** The same without a socket, for tests. */
  readonly app: Hono<never>
  close(): Promise<void>
}

interface Assembled {
  readonly served: Served
  readonly close: () => Promise<void>
}

function pathOf({ dataDir, platform }: PlatformOptions): string {
  if (dataDir === ':memory:') return dataDir
  const folder = join(dataDir, 'simulator')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return join(folder, `${platform}.sqlite`)
}

const systemNow = () => Date.now() as Instant

function assembleNational(options: PlatformOptions, faults: FaultBox): Assembled {
  const now = options.now ?? systemNow
  const deadlineMs = options.nationalDeadlineMs ?? NATIONAL_DEADLINE_MS
  const routes = new Map(
    Object.entries(options.provinces ?? {}).map(([code, url]) => [code, new Route(url, deadlineMs, now)]),
  )
  const book = new NationalBook(pathOf(options))
  const answer = nationalAnswerer({ book, routes, now })
  return {
    served: { platform: 'national', area: '100000', faults, now, answer, book: () => nationalBook(book) },
    close: async () => {
      await Promise.all([...routes.values()].map((route) => route.close()))
      book.store.close()
    },
  }
}

function assembleProvince(options: PlatformOptions, faults: FaultBox): Assembled {
  const region = REGIONS[options.platform]
  if (!region) throw new Error(`No such platform: ${options.platform}`)
  const now = options.now ?? systemNow
  const book = new Book(pathOf(options))
  const province: Province = {
    code: parseArea(options.platform),
    region,
    book,
    people: new Map(
      peopleOf(options.platform, options.peopleCount, PEOPLE_SEED).map((person) => [person.number, person]),
    ),
    itemOf: options.itemOf ?? itemByShape,
    levelOf: options.levelOf ?? levelByCode,
    now,
    orderFaults: faults,
    leavesUnpaid: () => faults.takeUnpaid(),
  }
  const answerOnce = provinceAnswerer(province, options.codebooks)
  const next = seededRandom((options.seed ?? 1) + Number(options.platform))
  const delay = options.engineDelay ?? FAST_ENGINE
  const served: Served = {
    platform: options.platform,
    area: options.platform,
    faults,
    now,
    answer: async (message, receivedAt) => {
      await wait(drawDelay(delay, next))
      return answerOnce(message, receivedAt)
    },
    book: () => provinceBook(options.platform, book),
    notices: () => book.store.atomically(() => takeNotices(province)),
    people: () => ({ ...peoplePage(province), ...options.samplesOf?.(options.platform) }),
    apply: (asked) => book.store.atomically(() => applyFor(province, asked)),
  }
  return { served, close: async () => book.store.close() }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/**
 * Starts one platform in this process.
 *
 * @throws {Error} if the platform is none or its port is taken
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const faults = new FaultBox(seededRandom(options.seed ?? 1))
  const { served, close } =
    options.platform === 'national' ? assembleNational(options, faults) : assembleProvince(options, faults)
  const app = createServerApp(served)
  try {
    const { server, port } = await listen(app, options.port ?? 0)
    return {
      platform: options.platform,
      url: `http://127.0.0.1:${port}`,
      port,
      app: app as unknown as Hono<never>,
      close: async () => {
        await closed(server)
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}
