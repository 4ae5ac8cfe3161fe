/**
 * `npm run load -- [--seconds N] [--counters N] [--json]`: outpatient visits at so many counters at once, over HTTP only,
 * against a gateway and platforms that are running (`npm start`). It tells the time of each message as its sender sees it,
 * and ends with the validity gate. What it does not measure: an open load, tails over hours, real provinces.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { SingleBar } from 'cli-progress'
import Table from 'cli-table3'
import { type Shift, workCounter } from './counter.ts'
import { faultsOf, type Heard } from './gate.ts'
import { atRest, partiesOf, peopleOf } from './parties.ts'
import { quantile } from './statistics.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    counters: { type: 'string', default: '16' },
    json: { type: 'boolean', default: false },
  },
})

function whole(name: 'seconds' | 'counters'): number {
  if (!/^[1-9]\d{0,4}$/.test(values[name])) throw new Error(`--${name} takes a whole number from 1`)
  return Number(values[name])
}

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

try {
  const [seconds, counters] = [whole('seconds'), whole('counters')]
  const parties = partiesOf(process.env)
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
  if (!values.json) print(shifts, seconds)
  const [standing, fen] = [
    after.effects.standing - before.effects.standing,
    after.effects.standingFen - before.effects.standingFen,
  ]
  if (values.json)
    console.log(JSON.stringify({ ...heard, standing, standingFen: fen, valid: faults.length === 0, faults }))
  else if (faults.length === 0) {
    console.log(
      `valid: ${heard.sent} messages of money, ${heard.yes} done, ${standing} stand on both sides, ${fen} fen`,
    )
  } else console.log(`VOID: ${faults.join('; ')}`)
  process.exitCode = faults.length === 0 ? 0 : 1
} catch (cause) {
  console.error((cause as Error).message)
  process.exitCode = 2
}
