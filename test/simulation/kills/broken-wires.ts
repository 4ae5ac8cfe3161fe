/**
 * Bills through fault proxies that draw what goes wrong with each message, against the real processes: the gateway and
 * the platforms. At rest the journal, the books and what the hospitals were told must agree.
 */
import { createDice, type Dice } from '../../../src/seeded-random.ts'
import type { Proof } from '../proof.ts'
import type { Behaviour, Passing } from '../proxy.ts'
import { shortBill } from './bills.ts'
import { Counters } from './counters.ts'
import { TRANSACTIONS } from './points.ts'
import { type Ended, openStage } from './stage.ts'

/** Share of the messages of money with which something goes wrong, and of all others. */
const MONEY_SHARE = 0.2
const OTHER_SHARE = 0.01

/** What goes wrong, each as often as the others; half of the late answers come after the gateway's deadline. */
const BEHAVIOURS: Readonly<Record<string, (dice: Dice) => Behaviour>> = {
  'reset-before': () => ({ is: 'reset-before' }),
  'reset-after': () => ({ is: 'reset-after' }),
  'reset-middle': () => ({ is: 'reset-middle' }),
  'half-close': () => ({ is: 'half-close' }),
  drip: () => ({ is: 'drip', paceMs: 10 }),
  'black-hole': () => ({ is: 'black-hole' }),
  late: (dice) => ({ is: 'late', ms: dice.between(10, 3_000) }),
  double: () => ({ is: 'double' }),
  'keep-alive-race': () => ({ is: 'keep-alive-race' }),
}

/** What a run came to. */
export interface WireRun extends Ended, Omit<Proof, 'name'> {
  /** Faults by behaviour and transaction; `other` are messages that move no money. */
  readonly made: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** Settings of a run. */
export interface WireOptions {
  readonly seed?: number
  readonly onProgress?: (bills: number) => void
}

/**
 * Plays bills through broken wires, lets everything come to rest and compares.
 *
 * @param count how many bills
 */
export async function runBrokenWires(count: number, options: WireOptions = {}): Promise<WireRun> {
  const dice = createDice(options.seed ?? 1)
  const made: Record<string, Record<string, number>> = Object.fromEntries(
    Object.keys(BEHAVIOURS).map((name) => [name, {}]),
  )
  let faults = 0
  const onRequest = ({ transaction, earlier }: Passing): Behaviour | undefined => {
    const isMoney = TRANSACTIONS.some((one) => one === transaction)
    if (!dice.happens(isMoney ? MONEY_SHARE : OTHER_SHARE)) return
    const behaviour = BEHAVIOURS[dice.pick(Object.keys(BEHAVIOURS))]!(dice)
    // A fresh connection was never idle.
    if (behaviour.is === 'keep-alive-race' && earlier === 0) return
    const counts = made[behaviour.is]!
    const name = isMoney ? transaction : 'other'
    counts[name] = (counts[name] ?? 0) + 1
    faults += 1
    return behaviour
  }
  const stage = await openStage({ onRequest })
  try {
    const draw = (number: number) => {
      options.onProgress?.(number)
      return shortBill(dice, stage.world, number, number % 2 === 0 ? dice.pick(TRANSACTIONS) : null)
    }
    const counters = new Counters(stage.gateway.url, draw, count)
    await counters.finish()
    const ended = await stage.end(counters)
    stage.gateway.check()
    return { ...ended, runs: count, faults, made }
  } finally {
    await stage.close()
  }
}
