/** What can be seen of a gateway's work in its files, from outside. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** How far SQLite's checkpoints have come, by the header of its shared memory (walCkptInfo in sqlite's src/wal.c). */
export function checkpointOf(file: string): { readonly done: number; readonly attempted: number } {
  try {
    const words = new Uint32Array(Uint8Array.from(readFileSync(`${file}-shm`).subarray(0, 136)).buffer)
    return { done: words[96 / 4]!, attempted: words[128 / 4]! }
  } catch {
    return { done: 0, attempted: 0 }
  }
}

/** Names in a directory; none where there is no such directory. */
export function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** Whether a file of this name is a segment of the journal. */
export const isSegment = (name: string) => name.endsWith('.segment')

/** A longer segment is not filled in the time that a point is waited for. */
const SMALL_SEGMENT_BYTES = 4 * 1024 * 1024

/** Whether the journal is of segments that are soon full, so that a new one and an archive can be waited for. */
export function hasSmallSegments(directory: string): boolean {
  const first = namesIn(directory).find(isSegment)
  return first !== undefined && statSync(join(directory, first)).size <= SMALL_SEGMENT_BYTES
}
