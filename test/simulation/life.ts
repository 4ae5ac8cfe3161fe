/** One life of the gateway, from a start to the next crash: the core over simulated ports. */
import { createHash } from 'node:crypto'
import { createCodes } from '../../src/codes/codes.ts'
import { fixedCodes } from '../../src/codes/live/hot-reload.ts'
import type { Message } from '../../src/extension/dialect.ts'
import { loadRegistry } from '../../src/extension/registry.ts'
import { createRestFormat } from '../../src/http/rest/answer-format.ts'
import type { Disk } from '../../src/journal/embedded/disk.ts'
import { createEmbeddedEngine } from '../../src/journal/embedded/embedded-engine.ts'
import type { JournalEngine } from '../../src/journal/engine.ts'
import { emptyBits, filterOf } from '../../src/journal/index/bloom-filter.ts'
import { fillFilter } from '../../src/journal/index/bloom-filter-file.ts'
import { askFiltered, fillFiltered } from '../../src/journal/index/filtered-index.ts'
import { inProcessIndexer } from '../../src/journal/index/indexer.ts'
import { createJournal, type Journal } from '../../src/journal/journal.ts'
import { openSegmentDisk } from '../../src/journal/segment/segment-disk.ts'
import { startJournal } from '../../src/journal/segment/start.ts'
import { dialectFormat } from '../../src/pipeline/answer-format.ts'
import type { Services } from '../../src/pipeline/context.ts'
import { createIds } from '../../src/pipeline/ids.ts'
import { createInstitutionDirectory } from '../../src/pipeline/institution-directory.ts'
import { probeOf } from '../../src/pipeline/probe.ts'
import { createRecovery, type Recovery } from '../../src/pipeline/recovery/recover.ts'
import type { Clock } from '../../src/ports.ts'
import { createTransport, type Transport } from '../../src/transport/transport.ts'
import { items, mapOf } from './catalogue.ts'
import type { Dice } from './dice.ts'
import type { SimulatedFiles } from './files.ts'
import type { LateIndex } from './late-index.ts'
import { DEADLINE_MS, QUERY_DEADLINE_MS } from './limits.ts'
import type { Model } from './model.ts'
import type { SimulatedNetwork } from './network.ts'
import { seal } from './platter.ts'
import { openPool } from './pool.ts'
import type { Timeline } from './timeline.ts'

/** The two hospitals of a run. Each has a code system of its own. */
export const HOSPITALS = [
  { code: 'H34010290001', area: '340102' },
  { code: 'H34020290001', area: '340202' },
] as const

/** The pharmacy of a run, with a code system of its own. */
export const PHARMACY = { code: 'P34010490001', area: '340104' } as const

const registry = await loadRegistry()
const BOOKS = ['area', 'institution', 'pharmacy', 'diagnosis']
/** The engine over the real areas, institutions and diagnoses, and over a small list of items that changes. */
export const codes = fixedCodes(
  createCodes({
    codebooks: [...registry.codebooks.filter(({ id }) => BOOKS.includes(id)), items],
    maps: [...HOSPITALS, PHARMACY].map(({ code }) => mapOf(code)),
  }),
)
/** The dialect that goes out. */
export const dialect = registry.dialects.find(({ id }) => id === '000000-national')!
/** Its format. */
export const format = dialectFormat(dialect)
const restFormat = createRestFormat(dialect.catalogue)
const formats = new Map([
  [format.id, format],
  [restFormat.id, restFormat],
])

const ADDRESSES = Object.fromEntries(
  ['national', '620000', '430000', '340000'].map((platform) => [platform, platform]),
)

/** One life. */
export interface Life {
  alive: boolean
  open: boolean
  /** Whether what the journal stands on fails. */
  failing(): boolean
  /** Whether a commit has failed, so that the core knows. */
  failed: boolean
  readonly journal: Journal
  readonly recovery: Recovery
  readonly transport: Transport
  readonly services: Services
  /** Callers that wait; hung up when it dies. */
  readonly waiting: Set<() => void>
}

/** What a life is made of and whom it tells. */
export interface Surroundings {
  readonly timeline: Timeline
  readonly dice: Dice
  readonly network: SimulatedNetwork
  readonly model: Model
  /** Opens what the journal stands on. @param failed told when a commit has failed */
  engine(clock: Clock, failed: () => void): Promise<JournalEngine>
  /** Whether that fails. */
  failing(): boolean
  /** Whether the machine still runs. */
  powered(): boolean
  /** Whether an operator has switched recovery off. */
  paused(): boolean
  /** Names of the workers that recover over the one journal. */
  readonly workers: readonly string[]
  /** A moment at which the gateway may die. */
  step(): void
  trace(line: string): void
}

/** What the embedded engine of a life stands on. */
export interface Embedded {
  readonly dice: Dice
  readonly files: SimulatedFiles
  readonly index: LateIndex
  readonly segmentBytes: number
  trace(line: string): void
}

/** The indexer is behind by some milliseconds, now and then by seconds. */
const behindMs = (dice: Dice) => (dice.chance(0.1) ? dice.between(100, 4_000) : dice.next() * 20)

/** Small, so that a run fills it, and noted often, so that a crash meets it. */
const FILTER_BYTES = 512
const FILTER_NOTE_RECORDS = 8

