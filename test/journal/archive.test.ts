/** Archiving moves ended segments, leaves no gap in the chain, can end anywhere, and what was changed shows. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Instant } from '../../src/domain/day.ts'
import { type ArchiveReport, createArchiver, finishArchiving } from '../../src/journal/archive/archive.ts'
import { archivedName } from '../../src/journal/archive/archive-files.ts'
import { backUp, restore } from '../../src/journal/backup/backup.ts'
import type { Journal } from '../../src/journal/journal.ts'
import type { SegmentDisk } from '../../src/journal/segment/segment-disk.ts'
import { verifyJournal } from '../../src/journal/verify/verify.ts'
import { databaseFile } from '../../src/store/database.ts'
import {
  batchesOf,
  check,
  flip,
  freshFolder,
  openDisk,
  segmentFile,
  settlement,
  withSqlite,
} from './integrity-support.ts'
import { AT, intent, journalOver, still } from './support.ts'

const DAY_MS = 86_400_000
const LATER = (AT + 10 * DAY_MS) as Instant

interface Gateway {
  readonly dataDir: string
  readonly archive: string
  readonly disk: SegmentDisk
  readonly journal: Journal
  run(days?: number): Promise<ArchiveReport>
  close(): Promise<void>
}

/** The journal's part of a gateway that works ten days after everything was written. */
async function open(dataDir = freshFolder()): Promise<Gateway> {
  const archive = join(dataDir, 'archive')
  const disk = await openDisk(dataDir)
  const clock = { ...still, now: () => LATER }
  const journal = journalOver(disk, clock)
  await finishArchiving(disk, archive)
  const archiver = createArchiver({ disk, journal, clock, dataDir, archive })
  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    await archiver.stop()
    await journal.close()
  }
  onTestFinished(close)
  return { dataDir, archive, disk, journal, run: (days = 7) => archiver.run(days), close }
}

/** Writes so many settlements that have ended; the index and the links keep up. */
async function write({ disk }: Pick<Gateway, 'disk'>, count: number, from = 1): Promise<void> {
  const entries = Array.from({ length: count }, (_, index) => settlement(from + index)).flat()
  for (let at = 0; at < entries.length; at += 20) {
    await disk.commit(entries.slice(at, at + 20))
    await disk.indexed()
  }
}

const presentSegment = (dataDir: string) => batchesOf(dataDir).at(-1)!.segment

