/**
 * The disk port over segments: a batch is sealed, encoded and written with one synced write. The index follows behind;
 * until it has come there, what is durable is answered from memory.
 */
import type { Clock } from '../../ports.ts'
import { storeFailure } from '../../store/failure.ts'
import type { Disk } from '../embedded/disk.ts'
import type { Entry } from '../entry.ts'
import type { OpenIndexer } from '../index/indexer.ts'
import { isAfter } from '../index/indexing.ts'
import type { JournalIndex, Point } from '../index/journal-index.ts'
import { createLookup } from '../index/lookup.ts'
import { createUnindexed } from '../index/unindexed.ts'
import type { Link } from './chain.ts'
import { noteHead } from './chain-head.ts'
import { createEncoding } from './encoding.ts'
import type { Files } from './files.ts'
import { NothingWritten } from './nothing-written.ts'
import { segmentName, segmentsOf } from './scan.ts'
import type { SealOnly } from './seal.ts'
import { openSegments, SEGMENT_BYTES } from './segments.ts'
import { watchFiles } from './standing-files.ts'
import type { JournalEnd } from './start.ts'

/** How long nothing is written before the rest is linked. */
const IDLE_MS = 250

/** The most exchanges that may be durable and not yet in the index. */
const TAIL_MAX = 20_000

/** What the disk stands on. */
export interface SegmentDiskPorts {
  readonly files: Files
  /** For asking only. */
  readonly index: JournalIndex
  readonly openIndexer: OpenIndexer
  readonly seal: SealOnly
  readonly clock: Pick<Clock, 'now' | 'after'>
  /** Length of new segments. */
  readonly segmentBytes?: number
  /** A check of the index that goes on while it is asked. */
  readonly beside?: BesideCheck
}

/** What checks the index behind the open door. */
interface BesideCheck {
  /** The index as messages ask it until it is checked. */
  readonly asked: JournalIndex
  /** Begins. @param changed stops the journal for good @returns ends it */
  begin(changed: (cause: Error) => void): () => Promise<void>
}

/** The disk, with a hand on its segments. */
export interface SegmentDisk extends Disk {
  /** Segments that are in the journal, in order. */
  segments(): readonly number[]
  /** The last segment that is taken as archived; 0 where none is. */
  archivedUpTo(): number
  /** From now on what rests in segments up to this one is answered from the index alone; a lower number takes it back. */
  takeAsArchived(upTo: number): void
  /** Removes an archived segment from the journal. */
  drop(segment: number): Promise<void>
}

/**
 * Opens the disk where the journal ends.
 *
 * @param end what `startJournal` has found
 */
