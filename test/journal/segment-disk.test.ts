/** What was committed to the segments is found after reopening, whole and sealed, even where the index is gone. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Disk } from '../../src/journal/embedded/disk.ts'
import type { Entry } from '../../src/journal/entry.ts'
import { journalFolder, openDisk } from '../../src/journal/open-disk.ts'
import { createSeal } from '../../src/journal/segment/seal.ts'
import { databaseFile, openDatabaseForReading } from '../../src/store/database.ts'
import { stretched } from '../support/stretched.ts'
import { freshFolder, settlement, withSqlite } from './integrity-support.ts'
import { createMemoryDisk } from './memory-disk.ts'
import { AT, intent, journalOver, still } from './support.ts'

const KEY = 'a1'.repeat(32)
const PERSON = '44010699000000000000000007'
const NAME = '测庚七'
const MESSAGE = Buffer.from(JSON.stringify({ psn_no: PERSON, psn_name: NAME }))
const seal = createSeal(KEY)

const SEGMENT_BYTES = 64 * 1024

let folder: string
let disk: Disk
const reopen = async (key = KEY) => {
  disk = await openDisk({ dataDir: folder, seal: createSeal(key), clock: still, segmentBytes: SEGMENT_BYTES })
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zhijie-journal-'))
  await reopen()
})
afterEach(async () => {
  await disk.close()
  rmSync(folder, { recursive: true, force: true })
})

const opening = intent({ key: 'k-open', message: 'M0', transaction: '2201', kind: 'write', encounter: null })
const sealed = intent({ sealed: MESSAGE, person: seal.pseudonym(PERSON), evidence: '{"editions":{}}' })

/** A day of a journal: an encounter opened, a settlement with its answer, one unknown, one unsent, a question. */
const BATCHES: readonly (readonly Entry[])[] = [
  [
    { exchange: { ...opening, id: 1 }, outcome: { exchange: 1, state: 'open', at: AT } },
    { exchange: { ...sealed, id: 2 }, outcome: { exchange: 2, state: 'open', at: AT } },
  ],
  [
    { outcome: { exchange: 1, state: 'accepted', at: AT, encounter: 'E1', reply: MESSAGE } },
    {
      outcome: {
        exchange: 2,
        state: 'accepted',
        at: AT,
        settlement: 'S1',
        reply: MESSAGE,
        total: 123456,
        fund: -80000,
        told: '成功',
      },
    },
  ],
  [
    {
      exchange: { ...intent({ key: 'k3', encounter: 'E3' }), id: 3 },
      outcome: { exchange: 3, state: 'unknown', at: AT },
    },
    {
      exchange: { ...intent({ key: 'k4', encounter: 'E4' }), id: 4 },
      outcome: { exchange: 4, state: 'unsent', at: AT },
    },
    { exchange: { ...intent({ key: null }), id: 5 }, outcome: { exchange: 5, state: 'open', at: AT } },
    { exchange: { ...intent({ key: 'k6', encounter: 'E6' }), id: 6 } },
  ],
]

/** Everything that a disk can be asked. */
function everything(asked: Disk) {
  return {
    byKey: ['k-open', 'caller/2207/M1', 'k3', 'none'].map((key) => asked.byKey(key)),
    byId: [1, 2, 3, 4, 5, 6, 7].map((id) => asked.byId(id)),
    byMessage: [
      asked.byMessage('H62010200001', 'M0', '2201'),
      asked.byMessage('H62010200001', 'M0', '2207'),
      asked.byMessage('H62010200002', 'M0', '2201'),
    ],
    unresolved: asked.unresolved(),
    openers: ['E1', 'E3', 'E9'].map((encounter) => asked.openers(encounter)),
    ownOpener: ['H62010200001', 'H62010200002'].map((code) => asked.ownOpener('E1', code, '440106')),
    elsewhere: asked.ownOpener('E1', 'H62010200001', '620102'),
    settlers: ['S1', 'S9'].map((settlement) =>
      asked.settlers(settlement).map(({ exchange, state }) => [exchange.id, exchange.lane, state]),
    ),
    cancellations: asked.cancellations('E1').map(({ exchange, state }) => [exchange.id, state]),
    messages: asked.messages('M0').map(({ id, institution }) => [id, institution]),
    lastId: asked.lastId(),
  }
}