/** Starts the journal and opens its engine. @throws where the journal is not whole */
export async function embedded(
  { dice, files, index, segmentBytes, trace }: Embedded,
  clock: Clock,
  failed: () => void,
): Promise<JournalEngine> {
  const filter = filterOf(emptyBits(FILTER_BYTES))
  fillFilter(files, index.present, filter)
  const filled = fillFiltered(index.present, filter, files, FILTER_NOTE_RECORDS)
  const ports = { files, index: filled, now: clock.now }
  const end = await startJournal({ ...ports, segmentBytes, tell: trace })
  const soon = (work: () => void) => void clock.after(behindMs(dice), work)
  const openIndexer = inProcessIndexer({ ...ports, soon })
  const disk = await openSegmentDisk(
    { files, index: askFiltered(index.present, filter), openIndexer, seal, clock, segmentBytes },
    end,
  )
  const commit: Disk['commit'] = (batch) =>
    disk.commit(batch).catch((cause: unknown) => {
      failed()
      throw cause
    })
  return createEmbeddedEngine({ disk: { ...disk, commit }, clock })
}

const pseudonym = (text: string) => createHash('sha1').update(text).digest('base64url')

/** Puts the core together, as `src/app.ts` does. @throws where the journal is not whole */
export async function born(surroundings: Surroundings): Promise<Life> {
  const { timeline, dice, network, model, powered, paused, failing, step, trace } = surroundings
  const clock: Clock = {
    now: () => timeline.now(),
    elapsed: () => timeline.elapsed(),
    after: (ms, callback) => timeline.after(ms, () => powered() && callback()),
  }
  const engine = await surroundings.engine(clock, () => {
    life.failed = true
  })
  const journal = createJournal({ engine, clock })
  const random = { next: () => dice.next(), token: () => String(dice.next()) }
  const pool = openPool(timeline, network, {
    alive: powered,
    leaves(body) {
      trace(`leaves    ${named(body)}`)
      const back = model.departures.goesTo(body, transport.status(), timeline.elapsed())
      const ended = model.departures.leaves(body, life.failed, paused())
      return (how, isAnswered) => {
        back(isAnswered, timeline.elapsed())
        ended(how)
      }
    },
    step,
  })
  const ids = createIds(clock, random)
  const probe = (message: Message) => probeOf({ dialect, ids, clock }, message)
  const ports = { network: pool, clock, random, addresses: ADDRESSES, probe }
  const transport = noticing(createTransport(ports), model, timeline)
  const services: Services = {
    dialect,
    transport,
    clock,
    deadlineMs: DEADLINE_MS,
    queryDeadlineMs: QUERY_DEADLINE_MS,
    codes,
    journal,
    ids,
    pseudonym,
    bodyHash: (head, body) => pseudonym(head + Buffer.from(body).toString()),
    directory: createInstitutionDirectory(),
    formats,
    trackUnknown: (exchange) => life.recovery.watch(exchange),
    observe: () => {},
    reportFault(cause) {
      model.logs(cause)
      // Evidence that cannot be read is told and asked for again.
      if (!failing() && !(cause instanceof RangeError)) model.fault(`fault: ${(cause as Error).stack}`)
    },
  }
  const worker = { ...services, random, pauseMs: 500, paused: paused() }
  const recovery = together(surroundings.workers.map((name) => createRecovery({ ...worker, name })))
  const waiting = new Set<() => void>()
  const life: Life = {
    alive: true,
    open: false,
    failed: false,
    ...{ failing, journal, recovery, transport, services, waiting },
  }
  return life
}

/** Several workers as one: each takes up everything. */
function together(workers: readonly Recovery[]): Recovery {
  const first = workers[0]!
  return {
    watch(exchange) {
      for (const worker of workers) worker.watch(exchange)
    },
    cases: async () => (await Promise.all(workers.map((worker) => worker.cases()))).flat(),
    hasten: () => false,
    shown: async (rows) => (await Promise.all(workers.map((worker) => worker.shown(rows)))).flat(),
    pause(paused) {
      for (const worker of workers) worker.pause(paused)
    },
    isPaused: first.isPaused,
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()))
    },
  }
}

/** Tells the model of questions whose answer could be read: only these count as asked. */
function noticing(transport: Transport, model: Model, timeline: Timeline): Transport {
  return {
    ...transport,
    send: (sending, read) =>
      transport.send(sending, (bytes) => {
        const answer = read(bytes)
        if (!bytes.includes('E702')) model.departures.asked(sending.body, timeline.now())
        return answer
      }),
  }
}

/** A message in a trace: transaction, end of its id, visit, and what it undoes. */
export function named(bytes: Buffer | string): string {
  const { infno, msgid, input } = JSON.parse(bytes.toString())
  const visit = input.mdtrtinfo ?? input.dscginfo ?? input.druginfo
  const node = input.data ?? input.feedetail ?? visit ?? input.selinfo ?? input.selinfoDetail ?? input
  const one = Array.isArray(node) ? node[0] : node
  const { omsgid = '', mdtrt_id = one.mdtrt_regno ?? one.payOrdId ?? '' } = one
  return `${infno} …${msgid.slice(-6)} ${mdtrt_id}${omsgid && `undoes …${omsgid.slice(-6)}`}`
}
