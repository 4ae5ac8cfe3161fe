/**
 * What must hold in every run: the rules of `docs/design.md` as far as they can be seen from outside the core. The model
 * looks at the platter, at what leaves and at what is answered; it shares no decision with the code it judges.
 */
import { withoutIdentity } from '../../src/domain/person.ts'
import { after, type Event, isFinal, type State } from '../../src/journal/life.ts'
import { agreement, type PlatformBook } from '../../src/ledger/agreement.ts'
import type { MoneyRow } from '../../src/ledger/journal-book.ts'
import type { Answer } from '../../src/pipeline/trip.ts'
import type { Platter, Stored } from './disk.ts'

/** A message as a hospital sends it. */
export interface Sent {
  readonly infno: string
  readonly msgid: string
  readonly key: string
  readonly encounter: string | null
  /** JSON of `input`. */
  readonly input: string
  readonly bytes: Buffer
}

/** How a message that left came back, as far as the gateway may know. */
type Left = 'under way' | 'nothing left' | 'left'

const EVENTS: readonly Event[] = [
  'yes',
  'no',
  'no-answer',
  'not-sent',
  'try-again',
  'found',
  'not-found',
  'undo-sent',
  'still-standing',
  'undone',
]
const MONEY = ['2207', '2208']
const QUERIES_BEFORE_REVERSAL = 3

const lastState = (stored: Stored): State => stored.outcomes.at(-1)?.state ?? 'open'

/** Watches one run. */
export class Model {
  readonly violations: string[] = []
  readonly #platter: Platter
  readonly #left = new Map<string, { bytes: string; ended: Left }>()
  readonly #asked = new Map<string, number[]>()
  readonly #known = new Set<string>()
  readonly #saidYes = new Map<string, Sent>()
  readonly #reversed = new Set<string>()
  /** What recovery has sent and not had an answer to. */
  readonly #inHand = new Set<string>()

  constructor(platter: Platter) {
    this.#platter = platter
  }

  fault(text: string): void {
    if (this.violations.length < 20) this.violations.push(text)
  }

  /** A message of a hospital comes to the door. */
  arrives(sent: Sent): void {
    this.#known.add(`${sent.infno} ${sent.msgid}`)
    if (sent.infno === '2601') this.#reversed.add(JSON.parse(sent.input).data.omsgid)
  }

