/** The files of an archive: whole segments, compressed, one a file. Their bytes come out as they were. */
import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { segmentName } from './scan.ts'

const ARCHIVED_NAME = /^(\d{10})\.segment\.gz$/

/** File name of an archived segment. */
export function archivedName(segment: number): string {
  return `${segmentName(segment)}.gz`
}

/** Numbers of the segments that an archive holds, in order; none where there is no such directory. */
export function archivedSegmentsOf(directory: string): number[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory)
    .sort()
    .flatMap((name) => ARCHIVED_NAME.exec(name)?.[1] ?? [])
    .map(Number)
}

/** The bytes of a segment as far as they can be read, and why no further. */
export interface SegmentBytes {
  readonly bytes: Buffer
  readonly fault: string | null
}

/** Reads an archived segment; what comes out before a damaged place is given all the same. */
export async function readArchived(directory: string, segment: number): Promise<SegmentBytes> {
  const chunks: Buffer[] = []
  try {
    const plain = createReadStream(join(directory, archivedName(segment))).compose(createGunzip())
    for await (const chunk of plain) chunks.push(chunk as Buffer)
    return { bytes: Buffer.concat(chunks), fault: null }
  } catch (cause) {
    return { bytes: Buffer.concat(chunks), fault: (cause as Error).message }
  }
}
