/**
 * The journal: append-only, and the judge of keys. Nothing leaves before `begin` has resolved, nothing is answered before
 * `record` has. The same key with the same body gives the stored answer; with another body it is a conflict.
 */
import type { Instant } from '../domain/day.ts'
import { GatewayError } from '../domain/problems.ts'
import type { Clock } from '../ports.ts'
import type { Disk, ExchangeEntry, OutcomeEntry, Remembered } from './entry.ts'
import { createGroupCommit } from './group-commit.ts'
import { createLeases, type Lease, type Leases } from './leases.ts'
import { after, type Event, isFinal, type State } from './life.ts'
import { PassingMap } from './passing-map.ts'

/** What `begin` found: a fresh exchange to carry out, or what there already is under this key. */
export type Begun =
  | { readonly is: 'fresh'; readonly exchange: ExchangeEntry }
  | { readonly is: 'known'; readonly known: Remembered }

/** An exchange before it has its number. */
export type Intent = Omit<ExchangeEntry, 'id'>

/** The journal. */
export interface Journal {
  /**
   * Makes an intent durable, or finds what stands under its key.
   *
   * @throws {GatewayError} key-conflict, key-in-flight, encounter-busy, journal-down
   */
  begin(intent: Intent): Promise<Begun>
  /**
   * Writes an exchange that ends where it starts, with one write: rejected by the gateway, or `unsent` and to be tried
   * again under its key. Durable when resolved.
   *
   * @returns what already stands under the key with the same body, instead of writing again; else null
   * @throws {GatewayError} journal-down, and encounter-busy for what is `unsent`
   */
  reject(
    intent: Intent,
    outcome: Omit<OutcomeEntry, 'exchange' | 'state'>,
    state?: 'rejected' | 'unsent',
  ): Promise<Remembered | null>
  /** Notes a question and its outcome; nobody waits for it. */
  note(intent: Intent, outcome: Omit<OutcomeEntry, 'exchange'>): void
  /**
   * Takes an exchange from one state to the next by the table of its life. Durable when resolved.
   *
   * @param lease of whoever works on an open exchange; the counter's own way has none
   * @throws {StaleState} where the exchange is in another state by now: whoever asked must look again
   * @throws {LeaseLost} where someone else may be at work on it by now
   */
  record(exchange: ExchangeEntry, from: State, event: Event, outcome: Outcome, lease?: Lease): Promise<State>
  /** Who works on which open exchange. */
  readonly leases: Leases
  /** Another exchange of this institution by message id and transaction. */
  byMessage(institution: string, message: string, transaction: string): Remembered | null
  byKey(key: string): Remembered | null
  byId(id: number): Remembered | null
  institutionOf(encounter: string): string | null
  /** The exchange that opened an encounter. */
  opening(encounter: string): Remembered | null
  laneOfSettlement(settlement: string): string | null
  unresolved(): readonly Remembered[]
  /** Takes the exchanges that a former run left open as unknown. Called once, before the door opens. */
  recover(): Promise<readonly Remembered[]>
  /**
   * Resolves when the tables hold everything that is durable by now. To be awaited before they are read.
   *
   * @throws {GatewayError} journal-down
   */
  indexed(): Promise<void>
  /** Whether a message is being handled under this key just now. */
  inFlight(key: string): boolean
  /** Whether the journal can be written. */
  writable(): boolean
  close(): Promise<void>
}

/** The intent of a request of which nothing could be read. */
export function anonymousIntent(voice: string, at: Instant): Intent {
  const nothing = { key: null, caller: null, institution: null, transaction: null, kind: null, message: null }
  const nowhere = { lane: null, treatmentArea: null, insuredArea: null, destination: null, encounter: null }
  const noBody = { settlement: null, original: null, person: null, day: null, bodyHash: null }
  return { ...nothing, ...nowhere, ...noBody, voice, evidence: null, mapped: null, sealed: null, at }
}

/** An outcome before the journal gives it its exchange, state and time. */
export type Outcome = Omit<OutcomeEntry, 'exchange' | 'state' | 'at'>

/** Someone else has taken the exchange further in the meantime. */
export class StaleState extends Error {
  override readonly name = 'StaleState'

  constructor(from: State, present: State) {
    super(`The message is ${present}, not ${from}`)
  }
}

/** What the journal stands on. */
export interface JournalPorts {
  readonly disk: Disk
  readonly clock: Clock
  /** Resolves when everything that has come in just now has been looked at; at once where it is absent. */
  turn?(): Promise<void>
}

