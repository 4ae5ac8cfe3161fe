/** Makes what was written to files, and the names of files, survive a power cut. */
import { closeSync, fsyncSync, openSync } from 'node:fs'

/** Syncs a file. */
export function syncFile(path: string): void {
  const handle = openSync(path, 'r+')
  fsyncSync(handle)
  closeSync(handle)
}

/** Syncs the names in a directory. */
export function syncDirectory(path: string): void {
  // Windows cannot sync a directory; there the rename itself is enough.
  if (process.platform === 'win32') return
  const handle = openSync(path, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
