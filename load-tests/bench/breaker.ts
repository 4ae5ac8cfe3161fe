/**
 * A destination goes dark under load and comes back: how soon the gateway refuses at once, and what finding out costs. The
 * reference answers the same load beside it, to show how often the machine alone is later than "at once".
 */
import Table from 'cli-table3'
import { median } from '../statistics.ts'
import { type Bench, ms, percent, TABLE } from './bench.ts'
import { claimsOf } from './claims.ts'
import type { Part } from './figures.ts'
import { arrivals, openLoop } from './open-loop.ts'
import { AT_ONCE_MS, type Opening, openingOf } from './opening.ts'
import { untilServed } from './served.ts'
import { openStage } from './stage.ts'
import { startEndpoint, startPassthrough, tell } from './systems.ts'
import { warm } from './warm.ts'

/** Calls a second: in a second fewer than the room of a destination, so that it is not the full room that refuses. */
const RATE = 50
const LINES = 20
/** Quiet before, dark, and back, in units of the seconds of a case. Dark outlasts the deadline of a settlement. */
const BEFORE = 0.5
const DARK = 10
const BACK = 3

/** Measures it. */
export async function breaker({ rounds, seconds, tables, progress }: Bench): Promise<Part> {
  const platform = await startEndpoint()
  const stage = await openStage([platform], { upstream: platform.url, tables })
  const claims = claimsOf({ lines: LINES, large: tables !== null })
  const bar = progress.begin('breaker', rounds + 2)
  bar.step('getting warm')
  for (const run of await warm(stage.gateway, [claims], seconds)) stage.add(run)
  bar.step('the reference at the same rate')
  const reference = await referenceLate(rounds * seconds)
  const openings: Opening[] = []
  for (let round = 0; round < rounds; round += 1) {
    bar.step(`a destination is dark for ${DARK * seconds} s`)
    await untilServed(stage, claims)
    const due = arrivals(RATE, (BEFORE + DARK + BACK) * seconds, Math.random)
    const running = openLoop(stage.gateway, claims, due)
    await waited(BEFORE * seconds)
    const darkAt = performance.now()
    await tell(platform, '/silence', { insured: '' })
    await waited(DARK * seconds)
    await tell(platform, '/silence', { insured: null, answer: false })
    const backAt = performance.now()
    const run = await running
    stage.add(run)
    openings.push(openingOf(run.shots, darkAt - run.startedAt, backAt - run.startedAt))
  }
  bar.end()
  const faults = await stage.close()
  const gone = openings.filter(({ backMs }) => backMs === null).length
  if (gone > 0)
    faults.push(`In ${gone} of ${openings.length} rounds the destination that was back was not served again.`)
  const head = [
    ...['round', 'refuses after ms', 'half within 5 ms', 'all but 1 of 50', 'calls', 'lost', 'refused late'],
    ...['refusals p50, p99 ms', 'serves again after ms'],
  ]
  const table = new Table({ head, ...TABLE })
  for (const [index, opening] of openings.entries()) {
    const { refusesMs, openMs, steadyMs, calls, lost, slow, refusedMs, backMs } = opening
    const told = (value: number | null) => (value === null ? 'never' : ms(value))
    const counts = [calls, lost, slow].map(String)
    const moments = [refusesMs, openMs, steadyMs].map(told)
    table.push([String(index + 1), ...moments, ...counts, refusedMs.map(ms).join(', '), told(backMs)])
  }
  const opened = openings.flatMap(({ openMs }) => (openMs === null ? [] : [openMs]))
  const sum = (key: 'calls' | 'lost') => openings.reduce((total, one) => total + one[key], 0)
  return {
    figures: {
      breakerOpenMs: opened.length === openings.length ? median(opened) : null,
      probeLossShare: openings.every(({ refusesMs }) => refusesMs !== null)
        ? sum('lost') / sum('calls')
        : null,
    },
    lines: [
      table.toString(),
      `the reference at the same ${RATE}/s: ${percent(reference)} of its answers later than ${AT_ONCE_MS} ms`,
    ],
    faults,
  }
}

/** Which share of the reference's answers is later than at once, at the same rate before a platform that answers. */
async function referenceLate(seconds: number): Promise<number> {
  const platform = await startEndpoint()
  const reference = await startPassthrough(platform.url)
  const claims = claimsOf({ lines: LINES })
  await warm(reference, [claims], 1)
  const { shots } = await openLoop(reference, claims, arrivals(RATE, seconds, Math.random))
  for (const each of [reference, platform]) await each.stop()
  return shots.filter(({ took }) => took >= AT_ONCE_MS).length / shots.length
}

function waited(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}
