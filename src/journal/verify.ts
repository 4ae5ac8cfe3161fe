/**
 * The re-check of a journal, offline or beside a running gateway: the file's own structure, every checksum, every link of
 * the chain, gaps in the numbers, outcomes without an exchange, and every step by the table of an exchange's life. It
 * only reads, one snapshot, in constant memory but for one state an exchange.
 */
import { existsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { storeFailure } from '../store/failure.ts'
import { type Link, linkHash, NOTHING, SELECT_LINKS } from './chain.ts'
import { type Head, headFault, readHead } from './chain-head.ts'
import { canonical, checksumOf, RECORDS, type RecordTable, type Values } from './checksum.ts'
import { createLives } from './verify-life.ts'

/** One thing that is wrong. */
export interface Finding {
  /** Null where it is the file as a whole. */
  readonly table: RecordTable | 'chain' | null
  readonly id: number | null
  readonly wrong: string
}

/** What a re-check found. */
export interface Verification {
  readonly file: string
  readonly exchanges: number
  readonly outcomes: number
  /** Both together. */
  readonly records: number
  /** Records from before there were checksums: only the chain covers them. */
  readonly withoutChecksum: number
  readonly links: number
  /** Records after the last link. */
  readonly notLinked: number
  readonly seconds: number
  /** The first bad record; the first bad link, or what is wrong with the file, where no record is named. Null: all is well. */
  readonly first: Finding | null
  /** How many findings there are besides the first. */
  readonly more: number
}

/** Told now and then: records checked so far, and how many there are. */
export type Progress = (checked: number, total: number) => void

const PROGRESS_RECORDS = 2048
/** A walk that meets this many faults has met enough. */
const FINDINGS_MAX = 100_000
const BUSY_TIMEOUT_MS = 2000

/**
 * Re-checks a journal.
 *
 * @param file the SQLite file: a data directory's, or a backup
 * @throws {Error} with a plain sentence where the file cannot be read at all
 */
export function verifyJournal(file: string, progress: Progress = () => {}): Verification {
  if (!existsSync(file)) throw new Error(`There is no journal ${file}`)
  const head = readHead(file)
  let client: Sqlite.Database | null = null
  try {
    client = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS })
    client.exec('BEGIN')
    return verifySnapshot(client, file, head, progress)
  } catch (cause) {
    throw new Error(storeFailure(cause, file), { cause })
  } finally {
    client?.close()
  }
}

function verifySnapshot(
  client: Sqlite.Database,
  file: string,
  head: Head | null,
  progress: Progress,
): Verification {
  const started = performance.now()
  const tables = client.prepare("select name from sqlite_master where type = 'table'").pluck().all()
  if (!tables.includes('exchange') || !tables.includes('outcome')) {
    throw new Error(`${file} is an SQLite file, and not a journal of the gateway`)
  }
  const findings: Finding[] = []
  let more = 0
  const bad = (table: Finding['table'], id: number | null, wrong: string) => {
    if (findings.length < FINDINGS_MAX) findings.push({ table, id, wrong })
    else more += 1
  }
  const structure = structureFaults(client)
  const walk = walkRecords(client, bad, progress)
  const links = tables.includes('chain')
    ? client.prepare<[], Link>(`${SELECT_LINKS} order by number`).all()
    : []
  let before = NOTHING
  for (const link of links) {
    walk.link(before, link)
    before = link
  }
  const notLinked = walk.rest(before)
  walk.end()
  const missing = tables.includes('chain') ? headFault(client, head) : null
  if (missing) bad('chain', head!.number, missing)
  for (const told of structure) bad(null, null, `the file is damaged: ${told.replaceAll('\n', ' ')}`)
  const { exchange: exchanges, outcome: outcomes } = walk.counted
  return {
    ...{ file, exchanges, outcomes, records: exchanges + outcomes, withoutChecksum: walk.withoutChecksum() },
    ...{ links: links.length, notLinked, seconds: (performance.now() - started) / 1000 },
    ...{
      first: findings.find(({ table }) => table && table !== 'chain') ?? findings[0] ?? null,
      more: Math.max(0, findings.length - 1) + more,
    },
  }
}

/** What SQLite itself finds wrong with the file. */
function structureFaults(client: Sqlite.Database): string[] {
  try {
    const told = client.pragma('integrity_check(100)') as { integrity_check: string }[]
    return told.map((row) => row.integrity_check).filter((text) => text !== 'ok')
  } catch (cause) {
    if (!isUnreadable(cause)) throw cause
    return [(cause as Error).message]
  }
}

