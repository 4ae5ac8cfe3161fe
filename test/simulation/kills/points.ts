/** Where a kill hits, what it hits there, and in which order the places are taken. */
import type { Dice } from '../../../src/seeded-random.ts'
import type { ProxyEvents } from '../proxy.ts'

/** Where a kill hits. */
export const POINTS = [
  /** The intent is durable, nothing was forwarded. */
  'after-intent',
  /** The platform has the message. */
  'after-send',
  /** The platform has answered, the gateway has not heard it. */
  'after-reply',
  /** The gateway has the answer and is about to write its outcome, or has just written it. */
  'before-outcome',
  /** Between the start of the process and its readiness. */
  'start',
  /** While it asks for or reverses an unknown outcome. */
  'recovery',
  /** While the index's write-ahead log is copied into its file. */
  'checkpoint',
  /** While a part of the journal is moved to the archive. */
  'archive',
  /** Just when the journal has begun a new file. */
  'rotation',
  /** Nothing is on its way. */
  'idle',
  'random',
] as const

/** One of the places. */
export type Point = (typeof POINTS)[number]

/** Transactions that move money: settlements and cancellations, and the hospital's own reversal. 2501 moves none. */
export const TRANSACTIONS = ['2207', '2208', '2304', '2305', '2601'] as const

/** One of the transactions. */
export type Transaction = (typeof TRANSACTIONS)[number]

/** Places on the way of one message, with the event of the proxy at which each is reached. */
export const ON_THE_WAY = {
  'after-intent': 'onRequest',
  'after-send': 'onForwarded',
  'after-reply': 'onReply',
  'before-outcome': 'onPassed',
} as const satisfies Partial<Record<Point, keyof ProxyEvents>>

/** A kill to come: on the way, one of this transaction. */
export type Strike =
  | { readonly point: keyof typeof ON_THE_WAY; readonly transaction: Transaction }
  | { readonly point: Exclude<Point, keyof typeof ON_THE_WAY> }

/**
 * Every point in turn, those that need an unfinished message right after one. The transactions go round, so that five
 * rounds take every one at every point.
 *
 * @param extra points that this gateway has besides those that every one has
 */
export function* planOf(dice: Dice, extra: readonly ('archive' | 'rotation')[]): Generator<Strike> {
  const ways = Object.keys(ON_THE_WAY) as (keyof typeof ON_THE_WAY)[]
  for (let round = 0; ; round += 1) {
    const on = (place: number): Strike => ({
      point: ways[place]!,
      transaction: TRANSACTIONS[(round + place) % TRANSACTIONS.length]!,
    })
    yield on(0)
    yield { point: 'recovery' }
    yield on(1)
    yield { point: 'recovery' }
    yield on(2)
    yield { point: 'start' }
    yield on(3)
    yield { point: 'idle' }
    yield { point: 'random' }
    yield { point: 'checkpoint' }
    yield { point: 'start' }
    for (const point of extra) yield { point }
    yield { point: 'random' }
    yield { point: dice.pick(ways), transaction: dice.pick(TRANSACTIONS) }
    yield { point: dice.pick(['recovery', 'start', 'random'] as const) }
  }
}
