/**
 * Tells a data directory from a copy of it by a file that contains its own inode number. A copied file has another
 * inode, so the gateway does not start on a copy. Copies below the file level (snapshots, disk images) are not
 * detected.
 */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { syncDirectory } from '../fsync.ts'

/** The file; deleting it declares this directory the original. */
export const OWN_FILE = 'directory.id'

/** Content on a file system whose inode numbers change at each mount. */
const UNFENCED = 'unfenced'

/** Identity of the file. Null if the file system does not record creation times. */
function identityOf(file: string): { readonly inode: string; readonly born: string | null } {
  const { ino, birthtimeNs, ctimeNs } = statSync(file, { bigint: true })
  // Where no creation time is recorded, it equals the time of the last change, or zero.
  const isKept = birthtimeNs > 0n && birthtimeNs !== ctimeNs
  return { inode: String(ino), born: isKept ? String(birthtimeNs) : null }
}

/**
 * Checks before startup, under the lock; the first check creates the file.
 *
 * @throws with an explanation if the directory was copied from another one
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
  // Created first and filled afterwards, so that its change time differs from its creation time if both are
  // recorded.
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