describe('createArchiver()', () => {
  it('moves all full segments that have ended, and the chain goes on from there without a gap', async () => {
    const gateway = await open()
    await write(gateway, 200)
    const present = presentSegment(gateway.dataDir)
    const before = readFileSync(segmentFile(gateway.dataDir, 1))
    const report = await gateway.run()
    expect(report.archived.length).toBeGreaterThan(1)
    expect(report.archived.map(({ segment }) => segment)).toEqual(
      report.archived.map((_, index) => index + 1),
    )
    expect(report.archived[0]!.firstSequence).toBe(1)
    expect(report.archived[1]!.firstSequence).toBe(report.archived[0]!.lastSequence + 1)
    expect(report).toMatchObject({
      archivedUpTo: report.archived.length,
      stays: { because: expect.any(String) },
    })
    expect(report.archivedUpTo).toBeLessThan(present)
    expect(existsSync(segmentFile(gateway.dataDir, 1))).toBe(false)
    const copy = join(gateway.archive, archivedName(1))
    expect(gunzipSync(readFileSync(copy)).equals(before)).toBe(true)
    expect(statSync(copy).size).toBeLessThan(before.length)
    expect(readdirSync(gateway.archive).filter((name) => name.endsWith('.part'))).toEqual([])

    await write(gateway, 40, 201)
    await gateway.close()
    const whole = await check(gateway.dataDir)
    expect(whole).toMatchObject({
      first: null,
      exchanges: 240,
      archivedSegments: report.archivedUpTo,
      notHere: 0,
    })
    const elsewhere = {
      directory: gateway.dataDir,
      archive: join(gateway.dataDir, 'nowhere'),
      running: false,
    }
    const rest = await verifyJournal(elsewhere)
    expect(rest).toMatchObject({ first: null, archivedSegments: 0, notHere: report.archivedUpTo })
    expect(rest.exchanges).toBeLessThan(240)
    const alone = await verifyJournal({ directory: gateway.archive, archive: '', running: false })
    expect(alone).toMatchObject({ first: null, segments: report.archivedUpTo })
  })

  it('goes on where it ended, in a gateway that was started anew', async () => {
    const first = await open()
    await write(first, 200)
    const { archivedUpTo } = await first.run()
    await first.close()
    const second = await open(first.dataDir)
    expect(second.disk.archivedUpTo()).toBe(archivedUpTo)
    await write(second, 120, 201)
    const report = await second.run()
    expect(report.archived[0]!.segment).toBe(archivedUpTo + 1)
    await second.close()
    expect(await check(first.dataDir)).toMatchObject({ first: null, exchanges: 320 })
  })

  it('leaves what is younger than the age', async () => {
    const gateway = await open()
    await write(gateway, 60)
    expect(await gateway.run(11)).toEqual({
      archived: [],
      archivedUpTo: 0,
      stays: { segment: 1, because: 'too-young' },
    })
  })

  it('leaves a segment in which one message has not ended, and everything after it', async () => {
    const gateway = await open()
    const names = { key: 'k-open', message: 'M-open', encounter: 'E-open' }
    const exchange = { ...intent(names), id: 1000 }
    await gateway.disk.commit([{ exchange, outcome: { exchange: 1000, state: 'open', at: AT } }])
    await write(gateway, 200)
    await gateway.disk.commit([{ outcome: { exchange: 1000, state: 'unknown', at: AT } }])
    await gateway.disk.indexed()
    expect(await gateway.run()).toMatchObject({ archived: [], stays: { segment: 1, because: 'unresolved' } })
    await gateway.disk.commit([{ outcome: { exchange: 1000, state: 'accepted', at: AT } }])
    await gateway.disk.indexed()
    expect((await gateway.run()).archived.length).toBeGreaterThan(1)
  })

  it.each([
    ['a moment before the last word: it is tried again, and its segment stays', true],
    ['a moment after it: its key is retired, and its segment goes', false],
  ])('is asked for a message that was not sent %s', async (_name, before) => {
    const { disk, journal, dataDir, archive } = await open()
    const given = intent({ key: 'k-unsent', message: 'M-unsent', encounter: 'E-unsent' })
    await disk.commit([
      { exchange: { ...given, id: 1000 }, outcome: { exchange: 1000, state: 'open', at: AT } },
      { outcome: { exchange: 1000, state: 'unsent', at: AT } },
    ])
    await write({ disk }, 200)
    let begun: ReturnType<Journal['begin']> | null = null
    const watched: SegmentDisk = {
      ...disk,
      takeAsArchived(upTo) {
        if (before) begun ??= journal.begin(given)
        disk.takeAsArchived(upTo)
        begun ??= journal.begin(given)
      },
    }
    const clock = { ...still, now: () => LATER }
    const archiver = createArchiver({ disk: watched, journal, clock, dataDir, archive })
    const report = await archiver.run(7)
    if (before) {
      expect(report).toMatchObject({ archived: [], stays: { segment: 1, because: 'unresolved' } })
      expect((await begun!).is).toBe('fresh')
      expect(disk.archivedUpTo()).toBe(0)
      expect(journal.byKey('k-unsent')).toMatchObject({ archived: false, state: 'open' })
    } else {
      expect(report.archivedUpTo).toBeGreaterThan(0)
      expect(await begun!).toMatchObject({ is: 'known', known: { archived: true, state: 'unsent' } })
    }
  })

  it('keeps of an archived message what the index knows, and nothing that was sealed', async () => {
    const gateway = await open()
    await write(gateway, 200)
    await gateway.run()
    const known = (await gateway.journal.byKey('k1'))!
    expect(known).toMatchObject({ archived: true, state: 'accepted', settlement: 'S1', reply: null })
    expect(known.exchange).toMatchObject({ encounter: 'E1', message: 'M1', bodyHash: 'hash-1', sealed: null })
    expect(gateway.journal.settlers('S1')).toMatchObject([{ exchange: { lane: 'outpatient' } }])
    expect(gateway.journal.byMessage('H62010200001', 'M1', '2207')).toMatchObject({ archived: true })
    expect(await gateway.journal.begin(intent({ key: 'k1' }))).toMatchObject({ is: 'known' })
    expect(await gateway.journal.record(known.exchange, 'accepted', 'undone', {})).toBe('reversed')
    await gateway.close()
    expect(await check(gateway.dataDir)).toMatchObject({ first: null })
    const nowhere = { directory: gateway.dataDir, archive: 'nowhere', running: false }
    expect(await verifyJournal(nowhere)).toMatchObject({ first: null })
  })

  it('leaves the segment and says so where the archive cannot be written', async () => {
    const gateway = await open()
    await write(gateway, 60)
    writeFileSync(gateway.archive, 'a file where the directory should be')
    await expect(gateway.run()).rejects.toMatchObject({ code: 'archive-failed' })
    expect(gateway.disk.archivedUpTo()).toBe(0)
    rmSync(gateway.archive)
    expect((await gateway.run()).archivedUpTo).toBeGreaterThan(0)
  })

  it('outlives a thread that breaks, and says why', async () => {
    const gateway = await open()
    await write(gateway, 60)
    const clock = { ...still, now: () => LATER }
    const { disk, journal, archive } = gateway
    const dataDir = join(gateway.dataDir, 'nowhere')
    const archiver = createArchiver({ disk, journal, clock, dataDir, archive })
    await expect(archiver.run(7)).rejects.toMatchObject({ code: 'archive-failed' })
    await expect(archiver.run(7)).rejects.toMatchObject({ code: 'archive-failed' })
  })

  it('gives the disk its room back: nobody holds on to the file of an archived segment', async () => {
    if (process.platform !== 'linux') return
    const gateway = await open()
    await write(gateway, 160)
    await gateway.run()
    const held = readdirSync('/proc/self/fd').flatMap((descriptor) => {
      try {
        return [readlinkSync(`/proc/self/fd/${descriptor}`)]
      } catch {
        return []
      }
    })
    expect(held.filter((name) => name.startsWith(gateway.dataDir) && name.endsWith('(deleted)'))).toEqual([])
  })
})

