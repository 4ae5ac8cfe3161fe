/** Keys and messages are found by an index of SQLite, exactly and at the same cost for many institutions as for one. */
import { mkdtempSync, statSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BEGINNING } from '../../src/journal/index/indexing.ts'
import { openSqliteIndex, openSqliteIndexWriter } from '../../src/journal/index/sqlite-index.ts'
import { openClient } from '../../src/store/client.ts'
import { databaseFile, openDatabase } from '../../src/store/database.ts'
import { KEY_ENDS, KEY_IS, MESSAGE_IS } from '../../src/store/queries/exchanges.ts'
import { temporaryFiles } from '../support/files.ts'
import { AT } from './support.ts'

interface Said {
  readonly institution: string
  readonly message: string
  readonly key: string
}

const { directory } = temporaryFiles()

/** An index with a hand on its file; rows are numbered from 1. */
function createIndex() {
  const dataDir = mkdtempSync(join(directory(), 'index-'))
  const file = databaseFile(dataDir)
  openDatabase(file).$client.close()
  const client = openClient(file)
  const writer = openSqliteIndexWriter(client, '')
  let id = 0
  return {
    client,
    log: join(dataDir, 'zhijie.sqlite-wal'),
    reader: () => openSqliteIndex(file),
    add(all: readonly Said[]) {
      const records = all.map(({ institution, message, key }) => {
        id += 1
        const told = ['exchange', id, key, 'local', 'rest', institution, '2207', 'settlement', message]
        const rest = [...Array.from({ length: 12 }, () => null), AT]
        const place = { sequence: id, sealed: null, digest: '', offset: id, length: 1, text: '' }
        return { segment: 1, record: { type: 'exchange', ...place } as const, told: [...told, ...rest] }
      })
      writer.apply(records, { ...BEGINNING, nextSequence: id + 1 })
    },
    close: () => writer.close(),
  }
}

const keyOf = (institution: string, message: string) => `local|${institution}|2207|${message}`

describe('the index in SQLite', () => {
  it('tells keys and messages apart that end alike', () => {
    const text = fc.tuple(
      fc.constantFrom('', 'a', 'H34010290001', 'H62010200001', '药'),
      fc.constantFrom('', '1', '202603021015300001', '202603021015300002', '药'),
    )
    const said = fc.uniqueArray(
      fc.tuple(text, text).map(([[head, end], [institution]]) => ({ institution, message: head + end })),
      { selector: ({ institution, message }) => keyOf(institution, message), minLength: 1, maxLength: 30 },
    )
    fc.assert(
      fc.property(said, said, (there, asked) => {
        const index = createIndex()
        index.add(there.map((one) => ({ ...one, key: keyOf(one.institution, one.message) })))
        const reader = index.reader()
        const place = ({ institution, message }: Omit<Said, 'key'>) =>
          there.findIndex((one) => one.institution === institution && one.message === message) + 1 || null
        for (const one of [...there, ...asked]) {
          const { institution, message } = one
          expect(reader.byKey(keyOf(institution, message))?.exchange.columns.id ?? null).toBe(place(one))
          expect(reader.byMessage(institution, message, '2207')?.exchange.columns.id ?? null).toBe(place(one))
        }
        reader.close()
        index.close()
      }),
      { numRuns: 20 },
    )
  })

  it('finds keys by their end, of every institution, in order', () => {
    const index = createIndex()
    const key = (institution: string, given: string) => `rest|${institution}|settle|Idempotency-Key|${given}`
    const said = (institution: string, given: string) => ({
      institution,
      message: `${institution}${given}`,
      key: key(institution, given),
    })
    index.add([said('H2', 'k'), said('H1', 'k'), said('H1', 'kk'), said('H1', 'a-k')])
    const reader = index.reader()
    const found = (end: string) => reader.byKeyEnd(end).map(({ exchange }) => exchange.columns.id)
    expect(found('|Idempotency-Key|k')).toEqual([1, 2])
    expect(found('|settle|Idempotency-Key|kk')).toEqual([3])
    expect(found('|Idempotency-Key|K')).toEqual([])
    reader.close()
    index.close()
  })

  it('takes no key twice', () => {
    const index = createIndex()
    const [institution, message] = ['H62010200001', 'H62010200001202603021015300001']
    index.add([{ institution, message, key: keyOf(institution, message) }])
    expect(() => index.add([{ institution, message: 'other', key: keyOf(institution, message) }])).toThrow(
      'UNIQUE constraint failed',
    )
    index.close()
  })

  it.each([
    [KEY_IS, 'exchange_key'],
    [KEY_ENDS, 'exchange_key'],
    [MESSAGE_IS, 'exchange_message'],
  ])('finds "%s" by an index', (condition, name) => {
    const index = createIndex()
    const plan = index.client.prepare(`explain query plan select * from exchange where ${condition}`)
    const given = Array.from(condition.matchAll(/\?/g), () => 'x')
    expect((plan.all(...given) as { detail: string }[]).map(({ detail }) => detail)).toEqual([
      expect.stringMatching(new RegExp(`^SEARCH exchange USING INDEX ${name} \\(`)),
    ])
    index.close()
  })

  /** Pages of the log that two hundred messages take after four thousand before them. */
  function pagesOf(institutions: number): number {
    const index = createIndex()
    index.client.pragma('wal_autocheckpoint = 0')
    const said = (from: number, count: number) =>
      Array.from({ length: count }, (_, place) => {
        const institution = `H620102${String((from + place) % institutions).padStart(5, '0')}`
        const message = `${institution}20260302${String(from + place).padStart(10, '0')}`
        return { institution, message, key: keyOf(institution, message) }
      })
    index.add(said(0, 4000))
    index.client.pragma('wal_checkpoint(TRUNCATE)')
    index.add(said(4000, 200))
    const pages = statSync(index.log).size / (index.client.pragma('page_size', { simple: true }) as number)
    index.close()
    return pages
  }

  it('touches as many pages for the messages of two hundred institutions as for those of one', () => {
    expect(pagesOf(200)).toBeLessThan(pagesOf(1) * 1.3)
  })
})
