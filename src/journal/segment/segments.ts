/**
 * The segments in the hand of the one who writes them: batches one after another, each durable before the next. The next
 * segment is made and opened ahead, so that going over into it neither waits for zeros to be written nor needs a descriptor
 * or room at that moment; and it is made slowly, so that no batch of the present one waits behind it.
 */
import type { Clock } from '../../ports.ts'
import type { Point } from '../index/journal-index.ts'
import { BATCH_BYTES_MAX } from './batch-format.ts'
import type { AppendFile, Files } from './files.ts'
import { NothingWritten } from './nothing-written.ts'
import { segmentName } from './scan.ts'
import { encodeSegmentHeader, HEADER_BYTES } from './segment-header.ts'

/** Length of a segment file. */
export const SEGMENT_BYTES = 32 * 1024 * 1024

/** Between two pieces of the next segment: it is whole after a second or two, unless somebody needs it before. */
const REST_MS = 20

/** The writer's end of the journal. */
export interface Segments {
  /**
   * Writes a batch. Not to be called before the last call has resolved.
   *
   * @param firstSequence number of its first record
   * @returns where it ends, once it is durable
   * @throws {NothingWritten} where the next segment cannot be had; any other error may have left parts of the batch
   */
  append(bytes: Buffer, firstSequence: number): Promise<Point>
  /** Sees to it that the next segment is there and open. @throws {NothingWritten} */
  prepare(): Promise<void>
  /** File name of the segment that is written. */
  name(): string
  close(): Promise<void>
}

/** What a segment is made with. */
export interface SegmentSettings {
  readonly files: Files
  readonly segmentBytes: number
  /** Check of the key that is sealed with; null or absent where nothing is sealed with a key. */
  readonly keyCheck?: string | null | undefined
  /** UTC milliseconds. */
  now(): number
}

/**
 * Makes the file of a segment, all zeros, where it is not there.
 *
 * @param batchBytes a batch that must fit; a spare that is too short for it is made anew
 * @param rest is waited for between two pieces of it
 */
export async function makeSegment(
  { files, segmentBytes }: SegmentSettings,
  segment: number,
  batchBytes = 0,
  rest?: () => Promise<void>,
): Promise<void> {
  const name = segmentName(segment)
  const length = Math.max(segmentBytes, HEADER_BYTES + batchBytes)
  if (!fits(files, segment, batchBytes)) {
    // Under another name until it is whole: a segment that is there has its length.
    try {
      await files.preallocate(`${name}.new`, length, rest)
    } catch (cause) {
      // Half a segment would keep a full disk full.
      await files.remove(`${name}.new`).catch(() => {})
      throw cause
    }
    await files.rename(`${name}.new`, name)
  }
  // Also of one that was there: a former try may have ended before this.
  await files.syncDirectory()
}

function fits(files: Files, segment: number, batchBytes: number): boolean {
  return (files.size(segmentName(segment)) ?? -1) >= HEADER_BYTES + batchBytes
}

/** Writes the header of a segment that has been made. @returns the open file */
export async function beginSegment(
  settings: SegmentSettings,
  segment: number,
  firstSequence: number,
): Promise<AppendFile> {
  const file = await settings.files.open(segmentName(segment))
  try {
    await file.write(headerOf(settings, segment, firstSequence), 0)
    return file
  } catch (cause) {
    await file.close().catch(() => {})
    throw cause
  }
}

function headerOf({ now, keyCheck = null }: SegmentSettings, segment: number, firstSequence: number): Buffer {
  return encodeSegmentHeader({ segment, firstSequence, at: now(), keyCheck })
}

/** Rests, until somebody is in a hurry. */
interface Pace {
  rest(): Promise<void>
  hurry(): void
}

function createPace({ after }: Pick<Clock, 'after'>): Pace {
  let hurried = false
  let wake = () => {}
  return {
    rest() {
      if (hurried) return Promise.resolve()
      return new Promise((resolve) => {
        const cancel = after(REST_MS, resolve)
        wake = () => {
          cancel()
          resolve()
        }
      })
    },
    hurry() {
      hurried = true
      wake()
    },
  }
}

/** What the writer's end works with. */
export interface SegmentPorts extends Omit<SegmentSettings, 'now'> {
  readonly clock: Pick<Clock, 'now' | 'after'>
}

/** Opens the segments where the journal ends. */
export async function openSegments(
  { files, segmentBytes, keyCheck, clock }: SegmentPorts,
  end: Point,
): Promise<Segments> {
  const settings = { files, segmentBytes, keyCheck, now: () => clock.now() }
  let { segment, offset } = end
  let file = await files.open(segmentName(segment))
  let size = files.size(segmentName(segment))!
  let pace = createPace(clock)
  let spare = makeSpare()

  /** Made beside the writing; a failure matters only once the segment is needed, and then it is tried again. */
  function makeSpare(): Promise<AppendFile | null> {
    return openNext(0, pace.rest).catch(() => null)
  }

  async function openNext(batchBytes: number, rest?: () => Promise<void>): Promise<AppendFile> {
    await makeSegment(settings, segment + 1, batchBytes, rest)
    return files.open(segmentName(segment + 1))
  }

  function spareMade(): Promise<AppendFile | null> {
    pace.hurry()
    return spare
  }

  /** The next segment, open and long enough. */
  async function next(batchBytes: number): Promise<AppendFile> {
    const made = await spareMade()
    if (made && fits(files, segment + 1, batchBytes)) return made
    spare = Promise.resolve(null)
    await made?.close().catch(() => {})
    try {
      const opened = await openNext(batchBytes)
      spare = Promise.resolve(opened)
      return opened
    } catch (cause) {
      throw new NothingWritten('The next segment cannot be had', { cause })
    }
  }

  async function rotate(firstSequence: number, batchBytes: number): Promise<void> {
    const begun = await next(batchBytes)
    // From here on a failure leaves it open what is written.
    await begun.write(headerOf(settings, segment + 1, firstSequence), 0)
    await file.close()
    file = begun
    segment += 1
    offset = HEADER_BYTES
    size = files.size(segmentName(segment))!
    pace = createPace(clock)
    spare = makeSpare()
  }

  return {
    async append(bytes, firstSequence) {
      if (bytes.length > BATCH_BYTES_MAX) throw new Error('The batch is longer than any may be')
      if (offset + bytes.length > size) await rotate(firstSequence, bytes.length)
      await file.write(bytes, offset)
      offset += bytes.length
      return { segment, offset }
    },
    async prepare() {
      await next(0)
    },
    name: () => segmentName(segment),
    async close() {
      const made = await spareMade()
      await made?.close()
      await file.close()
    },
  }
}
