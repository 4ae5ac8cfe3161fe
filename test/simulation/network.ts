/** A network that loses, delays, doubles and garbles; which of it, and how much, is drawn once a run. */
import type { Dice } from './dice.ts'
import type { National, Province } from './platforms.ts'
import type { Timeline } from './timeline.ts'

/** What goes wrong in a run. */
export interface Faults {
  /** Nothing goes wrong from here on, in milliseconds since the beginning. */
  readonly endMs: number
  readonly loss: number
  readonly duplicate: number
  readonly late: number
  readonly garbled: number
  readonly refused: number
  readonly refusals: number
  /** Windows in which a platform is slow, silent, refuses connections, or has stopped as announced. */
  readonly troubles: readonly Trouble[]
  readonly crashes: readonly number[]
  /** Chance that a send, an answer or a commit is the moment of a crash. */
  readonly crashAtStep: number
  readonly diskFaultAt: number | null
  readonly gaps: Gaps
}

/** Behaviours that the core is known not to survive yet; what is true here is left out of a run. */
export interface Gaps {
  /** Hospitals send 2601 themselves. */
  readonly ownReversals: boolean
  /** The answer of 5203 shows amounts that do not add up. */
  readonly garbledEvidence: boolean
  /** A 2601 arrives long after it was sent, when a restart has gone back to asking. */
  readonly lateReversals: boolean
}

interface Trouble {
  readonly platform: string
  readonly kind: 'slow' | 'silent' | 'refusing' | 'stopped'
  readonly from: number
  readonly until: number
}

const PLATFORMS = ['national', '620000', '340000']

/** Draws what goes wrong. One run in twelve is quiet, so that a fault of the simulation itself shows. */
export function drawFaults(dice: Dice, gaps: Gaps): Faults {
  const endMs = dice.between(20_000, 90_000)
  const some = (most: number) => (dice.chance(0.6) ? dice.next() * most : 0)
  const times = (most: number) =>
    Array.from({ length: dice.between(0, most) }, () => dice.between(0, Math.min(endMs, 40_000)))
  if (dice.chance(1 / 12)) {
    const nothing = { loss: 0, duplicate: 0, late: 0, garbled: 0, refused: 0, refusals: 0 }
    return { endMs, ...nothing, troubles: [], crashes: [], crashAtStep: 0, diskFaultAt: null, gaps }
  }
  return {
    endMs,
    loss: some(0.3),
    duplicate: some(0.3),
    late: some(0.2),
    garbled: some(0.15),
    refused: some(0.15),
    refusals: some(0.15),
    troubles: Array.from({ length: dice.between(0, 2) }, () => {
      const from = dice.between(0, 30_000)
      const kind = dice.pick(['slow', 'silent', 'refusing', 'stopped'] as const)
      return { platform: dice.pick(PLATFORMS), kind, from, until: from + dice.between(1_000, 30_000) }
    }),
    crashes: dice.chance(0.6) ? times(3) : [],
    crashAtStep: dice.chance(0.3) ? 0.01 : 0,
    diskFaultAt: dice.chance(0.12) ? dice.between(0, 15_000) : null,
    gaps,
  }
}

/** The way from the gateway to the platforms, and from the national one to the provinces. */
export class SimulatedNetwork {
  made = 0
  /** Told what reaches a platform. */
  seen: (line: string) => void = () => {}
  national!: National
  provinces!: ReadonlyMap<string, Province>
  readonly #timeline: Timeline
  readonly #dice: Dice
  readonly #faults: Faults

  constructor(timeline: Timeline, dice: Dice, faults: Faults) {
    this.#timeline = timeline
    this.#dice = dice
    this.#faults = faults
  }

  /** Whether faults still happen. */
  rough(): boolean {
    return this.#timeline.elapsed() < this.#faults.endMs
  }

  /** Throws for one fault. */
  happens(probability: number): boolean {
    if (!this.rough() || !this.#dice.chance(probability)) return false
    this.made += 1
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
    if (found) this.made += 1
    return found
  }

  /** Whether a connection cannot be made, so that nothing leaves. */
  refuses(platform: string): boolean {
    return this.in(platform, 'refusing') || this.happens(this.#faults.refused)
  }

  /** Carries a request to a platform and its answer back; `back` may be called twice, late, or never. */
  deliver(platform: string, bytes: string, back: (answer: Buffer) => void): void {
    const { infno } = JSON.parse(bytes)
    const arrive = () => this.#arrive(platform, bytes, (body) => this.#return(platform, infno, body, back))
    if (!this.#prompt(infno) && this.happens(this.#faults.duplicate))
      this.#timeline.after(this.#dice.between(0, 40_000), arrive)
    if (this.in(platform, 'silent') || this.happens(this.#faults.loss / 2)) return
    this.#timeline.after(this.#prompt(infno) ? 1 : this.#delay(platform), arrive)
  }

  /** The hop behind the national platform: silence when nothing readable came in time. */
  hop(platform: string, bytes: string, back: (body: string | null) => void): void {
    let open = true
    const once = (body: string | null) => {
      if (open) back(body)
      open = false
    }
    this.#timeline.after(HOP_MS, () => once(null))
    if (this.refuses(platform) || this.in(platform, 'silent') || this.happens(this.#faults.loss / 2)) return
    const delay = this.#prompt(JSON.parse(bytes).infno) ? 1 : this.#delay(platform)
    this.#timeline.after(delay, () =>
      this.#arrive(platform, bytes, (body) => {
        if (this.happens(this.#faults.loss / 2)) return
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

  /** A reversal must arrive at once or never while the core cannot bear a late one. */
  #prompt(infno: string): boolean {
    return this.#faults.gaps.lateReversals && infno === '2601'
  }

  #return(platform: string, infno: string, body: string, back: (answer: Buffer) => void): void {
    if (this.happens(this.#faults.loss / 2)) return
    const whole = this.#faults.gaps.garbledEvidence && infno === '5203'
    const text = !whole && this.happens(this.#faults.garbled) ? this.#garbled(body) : body
    this.#timeline.after(this.#delay(platform), () => back(Buffer.from(text)))
  }

  #garbled(body: string): string {
    const ways = [
      () => '',
      () => '<html>502 Bad Gateway</html>',
      () => body.slice(0, Math.floor(body.length / 2)),
      () => body.replace('"infcode":0', '"infcode":null').replace('"infcode":-1', '"infcode":""'),
      () => body.replace(/"setl_id":"\w+"/, '"setl_id":""').replace('"infcode":-1', '"infcode":"?"'),
      () => body.replace(/"fund_pay_sumamt":/, '"fund_pay_sumamt":1').replace('"infcode":-1', '"infcode":[]'),
    ]
    const garbled = this.#dice.pick(ways)()
    // What cannot be told from a good answer is no garbling: it would be the platform that lied.
    return garbled === body ? '{}' : garbled
  }

  #delay(platform: string): number {
    const usual = 2 + this.#dice.next() * 60
    if (this.in(platform, 'slow')) return usual + this.#dice.between(500, 12_000)
    return this.happens(this.#faults.late) ? usual + this.#dice.between(1_000, 25_000) : usual
  }
}

/** How long the national platform waits for a province: less than its own caller waits for it. */
const HOP_MS = 3_000
