/** The three stores that are compared, each with one question: name and edition of a code that is valid on a day. */
import Sqlite from 'better-sqlite3'
import { dayNumber } from '../../src/codes/store/day-number.ts'
import { openBook, type PackedBook, readBook, writeBook } from '../../src/codes/store/file.ts'
import { createPacker } from '../../src/codes/store/packer.ts'
import { packTableRow } from '../../src/codes/store/table-rows.ts'
import type { Day } from '../../src/domain/day.ts'
import { parseDay } from '../../src/domain/day.ts'
import { rowOf } from './rows.ts'

/** What a translation gives. */
export interface Translated {
  readonly name: string
  readonly edition: string
}

/** Asks a store. */
export type Ask = (code: string, day: Day) => Translated | null

const EDITION = '20260601'
const source = { grade: 'A', text: 'Invented for a measurement' } as const
const FROM = parseDay('2021-01-01')

/** Writes the packed file. */
export function buildPacked(file: string, rows: number) {
  const packer = createPacker(null, 0)
  for (let index = 0; index < rows; index += 1) {
    const row = rowOf(index)
    packer.add(row.code, packTableRow(row))
  }
  const { sections, codes } = packer.finish()
  const head = {
    system: null,
    standard: 'consumable',
    editions: [{ version: EDITION, from: FROM, source }],
    codes,
  }
  const written = writeBook(file, head, [sections])
  return {
    ...written,
    bytesARow: (sections.rows.length + sections.slots.length) / rows,
    nameBytesARow: sections.pool.length / rows,
  }
}

/** Reads the packed file. */
export function openPacked(file: string, checksum: number): PackedBook {
  return openBook(readBook(file, checksum))
}

/** Asks the packed store. */
export function askPacked({ forward, editions }: PackedBook): Ask {
  const last = editions.length - 1
  const { version } = editions[last]!
  return (code, day) => {
    const first = forward.find(code)
    const place = first === 0 ? 0 : forward.inEdition(first, last)
    const number = dayNumber(day)
    if (place === 0 || number < forward.fromNumber(place) || number >= forward.untilNumber(place)) return null
    return { name: forward.name(place), edition: version }
  }
}

/** A row of the Map. */
export interface MapRow {
  readonly name: string
  readonly from: Day
  readonly edition: string
}

/** Puts rows into a Map, from one index to another. */
export function fillMap(map: Map<string, MapRow>, from: number, to: number): void {
  for (let index = from; index < to; index += 1) {
    const { code, name, from: first } = rowOf(index)
    map.set(code, { name, from: first, edition: EDITION })
  }
}

/** Asks the Map. */
export function askMap(map: ReadonlyMap<string, MapRow>): Ask {
  return (code, day) => {
    const row = map.get(code)
    return row && row.from <= day ? { name: row.name, edition: row.edition } : null
  }
}

/** Writes the SQLite file. */
export function buildSqlite(file: string, rows: number): void {
  const database = new Sqlite(file)
  database.exec('create table row (code text primary key, name text, "from" text) without rowid')
  const insert = database.prepare('insert into row values (?, ?, ?)')
  database.transaction(() => {
    for (let index = 0; index < rows; index += 1) {
      const { code, name, from } = rowOf(index)
      insert.run(code, name, from)
    }
  })()
  database.close()
}

/** Asks SQLite by a prepared statement, the file mapped into memory. */
export function askSqlite(file: string): Ask {
  const database = new Sqlite(file, { readonly: true })
  database.pragma('mmap_size = 1073741824')
  const find = database.prepare<[string, string], { name: string }>(
    'select name from row where code = ? and "from" <= ?',
  )
  return (code, day) => {
    const row = find.get(code, day)
    return row ? { name: row.name, edition: EDITION } : null
  }
}