/** Opens the journal over a disk. */
export function createJournal({ disk, clock, turn }: JournalPorts): Journal {
  const commits = createGroupCommit((batch) => disk.commit(batch), turn)
  /** Keys in flight in this process, with the hash of their body. */
  const inFlight = new PassingMap<string, string | null>()
  /** Encounters whose money has no final outcome yet → the exchange that holds them. */
  const busy = new PassingMap<string, number>()
  /** States that are on their way to the disk. */
  const pending = new PassingMap<number, State>()
  let lastId = disk.lastId()

  function journalDown(cause: unknown): GatewayError {
    return new GatewayError(
      'journal-down',
      'journal',
      '流水账无法写入，结算暂停办理，未向平台发送',
      {},
      cause,
    )
  }

  function number(intent: Intent): ExchangeEntry {
    lastId += 1
    return { ...intent, id: lastId }
  }

  function holds(
    exchange: Pick<ExchangeEntry, 'kind' | 'encounter'>,
  ): exchange is { kind: 'settlement'; encounter: string } {
    return exchange.encounter !== null && (exchange.kind === 'settlement' || exchange.kind === 'cancellation')
  }

  function release(exchange: ExchangeEntry): void {
    if (exchange.encounter && busy.get(exchange.encounter) === exchange.id) busy.delete(exchange.encounter)
  }

  function known(intent: Intent): Remembered | null {
    const key = intent.key!
    if (inFlight.has(key)) {
      const same = inFlight.get(key) === intent.bodyHash
      throw same
        ? new GatewayError('key-in-flight', 'journal', '同一报文正在处理，请稍后用同一报文ID重发')
        : conflict()
    }
    const found = disk.byKey(key)
    if (found && found.exchange.bodyHash !== intent.bodyHash) throw conflict()
    return found
  }

  function refuseBusy(intent: Intent): void {
    if (holds(intent) && busy.has(intent.encounter)) {
      throw new GatewayError('encounter-busy', 'journal', '该就诊另有一笔结算或撤销结果未明，请先查询其结果')
    }
  }

  async function start(intent: Intent, found: Remembered | null): Promise<Begun> {
    refuseBusy(intent)
    const exchange = found?.exchange ?? number(intent)
    if (holds(exchange)) busy.set(exchange.encounter, exchange.id)
    try {
      // An exchange without an outcome is open: only a further try has to say so.
      await commits.write(found ? { outcome: againOf(found) } : { exchange })
    } catch (cause) {
      release(exchange)
      throw journalDown(cause)
    }
    return { is: 'fresh', exchange }
  }

  const againOf = ({ exchange, state }: Remembered): OutcomeEntry => ({
    exchange: exchange.id,
    state: after(state, 'try-again'),
    at: clock.now(),
  })

  return {
    async begin(intent) {
      if (commits.failure()) throw journalDown(commits.failure())
      const found = known(intent)
      // The message of an archived exchange is gone, so its key is never tried again, not even where nothing was sent.
      if (found && (found.state !== 'unsent' || found.archived)) return { is: 'known', known: found }
      inFlight.set(intent.key!, intent.bodyHash)
      try {
        return await start(intent, found)
      } catch (cause) {
        inFlight.delete(intent.key!)
        throw cause
      }
    },
    async reject(intent, outcome, state = 'rejected') {
      const { key } = intent
      const found = key === null || inFlight.has(key) ? null : disk.byKey(key)
      const answered = found && (found.reply || found.archived)
      if (answered && found.exchange.bodyHash === intent.bodyHash) return found
      if (state === 'unsent') refuseBusy(intent)
      const claims = key !== null && found === null && !inFlight.has(key)
      const exchange = number(claims ? intent : { ...intent, key: null })
      if (claims) inFlight.set(key, intent.bodyHash)
      try {
        await commits.write({ exchange, outcome: { ...outcome, exchange: exchange.id, state } })
        return null
      } catch (cause) {
        throw journalDown(cause)
      } finally {
        if (claims) inFlight.delete(key)
      }
    },
    note(intent, outcome) {
      const exchange = number({ ...intent, key: null })
      const told = { ...named(exchange, outcome), exchange: exchange.id }
      commits.write({ exchange, outcome: told }).catch(() => {
        // A lost note loses no money; the failed journal itself is told by `writable` and at the next intent.
      })
    },
    leases: createLeases(clock),
    async record(exchange, from, event, outcome, lease) {
      lease?.check()
      // A message in flight in this process is open; only another message's reversal could say otherwise, and waits.
      const inHand = from === 'open' && exchange.key !== null && inFlight.has(exchange.key)
      const present = pending.get(exchange.id) ?? (inHand ? 'open' : disk.byId(exchange.id)?.state)
      if (present !== undefined && present !== from) throw new StaleState(from, present)
      const state = after(from, event)
      pending.set(exchange.id, state)
      try {
        const told = { ...named(exchange, outcome), exchange: exchange.id, state, at: clock.now() }
        await commits.write({ outcome: told })
      } finally {
        if (pending.get(exchange.id) === state) pending.delete(exchange.id)
      }
      if (exchange.key) inFlight.delete(exchange.key)
      if (isFinal(state) || state === 'unsent') release(exchange)
      return state
    },
    byMessage: (institution, message, transaction) => disk.byMessage(institution, message, transaction),
    byKey: (key) => disk.byKey(key),
    byId: (id) => disk.byId(id),
    institutionOf: (encounter) => disk.institutionOf(encounter),
    opening: (encounter) => disk.opening(encounter),
    laneOfSettlement: (settlement) => disk.laneOfSettlement(settlement),
    unresolved: () => disk.unresolved(),
    async recover() {
      const left = disk.unresolved()
      for (const { exchange, state } of left) {
        if (holds(exchange)) busy.set(exchange.encounter, exchange.id)
        if (state === 'open') {
          const told = '网关重启前已发出，结果未知'
          const outcome = {
            exchange: exchange.id,
            state: after('open', 'no-answer'),
            at: clock.now(),
            hop: 'gateway',
            told,
          }
          await commits.write({ outcome })
        }
      }
      return disk.unresolved()
    },
    async indexed() {
      await disk.indexed().catch((cause) => {
        throw journalDown(cause)
      })
    },
    inFlight: (key) => inFlight.has(key),
    writable: () => commits.failure() === null,
    async close() {
      await commits.idle()
      await disk.close()
    },
  }
}

/** An outcome names an encounter only where its exchange does not: then it has opened it. */
function named<Told extends { readonly encounter?: string | null }>(
  exchange: ExchangeEntry,
  outcome: Told,
): Told {
  return exchange.encounter === null ? outcome : { ...outcome, encounter: null }
}

function conflict(): GatewayError {
  return new GatewayError('key-conflict', 'journal', '该报文ID已用于内容不同的报文，请换用新的报文ID')
}
