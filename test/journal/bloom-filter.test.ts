/** The filter never says no of a name that the journal holds, and nearly always of one that it does not. */
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyBits, filterOf, type Name } from '../../src/journal/index/bloom-filter.ts'
import { FILTER_FILE, fillFilter, saveFilter } from '../../src/journal/index/bloom-filter-file.ts'
import { openSqliteIndexWriter } from '../../src/journal/index/sqlite-index.ts'
import { nodeFiles } from '../../src/journal/segment/files.ts'
import { databaseFile, openDatabase } from '../../src/store/database.ts'
import { journalOf, openDisk, settlement, withSqlite } from './integrity-support.ts'
import { createMemoryFiles } from './memory-files.ts'
import { AT } from './support.ts'

const BYTES = 4096
const name = fc.tuple(
  fc.constantFrom('key' as const, 'encounter' as const, 'settlement' as const),
  fc.string({ unit: 'binary' }),
)

describe('a filter', () => {
  it('never says no of what was added, however full it is', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 400 }), (names) => {
        const bits = emptyBits(64)
        const filter = filterOf(bits)
        // Asked through another filter over the same bits, as another thread does.
        const asked = filterOf(bits)
        for (const one of names) filter.add(one)
        expect(names.every(([kind, text]) => asked.mayHold(kind, text))).toBe(true)
      }),
    )
  })

  it('says no of nearly all that were not added, at twelve bits each', () => {
    const filter = filterOf(emptyBits(128 * 1024))
    const key = (turn: number) =>
      `local|H34010290001|2207|H3401029000120260302${String(turn).padStart(8, '0')}`
    const count = (128 * 1024 * 8) / 12
    for (let turn = 0; turn < count; turn += 1) filter.add(['key', key(turn)])
    let maybe = 0
    for (let turn = 0; turn < count; turn += 1) {
      if (filter.mayHold('key', key(turn + 10_000_000))) maybe += 1
      if (filter.mayHold('encounter', key(turn))) maybe += 1
    }
    expect(maybe / count).toBeLessThan(0.04)
  })

  it('is empty at first', () => {
    expect(filterOf(emptyBits(BYTES)).mayHold('key', 'k1')).toBe(false)
    expect(() => emptyBits(96) && filterOf(emptyBits(192))).toThrow('power of two')
  })
})

describe('the file of a filter', () => {
  /** The names of the journal of a data directory, as a start finds them. */
  function indexOf(dataDir: string) {
    return openSqliteIndexWriter(openDatabase(databaseFile(dataDir)).$client, '')
  }

  const has = (filter: ReturnType<typeof filterOf>, ...names: Name[]) =>
    names.map(([kind, text]) => filter.mayHold(kind, text))

  it('holds every key, every opening and every id of a settlement, whether it was noted or is lost, torn, or of another journal', async () => {
    const dataDir = await journalOf(40)
    const disk = await openDisk(dataDir)
    const opens = { ...settlement(41)[0]!.exchange!, key: 'opens', encounter: null, id: 41 }
    await disk.commit([
      {
        exchange: opens,
        outcome: { exchange: 41, state: 'accepted', at: AT, encounter: 'E41', settlement: 'S41' },
      },
    ])
    await disk.close()
    const index = indexOf(dataDir)
    const all: Name[] = [
      ...Array.from({ length: 40 }, (_, at): Name => ['key', `k${at + 1}`]),
      ['key', 'opens'],
      // Also by the name of its message, under which another door may have written it.
      ['key', `${opens.institution}|${opens.transaction}|${opens.message}`],
      ['encounter', 'E41'],
      ['settlement', 'S41'],
    ]
    const files = createMemoryFiles()
    const full = filterOf(emptyBits(BYTES))
    fillFilter(files, index, full)
    expect(has(full, ...all)).not.toContain(false)
    expect(has(full, ['key', 'k99'], ['encounter', 'E1'], ['settlement', 'E41'])).toEqual([
      false,
      false,
      false,
    ])

    // One that holds nothing and says that it goes to the end: it is trusted as far as its bytes are right.
    const hollow = filterOf(emptyBits(BYTES))
    await saveFilter(files, index, hollow, { exchange: 41, outcome: 10_000 })
    const noted = Buffer.from(files.bytes(FILTER_FILE))
    const filled = () => {
      const filter = filterOf(emptyBits(BYTES))
      fillFilter(files, index, filter)
      return has(filter, ['encounter', 'E41'])
    }
    expect(filled()).toEqual([false])
    for (const at of [0, 10, 20, 30, 60, 1000, noted.length - 1]) {
      const torn = Buffer.from(noted)
      torn[at]! ^= 1
      await files.note(FILTER_FILE, [torn])
      expect(filled(), `byte ${at}`).toEqual([true])
    }
    for (const length of [0, 100, noted.length - 1]) {
      await files.note(FILTER_FILE, [noted.subarray(0, length)])
      expect(filled(), `${length} bytes`).toEqual([true])
    }
    await files.note(FILTER_FILE, [noted])
    await index.close()

    withSqlite(databaseFile(dataDir), (client) =>
      client.exec('update exchange set at = at + 1 where id = 41'),
    )
    const other = indexOf(dataDir)
    const filter = filterOf(emptyBits(BYTES))
    fillFilter(files, other, filter)
    expect(has(filter, ...all)).not.toContain(false)
    await other.close()
  })

  it('is noted piece by piece out of one small memory, and is trusted although names came in between', async () => {
    const dataDir = await journalOf(3)
    const index = indexOf(dataDir)
    const bytes = 1024 * 1024
    const filter = filterOf(emptyBits(bytes))
    fillFilter(createMemoryFiles(), index, filter)
    const files = nodeFiles(join(dataDir, 'noted'))
    const memories = new Set<ArrayBufferLike>()
    let came = 0
    /** While a piece is on its way, whoever indexes goes on. */
    function* slowly(pieces: Iterable<Buffer>): Generator<Buffer> {
      for (const piece of pieces) {
        if (piece.length > 4096) memories.add(piece.buffer)
        for (let turn = 0; turn < 50; turn += 1, came += 1) filter.add(['key', `came ${came}`])
        yield piece
      }
    }
    const note = (name: string, pieces: Iterable<Buffer>) => files.note(name, slowly(pieces))
    await saveFilter({ ...files, note }, index, filter, { exchange: 3, outcome: 10_000 })
    expect(came).toBeGreaterThan(200)
    expect([...memories].map((memory) => memory.byteLength <= bytes / 4)).toEqual([true])

    const read = filterOf(emptyBits(bytes))
    fillFilter(files, { ...index, names: function* () {} }, read)
    expect(has(read, ['key', 'k1'], ['key', 'k2'], ['key', 'k3'])).toEqual([true, true, true])
    files.close()
    await index.close()
  })

  it('is noted when a gateway ends, and read by the next, which then knows what came before', async () => {
    const dataDir = await journalOf(5)
    const again = await openDisk(dataDir)
    expect(again.byKey('k3')).toMatchObject({ settlement: 'S3' })
    await expect(again.commit(settlement(3))).rejects.toThrow('UNIQUE')
    expect(again.byKey('k6')).toBeNull()
    await again.close()
  })
})
