/** What can be seen of a gateway's work in its files, from outside. */
import { readdirSync, readFileSync } from 'node:fs'

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