function isUnreadable(cause: unknown): boolean {
  return /^SQLITE_(CORRUPT|IOERR)/.test((cause as { code?: string }).code ?? '')
}

/** Goes over the records once, in the order of the chain. */
function walkRecords(
  client: Sqlite.Database,
  bad: (table: Finding['table'], id: number | null, wrong: string) => void,
  progress: Progress,
) {
  const readers = { exchange: reader(client, 'exchange'), outcome: reader(client, 'outcome') }
  const count = (table: RecordTable) =>
    client.prepare(`select count(*) from ${table}`).pluck().get() as number
  const counted: Record<RecordTable, number> = { exchange: 0, outcome: 0 }
  const lastId: Record<RecordTable, number> = { exchange: 0, outcome: 0 }
  const sums: Record<RecordTable, number> = { exchange: 0, outcome: 0 }
  const lives = createLives()
  const total = count('exchange') + count('outcome')

  /** The numbers are given without a gap from the first record that is there; an archive takes them from the start. */
  function checkNumber(table: RecordTable, id: number): void {
    const expected = lastId[table] + 1
    if (id !== expected && counted[table] > 0) {
      const missing = id - expected
      bad(table, expected, `is missing${missing > 1 ? `, and the ${missing - 1} after it` : ''}`)
    }
    lastId[table] = id
  }

  function checkSum(table: RecordTable, values: Values): void {
    const id = values[0] as number
    const checksum = values.at(-1) as number | null
    if (checksum !== null) {
      sums[table] += 1
      if (checksum !== checksumOf(table, values)) bad(table, id, 'its checksum does not match what it holds')
    } else if (sums[table] > 0) {
      bad(table, id, 'has no checksum, and records before it have one')
    }
  }

  function see(table: RecordTable, values: Values): void {
    checkNumber(table, values[0] as number)
    checkSum(table, values)
    const wrong = table === 'exchange' ? lives.begin(values) : lives.step(values)
    if (wrong) bad(table, values[0] as number, wrong)
    counted[table] += 1
    const checked = counted.exchange + counted.outcome
    if (checked % PROGRESS_RECORDS === 0) progress(checked, total)
  }

  /** Reads a range of ids of both tables. @returns how many records there were */
  function range(
    from: Link,
    to: { lastExchange: number; lastOutcome: number },
    each?: (bytes: ReturnType<typeof canonical>) => void,
  ) {
    let records = 0
    for (const [table, after, upTo] of [
      ['exchange', from.lastExchange, to.lastExchange],
      ['outcome', from.lastOutcome, to.lastOutcome],
    ] as const) {
      try {
        for (const values of readers[table].iterate(after, upTo)) {
          records += 1
          see(table, values)
          each?.(canonical(table, values))
        }
      } catch (cause) {
        if (!isUnreadable(cause)) throw cause
        bad(table, lastId[table] + 1, `cannot be read: ${(cause as Error).message}`)
      }
    }
    return records
  }

  return {
    counted,
    withoutChecksum: () => counted.exchange + counted.outcome - sums.exchange - sums.outcome,
    link(before: Link, link: Link) {
      const hash = linkHash(before.hash)
      const records = range(before, link, hash.add)
      const follows = link.number === before.number + 1 && link.previous === before.hash
      const joined =
        link.firstExchange === before.lastExchange + 1 && link.firstOutcome === before.lastOutcome + 1
      if (!follows || !joined) bad('chain', link.number, `does not follow link ${before.number}`)
      else if (records !== link.count) {
        bad('chain', link.number, `covers ${link.count} records, and there are ${records}`)
      } else if (hash.digest() !== link.hash) {
        bad('chain', link.number, 'its hash does not match the records that it covers')
      }
    },
    rest: (before: Link) =>
      range(before, { lastExchange: Number.MAX_SAFE_INTEGER, lastOutcome: Number.MAX_SAFE_INTEGER }),
    end() {
      const given = client.prepare("select seq from sqlite_sequence where name = 'outcome'").pluck().get()
      if (typeof given === 'number' && given > lastId.outcome) {
        bad('outcome', lastId.outcome + 1, 'is missing: its number was given, and it is not there')
      }
      progress(total, total)
    },
  }
}

function reader(client: Sqlite.Database, table: RecordTable) {
  const columns = client.pragma(`table_info(${table})`) as { name: string }[]
  const { select, selectUnchecked } = RECORDS[table]
  const checked = columns.some(({ name }) => name === 'checksum')
  return client
    .prepare<[number, number], Values>(
      `${checked ? select : selectUnchecked} where id > ? and id <= ? order by id`,
    )
    .raw()
}
