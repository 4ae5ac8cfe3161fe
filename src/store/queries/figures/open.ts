/** Opens the file of the figures. It may be lost at any time: then it is empty, and is made anew. */
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { openClient } from '../../client.ts'
import { partsOf, type Store } from '../../parts.ts'
import { syncLater } from '../connection.ts'

/** The figures, as SQL. */
export interface FiguresStore {
  readonly $client: Sqlite.Database
}

/** By which rules figures are made. Raised when the same journal would give others: every file is then made anew. */
const RULES = 1

/** Tables with a key of several columns are that key, in its order: drizzle has no word for it. */
const FORM = readFileSync(join(import.meta.dirname, 'form/0000_figures.sql'), 'utf8')
  .replaceAll('--> statement-breakpoint', '')
  .replaceAll(/(PRIMARY KEY\(.+\)\n\));/g, '$1 without rowid;')

/** What tells a file of these tables and rules from any other: 31 bits, as SQLite keeps them in the head of a file. */
const VERSION = createHash('sha256').update(`${RULES}\n${FORM}`).digest().readUInt32BE() >>> 1

/** Pages that the writer keeps: much of what it adds to was added to before. */
const CACHE_KIB = 32 * 1024

/** The file beside the first store of a gateway; in memory where that is. */
export function figuresFile(store: Store): string {
  const { name } = partsOf(store)[0]!.$client
  return name === ':memory:' || name === '' ? ':memory:' : join(dirname(name), 'figures.sqlite')
}

/** Opens it for writing; several processes may. Empty where there was none, or one of other rules, or none that can be read. */
export function openFigures(file: string): FiguresStore {
  try {
    return { $client: prepared(file) }
  } catch (cause) {
    const broken = cause instanceof Sqlite.SqliteError && /^SQLITE_(?:CORRUPT|NOTADB)/.test(cause.code)
    if (!broken) throw cause
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
    return { $client: prepared(file) }
  }
}

function prepared(file: string): Sqlite.Database {
  const client = openClient(file)
  try {
    if (existsSync(file)) chmodSync(file, 0o600)
    client.pragma('journal_mode = WAL')
    syncLater(client)
    client.pragma(`cache_size = -${CACHE_KIB}`)
    client
      .transaction(() => {
        if (client.pragma('user_version', { simple: true }) !== VERSION) makeAnew(client)
      })
      .immediate()
    return client
  } catch (cause) {
    client.close()
    throw cause
  }
}

function makeAnew(client: Sqlite.Database): void {
  const tables = client.prepare<[], string>("select name from sqlite_master where type = 'table'").pluck()
  for (const table of tables.all()) client.exec(`drop table "${table}"`)
  client.exec(FORM)
  client.pragma(`user_version = ${VERSION}`)
}

/** Takes everything out. */
export function emptyFigures({ $client }: FiguresStore): void {
  makeAnew($client)
}
