/** A counter of a hospital: it sends until there is a clear answer, repeats, contradicts itself and loses patience. */
import { shanghaiTime } from '../../src/domain/day.ts'
import type { OutboundReply } from '../../src/pipeline/context.ts'
import { NOT_DISCHARGED } from './book.ts'
import type { Dice } from './dice.ts'
import type { Model } from './model.ts'
import type { Form, Person, Sent } from './sent.ts'
import type { Timeline } from './timeline.ts'

/** What an actor has at hand. */
export interface Counter {
  readonly timeline: Timeline
  readonly dice: Dice
  readonly model: Model
  /** Sends to the gateway; null where it does not answer. */
  call(sent: Sent): Promise<OutboundReply | null>
  /** Whether a message stands in the journal. */
  durable(sent: Sent): boolean
  /** Asks over REST what became of a key. */
  status(sent: Sent): Promise<void>
}

/** What a message came to for its sender. */
export interface Clear {
  readonly sent: Sent
  readonly answer: OutboundReply
}

/** How often a counter sends one message before it calls for help. */
const TRIES_MAX = 60
/** How often it tries anew, under another message id, what was refused or undone. */
const ATTEMPTS_MAX = 4

/** How both forms say that a part of a stay is settled. */
const IS_PART = /"mid_setl_flag":"1"|"midway":true/
/** What 2601 undoes. */
const REVERSIBLE = ['2102', '2103', '2207', '2208', '2304', '2305', '2401']

/** The time as a hospital writes it. */
export const written = (timeline: Timeline): string => shanghaiTime(timeline.now())

/** Sends until there is a clear yes; what was refused or undone is tried anew under another message id. */
export async function persist(
  counter: Counter,
  form: Form,
  make: (attempt: number) => Sent,
  person?: Person,
): Promise<Clear | null> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const clear = await insist(counter, form, () => make(attempt), person)
    if (clear) return clear
    await counter.timeline.sleep(counter.dice.between(100, 3_000))
  }
  return null
}

/** One message until its answer is clear: the answer of a yes, null for a no. */
export async function insist(
  counter: Counter,
  form: Form,
  make: () => Sent,
  person?: Person,
): Promise<Clear | null> {
  const { timeline, dice, model } = counter
  const sent = make()
  for (let round = 0; round < TRIES_MAX; round += 1) {
    if (dice.chance(0.08)) void counter.call(sent)
    if (dice.chance(0.04)) void timeline.sleep(dice.between(0, 20_000)).then(() => counter.call(sent))
    const answer = await counter.call(sent)
    if (dice.chance(0.05) && counter.durable(sent)) await contradict(counter, sent)
    if (sent.rest && dice.chance(0.05)) await counter.status(sent)
    if (answer?.problem === null) return { sent, answer }
    if (answer?.problem === 'bad-codes') return null
    if (answer?.problem === 'reversed') return null
    // What it would do was done by another message, or undone.
    if (answer?.problem === 'invalid-field' && sent.order) return null
    if (answer?.problem === 'fund-refused') {
      if (answer.body.includes('金额与明细不符')) model.fault(`${sent.name}: the platform holds other lines`)
      if (IS_PART.test(sent.bytes.toString()) && answer.body.includes(NOT_DISCHARGED))
        model.fault(`${sent.name}: a part of a stay arrived as its end`)
      return null
    }
    if (answer?.problem === 'outcome-unknown' && person) {
      if (['2102', '2166', '2207', '2304', '6202'].includes(sent.infno) && dice.chance(0.3))
        await hurry(counter, sent, make)
      const { only } = form
      if (only && REVERSIBLE.includes(sent.infno) && dice.chance(0.1))
        await persist(counter, form, () => only.reverse(person, sent.infno, sent.msgid))
    }
    await timeline.sleep(Math.min(60_000, 300 * 2 ** round) * (0.5 + dice.next()))
  }
  model.fault(`${sent.name} never got a clear answer`)
  return null
}

/** Another body under the same key. */
async function contradict(counter: Counter, sent: Sent): Promise<void> {
  const answer = await counter.call(sent.contradiction())
  const said = ['key-conflict', 'journal-down', 'bad-codes', 'not-ready']
  // What names an order that is over is refused for that, whatever stands under its key.
  if (sent.order) said.push('invalid-field')
  if (answer && !said.includes(answer.problem ?? ''))
    counter.model.fault(`${sent.name}: another body was answered ${answer.problem ?? 'yes'}`)
}

/** Settles under a new key while the first is unknown, which must not be possible. */
async function hurry(counter: Counter, first: Sent, make: () => Sent): Promise<void> {
  const second = make()
  const answer = await counter.call(second)
  if (answer) counter.model.impatient(first, second, answer)
}
