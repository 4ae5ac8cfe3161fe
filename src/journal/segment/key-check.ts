/**
 * Whether a key is the one that a journal was written with. Each segment names the check of its key in its head; of a
 * segment from before that, a message is opened for proof.
 */

import { readGroup, type SealedPlace } from './batch-format.ts'
import type { Files } from './files.ts'
import { readSegmentHeader, scanBatches, segmentName, segmentsOf } from './scan.ts'
import { HEADER_BYTES } from './segment-header.ts'

/** A key as a journal is compared with it. */
export interface JournalKey {
  readonly check: string
  /** Where it is, for people: `./data/key`, `ZHIJIE_KEY`. */
  readonly place: string
  /** @throws where something was sealed with another key */
  open?(sealed: Buffer): Buffer
}

/** The checks that the segments of a journal name, oldest first, each with the first segment that does. */
export interface KeyChecks {
  readonly checks: ReadonlyMap<string, number>
  /** The last segment without a check; null where all have one. */
  readonly unchecked: number | null
}

/** Reads the heads of all segments. */
export function keyChecksOf(files: Files): KeyChecks {
  const checks = new Map<string, number>()
  let unchecked: number | null = null
  for (const segment of segmentsOf(files)) {
    const header = readSegmentHeader(files, segment)
    if (typeof header === 'string') continue
    if (header.keyCheck === null) unchecked = segment
    else if (!checks.has(header.keyCheck)) checks.set(header.keyCheck, segment)
  }
  return { checks, unchecked }
}

/** As much of a check as people compare. */
export function shortCheck(check: string): string {
  return check.slice(0, 8)
}

/** What is wrong between a journal and a key, for the person who runs the gateway; null where nothing is. */
export function keyFault(files: Files, key: JournalKey): string | null {
  const { checks, unchecked } = keyChecksOf(files)
  for (const [check, segment] of checks) if (check !== key.check) return otherKey(key, segment, check)
  return unchecked === null || opens(files, unchecked, key) ? null : otherKey(key, unchecked, null)
}

function otherKey({ place, check }: JournalKey, segment: number, written: string | null): string {
  const file = `journal/${segmentName(segment)}`
  const with_ = written === null ? 'another key' : `another key (check ${shortCheck(written)})`
  return `The key in ${place} (check ${shortCheck(check)}) is not the key of this journal: ${file} was written with ${with_}`
}

/** Whether the first message of a segment can be read; true where it has none. */
function opens(files: Files, segment: number, { open }: JournalKey): boolean {
  const name = segmentName(segment)
  const header = readSegmentHeader(files, segment)
  const bytes = files.read(name, 0, files.size(name) ?? 0)
  if (!open || !bytes || typeof header === 'string') return true
  const met: SealedPlace[] = []
  scanBatches(bytes, 0, HEADER_BYTES, header.firstSequence, ({ records }) => {
    if (met.length > 0) return
    for (const { sealed } of records) if (sealed) met.push(sealed)
  })
  const group = met[0] && readGroup(bytes, 0, met[0])
  if (!group) return true // Whether it is damaged is not asked here.
  try {
    open(group)
    return true
  } catch {
    return false
  }
}

/** What to do where the key is another one. */
export const KEY_ADVICE =
  'Put the key of this journal back, or name its file by ZHIJIE_KEY_FILE; a journal is never written with two keys'
