/** A network that loses, delays, doubles and garbles, as much of it as a run has drawn. */

import { answer } from './book.ts'
import type { Dice } from './dice.ts'
import type { Faults, Trouble } from './faults.ts'
import { GOODS } from './goods.ts'
import { DEADLINE_MS } from './limits.ts'
import type { National } from './national-platform.ts'
import type { Province } from './province.ts'
import { PURCHASES } from './purchases.ts'
import type { Timeline } from './timeline.ts'

/** How long the national platform waits for a province: less than its own caller waits for it. */
const HOP_MS = 3_000
/** Longest way of such a message to the next party, of which there are two. */
const LEG_MS = DEADLINE_MS / 2 - 500

/** The way from the gateway to the platforms, and from the national one to the provinces. */
export class SimulatedNetwork {
  /** How often each kind of fault happened. */
  readonly made = new Map<string, number>()
  /** Told what reaches a platform. */
  seen: (line: string) => void = () => {}
  national!: National
  provinces!: ReadonlyMap<string, Province>
  readonly #timeline: Timeline
  readonly #dice: Dice
  readonly #faults: Faults
  /** The last answer that shows a settlement. */
  #shown = ''
  /** When the last answer of a platform arrived for one that was sent earlier than it. */
  #lastSent = 0

  constructor(timeline: Timeline, dice: Dice, faults: Faults) {
    this.#timeline = timeline
    this.#dice = dice
    this.#faults = faults
  }

  /** Counts a fault. */
  happened(kind: string): void {
    this.made.set(kind, (this.made.get(kind) ?? 0) + 1)
  }

  /** Whether faults still happen. */
  rough(): boolean {
    return this.#timeline.elapsed() < this.#faults.endMs
  }

  /** Throws for one fault. */
  happens(kind: string, probability: number): boolean {
    if (!this.rough() || !this.#dice.chance(probability)) return false
    this.happened(kind)
    return true
  }

  in(platform: string, kind: Trouble['kind']): boolean {
    const at = this.#timeline.elapsed()
    const found =
      this.rough() &&
      this.#faults.troubles.some(
        (trouble) =>
          trouble.platform === platform && trouble.kind === kind && at >= trouble.from && at < trouble.until,
      )
    if (found) this.happened(kind)
    return found
  }

  /** Whether a connection cannot be made, so that nothing leaves. */
  refuses(platform: string): boolean {
    return this.in(platform, 'refusing') || this.happens('connection refused', this.#faults.refused)
  }

  /**
   * Nothing reverses a sale, an order that was never answered, or a refund, so one that arrives after it was looked for in vain
   * stands against the journal: that is left to people.
   */
  #inTime(bytes: string, ms: number): number {
    const { infno } = JSON.parse(bytes)
    if (GOODS.includes(infno)) return Math.min(ms, DEADLINE_MS - 1_000)
    return PURCHASES.includes(infno) || infno === '6203' ? Math.min(ms, LEG_MS) : ms
  }

  /** Carries a request to a platform and its answer back; `back` may be called twice, late, or never. */
  deliver(platform: string, bytes: string, back: (answer: Buffer) => void): void {
    const sent = this.#timeline.elapsed()
    const arrive = () => {
      if (sent < this.#lastSent) this.happened('reordered')
      this.#lastSent = Math.max(this.#lastSent, sent)
      this.#arrive(platform, bytes, (body) => this.#return(platform, body, back))
    }
    if (this.happens('duplicate', this.#faults.duplicate))
      this.#timeline.after(this.#inTime(bytes, this.#dice.between(0, 40_000)), arrive)
    if (this.in(platform, 'silent') || this.happens('request lost', this.#faults.loss / 2)) return
    this.#timeline.after(this.#inTime(bytes, this.#delay(platform)), arrive)
  }

  /** The hop behind the national platform: silence when nothing readable came in time. */
  hop(platform: string, bytes: string, back: (body: string | null) => void): void {
    let open = true
    const once = (body: string | null) => {
      if (open) back(body)
      open = false
    }
    this.#timeline.after(HOP_MS, () => once(null))
    if (this.refuses(platform) || this.in(platform, 'silent')) return
    if (this.happens('request lost', this.#faults.loss / 2)) return
    this.#timeline.after(this.#inTime(bytes, this.#delay(platform)), () =>
      this.#arrive(platform, bytes, (body) => {
        if (this.happens('answer lost', this.#faults.loss / 2)) return
        this.#timeline.after(this.#delay(platform), () => once(body))
      }),
    )
  }

  #arrive(platform: string, bytes: string, respond: (body: string) => void): void {
    const { infno, msgid } = JSON.parse(bytes)
    this.seen(`reaches   ${infno} …${msgid.slice(-6)} at ${platform}`)
    if (platform === 'national') this.national.receive(bytes, respond)
    else respond(this.provinces.get(platform)!.receive(bytes))
  }

  #return(platform: string, body: string, back: (answer: Buffer) => void): void {
    if (this.happens('answer lost', this.#faults.loss / 2)) return
    const text = this.happens('garbled', this.#faults.garbled) ? this.#garbled(body) : body
    if (body.includes('"setl_id"')) this.#shown = body
    this.#timeline.after(this.#delay(platform), () => back(Buffer.from(text)))
  }

  #garbled(body: string): string {
    const ways = [
      () => '',
      () => '<html>502 Bad Gateway</html>',
      () => body.slice(0, Math.floor(body.length / 2)),
      () => answer(-1, null, '参保地处理超时，请稍后重试'),
      () => body.replace('"infcode":0', '"infcode":null').replace('"infcode":-1', '"infcode":""'),
      () => body.replace(/"setl_id":"\w+"/, '"setl_id":""').replace('"infcode":-1', '"infcode":"?"'),
      () => body.replace(/"fund_pay_sumamt":/, '"fund_pay_sumamt":1').replace('"infcode":-1', '"infcode":[]'),
    ]
    const another = this.#shown
    // What shows nothing of whose it is cannot be told from an own answer.
    if (body.includes('"setl_id"') && another) ways.push(() => another)
    if (body.includes('"fundPay"'))
      ways.push(
        () => body.replace('"fundPay":"', '"fundPay":"1'),
        () => body.replace('"payOrdId":"', '"payOrdId":"X'),
      )
    const garbled = this.#dice.pick(ways)()
    // What cannot be told from a good answer is no garbling: it would be the platform that lied.
    return garbled === body ? '{}' : garbled
  }

  #delay(platform: string): number {
    const usual = 2 + this.#dice.next() * 60
    if (this.in(platform, 'slow')) return usual + this.#dice.between(500, 12_000)
    return this.happens('late', this.#faults.late) ? usual + this.#dice.between(1_000, 25_000) : usual
  }
}
