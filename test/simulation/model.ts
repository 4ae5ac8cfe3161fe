/**
 * What must hold in every run: the eleven rules of `docs/design.md`. The model looks at the platter, at what leaves and at
 * what is answered; it shares no decision with the code it judges.
 *
 * | Rule                        | Judged where                        | By what                                                       |
 * | --------------------------- | ----------------------------------- | ------------------------------------------------------------- |
 * | 1 durable first             | `departures.ts`, `answers`          | intent or outcome on the platter at that moment               |
 * | 2 same key, once            | `answers` (both doors), `counter.ts` | the stored bytes, the first yes, another body, another system, the wait for the first |
 * | 3 unknown is a state        | `departures.ts`, `impatient`, `lives.ts` | never sent again blindly, queries before 2601, table of steps |
 * | 4 both sides agree          | `atRest`                            | `ledger/agreement`, admissions and discharges, boxes sold     |
 * | 5 one province's trouble    | `pace.ts`, `hanging.ts`             | virtual time of each answer; only one province hangs          |
 * | 6 recover first             | `opens`                             | what the former life left, at the moment the door opens       |
 * | 7 stop without proof        | `answers`, `departures.ts`          | a failed commit; questions asked meanwhile                    |
 * | 8 integer fen               | `lives.ts`, `atRest`                | sums in the journal, books to the fen                         |
 * | 9 codes of the day          | `codes-judge.ts`                    | `catalogue.ts`, a list of plain facts                         |
 * | 10 personal data            | `answers`, `logs`, `figures.ts`     | numbers of every person, in all bytes at rest                 |
 * | 11 figures from the journal | `figures.ts`                        | an own count over the platter, and the provinces' books       |
 */
import type { Instant } from '../../src/domain/day.ts'
import { withoutIdentity } from '../../src/domain/masking.ts'
import { isFinal, type State } from '../../src/journal/exchange-state.ts'
import type { MoneyRow } from '../../src/ledger/journal-book.ts'
import { type PlatformBook, reconcile } from '../../src/ledger/reconciliation.ts'
import type { OutboundReply } from '../../src/pipeline/context.ts'
import { refusalFault } from './codes-judge.ts'
import { aboutOf, Departures, MONEY, QUESTIONS } from './departures.ts'
import type { DurableRows, Stored } from './durable-rows.ts'
import type { Faults } from './faults.ts'
import { goodsFaults } from './goods.ts'
import { silentIn } from './hanging.ts'
import { DEADLINE_MS } from './limits.ts'
import { lastState, lifeFaults, staysFaults } from './lives.ts'
import { ORDERS } from './orders.ts'
import { paceFault, tookTooLong } from './pace.ts'
import type { Province } from './province.ts'
import { PURCHASES } from './purchases.ts'
import { OTHER_OPERATOR } from './rest-form.ts'
import type { Sent } from './sent.ts'

/** How things stood around an answer. */
export interface Around {
  /** When the message came. */
  readonly since: Instant
  readonly tookMs: number
  /** How long its sender said it would wait; null where it said nothing. */
  readonly patienceMs: number | null
  /** Whether the door was open. */
  readonly open: boolean
  readonly diskFailing: boolean
  /** Whether a commit had failed before the message came. */
  readonly failedBefore: boolean
  /** Whether nobody else sent under the same key meanwhile. */
  readonly alone: boolean
}

/** An outcome has its time before it is written, and is durable a while after. */
const WRITTEN_MS = 1_000

/** What the way to a shared engine and back takes, for all that a message asks of it. */
const ENGINE_MS = 10

/** Of the time that a caller gives so much is kept for the answer. */
const KEPT_MS = 100

/** Watches one run. */
export class Model {
  readonly violations: string[] = []
  /** Everyone whose numbers must not be found anywhere in clear. */
  readonly persons = new Map<string, Sent['person']>()
  readonly departures: Departures
  readonly #platter: DurableRows
  readonly #hung: string | null
  readonly #saidYes = new Map<string, { sent: Sent; body: Buffer }>()
  readonly #reversed = new Set<string>()
  #leftOpen: number[] = []
  readonly #shared: boolean

