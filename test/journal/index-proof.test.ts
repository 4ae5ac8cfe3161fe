/** What was changed in the index behind its back is noticed at the next start, and the index is made anew. */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mendIndex } from '../../src/journal/index/index-mend.ts'
import { checkRest } from '../../src/journal/index/index-rest.ts'
import type { JournalIndex } from '../../src/journal/index/journal-index.ts'
import type { DiskSettings } from '../../src/journal/open-disk.ts'
import { createSeal } from '../../src/journal/segment/seal.ts'
import type { SegmentDisk } from '../../src/journal/segment/segment-disk.ts'
import { databaseFile } from '../../src/store/database.ts'
import {
  check,
  freshFolder,
  KEY,
  openDisk,
  settlement,
  withSqlite,
  writeSettlements,
} from './integrity-support.ts'
import { journalOver } from './support.ts'

const COUNT = 300
const made = mkdtempSync(join(tmpdir(), 'zhijie-proof-'))
beforeAll(() => writeSettlements(made, COUNT))
afterAll(() => rmSync(made, { recursive: true, force: true }))

/** A journal of settlements, closed, whose index was changed by hand. */
function changed(sql: string): string {
  const dataDir = freshFolder()
  cpSync(made, dataDir, { recursive: true })
  withSqlite(databaseFile(dataDir), (client) => client.exec(sql))
  return dataDir
}

/** Opens and closes. @returns what the start has told */
async function started(dataDir: string): Promise<string[]> {
  const told: string[] = []
  const disk = await openDisk(dataDir, { tell: (text) => told.push(text) })
  await disk.close()
  return told
}

const DELETED = "delete from exchange where key = 'k2'"
const CHANGES = [
  ['an edited sum', "update outcome set total = 1 where settlement = 'S2'", 'rows 0 to 255 of "outcome"'],
  ['a deleted key', DELETED, 'rows 0 to 255 of "exchange"'],
  ['another key', "update exchange set key = 'other' where id = 290", 'rows 256 to 511 of "exchange"'],
  [
    'an added row',
    `insert into exchange (id, key, at, segment, "offset", length) values (1000000, 'new', 1, 1, 1, 1)`,
    'of "exchange"',
  ],
  ['a changed state', "update outcome set state = 'unsent' where settlement = 'S3'", 'of "outcome"'],
  ['a lost outcome', 'delete from outcome where id = (select max(id) from outcome)', 'of "outcome"'],
  ['a lost block', 'delete from outcome where id between 256 and 511', 'rows 256 to 511 of "outcome"'],
  [
    'an amount that moved',
    "update outcome set total = fund, fund = total where settlement = 'S2'",
    'of "outcome"',
  ],
  ['a moved position', 'update position set next_sequence = next_sequence + 1', 'its position'],
  ['a lost position', 'delete from position', 'its position'],
  ['edited counters', 'update tally set settled = settled + 1', 'its position or its sums'],
  ['a note that was taken away', 'delete from proof where id = 0', 'rows'],
  [
    'a note that was made for the change',
    "delete from exchange where id > 258; update proof set digest = 'x' where id = 2",
    'of "exchange"',
  ],
] as const

const secret = createSeal(KEY).indexSecret

