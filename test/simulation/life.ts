/** One life of the gateway, from a start to the next crash: the core over simulated ports. */
import { createHash } from 'node:crypto'
import { createCodes } from '../../src/codes/codes.ts'
import { loadRegistry } from '../../src/extension/registry.ts'
import { restVoice } from '../../src/http/rest/voice.ts'
import { createJournal, type Journal } from '../../src/journal/journal.ts'
import { createIds } from '../../src/pipeline/ids.ts'
import { createRecovery, type Recovery } from '../../src/pipeline/recover.ts'
import type { Way } from '../../src/pipeline/trip.ts'
import { dialectVoice } from '../../src/pipeline/voice.ts'
import type { Clock } from '../../src/ports.ts'
import { createTransport, type Transport } from '../../src/transport/destinations.ts'
import { items, mapOf } from './catalogue.ts'
import type { Dice } from './dice.ts'
import { openDisk, type Platter, type SimulatedDisk } from './disk.ts'
import { DEADLINE_MS, QUERY_DEADLINE_MS } from './limits.ts'
import type { Model } from './model.ts'
import type { SimulatedNetwork } from './network.ts'
import { openPool } from './pool.ts'
import type { Timeline } from './timeline.ts'

/** The two hospitals of a run. Each has a code system of its own. */
export const HOSPITALS = [
  { code: 'H34010290001', area: '340102' },
  { code: 'H34020290001', area: '340202' },
] as const

const registry = await loadRegistry()
const BOOKS = ['area', 'institution', 'pharmacy', 'diagnosis']
/** The engine over the real areas, institutions and diagnoses, and over a small list of items that changes. */
export const codes = createCodes({
  codebooks: [...registry.codebooks.filter(({ id }) => BOOKS.includes(id)), items],
  maps: HOSPITALS.map(({ code }) => mapOf(code)),
})
/** The dialect that goes out. */
export const dialect = registry.dialects.find(({ id }) => id === '000000-national')!
/** Its voice. */
export const voice = dialectVoice(dialect)
const voices = new Map([
  [voice.id, voice],
  [restVoice.id, restVoice],
])

const ADDRESSES = Object.fromEntries(
  ['national', '620000', '430000', '340000'].map((platform) => [platform, platform]),
)

/** One life. */
export interface Life {
  alive: boolean
  open: boolean
  readonly disk: SimulatedDisk
  readonly journal: Journal
  readonly recovery: Recovery
  readonly transport: Transport
  readonly way: Way
  /** Callers that wait; hung up when it dies. */
  readonly waiting: Set<() => void>
}

/** What a life is made of and whom it tells. */
export interface Surroundings {
  readonly timeline: Timeline
  readonly dice: Dice
  readonly platter: Platter
  readonly network: SimulatedNetwork
  readonly model: Model
  /** A moment at which the gateway may die. */
  step(): void
  trace(line: string): void
}

/** Puts the core together, as `src/app.ts` does. */
export function born({ timeline, dice, platter, network, model, step, trace }: Surroundings): Life {
  const happened = (kind: string) => network.happened(kind)
  const disk = openDisk(platter, timeline, dice, step, happened)
  const clock: Clock = {
    now: () => timeline.now(),
    elapsed: () => timeline.elapsed(),
    after: (ms, callback) => timeline.after(ms, () => life.alive && callback()),
  }
  const journal = createJournal({ disk, clock })
  const random = { next: () => dice.next(), token: () => String(dice.next()) }
  const pool = openPool(timeline, network, {
    alive: () => life.alive,
    leaves(body) {
      trace(`leaves    ${named(body)}`)
      return model.leaves(body, disk.failed())
    },
    step,
  })
  const transport = noticing(createTransport(pool, ADDRESSES), model, timeline)
  const way: Way = {
    dialect,
    transport,
    clock,
    deadlineMs: DEADLINE_MS,
    queryDeadlineMs: QUERY_DEADLINE_MS,
    codes,
    journal,
    ids: createIds(clock, random),
    pseudonym: (text) => createHash('sha1').update(text).digest('base64url'),
    voices,
    watch: (exchange) => life.recovery.watch(exchange),
    fault(cause) {
      model.logs(cause)
      // Evidence that cannot be read is told and asked for again.
      if (!disk.failing() && !(cause instanceof RangeError)) model.fault(`fault: ${(cause as Error).stack}`)
    },
  }
  const recovery = createRecovery({ ...way, random, pauseMs: 500 })
  const waiting = new Set<() => void>()
  const life: Life = { alive: true, open: false, disk, journal, recovery, transport, way, waiting }
  return life
}

/** Tells the model of questions whose answer could be read: only these count as asked. */
function noticing(transport: Transport, model: Model, timeline: Timeline): Transport {
  return {
    ...transport,
    send: (destination, body, deadlineMs, read) =>
      transport.send(destination, body, deadlineMs, (bytes) => {
        const answer = read(bytes)
        if (!bytes.includes('E702')) model.asked(body, timeline.now())
        return answer
      }),
  }
}

/** A message in a trace: transaction, end of its id, visit, and what it undoes. */
export function named(bytes: Buffer | string): string {
  const { infno, msgid, input } = JSON.parse(bytes.toString())
  const node = input.data ?? input.feedetail ?? input.mdtrtinfo ?? input.dscginfo
  const { mdtrt_id = '', omsgid = '' } = Array.isArray(node) ? node[0] : node
  return `${infno} …${msgid.slice(-6)} ${mdtrt_id}${omsgid && `undoes …${omsgid.slice(-6)}`}`
}
