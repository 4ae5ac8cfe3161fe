/** Each row of a stay file is imported or refused by its line, and importing it again adds nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { importStays } from '../../src/reports/import.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { stayRecord } from '../../src/store/schema.ts'
import { ask, csvOf, EXAMPLE, EXAMPLE_RESULTS, HEADER, importContext, run, stayOf } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'zhijie-reports-'))
afterAll(() => rmSync(folder, { recursive: true }))

let database: Database
beforeEach(() => {
  database = openDatabase(':memory:')
})

const take = (text: string | Buffer) =>
  importStays(database, Readable.from([Buffer.from(text)]), importContext)
const rows = (...lines: string[]) => take(`${HEADER}\n${lines.join('\n')}\n`)
const row = (event: string, at: string, changes: Partial<Record<string, string>> = {}) =>
  Object.values({
    stay: 'S1',
    person: 'P1',
    insured: '621025',
    treatment: '310101',
    institution: 'H1',
    admitted: '2025-01-02',
    discharged: '2025-01-10',
    event,
    at,
    ...changes,
  }).join(',')
const reasons = ({ refused }: Awaited<ReturnType<typeof take>>) =>
  refused.map(({ line, reason }) => `${line} ${reason}`)

describe('the worked example by file and command', () => {
  const file = (name: string, text: string) => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }

  it('gives all twelve rows, the persons and the second quarter', async () => {
    const imported = await run(database, 'import', file('example.csv', csvOf(EXAMPLE)), '--json')
    expect(imported).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(imported.out)).toEqual({ accepted: 24, duplicates: 0, refused: [], refusedTotal: 0 })
    for (const [asOf, scope, basis, ...expected] of EXAMPLE_RESULTS) {
      const options = ['--from', '2025-01-01', '--to', '2025-03-31', '--as-of', asOf]
      const rate = await ask(database, ...options, '--scope', scope, '--basis', basis)
      expect([rate.numerator, rate.denominator, rate.rate, rate.reached]).toEqual(expected)
    }
    const final = ['--as-of', '2026-03-31', '--scope', 'cross', '--basis', 'broad']
    expect((await ask(database, '--from', '2025-01', '--to', '2025-03', ...final)).persons).toBe(10)
    const second = await ask(database, '--from', '2025-04', '--to', '2025-06', ...final)
    expect([second.numerator, second.denominator, second.rate]).toEqual([1, 1, 100])
  })

  it('lists refused rows, keeps the good ones and exits 1', async () => {
    const text = `${HEADER}\n${row('R', '2025-01-11')}\n${row('D', '2025-01-12')}\n`
    const said = await run(database, 'import', file('bad.csv', text))
    expect(said).toMatchObject({ code: 1, err: '第2行：没有可撤销的直接结算' })
    expect(said.out).toBe('新增1行，已有0行，拒收1行')
    const again = await run(database, 'import', file('bad.csv', text), '--json')
    const refused = [{ line: 2, reason: '没有可撤销的直接结算' }]
    expect(again.code).toBe(1)
    expect(JSON.parse(again.out)).toEqual({ accepted: 0, duplicates: 1, refused, refusedTotal: 1 })
  })

  it('lists fifty refused rows and counts the others', async () => {
    const text = `${HEADER}\n${Array.from({ length: 60 }, () => row('R', '2025-01-11')).join('\n')}\n`
    const lines = (await run(database, 'import', file('many.csv', text))).err.split('\n')
    expect(lines).toHaveLength(51)
    expect(lines.at(-1)).toBe('其余10行未列出，可用--json查看')
  })

  it('exits 2 with a sentence on a missing file, a wrong header, no file', async () => {
    expect(await run(database, 'import', join(folder, 'none.csv'))).toMatchObject({
      code: 2,
      err: '文件不存在',
    })
    expect(await run(database, 'import', folder)).toMatchObject({ code: 2, err: '文件无法读取', out: '' })
    const wrong = await run(database, 'import', file('wrong.csv', 'stay,person\nS1,P1\n'), '--json')
    expect(wrong).toMatchObject({ code: 2, out: '', err: `文件首行须为 ${HEADER}` })
    expect((await run(database, 'import')).code).toBe(2)
  })
})

describe('importStays()', () => {
  it('stores pseudonyms only', async () => {
    await rows(row('D', '2025-01-10'))
    expect(database.select().from(stayRecord).all()).toMatchObject([
      { person: 'pseudonym-P1', occurrence: 1 },
    ])
  })

  it('tolerates a byte order mark, CRLF, quotes and empty lines', async () => {
    const quoted = row('D', '2025-01-10').replace('P1', '"P1"')
    const result = await take(Buffer.from(`\ufeff${HEADER}\r\n\r\n${quoted}\r\n`))
    expect(result).toEqual({ accepted: 1, duplicates: 0, refused: [], refusedTotal: 0 })
    expect(database.select().from(stayRecord).all()).toMatchObject([
      { person: 'pseudonym-P1', at: '2025-01-10' },
    ])
  })

  it('takes a header without rows', async () => {
    expect(await take(HEADER)).toEqual({ accepted: 0, duplicates: 0, refused: [], refusedTotal: 0 })
  })

  it.each([
    ['', 'empty'],
    [`${HEADER},more\n`, 'longer'],
    [`${HEADER.replace('stay,person', 'person,stay')}\n`, 'another order'],
    [`${row('D', '2025-01-10')}\n`, 'missing'],
  ])('refuses a file whose header is wrong: %#', async (text) => {
    await expect(take(text)).rejects.toMatchObject({
      code: 'invalid-report',
      message: `文件首行须为 ${HEADER}`,
    })
  })

  it('one stray quote spoils one row only', async () => {
    const spoilt = row('D', '2025-01-10').replace('2025-01-02', '"2025-01-02')
    const result = await rows(spoilt, row('D', '2025-01-10'))
    expect(result.accepted).toBe(1)
    expect(reasons(result)).toEqual(['2 admitted不是日期（YYYY-MM-DD）'])
  })

  it.each([
    [row('D', '2025-01-10', { stay: '' }), 'stay为空'],
    [row('D', '2025-01-10', { person: ' ' }), 'person为空'],
    [row('D', '2025-01-10', { institution: '' }), 'institution为空'],
    [row('D', '2025-01-10', { stay: 'S'.repeat(101) }), 'stay超过100个字符'],
    [row('D', '2025-01-10', { insured: '62102' }), 'insured_area不是六位医保区划代码'],
    [row('D', '2025-01-10', { treatment: '3101O1' }), 'treatment_area不是六位医保区划代码'],
    [row('D', '2025-01-10', { insured: '710000' }), 'insured_area医保区划不存在'],
    [row('D', '2025-01-10', { treatment: '710000' }), 'treatment_area医保区划不存在'],
    [row('D', '2025-01-10', { admitted: '2025-02-30' }), 'admitted不是日期（YYYY-MM-DD）'],
    [row('D', '2025-01-10', { discharged: '2025/01/10' }), 'discharged不是日期（YYYY-MM-DD）'],
    [row('D', '20250110'), 'at不是日期（YYYY-MM-DD）'],
    [row('X', '2025-01-10'), 'event须为D、R、U、M之一'],
    [row('d', '2025-01-10'), 'event须为D、R、U、M之一'],
    [row('D', '2025-01-10', { discharged: '2025-01-01' }), '出院日期早于入院日期'],
    [row('M', '2025-01-01'), '事件日期早于入院日期'],
    ['S1,P1', '应有9列，实有2列'],
    [`${row('D', '2025-01-10')},more`, '应有9列，实有10列'],
  ])('refuses by row: %s', async (bad, reason) => {
    const good = row('D', '2025-01-10', { stay: 'S2' })
    const result = await rows(bad, good)
    expect(result).toMatchObject({ accepted: 1, duplicates: 0 })
    expect(reasons(result)).toEqual([`2 ${reason}`])
  })

  it.each([
    ['withdrawal without settlement', [row('R', '2025-01-11')], ['2 没有可撤销的直接结算']],
    [
      'second withdrawal of one settlement',
      [row('D', '2025-01-10'), row('R', '2025-01-11'), row('R', '2025-01-12')],
      ['4 没有可撤销的直接结算'],
    ],
    [
      'withdrawal before its settlement',
      [row('R', '2025-01-09'), row('D', '2025-01-10')],
      ['2 没有可撤销的直接结算'],
    ],
    [
      'claim while settled directly',
      [row('D', '2025-01-10'), row('M', '2025-01-11'), row('R', '2025-01-12')],
      ['3 该住院当时已直接结算，不得重复登记手工报销'],
    ],
    ['claim after withdrawal', [row('D', '2025-01-10'), row('R', '2025-01-11'), row('M', '2025-01-12')], []],
    ['the same on one day', [row('D', '2025-01-10'), row('R', '2025-01-10'), row('M', '2025-01-10')], []],
    ['sorted the other way', [row('M', '2025-01-12'), row('R', '2025-01-11'), row('D', '2025-01-10')], []],
    [
      'another person',
      [row('D', '2025-01-10'), row('R', '2025-01-11', { person: 'P2' })],
      ['3 与同一住院的其他记录人员不一致'],
    ],
    [
      'another insured area',
      [row('D', '2025-01-10'), row('R', '2025-01-11', { insured: '621002' })],
      ['3 与同一住院的其他记录参保地不一致'],
    ],
    [
      'another place of treatment',
      [row('D', '2025-01-10'), row('R', '2025-01-11', { treatment: '310104' })],
      ['3 与同一住院的其他记录就医地不一致'],
    ],
    [
      'another day of admission',
      [row('D', '2025-01-10'), row('R', '2025-01-11', { admitted: '2025-01-03' })],
      ['3 与同一住院的其他记录入院日期不一致'],
    ],
    [
      'another day of discharge',
      [row('D', '2025-01-10'), row('R', '2025-01-11', { discharged: '2025-01-11' })],
      ['3 与同一住院的其他记录出院日期不一致'],
    ],
  ])('%s: in one file, and one row a file', async (_name, lines, expected) => {
    const result = await rows(...lines)
    expect(reasons(result)).toEqual(expected)
    expect(result.accepted).toBe(lines.length - expected.length)

    if (_name === 'sorted the other way') return
    database = openDatabase(':memory:')
    const apart: string[] = []
    for (const [index, line] of lines.entries()) {
      apart.push(...(await rows(line)).refused.map(({ reason }) => `${index + 2} ${reason}`))
    }
    expect(apart).toEqual(expected)
  })

  it('a withdrawal may not take the settlement from under a later one', async () => {
    await rows(row('D', '2025-01-10'), row('R', '2025-01-12'))
    expect(reasons(await rows(row('R', '2025-01-11')))).toEqual(['2 没有可撤销的直接结算'])
  })

  it('lists refused rows in the order of the file', async () => {
    const result = await rows(row('R', '2025-01-11'), 'S1,P1', row('R', '2025-01-10'), row('X', '2025-01-10'))
    expect(result.refused.map(({ line }) => line)).toEqual([2, 3, 4, 5])
  })

  it('the same stay id at another institution is another stay', async () => {
    const result = await rows(
      row('D', '2025-01-10'),
      row('D', '2025-01-10', { institution: 'H2', person: 'P2' }),
    )
    expect(result).toEqual({ accepted: 2, duplicates: 0, refused: [], refusedTotal: 0 })
  })

  it('a file that comes twice adds nothing', async () => {
    await take(csvOf(EXAMPLE))
    const before = database.select().from(stayRecord).all()
    expect(await take(csvOf(EXAMPLE))).toEqual({ accepted: 0, duplicates: 24, refused: [], refusedTotal: 0 })
    expect(database.select().from(stayRecord).all()).toEqual(before)
  })

  it('same events of one day count as often as one file has them', async () => {
    const twice = [row('D', '2025-01-10'), row('D', '2025-01-10')]
    expect(await rows(...twice)).toMatchObject({ accepted: 2, duplicates: 0 })
    expect(await rows(...twice)).toMatchObject({ accepted: 0, duplicates: 2 })
    expect(await rows(...twice, row('D', '2025-01-10'))).toMatchObject({ accepted: 1, duplicates: 2 })
  })

  it('whatever the file: each row ends in one place, a second time changes nothing, order does not matter', async () => {
    const line = fc
      .tuple(fc.constantFrom('D', 'R', 'U', 'M'), fc.integer({ min: 2, max: 6 }), fc.constantFrom('S1', 'S2'))
      .map(([event, day, stay]) => row(event, `2025-01-0${day}`, { stay }))
    const files = fc.array(line, { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(files, async (lines) => {
        database = openDatabase(':memory:')
        const first = await rows(...lines)
        const second = await rows(...lines)
        database.$client.close()
        expect(first.accepted + first.duplicates + first.refused.length).toBe(lines.length)
        const { refused, refusedTotal } = first
        expect(second).toEqual({ accepted: 0, duplicates: first.accepted, refused, refusedTotal })
        database = openDatabase(':memory:')
        const reversed = await rows(...lines.toReversed())
        database.$client.close()
        expect(reversed.accepted).toBe(first.accepted)
      }),
      { numRuns: 60 },
    )
  })

  it('refuses the rows of a stay that has more than a thousand', async () => {
    const lines = Array.from({ length: 1001 }, () => row('U', '2025-01-10'))
    expect(reasons(await rows(...lines))).toEqual(['1002 同一住院超过1000行'])
  })

  it('lists the first thousand refused rows in the order of the file, and counts all', async () => {
    // What is refused by its stay is known last, and stands first in the file.
    const withdrawn = Array.from({ length: 10 }, (_, index) => row('R', '2025-01-11', { stay: `S${index}` }))
    const result = await rows(...withdrawn, ...Array.from({ length: 2500 }, () => 'x'))
    expect(result.refusedTotal).toBe(2510)
    expect(result.refused.map(({ line }) => line)).toEqual(Array.from({ length: 1000 }, (_, at) => at + 2))
  })

  it('writes whole stays, 250 rows at most in one go, and lets others write in between', async () => {
    const file = join(folder, 'batches.sqlite')
    const [own, other] = [openDatabase(file), openDatabase(file)]
    other.$client.pragma('busy_timeout = 0')
    const count = other.$client.prepare('select count(*) from stay_record').pluck()
    const split = other.$client.prepare(
      'select count(*) from (select stay from stay_record group by stay having count(*) < 3)',
    )
    const note = other.$client.prepare('insert or replace into tally values (1, ?, 0, 0, 0, 0, 0)')
    const written: number[] = []
    const rest = async (ms: number) => {
      expect(ms).toBeGreaterThan(0)
      written.push(count.get() as number)
      expect(split.pluck().get()).toBe(0)
      note.run(written.length)
    }
    // The rows of a stay are far from each other in the file.
    const lines = ['2025-01-10', '2025-01-11', '2025-01-12'].flatMap((at) =>
      Array.from({ length: 400 }, (_, stay) => row('U', at, { stay: `S${stay}` })),
    )
    const text = Readable.from([Buffer.from(`${HEADER}\n${lines.join('\n')}\n`)])
    const result = await importStays(own, text, { ...importContext, rest })
    for (const store of [own, other]) store.$client.close()
    expect(result).toEqual({ accepted: 1200, duplicates: 0, refused: [], refusedTotal: 0 })
    expect(written.map((now, at) => now - (written[at - 1] ?? 0))).toEqual([249, 249, 249, 249, 204])
  })

  it('adds the rest where an end in the middle has left whole stays', async () => {
    const lines = Array.from({ length: 600 }, (_, stay) => row('U', '2025-01-10', { stay: `S${stay}` }))
    const text = Buffer.from(`${HEADER}\n${lines.join('\n')}\n`)
    const rest = () => Promise.reject(new Error('the process ends'))
    const broken = importStays(database, Readable.from([text]), { ...importContext, rest })
    await expect(broken).rejects.toThrow('the process ends')
    expect(await take(text)).toEqual({ accepted: 350, duplicates: 250, refused: [], refusedTotal: 0 })
  })

  it('stores nothing of a file that cannot be read to its end', async () => {
    const long = `${HEADER}\n${row('D', '2025-01-10')}\n${'x'.repeat(100_000)}\n`
    await expect(take(long)).rejects.toMatchObject({ code: 'invalid-report' })
    async function* broken() {
      yield Buffer.from(`${HEADER}\n${row('D', '2025-01-10')}\n`)
      throw new Error('disk')
    }
    await expect(importStays(database, Readable.from(broken()), importContext)).rejects.toThrow('disk')
    expect(database.select().from(stayRecord).all()).toEqual([])
  })
})

it('a withdrawn and re-imported example stays the same stay', async () => {
  const stay = stayOf('S', 'P', 'X', '2025-02-01', 'D 02-01')
  await take(csvOf([stay]))
  await take(csvOf([{ ...stay, events: stayOf('S', 'P', 'X', '2025-02-01', 'D 02-01, R 02-03').events }]))
  const period = ['--from', '2025-01', '--to', '2025-03', '--scope', 'cross', '--basis', 'broad']
  expect(await ask(database, ...period)).toMatchObject({ numerator: 0, denominator: 1, persons: 1 })
})
