/**
 * Destinations: where a message goes by its two areas, each with its own breaker and bulkhead. Across provinces the way
 * leads through the national platform, yet every insured province behind it is a destination of its own: one that hangs
 * must not take the room of the others.
 */
import CircuitBreaker from 'opossum'
import { type Area, provinceOf, relationOf } from '../domain/area.ts'
import { type Network, NetworkFault } from './network.ts'

/** A destination by its areas. */
export interface Destination {
  /** `620000`, or `national/430000` for an insured province behind the national platform. */
  readonly id: string
  /** Whose address is called: `national` or a province code. */
  readonly platform: string
}

/**
 * The destination of a message.
 * Source: cross-region rules section 3 [F: R2, R3]; design: across provinces always through the national platform.
 */
export function destinationOf(insured: Area, treatment: Area): Destination {
  if (relationOf(insured, treatment) === 'cross') {
    return { id: `national/${provinceOf(insured)}`, platform: 'national' }
  }
  const province = provinceOf(treatment)
  return { id: province, platform: province }
}

/** A call that brought no usable answer; `sent` is false only where nothing has left. */
export class TransportFault extends Error {
  override readonly name = 'TransportFault'
  readonly sent: boolean

  constructor(sent: boolean, message: string, cause?: unknown) {
    super(message, { cause })
    this.sent = sent
  }
}

/** The only way out of the gateway. */
export interface Transport {
  /**
   * Sends bytes and reads the answer; reading is part of the call, so that an unreadable answer counts against the
   * destination too.
   *
   * @param read throws where the answer is none
   * @throws {TransportFault}
   */
  send<Answer>(
    destination: Destination,
    body: Buffer,
    deadlineMs: number,
    read: (answer: Buffer) => Answer,
  ): Promise<Answer>
  /** State of each breaker that was used: `closed`, `open`, `half-open`. */
  states(): Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Calls at once to one destination; more are turned away at once rather than queued behind a slow party. */
const CALLS_MAX = 64
/** Share of faults in percent, and calls in the window, from which a breaker opens. */
const FAULTS_PERCENT = 50
const CALLS_MIN = 10
const WINDOW_MS = 10_000
/** How long an open breaker refuses before it lets one call try. */
const OPEN_MS = 5_000

/** Codes of opossum for a call that it did not make. */
const TURNED_AWAY = new Set(['EOPENBREAKER', 'ESEMLOCKED', 'ESHUTDOWN'])

type Call = () => Promise<unknown>

/**
 * Opens the transport.
 *
 * @param addresses by platform: `national`, `620000` …
 */
export function createTransport(network: Network, addresses: Readonly<Record<string, string>>): Transport {
  const breakers = new Map<string, CircuitBreaker<[Call], unknown>>()

  function breakerOf(id: string): CircuitBreaker<[Call], unknown> {
    const known = breakers.get(id)
    if (known) return known
    const breaker = new CircuitBreaker<[Call], unknown>((call: Call) => call(), {
      name: id,
      timeout: false,
      capacity: CALLS_MAX,
      errorThresholdPercentage: FAULTS_PERCENT,
      volumeThreshold: CALLS_MIN,
      rollingCountTimeout: WINDOW_MS,
      rollingCountBuckets: 10,
      rollingPercentilesEnabled: false,
      resetTimeout: OPEN_MS,
      // A call that was turned away for want of room says nothing about the destination.
      errorFilter: (cause: { code?: string }) => cause.code === 'ESEMLOCKED',
    })
    breakers.set(id, breaker)
    return breaker
  }

  return {
    async send<Answer>(
      destination: Destination,
      body: Buffer,
      deadlineMs: number,
      read: (answer: Buffer) => Answer,
    ) {
      const url = addresses[destination.platform]
      if (!url) throw new TransportFault(false, `no address is set for ${destination.platform}`)
      const call = async () => read(await network.post(url, body, deadlineMs))
      try {
        return (await breakerOf(destination.id).fire(call)) as Answer
      } catch (cause) {
        const code = (cause as { code?: string }).code
        const left =
          cause instanceof NetworkFault ? cause.sent : !(code !== undefined && TURNED_AWAY.has(code))
        throw new TransportFault(left, cause instanceof Error ? cause.message : String(cause), cause)
      }
    },
    states: () =>
      Object.fromEntries(
        [...breakers].map(([id, breaker]) => [
          id,
          breaker.opened ? 'open' : breaker.halfOpen ? 'half-open' : 'closed',
        ]),
      ),
    async close() {
      for (const breaker of breakers.values()) breaker.shutdown()
      await network.close()
    },
  }
}
