/**
 * The hash chain over the journal. A link covers every record that was committed when it was begun and that no earlier
 * link covers. It is hashed a slice at a time, read back as it rests, so that its owner decides how long it works; a link
 * that is ready is added with whatever transaction comes next.
 */
import { createHash, type Hash } from 'node:crypto'
import type Sqlite from 'better-sqlite3'
import { type Canonical, canonical, RECORDS, type RecordTable, type Values } from './checksum.ts'

/** A link as it rests in the table `chain`. */
export interface Link {
  readonly number: number
  readonly firstExchange: number
  readonly lastExchange: number
  readonly firstOutcome: number
  readonly lastOutcome: number
  readonly count: number
  readonly previous: string
  readonly hash: string
  readonly at: number
}

/** The hash before the first link. */
export const ORIGIN = '0'.repeat(64)

/** Where a chain starts: link 0, which covers nothing. */
export const NOTHING: Link = {
  ...{ number: 0, firstExchange: 1, lastExchange: 0, firstOutcome: 1, lastOutcome: 0 },
  ...{ count: 0, previous: ORIGIN, hash: ORIGIN, at: 0 },
}

/** Hashes the records of one link, in order. */
export interface LinkHash {
  add(record: Canonical): void
  count(): number
  digest(): string
}

/**
 * Begins the hash of a link.
 *
 * @param previous hash of the link before, 64 hexadecimal digits
 */
export function linkHash(previous: string): LinkHash {
  const hash: Hash = createHash('sm3').update(Buffer.from(previous, 'hex'))
  let count = 0
  return {
    add({ text, sealed }) {
      hash.update(text)
      if (sealed) hash.update(sealed)
      count += 1
    },
    count: () => count,
    digest: () => hash.digest('hex'),
  }
}

const COLUMNS = `number, first_exchange as firstExchange, last_exchange as lastExchange, first_outcome as firstOutcome,
  last_outcome as lastOutcome, count, previous, hash, at`

/** Reads links, by number; a condition may follow. */
export const SELECT_LINKS = `select ${COLUMNS} from chain`

/** The last link of a chain; one of number 0 that covers nothing where there is none. */
export function lastLink(client: Sqlite.Database): Link {
  return client.prepare<[], Link>(`${SELECT_LINKS} order by number desc limit 1`).get() ?? NOTHING
}

/** The chain in the hand of the journal's writer. */
export interface Chain {
  /** Begins a link over what has been committed and is not linked. @returns false where there is nothing to link */
  begin(): boolean
  /** Hashes the next records of the link that was begun. @returns whether there are more */
  advance(recordsMax: number): boolean
  /** Whether a link is begun and not yet added. */
  working(): boolean
  /** Whether a link waits to be added. */
  ready(): boolean
  /** Adds the link that is ready, inside the transaction that is open. */
  add(): void
  /** The transaction of `add` has been committed. @returns the link */
  added(): Link
}

interface Work {
  readonly link: Omit<Link, 'hash' | 'count' | 'at'>
  readonly hash: LinkHash
  readonly next: Record<RecordTable, number>
  done: Link | null
}

/** Opens the chain of a journal for its writer. */
export function createChain(client: Sqlite.Database, now: () => number = Date.now): Chain {
  const highest = {
    exchange: client.prepare('select coalesce(max(id), 0) from exchange').pluck(),
    outcome: client.prepare('select coalesce(max(id), 0) from outcome').pluck(),
  }
  const slice = (table: RecordTable) =>
    client
      .prepare<[number, number, number], Values>(
        `${RECORDS[table].select} where id >= ? and id <= ? order by id limit ?`,
      )
      .raw()
  const slices = { exchange: slice('exchange'), outcome: slice('outcome') }
  const insert = client.prepare(
    `insert into chain (number, first_exchange, last_exchange, first_outcome, last_outcome, count, previous, hash, at)
     values (@number, @firstExchange, @lastExchange, @firstOutcome, @lastOutcome, @count, @previous, @hash, @at)`,
  )
  let last = lastLink(client)
  let work: Work | null = null

  /** Hashes at most so many records of one table. @returns how many there were */
  function hashSome(table: RecordTable, upTo: number, recordsMax: number): number {
    const { next, hash } = work!
    const rows = slices[table].all(next[table], upTo, recordsMax)
    for (const row of rows) hash.add(canonical(table, row))
    next[table] = rows.length < recordsMax ? upTo + 1 : (rows.at(-1)![0] as number) + 1
    return rows.length
  }

  return {
    begin() {
      const lastExchange = Math.max(last.lastExchange, highest.exchange.get() as number)
      const lastOutcome = Math.max(last.lastOutcome, highest.outcome.get() as number)
      if (lastExchange === last.lastExchange && lastOutcome === last.lastOutcome) return false
      const firstExchange = last.lastExchange + 1
      const firstOutcome = last.lastOutcome + 1
      const place = { firstExchange, lastExchange, firstOutcome, lastOutcome }
      work = {
        link: { number: last.number + 1, ...place, previous: last.hash },
        hash: linkHash(last.hash),
        next: { exchange: firstExchange, outcome: firstOutcome },
        done: null,
      }
      return true
    },
    advance(recordsMax) {
      if (!work || work.done) return false
      const { link, hash, next } = work
      const hashed = hashSome('exchange', link.lastExchange, recordsMax)
      if (hashed < recordsMax) hashSome('outcome', link.lastOutcome, recordsMax - hashed)
      if (next.exchange <= link.lastExchange || next.outcome <= link.lastOutcome) return true
      work.done = { ...link, count: hash.count(), hash: hash.digest(), at: now() }
      return false
    },
    working: () => work !== null,
    ready: () => work?.done != null,
    add() {
      if (work?.done) insert.run(work.done)
    },
    added() {
      if (work?.done) last = work.done
      work = null
      return last
    },
  }
}
