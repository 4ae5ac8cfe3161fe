/** `verify` names the first record of a journal at which anything was changed, cut or removed. */
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sentences } from '../../src/commands/verify.ts'
import { databaseFile } from '../../src/store/database.ts'
import {
  batchesOf,
  check,
  flip,
  forge,
  freshFolder,
  openDisk,
  SEGMENT_BYTES,
  segmentFile,
  settlement,
  withSqlite,
  writeSettlements,
} from './integrity-support.ts'
import { AT } from './support.ts'

const SETTLEMENTS = 120

/** One sound journal, copied anew for each damage. */
let sound: string
let segments: number

beforeAll(async () => {
  sound = mkdtempSync(join(tmpdir(), 'zhijie-sound-'))
  await writeSettlements(sound, SETTLEMENTS)
  withSqlite(databaseFile(sound), (client) => client.pragma('wal_checkpoint(TRUNCATE)'))
  segments = batchesOf(sound).at(-1)!.segment
})
afterAll(() => rmSync(sound, { recursive: true }))

function copy(): string {
  const dataDir = freshFolder()
  cpSync(sound, dataDir, { recursive: true })
  return dataDir
}

const withText =
  (find: string, replacement: string): Parameters<typeof forge>[2] =>
  ({ records, groups }) => ({
    records: records.map((record) => ({ ...record, text: record.text.replace(find, replacement) })),
    groups,
  })

