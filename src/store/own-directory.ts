/**
 * Tells a data directory from a copy of it: a file in it that says its own number on the disk. A copy has another number, so
 * it does not start beside what it was made from. What copies the disk below its files (snapshots, images) is not seen.
 */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { syncDirectory } from '../fsync.ts'

/** The file; whoever takes it away says that the directory is to be used from now on. */
export const OWN_FILE = 'directory.id'

/** Stands in it for a disk that gives its files other numbers at each mount. */
const UNFENCED = 'unfenced'

/** What tells the file from a copy. Null if a disk does not keep when a file was made. */
function identityOf(file: string): { readonly inode: string; readonly born: string | null } {
  const { ino, birthtimeNs, ctimeNs } = statSync(file, { bigint: true })
  // Where it is not kept, the time of the last change stands for it, or none.
  const isKept = birthtimeNs > 0n && birthtimeNs !== ctimeNs
  return { inode: String(ino), born: isKept ? String(birthtimeNs) : null }
}

/**
 * Looks before a start, while the directory is held; the first look makes the file.
 *
 * @throws in words where the directory was copied from another one
 */
export function refuseCopied(dataDir: string): void {
  const file = join(dataDir, OWN_FILE)
  if (!existsSync(file)) {
    own(dataDir, file)
    return
  }
  const text = readFileSync(file, 'utf8').trim()
  if (text === UNFENCED || isOwn(file, text)) return
  throw new Error(
    `${dataDir} is a copy of another data directory, or was moved to another disk: ${file} was made for another one. The gateway does not start, since two that work on copies of one journal settle the same message twice; nothing was changed. Make sure that nothing works on the other one, and never will again; then take ${file} away (rm ${file}) and start`,
  )
}

function own(dataDir: string, file: string): void {
  // Made first, then told who it is: so it was changed later than it was born, and both are kept.
  writeFileSync(file, '', { mode: 0o600, flush: true })
  writeFileSync(file, JSON.stringify(identityOf(file)), { flush: true })
  syncDirectory(dataDir)
}

function isOwn(file: string, text: string): boolean {
  const now = identityOf(file)
  try {
    const { inode, born } = JSON.parse(text) as { inode?: unknown; born?: unknown }
    return inode === now.inode && (born === null || now.born === null || born === now.born)
  } catch {
    return false
  }
}
