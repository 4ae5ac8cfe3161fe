/** A start with many messages left by a former run walks over them once, reads each once and opens nothing sealed. */
import { describe, expect, it } from 'vitest'
import type { Disk } from '../../src/journal/embedded/disk.ts'
import type { Entry } from '../../src/journal/entry.ts'
import { recoverThenOpen } from '../../src/pipeline/startup.ts'
import { createRig, type Rig } from './segment-rig.ts'
import { AT, intent, journalOver } from './support.ts'

const LEFT = 1200
const BODY = Buffer.alloc(3000, '{"msgid":"M"}')

/** A journal that was killed while so many were open, every other one unknown already. */
async function killed(): Promise<Rig> {
  const rig = createRig(32 * 1024 * 1024)
  const disk = await rig.open()
  const entries = Array.from({ length: LEFT }, (_, index): Entry => {
    const id = index + 1
    const names = { key: `k${id}`, message: `M${id}`, encounter: `E${id}` }
    const exchange = { ...intent({ ...names, sealed: BODY }), id }
    const said = { told: '第1次查询', searches: 1, reply: BODY }
    const outcome = { exchange: id, state: 'unknown', at: AT, ...said } as const
    return id % 2 === 0 ? { exchange, outcome } : { exchange }
  })
  for (let from = 0; from < LEFT; from += 200) await disk.commit(entries.slice(from, from + 200))
  await disk.close()
  return rig
}

/** The rig started again, with its work counted. */
async function started(rig: Rig) {
  const counts = { reads: 0, bytes: 0, walks: 0, commits: 0, byId: 0 }
  const disk = await rig.open()
  const { read } = rig.files
  Object.assign(rig.files, {
    read(name: string, offset: number, length: number) {
      counts.reads += 1
      counts.bytes += length
      return read(name, offset, length)
    },
  })
  const counted: Disk = {
    ...disk,
    unresolved() {
      counts.walks += 1
      return disk.unresolved()
    },
    byId(id) {
      counts.byId += 1
      return disk.byId(id)
    },
    commit(batch) {
      counts.commits += 1
      return disk.commit(batch)
    },
  }
  return { disk, counts, journal: journalOver(counted) }
}

describe('a start with many unresolved messages', () => {
  it('walks over them once, reads each record once and opens nothing that is sealed', async () => {
    const { disk, counts, journal } = await started(await killed())
    const left = disk.unresolved()
    expect(left).toHaveLength(LEFT)
    expect(counts.reads).toBe(LEFT + LEFT / 2)
    // A group that records were sealed in is of a quarter of a megabyte; a record is some hundred bytes.
    expect(counts.bytes).toBeLessThan(LEFT * 2000)
    expect(left[0]).toMatchObject({ state: 'open', searches: 0, exchange: { id: 1, sealed: null } })
    expect(left[1]).toMatchObject({ state: 'unknown', searches: 1, exchange: { id: 2, sealed: null } })
    await journal.close()
  })

  it('writes what is unknown from now on in batches', async () => {
    const { counts, journal } = await started(await killed())
    const left = await journal.recover()
    expect(left.map(({ state }) => state)).toEqual(Array(LEFT).fill('unknown'))
    expect(counts.walks).toBe(1)
    expect(counts.commits).toBeLessThanOrEqual(Math.ceil(LEFT / 2 / 512) + 1)
    expect(journal.unresolved()).toEqual(left)
    expect(counts.walks).toBe(1)
    await journal.close()
  })

  it('hands each to its task without reading it again', async () => {
    const { counts, journal } = await started(await killed())
    const told: unknown[] = []
    await recoverThenOpen(journal, { watch: (id, known) => void told.push([id, known?.state]) }, () => {})
    expect(told).toHaveLength(LEFT)
    expect(told[0]).toEqual([1, 'unknown'])
    expect(counts).toMatchObject({ walks: 1, byId: 0 })
    await journal.close()
  })

  it('holds of messages that are worked on their own bytes only', async () => {
    const { disk, journal } = await started(await killed())
    const held = Array.from({ length: 50 }, (_, index) => disk.byId(index + 1)!.exchange.sealed!)
    expect(held[0]).toEqual(BODY)
    const memories = new Set(held.map(({ buffer }) => buffer))
    const bytes = [...memories].reduce((sum, { byteLength }) => sum + byteLength, 0)
    expect(bytes).toBe(held.length * BODY.length)
    await journal.close()
  })
})