  /**
   * Rule 1 and 3: what leaves has a durable intent, leaves as it was made durable, and money never leaves twice. While
   * recovery is paused nothing of its own leaves.
   */
  leaves(bytes: Buffer, paused: boolean): (ended: Left) => void {
    const text = bytes.toString()
    const { infno, msgid, input, fixmedins_code } = JSON.parse(text)
    const key = `${infno} ${msgid}`
    const own = this.#known.has(key) ? this.#platter.message(fixmedins_code, msgid, infno) : undefined
    const byRecovery = !this.#known.has(key) || (own !== undefined && lastState(own) === 'unknown')
    if (paused && byRecovery) this.fault(`${key} left while recovery was paused`)
    const about = byRecovery ? this.#takenInHand(infno, own ? msgid : undefined, input.data) : null
    const letGo = () => void (about && this.#inHand.delete(about))
    if (infno.startsWith('5')) return letGo
    if (this.#known.has(key)) this.#judgeOwn(key, text, fixmedins_code, infno, msgid)
    else this.#judgeUndoing(infno, msgid, input)
    const left: { bytes: string; ended: Left } = { bytes: text, ended: 'under way' }
    this.#left.set(key, left)
    return (ended) => {
      left.ended = ended
      letGo()
    }
  }

  /** The gateway dies: nothing of it is under way any more. */
  dies(): void {
    this.#inHand.clear()
  }

  /** Two workers never hold the same case, so nothing about one leaves while the same is under way. */
  #takenInHand(infno: string, msgid: string | undefined, data: Record<string, string>): string {
    // A question names a visit or a person; a visit may have had another case a moment ago.
    const named = data?.omsgid || data?.mdtrt_id || data?.psn_no || ''
    const open = (stored: Stored) => ['unknown', 'undoing'].includes(lastState(stored))
    const theCase = this.#platter
      .keyed()
      .find((stored) => open(stored) && stored.exchange.sealed?.includes(named))
    const about = `${infno} ${msgid ?? `${named} for ${theCase?.exchange.id}`}`
    if (this.#inHand.has(about)) this.fault(`${about} left twice at once`)
    this.#inHand.add(about)
    return about
  }

  #judgeOwn(key: string, text: string, institution: string, infno: string, msgid: string): void {
    const stored = this.#platter.message(institution, msgid, infno)
    if (!stored) {
      this.fault(`${key} left before its intent was durable`)
      return
    }
    const state = lastState(stored)
    if (state !== 'open' && state !== 'unknown') this.fault(`${key} left while it was ${state}`)
    if (stored.exchange.sealed?.toString() !== text)
      this.fault(`${key} left with other bytes than made durable`)
    const before = this.#left.get(key)
    if (before && before.bytes !== text) this.fault(`${key} left with two bodies`)
    if (before && before.ended !== 'nothing left' && MONEY.includes(infno))
      this.fault(`${key} was sent again blindly`)
  }

  /** A reversal or withdrawal that the gateway composed by itself. */
  #judgeUndoing(infno: string, msgid: string, input: { data: Record<string, string> }): void {
    const noted = [...this.#platter.stored.values()].filter(({ outcomes }) =>
      outcomes.some((outcome) => outcome.told?.includes(msgid)),
    )
    if (noted.length === 0) {
      this.fault(`${infno} ${msgid} left before its intent was durable`)
      return
    }
    if (infno !== '2601') return
    const { omsgid, oinfno } = input.data
    const original = noted.find(
      ({ exchange }) => exchange.message === omsgid && exchange.transaction === oinfno,
    )
    if (!original) {
      this.fault(`2601 of ${oinfno} ${omsgid}, noted elsewhere`)
      return
    }
    const asked = (this.#asked.get(original.exchange.encounter ?? '') ?? []).filter(
      (at) => at >= original.exchange.at,
    ).length
    if (asked < QUERIES_BEFORE_REVERSAL) this.fault(`${oinfno} ${omsgid} was reversed after ${asked} queries`)
    // The first says that it is unknown, each further one that it was looked for in vain.
    const searched = original.outcomes.filter(({ state }) => state === 'unknown').length - 1
    if (searched < QUERIES_BEFORE_REVERSAL)
      this.fault(`${oinfno} ${omsgid} was reversed after ${searched} durable searches`)
  }

  /** A query was answered readably. */
  asked(encounter: string, at: number): void {
    this.#asked.set(encounter, [...(this.#asked.get(encounter) ?? []), at])
  }

  /** Rules 1, 2 and 10: what is answered. */
  answers(sent: Sent, answer: Answer, diskFailing: boolean): void {
    const { problem } = answer
    const name = `${sent.infno} ${sent.msgid}`
    const text = answer.body.toString()
    if (problem && withoutIdentity(text) !== text) this.fault(`${name}: an error shows an identity number`)
    const stored = this.#platter.key(sent.key)
    const state = stored && lastState(stored)
    const own = stored && JSON.stringify(JSON.parse(stored.exchange.sealed!.toString()).input) === sent.input
    switch (problem) {
      case null:
      case 'fund-refused': {
        if (!stored || !state || !isFinal(state)) {
          this.fault(`${name} was answered before its outcome was durable`)
          return
        }
        if (!own) {
          this.fault(`${name}: another body was answered with the stored answer`)
          return
        }
        if (!stored.outcomes.at(-1)?.reply?.equals(answer.body))
          this.fault(`${name}: the answer is not the stored one`)
        if ((problem === null) !== (state === 'accepted'))
          this.fault(`${name}: answered ${problem ?? 'yes'} while ${state}`)
        if (problem === null) this.#saidYes.set(sent.key, sent)
        return
      }
      case 'outcome-unknown':
        if (!stored || !own) this.fault(`${name} is said to be unknown, and is not in the journal`)
        else if (state !== 'unknown' && state !== 'undoing' && !diskFailing)
          this.fault(`${name} is said to be unknown while ${state}`)
        return
      case 'destination-down':
        if (state !== 'unsent') this.fault(`${name} is said not to have left while ${state}`)
        return
      case 'key-conflict':
        if (own) this.fault(`${name}: a conflict with itself`)
        return
      case 'journal-down':
        if (!diskFailing) this.fault(`${name}: the journal is down on a sound disk`)
        return
      case 'key-in-flight':
      case 'encounter-busy':
        return
      default:
        this.fault(`${name} was answered ${problem}: ${text.slice(0, 200)}`)
    }
  }

