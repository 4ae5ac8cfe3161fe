/** Going over segments loses and doubles nothing, and a disk that fails stops the journal before a wrong answer. */
import { describe, expect, it } from 'vitest'
import type { Disk } from '../../src/journal/embedded/disk.ts'
import { encodeBatch, type ReadBatch } from '../../src/journal/segment/batch-format.ts'
import { linkHash, linkOf, linkRecord, ORIGIN } from '../../src/journal/segment/chain.ts'
import { readHead } from '../../src/journal/segment/chain-head.ts'
import { NothingWritten } from '../../src/journal/segment/nothing-written.ts'
import { readSegmentHeader, scanBatches, segmentName, segmentsOf } from '../../src/journal/segment/scan.ts'
import { HEADER_BYTES } from '../../src/journal/segment/segment-header.ts'
import { settlement } from './integrity-support.ts'
import { createRig, type Rig } from './segment-rig.ts'
import { AT, settled } from './support.ts'

const SMALL = 8 * 1024

/** Batches of every segment in use. */
function segments({ files }: Rig): Map<number, ReadBatch[]> {
  const found = new Map<number, ReadBatch[]>()
  for (const segment of segmentsOf(files)) {
    const header = readSegmentHeader(files, segment)
    if (typeof header === 'string') continue
    const name = segmentName(segment)
    const bytes = files.read(name, HEADER_BYTES, files.size(name)!)!
    const batches: ReadBatch[] = []
    scanBatches(bytes, HEADER_BYTES, HEADER_BYTES, header.firstSequence, (batch) => batches.push(batch))
    found.set(segment, batches)
  }
  return found
}

const recordsOf = (rig: Rig) => [...segments(rig).values()].flat().flatMap(({ records }) => records)
const linksOf = (rig: Rig) =>
  recordsOf(rig)
    .filter(({ type }) => type === 'link')
    .map(linkOf)

async function fill(disk: Disk, from: number, to: number): Promise<void> {
  for (let id = from; id <= to; id += 1) await disk.commit(settlement(id))
}

describe('going over into the next segment', () => {
  it('loses and doubles nothing, whatever is asked meanwhile, and after a restart', async () => {
    const rig = createRig(SMALL)
    const disk = await rig.open()
    const ids = Array.from({ length: 40 }, (_, index) => index + 1)
    await Promise.all(
      ids.map(async (id) => {
        await disk.commit(settlement(id))
        expect(disk.byKey(`k${id}`)).toMatchObject({ settlement: `S${id}` })
      }),
    )
    expect(segments(rig).size).toBeGreaterThan(10)
    expect(recordsOf(rig).map(({ sequence }) => sequence)).toEqual(
      recordsOf(rig).map((_, index) => index + 1),
    )
    await disk.close()
    rig.index.forget()
    const again = await rig.open()
    expect(ids.map((id) => again.byId(id)?.settlement)).toEqual(ids.map((id) => `S${id}`))
  })

  it('closes the chain at the end of each segment', async () => {
    const rig = createRig(SMALL)
    const disk = await rig.open()
    await fill(disk, 1, 20)
    await settled()
    // All but the present segment and the link that waits for a batch.
    expect(linksOf(rig).length).toBeGreaterThanOrEqual(segments(rig).size - 2)
    await disk.close()
    const bySequence = new Map<number, number>()
    for (const [segment, batches] of segments(rig)) {
      for (const { records } of batches) for (const { sequence } of records) bySequence.set(sequence, segment)
    }
    const digests = recordsOf(rig).map(({ digest }) => digest)
    let previous = { number: 0, hash: ORIGIN, lastSequence: 0 }
    for (const link of linksOf(rig)) {
      expect(bySequence.get(link.firstSequence)).toBe(bySequence.get(link.lastSequence))
      expect(link).toMatchObject({ number: previous.number + 1, firstSequence: previous.lastSequence + 1 })
      expect(link.hash).toBe(
        linkHash(previous.hash, digests.slice(link.firstSequence - 1, link.lastSequence)),
      )
      previous = link
    }
    expect(previous.number).toBeGreaterThan(5)
    expect(
      recordsOf(rig)
        .slice(previous.lastSequence)
        .every(({ type }) => type === 'link'),
    ).toBe(true)
  })
})

