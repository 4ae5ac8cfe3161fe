/** The shelf keeps every edition that is committed, takes each whole or not at all, and notices damage. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Editions, openEditions } from '../../src/codes/editions/editions.ts'
import { RowRefused } from '../../src/codes/store/rows.ts'
import { entryAt } from '../../src/codes/store/table-rows.ts'
import { holdLock } from '../../src/store/data-dir-lock.ts'
import { on } from './fixture.ts'

const edition = (version: string, from: string) => ({
  version,
  from: on(from),
  source: { grade: 'A', text: 'Invented for a test' } as const,
  state: 'published' as const,
  maker: '甲',
})

let dataDir: string
let shelf: Editions
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'zhijie-shelf-'))
  shelf = openEditions(dataDir)
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

function place(version: string, from: string, codes: readonly string[]) {
  const build = shelf.beginTable('illness', edition(version, from))
  for (const code of codes) build.add({ code, name: `${code}@${version}` })
  return build.commit()
}

const filesOf = () => readdirSync(join(dataDir, 'codes')).filter((file) => /\.codes/.test(file))

describe('openShelf()', () => {
  it('is empty, and makes nothing, until something is committed', () => {
    expect(shelf.read()).toEqual({ revision: 0, books: [] })
    shelf.beginTable('illness', edition('1', '2020-01-01')).add({ code: 'A', name: 'a' })
    expect(readdirSync(dataDir)).toEqual([])
  })

  it('keeps every edition, wherever its first day puts it', () => {
    place('2', '2022-01-01', ['B', 'C'])
    const { book, changes } = place('1', '2020-01-01', ['A', 'B'])
    expect(changes).toEqual({ added: 2, changed: 0, closed: 0, unchanged: 0 })
    expect(book.editions.map(({ version, rows }) => [version, rows])).toEqual([
      ['1', 2],
      ['2', 2],
    ])
    const { forward, editions } = openEditions(dataDir).open(shelf.read().books[0]!)
    expect(editions.map(({ version }) => version)).toEqual(['1', '2'])
    const nameIn = (code: string, index: number) => {
      const found = forward.inEdition(forward.find(code), index)
      return found === 0 ? null : entryAt(forward, found).name
    }
    expect(['A', 'B', 'C'].map((code) => [nameIn(code, 0), nameIn(code, 1)])).toEqual([
      ['A@1', null],
      ['B@1', 'B@2'],
      [null, 'C@2'],
    ])
  })

  it('holds tables and maps beside each other', () => {
    place('1', '2020-01-01', ['A'])
    const build = shelf.beginMap('H/1', 'illness', edition('m', '2020-01-01'))
    const targets = [{ code: 'A', relation: 'equivalent' } as const]
    build.add({ code: 'L', name: 'l', groups: [{ together: false, targets }] })
    expect(() => build.add({ code: 'M', name: 'm', groups: [] })).toThrow(RowRefused)
    build.commit()
    expect(shelf.read()).toMatchObject({ revision: 2, books: [{ system: null }, { system: 'H/1' }] })
    expect(shelf.open(shelf.read().books[1]!).reverse).not.toBeNull()
  })

  it('refuses a version or a first day that is taken', () => {
    place('1', '2020-01-01', ['A'])
    expect(() => shelf.beginTable('illness', edition('1', '2021-01-01'))).toThrow(RangeError)
    expect(() => shelf.beginTable('illness', edition('2', '2020-01-01'))).toThrow(RangeError)
  })

  it('refuses a build that began before another was committed, and nothing is left of it', () => {
    const late = shelf.beginTable('illness', edition('1', '2020-01-01'))
    late.add({ code: 'A', name: 'a' })
    place('2', '2022-01-01', ['B'])
    const before = shelf.read()
    expect(() => late.commit()).toThrow('changed by another import')
    expect(shelf.read()).toEqual(before)
    expect(filesOf()).toEqual([before.books[0]!.file])
  })

  it('refuses a commit while another process writes', () => {
    place('1', '2020-01-01', ['A'])
    const letGo = holdLock(join(dataDir, 'codes', 'shelf.lock'))
    expect(() => place('2', '2022-01-01', ['B'])).toThrow('try again')
    letGo?.()
    expect(place('2', '2022-01-01', ['B']).book.editions).toHaveLength(2)
  })

  it('says what a dry run would change, and writes nothing', () => {
    place('1', '2020-01-01', ['A', 'B'])
    const build = shelf.beginTable('illness', edition('2', '2022-01-01'))
    build.add({ code: 'A', name: 'A@1' })
    build.add({ code: 'C', name: 'c' })
    expect(build.changes()).toEqual({ added: 1, changed: 0, closed: 1, unchanged: 1 })
    expect(shelf.read().revision).toBe(1)
  })

  it('keeps the packed file before the present one, for who is just reading it, and no older', () => {
    const files = ['1', '2', '3'].map((version) => place(version, `202${version}-01-01`, ['A']).book.file)
    expect(filesOf()).toEqual(files.slice(1).toSorted())
  })

  it('finds a damaged packed file and a damaged catalogue', () => {
    const { book } = place('1', '2020-01-01', ['A'])
    const file = join(dataDir, 'codes', book.file)
    const bytes = readFileSync(file)
    bytes[bytes.length - 70] = 1 ^ bytes[bytes.length - 70]!
    writeFileSync(file, bytes)
    expect(() => shelf.open(book)).toThrow('damaged')
    writeFileSync(join(dataDir, 'codes', 'shelf.json'), '{"revision":1')
    expect(() => shelf.read()).toThrow('restore it from a backup')
  })

  it('marks an edition, and knows no other', () => {
    place('1', '2020-01-01', ['A'])
    const of = { system: null, standard: 'illness', version: '1' }
    expect(
      shelf.mark(of, { state: 'reviewed', by: '乙' }, { checker: '乙' }).books[0]!.editions[0],
    ).toMatchObject({
      state: 'reviewed',
      checker: '乙',
      maker: '甲',
    })
    expect(() => shelf.mark({ ...of, version: '9' }, { state: 'reviewed', by: '乙' })).toThrow(RangeError)
  })
})