describe('finishArchiving()', () => {
  /** What a kill leaves at one moment of archiving; `lives` are the files of the segments as they were, from the first. */
  async function archivedOnce(): Promise<{
    dataDir: string
    archive: string
    live: Buffer
    lives: readonly Buffer[]
  }> {
    const gateway = await open()
    await write(gateway, 60)
    const { dataDir, archive } = gateway
    const before = gateway.disk.segments().map((segment) => readFileSync(segmentFile(dataDir, segment)))
    // How many it is depends on which link has come by now; the first always has.
    const lives = before.slice(0, (await gateway.run()).archivedUpTo)
    await gateway.close()
    return { dataDir, archive, live: lives[0]!, lives }
  }

  it('removes half a copy', async () => {
    const gateway = await open()
    await write(gateway, 20)
    await gateway.close()
    mkdirSync(gateway.archive)
    const part = join(gateway.archive, `${archivedName(1)}.part`)
    writeFileSync(part, 'half')
    await open(gateway.dataDir)
    expect(existsSync(part)).toBe(false)
  })

  it('archives anew what was copied and not noted', async () => {
    const { dataDir, archive, lives } = await archivedOnce()
    for (const [index, live] of lives.entries()) writeFileSync(segmentFile(dataDir, index + 1), live)
    withSqlite(databaseFile(dataDir), (client) => client.exec('delete from archived'))
    expect(await check(dataDir)).toMatchObject({ first: null, archivedSegments: 0 })
    writeFileSync(join(archive, archivedName(1)), 'something else')
    const gateway = await open(dataDir)
    expect((await gateway.run()).archivedUpTo).toBeGreaterThan(0)
    await gateway.close()
    expect(await check(dataDir)).toMatchObject({ first: null, notHere: 0 })
  })

  it('removes what was noted and not removed; verify is content before and after', async () => {
    const { dataDir, live } = await archivedOnce()
    writeFileSync(segmentFile(dataDir, 1), live)
    expect(await check(dataDir)).toMatchObject({ first: null, notHere: 0 })
    await (await open(dataDir)).close()
    expect(existsSync(segmentFile(dataDir, 1))).toBe(false)
    expect(await check(dataDir)).toMatchObject({ first: null, notHere: 0 })
  })

  it('keeps the live file where the archive does not hold it, and says so', async () => {
    const { dataDir, archive, live } = await archivedOnce()
    writeFileSync(segmentFile(dataDir, 1), live)
    rmSync(join(archive, archivedName(1)))
    const disk = await openDisk(dataDir)
    expect(await finishArchiving(disk, archive)).toEqual([expect.stringMatching(/does not hold it/)])
    await disk.close()
    expect(existsSync(segmentFile(dataDir, 1))).toBe(true)
  })
})

