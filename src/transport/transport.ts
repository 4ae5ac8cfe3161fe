/** The only way out of the gateway: one channel per destination and kind of traffic, and one prober per destination. */
import { shanghaiTime } from '../domain/day.ts'
import { EventLoop } from '../event-loop.ts'
import type { Message } from '../extension/dialect.ts'
import type { Clock, Random } from '../ports.ts'
import type { BreakerEvents } from './breaker.ts'
import { Call, type CallResult, type Sending, type Traffic } from './call.ts'
import { Channel, type ChannelPorts } from './channel.ts'
import type { Destination } from './destinations.ts'
import { type Refused, TransportFault, UNREACHED_AGAIN_MS } from './fault.ts'
import type { Heard, Network } from './network.ts'
import { type Probe, Prober } from './prober.ts'

/** The state of one channel, for operators and metrics. */
export interface ChannelStatus {
  readonly destination: string
  readonly traffic: Traffic
  readonly breaker: 'closed' | 'open'
  /** When the breaker opened, in Shanghai time, and why; null while it is closed. */
  readonly since: string | null
  readonly why: 'silence' | 'faults' | null
  /** The concurrency limit, the calls under way, the calls in the queue. */
  readonly limit: number
  readonly inFlight: number
  readonly waiting: number
  /** Milliseconds that an answer usually takes; null before the first. */
  readonly usualMs: number | null
  /** Calls refused unsent since the start. */
  readonly turnedAway: number
  /** The last probe, and whether it was answered; null if there was none. */
  readonly lastProbe: { readonly at: string; readonly answered: boolean } | null
}

/** How often the breaker of one channel has seen each kind of event since the start. */
export interface BreakerCounts extends Pick<ChannelStatus, 'destination' | 'traffic'> {
  readonly events: BreakerEvents
}

/** The only way out of the gateway. */
export interface Transport {
  /**
   * Sends bytes and reads the answer. Reading is part of the call: an unreadable answer counts as a fault of the
   * destination.
   *
   * @param read throws if the answer is unusable; `heard` says how it came, if that is known
   * @throws {TransportFault}
   */
  send<Answer>(sending: Sending, read: (answer: Buffer, heard?: Heard) => Answer): Promise<CallResult<Answer>>
  /** Whether the breaker is open: no call of a caller leaves. */
  isDown(destination: Destination, traffic: Traffic): boolean
  /** Why a caller's message would be refused now, if the breaker is open; it counts as refused. */
  refusal(destination: Destination, traffic: Traffic): Refused | null
  /** Calls to all platforms that wait for an answer or in a queue. */
  pending(): number
  /** Every channel of every destination that was used. */
  status(): readonly ChannelStatus[]
  /** What the breaker of each of these channels has counted. */
  breakerCounts(): readonly BreakerCounts[]
  close(): Promise<void>
}

/** What a transport needs. */
export interface TransportPorts {
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  /** The event loop of the process; absent: measured for the transport alone. */
  readonly loop?: EventLoop
  /** Addresses by platform: `national`, `620000` … */
  readonly addresses: Readonly<Record<string, string>>
  /** Makes a probe with the head of a message. */
  probe(message: Message): Probe
}

interface Endpoint {
  readonly url: string
  readonly channels: Readonly<Record<Traffic, Channel>>
  readonly prober: Prober
}

const UNREACHED = { why: 'unreached', since: null, againMs: UNREACHED_AGAIN_MS } as const

/** Opens the transport. */
export function createTransport(ports: TransportPorts): Transport {
  const { network, clock, addresses, loop = new EventLoop(clock) } = ports
  const endpoints = new Map<string, Endpoint>()
  let closed = false

  function endpointOf({ id, platform }: Destination): Endpoint | null {
    const known = endpoints.get(id)
    if (known) return known
    const url = addresses[platform]
    if (!url) return null
    const opened = openEndpoint({ ...ports, loop }, url)
    endpoints.set(id, opened)
    return opened
  }

  return {
    send<Answer>(sending: Sending, read: (answer: Buffer, heard?: Heard) => Answer) {
      return new Promise<CallResult<Answer>>((resolve, reject) => {
        const endpoint = endpointOf(sending.destination)
        if (endpoint && !closed) {
          const call = new Call(sending, endpoint.url, read, clock.elapsed(), resolve, reject)
          endpoint.channels[sending.traffic].take(call)
        } else {
          const text = closed
            ? 'the transport is closed'
            : `no address is set for ${sending.destination.platform}`
          reject(new TransportFault(text, { refused: UNREACHED }))
        }
      })
    },
    isDown: ({ id }, traffic) => endpoints.get(id)?.channels[traffic].isDown ?? false,
    refusal: ({ id }, traffic) => endpoints.get(id)?.channels[traffic].refusal() ?? null,
    pending() {
      let sum = 0
      for (const { channels } of endpoints.values())
        for (const channel of Object.values(channels)) sum += channel.pending
      return sum
    },
    status: () => [...endpoints].flatMap(([id, endpoint]) => statusOf(id, endpoint)),
    breakerCounts: () =>
      [...endpoints].flatMap(([destination, { channels }]) =>
        (['changes', 'questions'] as const).map((traffic) => ({
          destination,
          traffic,
          events: channels[traffic].breakerEvents,
        })),
      ),
    async close() {
      closed = true
      for (const { channels, prober } of endpoints.values()) {
        prober.close()
        for (const channel of Object.values(channels)) channel.close()
      }
      await network.close()
    },
  }
}

/** Opens a destination. An answer to a probe closes the breakers of both its channels. */
function openEndpoint(
  { network, clock, random, loop, probe }: TransportPorts & { readonly loop: EventLoop },
  url: string,
): Endpoint {
  const up = () => {
    prober.stop()
    for (const channel of Object.values(channels)) channel.up()
  }
  const channelPorts: ChannelPorts = {
    network,
    clock,
    loop,
    down: (call) => prober.down(call.sending.message),
    heard: (isNew) => (isNew ? up() : prober.hurry()),
    proven: () => prober.proven(),
    againMs: () => prober.againMs,
  }
  const channels = { changes: new Channel(channelPorts), questions: new Channel(channelPorts) }
  const lateMs = () => {
    const { questions, changes } = channels
    return (questions.latency.answers > 0 ? questions : changes).latency.lateMs
  }
  const prober = new Prober({ network, clock, random, url, probe, lateMs, up })
  return { url, channels, prober }
}

function statusOf(destination: string, { channels, prober }: Endpoint): ChannelStatus[] {
  const { last } = prober
  const lastProbe = last && { at: shanghaiTime(last.at), answered: last.answered }
  return Object.entries(channels).flatMap(([traffic, channel]) => {
    const { opening, ...figures } = channel.status()
    return {
      destination,
      traffic: traffic as Traffic,
      breaker: opening ? 'open' : 'closed',
      since: opening && shanghaiTime(opening.since),
      why: opening?.why ?? null,
      ...figures,
      lastProbe,
    }
  })
}
