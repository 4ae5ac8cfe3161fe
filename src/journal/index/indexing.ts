/**
 * Walks the journal in order and brings the index and the chain up to what rests there. Whoever calls it decides when and
 * on which thread; it does nothing but read, check, and apply.
 */

import type { ReadBatch } from '../segment/batch-format.ts'
import { type Chain, createChain, type Link, NOTHING } from '../segment/chain.ts'
import type { Files } from '../segment/files.ts'
import { columnsOf } from '../segment/record.ts'
import { readSegmentHeader, type ScanEnd, scanBatches, scanRecords, segmentName } from '../segment/scan.ts'
import { HEADER_BYTES } from '../segment/segment-header.ts'
import type { IndexWriter, PlacedRecord, Point, Position } from './journal-index.ts'

/** Where nothing has been indexed. */
export const BEGINNING: Position = {
  ...{ segment: 1, offset: HEADER_BYTES, nextSequence: 1 },
  link: NOTHING,
  linkedTo: { segment: 1, offset: HEADER_BYTES },
}

/** How a walk ended: like a segment, and in which. */
export type WalkEnd = ScanEnd & { readonly segment: number }

/** The index and the chain in the hand of whoever brings them up to date. */
export interface Indexing {
  /**
   * Takes in what rests up to a point; up to the end of the journal where none is given.
   *
   * @param progress is told how many bytes of how many have been read
   */
  advance(upTo: Point | null, progress?: (done: number, total: number) => void): WalkEnd
  /** How far the index is. */
  position(): Position
  /** Links that are due, or, where asked for `all`, over everything that none covers. */
  links(all: boolean): readonly Link[]
}

/** Whether one point lies after another. */
export function isAfter(one: Point, other: Point): boolean {
  return one.segment > other.segment || (one.segment === other.segment && one.offset > other.offset)
}

/** Thrown where a record that was read is not what the journal wrote. */
export class JournalFault extends Error {
  override readonly name = 'JournalFault'
}

/** The first bad record in words, for the person who runs the gateway. */
export function damageText(segment: number, sequence: number, offset: number, wrong: string): string {
  return `The journal is damaged: record ${sequence} (journal/${segmentName(segment)}, byte ${offset}) ${wrong}`
}

/** What an indexing works on. */
export interface IndexingPorts {
  readonly files: Files
  readonly index: IndexWriter
  /** UTC milliseconds. */
  now(): number
}

/**
 * Goes on from where an index is.
 *
 * @param thorough whether the segment is read from its begin, what is indexed already with it
 */
export function createIndexing({ files, index, now }: IndexingPorts, thorough: boolean): Indexing {
  let position = index.position() ?? BEGINNING
  const chain: Chain = createChain(position.link, position.linkedTo)
  const cursor = { ...position.linkedTo, nextSequence: position.link.lastSequence + 1 }
  /** A walk that follows a running journal closes a link at the end of a segment. */
  let following = false
  const links: Link[] = []
  if (thorough) toBegin()

  function toBegin(): void {
    const header = readSegmentHeader(files, cursor.segment)
    if (header === 'absent') return
    if (typeof header === 'string') {
      throw new JournalFault(
        damageText(cursor.segment, cursor.nextSequence, 0, 'and the header before it cannot be read'),
      )
    }
    cursor.offset = HEADER_BYTES
    cursor.nextSequence = header.firstSequence
  }

  function take(batch: ReadBatch, fresh: PlacedRecord[]): void {
    const { segment } = cursor
    if (batch.firstSequence > position.link.lastSequence) chain.take(segment, batch)
    if (isAfter({ segment, offset: batch.end }, position)) {
      if (batch.firstSequence < position.nextSequence) {
        throw new Error(`the index has come to record ${position.nextSequence} by another way`)
      }
      for (const record of batch.records) {
        fresh.push({ segment, record, told: record.type === 'link' ? [] : columnsOf(record) })
      }
    }
    cursor.offset = batch.end
    cursor.nextSequence += batch.records.length
  }

  /** One segment, up to an offset or its end. What is followed is durable, and its groups need not be read. */
  function walk(upTo: Point | null): ScanEnd {
    const { segment, offset, nextSequence } = cursor
    const name = segmentName(segment)
    const fresh: PlacedRecord[] = []
    const each = (batch: ReadBatch) => take(batch, fresh)
    let ending: ScanEnd
    try {
      if (upTo) {
        const end = upTo.segment === segment ? upTo.offset : Number.POSITIVE_INFINITY
        ending = scanRecords(files, name, offset, end, nextSequence, each)
      } else {
        const bytes = files.read(name, offset, (files.size(name) ?? offset) - offset) ?? Buffer.alloc(0)
        ending = scanBatches(bytes, offset, offset, nextSequence, each)
      }
    } catch (cause) {
      throw new JournalFault(
        damageText(segment, cursor.nextSequence, cursor.offset, `is not sound: ${(cause as Error).message}`),
      )
    }
    if (fresh.length > 0) {
      const { nextSequence } = cursor
      const place = { segment, offset: cursor.offset, nextSequence }
      const next = { ...place, link: chain.end(), linkedTo: chain.linkedTo() }
      index.apply(fresh, next)
      position = next
    }
    return ending
  }

  /** Goes over into the next segment where there is one. */
  function nextSegment(ending: ScanEnd): ScanEnd | null {
    const segment = cursor.segment + 1
    const header = readSegmentHeader(files, segment)
    if (header === 'absent' || header === 'spare') return ending
    const { nextSequence: sequence } = cursor
    if (ending.is !== 'end') {
      const wrong = 'is not whole, and another segment follows'
      return { is: 'damage', offset: ending.offset, sequence, wrong }
    }
    if (header === 'damaged' || header.firstSequence !== sequence) {
      const wrong =
        header === 'damaged'
          ? `is not there: the header of ${segmentName(segment)} cannot be read`
          : `is not there: ${segmentName(segment)} begins with record ${header.firstSequence}`
      return { is: 'damage', offset: ending.offset, sequence, wrong }
    }
    if (following) links.push(...chain.cut(now()))
    cursor.segment = segment
    cursor.offset = HEADER_BYTES
    return null
  }

  return {
    advance(upTo, progress = () => {}) {
      const total = upTo ? 0 : bytesFrom(files, cursor.segment)
      let done = 0
      for (;;) {
        const within = upTo?.segment === cursor.segment
        const ending = walk(upTo)
        const stop = { ...ending, segment: cursor.segment }
        done += files.size(segmentName(cursor.segment)) ?? 0
        progress(done, total)
        if (ending.is === 'damage' || within) return stop
        const over = nextSegment(ending)
        if (over) return { ...over, segment: cursor.segment }
      }
    },
    position: () => position,
    links(all) {
      following = true
      if (all || chain.due()) links.push(...chain.cut(now()))
      return links.splice(0)
    },
  }
}

function bytesFrom(files: Files, first: number): number {
  let bytes = 0
  for (let segment = first; ; segment += 1) {
    const size = files.size(segmentName(segment))
    if (size === null) return bytes
    bytes += size
  }
}
