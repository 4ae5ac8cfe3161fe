/** The only way out of the gateway: a channel for each kind of traffic to each destination, and a prober a destination. */
import { shanghaiTime } from '../domain/day.ts'
import { EventLoop } from '../event-loop.ts'
import type { Message } from '../extension/dialect.ts'
import type { Clock, Random } from '../ports.ts'
import type { BreakerEvents } from './breaker.ts'
import { Call, type Sending, type Sent, type Traffic } from './call.ts'
import { Channel, type Surroundings } from './channel.ts'
import type { Destination } from './destinations.ts'
import { type Refused, TransportFault, UNREACHED_AGAIN_MS } from './fault.ts'
import type { Heard, Network } from './network.ts'
import { type Probe, Prober } from './prober.ts'

/** How one channel stands, for people and for figures. */
export interface Standing {
  readonly destination: string
  readonly traffic: Traffic
  readonly breaker: 'closed' | 'open'
  /** Since when it is open, in Shanghai time, and what was noticed: silence, or faults. */
  readonly since: string | null
  readonly why: 'silence' | 'faults' | null
  /** Calls at once that it takes just now, that are under way, that wait for room. */
  readonly limit: number
  readonly inFlight: number
  readonly waiting: number
  /** Milliseconds that an answer usually takes; null before the first. */
  readonly usualMs: number | null
  /** Calls turned away unsent since the start. */
  readonly turnedAway: number
  /** The last question of our own, and whether it was answered; null where none was needed. */
  readonly lastProbe: { readonly at: string; readonly answered: boolean } | null
}

/** How often the breaker of one channel has seen each kind of event since the start. */
export interface BreakerCounts extends Pick<Standing, 'destination' | 'traffic'> {
  readonly events: BreakerEvents
}

/** The only way out of the gateway. */
export interface Transport {
  /**
   * Sends bytes and reads the answer; reading is part of the call, so that an unreadable answer counts against the
   * destination too.
   *
   * @param read throws where the answer is none; may be told how it came
   * @throws {TransportFault}
   */
  send<Answer>(sending: Sending, read: (answer: Buffer, heard?: Heard) => Answer): Promise<Sent<Answer>>
  /** Whether nothing of a caller's leaves for a destination just now. */
  isDown(destination: Destination, traffic: Traffic): boolean
  /** Why a caller's message would be refused just now, where its destination is known to be down; it counts as refused. */
  refusal(destination: Destination, traffic: Traffic): Refused | null
  /** Calls that wait for a platform: for its answer, or for room at it. */
  pending(): number
  /** Every channel that was used. */
  standing(): readonly Standing[]
  /** What the breaker of each of these has counted. */
  breakerCounts(): readonly BreakerCounts[]
  close(): Promise<void>
}

/** What a transport works with. */
export interface TransportPorts {
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  /** The loop that all this runs in; absent: it is measured for the transport alone. */
  readonly loop?: EventLoop
  /** By platform: `national`, `620000` … */
  readonly addresses: Readonly<Record<string, string>>
  /** Makes a question of our own with the head of a message. */
  probe(message: Message): Probe
}

interface Party {
  readonly url: string
  readonly channels: Readonly<Record<Traffic, Channel>>
  readonly prober: Prober
}

const UNREACHED = { why: 'unreached', since: null, againMs: UNREACHED_AGAIN_MS } as const

/** Opens the transport. */
export function createTransport(ports: TransportPorts): Transport {
  const { network, clock, addresses, loop = new EventLoop(clock) } = ports
  const parties = new Map<string, Party>()
  let closed = false

  function partyOf({ id, platform }: Destination): Party | null {
    const known = parties.get(id)
    if (known) return known
    const url = addresses[platform]
    if (!url) return null
    const opened = openParty({ ...ports, loop }, url)
    parties.set(id, opened)
    return opened
  }

  return {
    send<Answer>(sending: Sending, read: (answer: Buffer, heard?: Heard) => Answer) {
      return new Promise<Sent<Answer>>((resolve, reject) => {
        const party = partyOf(sending.destination)
        if (party && !closed) {
          const call = new Call(sending, party.url, read, clock.elapsed(), resolve, reject)
          party.channels[sending.traffic].take(call)
        } else {
          const text = closed
            ? 'the transport is closed'
            : `no address is set for ${sending.destination.platform}`
          reject(new TransportFault(text, { refused: UNREACHED }))
        }
      })
    },
    isDown: ({ id }, traffic) => parties.get(id)?.channels[traffic].isDown ?? false,
    refusal: ({ id }, traffic) => parties.get(id)?.channels[traffic].refusal() ?? null,
    pending() {
      let sum = 0
      for (const { channels } of parties.values())
        for (const channel of Object.values(channels)) sum += channel.pending
      return sum
    },
    standing: () => [...parties].flatMap(([id, party]) => standingsOf(id, party)),
    breakerCounts: () =>
      [...parties].flatMap(([destination, { channels }]) =>
        (['changes', 'questions'] as const).map((traffic) => ({
          destination,
          traffic,
          events: channels[traffic].breakerEvents,
        })),
      ),
    async close() {
      closed = true
      for (const { channels, prober } of parties.values()) {
        prober.close()
        for (const channel of Object.values(channels)) channel.close()
      }
      await network.close()
    },
  }
}

/** A destination as the transport knows it. An answer to a question of our own opens both its channels again. */
function openParty(
  { network, clock, random, loop, probe }: TransportPorts & { readonly loop: EventLoop },
  url: string,
): Party {
  const up = () => {
    prober.stop()
    for (const channel of Object.values(channels)) channel.up()
  }
  const around: Surroundings = {
    network,
    clock,
    loop,
    down: (call) => prober.down(call.sending.message),
    heard: (now) => (now ? up() : prober.hurry()),
    proven: () => prober.proven(),
    againMs: () => prober.againMs,
  }
  const channels = { changes: new Channel(around), questions: new Channel(around) }
  const lateMs = () => {
    const { questions, changes } = channels
    return (questions.usual.answers > 0 ? questions : changes).usual.lateMs
  }
  const prober = new Prober({ network, clock, random, url, probe, lateMs, up })
  return { url, channels, prober }
}

function standingsOf(destination: string, { channels, prober }: Party): Standing[] {
  const { last } = prober
  const lastProbe = last && { at: shanghaiTime(last.at), answered: last.answered }
  return Object.entries(channels).flatMap(([traffic, channel]) => {
    const { opening, ...figures } = channel.standing()
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
