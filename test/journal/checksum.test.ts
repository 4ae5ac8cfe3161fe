import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ORIGIN, SELECT_LINKS } from '../../src/journal/chain.ts'
import { canonical, checksumOf, RECORDS, valuesOf } from '../../src/journal/checksum.ts'
import { exchange, outcome } from '../../src/store/schema.ts'
import { freshFolder, journalOf, openDisk, withSqlite } from './integrity-support.ts'
import { AT, intent } from './support.ts'

describe('SM3 of node:crypto', () => {
  it.each([
    ['abc', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
    ['abcd'.repeat(16), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732'],
  ])('gives the vectors of GM/T 0004: %s', (text, hash) => {
    expect(createHash('sm3').update(text).digest('hex')).toBe(hash)
  })
})

describe('canonical()', () => {
  it('covers every column of both tables but the checksum', () => {
    for (const [table, columns] of [
      ['exchange', exchange],
      ['outcome', outcome],
    ] as const) {
      const all = Object.keys(columns).filter((field) => !['checksum', 'enableRLS'].includes(field))
      expect([...RECORDS[table].fields].sort()).toEqual(all.sort())
    }
  })

  it('leaves out what is null at the end, and puts the length for the sealed bytes', () => {
    const sealed = Buffer.from('ab')
    const row = { id: 7, exchange: 3, state: 'open', at: AT, reply: sealed }
    expect(canonical('outcome', valuesOf('outcome', row))).toEqual({
      text: `["outcome",7,3,"open",${AT},null,null,null,null,2]`,
      sealed,
    })
  })

  it('is the same before writing and after reading, odd texts and numbers too', async () => {
    const file = join(freshFolder(), 'zhijie.sqlite')
    const disk = await openDisk(file)
    const odd = ['\ud800 half a pair', '测\u0000试 "\\ud8"', '', '\\udfff']
    for (const [index, told] of odd.entries()) {
      await disk.commit([
        {
          exchange: { ...intent({ key: told, evidence: told, sealed: Buffer.alloc(0) }), id: index + 1 },
          outcome: { exchange: index + 1, state: 'open', at: AT, told, total: -0, fund: -5, ownMicros: 12.5 },
        },
      ])
    }
    for (const id of [1, 2, 3, 4]) expect(disk.byId(id)).not.toBeNull()
    await disk.close()
    withSqlite(file, (client) => {
      for (const table of ['exchange', 'outcome'] as const) {
        const rows = client.prepare(RECORDS[table].select).raw().all() as unknown[][]
        expect(rows).toHaveLength(4)
        for (const row of rows) expect(row.at(-1)).toBe(checksumOf(table, row))
      }
    })
  })
})

describe('the chain', () => {
  it('is SM3 over the hash before and every record, as anyone can compute', async () => {
    const file = await journalOf(4)
    withSqlite(file, (client) => {
      const hash = createHash('sm3').update(Buffer.from(ORIGIN, 'hex'))
      for (const table of ['exchange', 'outcome'] as const) {
        for (const row of client.prepare(`${RECORDS[table].select} order by id`).raw().all() as unknown[][]) {
          const { text, sealed } = canonical(table, row)
          hash.update(text).update(sealed ?? '')
        }
      }
      expect(client.prepare(SELECT_LINKS).all()).toMatchObject([
        { number: 1, count: 12, previous: ORIGIN, hash: hash.digest('hex') },
      ])
    })
  })
})

describe('the tables of the journal', () => {
  it.each([
    ['exchange', 'an exchange'],
    ['outcome', 'an outcome'],
    ['chain', 'a link'],
  ])('are append-only: %s', async (table, named) => {
    const file = await journalOf(1)
    withSqlite(file, (client) => {
      const told = `The journal is append-only: ${named}`
      expect(() => client.exec(`update ${table} set at = 0`)).toThrow(told)
      expect(() => client.exec(`delete from ${table}`)).toThrow(told)
    })
  })
})