export async function openSegmentDisk(ports: SegmentDiskPorts, end: JournalEnd): Promise<SegmentDisk> {
  const { files, index, seal, clock, segmentBytes = SEGMENT_BYTES } = ports
  const segments = await openSegments({ files, segmentBytes, keyCheck: seal.check, clock }, end)
  const tail = createUnindexed()
  const encode = createEncoding(seal)
  let archivedTo = index.archivedUpTo()
  const lookup = createLookup(tail, ports.beside?.asked ?? index, files, seal, () => archivedTo)
  let durable: Point = end
  let nextSequence = end.nextSequence
  let lastId = index.lastId()
  let failure: Error | null = null
  /** Links that wait for a batch. */
  const links: Link[] = []
  let waiting: { readonly upTo: Point; resolve: () => void; reject: (cause: Error) => void }[] = []
  let indexedTo: Point = end
  /** The writing that is asked for last; each waits for the one before it. */
  let writing: Promise<void> = Promise.resolve()
  let writes = 0
  let noting: Promise<void> = Promise.resolve()
  let cancelIdle = () => {}
  let closed = false

  function fail(cause: Error): void {
    failure ??= cause
    for (const { reject } of waiting) reject(failure)
    waiting = []
  }

  const indexer = await ports.openIndexer(end, {
    indexed(upTo) {
      indexedTo = upTo
      tail.indexed(upTo)
      const reached = waiting.filter((one) => !isAfter(one.upTo, upTo))
      waiting = waiting.filter((one) => isAfter(one.upTo, upTo))
      for (const { resolve } of reached) resolve()
    },
    links(fresh) {
      links.push(...fresh)
      // Under load the next batch takes them along.
      if (writes === 0) void enqueue([]).catch(() => {})
    },
    failed: fail,
  })

  const endWatch = watchFiles({ files, clock, open: segments.name, gone: fail })
  const endCheck = ports.beside?.begin(fail)

  function checkUnique(batch: readonly Entry[]): void {
    const keys = new Set<string>()
    for (const { exchange } of batch) {
      if (!exchange) continue
      const { id, key } = exchange
      const stands = id <= lastId && (tail.byId(id)?.exchange || index.byId(id))
      const taken = key !== null && (keys.has(key) || tail.byKey(key) !== null || index.byKey(key))
      if (stands || taken) throw new Error(`UNIQUE: exchange ${id} or its key is in the journal already`)
      if (key !== null) keys.add(key)
    }
  }

  async function write(batch: readonly Entry[]): Promise<void> {
    // The indexer is far behind: whoever writes waits for it, or the tail would have no end.
    if (tail.size() > TAIL_MAX) await indexed()
    if (failure) throw failure
    checkUnique(batch)
    const carried = links.splice(0)
    // Nothing to write: asked whether there could be.
    if (batch.length === 0 && carried.length === 0) return segments.prepare().catch(failed)
    const { bytes, count, places } = encode(batch, carried, nextSequence)
    try {
      durable = await segments.append(bytes, nextSequence)
    } catch (cause) {
      if (cause instanceof NothingWritten) links.unshift(...carried)
      return failed(cause)
    }
    nextSequence += count
    for (const { exchange } of batch) lastId = Math.max(lastId, exchange?.id ?? 0)
    const begin = { segment: durable.segment, offset: durable.offset - bytes.length }
    tail.add(batch, places, begin, durable)
    indexer.durable(durable)
    const head = carried.at(-1)
    // A head that cannot be noted is only behind.
    if (head) note(head, nextSequence - 1, durable)
  }

  /** Tells it in words, and for good unless nothing was written. */
  function failed(cause: unknown): never {
    const file = `${files.directory}/${segments.name()}`
    if (cause instanceof NothingWritten) throw new NothingWritten(storeFailure(cause.cause, file), { cause })
    fail(new Error(storeFailure(cause, file), { cause }))
    throw failure
  }

  function note(head: Link, lastSequence: number, at: Point): void {
    noting = noting.then(() => noteHead(files, head, lastSequence, at)).catch(() => {})
  }

  function enqueue(batch: readonly Entry[]): Promise<void> {
    writes += 1
    cancelIdle()
    const written = writing.then(() => write(batch))
    writing = written.then(wrote, wrote)
    return written
  }

  function wrote(): void {
    writes -= 1
    if (writes === 0 && !closed && !failure) cancelIdle = clock.after(IDLE_MS, linkRest)
  }

  function linkRest(): void {
    if (links.length > 0) void enqueue([]).catch(() => {})
    void indexer.link()
  }

  function indexed(): Promise<void> {
    if (failure) return Promise.reject(failure)
    const upTo = durable
    if (!isAfter(upTo, indexedTo)) return Promise.resolve()
    return new Promise((resolve, reject) => {
      waiting.push({ upTo, resolve, reject })
      indexer.hurry()
    })
  }

  /** Links everything. What cannot be linked any more stays durable, and `verify` counts it. */
  async function linkAll(): Promise<void> {
    await indexer.link()
    await enqueue([])
    await indexed()
  }

  return {
    ...lookup,
    commit: (batch) => (closed ? Promise.reject(new Error('the journal is closed')) : enqueue(batch)),
    lastId: () => lastId,
    indexed,
    segments: () => segmentsOf(files),
    archivedUpTo: () => archivedTo,
    takeAsArchived(upTo) {
      archivedTo = upTo
    },
    async drop(segment) {
      await files.remove(segmentName(segment))
      await files.syncDirectory()
    },
    async close() {
      closed = true
      endWatch()
      await endCheck?.()
      cancelIdle()
      await writing
      await linkAll().catch(() => {})
      cancelIdle()
      await indexer.close()
      await segments.close()
      await noting
      await index.close()
      files.close()
    },
  }
}
