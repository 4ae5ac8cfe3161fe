/**
 * `--only overload`: twice of what the gateway can do, for a minute (20 s a round). The capacity is found in a closed loop; then an open
 * loop sends at twice that rate, and afterwards at half of it. Everybody must be answered in time: what is served, and what
 * is turned away; no connection may be broken, and no platform be told to be down that answers.
 */
import Table from 'cli-table3'
import { quantile } from '../statistics.ts'
import { bareSockets } from './bare-sockets.ts'
import { type Bench, ms, percent, TABLE } from './bench.ts'
import { claimsOf } from './claims.ts'
import { closedLoop } from './closed-loop.ts'
import type { Part } from './figures.ts'
import { arrivals, type OpenRun, openLoop, type Shot } from './open-loop.ts'
import { openStage } from './stage.ts'
import { startEndpoint } from './systems.ts'
import { warm } from './warm.ts'

const LINES = 20
const CONNECTIONS = 64
/** Twice the capacity for so long a round, then half of it. */
const TIMES = 2
const ROUND_S = 20
const AFTER_S = 6
/** Connections that the hospitals keep: as many as may wait at once in the time in which everybody must be answered. */
const KEPT = 2_000
/** Within so long everybody is answered, and after the overload all is as before. */
const ANSWER_MS = 3_000
const NORMAL_MS = 2_000
const SERVED_SHARE = 0.9
/** What is answered within so long is answered as ever. */
const WINDOW_MS = 250

/** What the overload came to. */
interface Overload {
  readonly capacity: number
  /** CPU time of one request in the closed loop, in microseconds. */
  readonly cpuMicros: number
  /** How long it lasted. */
  readonly overMs: number
  readonly over: OpenRun
  /** Share of the second core that generator and platform took: near 1 they are the limit. */
  readonly besideShare: number
  /** Milliseconds after the end of the overload from which on every request was served within `WINDOW_MS`. */
  readonly backMs: number
}

/** Measures it. `--seconds` is of the loop that finds the capacity; the overload lasts 20 s a round. */
export async function overload({ rounds, seconds, progress, tables }: Bench): Promise<Part> {
  const platform = await startEndpoint()
  const stage = await openStage([platform], { upstream: platform.url, tables })
  const { gateway } = stage
  const claims = claimsOf({ lines: LINES, large: tables !== null })
  const bar = progress.begin('overload', 4)
  bar.step('getting warm')
  for (const run of await warm(gateway, [claims], seconds)) stage.add(run)
  bar.step('capacity')
  const found = await closedLoop(gateway, claims, CONNECTIONS, { seconds })
  stage.add(found)
  bar.step(`${TIMES} × ${found.rate.toFixed(0)}/s`)
  const overMs = rounds * ROUND_S * 1000
  const due = arrivals(TIMES * found.rate, overMs / 1000, Math.random)
  const calm = arrivals(found.rate / 2, AFTER_S, Math.random).map((at) => at + overMs)
  const client = await bareSockets(gateway, KEPT)
  const secondCore = () =>
    Object.values(process.cpuUsage()).reduce((sum, one) => sum + one) + platform.cpuMicros()!
  const [before, from] = [secondCore(), performance.now()]
  const run = await openLoop(gateway, claims, [...due, ...calm], client)
  const besideShare = (secondCore() - before) / (performance.now() - from) / 1000
  client.close()
  stage.add(run)
  bar.end()
  const faults = await stage.close()
  const result = {
    capacity: found.rate,
    cpuMicros: found.cpuMicros,
    overMs,
    over: run,
    besideShare,
    backMs: backMsOf(run.shots, overMs),
  }
  const { lines, missed } = told(result)
  return { figures: {}, lines, faults: [...faults, ...missed] }
}

function backMsOf(shots: readonly Shot[], overMs: number): number {
  const slow = shots.findLast(
    ({ due, took, verdict }) => due >= overMs && (verdict !== 'yes' || took > WINDOW_MS),
  )
  return slow ? slow.due + slow.took - overMs : 0
}

function told({ capacity, cpuMicros, overMs, over, backMs, besideShare }: Overload) {
  const shots = over.shots.filter(({ due }) => due < overMs)
  const of = (verdict: Shot['verdict']) => shots.filter((shot) => shot.verdict === verdict)
  const [served, refused, lost] = (['yes', 'refused', 'lost'] as const).map(of)
  const down = shots.filter(({ problem }) => problem === 'destination-down').length
  const broken = shots.filter(({ problem }) => problem === 'no answer').length
  const share = (served!.length / (capacity * overMs)) * 1000
  const quantiles = (of: readonly Shot[]) =>
    [0.5, 0.99, 1]
      .map((at) =>
        ms(
          of.length > 0
            ? quantile(
                of.map(({ took }) => took),
                at,
              )
            : 0,
        ),
      )
      .join(', ')
  const head = [
    'offered /s',
    'served ÷ capacity',
    'served ms p50, p99, max',
    'turned away',
    'ms p50, p99, max',
  ]
  const more = ['unknown', 'no answer', 'told down', 'back after ms']
  const table = new Table({ head: [...head, ...more], ...TABLE })
  table.push([
    `${((shots.length / overMs) * 1000).toFixed(0)} of ${capacity.toFixed(0)}`,
    percent(share),
    quantiles(served!),
    String(refused!.length),
    quantiles(refused!),
    String(lost!.length - broken),
    String(broken),
    String(down),
    ms(backMs),
  ])
  // Half a million of them are too many for the arguments of one call.
  const most = (of: (shot: (typeof shots)[number]) => number) =>
    shots.reduce((max, shot) => Math.max(max, of(shot)), 0)
  const slowest = most(({ took }) => took)
  const slowestSent = most(({ took, late }) => took - late)
  const cpuServed = (over.cpuMicros * over.sent) / over.yes
  const sentLate = quantile(
    shots.map(({ late }) => late),
    0.99,
  )
  const rules: [boolean, string][] = [
    [slowest <= ANSWER_MS, `an answer took ${ms(slowest)} ms, asked are ${ANSWER_MS}`],
    [broken === 0, `${broken} requests had no answer`],
    [down === 0, `${down} times a platform that answers was told to be down`],
    [
      share >= SERVED_SHARE,
      `served are ${percent(share)} of the capacity, asked are ${percent(SERVED_SHARE)}`,
    ],
    [backMs <= NORMAL_MS, `back to normal after ${ms(backMs)} ms, asked are ${NORMAL_MS}`],
  ]
  return {
    lines: [
      table.toString(),
      `the generator sent ${ms(sentLate)} ms late at p99; from then on the slowest answer took ${ms(slowestSent)} ms`,
      `generator and platform took ${percent(besideShare)} of the second core`,
      // The clock on the wall stands for the gateway only where nobody else wants its core.
      `CPU of the gateway for one that is served ${cpuServed.toFixed(0)} µs, in the closed loop ${cpuMicros.toFixed(0)}: by CPU ${percent(cpuMicros / cpuServed)} of the capacity`,
    ],
    missed: rules.filter(([held]) => !held).map(([, text]) => text),
  }
}
