/** How each point is reached and hit. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { settleDown } from '../../../src/demo/day.ts'
import type { Dice } from '../../../src/seeded-random.ts'
import type { Behaviour, Passing, ProxyEvents } from '../proxy.ts'
import type { Counters } from './counters.ts'
import type { Look } from './killer.worker.ts'
import { ON_THE_WAY, type Point, type Strike, type Transaction } from './points.ts'
import type { Stage } from './stage.ts'

/** Sent by recovery only, but for a hospital's own reversals. */
const RECOVERING = new Set(['5203', '5303', '2601'])
/** How long a point is waited for before it is given up. */
const POINT_MS = 6_000
/** How long is waited for what can be brought about: rest, a checkpoint, a file. */
const BRING_ABOUT_MS = 15_000
const FLOOD = 12
/** Share of the kills after an intent in which the platform never gets the message. */
const SWALLOWED = 0.5

interface Armed {
  readonly fits: (event: keyof ProxyEvents, passing: Passing) => boolean
  readonly hit: (event: keyof ProxyEvents) => Behaviour | undefined
}

/** Waits at the proxies for a point on a message's way. */
export class Ambush {
  #armed: Armed | null = null

  readonly events: ProxyEvents = {
    onRequest: (passing) => this.#meet('onRequest', passing),
    onForwarded: (passing) => void this.#meet('onForwarded', passing),
    onReply: (passing) => void this.#meet('onReply', passing),
    onPassed: (passing) => void this.#meet('onPassed', passing),
  }

  #meet(event: keyof ProxyEvents, passing: Passing): Behaviour | undefined {
    const waiting = this.#armed
    if (!waiting?.fits(event, passing)) return
    this.#armed = null
    return waiting.hit(event)
  }

  /** Acts at the first message that fits. @returns whether one came in time */
  wait(
    fits: Armed['fits'],
    act: () => Promise<unknown>,
    behaviour: () => Behaviour | undefined,
  ): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#armed = null
        resolve(false)
      }, POINT_MS)
      this.#armed = {
        fits,
        hit: (event) => {
          clearTimeout(timer)
          act().then(() => resolve(true), reject)
          return event === 'onRequest' ? behaviour() : undefined
        },
      }
    })
  }
}

/** What strikes need. */
export interface Range extends Stage {
  readonly dice: Dice
  readonly ambush: Ambush
  readonly counters: Counters
}

/** Kills at a point. @returns the point that was hit, null where it was not reached */
export async function strike(range: Range, { point, ...on }: Strike): Promise<Point | null> {
  const { gateway, dice, dataDir } = range
  if (point === 'start') {
    await pause(dice.next() * 0.7 * gateway.shortestStartMs)
    const hit = gateway.isReady ? 'random' : 'start'
    await gateway.kill()
    return hit
  }
  if (point === 'recovery') return (await inRecovery(range)) ? point : null
  await gateway.ready
  switch (point) {
    case 'idle':
      return (await whileIdle(range)) ? point : null
    case 'checkpoint':
      return (await whileFlooded(range, gateway.checkpoint)) ? point : null
    case 'rotation':
      return (await whileFlooded(range, { at: 'new-segment', directory: join(dataDir, 'journal') }))
        ? point
        : null
    case 'archive':
      return (await whileArchiving(range)) ? point : null
    case 'random':
      await pause(dice.next() * 400)
      await gateway.kill()
      return point
    default:
      await pause(dice.next() * 60)
      return (await onTheWay(range, point, (on as { transaction: Transaction }).transaction)) ? point : null
  }
}

function inRecovery({ gateway, dice, ambush, counters }: Range): Promise<boolean> {
  const at = dice.pick(Object.values(ON_THE_WAY))
  return ambush.wait(
    (event, { transaction, original }) =>
      event === at && RECOVERING.has(transaction) && !counters.reversing.has(original),
    () => gateway.kill(),
    () => undefined,
  )
}

/** A 2601 is the hospital's own where a hospital has asked for it; recovery sends the same number. */
function onTheWay(range: Range, point: keyof typeof ON_THE_WAY, wanted: Transaction): Promise<boolean> {
  const { gateway, dice, ambush, counters } = range
  const delayMs = point === 'before-outcome' ? dice.next() * 2 : 0
  return ambush.wait(
    (event, { transaction, original }) =>
      event === ON_THE_WAY[point] &&
      transaction === wanted &&
      (transaction !== '2601' || counters.reversing.has(original)),
    async () => {
      if (delayMs > 0) await pause(delayMs)
      await gateway.kill()
    },
    () => (dice.happens(SWALLOWED) ? { is: 'black-hole' } : undefined),
  )
}

async function whileIdle({ gateway, counters }: Range): Promise<boolean> {
  const idle = await counters.hold(BRING_ABOUT_MS)
  if (idle) await settleDown(gateway.url, POINT_MS, () => {})
  if (idle) await gateway.kill()
  counters.letGo()
  return idle
}

/** Writes small entries without end meanwhile: they bring about a checkpoint, or a new file of the journal. */
async function whileFlooded({ gateway }: Range, look: Look): Promise<boolean> {
  let over = false
  const flood = Array.from({ length: FLOOD }, async () => {
    while (!over) {
      const headers = { 'content-type': 'application/json' }
      const address = `${gateway.url}/hss-call-service-interface`
      const call = fetch(address, { method: 'POST', headers, body: '{' })
      await call.then((answer) => answer.text()).catch(() => pause(5))
    }
  })
  const seen = await gateway.killWhen(look, BRING_ABOUT_MS)
  over = true
  await Promise.all(flood)
  return seen
}

/** Asks for an archive of everything, again until one step of it is seen. */
async function whileArchiving({ gateway, dataDir }: Range): Promise<boolean> {
  let over = false
  const asking = async () => {
    while (!over) {
      await archive(gateway.url).catch(() => null)
      await pause(50)
    }
  }
  const asked = asking()
  const look: Look = { at: 'part', directory: join(dataDir, 'archive') }
  const seen = await gateway.killWhen(look, BRING_ABOUT_MS)
  over = true
  await asked
  return seen
}

/** Archives all that is full. @returns the status of the answer: 404 where the gateway has no archive */
export async function archive(url: string): Promise<number> {
  const answer = await fetch(`${url}/v1/archive`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ olderThanDays: 0 }),
  })
  await answer.text()
  return answer.status
}
