/** Rules 1, 3, 5, 7 and 9, as far as they are about what leaves the gateway. */
import type { ChannelStatus } from '../../src/transport/transport.ts'
import { sentCodesFault } from './codes-judge.ts'
import type { DurableRows, Stored } from './durable-rows.ts'
import { GOODS, GOODS_QUESTIONS } from './goods.ts'
import { Hanging } from './hanging.ts'
import { lastState } from './lives.ts'
import { ORDER_QUESTION, ORDERS } from './orders.ts'
import { PURCHASE_QUESTIONS, PURCHASES } from './purchases.ts'

/** How a message that left came back, as far as the gateway may know. */
type Left = 'under way' | 'nothing left' | 'left'

export const MONEY = ['2102', '2103', '2207', '2208', '2304', '2305', ...PURCHASES, ...ORDERS]
const QUERIES_BEFORE_REVERSAL = 3

type Row = Readonly<Record<string, string>>

/** Transactions that only ask. */
export const QUESTIONS = [
  '1101',
  '5201',
  '5202',
  '5203',
  ...GOODS_QUESTIONS,
  ...PURCHASE_QUESTIONS,
  ORDER_QUESTION,
]

/** What is asked about where a message has no answer: its visit, else its person. */
export function aboutOf({ exchange: { encounter, sealed } }: Stored): string {
  if (encounter !== null) return encounter
  const { mdtrtinfo, druginfo } = JSON.parse(sealed!.toString()).input
  return (mdtrtinfo ?? druginfo)?.psn_no ?? ''
}

/** Watches the way out. */
export class Departures {
  readonly #platter: DurableRows
  readonly #fault: (text: string) => void
  readonly #left = new Map<string, { bytes: string; ended: Left }>()
  readonly #asked = new Map<string, number[]>()
  readonly #known = new Set<string>()
  /** What recovery has sent and not had an answer to. */
  readonly #inHand = new Set<string>()
  readonly #hanging: Hanging

  /** @param silent the province that goes silent while nothing else happens; null in other runs */
  constructor(platter: DurableRows, silent: string | null, fault: (text: string) => void) {
    this.#platter = platter
    this.#fault = fault
    this.#hanging = new Hanging(silent, fault)
  }

  /** A message of a hospital with an id of its own. */
  knows(infno: string, msgid: string): void {
    this.#known.add(`${infno} ${msgid}`)
  }