  /** A settlement was tried while another one of the visit was unknown. */
  impatient(first: Sent, second: Sent, answer: Answer): void {
    const stored = this.#platter.key(first.key)
    if (
      stored &&
      ['unknown', 'undoing'].includes(lastState(stored)) &&
      !['encounter-busy', 'journal-down'].includes(answer.problem ?? '')
    )
      this.fault(`${second.msgid} was answered ${answer.problem ?? 'yes'} while ${first.msgid} is unknown`)
  }

  /** At rest: agreement to the fen, nothing unknown, lives by the table, no identity numbers. */
  atRest(books: readonly PlatformBook[]): { lost: number; doubled: number; unknownLeft: number } {
    const keyed = this.#platter.keyed()
    for (const stored of keyed) this.#judgeLife(stored)
    for (const sent of this.#saidYes.values()) {
      const state = lastState(this.#platter.key(sent.key)!)
      if (state !== 'accepted' && !(state === 'reversed' && this.#reversed.has(sent.msgid)))
        this.fault(`${sent.infno} ${sent.msgid} was answered yes and is ${state}`)
    }
    const unknownLeft = keyed.filter((stored) =>
      ['open', 'unknown', 'undoing'].includes(lastState(stored)),
    ).length
    if (unknownLeft > 0) this.fault(`${unknownLeft} exchanges are unknown at rest`)
    const compared = agreement(keyed.flatMap(moneyRow), books)
    for (const { kind, platform, message, text } of compared.differences)
      this.fault(`${kind} at ${platform}: ${message}: ${text}`)
    return { lost: compared.lost, doubled: compared.doubled, unknownLeft }
  }

  #judgeLife({ exchange, outcomes }: Stored): void {
    const name = `${exchange.transaction} ${exchange.message}`
    let state: State | null = null
    for (const outcome of outcomes) {
      const next = outcome.state
      if (state === null ? !['open', 'rejected'].includes(next) : !follows(state, next))
        this.fault(`${name} went from ${state} to ${next}`)
      if (outcome.told && withoutIdentity(outcome.told) !== outcome.told)
        this.fault(`${name}: an identity number is told in the journal`)
      if (outcome.total != null && outcome.total !== outcome.fund! + outcome.personShare! + outcome.hospital!)
        this.fault(`${name}: the amounts in the journal do not add up`)
      state = next
    }
    this.#judgeVerification(name, { exchange, outcomes })
  }

  /** What the gateway reversed by itself was looked for once more before it was called undone. */
  #judgeVerification(name: string, { exchange, outcomes }: Stored): void {
    const sent = outcomes.findLast(({ state }) => state === 'undoing')
    const undone = outcomes.find(({ state }) => state === 'reversed')
    if (!sent || !undone || !MONEY.includes(exchange.transaction ?? '')) return
    if (this.#reversed.has(exchange.message ?? '')) return
    const asked = this.#asked.get(exchange.encounter ?? '') ?? []
    if (!asked.some((at) => at >= sent.at && at <= undone.at))
      this.fault(`${name} was called undone without looking once more`)
  }
}

/** Whether the table of lives has such a step. That a final state stays one is said here once more. */
function follows(state: State, next: State): boolean {
  if (isFinal(state) && next !== 'reversed') return false
  if (state === 'unknown' && (next === 'open' || next === 'unsent')) return false
  return EVENTS.some((event) => {
    try {
      return after(state, event) === next
    } catch {
      return false
    }
  })
}

/** The row of the gateway's book, as `readJournalBook` reads it from the database. */
function moneyRow({ exchange, outcomes }: Stored): MoneyRow[] {
  const last = outcomes.at(-1)
  if (!last || !['settlement', 'cancellation'].includes(exchange.kind ?? '')) return []
  return [
    {
      message: exchange.message!,
      transaction: exchange.transaction!,
      institution: exchange.institution!,
      insuredArea: exchange.insuredArea!,
      treatmentArea: exchange.treatmentArea!,
      encounter: exchange.encounter,
      state: last.state,
      total: last.total ?? 0,
      fund: last.fund ?? 0,
      person: last.personShare ?? 0,
      account: last.account ?? 0,
      cash: last.cash ?? 0,
      hospital: last.hospital ?? 0,
    },
  ]
}
