/**
 * The start of a journal: the index comes up to the segments, a torn tail that no answer rests on is cut, and whatever
 * else is not as it was written stops the start. A journal that cannot be proved is not answered from.
 */

import {
  BEGINNING,
  createIndexing,
  damageText,
  type IndexingPorts,
  isAfter,
  JournalFault,
  type WalkEnd,
} from '../index/indexing.ts'
import type { Point, Position } from '../index/journal-index.ts'
import { type ChainHead, headFault, readHead } from './chain-head.ts'
import type { Files } from './files.ts'
import { type JournalKey, KEY_ADVICE, keyChecksOf, keyFault } from './key-check.ts'
import { readSegmentHeader, segmentName, segmentsOf } from './scan.ts'
import { isZero, SECTOR_BYTES } from './sectors.ts'
import { HEADER_BYTES, isOfOtherForm } from './segment-header.ts'
import { beginSegment, makeSegment, type SegmentSettings } from './segments.ts'

/** What a start works on. */
export interface StartPorts extends IndexingPorts, Omit<SegmentSettings, 'keyCheck'> {
  /** Whether rows were taken out of the index because they were not proven, and it was said. */
  readonly remade?: boolean
  /** Absent where nothing is sealed with a key. */
  readonly key?: JournalKey | undefined
  /** Something that people should know of and that does not stop the start. */
  tell(text: string): void
  progress?(done: number, total: number): void
}

/** Where the journal ends and the next batch begins. */
export interface JournalEnd extends Point {
  readonly nextSequence: number
}

const ADVICE =
  'The gateway does not start, since it could answer wrongly; nothing was changed. Check with "npm run verify", then put back the last backup with "npm run restore"'

/**
 * Starts a journal; an empty directory becomes a new one.
 *
 * @throws {JournalFault} in words for the person who runs the gateway
 */
export async function startJournal(ports: StartPorts): Promise<JournalEnd> {
  const { files, index, tell } = ports
  const head = readHead(files)
  const known = index.position()
  refuseOtherKey(ports)
  await begin(ports, known, head)
  const indexing = told(() => createIndexing(ports, true))
  const ending = told(() => indexing.advance(null, ports.progress))
  const { segment, offset } = ending
  if (ending.is === 'damage') {
    throw fault(damageText(segment, ending.sequence, offset, ending.wrong))
  }
  const position = indexing.position()
  if (isAfter(position, ending)) {
    throw fault(
      `The journal in ${files.directory} ends at ${placeOf(ending)}, and its index knows it up to ${placeOf(position)}: the end of the journal is missing`,
    )
  }
  const wrong = headFault(head, position) ?? missingFault(ports, segment) ?? strayFault(ports, segment)
  if (wrong) throw fault(`The journal in ${files.directory} is not whole: ${wrong}`)
  if (ending.is === 'torn') {
    await cut(ports, ending)
    tell(
      `What was being written when the power went was cut off the journal: record ${ending.nextSequence} on (${placeOf(ending)}) ${ending.wrong}. Nothing that was answered rests on it`,
    )
  }
  if (known === null && ending.nextSequence > 1 && !ports.remade) {
    tell(
      'The index was missing and has been made anew from the journal. Records of stays that were imported in the last seconds before are not in the journal: import their files again, which adds what is missing',
    )
  }
  return { segment, offset, nextSequence: ending.nextSequence }
}

/** Sees to it that there is a first segment. */
async function begin(ports: StartPorts, known: Position | null, head: ChainHead | null): Promise<void> {
  const { files } = ports
  const [first] = segmentsOf(files)
  if (first === undefined && (known !== null || head !== null)) {
    throw fault(`The journal in ${files.directory} has no segments, and there was a journal before`)
  }
  if (first !== undefined) refuseOtherForm(files, first)
  if (known !== null) return
  if (first !== undefined && first > BEGINNING.segment) {
    throw fault(
      `The index of the journal is missing, and so are its first segments: ${files.directory} begins with ${segmentName(first)}. Put the archived segments back, or the index from a backup`,
    )
  }
  await makeSegment(ports, BEGINNING.segment)
  const header = readSegmentHeader(files, BEGINNING.segment)
  if (header === 'damaged') {
    throw fault(damageText(BEGINNING.segment, 1, 0, 'is not there: the header cannot be read'))
  }
  if (header !== 'spare') return
  const settings = { ...ports, keyCheck: ports.key?.check }
  const file = await beginSegment(settings, BEGINNING.segment, 1)
  await file.close()
}

/** Before anything is written. @throws where the journal was written with another key */
function refuseOtherKey({ files, key, tell }: StartPorts): void {
  if (!key) return
  const wrong = keyFault(files, key)
  if (wrong) {
    throw new JournalFault(
      `${wrong}. The gateway does not start, since it would mix two keys in one journal; nothing was changed. ${KEY_ADVICE}`,
    )
  }
  const { unchecked } = keyChecksOf(files)
  if (unchecked === null) return
  tell(
    `The segments of the journal up to ${segmentName(unchecked)} are of a form without the check of their key; the first message of the last of them was opened with the key in ${key.place}, and the next segment names its check`,
  )
}

/** @throws where the journal is written as another version writes it */
function refuseOtherForm(files: Files, segment: number): void {
  const bytes = files.read(segmentName(segment), 0, HEADER_BYTES)
  if (!bytes || !isOfOtherForm(bytes)) return
  throw new JournalFault(
    `${files.directory} holds a journal of another form, which this version does not read. Set ZHIJIE_DATA to another directory, or go on with the version that made it`,
  )
}

/** Segments that are neither here nor archived. */
function missingFault({ files, index }: StartPorts, last: number): string | null {
  for (let segment = index.archivedUpTo() + 1; segment <= last; segment += 1) {
    if (files.size(segmentName(segment)) === null) return `${segmentName(segment)} is missing`
  }
  return null
}

/** Segments in use after one that is not. */
function strayFault({ files }: StartPorts, last: number): string | null {
  const stray = segmentsOf(files).find(
    (segment) => segment > last && readSegmentHeader(files, segment) !== 'spare',
  )
  return stray === undefined
    ? null
    : `${segmentName(last + 1)} is missing, and ${segmentName(stray)} is there`
}

/** Puts zeros back where a torn write has left something. */
async function cut({ files }: StartPorts, { segment, offset }: WalkEnd): Promise<void> {
  const name = segmentName(segment)
  const bytes = files.read(name, offset, files.size(name)! - offset)!
  let end = bytes.length
  while (end > 0 && isZero(bytes.subarray(end - SECTOR_BYTES, end))) end -= SECTOR_BYTES
  const file = await files.open(name)
  await file.write(Buffer.alloc(end), offset).finally(() => file.close())
}

/** Gives a fault its advice. */
function told<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    throw cause instanceof JournalFault ? fault(cause.message) : cause
  }
}

function placeOf({ segment, offset }: Point): string {
  return `journal/${segmentName(segment)}, byte ${offset}`
}

function fault(text: string): JournalFault {
  return new JournalFault(`${text}. ${ADVICE}`)
}
