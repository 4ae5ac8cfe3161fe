/** A journal in real files that tests may hurt: written by the real writer, changed behind its back. */
import { hash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import type { Entry } from '../../src/journal/entry.ts'
import { type DiskSettings, journalFolder, openDisk as openFileDisk } from '../../src/journal/open-disk.ts'
import {
  encodeBatch,
  type FrameRecord,
  type ReadBatch,
  readGroup,
  type SealedGroup,
} from '../../src/journal/segment/batch-format.ts'
import { nodeFiles } from '../../src/journal/segment/files.ts'
import { readSegmentHeader, scanBatches, segmentName, segmentsOf } from '../../src/journal/segment/scan.ts'
import { createSeal } from '../../src/journal/segment/seal.ts'
import type { SegmentDisk } from '../../src/journal/segment/segment-disk.ts'
import { HEADER_BYTES } from '../../src/journal/segment/segment-header.ts'
import { verifyJournal } from '../../src/journal/verify/verify.ts'
import { AT, intent, still } from './support.ts'

export const KEY = 'a1'.repeat(32)

/** A folder that is gone after the test. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zhijie-integrity-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Length of the segments of these tests. */
export const SEGMENT_BYTES = 64 * 1024

/** Opens the journal of a data directory with everything real. */
export const openDisk = (dataDir: string, more: Partial<DiskSettings> = {}): Promise<SegmentDisk> =>
  openFileDisk({ dataDir, seal: createSeal(KEY), clock: still, segmentBytes: SEGMENT_BYTES, ...more })

/** As long as a small message, and nothing that could be packed. */
function padding(id: number): string {
  const pieces = Array.from({ length: 14 }, (_, piece) => hash('sha512', `${id} ${piece}`, 'base64'))
  return pieces.join('').slice(0, 1200)
}

/** A settlement begun without an answer, and found: exchange `id`, outcomes `2 id - 1` and `2 id`. */
export function settlement(id: number): Entry[] {
  const names = { key: `k${id}`, message: `M${id}`, encounter: `E${id}` }
  const sealed = Buffer.from(`{"psn_name":"测${id}","padding":"${padding(id)}"}`)
  return [
    {
      exchange: { ...intent({ ...names, sealed }), id },
      outcome: { exchange: id, state: 'unknown', at: AT },
    },
    {
      outcome: {
        exchange: id,
        state: 'accepted',
        at: AT,
        settlement: `S${id}`,
        total: 100 * id,
        reply: sealed,
      },
    },
  ]
}

/** Writes so many settlements from this number on, in batches of ten entries, and closes. */
export async function writeSettlements(dataDir: string, count: number, from = 1): Promise<void> {
  const disk = await openDisk(dataDir)
  const entries = Array.from({ length: count }, (_, index) => settlement(from + index)).flat()
  for (let at = 0; at < entries.length; at += 10) await disk.commit(entries.slice(at, at + 10))
  await disk.close()
}

/** A data directory with a journal of so many settlements, closed. */
export async function journalOf(count: number): Promise<string> {
  const dataDir = freshFolder()
  await writeSettlements(dataDir, count)
  return dataDir
}

/** Works on the file with SQLite alone. */
export function withSqlite<Result>(file: string, work: (client: Sqlite.Database) => Result): Result {
  const client = new Sqlite(file)
  try {
    return work(client)
  } finally {
    client.close()
  }
}

/** Path of a segment of a data directory. */
export const segmentFile = (dataDir: string, segment = 1) =>
  join(journalFolder(dataDir), segmentName(segment))

/** Turns one bit of a file over. */
export function flip(file: string, offset: number, bit = 0): void {
  const content = readFileSync(file)
  content[offset]! ^= 1 << bit
  writeFileSync(file, content)
}

/** Every batch of the segments of a data directory, with the segment it rests in. */
export function batchesOf(dataDir: string): (ReadBatch & { readonly segment: number })[] {
  const files = nodeFiles(journalFolder(dataDir))
  const batches: (ReadBatch & { readonly segment: number })[] = []
  for (const segment of segmentsOf(files)) {
    const header = readSegmentHeader(files, segment)
    if (typeof header === 'string') continue
    const name = segmentName(segment)
    const bytes = files.read(name, HEADER_BYTES, files.size(name)! - HEADER_BYTES)!
    scanBatches(bytes, HEADER_BYTES, HEADER_BYTES, header.firstSequence, (batch) =>
      batches.push({ ...batch, segment }),
    )
  }
  files.close()
  return batches
}

/** Re-checks a data directory, its archive in the usual place. */
export const check = (dataDir: string, running = false) =>
  verifyJournal({ directory: dataDir, archive: join(dataDir, 'archive'), running })

/** Records with their groups, as they may be written anew. */
export interface Forged {
  readonly records: readonly FrameRecord[]
  readonly groups: readonly SealedGroup[]
}

/** What a batch holds, in the form in which it is written. */
function unframed({ records }: ReadBatch, segment: Buffer): Forged {
  const groups = new Map<number, Buffer>()
  const written = records.map(({ type, text, sealed }): FrameRecord => {
    if (!sealed) return { type, text, sealed }
    groups.set(sealed.offset, Buffer.from(readGroup(segment, 0, sealed)!))
    const group = [...groups.keys()].indexOf(sealed.offset)
    return { type, text, sealed: { group, from: sealed.from, length: sealed.length } }
  })
  return { records: written, groups: [...groups.values()].map((group) => [group]) }
}

/** Writes batches anew from a place in a segment on, with right checksums, as somebody who knows the format could. */
export function forge(
  dataDir: string,
  segment: number,
  change: (forged: Forged, batch: number) => Forged,
): void {
  const file = segmentFile(dataDir, segment)
  const content = readFileSync(file)
  const mine = batchesOf(dataDir).filter((batch) => batch.segment === segment)
  let sequence = mine[0]!.firstSequence
  let offset = HEADER_BYTES
  const forged = mine.map((batch, number) => change(unframed(batch, content), number))
  content.fill(0, HEADER_BYTES)
  for (const { records, groups } of forged) {
    if (records.length === 0) continue
    const { bytes } = encodeBatch(records, groups, sequence)
    bytes.copy(content, offset)
    offset += bytes.length
    sequence += records.length
  }
  writeFileSync(file, content)
}
