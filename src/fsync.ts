/** Makes what was written to files, and the names of files, survive a power cut. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

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

/**
 * Replaces a file that only its owner may read: after a power cut the former text or the new one is there, whole. Durable when
 * it returns; its directory is made if there is none.
 */
export function replaceFile(file: string, text: string): void {
  const folder = dirname(file)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.part`, text, { mode: 0o600, flush: true })
  renameSync(`${file}.part`, file)
  syncDirectory(folder)
}