  /**
   * Rules 1, 3, 7, 9: what leaves has a durable intent, leaves as it was made durable, and money never leaves twice. While
   * recovery is paused nothing of its own leaves.
   */
  leaves(bytes: Buffer, diskFailed: boolean, paused: boolean): (ended: Left) => void {
    const text = bytes.toString()
    const { infno, msgid, input, fixmedins_code } = JSON.parse(text)
    const key = `${infno} ${msgid}`
    const stored = this.#platter.message(fixmedins_code, msgid, infno)
    const own = stored !== undefined || this.#known.has(key) || infno === '1101'
    const byRecovery = !own || (stored !== undefined && lastState(stored) === 'unknown')
    if (paused && byRecovery) this.#fault(`${key} left while recovery was paused`)
    const about = byRecovery ? this.#takenInHand(infno, stored ? msgid : undefined, input.data) : null
    const letGo = () => void (about && this.#inHand.delete(about))
    if (QUESTIONS.includes(infno)) return letGo
    // A reversal of a hospital's own is a step that may be sent again as it stands.
    if (diskFailed && (MONEY.includes(infno) || (infno === '2601' && !stored)))
      this.#fault(`${key} left after a commit had failed`)
    if (stored || this.#known.has(key)) this.#judgeOwn(key, text, stored, infno, diskFailed)
    else this.#judgeUndoing(infno, msgid, input)
    const lines = input.feedetail ?? input.drugdetail
    if (lines && stored)
      for (const fault of sentCodesFault(key, lines, stored.exchange.mapped)) this.#fault(fault)
    const left: { bytes: string; ended: Left } = { bytes: text, ended: 'under way' }
    this.#left.set(key, left)
    return (ended) => {
      left.ended = ended
      letGo()
    }
  }

  /**
   * Rule 5: nothing that changes something leaves for a destination that is known to be down; it is no trial. Nor does anything
   * leave for one that visibly hangs.
   *
   * @returns told how it ended
   */
  goesTo(
    bytes: Buffer,
    channels: readonly ChannelStatus[],
    now: number,
  ): (isAnswered: boolean, at: number) => void {
    const { infno, msgid, insuplc_admdvs, mdtrtarea_admvs } = JSON.parse(bytes.toString())
    const [home, here] = [insuplc_admdvs.slice(0, 2), mdtrtarea_admvs.slice(0, 2)]
    const destination = home === here ? `${here}0000` : `national/${home}0000`
    const asks = QUESTIONS.includes(infno)
    if (!asks) this.#judgeDown(`${infno} ${msgid}`, destination, channels)
    return this.#hanging.leaves(destination, asks ? 'questions' : 'changes', channels, now)
  }

  #judgeDown(key: string, destination: string, channels: readonly ChannelStatus[]): void {
    const down = channels.some(
      (one) => one.destination === destination && one.traffic === 'changes' && one.breaker === 'open',
    )
    if (down) this.#fault(`${key} left for ${destination}, which is down`)
  }

  /** The gateway dies: nothing of it is under way any more. */
  dies(): void {
    this.#inHand.clear()
    this.#hanging.dies()
  }

  /** Two workers never hold the same case, so nothing about one leaves while the same is under way. */
  #takenInHand(infno: string, msgid: string | undefined, data: Row | readonly Row[]): string {
    const row = (Array.isArray(data) ? data[0] : data) ?? {}
    // A purchase is looked for among all of its person: which case asks cannot be told.
    if (PURCHASE_QUESTIONS.includes(infno)) return `${infno} of a person`
    const { omsgid, payOrdId, chrg_bchno, feedetl_sn, mdtrt_id, psn_no, drug_trac_codg, fixmedins_bchno } =
      row
    // A question names a visit or a person; a visit may have had another case a moment ago.
    const named = [
      omsgid || payOrdId || mdtrt_id || psn_no,
      chrg_bchno || feedetl_sn || drug_trac_codg || fixmedins_bchno,
    ].filter((part) => part !== undefined)
    const isMeant = ({ exchange }: Stored) => named.every((part) => exchange.sealed?.includes(part))
    const isOpen = (stored: Stored) => ['unknown', 'undoing'].includes(lastState(stored))
    // A purchase is looked for in every visit of its person: which case asks about one cannot be told.
    const isBuying = (stored: Stored) =>
      stored.exchange.transaction === '2102' && isOpen(stored) && stored.exchange.sealed?.includes(psn_no!)
    if (mdtrt_id && psn_no && this.#platter.keyed().some(isBuying)) return `${infno} in any of several visits`
    const theCase = this.#platter.keyed().find((stored) => isOpen(stored) && isMeant(stored))
    const about = `${infno} ${msgid ?? `${named.join(' ')} for ${theCase?.exchange.id}`}`
    if (this.#inHand.has(about)) this.#fault(`${about} left twice at once`)
    this.#inHand.add(about)
    return about
  }

  /** When a visit, or a person, was asked about with a readable answer. */
  askedAbout(about: string): readonly number[] {
    return this.#asked.get(about) ?? []
  }

  #judgeOwn(key: string, text: string, stored: Stored | undefined, infno: string, diskFailed: boolean): void {
    if (!stored) {
      this.#fault(`${key} left before its intent was durable`)
      return
    }
    const state = lastState(stored)
    // After a failed commit the platter may hold more than the core may believe.
    if (state !== 'open' && state !== 'unknown' && !diskFailed)
      this.#fault(`${key} left while it was ${state}`)
    if (stored.exchange.sealed?.toString() !== text)
      this.#fault(`${key} left with other bytes than made durable`)
    const before = this.#left.get(key)
    if (before && before.bytes !== text) this.#fault(`${key} left with two bodies`)
    if (before && before.ended !== 'nothing left' && (MONEY.includes(infno) || GOODS.includes(infno)))
      this.#fault(`${key} was sent again blindly`)
  }

  /** A reversal or withdrawal that the gateway composed by itself. */
  #judgeUndoing(infno: string, msgid: string, input: { data: Record<string, string> }): void {
    const noted = [...this.#platter.stored.values()].filter(({ outcomes }) =>
      outcomes.some((outcome) => outcome.told?.includes(msgid)),
    )
    if (noted.length === 0) {
      this.#fault(`${infno} ${msgid} left before its intent was durable`)
      return
    }
    if (infno !== '2601') return
    const { omsgid, oinfno } = input.data
    const original = noted.find(
      ({ exchange }) => exchange.message === omsgid && exchange.transaction === oinfno,
    )
    if (!original) {
      this.#fault(`2601 of ${oinfno} ${omsgid}, noted elsewhere`)
      return
    }
    const { at: since } = original.exchange
    const about = aboutOf(original)
    const asked = (this.#asked.get(about) ?? []).filter((at) => at >= since).length
    if (asked < QUERIES_BEFORE_REVERSAL)
      this.#fault(`${oinfno} ${omsgid} was reversed after ${asked} queries`)
    // The first says that it is unknown, each further one that it was looked for in vain.
    const searched = original.outcomes.filter(({ state }) => state === 'unknown').length - 1
    if (searched < QUERIES_BEFORE_REVERSAL)
      this.#fault(`${oinfno} ${omsgid} was reversed after ${searched} durable searches`)
  }

  /** A question was answered readably. */
  asked(bytes: Buffer, at: number): void {
    const { infno, input } = JSON.parse(bytes.toString())
    const about = { '5203': input.data?.mdtrt_id, '5201': input.data?.psn_no }[infno as string]
    if (about) this.#asked.set(about, [...(this.#asked.get(about) ?? []), at])
  }
}