describe('a disk that fails', () => {
  it('is told of in words when the next segment cannot be made; the present one is filled first', async () => {
    const rig = createRig(SMALL)
    rig.files.fail('preallocate', null)
    const disk = await rig.open()
    await settled()
    await rig.files.remove(segmentName(2))
    rig.files.fail('preallocate', 'ENOSPC')
    await disk.commit(settlement(1))
    await expect(fill(disk, 2, 9)).rejects.toThrow(
      'journal/0000000001.segment cannot grow: the disk is full (ENOSPC',
    )
    expect(disk.byId(1)).toMatchObject({ settlement: 'S1' })
    await disk.indexed()
    expect(rig.files.list().filter((name) => name.endsWith('.new'))).toEqual([])
    rig.files.fail('preallocate', null)
    await disk.close()
    const again = await rig.open()
    await fill(again, 9, 12)
    expect(again.byKey('k12')).toMatchObject({ settlement: 'S12' })
  })

  it.each(['ENOSPC', 'EMFILE'])(
    'that had no next segment (%s) goes on with the same record once it has',
    async (code) => {
      const rig = createRig(SMALL)
      const disk = await rig.open()
      await settled()
      await rig.files.remove(segmentName(2))
      rig.files.fail('preallocate', code)
      let stuck = 1
      for (; stuck < 9; stuck += 1) {
        const failed = await disk.commit(settlement(stuck)).then(
          () => null,
          (cause) => cause,
        )
        if (failed) {
          expect(failed).toBeInstanceOf(NothingWritten)
          break
        }
      }
      await expect(disk.commit([])).rejects.toBeInstanceOf(NothingWritten)
      expect(disk.byId(stuck)).toBeNull()
      rig.files.fail('preallocate', null)
      await disk.commit([])
      await fill(disk, stuck, 20)
      await disk.close()
      expect(recordsOf(rig).map(({ sequence }) => sequence)).toEqual(
        recordsOf(rig).map((_, index) => index + 1),
      )
      rig.index.forget()
      const again = await rig.open()
      expect(again.byId(20)).toMatchObject({ settlement: 'S20' })
    },
  )

  it.each([0, 512, 1536])(
    'writes nothing more after a write failed at byte %i, and starts again',
    async (reach) => {
      const rig = createRig()
      const disk = await rig.open()
      await fill(disk, 1, 2)
      rig.files.fail('write', 'EIO')
      rig.files.tear(reach)
      await expect(disk.commit(settlement(3))).rejects.toThrow('the disk reports an error (EIO')
      rig.files.fail('write', null)
      await expect(disk.commit(settlement(4))).rejects.toThrow('the disk reports an error (EIO')
      expect([disk.byId(2)?.state, disk.byId(3), disk.byId(4)]).toEqual(['accepted', null, null])
      await disk.close()
      const again = await rig.open()
      expect([again.byId(2)?.state, again.byId(3), again.lastId()]).toEqual(['accepted', null, 2])
      await again.commit(settlement(3))
    },
  )

  it('stops when what was written is not what can be read back', async () => {
    const rig = createRig()
    const disk = await rig.open()
    await fill(disk, 1, 1)
    await disk.indexed()
    rig.hold()
    await fill(disk, 2, 2)
    const [batch] = segments(rig).get(1)!.slice(-1)
    rig.files.bytes(segmentName(1))[batch!.offset + 100]! ^= 4
    rig.release()
    await expect(disk.commit(settlement(3))).rejects.toThrow(
      /damaged: record 4 .*does not match its checksum/,
    )
    await expect(disk.indexed()).rejects.toThrow('damaged')
  })

  it('stops when what was written is not there any more', async () => {
    const rig = createRig()
    const disk = await rig.open()
    rig.hold()
    await fill(disk, 1, 1)
    rig.files.bytes(segmentName(1)).fill(0, HEADER_BYTES)
    rig.release()
    await expect(disk.commit(settlement(2))).rejects.toThrow(
      /record 1 .* was written and cannot be read back/,
    )
  })

  it('answers nothing where the index leads to another record', async () => {
    const rig = createRig()
    const disk = await rig.open()
    await fill(disk, 1, 2)
    await disk.indexed()
    const [one, other] = rig.index.rows().exchanges
    // Of the same number, and yet an outcome.
    const [said] = rig.index.rows().outcomes
    expect(said!.columns.id).toBe(other!.columns.id)
    const places = [one!.place, other!.place]
    Object.assign(one!, { place: places[1] })
    Object.assign(other!, { place: said!.place })
    for (const id of [1, 2]) expect(() => disk.byId(id)).toThrow('校验不符')
    Object.assign(one!, { place: places[0] })
    expect(disk.byId(1)).toMatchObject({ settlement: 'S1' })
  })

  it('stops when the index cannot be written', async () => {
    const rig = createRig()
    const disk = await rig.open()
    rig.index.fail(new Error('no room for the index'))
    await fill(disk, 1, 1)
    await settled()
    await expect(disk.commit(settlement(2))).rejects.toThrow('no room for the index')
  })

  it('answers nothing from a record that is not what was written', async () => {
    const rig = createRig()
    const disk = await rig.open()
    await fill(disk, 1, 1)
    await disk.indexed()
    const [batch] = segments(rig).get(1)!
    rig.files.bytes(segmentName(1))[batch!.records[2]!.offset + 90]! ^= 1
    expect(() => disk.byId(1)).toThrow('交易日志记录校验不符（outcome 3）')
    expect(() => disk.byKey('k1')).toThrow('校验不符')
  })
})

