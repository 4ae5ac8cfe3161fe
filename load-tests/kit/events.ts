/** What happened when: platforms that go dark and come back, breakers, the first no and the first yes after. */
import { get } from '../parties.ts'
import type { Sample } from './sender.ts'

/** Something that happened, in milliseconds from the start of the run. */
export interface Event {
  readonly atMs: number
  readonly zh: string
  readonly en: string
}

const STATES: Readonly<Record<string, string>> = { open: '断开', closed: '闭合', 'half-open': '半开' }

/** Collects events. */
export class Events {
  readonly list: Event[] = []
  readonly #province: string | null
  readonly #elapsed: () => number
  #darkAt: number | null = null
  #backAt: number | null = null
  readonly #firsts = new Set<string>()
  /** The last message of a destination that was no use although its endpoint was back. */
  readonly #lastNo = new Map<string, Sample>()
  /** Null before the first look: what was so before the run is no event of it. */
  #states: Readonly<Record<string, string>> | null = null

  /** @param province the one that goes dark, or null */
  constructor(province: string | null, elapsed: () => number) {
    this.#province = province
    this.#elapsed = elapsed
  }

  add(zh: string, en: string): void {
    this.list.push({ atMs: this.#elapsed(), zh, en })
  }

  /** The endpoint went dark, or came back. */
  turned(state: 'dark' | 'back'): void {
    const at = this.#elapsed()
    if (state === 'dark') this.#darkAt = at
    else this.#backAt = at
    if (state === 'dark') this.add(`${this.#province} 停止应答`, `${this.#province} went dark`)
    else this.add(`${this.#province} 恢复应答`, `${this.#province} came back`)
  }

  /** The stretch in which the endpoint was dark, in seconds from the start; null if it never was. */
  darkness(): readonly [number, number] | null {
    if (this.#darkAt === null) return null
    return [this.#darkAt / 1000, (this.#backAt ?? this.#elapsed()) / 1000]
  }

  #tell({ destination, endMs }: Sample, since: number, zh: string, en: string): void {
    const after = (endMs - since).toFixed(0)
    this.list.push({
      atMs: endMs,
      zh: `${destination} ${zh}，${after}毫秒之后`,
      en: `${destination}: ${en}, ${after} ms later`,
    })
  }

  #once(name: string, sample: Sample, since: number, zh: string, en: string): void {
    const key = `${name} ${sample.destination}`
    if (this.#firsts.has(key)) return
    this.#firsts.add(key)
    this.#tell(sample, since, zh, en)
  }

  /** Looks at a message to or from the dark province. */
  see(sample: Sample): void {
    if (this.#province === null || !sample.destination.endsWith(this.#province)) return
    const { outcome, dueMs } = sample
    if (this.#darkAt !== null && outcome !== 'yes' && outcome !== 'refused') {
      const name = outcome === 'unsent' ? 'unsent' : 'silent'
      if (name === 'unsent')
        this.#once(name, sample, this.#darkAt, '首次不发出即拒绝', 'first refused unsent')
      else this.#once(name, sample, this.#darkAt, '首笔等到时限仍无结果', 'first that waited in vain')
    }
    if (this.#backAt === null || dueMs < this.#backAt) return
    if (outcome === 'yes')
      this.#once('success', sample, this.#backAt, '恢复后首笔成功', 'first success after it came back')
    else if (outcome !== 'refused') this.#lastNo.set(sample.destination, sample)
  }

  /** Every message has been answered: what was the last that the way back cost. */
  visitsEnded(): void {
    for (const sample of this.#lastNo.values())
      this.#tell(sample, this.#backAt!, '恢复后最后一笔未成功', 'last one in vain after it came back')
  }

  /** Asks the gateway for its breakers and notes what has changed since it was asked last. */
  async lookAtDestinations(gateway: string): Promise<void> {
    const page = await get<{ breakers?: Record<string, string> }>(gateway, '/v1/destinations').catch(
      () => null,
    )
    const states = page?.breakers ?? {}
    for (const [destination, state] of Object.entries(states)) {
      if (this.#states && state !== (this.#states[destination] ?? 'closed'))
        this.add(`${destination} 熔断器${STATES[state] ?? state}`, `breaker of ${destination}: ${state}`)
    }
    this.#states = states
  }
}
