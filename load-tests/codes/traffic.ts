/**
 * One store under traffic: 100 bills a second of 200 lines, open load, while the whole table is loaded again and taken
 * into use. The packed store is read by a worker; a Map can only be filled by the thread that uses it, in slices.
 */
import { once } from 'node:events'
import { basename, dirname } from 'node:path'
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import { loadOff } from '../../src/codes/live/loader.ts'
import { openBook } from '../../src/codes/store/file.ts'
import { drawnCodes, TODAY } from './rows.ts'
import { type Ask, askMap, askPacked, fillMap, type MapRow, openPacked } from './stores.ts'

const BILLS_A_SECOND = 100
const LINES = 200
const SLICE = 500
/** So long nothing is loaded: what the delay is without it. */
const CALM_MS = 2000
/** Bodies drawn before, so that drawing does not count. */
const BODIES = 200

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

async function filled(rows: number): Promise<Map<string, MapRow>> {
  const map = new Map<string, MapRow>()
  for (let from = 0; from < rows; from += SLICE) {
    fillMap(map, from, Math.min(from + SLICE, rows))
    await nextTurn()
  }
  return map
}

/** Runs it for so many seconds; the load begins after the first two. */
export async function traffic(
  kind: 'store' | 'map',
  file: string,
  checksum: number,
  rows: number,
  seconds: number,
) {
  let ask: Ask = kind === 'store' ? askPacked(openPacked(file, checksum)) : askMap(await filled(rows))
  const bodies = Array.from({ length: BODIES }, (_, seed) => JSON.stringify(drawnCodes(LINES, rows, seed)))
  // The first worker of a process costs more than the next; a gateway has had that of its journal.
  await once(new Worker('', { eval: true }), 'exit')
  globalThis.gc?.()

  const pauses: number[] = []
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) pauses.push(duration)
  }).observe({ entryTypes: ['gc'] })
  const calm = monitorEventLoopDelay({ resolution: 1 })
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const waits: number[] = []
  let failed = 0
  const total = seconds * BILLS_A_SECOND
  const start = performance.now()
  calm.enable()

  const swapped = (async () => {
    await new Promise((resolve) => setTimeout(resolve, CALM_MS))
    calm.disable()
    delay.enable()
    const from = performance.now()
    if (kind === 'map') ask = askMap(await filled(rows))
    else {
      // The worker looks for files in the folder `codes` of a data directory.
      const dataDir = dirname(dirname(file))
      const [loaded] = await loadOff({ dataDir, files: [{ file: basename(file), crc32: checksum }] })
      ask = askPacked(openBook(loaded!.shared))
    }
    const ended = performance.now()
    delay.disable()
    return ended - from
  })()

  for (let bill = 0; bill < total; bill += 1) {
    const due = start + (bill * 1000) / BILLS_A_SECOND
    while (performance.now() < due) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
    }
    for (const code of JSON.parse(bodies[bill % BODIES]!) as string[]) if (!ask(code, TODAY)) failed += 1
    waits.push(performance.now() - due)
  }
  const swapMs = await swapped
  const sorted = waits.toSorted((a, b) => a - b)
  return {
    calmDelayP99Ms: calm.percentile(99) / 1e6,
    loopDelayP99Ms: delay.percentile(99) / 1e6,
    loopDelayMaxMs: delay.max / 1e6,
    gcMaxMs: Math.max(0, ...pauses),
    gcTotalMs: pauses.reduce((sum, pause) => sum + pause, 0),
    billP50Ms: sorted[Math.floor(sorted.length / 2)]!,
    billP99Ms: sorted[Math.floor(sorted.length * 0.99)]!,
    swapMs,
    failed,
  }
}
