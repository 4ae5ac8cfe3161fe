/** The files of an archive: whole segments, compressed, one a file. Their bytes come out as they were. */
import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { segmentName } from '../segment/scan.ts'

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

/** Output asked for at a time: usually, and where as much as can be is to come out before a damaged place. */
const CHUNK_BYTES = 256 * 1024
const SMALL_CHUNK_BYTES = 64

/** Reads an archived segment; what comes out before a damaged place is given all the same. */
export async function readArchived(directory: string, segment: number): Promise<SegmentBytes> {
  const path = join(directory, archivedName(segment))
  const whole = await unpack(path, CHUNK_BYTES)
  return whole.fault === null ? whole : unpack(path, SMALL_CHUNK_BYTES)
}

function unpack(path: string, chunkSize: number): Promise<SegmentBytes> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const file = createReadStream(path)
    const plain = createGunzip({ chunkSize })
    const end = (fault: string | null) => {
      file.destroy()
      plain.destroy()
      resolve({ bytes: Buffer.concat(chunks), fault })
    }
    plain.on('data', (chunk: Buffer) => chunks.push(chunk))
    plain.on('end', () => end(null))
    // An iterator or a pipeline would drop what has come out and was not taken yet.
    plain.on('error', (cause) => end(cause.message))
    file.on('error', (cause) => end(cause.message))
    file.pipe(plain)
  })
}
