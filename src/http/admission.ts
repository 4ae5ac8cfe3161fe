/**
 * Whether there is time for one more request. What a loop cannot work off waits in it, with everything that was let in
 * before: at twice the capacity without a door, every answer came too late. So whoever comes while the loop is late is told
 * at once, before the body is read, and what was let in goes its way in time.
 *
 * Late means within the present turn: a turn begins with what has arrived, so one that took long through something else
 * turns nobody away, and one that takes in too much ends.
 */
import type { IncomingMessage } from 'node:http'
import type { EventLoop } from '../event-loop.ts'
import type { Log } from '../log.ts'
import type { Clock } from '../ports.ts'

/** Up to so many requests under way there is no overload, however slow the machine: they end one another's wait. */
const UNDER_WAY_MIN = 100
/**
 * So many wait for this process (and not for a platform) if the loop has no time left; more of them only wait longer, and
 * what lives long in memory costs more to collect: with 2,000 under way a settlement took twice the CPU.
 */
const OWN_MAX = 256
/**
 * How late a turn may be, once turns have been late for `SUSTAINED_MS`; before that, for a burst. One pause (a collection of
 * garbage, another process on the core) is no overload.
 */
const LATE_MS = 40
const BURST_MS = 500
const SUSTAINED_MS = 400
/**
 * Of everybody so many a turn are let in even then, that one hospital's flood is not the refusal of another's only
 * question; all together so many, and none in a turn that is hopeless.
 */
const PARTY_MAX = 2
const PARTIES_MAX = 32
const HOPELESS_MS = 500
/** Pause between two notes. */
const NOTE_MS = 60_000

/** Of so many requests a late turn it is looked up whose they are: that costs more than turning away. */
const LOOKS_MAX = 256

/** What it works with. */
export interface AdmissionPorts {
  readonly clock: Pick<Clock, 'elapsed'>
  readonly loop: EventLoop
  /** Calls that wait for a platform: no work of this process. Default: none. */
  readonly atPlatforms?: () => number
  /** Who asks, as far as the head of a request tells; one name for all who are nobody. */
  partyOf(incoming: IncomingMessage): string
  readonly log: Pick<Log, 'warn'>
}

/** A door's judgement of its own time. */
export class Admission {
  readonly #ports: AdmissionPorts
  #beat = -1
  #extra = 0
  /** Those let in by party, in this turn. */
  readonly #parties = new Map<string, number>()
  #looks = 0
  #turnedAway = 0
  #notedAt = Number.NEGATIVE_INFINITY
  #underWay = 0
  /** Of them those that are being turned away: their bodies are still read past. */
  #leaving = 0

  constructor(ports: AdmissionPorts) {
    this.#ports = ports
  }

  /** Requests under way, the one that is judged among them. */
  get underWay(): number {
    return this.#underWay
  }

  /** A request has come. */
  enter(): void {
    this.#underWay += 1
    this.#ports.loop.enter()
  }

  /** One was answered. */
  leave(): void {
    this.#ports.loop.leave()
    this.#underWay -= 1
  }

  /** Requests turned away since the start. */
  get turnedAway(): number {
    return this.#turnedAway
  }

  /**
   * Whether a request may come in. Where the loop is in time that costs one look at the clock.
   *
   * @param isUrgent heard in a late turn as well, unless it is hopeless
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

  /** Turns a request away that `admits` has refused. @param answer resolves when nothing of it is left */
  async turnAway(answer: () => Promise<void>): Promise<void> {
    this.#turnedAway += 1
    this.#leaving += 1
    this.#note(this.#ports.clock.elapsed())
    await answer().finally(() => {
      this.#leaving -= 1
    })
  }

  /** What is turned away by the thousand is noted once a minute. */
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
