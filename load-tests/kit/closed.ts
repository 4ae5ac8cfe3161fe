/** The closed loop: so many counters, each sends its next message when it has its answer. */
import { setTimeout as pause } from 'node:timers/promises'
import { SingleBar } from 'cli-progress'
import Table from 'cli-table3'
import { type Shift, workCounter } from '../counter.ts'
import { faultsOf, type Heard } from '../gate.ts'
import { atRest, type Parties, peopleOf } from '../parties.ts'
import { quantile } from '../statistics.ts'
import type { ClosedRun } from './arguments.ts'

function heardOf(shifts: readonly Shift[]): Heard {
  const sum = (key: keyof Heard) => shifts.reduce((total, { heard }) => total + heard[key], 0)
  return { sent: sum('sent'), yes: sum('yes') }
}

async function showProgress(seconds: number): Promise<void> {
  const bar = new SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    format: '{bar} {value} / {total} s',
  })
  if (process.stderr.isTTY) bar.start(seconds, 0)
  for (let second = 1; second <= seconds; second += 1) {
    await pause(1000)
    bar.update(second)
  }
  bar.stop()
}

function print(shifts: readonly Shift[], seconds: number): void {
  const transactions = [...new Set(shifts.flatMap(({ times }) => Object.keys(times)))].sort()
  const table = new Table({
    head: ['transaction', 'messages', 'a second', 'p50 ms', 'p99 ms'],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: { head: [] },
  })
  for (const transaction of transactions) {
    const times = shifts.flatMap((shift) => shift.times[transaction] ?? []).toSorted((a, b) => a - b)
    const shown = [times.length / seconds, quantile(times, 0.5), quantile(times, 0.99)]
    table.push([transaction, String(times.length), ...shown.map((value) => value.toFixed(1))])
  }
  console.log(table.toString())
}

/** Runs it and prints what it gave. @returns whether the run is valid */
export async function runClosed({ seconds, counters, json }: ClosedRun, parties: Parties): Promise<boolean> {
  const people = (await peopleOf(parties)).filter(({ insurance }) => insurance[0]?.psn_insu_stas === '1')
  const before = await atRest(parties)
  let running = true
  const work = Array.from({ length: counters }, () => workCounter(parties.gateway, people, () => running))
  await showProgress(seconds)
  running = false
  const shifts = await Promise.all(work)
  const after = await atRest(parties)
  const heard = heardOf(shifts)
  const faults = faultsOf(before, after, heard)
  const valid = faults.length === 0
  const standing = after.effects.standing - before.effects.standing
  const standingFen = after.effects.standingFen - before.effects.standingFen
  if (json) {
    console.log(JSON.stringify({ ...heard, standing, standingFen, valid, faults }))
    return valid
  }
  print(shifts, seconds)
  if (valid) {
    const done = `${heard.sent} messages of money, ${heard.yes} done`
    console.log(`valid: ${done}, ${standing} stand on both sides, ${standingFen} fen`)
  } else console.log(`VOID: ${faults.join('; ')}`)
  return valid
}
