/**
 * kill -9 of a real gateway process on a real file, at random moments and at every named point of a settlement, while
 * hospital systems go on sending. The platforms keep books of their own in processes of their own, behind fault proxies
 * that say when a point is reached. At rest the journal, the books and what the hospitals were told must agree.
 */
import { join } from 'node:path'
import { createDice } from '../../../src/seeded-random.ts'
import type { Proof } from '../proof.ts'
import { shortBill } from './bills.ts'
import { Counters } from './counters.ts'
import { hasSmallSegments } from './files.ts'
import { POINTS, type Point, planOf, type Strike, TRANSACTIONS, type Transaction } from './points.ts'
import { type Ended, openStage, type Stage } from './stage.ts'
import { Ambush, archive, strike } from './strikes.ts'

/** How often a point is tried before the next one: the thread that looks out for it may not get its turn in those few milliseconds. */
const TRIES = 6

/** What a run of kills came to. */
export interface KillRun extends Ended, Omit<Proof, 'name'> {
  /** Points that this gateway has. */
  readonly points: readonly Point[]
  readonly byPoint: Readonly<Record<Point, number>>
  /** Kills on the way of a message, by its transaction and by the point. */
  readonly byTransaction: Readonly<Record<Transaction, Readonly<Record<Point, number>>>>
  /** Kills of which the shared memory of SQLite shows that a checkpoint had begun and not ended. */
  readonly inCheckpoint: number
  /** Mean time from the word to start to readiness. */
  readonly startMs: number
  readonly seconds: number
}

/** Settings of a run. */
export interface KillOptions {
  readonly seed?: number
  readonly onProgress?: (kills: number, point: Point) => void
}

const none = () => Object.fromEntries(POINTS.map((point) => [point, 0])) as Record<Point, number>

/**
 * Kills a gateway again and again, lets it come to rest and compares.
 *
 * @param count how many kills
 */
export async function runKills(count: number, options: KillOptions = {}): Promise<KillRun> {
  const since = Date.now()
  const dice = createDice(options.seed ?? 1)
  const ambush = new Ambush()
  const stage = await openStage(ambush.events)
  const byPoint = none()
  const byTransaction = Object.fromEntries(TRANSACTIONS.map((one) => [one, none()])) as Record<
    Transaction,
    Record<Point, number>
  >
  let kills = 0
  let wanted: Transaction | null = null
  let counters: Counters | null = null
  const noteKill = (hit: Point, aim: Strike) => {
    kills += 1
    byPoint[hit] += 1
    if ('transaction' in aim) byTransaction[aim.transaction][hit] += 1
    options.onProgress?.(kills, hit)
  }
  try {
    const { gateway, world } = stage
    const extra = await extraPoints(stage)
    const working = new Counters(gateway.url, (number) => shortBill(dice, world, number, wanted))
    counters = working
    for (const aim of planOf(dice, extra)) {
      if (kills >= count) break
      wanted = 'transaction' in aim ? aim.transaction : null
      for (let tries = 0, hit: Point | null = null; tries < TRIES && !hit; tries += 1) {
        hit = await strike({ ...stage, dice, ambush, counters: working }, aim)
        gateway.check()
        if (hit) noteKill(hit, aim)
      }
    }
    await gateway.ready
    await working.stop()
    const { startMs, inCheckpoint } = gateway
    const ended = await stage.end(working)
    return {
      ...ended,
      runs: kills,
      faults: kills,
      points: POINTS.filter(
        (point) => (point !== 'archive' && point !== 'rotation') || extra.includes(point),
      ),
      byPoint,
      byTransaction,
      inCheckpoint,
      startMs: Math.round(startMs),
      seconds: Math.round((Date.now() - since) / 1000),
    }
  } finally {
    void counters?.stop()
    await stage.close()
  }
}

/** Points that only a gateway has whose journal is of small segments, and which archives them. */
async function extraPoints({ gateway, dataDir }: Stage): Promise<('archive' | 'rotation')[]> {
  if (!hasSmallSegments(join(dataDir, 'journal'))) return []
  return (await archive(gateway.url)) === 404 ? ['rotation'] : ['rotation', 'archive']
}
