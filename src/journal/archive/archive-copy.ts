/**
 * Copies one segment into an archive. Killed at any moment it leaves the segment as it is, and beside it nothing, a `.part`
 * or a whole copy; the next one begins anew.
 */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { syncDirectory } from '../../fsync.ts'
import { archivedName } from './archive-files.ts'

/** A copy that was read back and found to be the same. */
export interface Copied {
  /** SM3 over the segment as it was. */
  readonly fileHash: string
  readonly bytes: number
  readonly archivedBytes: number
}

/**
 * Copies.
 *
 * @param from the segment's file
 * @param archive the directory; made where it is absent
 * @throws where it cannot be written, or is read back otherwise; the segment itself is only read
 */
export async function copyToArchive(from: string, archive: string, segment: number): Promise<Copied> {
  await mkdir(archive, { recursive: true, mode: 0o700 })
  const target = join(archive, archivedName(segment))
  const part = `${target}.part`
  const hash = createHash('sm3')
  try {
    await pipeline(
      createReadStream(from),
      hashing(hash),
      createGzip(),
      createWriteStream(part, { mode: 0o600, flush: true }),
    )
    await rename(part, target)
  } catch (cause) {
    await rm(part, { force: true }).catch(() => {})
    throw cause
  }
  syncDirectory(archive)
  const fileHash = hash.digest('hex')
  if ((await plainHash(target)) !== fileHash) {
    throw new Error(`${target} was written and is read back otherwise`)
  }
  return { fileHash, bytes: (await stat(from)).size, archivedBytes: (await stat(target)).size }
}

/** Hands the bytes on and hashes them. */
function hashing(hash: ReturnType<typeof createHash>) {
  return async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk)
      yield chunk
    }
  }
}

/** SM3 over what comes out of a compressed file. */
async function plainHash(file: string): Promise<string> {
  const hash = createHash('sm3')
  await pipeline(createReadStream(file), createGunzip(), hash)
  return hash.digest('hex')
}
