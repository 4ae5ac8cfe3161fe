/**
 * Asks a destination that is down whether it is back. What is asked is a question of our own that changes nothing and
 * concerns nobody, so that no settlement of a patient is the trial. One question at a time, further and further apart.
 */
import type { Instant } from '../domain/day.ts'
import type { Message } from '../extension/dialect.ts'
import type { Clock, Random } from '../ports.ts'
import type { Heard, Network } from './network.ts'

/** A question of our own. */
export interface Probe {
  readonly body: Buffer
  /** Of the body; absent: JSON. */
  readonly contentType?: string
  /** Throws where the answer shows no life. */
  read(answer: Buffer, heard?: Heard): void
}

/** What a prober works with. */
export interface ProberPorts {
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly url: string
  /** Makes the question, with the head of a message that goes there. */
  probe(message: Message): Probe
  /** What is late at this destination. */
  lateMs(): number
  /** It is back. */
  up(): void
}

/** Pause before the first question and, doubled each time, the longest; a quarter of it up or down by chance. */
const FIRST_MS = 200
const LONGEST_MS = 5_000
const DOUBLINGS_MAX = 5
/** Shortest wait for an answer; twice of what is late where that is more. */
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

  /** The last question, for people who look. */
  get last() {
    return this.#last
  }

  /** Milliseconds until it asks again. */
  get againMs(): number {
    return this.#asking ? FIRST_MS : Math.max(0, this.#nextAt - this.#ports.clock.elapsed())
  }

  /** The destination is down. @param message one that was meant for it */
  down(message: Message): void {
    if (this.#closed) return
    this.#message = message
    if (this.#asking || this.#cancel) return
    const backoff = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(this.#tries, DOUBLINGS_MAX))
    this.#plan(backoff * (0.75 + this.#ports.random.next() / 2))
  }

  /** Something was heard of it: no need to wait longer. */
  hurry(): void {
    if (!this.#cancel) return
    this.#cancel()
    this.#plan(Math.max(0, this.#askedAt + FIRST_MS - this.#ports.clock.elapsed()))
  }

  /** It has answered a real call: the next time begins with short pauses again. */
  proven(): void {
    this.#tries = 0
  }

  /** It is up. */
  stop(): void {
    this.#cancel?.()
    this.#cancel = null
    this.#message = null
  }

  /** Asks nothing any more. */
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
      const { body, contentType, read } = probe(message)
      let heard: Heard | undefined
      const waitMs = Math.max(ANSWER_MS, 2 * lateMs())
      const hear = (how: Heard) => {
        heard = how
      }
      const answer = await network.post(url, body, waitMs, hear, contentType)
      read(answer, heard)
      answered = true
    } catch {
      // Whatever it was, it was no answer.
    }
    this.#asking = false
    this.#last = { at, answered }
    this.#tries += 1
    if (this.#message === null) return
    if (answered) up()
    else this.down(this.#message)
  }
}
