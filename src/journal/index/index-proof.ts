/**
 * What proves the rows of the index: for each block of rows a keyed digest over all that they say, noted in the same commit,
 * and one of the position and the sums. A row that was edited, taken away or added by hand, or a note that was, does not fit,
 * and nobody without the key can make one that does.
 */
import { createHash, type Hash, hash } from 'node:crypto'
import type Sqlite from 'better-sqlite3'
import { keptTally } from '../../store/queries/money-totals.ts'
import {
  blocksOf,
  clearProof,
  holdsAny,
  NEXT_COLUMN,
  NEXT_ROW,
  PROVEN,
  proofNote,
  proofNotes,
  provenRows,
} from '../../store/queries/proof.ts'
import type { RecordTable } from '../segment/record.ts'
import type { Position } from './journal-index.ts'

/** Ids of one block. */
const BLOCK = 256
/** The note of the position. */
const POSITION = -1
/** Blocks that are kept while they are filled; rows come nearly in the order of their ids. */
const KEPT_MAX = 8

const noteOf = (table: RecordTable, block: number) => 2 * block + PROVEN.indexOf(table)

/** A row as one text: its columns in the order in which the index writes them. Half the price of `join`. */
function textOf(values: readonly unknown[]): string {
  let text = `${values[0]}`
  for (let at = 1; at < values.length; at += 1) text += NEXT_COLUMN + (values[at] ?? '')
  return text
}

/** The secret stands at both ends, so that nothing can be added to what was digested. */
const beginOf = (secret: string, note: number) => `${secret}${note}${NEXT_ROW}`
const digestOf = (secret: string, note: number, text: string) =>
  hash('sha256', `${beginOf(secret, note)}${text}${NEXT_ROW}${secret}`)

function positionDigest(client: Sqlite.Database, secret: string, position: Position): string {
  const { segment, offset, nextSequence, link, linkedTo } = position
  const ends = [link.number, link.hash, link.lastSequence, linkedTo.segment, linkedTo.offset]
  const told = [segment, offset, nextSequence, ...ends, keptTally(client)]
  return digestOf(secret, POSITION, JSON.stringify(told))
}

/** The proof in the hand of whoever makes the index. Every call belongs into the transaction of the rows. */
export interface ProofWriter {
  /** A row, before it is written; its values in the order of `COLUMNS`. */
  row(table: RecordTable, values: readonly unknown[]): void
  /** Writes the notes, when the position and the sums are written. */
  note(position: Position): void
  /** The transaction was undone. */
  undone(): void
}

/** Opens the notes for writing. */
export function openProof(client: Sqlite.Database, secret: string): ProofWriter {
  const save = proofNote(client)
  const rows = { exchange: provenRows(client, 'exchange'), outcome: provenRows(client, 'outcome') }
  const filling = new Map<number, Filling>()
  const touched = new Set<Filling>()

  /** What is in the table of a block by now. */
  function begun(table: RecordTable, block: number): Filling {
    const span = [block * BLOCK, (block + 1) * BLOCK] as const
    const note = noteOf(table, block)
    const digest = createHash('sha256').update(beginOf(secret, note))
    const text = rows[table].text(...span)
    if (text !== null) digest.update(text).update(NEXT_ROW)
    return { table, block, note, digest, last: rows[table].last(...span) ?? -1, fresh: [], disordered: false }
  }

  function blockOf(table: RecordTable, block: number): Filling {
    const note = noteOf(table, block)
    const known = filling.get(note)
    if (known) return known
    const one = begun(table, block)
    filling.set(note, one)
    return one
  }

  function digestNow(one: Filling): string {
    if (one.disordered) {
      const anew = begun(one.table, one.block)
      filling.set(one.note, anew)
      return anew.digest.copy().update(secret).digest('hex')
    }
    one.digest.update(`${one.fresh.join(NEXT_ROW)}${NEXT_ROW}`)
    one.fresh = []
    return one.digest.copy().update(secret).digest('hex')
  }

  return {
    row(table, values) {
      const id = values[0] as number
      const one = blockOf(table, Math.floor(id / BLOCK))
      touched.add(one)
      one.disordered ||= id <= one.last
      one.fresh.push(textOf(values))
      one.last = id
    },
    note(position) {
      for (const one of touched) save(one.note, digestNow(one))
      for (const note of filling.keys()) {
        if (filling.size <= KEPT_MAX) break
        filling.delete(note)
      }
      touched.clear()
      save(POSITION, positionDigest(client, secret, position))
    },
    undone() {
      filling.clear()
      touched.clear()
    },
  }
}