describe('verifyJournal() of an archive', () => {
  async function archived(): Promise<Gateway & { readonly upTo: number }> {
    const gateway = await open()
    await write(gateway, 200)
    const { archivedUpTo: upTo } = await gateway.run()
    await gateway.close()
    return { ...gateway, upTo }
  }

  it.each<[string, (archive: string) => void, RegExp]>([
    [
      'an archived segment that was changed',
      (dir) => flip(join(dir, archivedName(1)), 3000, 3),
      /^(record \d+|segment 1)/,
    ],
    [
      'an archived segment that is gone',
      (dir) => rmSync(join(dir, archivedName(1))),
      /^segment 1 is missing/,
    ],
    [
      'an archived segment that is another',
      (dir) => writeFileSync(join(dir, archivedName(1)), readFileSync(join(dir, archivedName(2)))),
      /^segment 1 says that it is segment 2/,
    ],
    [
      'an archived segment that was cut short',
      (dir) => {
        const file = join(dir, archivedName(2))
        writeFileSync(file, readFileSync(file).subarray(0, 2000))
      },
      /^(record \d+|segment 2)/,
    ],
  ])('finds and names %s', async (_name, hurt, named) => {
    const { dataDir, archive, upTo } = await archived()
    expect(upTo).toBeGreaterThan(1)
    hurt(archive)
    for (const found of [
      await check(dataDir),
      await verifyJournal({ directory: archive, archive, running: false }),
    ]) {
      expect(`${found.first?.what} ${found.first?.wrong}`).toMatch(named)
    }
  })

  it('finds that the row of an archived segment was changed', async () => {
    const { dataDir } = await archived()
    withSqlite(databaseFile(dataDir), (client) => client.exec("update archived set link_hash = 'ff'"))
    const nowhere = { directory: dataDir, archive: 'nowhere', running: false }
    expect((await verifyJournal(nowhere)).first?.wrong).toMatch(/not the one that the archive ends with/)
  })

  it('finds that a live segment after the archive is gone', async () => {
    const { dataDir, upTo } = await archived()
    rmSync(segmentFile(dataDir, upTo + 1))
    expect((await check(dataDir)).first).not.toBeNull()
  })

  it('a backup beside it is whole by itself, and what was restored goes on from the archive', async () => {
    const { dataDir, archive, upTo } = await archived()
    const to = join(freshFolder(), 'copy')
    expect(await backUp(dataDir, archive, to)).toMatchObject({ first: null, notHere: upTo })
    await restore(to, dataDir, true, 1)
    expect(await check(dataDir)).toMatchObject({ first: null, archivedSegments: upTo, exchanges: 200 })
    const gateway = await open(dataDir)
    await write(gateway, 120, 201)
    expect((await gateway.run()).archived[0]!.segment).toBe(upTo + 1)
    await gateway.close()
    expect(await check(dataDir)).toMatchObject({ first: null, exchanges: 320 })
  })
})

describe('a lost index', () => {
  it('is made anew where the archived segments are put back, as the manual says', async () => {
    const gateway = await open()
    await write(gateway, 200)
    const { archivedUpTo } = await gateway.run()
    await gateway.close()
    for (const tail of ['', '-wal', '-shm']) rmSync(databaseFile(gateway.dataDir) + tail, { force: true })
    await expect(openDisk(gateway.dataDir)).rejects.toThrow(/Put the archived segments back/)
    for (let segment = 1; segment <= archivedUpTo; segment += 1) {
      const archived = readFileSync(join(gateway.archive, archivedName(segment)))
      writeFileSync(segmentFile(gateway.dataDir, segment), gunzipSync(archived))
    }
    const again = await open(gateway.dataDir)
    expect(again.journal.byKey('k1')).toMatchObject({ archived: false, state: 'accepted' })
    expect((await again.run()).archivedUpTo).toBeGreaterThanOrEqual(archivedUpTo)
    expect(again.journal.byKey('k1')).toMatchObject({ archived: true, state: 'accepted' })
    await again.close()
    expect(await check(gateway.dataDir)).toMatchObject({ first: null, exchanges: 200, notHere: 0 })
  })
})
