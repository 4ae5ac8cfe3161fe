/** A start cuts off a torn last write and goes on, but stops and names the place where written records are damaged. */
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ReadBatch } from '../../src/journal/segment/batch-format.ts'
import { HEAD_FILE } from '../../src/journal/segment/chain-head.ts'
import { scanBatches, segmentName } from '../../src/journal/segment/scan.ts'
import { isZero, SECTOR_BYTES } from '../../src/journal/segment/sectors.ts'
import { HEADER_BYTES } from '../../src/journal/segment/segment-header.ts'
import { settlement } from './integrity-support.ts'
import { createRig, type Rig } from './segment-rig.ts'
import { settled } from './support.ts'

const FIRST = segmentName(1)

/** Batches of the first segment, as they rest. */
function batches({ files }: Rig): ReadBatch[] {
  const found: ReadBatch[] = []
  const bytes = files.read(FIRST, HEADER_BYTES, files.size(FIRST)!)!
  scanBatches(bytes, HEADER_BYTES, HEADER_BYTES, 1, (batch) => found.push(batch))
  return found
}

/** A journal of three settlements, each in two batches, that was killed: no end of the chain, nothing closed. */
async function killed(): Promise<Rig> {
  const rig = createRig()
  const disk = await rig.open()
  for (const id of [1, 2, 3]) for (const entry of settlement(id)) await disk.commit([entry])
  await disk.indexed()
  return rig
}

/** The same after its power went: files as they are, the index gone. */
async function withoutIndex(): Promise<Rig> {
  const rig = await killed()
  rig.index.forget()
  return rig
}

const ADVICE = 'The gateway does not start, since it could answer wrongly'

