/** Code tables in use follow the shelf while they answer, and a damaged shelf never takes the place of a good one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packShipped } from '../../src/codes/codes.ts'
import { type Editions, openEditions } from '../../src/codes/editions/editions.ts'
import { openLiveCodes } from '../../src/codes/live/hot-reload.ts'
import { loadOff } from '../../src/codes/live/loader.ts'
import { createSharedCodes } from '../../src/codes/live/shared.ts'
import type { Clock } from '../../src/ports.ts'
import { illness, illnessMap, on } from './fixture.ts'

const shipped = packShipped({ codebooks: [illness], maps: [illnessMap] })
const DAY = on('2025-06-01')

/** A clock whose timers go off when told. */
function handClock() {
  const timers = new Set<() => void>()
  const after: Clock['after'] = (_, callback) => {
    timers.add(callback)
    return () => timers.delete(callback)
  }
  const tick = () => {
    const due = [...timers]
    timers.clear()
    for (const callback of due) callback()
  }
  return { after, tick, waiting: () => timers.size, now: () => 0 as never, elapsed: () => 0 }
}

let dataDir: string
let shelf: Editions
const faults: unknown[] = []
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'zhijie-live-'))
  shelf = openEditions(dataDir)
  faults.length = 0
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const open = (clock: Clock, load = loadOff) =>
  openLiveCodes({ dataDir, shipped, clock, load, fault: (cause) => faults.push(cause) })

function place(version: string, from: string, state: 'published' | 'maintained' = 'published') {
  const source = { grade: 'A', text: 'Invented for a test' } as const
  const build = shelf.beginTable('illness', { version, from: on(from), source, state, maker: '甲' })
  for (const code of ['A01.000', 'B02.000']) build.add({ code, name: `${code} ${version}` })
  build.commit()
}

describe('openLiveCodes()', () => {
  it('answers from the folders where nothing was imported, and starts no worker', async () => {
    const live = await open(handClock(), () => Promise.reject(new Error('not needed')))
    expect(live.current().lookup('illness', 'A01.000', DAY)).toMatchObject({ edition: '2.0' })
    expect(live.revision()).toBe(0)
    live.stop()
  })

  it('loads what is on the shelf before it is ready', async () => {
    place('3.0', '2025-01-01')
    const live = await open(handClock())
    expect(live.current().lookup('illness', 'A01.000', DAY)).toMatchObject({
      edition: '3.0',
      entry: { name: 'A01.000 3.0' },
    })
    live.stop()
  })

  it('is the same for another thread, which keeps an edition set until another one comes', async () => {
    place('3.0', '2025-01-01')
    const live = await open(handClock())
    let loads = 0
    const codesOf = createSharedCodes(async () => {
      loads += 1
      return shipped
    })
    const there = await codesOf(structuredClone(live.shared()))
    const asked = ['illness', 'A01.000', DAY] as const
    expect(there.lookup(...asked)).toEqual(live.current().lookup(...asked))
    expect(there.nearest('illness', { name: 'B02.000 3.0' }, DAY)).toEqual(
      live.current().nearest('illness', { name: 'B02.000 3.0' }, DAY),
    )
    expect(await codesOf(structuredClone(live.shared()))).toBe(there)
    place('4.0', '2025-03-01')
    await live.reload()
    expect((await codesOf(structuredClone(live.shared()))).lookup(...asked)).toMatchObject({ edition: '4.0' })
    expect(loads).toBe(1)
    live.stop()
  })

  it('follows the shelf by the clock; who took the former edition set keeps it', async () => {
    const clock = handClock()
    const live = await open(clock)
    const before = live.current()
    place('3.0', '2025-01-01')
    expect(live.current()).toBe(before)
    clock.tick()
    await expect.poll(() => live.revision()).toBe(1)
    expect(before.lookup('illness', 'A01.000', DAY)).toMatchObject({ edition: '2.0' })
    expect(live.current().lookup('illness', 'A01.000', DAY)).toMatchObject({ edition: '3.0' })
    live.stop()
    expect(clock.waiting()).toBe(0)
  })

  it('uses published editions only, and one that is published later without loading its file again', async () => {
    place('3.0', '2025-01-01')
    place('4.0', '2025-03-01', 'maintained')
    const loads: string[][] = []
    const live = await open(handClock(), (order) => {
      loads.push(order.files.map(({ file }) => file))
      return loadOff(order)
    })
    expect(live.current().lookup('illness', 'A01.000', DAY)).toMatchObject({ edition: '3.0' })
    shelf.mark({ system: null, standard: 'illness', version: '4.0' }, { state: 'published', by: '乙' })
    await live.reload()
    expect(live.current().lookup('illness', 'A01.000', DAY)).toMatchObject({ edition: '4.0' })
    expect(loads).toEqual([[expect.any(String)], []])
    live.stop()
  })

  it('keeps what is in use where the shelf is damaged, says so once, and takes the next good one', async () => {
    place('3.0', '2025-01-01')
    const clock = handClock()
    const live = await open(clock)
    const look = async () => {
      clock.tick()
      await expect.poll(clock.waiting).toBe(1)
    }
    place('4.0', '2025-03-01')
    const book = shelf.read().books[0]!
    const file = join(dataDir, 'codes', book.file)
    writeFileSync(file, Buffer.alloc(book.bytes))
    await look()
    await look()
    expect(faults).toHaveLength(1)
    expect(String(faults[0])).toContain('damaged')
    expect(live.current().lookup('illness', 'A01.000', DAY)).toMatchObject({ edition: '3.0' })
    rmSync(join(dataDir, 'codes'), { recursive: true })
    place('5.0', '2025-04-01')
    place('6.0', '2025-05-01')
    place('7.0', '2025-06-01')
    await look()
    expect(live.current().lookup('illness', 'A01.000', DAY)).toMatchObject({ edition: '7.0' })
    live.stop()
  })

  it('does not start over a damaged shelf', async () => {
    place('3.0', '2025-01-01')
    const book = shelf.read().books[0]!
    writeFileSync(join(dataDir, 'codes', book.file), Buffer.alloc(book.bytes))
    await expect(open(handClock())).rejects.toThrow('damaged')
  })
})
