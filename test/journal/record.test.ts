/** A record gives its row back whole, shows nothing sealed in clear, and is chained by SM3 as anyone can compute. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getTableColumns } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { decodeBatch, encodeBatch } from '../../src/journal/segment/batch-format.ts'
import { linkOf, ORIGIN } from '../../src/journal/segment/chain.ts'
import { countsOf } from '../../src/journal/segment/counts.ts'
import { encodeExchange, encodeOutcome, RECORDS, rowOf, withApart } from '../../src/journal/segment/record.ts'
import { databaseFile } from '../../src/store/database.ts'
import { exchange, outcome } from '../../src/store/schema.ts'
import { batchesOf, freshFolder, journalOf, openDisk, segmentFile, withSqlite } from './integrity-support.ts'
import { AT, intent } from './support.ts'

describe('SM3 of node:crypto', () => {
  it.each([
    ['abc', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
    ['abcd'.repeat(16), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732'],
  ])('gives the vectors of GM/T 0004: %s', (text, hash) => {
    expect(createHash('sm3').update(text).digest('hex')).toBe(hash)
  })
})

describe('a record', () => {
  it('has every column of its table but the place and what SQLite makes, and what the index does not hold besides', () => {
    for (const [table, columns] of [
      ['exchange', exchange],
      ['outcome', outcome],
    ] as const) {
      const place = ['segment', 'offset', 'length']
      const all = Object.entries(getTableColumns(columns)).flatMap(([field, { generated }]) =>
        generated || place.includes(field) ? [] : field,
      )
      const { fields, apart, only = [] } = RECORDS[table]
      expect([...fields].sort()).toEqual([...all, ...apart, ...only].sort())
    }
  })

  it('says every column at the place that its layout gives it', () => {
    const columns = (fields: readonly string[], apart: readonly string[]) =>
      Object.fromEntries(fields.map((field) => [field, apart.includes(field) ? Buffer.from(field) : field]))
    for (const [table, tell] of [
      ['exchange', (row: never) => encodeExchange(row)],
      ['outcome', (row: never) => encodeOutcome('id' as never, row)],
    ] as const) {
      const { fields, apart } = RECORDS[table]
      const told = tell(columns(fields, apart) as never)
      const names = fields.map((field) => (apart.includes(field) ? field.length : field))
      expect(JSON.parse(told.text)).toEqual([table, ...names])
      expect(told.apart.map(String)).toEqual(apart)
    }
  })

  it('leaves out what is null at the end, and puts the length for what rests apart', () => {
    const reply = Buffer.from('ab')
    expect(encodeOutcome(7, { exchange: 3, state: 'open', at: AT, reply })).toEqual({
      text: `["outcome",7,3,"open",${AT},null,null,null,null,2]`,
      apart: [reply],
      apartLength: 2,
    })
  })

  it('gives its row back, odd texts and numbers, nothing sealed and an empty seal too', () => {
    const odd = ['\ud800 half a pair', '测\u0000试 "\\ud8"', '', '\\udfff']
    for (const told of odd) {
      for (const reply of [null, Buffer.alloc(0), Buffer.from([0, 1])]) {
        const entry = { exchange: 1, state: 'open', at: AT, told, total: 0, fund: -5, reply } as const
        const { text, apart, apartLength } = encodeOutcome(1, entry)
        const sealed = apart.length > 0 ? { group: 0, from: 0, length: apartLength } : null
        const clear = Buffer.concat(apart.map((one) => Buffer.from(one)))
        const { bytes } = encodeBatch([{ type: 'outcome', text, sealed }], sealed ? [[clear]] : [], 1)
        const read = decodeBatch(bytes, 0, 0)
        if (read.is !== 'batch') throw new Error(read.wrong)
        expect(withApart('outcome', rowOf(read.records[0]!), clear)).toMatchObject({
          ...entry,
          id: 1,
          told: told.toWellFormed(),
          ownMicros: null,
        })
      }
    }
  })

  it('of an earlier build has its words in clear, and they are read as they stand', () => {
    const reply = Buffer.from('ab')
    const text = `["outcome",7,3,"unknown",${AT},"outcome-unknown","E701","national","第2次查询",2]`
    const sealed = { group: 0, from: 0, length: 2 }
    const { bytes } = encodeBatch([{ type: 'outcome', text, sealed }], [[reply]], 1)
    const read = decodeBatch(bytes, 0, 0)
    if (read.is !== 'batch') throw new Error(read.wrong)
    const row = rowOf(read.records[0]!)
    expect(withApart('outcome', row, reply)).toMatchObject({ told: '第2次查询', reason: 'E701', reply })
    expect(withApart('outcome', row, null)).toMatchObject({ told: '第2次查询', reply: null })
  })

  it('has what a platform said nowhere in clear, neither in its segment nor in the index, and gives it back', async () => {
    const dataDir = freshFolder()
    const told = '参保人张某某，电话0551，卡号尾号，未备案'
    const disk = await openDisk(dataDir)
    const outcome = {
      exchange: 1,
      state: 'refused',
      at: AT,
      problem: 'fund-refused',
      reason: 'E201',
      told,
    } as const
    await disk.commit([{ exchange: { ...intent(), id: 1 }, outcome }])
    await disk.indexed()
    await disk.close()
    for (const { name, parentPath } of readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter(
      (file) => file.isFile(),
    )) {
      expect({ name, holds: readFileSync(join(parentPath, name)).includes(told.slice(0, 6)) }).toEqual({
        name,
        holds: false,
      })
    }
    const again = await openDisk(dataDir)
    expect(again.byId(1)).toMatchObject({ told, problem: 'fund-refused', reason: 'E201', state: 'refused' })
    await again.close()
  })

  it('has the counts of recovery in clear, so that a start knows them without opening anything', () => {
    const told = '第2次查询，查无此笔'
    const entry = { exchange: 1, state: 'unknown', at: AT, told, searches: 2, sightings: 1 } as const
    const { text, apart } = encodeOutcome(1, entry)
    expect(JSON.parse(text).slice(-2)).toEqual([2, 1])
    expect(apart).toEqual([told])
  })

  it.each([
    ['unknown', '第2次查询，平台明确答复查无此笔', { searches: 2, sightings: 0 }],
    ['undoing', '冲正已获肯定答复，第3次复核仍查见该笔，请人工与平台核对', { searches: 0, sightings: 3 }],
    ['unknown', '冲正已获肯定答复，第3次复核仍查见该笔，请人工与平台核对', { searches: 0, sightings: 0 }],
    ['undoing', '第2次查询，平台明确答复查无此笔', { searches: 0, sightings: 0 }],
    ['unknown', '平台未返回有效应答', { searches: 0, sightings: 0 }],
  ] as const)('of an earlier build, %s with “%s”, has the counts of its sentence', (state, told, counts) => {
    expect(countsOf({ state, told })).toEqual(counts)
    expect(countsOf({ state, told, searches: null, sightings: null })).toEqual(counts)
    expect(countsOf({ state, told, searches: 7, sightings: 8 })).toEqual({ searches: 7, sightings: 8 })
  })

  it('is the same in its segment and in the index', async () => {
    const dataDir = freshFolder()
    const disk = await openDisk(dataDir)
    const told = '\ud800 half a pair \u0000'
    await disk.commit([
      {
        exchange: { ...intent({ key: told, evidence: told, mapped: told, sealed: Buffer.alloc(0) }), id: 1 },
        outcome: { exchange: 1, state: 'open', at: AT, told, total: -0, fund: -5, ownMicros: 12.5 },
      },
    ])
    await disk.close()
    const [batch] = batchesOf(dataDir)
    withSqlite(databaseFile(dataDir), (client) => {
      for (const [index, table] of (['exchange', 'outcome'] as const).entries()) {
        const record = batch!.records[index]!
        const row = client.prepare(`select * from ${table}`).get() as Record<string, unknown>
        const { segment, offset, length } = row
        expect([segment, offset, length]).toEqual([1, record.offset, record.length])
        for (const [field, value] of Object.entries(rowOf(record))) {
          if (!RECORDS[table].apart.includes(field)) expect(Object.values(row)).toContain(value)
        }
      }
    })
  })
})

describe('the chain', () => {
  it('is SM3 over the hash before and the SHA-256 of the body of each record, as anyone can compute', async () => {
    const dataDir = await journalOf(4)
    const hash = createHash('sm3').update(Buffer.from(ORIGIN, 'hex'))
    const records = batchesOf(dataDir).flatMap((batch) => batch.records)
    const segment = readFileSync(segmentFile(dataDir))
    for (const { offset, length, type } of records) {
      if (type === 'link') continue
      const body = createHash('sha256')
        .update(segment.subarray(offset + 36, offset + length))
        .digest()
      expect(body).toEqual(segment.subarray(offset + 4, offset + 36))
      hash.update(body)
    }
    const links = records.filter(({ type }) => type === 'link').map(linkOf)
    expect(links).toMatchObject([
      {
        number: 1,
        firstSequence: 1,
        lastSequence: 12,
        count: 12,
        previous: ORIGIN,
        hash: hash.digest('hex'),
      },
    ])
  })
})
