/** The next segment is ready before it is needed, and making it holds no batch up. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { nodeFiles } from '../../src/journal/segment/files.ts'
import { NothingWritten } from '../../src/journal/segment/nothing-written.ts'
import { segmentName } from '../../src/journal/segment/scan.ts'
import { HEADER_BYTES } from '../../src/journal/segment/segment-header.ts'
import { makeSegment, openSegments } from '../../src/journal/segment/segments.ts'
import { createMemoryFiles } from './memory-files.ts'
import { AT, settled } from './support.ts'

const SEGMENT_BYTES = 4096
const FULL = Buffer.alloc(SEGMENT_BYTES - HEADER_BYTES, 1)
const BEGIN = { segment: 1, offset: HEADER_BYTES }

/** A disk that makes a file in four pieces, on a clock that only stands or is put on by hand. */
async function open() {
  const waiting: (() => void)[] = []
  const clock = {
    now: () => AT,
    after(_ms: number, callback: () => void) {
      waiting.push(callback)
      return () => waiting.splice(waiting.indexOf(callback), 1)
    },
  }
  const memory = createMemoryFiles()
  const files = {
    ...memory,
    async preallocate(name: string, bytes: number, rest = async () => {}) {
      for (let piece = 1; piece < 4; piece += 1) await rest()
      await memory.preallocate(name, bytes)
    },
  }
  const length = { files, segmentBytes: SEGMENT_BYTES }
  await makeSegment({ ...length, now: clock.now }, 1)
  const segments = await openSegments({ ...length, clock }, BEGIN)
  await settled()
  return { files, segments, waiting, made: (segment: number) => files.size(segmentName(segment)) !== null }
}

describe('the segment that is made ahead', () => {
  it('is made piece by piece, with a rest after each', async () => {
    const { waiting, made } = await open()
    for (let rest = 0; rest < 3; rest += 1) {
      await settled()
      expect([waiting.length, made(2)]).toEqual([1, false])
      waiting.shift()!()
    }
    await settled()
    expect([waiting.length, made(2)]).toEqual([0, true])
  })

  it('is made without a rest once a batch needs it, and the next one takes its time again', async () => {
    const { segments, waiting, made } = await open()
    await segments.append(FULL, 1)
    expect(made(2)).toBe(false)
    expect(await segments.append(FULL, 2)).toEqual({ segment: 2, offset: SEGMENT_BYTES })
    await settled()
    expect([waiting.length, made(2), made(3)]).toEqual([1, true, false])
  })

  it('is open before it is needed: going over takes no descriptor', async () => {
    const { segments, waiting, made, files } = await open()
    while (!made(2)) {
      waiting.shift()?.()
      await settled()
    }
    files.open = () => Promise.reject(Object.assign(new Error('too many open files'), { code: 'EMFILE' }))
    await segments.append(FULL, 1)
    expect(await segments.append(FULL, 2)).toEqual({ segment: 2, offset: SEGMENT_BYTES })
  })

  it('is synced into its directory by a second try, where the first ended between name and sync', async () => {
    const { segments, waiting, files } = await open()
    const sync = files.syncDirectory
    let syncs = 0
    files.syncDirectory = () => Promise.reject(Object.assign(new Error('no descriptor'), { code: 'EMFILE' }))
    while (waiting.length > 0) {
      waiting.shift()!()
      await settled()
    }
    files.syncDirectory = () => {
      syncs += 1
      return sync()
    }
    await segments.prepare()
    expect(syncs).toBe(1)
  })

  it('stops the writing for good where its head cannot be written: what stands there nobody knows', async () => {
    const { segments, files } = await open()
    await segments.append(FULL, 1)
    await segments.prepare()
    files.fail('write', 'EIO')
    const cause = await segments.append(FULL, 2).catch((failed) => failed)
    expect([cause.code, cause instanceof NothingWritten]).toEqual(['EIO', false])
  })

  it('is made without a rest when the journal is closed', async () => {
    const { segments, waiting, made } = await open()
    await segments.close()
    expect([waiting.length, made(2)]).toEqual([0, true])
  })
})

describe('a file of zeros', () => {
  const directory = mkdtempSync(join(tmpdir(), 'zhijie-spare-'))
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  it('is written in pieces, with a rest between two of them, and has its length', async () => {
    const files = nodeFiles(directory)
    const lengths: (number | null)[] = []
    const bytes = 1_200_000
    await files.preallocate('zeros', bytes, async () => {
      lengths.push(files.size('zeros'))
    })
    expect(lengths).toEqual([524_288, 1_048_576])
    expect(readFileSync(join(directory, 'zeros')).equals(Buffer.alloc(bytes))).toBe(true)
    files.close()
  })
})
