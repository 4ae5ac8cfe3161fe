/** Shared by the tests of the transport: virtual time, and destinations that answer, are silent or fail as they are told. */
import type { Area } from '../../src/domain/area.ts'
import type { Message } from '../../src/extension/dialect.ts'
import type { Clock } from '../../src/ports.ts'
import type { Sending } from '../../src/transport/call.ts'
import { type Destination, destinationOf } from '../../src/transport/destinations.ts'
import type { TransportFault } from '../../src/transport/fault.ts'
import { type Network, NetworkFault } from '../../src/transport/network.ts'
import { createTransport, type Transport } from '../../src/transport/transport.ts'
import { Timeline } from '../simulation/timeline.ts'

export const GANSU = destinationOf('620102' as Area, '621002' as Area)
export const HUNAN = destinationOf('430100' as Area, '620102' as Area)
export const ANHUI = destinationOf('340100' as Area, '620102' as Area)
export const GUANGDONG = destinationOf('440100' as Area, '620102' as Area)
export const ADDRESSES = { national: 'http://national.invalid', '620000': 'http://gansu.invalid' }
export const BUDGET_MS = 25_000
/** The body of a question of our own. */
export const PROBE = 'probe'

/** What a network does with a call: answers after so many milliseconds, never, is not reached, or answers garbage. */
export type Does = number | 'silent' | 'unreached' | 'garbage'

/** What came of a call, and when it was told. */
export interface Told {
  readonly answer: string | null
  readonly fault: TransportFault | null
  readonly beganAt: number
  readonly tookMs: number
}

/** A call that was posted. */
export interface Posted {
  readonly url: string
  readonly body: string
  readonly deadlineMs: number
  readonly at: number
}

/** A transport in virtual time. */
export interface Bench {
  readonly timeline: Timeline
  readonly transport: Transport
  readonly posts: Posted[]
  /** What the network does with each call; may be changed at any time. */
  does: (body: string, posts: number) => Does
  /** No answer comes any more, not even to what it has taken already. */
  hangs: boolean
  /** The process of the gateway stands still until then: its timers first, what it has not read after them. */
  stillUntil: number
  send(destination?: Destination, more?: Partial<Sending>, body?: string): Promise<Told>
  /** So many calls a second for a while. @returns what they came to, as far as it is known */
  traffic(perSecond: number, forMs: number, ...rest: Parameters<Bench['send']>): Promise<Told[]>
  pass(ms: number): Promise<void>
  /** The one channel that was asked for. */
  status(destination?: Destination, traffic?: Sending['traffic']): ReturnType<Transport['status']>[number]
}

/** @param does what the network does at the beginning */
export function bench(does: Bench['does'], addresses: Readonly<Record<string, string>> = ADDRESSES): Bench {
  const timeline = new Timeline(Date.UTC(2026, 2, 2, 1, 12))
  const clock: Clock = {
    now: () => timeline.now(),
    elapsed: () => timeline.elapsed(),
    after: (ms, callback) => awake(ms, 0, callback),
  }
  /** Calls back when the process does not stand still. */
  function awake(ms: number, afterMs: number, callback: () => void): () => void {
    let cancel = timeline.after(ms, () => {
      const leftMs = made.stillUntil - timeline.elapsed()
      if (leftMs <= 0) callback()
      else cancel = timeline.after(leftMs + afterMs, callback)
    })
    return () => cancel()
  }
  const posts: Posted[] = []
  const network: Network = {
    post(url, bytes, deadlineMs) {
      const body = bytes.toString()
      posts.push({ url, body, deadlineMs, at: timeline.elapsed() })
      const doing = made.does(body, posts.length)
      return new Promise((resolve, reject) => {
        if (doing === 'unreached') timeline.after(1, () => reject(new NetworkFault(false, null)))
        else if (doing === 'garbage') timeline.after(1, () => resolve(Buffer.from('garbage')))
        else if (doing === 'silent' || doing >= deadlineMs)
          timeline.after(deadlineMs, () => reject(new NetworkFault(true, new Error('deadline'))))
        else
          awake(doing, 1, () => {
            if (!made.hangs) resolve(Buffer.from(`answer to ${body}`))
            else
              timeline.after(deadlineMs - doing, () => reject(new NetworkFault(true, new Error('deadline'))))
          })
      })
    },
    close: async () => {},
  }
  const probe = () => ({ body: Buffer.from(PROBE), read })
  const random = { next: () => 0.5, token: () => 'token' }
  const transport = createTransport({ network, clock, random, addresses, probe })
  const made: Bench = {
    timeline,
    transport,
    posts,
    does,
    hangs: false,
    stillUntil: 0,
    send(destination = HUNAN, more = {}, body = 'call') {
      const beganAt = timeline.elapsed()
      const sending: Sending = {
        destination,
        traffic: 'changes',
        body: Buffer.from(body),
        message: {} as Message,
        budgetMs: BUDGET_MS,
        from: 'caller',
        ...more,
      }
      const tookMs = () => timeline.elapsed() - beganAt
      return transport.send(sending, read).then(
        ({ answer }) => ({ answer, fault: null, beganAt, tookMs: tookMs() }),
        (fault: TransportFault) => ({ answer: null, fault, beganAt, tookMs: tookMs() }),
      )
    },
    async traffic(perSecond, forMs, ...rest) {
      const told: Told[] = []
      const calls = Math.floor((perSecond * forMs) / 1000)
      for (let index = 0; index < calls; index += 1) {
        void made.send(...rest).then((one) => told.push(one))
        await made.pass(1000 / perSecond)
      }
      return told
    },
    async pass(ms) {
      const until = timeline.elapsed() + ms
      timeline.after(ms, () => {})
      await timeline.run(until)
    },
    status(destination = HUNAN, traffic = 'changes') {
      return transport.status().find((one) => one.destination === destination.id && one.traffic === traffic)!
    },
  }
  return made
}

function read(answer: Buffer): string {
  const text = answer.toString()
  if (text === 'garbage') throw new RangeError('garbage')
  return text
}