  /** @param shared whether several gateways write: then what one has told may have changed when it is heard */
  constructor(platter: DurableRows, faults: Pick<Faults, 'hung' | 'troubles'>, shared = false) {
    this.#platter = platter
    this.#hung = faults.hung
    this.#shared = shared
    // Each gateway hears of a silence by itself, so calls of two are not counted together.
    const silent = shared ? null : silentIn(faults)
    this.departures = new Departures(platter, silent, (text) => this.fault(text))
  }

  fault(text: string): void {
    if (this.violations.length < 20) this.violations.push(text)
  }

  #faults(texts: Iterable<string>): void {
    for (const text of texts) this.fault(text)
  }

  /** A message of a hospital comes to the door. */
  arrives(sent: Sent): void {
    this.persons.set(sent.person.psn_no, sent.person)
    if (sent.door === 'national') this.departures.knows(sent.infno, sent.msgid)
    if (sent.undoes) this.#reversed.add(sent.undoes.msgid)
  }

  /** A life begins over what the former one left. */
  starts(): void {
    this.#leftOpen = this.#platter
      .keyed()
      .filter((stored) => lastState(stored) === 'open')
      .map(({ exchange }) => exchange.id)
  }

  /** Rule 6: the door opens; nothing is left open and every unknown one has its task. */
  opens(cases: readonly number[]): void {
    // What others are at work on is theirs until they are gone; at rest nothing may be left.
    if (this.#shared) return
    const still = this.#leftOpen.filter((id) => lastState(this.#platter.stored.get(id)!) === 'open')
    if (still.length > 0) this.fault(`the door opened while ${still.length} messages were open from before`)
    for (const stored of this.#platter.keyed()) {
      const { id, message } = stored.exchange
      if (['unknown', 'undoing'].includes(lastState(stored)) && !cases.includes(id))
        this.fault(`the door opened and nobody looks for ${message}`)
    }
  }

  /** What the gateway writes to its log. */
  logs(cause: unknown): void {
    for (let each = cause; each instanceof Error; each = each.cause)
      this.#judgePrivacy('a fault', `${each.stack}`)
  }

  /** Rules 1, 2, 5, 7 and 10: what is answered. */
  answers(sent: Sent, answer: OutboundReply, around: Around): void {
    const text = answer.body.toString()
    if (answer.problem) this.#judgePrivacy(`${sent.name}: an error`, text)
    const slow =
      tookTooLong(sent.infno, around.tookMs - (this.#shared ? ENGINE_MS : 0), around.patienceMs) ??
      paceFault(sent, answer.problem, around.tookMs, this.#hung)
    if (slow) this.fault(`${sent.name} ${slow}`)
    if (answer.problem === 'not-ready' && !around.open) return
    if (!around.open) this.fault(`${sent.name} was let in before the door was open`)
    if (QUESTIONS.includes(sent.infno)) {
      // An engine that cannot be reached cannot say either whose a visit is.
      const unreached = this.#shared && around.diskFailing && answer.problem === 'journal-down'
      const said = [null, 'fund-refused', 'destination-down', 'destination-busy', 'budget-spent']
      if (!said.includes(answer.problem) && !unreached)
        this.fault(`the question ${sent.name} was answered ${answer.problem}: ${text.slice(0, 200)}`)
      return
    }
    // What stands is told even now, and what another message holds; nothing begins.
    const withheld = ['journal-down', 'bad-codes', 'key-in-flight', 'key-conflict', 'encounter-busy']
    const begins = !answer.replayed && !withheld.includes(answer.problem ?? '')
    if (around.failedBefore && begins)
      this.fault(`${sent.name} was answered ${answer.problem ?? 'yes'} after a commit had failed`)
    this.#atSomeMoment(sent, around.since, (stored) => this.#judgeAnswer(sent, answer, around, stored))
  }

  /**
   * Judges by what stands under a key. Where others write too, what was told was so at some moment since it was asked, and need
   * not be so when it is heard.
   */
  #atSomeMoment(sent: Sent, since: Instant, judge: (stored: Stored | undefined) => void): void {
    const stored = this.#platter.key(sent.key)
    const before = this.violations.length
    judge(stored)
    if (!this.#shared || !stored || this.violations.length === before) return
    const faults = this.violations.splice(before)
    for (let { length } = stored.outcomes; length > 0; length -= 1) {
      if (stored.outcomes[length - 1]!.at < since - WRITTEN_MS) break
      judge({ ...stored, outcomes: stored.outcomes.slice(0, length - 1) })
      if (this.violations.length === before) return
      this.violations.length = before
    }
    this.violations.push(...faults)
  }

  #judgeAnswer(sent: Sent, answer: OutboundReply, around: Around, stored: Stored | undefined): void {
    const { diskFailing, alone } = around
    const { problem } = answer
    const { name } = sent
    const state = stored && lastState(stored)
    const own = stored !== undefined && isOther(stored) === sent.other
    switch (problem) {
      case null:
      case 'fund-refused':
      case 'reversed':
        if (!stored || !state || !isFinal(state))
          this.fault(`${name} was answered before its outcome was durable`)
        else this.#judgeFinal(sent, answer, stored, own)
        return
      case 'bad-codes':
        if (sent.other || diskFailing) return
        this.#faults(refusalFault(sent, answer.body.toString()))
        // Two that are refused at once each hear it in an answer of their own; one of the two is stored.
        if (state !== 'rejected' || (alone && !stored?.outcomes.at(-1)?.reply?.equals(answer.body)))
          this.fault(`${name}: the refusal of its codes is not the stored one`)
        return
      case 'outcome-unknown':
        if (!stored || !own) this.fault(`${name} is said to be unknown, and is not in the journal`)
        else if (state !== 'unknown' && state !== 'undoing' && !diskFailing)
          this.fault(`${name} is said to be unknown while ${state}`)
        return
      case 'destination-down':
      case 'destination-busy':
        if (state !== 'unsent') this.fault(`${name} is said not to have left while ${state}`)
        return
      case 'budget-spent':
        // Before its intent was durable it is not in the journal at all.
        if (alone && state !== undefined && state !== 'unsent')
          this.fault(`${name} is said not to have left while ${state}`)
        return
      case 'key-conflict':
        if (own) this.fault(`${name}: a conflict with itself`)
        return
      case 'journal-down':
        if (!diskFailing) this.fault(`${name}: the journal is down on a sound disk`)
        return
      case 'key-in-flight':
        // Whoever comes again waits for the outcome of the first, as long as its own time lasts.
        if (!diskFailing && !around.failedBefore && around.tookMs < waitsMs(around.patienceMs))
          this.fault(`${name} was told after ${around.tookMs} ms that it is in flight`)
        return
      case 'encounter-busy':
        return
      case 'invalid-field':
        // The reversal of a refund (2181 with status 2163) never leaves: that of an order says what it reverses.
        if (sent.infno === '2181' && !sent.undoes) return
        if (!sent.order || !this.#isOver(sent.order))
          this.fault(`${name} was refused as if it were done: ${answer.body.toString().slice(0, 200)}`)
        return
      default:
        this.fault(`${name} was answered ${problem}: ${answer.body.toString().slice(0, 200)}`)
    }
  }

  /** Whether an order was paid, or is no more: then another message has no business with it. */
  #isOver(order: string): boolean {
    return this.#platter
      .keyed()
      .some(
        (stored) =>
          [...PURCHASES, ...ORDERS].includes(stored.exchange.transaction ?? '') &&
          lastState(stored) === 'accepted' &&
          stored.exchange.sealed?.includes(order),
      )
  }

  #judgeFinal(sent: Sent, { problem, body }: OutboundReply, stored: Stored, own: boolean): void {
    const { name } = sent
    const state = lastState(stored)
    if (!own) {
      this.fault(`${name}: another body was answered with the stored answer`)
      return
    }
    if (!stored.outcomes.at(-1)?.reply?.equals(body)) this.fault(`${name}: the answer is not the stored one`)
    if ((problem === null) !== (state === 'accepted'))
      this.fault(`${name}: answered ${problem ?? 'yes'} while ${state}`)
    if (problem !== null) return
    const before = this.#saidYes.get(sent.key)
    if (before && !before.body.equals(body)) this.fault(`${name} was answered yes in two ways`)
    if (sent.door === 'rest' && JSON.parse(body.toString()).messageId !== stored.exchange.message)
      this.fault(`${name}: answered under another message id`)
    if (!stored.exchange.sealed?.includes(sent.order ?? sent.person.psn_no))
      this.fault(`${name}: answered with what was done for another person`)
    this.#saidYes.set(sent.key, { sent, body })
  }

  /** What `GET /v1/status` says of a key. */
  told(sent: Sent, state: string | null, since: Instant): void {
    this.#atSomeMoment(sent, since, (stored) => {
      const known = stored ? lastState(stored) : null
      if (state !== known) this.fault(`${sent.name}: the status says ${state}, the journal ${known}`)
    })
  }

  /** A settlement was tried while another one of the visit was unknown. */
  impatient(first: Sent, second: Sent, answer: OutboundReply): void {
    const stored = this.#platter.key(first.key)
    if (
      stored &&
      ['unknown', 'undoing'].includes(lastState(stored)) &&
      !['encounter-busy', 'journal-down', 'not-ready'].includes(answer.problem ?? '')
    )
      this.fault(`${second.name} was answered ${answer.problem ?? 'yes'} while ${first.name} is unknown`)
  }

  /** Rule 3: what the gateway reversed by itself was looked for once more before it was called undone. */
  #judgeVerification(stored: Stored): void {
    const { exchange, outcomes } = stored
    const sent = outcomes.findLast(({ state }) => state === 'undoing')
    const undone = outcomes.find(({ state }) => state === 'reversed')
    if (!sent || !undone || !MONEY.includes(exchange.transaction ?? '')) return
    if (this.#reversed.has(exchange.message ?? '')) return
    const asked = this.departures.askedAbout(aboutOf(stored))
    if (!asked.some((at) => at >= sent.at && at <= undone.at))
      this.fault(`${exchange.transaction} ${exchange.message} was called undone without looking once more`)
  }

  /** Rule 10: no number of a person, whatever its form. */
  #judgePrivacy(where: string, text: string): void {
    const found = [...this.persons.values()].some(
      ({ document, psn_no }) => text.includes(document) || text.includes(psn_no),
    )
    if (found || withoutIdentity(text) !== text) this.fault(`${where} shows a number of a person`)
  }

  /** At rest: agreement to the fen, nothing unknown, lives by the table, stays as the provinces hold them. */
  atRest(
    money: readonly MoneyRow[],
    books: readonly PlatformBook[],
    provinces: readonly Province[],
  ): { lost: number; doubled: number; unknownLeft: number } {
    const keyed = this.#platter.keyed()
    for (const stored of keyed) {
      this.#faults(lifeFaults(stored))
      this.#judgeVerification(stored)
    }
    for (const { sent } of this.#saidYes.values()) {
      const stored = this.#platter.key(sent.key)!
      const state: State = lastState(stored)
      if (state !== 'accepted' && !(state === 'reversed' && this.#reversed.has(stored.exchange.message!)))
        this.fault(`${sent.name} was answered yes and is ${state}`)
    }
    const unknownLeft = keyed.filter((stored) =>
      ['open', 'unknown', 'undoing'].includes(lastState(stored)),
    ).length
    if (unknownLeft > 0) this.fault(`${unknownLeft} exchanges are unknown at rest`)
    this.#faults(staysFaults(keyed, provinces))
    this.#faults(goodsFaults(keyed, provinces))
    const compared = reconcile(money, books)
    for (const { kind, platform, message, text } of compared.differences)
      this.fault(`${kind} at ${platform}: ${message}: ${text}`)
    return { lost: compared.lost, doubled: compared.doubled, unknownLeft }
  }
}

/** How long a message waits for the first of its kind: its own time, less what is kept for the answer. */
function waitsMs(patienceMs: number | null): number {
  return Math.min(DEADLINE_MS, patienceMs === null ? DEADLINE_MS : patienceMs - KEPT_MS)
}

/** Whether what is stored is the body of a contradiction. */
function isOther({ exchange }: Stored): boolean {
  if (!exchange.sealed) return false
  const { input, opter_name } = JSON.parse(exchange.sealed.toString())
  return input.exp_content === 'other' || opter_name === OTHER_OPERATOR
}
