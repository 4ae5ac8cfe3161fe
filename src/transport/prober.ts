/**
 * Probes a destination whose breaker is open. A probe is a question of our own that changes nothing and concerns nobody, so
 * that no settlement of a patient is the trial. One at a time, with exponential backoff.
 */
import { backoffMs, jittered } from '../backoff.ts'
import type { Instant } from '../domain/day.ts'
import type { Message } from '../extension/dialect.ts'
import type { Clock, Random } from '../ports.ts'
import type { Heard, Network } from './network.ts'

/** One probe. */
export interface Probe {
  readonly body: Buffer
  /** Names and values by turns, the type of the body among them; absent: JSON. */
  readonly headers?: () => readonly string[]
  /** Throws if the answer does not show that the destination is back. */
  read(answer: Buffer, heard?: Heard): void
}

/** What a prober needs. */
export interface ProberPorts {
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly url: string
  /** Makes a probe with the head of a message to that destination. */
  probe(message: Message): Probe
  /** Milliseconds after which an answer of this destination is late. */
  lateMs(): number
  /** The destination has answered. */
  up(): void
}

/** Backoff: the first pause, doubled each time up to the longest; jitter of a quarter. */
const FIRST_MS = 200
const LONGEST_MS = 5_000
/** Probe timeout: at least this, else twice the late threshold. */
const ANSWER_MS = 2_000

/** The prober of one destination. */
export class Prober {
  readonly #ports: ProberPorts
  #message: Message | null = null
  #tries = 0
  #askedAt = Number.NEGATIVE_INFINITY
  #nextAt = 0
  #cancel: (() => void) | null = null
  #asking = false
  #closed = false
  #last: { readonly at: Instant; readonly answered: boolean } | null = null

  constructor(ports: ProberPorts) {
    this.#ports = ports
  }

  /** The last probe, for operators. */
  get last() {
    return this.#last
  }

  /** Milliseconds until the next probe. */
  get againMs(): number {
    return this.#asking ? FIRST_MS : Math.max(0, this.#nextAt - this.#ports.clock.elapsed())
  }

  /** A breaker of the destination has opened. @param message one that was meant for it */
  down(message: Message): void {
    if (this.#closed) return
    this.#message = message
    if (this.#asking || this.#cancel) return
    this.#plan(jittered(backoffMs(this.#tries, FIRST_MS, LONGEST_MS), this.#ports.random))
  }

  /** An answer to an earlier call came: the next probe is sent at once, at the earliest `FIRST_MS` after the last. */
  hurry(): void {
    if (!this.#cancel) return
    this.#cancel()
    this.#plan(Math.max(0, this.#askedAt + FIRST_MS - this.#ports.clock.elapsed()))
  }

  /** The destination has answered a real call: the backoff starts again. */
  proven(): void {
    this.#tries = 0
  }

  /** The destination is back. */
  stop(): void {
    this.#cancel?.()
    this.#cancel = null
    this.#message = null
  }

  /** Sends no further probes. */
  close(): void {
    this.#closed = true
    this.stop()
  }

  #plan(ms: number): void {
    this.#nextAt = this.#ports.clock.elapsed() + ms
    this.#cancel = this.#ports.clock.after(ms, () => {
      this.#cancel = null
      void this.#ask(this.#message!)
    })
  }

  async #ask(message: Message): Promise<void> {
    const { clock, network, url, probe, lateMs, up } = this.#ports
    this.#asking = true
    this.#askedAt = clock.elapsed()
    const at = clock.now()
    let answered = false
    try {
      const { body, headers, read } = probe(message)
      let heard: Heard | undefined
      const waitMs = Math.max(ANSWER_MS, 2 * lateMs())
      const hear = (how: Heard) => {
        heard = how
      }
      const answer = await network.post(url, body, waitMs, hear, headers)
      read(answer, heard)
      answered = true
    } catch {
      // Whatever it was, it was no usable answer.
    }
    this.#asking = false
    this.#last = { at, answered }
    this.#tries += 1
    if (this.#message === null) return
    if (answered) up()
    else this.down(this.#message)
  }
}
