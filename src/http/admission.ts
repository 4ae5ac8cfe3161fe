/**
 * Admission control by event-loop lag. A request that the loop cannot process in time waits behind everything
 * admitted earlier: at twice the capacity without this control, every answer came too late. While the loop is late,
 * new requests are therefore refused at once, before their body is read, and admitted ones finish in time.
 *
 * Lag is measured within the current turn, which begins with the requests that have arrived: a turn that was slow for
 * another reason refuses nobody, and a turn that takes in too much is cut short.
 */
import type { IncomingMessage } from 'node:http'
import type { EventLoop } from '../event-loop.ts'
import type { Log } from '../log.ts'
import type { Clock } from '../ports.ts'

/** Up to this many requests in flight there is no overload, however slow the machine. */
const UNDER_WAY_MIN = 100
/**
 * Maximum requests waiting for this process (not for a platform) while the loop is late. More would only wait longer,
 * and long-lived objects are expensive to collect: with 2,000 in flight a settlement took twice the CPU.
 */
const OWN_MAX = 256
/**
 * Maximum lag of a turn once turns have been late for `SUSTAINED_MS`; before that, for a burst. A single pause
 * (garbage collection, another process on the core) is no overload.
 */
const LATE_MS = 40
const BURST_MS = 500
const SUSTAINED_MS = 400
/**
 * Requests of each party admitted in a late turn nevertheless, so that a flood from one hospital does not refuse
 * another's only query; a limit for all parties together, and none in a hopeless turn.
 */
const PARTY_MAX = 2
const PARTIES_MAX = 32
const HOPELESS_MS = 500
/** Minimum interval between two log entries. */
const NOTE_MS = 60_000

/** Requests of a late turn whose party is looked up, which costs more than refusing them. */
const LOOKS_MAX = 256

/** Dependencies. */
export interface AdmissionPorts {
  readonly clock: Pick<Clock, 'elapsed'>
  readonly loop: EventLoop
  /** Calls waiting for a platform, which are no load of this process. Default: none. */
  readonly atPlatforms?: () => number
  /** The calling party, as far as the request head tells; one name for all unidentified ones. */
  partyOf(incoming: IncomingMessage): string
  readonly log: Pick<Log, 'warn'>
}

/** Admission control of one process. */
export class Admission {
  readonly #ports: AdmissionPorts
  #beat = -1
  #extra = 0
  /** Requests admitted per party in this turn. */
  readonly #parties = new Map<string, number>()
  #looks = 0
  #turnedAway = 0
  #notedAt = Number.NEGATIVE_INFINITY
  #underWay = 0
  /** Of them, those being refused: their bodies are still being drained. */
  #leaving = 0

  constructor(ports: AdmissionPorts) {
    this.#ports = ports
  }

  /** Requests in flight, including the one being judged. */
  get underWay(): number {
    return this.#underWay
  }

  /** A request has arrived. */
  enter(): void {
    this.#underWay += 1
    this.#ports.loop.enter()
  }

  /** A request was answered. */
  leave(): void {
    this.#ports.loop.leave()
    this.#underWay -= 1
  }

  /** Requests refused since the start. */
  get turnedAway(): number {
    return this.#turnedAway
  }

  /**
   * Whether a request is admitted. Costs one look at the clock while the loop is in time.
   *
   * @param isUrgent admitted even in a late turn, unless it is hopeless
   */
  admits(incoming: IncomingMessage, isUrgent = false): boolean {
    const present = this.#underWay - this.#leaving
    if (present <= UNDER_WAY_MIN) return true
    const { clock, loop, atPlatforms } = this.#ports
    const now = clock.elapsed()
    const lateMs = loop.lateMs(now)
    const isLate = lateMs > (loop.delayedMs(now) > SUSTAINED_MS ? LATE_MS : BURST_MS)
    if (!isLate && !(present > OWN_MAX && loop.isSaturated && present - (atPlatforms?.() ?? 0) > OWN_MAX))
      return true
    return lateMs <= HOPELESS_MS && (isUrgent || this.#hasTurn(incoming))
  }

  /** Refuses a request that `admits` did not admit. @param answer resolves when the request is done */
  async turnAway(answer: () => Promise<void>): Promise<void> {
    this.#turnedAway += 1
    this.#leaving += 1
    this.#note(this.#ports.clock.elapsed())
    await answer().finally(() => {
      this.#leaving -= 1
    })
  }

  /** Logs mass refusals at most once a minute. */
  #note(now: number): void {
    if (now - this.#notedAt < NOTE_MS) return
    this.#notedAt = now
    this.#ports.log.warn({ turnedAway: this.#turnedAway }, 'overloaded')
  }

  #hasTurn(incoming: IncomingMessage): boolean {
    const { beats } = this.#ports.loop
    if (beats !== this.#beat) {
      this.#beat = beats
      this.#extra = 0
      this.#looks = 0
      this.#parties.clear()
    }
    this.#looks += 1
    if (this.#extra >= PARTIES_MAX || this.#looks > LOOKS_MAX) return false
    const party = this.#ports.partyOf(incoming)
    const had = this.#parties.get(party) ?? 0
    if (had >= PARTY_MAX) return false
    this.#extra += 1
    this.#parties.set(party, had + 1)
    return true
  }
}
