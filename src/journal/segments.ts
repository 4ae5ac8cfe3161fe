/**
 * The segments in the hand of the one who writes them: batches one after another, each durable before the next. The next
 * segment is made ahead, so that going over into it does not wait for zeros to be written, and slowly, so that no batch of
 * the present one waits behind them.
 */
import type { Clock } from '../ports.ts'
import type { AppendFile, Files } from './files.ts'
import { BATCH_BYTES_MAX } from './frame.ts'
import type { Point } from './journal-index.ts'
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
   */
  append(bytes: Buffer, firstSequence: number): Promise<Point>
  /** File name of the segment that is written. */
  name(): string
  close(): Promise<void>
}

/** What a segment is made with. */
export interface SegmentSettings {
  readonly files: Files
  readonly segmentBytes: number
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
  if ((files.size(name) ?? -1) >= HEADER_BYTES + batchBytes) return
  // Under another name until it is whole: a segment that is there has its length.
  await files.preallocate(`${name}.new`, length, rest)
  await files.rename(`${name}.new`, name)
  await files.syncDirectory()
}

/** Writes the header of a segment that has been made. @returns the open file */
export async function beginSegment(
  { files, now }: SegmentSettings,
  segment: number,
  firstSequence: number,
): Promise<AppendFile> {
  const file = await files.open(segmentName(segment))
  try {
    await file.write(encodeSegmentHeader({ segment, firstSequence, at: now() }), 0)
    return file
  } catch (cause) {
    await file.close().catch(() => {})
    throw cause
  }
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
  { files, segmentBytes, clock }: SegmentPorts,
  end: Point,
): Promise<Segments> {
  const settings = { files, segmentBytes, now: () => clock.now() }
  let { segment, offset } = end
  let file = await files.open(segmentName(segment))
  let size = files.size(segmentName(segment))!
  let pace = createPace(clock)
  let spare = makeSpare()

  /** Made beside the writing; a failure matters only once the segment is needed, and then it is tried again. */
  function makeSpare(): Promise<void> {
    return makeSegment(settings, segment + 1, 0, pace.rest).catch(() => {})
  }

  function spareMade(): Promise<void> {
    pace.hurry()
    return spare
  }

  async function rotate(firstSequence: number, batchBytes: number): Promise<void> {
    await spareMade()
    await makeSegment(settings, segment + 1, batchBytes)
    const next = await beginSegment(settings, segment + 1, firstSequence)
    await file.close()
    file = next
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
    name: () => segmentName(segment),
    async close() {
      await spareMade()
      await file.close()
    },
  }
}