describe('what is durable and not yet indexed', () => {
  it('is answered, whatever it is asked by, and the same once it is indexed', async () => {
    const rig = createRig()
    const disk = await rig.open()
    const opens = {
      exchange: { ...settlement(1)[0]!.exchange!, key: 'open', encounter: null, transaction: '2201' },
      outcome: { exchange: 1, state: 'accepted' as const, at: AT, encounter: 'E9' },
    }
    await disk.commit([opens])
    await disk.indexed()
    rig.hold()
    await fill(disk, 2, 3)
    await disk.commit([{ ...settlement(4)[0]! }])
    await disk.commit([{ outcome: { exchange: 1, state: 'reversed', at: AT, told: 'later' } }])
    const all = () => ({
      byKey: ['k2', 'k4', 'open'].map((key) => disk.byKey(key)),
      byMessage: disk.byMessage('H62010200001', 'M3', '2207'),
      unresolved: disk.unresolved(),
      openers: disk.openers('E9'),
      settlers: disk.settlers('S3'),
      messages: disk.messages('M3'),
      lastId: disk.lastId(),
    })
    const before = all()
    expect(before.unresolved.map(({ exchange }) => exchange.id)).toEqual([4])
    expect(before.openers).toMatchObject([{ exchange: 1 }])
    expect(disk.byId(1)).toMatchObject({ state: 'reversed', told: 'later' })
    expect(before.settlers).toMatchObject([{ exchange: { lane: 'outpatient' }, state: 'accepted' }])
    expect(before.messages).toMatchObject([{ id: 3 }])
    await expect(disk.commit([{ exchange: { ...settlement(2)[0]!.exchange!, id: 9 } }])).rejects.toThrow(
      'UNIQUE',
    )
    let seen = false
    const indexed = disk.indexed().then(() => {
      seen = true
    })
    await settled()
    expect([seen, rig.index.rows().exchanges.length]).toEqual([false, 1])
    rig.release()
    await indexed
    expect(rig.index.rows().exchanges).toHaveLength(4)
    expect(all()).toEqual(before)
  })
})

describe('the chain', () => {
  it('is closed when nothing is written for a while, once, and its head is noted', async () => {
    const rig = createRig()
    const disk = await rig.open()
    await fill(disk, 1, 2)
    await settled()
    rig.idle()
    await settled()
    expect(linksOf(rig)).toMatchObject([{ number: 1, firstSequence: 1, lastSequence: 6, count: 6 }])
    rig.idle()
    await settled()
    rig.idle()
    await settled()
    expect(linksOf(rig)).toHaveLength(1)
    expect(readHead(rig.files)).toMatchObject({ number: 1, hash: linksOf(rig)[0]!.hash, lastSequence: 7 })
    await fill(disk, 3, 3)
    await disk.close()
    expect(linksOf(rig)).toMatchObject([
      { number: 1 },
      { number: 2, firstSequence: 7, lastSequence: 10, count: 4 },
    ])
  })

  it('is closed under load each time 1024 records are not covered, with the next batch', async () => {
    const rig = createRig(8 * 1024 * 1024)
    const disk = await rig.open()
    const ids = Array.from({ length: 800 }, (_, index) => index + 1)
    for (let at = 0; at < 800; at += 100) await disk.commit(ids.slice(at, at + 100).flatMap(settlement))
    await settled()
    // The second waits for a batch, or for a while without one.
    rig.idle()
    await settled()
    const links = linksOf(rig)
    expect(links.map(({ count }) => count)).toEqual([1200, 1201])
  })

  it('goes on after a restart in the middle of a link', async () => {
    const rig = createRig()
    const disk = await rig.open()
    await fill(disk, 1, 1)
    await disk.indexed()
    const again = await rig.open()
    await fill(again, 2, 2)
    await again.close()
    expect(linksOf(rig)).toMatchObject([{ number: 1, firstSequence: 1, lastSequence: 6, count: 6 }])
    const third = await rig.open()
    await fill(third, 3, 3)
    await third.close()
    expect(linksOf(rig)).toMatchObject([{ number: 1 }, { number: 2, firstSequence: 7, lastSequence: 10 }])
  })

  it('with a link that is not that of its records stops the start', async () => {
    const rig = createRig()
    const disk = await rig.open()
    await fill(disk, 1, 2)
    await disk.indexed()
    const last = segments(rig).get(1)!.at(-1)!
    const link = {
      number: 1,
      firstSequence: 1,
      lastSequence: 6,
      count: 6,
      previous: ORIGIN,
      hash: ORIGIN,
      at: AT,
    }
    encodeBatch([linkRecord(link)], [], 7).bytes.copy(rig.files.bytes(segmentName(1)), last.end)
    await expect(rig.open()).rejects.toThrow('link 1 of the chain is not that of the records it covers')
  })
})