/** A block that is being filled. */
interface Filling {
  readonly table: RecordTable
  readonly block: number
  readonly note: number
  /** Over the rows that were noted, in the order of their ids. */
  readonly digest: Hash
  /** The largest id there is. */
  last: number
  /** Rows that have come since. */
  fresh: string[]
  /** Whether a row has come before others that were before it: then all are read again. */
  disordered: boolean
}

/** A block whose rows are not those that were noted, or that no note knows. */
export interface BrokenBlock {
  readonly table: RecordTable
  /** The first and the last id that rows of it can have. */
  readonly from: number
  readonly to: number
}

/** The proof as a check sees it. */
export interface Proof {
  /** Whether nothing is noted, and there is something: an index from before the proof. */
  unnoted(position: Position | null): boolean
  /** Whether the position and the sums are those that were noted. */
  isAt(position: Position | null): boolean
  /**
   * Holds rows against their notes, the newest first.
   *
   * @param below the ids to begin below; Infinity for all there are
   * @param count of ids to go over, at least
   * @returns where it went: `below` of what is left, null where nothing is; and what is broken, the newest first
   */
  check(
    table: RecordTable,
    below: number,
    count: number,
  ): { readonly left: number | null; broken: BrokenBlock[] }
  /** Takes the rows as they are for proven: the notes are made anew from them. */
  take(): void
}

/** Opens the notes for a check. */
export function openProofCheck(client: Sqlite.Database, secret: string): Proof {
  const rows = { exchange: provenRows(client, 'exchange'), outcome: provenRows(client, 'outcome') }
  const notes = proofNotes(client)

  function check(table: RecordTable, below: number, count: number) {
    const broken: BrokenBlock[] = []
    const add = (from: number, to: number) => broken.push({ table, from, to: to - 1 })
    /** Begin of the block that was looked at last. */
    let begin = Math.min(below, Number.MAX_SAFE_INTEGER)
    let first: number | null = null
    const parity = PROVEN.indexOf(table)
    for (const { id, digest } of notes.below(2 * Math.ceil(begin / BLOCK) + parity, parity)) {
      const from = Math.floor(id / 2) * BLOCK
      first ??= from + BLOCK
      if (first - from - BLOCK >= count) return { left: begin, broken }
      const end = from + BLOCK
      if (end < begin && rows[table].some(end, begin)) add(end, begin)
      const text = rows[table].text(from, end)
      if (text === null || digestOf(secret, id, text) !== digest) add(from, end)
      begin = from
    }
    if (rows[table].some(Number.MIN_SAFE_INTEGER, begin)) add(Number.MIN_SAFE_INTEGER, begin)
    return { left: null, broken }
  }

  return {
    unnoted: (position) =>
      !holdsAny(client, 'proof') && (position !== null || PROVEN.some((table) => holdsAny(client, table))),
    isAt: (position) => notes.digest(POSITION) === (position && positionDigest(client, secret, position)),
    check,
    take() {
      clearProof(client)
      const save = proofNote(client)
      for (const table of PROVEN) {
        for (const block of blocksOf(client, table, BLOCK)) {
          const note = noteOf(table, block)
          save(note, digestOf(secret, note, rows[table].text(block * BLOCK, (block + 1) * BLOCK)!))
        }
      }
    },
  }
}