describe('openDisk()', () => {
  it('tells whose an encounter is without opening what is sealed beside it', async () => {
    await disk.close()
    let opened = 0
    const counting = {
      ...createSeal(KEY),
      open(bytes: Buffer) {
        opened += 1
        return seal.open(bytes)
      },
    }
    disk = await openDisk({ dataDir: folder, seal: counting, clock: still, segmentBytes: SEGMENT_BYTES })
    await disk.commit([{ exchange: { ...opening, sealed: MESSAGE, id: 1 } }])
    await disk.commit(BATCHES[1]!.slice(0, 1))
    expect(disk.openers('E1')).toMatchObject([{ exchange: 1, institution: 'H62010200001' }])
    expect(disk.ownOpener('E1', 'H62010200001', '440106')).toMatchObject({ exchange: 1 })
    expect(disk.messages('M0')).toMatchObject([{ institution: 'H62010200001' }])
    expect(opened).toBe(0)
    expect(disk.byId(1)).toMatchObject({ exchange: { institution: 'H62010200001' }, reply: MESSAGE })
    expect(opened).toBeGreaterThan(0)
  })

  it('is empty at first', () => {
    expect([disk.lastId(), disk.unresolved(), disk.byId(1)]).toEqual([0, [], null])
  })

  it('finds after reopening what was committed, and answers as the disk in memory does', async () => {
    for (const batch of BATCHES) await disk.commit(batch)
    const memory = everything(createMemoryDisk(BATCHES))
    expect(everything(disk)).toEqual(memory)
    await disk.close()
    await reopen()
    expect(everything(disk)).toEqual(memory)
    expect(disk.byKey('caller/2207/M1')).toMatchObject({
      settlement: 'S1',
      reply: MESSAGE,
      exchange: { sealed: MESSAGE },
    })
  })

  it('keeps no person number, name or message in clear in any of its files', async () => {
    for (const batch of BATCHES) await disk.commit(batch)
    const holding = (text: string) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => statSync(join(folder, file)).isFile())
        .filter((file) => readFileSync(join(folder, file)).includes(text))
    for (const moment of ['while open', 'after closing']) {
      expect([PERSON, NAME, 'psn_no'].flatMap(holding), moment).toEqual([])
      // What is not personal can be read there, so the search does look where the rows are.
      expect([holding('caller/2207/M1'), holding(sealed.person!)].map(({ length }) => length > 0)).toEqual([
        true,
        true,
      ])
      await disk.close()
      await reopen()
    }
  })

  it('does not open for another key', async () => {
    await disk.commit(BATCHES[0]!)
    await disk.close()
    await expect(reopen('a2'.repeat(32))).rejects.toThrow('is not the key of this journal')
    await reopen()
    expect(disk.byId(1)).toMatchObject({ state: 'open' })
  })

  it('commits a batch whole or not at all', async () => {
    await disk.commit(BATCHES[0]!)
    const [first] = BATCHES[2]!
    await expect(disk.commit([first!, BATCHES[0]![0]!])).rejects.toThrow('UNIQUE')
    expect([disk.lastId(), disk.byKey('k3')]).toEqual([2, null])
  })

  it('refuses a second exchange under a key, and takes any number without one', async () => {
    await disk.commit(BATCHES[0]!)
    await expect(disk.commit([{ exchange: { ...opening, id: 9 } }])).rejects.toThrow('UNIQUE')
    await disk.commit([
      { exchange: { ...opening, key: null, id: 10 } },
      { exchange: { ...opening, key: null, id: 11 } },
    ])
    expect(disk.lastId()).toBe(11)
  })

  it('answers every commit of many at once, in order', async () => {
    await disk.commit(BATCHES[0]!)
    const told = Array.from({ length: 50 }, (_, index) => `${index}`)
    await Promise.all(
      told.map((each) => disk.commit([{ outcome: { exchange: 2, state: 'unknown', at: AT, told: each } }])),
    )
    expect(disk.byId(2)!.told).toBe('49')
  })

  // A commit that is asked for after the writer has ended waits for an answer that nobody gives.
  it('rejects a commit once its writer has ended', async () => {
    await disk.close()
    const late = disk.commit(BATCHES[0]!).then(
      () => 'resolved',
      () => 'rejected',
    )
    const silence = new Promise((resolve) => setTimeout(() => resolve('silent'), stretched(200)))
    const told = await Promise.race([late, silence])
    await reopen()
    expect(told).toBe('rejected')
  })

  it('lets a reader of the tables see everything that was committed, and goes over segments meanwhile', async () => {
    const reader = openDatabaseForReading(databaseFile(folder))
    const count = reader.$client.prepare('select count(*) from outcome').pluck()
    const ids = Array.from({ length: 150 }, (_, index) => index + 1)
    await Promise.all(ids.map((id) => disk.commit(settlement(id))))
    await disk.indexed()
    expect(count.get()).toBe(300)
    expect(readdirSync(journalFolder(folder)).length).toBeGreaterThan(5)
    await disk.close()
    await reopen()
    expect(ids.map((id) => disk.byKey(`k${id}`)?.settlement)).toEqual(ids.map((id) => `S${id}`))
    reader.$client.close()
  })

  it('makes its index anew where the file is gone, to the same rows', async () => {
    for (let id = 1; id <= 40; id += 1) await disk.commit(settlement(id))
    await disk.close()
    const rows = () =>
      withSqlite(databaseFile(folder), (client) =>
        ['exchange', 'outcome', 'position'].map((table) => client.prepare(`select * from ${table}`).all()),
      )
    const before = rows()
    rmSync(databaseFile(folder))
    const told: string[] = []
    disk = await openDisk({ dataDir: folder, seal, clock: still, tell: (text) => told.push(text) })
    await disk.close()
    expect(rows()).toEqual(before)
    expect(told.join()).toContain('The index was missing')
    await reopen()
  })

  it('stops when the disk is full for its index; what was durable is read, now and after a start with room', async () => {
    const other = freshFolder()
    const settings = { dataDir: other, seal, clock: still, segmentBytes: SEGMENT_BYTES }
    const journal = journalOver(await openDisk({ ...settings, pagesMax: 40 }))
    const durable: number[] = []
    let refused: unknown = null
    for (let turn = 1; turn <= 3000 && !refused; turn += 1) {
      // Names of their own: one that is in flight is waited for.
      const own = { key: `k${turn}`, message: `M${turn}`, encounter: `E${turn}` }
      const wide = { ...own, evidence: 'x'.repeat(4000) }
      const begun = await journal.begin(intent(wide)).catch((cause) => {
        refused = cause
      })
      if (begun?.is === 'fresh') durable.push(begun.exchange.id)
    }
    expect(refused).toMatchObject({
      code: 'journal-down',
      cause: { message: expect.stringMatching(/zhijie\.sqlite cannot grow: the disk is full/) },
    })
    const known = await journal.byId(durable.at(-1)!)
    expect([journal.writable(), known?.state]).toEqual([false, 'open'])
    await expect(journal.indexed()).rejects.toMatchObject({ code: 'journal-down' })
    await journal.close()
    const roomy = journalOver(await openDisk(settings))
    expect((await roomy.recover()).map(({ exchange }) => exchange.id)).toEqual(durable)
    await roomy.close()
  })
})