describe('an index that was changed by hand', () => {
  it.each(CHANGES)('does not fit its proof, is taken out, and said so: %s', (_name, sql, where) => {
    const dataDir = changed(sql)
    withSqlite(databaseFile(dataDir), (client) => {
      const { told } = mendIndex(client, secret, false)
      expect(told).toContain('The index was not what was written')
      expect(told).toContain(where)
      expect(client.prepare('select count(*) from exchange').pluck().get()).toBe(0)
    })
  })

  it('is made anew from the journal at the start, which is whole then', async () => {
    const dataDir = changed("update outcome set total = 1 where settlement = 'S2'")
    const [told, ...more] = await started(dataDir)
    expect(told).toContain('it is made anew from the journal')
    expect(more).toEqual([])
    expect(await check(dataDir)).toMatchObject({ first: null, exchanges: COUNT })
    withSqlite(databaseFile(dataDir), (client) =>
      expect(mendIndex(client, secret, true)).toEqual({ told: null, rest: null }),
    )
  })

  it('is left alone where nothing was changed, whatever was added since', async () => {
    const dataDir = changed('')
    expect(await started(dataDir)).toEqual([])
    await writeSettlements(dataDir, 90, COUNT + 1)
    expect(await started(dataDir)).toEqual([])
  })

  it('knows a deleted key again: the same message gets its answer and is not sent a second time', async () => {
    const disk = await openDisk(changed(DELETED))
    const journal = journalOver(disk)
    const [begun] = settlement(2)
    await expect(journal.begin(begun!.exchange!)).resolves.toMatchObject({
      is: 'known',
      known: { state: 'accepted', settlement: 'S2' },
    })
    await journal.close()
  })

  it('without a proof, of an earlier build, is made anew once', () => {
    withSqlite(databaseFile(changed('delete from proof')), (client) => {
      expect(mendIndex(client, secret, false).told).toContain('of a form without a proof')
      expect(mendIndex(client, secret, false).told).toBeNull()
    })
  })

  it('does not fit the proof of another key, nor that of other rows', () => {
    const dataDir = changed('update proof set digest = (select digest from proof where id = 0) where id = 2')
    withSqlite(databaseFile(dataDir), (client) => {
      expect(mendIndex(client, secret, false).told).toContain('rows 256 to 511 of "exchange"')
    })
    withSqlite(databaseFile(changed('')), (client) => {
      expect(mendIndex(client, createSeal('b2'.repeat(32)).indexSecret, false).told).toContain(
        'of "exchange"',
      )
    })
  })

  it('of archived segments cannot be made anew: the start is refused, and nothing is taken out', () => {
    const dataDir = changed(
      `insert into archived select 1, 1, max(id), 1, 'h', 'f', 1 from outcome where segment = 1; ${DELETED}`,
    )
    withSqlite(databaseFile(dataDir), (client) => {
      expect(() => mendIndex(client, secret, false)).toThrow(
        'of segments up to the archived 0000000001.segment',
      )
      expect(client.prepare('select count(*) from exchange').pluck().get()).toBe(COUNT - 1)
    })
  })

  it('of a later segment is made anew beside archived ones, whose rows stay', () => {
    const dataDir = changed(
      `insert into archived select 1, 1, max(id), 1, 'h', 'f', 1 from outcome where segment = 1;
       update outcome set total = 7 where id = (select max(id) from outcome)`,
    )
    withSqlite(databaseFile(dataDir), (client) => {
      expect(mendIndex(client, secret, false).told).toContain('it is made anew')
      expect(client.prepare('select max(segment) from outcome').pluck().get()).toBe(1)
      expect(client.prepare('select segment from position').pluck().get()).toBe(2)
    })
  })
})

describe('a large index, whose older rows are held behind the open door', () => {
  const NEWEST = { exchange: 10, outcome: 10 }
  const opened = (dataDir: string, more: Partial<DiskSettings> = {}) =>
    openDisk(dataDir, { newest: NEWEST, ...more })

  /** Waits for the check to say that it has found something. */
  function untilDistrusted(dataDir: string): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!existsSync(join(dataDir, 'index.distrusted'))) return
        watcher.close()
        resolve()
      }
      const watcher = watch(dataDir, look)
      look()
    })
  }

  /** Whether a key that is not there is told to come again. */
  const holds = (disk: SegmentDisk, key: string) => {
    try {
      return disk.byKey(key) === null ? 'new' : 'known'
    } catch (cause) {
      return (cause as { code?: string }).code ?? String(cause)
    }
  }

  it('does not take a deleted key for new, stops, and makes the index anew at the next start', async () => {
    const dataDir = changed(DELETED)
    const told: string[] = []
    const disk = await opened(dataDir, { tell: (text) => told.push(text) })
    expect(told).toEqual([])
    expect(holds(disk, 'k2')).toBe('journal-down')
    expect(holds(disk, 'k3')).toBe('known')
    expect(holds(disk, 'a new key')).toBe('new')
    await untilDistrusted(dataDir)
    await expect(disk.commit([])).rejects.toThrow('rows 0 to 255 of "exchange" were changed')
    expect(holds(disk, 'k2')).toBe('journal-down')
    await disk.close()
    expect((await started(dataDir)).join()).toContain('made anew from the journal')
    expect(readdirSync(dataDir)).not.toContain('index.distrusted')
    expect(await started(dataDir)).toEqual([])
  })

  it('holds the newest first, and says what is left', () => {
    withSqlite(databaseFile(changed('')), (client) => {
      const newest = { exchange: 40, outcome: 40 }
      const { told, rest } = mendIndex(client, secret, false, newest)
      expect(told).toBeNull()
      expect(rest).toEqual({ exchange: 256, outcome: expect.any(Number) })
      expect(rest!.outcome! % 256).toBe(0)
    })
  })

  it('of which nothing is changed answers a maybe of the filter with no when all is held', async () => {
    const dataDir = changed('')
    const check = checkRest(dataDir, {
      file: databaseFile(dataDir),
      secret,
      rest: { exchange: 256, outcome: null },
    })
    const asked = check.guard({ byKey: () => null } as unknown as JournalIndex)
    expect(() => asked.byKey('k')).toThrow('正在核对交易日志索引')
    await new Promise<void>((resolve, reject) => check.begin(reject, resolve))
    expect(asked.byKey('k')).toBeNull()
  })
})