describe('verifyJournal()', () => {
  it('finds a sound journal whole and counts it', async () => {
    const found = await check(copy())
    expect(found).toMatchObject({
      first: null,
      more: 0,
      exchanges: SETTLEMENTS,
      outcomes: 2 * SETTLEMENTS,
      segments,
      notLinked: 0,
      torn: null,
      withoutIndex: false,
    })
    expect(segments).toBeGreaterThan(2)
    expect(found.links).toBeGreaterThanOrEqual(segments)
    expect(sentences(found, false).join('\n')).toMatch(/ is whole\n/)
  })

  it('finds any bit that was turned over in what is written, and names the record that holds it', async () => {
    const dataDir = copy()
    const batches = batchesOf(dataDir)
    const records = batches.flatMap((batch) =>
      batch.records.map((record) => ({ ...record, segment: batch.segment })),
    )
    for (let index = 0; index < records.length; index += 23) {
      const { segment, offset, length, sequence } = records[index]!
      const file = segmentFile(dataDir, segment)
      // Length, digest, type, length and begin of the text, what it says of the sealed: each a place of its own.
      for (const at of [0, 5, 36, 37, 44, length - 1]) {
        flip(file, offset + at, index % 8)
        const { first } = await check(dataDir)
        expect(first, `record ${sequence}, byte ${at}`).toMatchObject({ sequence, offset })
        expect(first!.file).toMatch(new RegExp(`${String(segment).padStart(10, '0')}\\.segment$`))
        flip(file, offset + at, index % 8)
      }
    }
    expect((await check(dataDir)).first).toBeNull()
  })

  it('finds any bit that was turned over in what is sealed, and names the first record that has a part of it', async () => {
    const dataDir = copy()
    const found = new Set<number>()
    for (const { segment, records } of batchesOf(dataDir)) {
      const first = records.find(({ sealed }) => sealed)
      if (!first || found.size > 12) continue
      const { offset, groupLength } = first.sealed!
      found.add(first.sequence)
      // Nonce, tag, the first sealed byte, the last.
      for (const at of [0, 15, 28, groupLength - 1]) {
        flip(segmentFile(dataDir, segment), offset + at, 3)
        const { sequence, offset: place } = first
        expect((await check(dataDir)).first, `record ${sequence}`).toMatchObject({ sequence, offset: place })
        flip(segmentFile(dataDir, segment), offset + at, 3)
      }
    }
    expect(found.size).toBeGreaterThan(10)
  })

  it.each<[string, (dataDir: string) => void, RegExp]>([
    ['header of a segment', (dir) => flip(segmentFile(dir, 2), 20), /^segment 2 .*header/],
    ['empty part of a header', (dir) => flip(segmentFile(dir, 2), 300), /^segment 2 .*header/],
    [
      'header of a batch',
      (dir) => flip(segmentFile(dir, 1), batchesOf(dir)[3]!.offset + 6),
      /^record 46 .*batch header/,
    ],
    [
      'filling after a batch',
      (dir) => flip(segmentFile(dir, 1), batchesOf(dir)[3]!.end - 1),
      /^record 61 .*does not end where/,
    ],
    ['empty end of a full segment', (dir) => flip(segmentFile(dir, 1), SEGMENT_BYTES - 1), /^record \d+ /],
    ['a segment that is gone', (dir) => rmSync(segmentFile(dir, 2)), /^segment 2 is missing/],
    ['the first segment that is gone', (dir) => rmSync(segmentFile(dir, 1)), /^segment 1 is missing/],
    [
      'the last segment that is gone',
      (dir) => rmSync(segmentFile(dir, segments)),
      /^the noted head .*end is missing/,
    ],
    ['a segment cut short', (dir) => truncateSync(segmentFile(dir, 1), 5000), /^record \d+ /],
    [
      'two segments swapped',
      (dir) => {
        const [one, other] = [segmentFile(dir, 1), segmentFile(dir, 2)].map((file) => readFileSync(file))
        writeFileSync(segmentFile(dir, 1), other!)
        writeFileSync(segmentFile(dir, 2), one!)
      },
      /^segment 1 .*says that it is segment 2/,
    ],
    [
      'two batches swapped',
      (dir) => {
        const [, one, other] = batchesOf(dir)
        const content = readFileSync(segmentFile(dir, 1))
        const swapped = Buffer.concat([
          content.subarray(0, one!.offset),
          content.subarray(other!.offset, other!.end),
          content.subarray(one!.offset, one!.end),
          content.subarray(other!.end),
        ])
        writeFileSync(segmentFile(dir, 1), swapped)
      },
      /^record 16 .*records before it are missing/,
    ],
    [
      'the end of the journal that is gone',
      (dir) => {
        const last = batchesOf(dir).at(-2)!
        const content = readFileSync(segmentFile(dir, last.segment))
        content.fill(0, last.offset)
        writeFileSync(segmentFile(dir, last.segment), content)
      },
      /^the noted head .*end is missing/,
    ],
  ])('finds and names %s', async (_name, hurt, named) => {
    const dataDir = copy()
    hurt(dataDir)
    const found = await check(dataDir)
    expect(found.first).not.toBeNull()
    const [, told] = /not whole: (.*)/.exec(sentences(found, false)[0]!)!
    expect(told).toMatch(named)
  })

  it.each<[string, Parameters<typeof forge>[2], RegExp]>([
    [
      'a record removed',
      ({ records, groups }, batch) => ({ records: batch === 3 ? records.toSpliced(4, 1) : records, groups }),
      /^record 50 /,
    ],
    [
      'two records swapped',
      ({ records, groups }, batch) => ({
        records: batch === 3 ? [records[1]!, records[0]!, ...records.slice(2)] : records,
        groups,
      }),
      /^record 46 /,
    ],
    ['an amount changed', withText('"S18",1800', '"S18",1801'), /^record 54 .*another "total" in the index/],
    [
      'an answer changed',
      ({ records, groups }, batch) => ({
        records,
        groups: batch === 3 ? groups.map(([group]) => [group!.subarray(1), Buffer.from([1])]) : groups,
      }),
      /^record \d+ \(link 1\).*covers were changed/,
    ],
  ])('finds %s with all checksums made right again', async (_name, change, named) => {
    const dataDir = copy()
    forge(dataDir, 1, change)
    const { first } = await check(dataDir)
    expect(`${first!.what} ${first!.wrong}`).toMatch(named)
  })

  it('finds the same by the chain alone, where no index is beside the journal', async () => {
    const dataDir = copy()
    rmSync(databaseFile(dataDir))
    expect(await check(dataDir)).toMatchObject({ first: null, withoutIndex: true })
    forge(dataDir, 1, withText('"S18",1800', '"S18",1801'))
    const { first } = await check(dataDir)
    expect(first!.what).toMatch(/\(link 1\)/)
  })

  it.each<[string, string, RegExp]>([
    ['an amount', 'update outcome set total = total + 1 where id = 54', /^record 54 .*"total"/],
    ['a key', "update exchange set key = 'other' where id = 9", /^record \d+ \(exchange 9\) .*"key"/],
    ['a place', 'update outcome set "offset" = 512 where id = 54', /^record 54 .*"offset"/],
    ['a row that is gone', 'delete from outcome where id = 54', /^record 54 .*is not in the index/],
    [
      'a row too many',
      `insert into exchange (id, at, segment, "offset", length) values (9999, 1, 1, 512, 10)`,
      /^the index holds 1 rows of "exchange"/,
    ],
    ['the position', 'update position set next_sequence = 9999', /^(the index knows record 9998|record)/],
    [
      'a kept sum',
      'update tally set standing_fen = standing_fen + 1',
      /^the index keeps \d+ as "standingFen"/,
    ],
    ['an open case too many', 'insert into open_case values (3)', /^the index keeps other open cases/],
    ['the link in it', "update position set link_hash = 'ff'", /^the index knows another link/],
  ])('finds what was changed in the index: %s', async (_name, sql, named) => {
    const dataDir = copy()
    withSqlite(databaseFile(dataDir), (client) => {
      client.exec(sql)
      client.pragma('wal_checkpoint(TRUNCATE)')
    })
    const { first } = await check(dataDir)
    expect(`${first?.what} ${first?.wrong}`).toMatch(named)
  })

  it('finds a head that names another link', async () => {
    const dataDir = copy()
    const file = join(dataDir, 'journal/head')
    const head = JSON.parse(readFileSync(file, 'utf8')) as { hash: string }
    writeFileSync(file, JSON.stringify({ ...head, hash: 'f'.repeat(64) }))
    expect((await check(dataDir)).first).toMatchObject({ what: 'the noted head' })
  })

  it('finds a life that takes a step which is none', async () => {
    const dataDir = freshFolder()
    const disk = await openDisk(dataDir)
    const at = settlement(1)[1]!.outcome!.at
    await disk.commit(settlement(1))
    await disk.commit([{ outcome: { exchange: 1, state: 'unsent', at } }])
    await disk.commit([{ outcome: { exchange: 7, state: 'accepted', at } }])
    await disk.close()
    const found = await check(dataDir)
    expect(found).toMatchObject({ first: { sequence: 4 }, more: 1 })
    expect(found.first!.wrong).toMatch(/from "accepted" to "unsent", which is no step/)
  })

  it('finds a message that was rejected after it had been let go', async () => {
    const dataDir = freshFolder()
    const disk = await openDisk(dataDir)
    const rejected = (id: number) => ({ exchange: id, state: 'rejected', at: AT }) as const
    const begun = (id: number) => ({ exchange: { ...settlement(id)[0]!.exchange!, id } })
    await disk.commit([{ ...begun(1), outcome: rejected(1) }])
    await disk.commit([begun(2), begun(3)])
    await disk.commit([{ outcome: rejected(2) }])
    await disk.commit([{ outcome: rejected(3) }])
    await disk.close()
    const found = await check(dataDir)
    expect(found).toMatchObject({ first: { sequence: 5 }, more: 1 })
    expect(found.first!.wrong).toMatch(/exchange 2 from "open" to "rejected", which is no step/)
  })

  it('calls a torn last batch torn, not damage', async () => {
    const dataDir = copy()
    rmSync(join(dataDir, 'journal/head'))
    rmSync(databaseFile(dataDir))
    const last = batchesOf(dataDir).findLast(({ end, offset }) => end - offset > 1024)!
    const content = readFileSync(segmentFile(dataDir, last.segment))
    content.fill(0, last.end - 512)
    writeFileSync(segmentFile(dataDir, last.segment), content)
    expect(await check(dataDir)).toMatchObject({ first: null, torn: { offset: last.offset } })
  })

  it('checks beside a running gateway up to the last link that was noted', async () => {
    const dataDir = freshFolder()
    const disk = await openDisk(dataDir)
    for (let id = 1; id <= 60; id += 1) {
      await disk.commit(settlement(id))
      if (id % 20 === 0) expect(await check(dataDir, true)).toMatchObject({ first: null })
    }
    await disk.indexed()
    await disk.close()
    expect(await check(dataDir)).toMatchObject({ first: null, exchanges: 60 })
  })

  it('says in words where there is nothing to check', async () => {
    await expect(check(freshFolder())).rejects.toThrow(/There is no journal/)
  })
})
