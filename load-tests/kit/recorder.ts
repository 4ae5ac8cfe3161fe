/** Everything that is counted and timed in a run, as it happens and in bounded memory. */
import { OUTCOMES, type Outcome } from './answers.ts'
import { Times } from './histogram.ts'
import type { Observer, Sample } from './sender.ts'
import type { VisitEnd } from './visits.ts'

/** Who spends time on a message; `rest` is the network between kit and gateway, and the kit itself. */
export const SPENDERS = ['own', 'queue', 'commit', 'counterpart', 'rest'] as const

/** One of them. */
export type Spender = (typeof SPENDERS)[number]

type Counts = Record<Outcome, number>

function noCounts(): Counts {
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Counts
}

/** What messages have in common: a stretch of time, a transaction, a destination. */
export class Slice {
  readonly times = new Times()
  readonly outcomes = noCounts()
  /** Milliseconds in all by spender, of the messages that the counterpart answered. */
  readonly spent: Record<Spender, number> = { own: 0, queue: 0, commit: 0, counterpart: 0, rest: 0 }
  answered = 0

  add({ dueMs, endMs, outcome, times }: Sample): void {
    const total = endMs - dueMs
    this.times.add(total)
    this.outcomes[outcome] += 1
    if (outcome !== 'yes' && outcome !== 'refused') return
    this.answered += 1
    let told = 0
    for (const spender of SPENDERS) {
      const ms = times[spender] ?? 0
      this.spent[spender] += ms
      told += ms
    }
    this.spent.rest += Math.max(0, total - told)
  }
}

/** A stretch of the run; messages belong to the stretch in which they were due. */
class Bucket extends Slice {
  sent = 0
  ended = 0
  visits = 0
  readonly byDestination = new Map<string, Counts>()
}

/** A reason for a no, and how often it was given. */
export interface Reason {
  readonly code: string
  readonly text: string
  readonly title: string
  readonly outcome: Outcome
  count: number
}

/** The part of the run that a message belongs to, by its moment and its destination. */
export type PhaseOf = (dueMs: number, destination: string) => string

const REASONS_MAX = 200
const RECENT_MS = 5000

/** Records a run. */
export class Recorder implements Observer {
  readonly bucketMs: number
  readonly buckets: Bucket[] = []
  readonly all = new Slice()
  readonly byTransaction = new Map<string, Slice>()
  readonly byDestination = new Map<string, Slice>()
  /** By what `phaseOf` calls them. */
  readonly byPhase = new Map<string, Slice>()
  readonly reasons = new Map<string, Reason>()
  /** How late the kit itself sent. */
  readonly lateness = new Times()
  readonly visitTimes = new Times()
  messagesSent = 0
  messagesEnded = 0
  visits = 0
  visitsEnded = 0
  /** Visits that want a settlement, and those that got a yes for it. */
  wanted = 0
  settled = 0
  #recent: { endMs: number; ms: number }[] = []
  readonly #phaseOf: PhaseOf
  readonly #listeners: ((sample: Sample) => void)[] = []

  constructor(bucketMs: number, phaseOf: PhaseOf) {
    this.bucketMs = bucketMs
    this.#phaseOf = phaseOf
  }

  #bucket(atMs: number): Bucket {
    const index = Math.max(0, Math.floor(atMs / this.bucketMs))
    while (this.buckets.length <= index) this.buckets.push(new Bucket())
    return this.buckets[index]!
  }

  /** Tells every sample on. */
  listen(listener: (sample: Sample) => void): void {
    this.#listeners.push(listener)
  }

  visitBegins(dueMs: number): void {
    this.visits += 1
    this.#bucket(dueMs).visits += 1
  }

  visitEnded({ visit, isSettled, pausedMs }: VisitEnd, endMs: number): void {
    this.visitsEnded += 1
    this.visitTimes.add(endMs - visit.dueMs - pausedMs)
    if (visit.kind === 'question') return
    this.wanted += 1
    if (isSettled) this.settled += 1
  }

  sent(_transaction: string, dueMs: number, lateMs: number): void {
    this.messagesSent += 1
    this.lateness.add(lateMs)
    this.#bucket(dueMs).sent += 1
  }

  answered(sample: Sample): void {
    const { dueMs, endMs, outcome, transaction, destination } = sample
    const bucket = this.#bucket(dueMs)
    bucket.add(sample)
    const counts = bucket.byDestination.get(destination) ?? noCounts()
    counts[outcome] += 1
    bucket.byDestination.set(destination, counts)
    this.#bucket(endMs).ended += 1
    this.messagesEnded += 1
    this.all.add(sample)
    sliceOf(this.byTransaction, transaction).add(sample)
    sliceOf(this.byDestination, destination).add(sample)
    sliceOf(this.byPhase, this.#phaseOf(dueMs, destination)).add(sample)
    this.#recent.push({ endMs, ms: endMs - dueMs })
    if (outcome !== 'yes') this.#because(sample)
    for (const listener of this.#listeners) listener(sample)
  }

  #because({ understood }: Sample): void {
    const { code, text, title, outcome } = understood
    const key = `${outcome} ${code} ${text}`
    const known = this.reasons.get(key)
    if (known) known.count += 1
    else if (this.reasons.size < REASONS_MAX) this.reasons.set(key, { code, text, title, outcome, count: 1 })
  }

  /** Times of the messages that were answered in the last seconds, and how many a second. */
  recent(nowMs: number): { readonly times: readonly number[]; readonly rate: number } {
    this.#recent = this.#recent.filter(({ endMs }) => endMs > nowMs - RECENT_MS)
    const seconds = Math.min(nowMs, RECENT_MS) / 1000
    return { times: this.#recent.map(({ ms }) => ms), rate: this.#recent.length / (seconds || 1) }
  }
}

function sliceOf(slices: Map<string, Slice>, key: string): Slice {
  const known = slices.get(key)
  if (known) return known
  const slice = new Slice()
  slices.set(key, slice)
  return slice
}