describe('startJournal() after a write was torn', () => {
  /** Puts zeros in sectors of the last batch. */
  function tear(rig: Rig, lost: (sector: number, of: number) => boolean): void {
    const last = batches(rig).at(-1)!
    const of = (last.end - last.offset) / SECTOR_BYTES
    for (let sector = 0; sector < of; sector += 1) {
      const at = last.offset + sector * SECTOR_BYTES
      if (lost(sector, of)) rig.files.bytes(FIRST).fill(0, at, at + SECTOR_BYTES)
    }
  }

  it.each<[string, (sector: number, of: number) => boolean]>([
    ['its first sector', (sector) => sector === 0],
    ['its last sector', (sector, of) => sector === of - 1],
    ['all but its first sector', (sector) => sector > 0],
    ['all of it', () => true],
  ])('cuts a batch that lacks %s and goes on', async (name, lost) => {
    const rig = await withoutIndex()
    tear(rig, lost)
    const disk = await rig.open()
    expect(isZero(rig.files.bytes(FIRST).subarray(batches(rig).at(-1)!.end))).toBe(true)
    expect(disk.byId(3)).toMatchObject({ state: 'unknown', reply: null })
    expect(disk.byId(2)).toMatchObject({ state: 'accepted', settlement: 'S2' })
    expect(rig.told.some((text) => text.includes('was cut off the journal'))).toBe(name !== 'all of it')
    await disk.commit([settlement(3)[1]!])
    await disk.commit(settlement(4))
    await disk.close()
    rig.index.forget()
    const again = await rig.open()
    expect([3, 4].map((id) => again.byId(id)?.settlement)).toEqual(['S3', 'S4'])
  })

  it('does not cut what the index knows to be durable', async () => {
    const rig = await killed()
    tear(rig, (sector) => sector === 0)
    await expect(rig.open()).rejects.toThrow('the end of the journal is missing')
    expect(batches(rig)).toHaveLength(5)
  })

  it('does not cut in front of another segment', async () => {
    const rig = createRig(4 * 1024)
    const disk = await rig.open()
    for (const id of [1, 2, 3, 4, 5]) await disk.commit(settlement(id))
    await disk.close()
    expect(rig.files.size(segmentName(3))).not.toBeNull()
    rig.index.forget()
    tear(rig, (sector) => sector === 0)
    await expect(rig.open()).rejects.toThrow(/The journal is damaged: record \d+ \(journal\/0000000001/)
  })
})

describe('startJournal() on a journal that is not what was written', () => {
  /** A journal of several small segments, closed. */
  async function ofSegments(): Promise<Rig> {
    const rig = createRig(8 * 1024)
    const disk = await rig.open()
    for (const id of [1, 2, 3, 4, 5, 6, 7, 8]) await disk.commit(settlement(id))
    await disk.close()
    expect(rig.files.size(segmentName(4))).not.toBeNull()
    return rig
  }

  it('takes a batch that has lost a sector for damage where another follows', async () => {
    const rig = await withoutIndex()
    const [, second] = batches(rig)
    rig.files.bytes(FIRST).fill(0, second!.offset, second!.offset + SECTOR_BYTES)
    await expect(rig.open()).rejects.toThrow(/damaged: record 3 .* is missing: its place is empty/)
  })

  it('stops at a bit turned over in what is indexed and linked, in the segment that is written', async () => {
    const rig = createRig()
    const disk = await rig.open()
    for (const id of [1, 2, 3]) await disk.commit(settlement(id))
    await disk.close()
    rig.files.bytes(FIRST)[HEADER_BYTES + 200]! ^= 1
    await expect(rig.open()).rejects.toThrow('damaged: record 1 (journal/0000000001.segment, byte 540)')
  })

  it('says so where the journal is written in another form', async () => {
    const rig = await ofSegments()
    const header = rig.files.bytes(FIRST)
    header.writeUInt32BE(1, 8)
    header.writeUInt32BE(crc32(header.subarray(0, 32)), 32)
    for (const indexKept of [true, false]) {
      if (!indexKept) rig.index.forget()
      await expect(rig.open()).rejects.toThrow(/another form.*Set ZHIJIE_DATA to another directory/)
    }
  })

  it('stops where a segment ends before the next one begins', async () => {
    const rig = await ofSegments()
    rig.index.forget()
    const last = batches(rig).at(-1)!
    rig.files.bytes(FIRST).fill(0, last.offset, last.end)
    await expect(rig.open()).rejects.toThrow(
      `record ${last.firstSequence} (journal/0000000001.segment, byte ${last.offset}) is not there: 0000000002.segment begins with record`,
    )
  })

  it('stops where a segment in the middle is gone, or its header cannot be read', async () => {
    const rig = await ofSegments()
    rig.index.forget()
    const whole = rig.files.copy()
    await rig.files.remove(HEAD_FILE)
    await rig.files.remove(segmentName(2))
    await expect(rig.open()).rejects.toThrow('0000000002.segment is missing, and 0000000003.segment is there')
    rig.files = whole
    rig.index.forget()
    rig.files.bytes(segmentName(2))[20]! ^= 1
    await expect(rig.open()).rejects.toThrow('the header of 0000000002.segment cannot be read')
  })

  it('stops at a bit turned over anywhere, and names the record', async () => {
    const rig = await killed()
    const whole = rig.files
    const all = batches(rig)
    const used = all.at(-1)!.end - HEADER_BYTES
    await fc.assert(
      fc.asyncProperty(fc.nat(used - 1), fc.nat(7), fc.boolean(), async (at, bit, indexKept) => {
        rig.files = whole.copy()
        if (!indexKept) rig.index.forget()
        rig.files.bytes(FIRST)[HEADER_BYTES + at]! ^= 1 << bit
        const message = await rig.open().then(
          () => 'started',
          (cause) => (cause as Error).message,
        )
        const batch = all.find(({ end }) => end > HEADER_BYTES + at)!
        const [, sequence] =
          /^The journal is damaged: record (\d+) \(journal\/0000000001\.segment, byte \d+\)/.exec(message)!
        expect(Number(sequence)).toBeGreaterThanOrEqual(batch.firstSequence)
        expect(Number(sequence)).toBeLessThanOrEqual(batch.firstSequence + batch.records.length)
        expect(message).toContain(ADVICE)
      }),
      { numRuns: 60 },
    )
  })

  it('stops where the journal ends before its own head', async () => {
    const rig = createRig()
    const disk = await rig.open()
    await disk.commit(settlement(1))
    const former = rig.files.copy()
    await disk.commit(settlement(2))
    await disk.close()
    await former.note(HEAD_FILE, [rig.files.bytes(HEAD_FILE)])
    rig.files = former
    rig.index.forget()
    await expect(rig.open()).rejects.toThrow(
      /was noted as durable: the end of the journal is missing.*restore/,
    )
  })

  it('stops where the index is ahead', async () => {
    const rig = await killed()
    const last = batches(rig).at(-1)!
    rig.files.bytes(FIRST).fill(0, last.offset, last.end)
    await expect(rig.open()).rejects.toThrow('the end of the journal is missing')
  })

  it('stops where segments are gone', async () => {
    const rig = await killed()
    await rig.files.remove(FIRST)
    await expect(rig.open()).rejects.toThrow(/the end of the journal is missing/)
    await rig.files.remove(segmentName(2))
    await expect(rig.open()).rejects.toThrow('has no segments')
    rig.index.forget()
    await rig.files.preallocate(segmentName(4), 4096)
    await expect(rig.open()).rejects.toThrow('so are its first segments')
  })
})

describe('the index', () => {
  it('is made anew from the segments, the same rows, and says what is lost', async () => {
    const rig = await killed()
    const rows = rig.index.rows()
    expect(rows.exchanges).toHaveLength(3)
    rig.index.forget()
    const disk = await rig.open()
    expect(rig.index.rows()).toEqual(rows)
    expect(rig.told.join()).toContain('Records of stays that were imported')
    expect(disk.byKey('k3')).toMatchObject({ settlement: 'S3' })
  })

  it('catches up with what was durable when the process was killed', async () => {
    const rig = createRig()
    const disk = await rig.open()
    await disk.commit(settlement(1))
    await disk.indexed()
    rig.hold()
    await disk.commit(settlement(2))
    await settled()
    expect(rig.index.rows().exchanges).toHaveLength(1)
    const again = await rig.open()
    expect(rig.index.rows().exchanges).toHaveLength(2)
    expect(again.byKey('k2')).toMatchObject({ state: 'accepted', settlement: 'S2' })
    expect(rig.told).toEqual([])
  })
})
