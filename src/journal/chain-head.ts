/**
 * The head of the chain, noted in a file of its own beside the journal each time a link has become durable. A journal
 * that ends before its own head has lost its tail (a torn write-ahead log, a file put back by hand): SQLite alone takes
 * what is left for the whole and would answer from it.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type Sqlite from 'better-sqlite3'
import { type Link, lastLink, SELECT_LINKS } from './chain.ts'

/** What the file says. */
export interface Head {
  readonly number: number
  readonly hash: string
}

/** The file that notes the head of a journal's chain. */
export function headFile(file: string): string {
  return `${file}.head`
}

/** Notes the head. Not synced: it is only ever behind the journal, which is no fault. */
export function noteHead(file: string, { number, hash }: Link): void {
  const fresh = `${headFile(file)}.new`
  writeFileSync(fresh, JSON.stringify({ number, hash } satisfies Head), { mode: 0o600 })
  renameSync(fresh, headFile(file))
}

/** The head that was noted for a journal. To be read before the journal: a running gateway moves both. */
export function readHead(file: string): Head | null {
  try {
    const { number, hash } = JSON.parse(readFileSync(headFile(file), 'utf8')) as Head
    return typeof number === 'number' && typeof hash === 'string' ? { number, hash } : null
  } catch {
    return null // Absent, or lost with the power before it was written out: it says nothing then.
  }
}

/** What is wrong with a journal by the head that was noted for it; null where nothing is. */
export function headFault(client: Sqlite.Database, head: Head | null): string | null {
  if (!head) return null
  const link = client.prepare<[number], Link>(`${SELECT_LINKS} where number = ?`).get(head.number)
  if (link?.hash === head.hash) return null
  return link
    ? `link ${head.number} of the chain is not the one that the noted head names`
    : `the chain ends at link ${lastLink(client).number}, and link ${head.number} was noted: the end of the journal is missing`
}
