/** The file port of the journal: the only way to its segments. Writing is asynchronous, reading is not. */
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  fdatasync as syncData,
  write as writeBytes,
} from 'node:fs'
import { type FileHandle, open, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import QuickLRU from 'quick-lru'

/** A file that is open for writing. */
export interface AppendFile {
  /** Writes at an offset. Resolves when it would survive a power cut. @rejects where it cannot be proved */
  write(bytes: Buffer, offset: number): Promise<void>
  close(): Promise<void>
}

/** The files of one directory, by name. */
export interface Files {
  /** Where they are, for people. */
  readonly directory: string
  /** Names of the files there are, in order. */
  list(): readonly string[]
  /** Length of a file; null where there is none. */
  size(name: string): number | null
  /** Bytes of a file, fewer where it ends before; null where there is no such file. */
  read(name: string, offset: number, length: number): Buffer | null
  /** Opens an existing file for writes that are durable when they resolve. */
  open(name: string): Promise<AppendFile>
  /**
   * Makes a file of zeros, or makes it anew, and syncs it. Its name is durable after `syncDirectory`.
   *
   * @param rest is waited for between two pieces of it, each of them synced: the disk is free for others then
   */
  preallocate(name: string, bytes: number, rest?: () => Promise<void>): Promise<void>
  rename(from: string, to: string): Promise<void>
  remove(name: string): Promise<void>
  /** Makes what was made, renamed and removed durable. */
  syncDirectory(): Promise<void>
  /**
   * Puts a file in the place of another, whole or not at all. Not synced.
   *
   * @param pieces of it, in order; each is written before the next is asked for, so all may stand in the same memory
   */
  note(name: string, pieces: Iterable<Buffer>): Promise<void>
  /** Tells a file from any other that could have its name; null where there is none. Absent where names never move. */
  identity?(name: string): string | null
  /** Lets go of what is held for reading. */
  close(): void
}

/** Files that are kept open for reading. */
const OPEN_MAX = 16
/** What is synced at once of a file that is made: a millisecond or two for whoever waits behind it. */
const ZEROS = Buffer.alloc(512 * 1024)

const write = promisify(writeBytes)
const sync = promisify(syncData)

/** The files of a real directory; it is made where it is absent. @param openMax how many are kept open for reading */
export function nodeFiles(directory: string, openMax = OPEN_MAX): Files {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = (name: string) => join(directory, name)
  /** Descriptors by name; one that is let go of is closed. For a moment there may be twice as many. */
  const descriptors = new QuickLRU<string, number>({
    maxSize: openMax,
    onEviction: (_, descriptor) => closeSync(descriptor),
  })

  function descriptorOf(name: string): number | null {
    const known = descriptors.get(name)
    if (known !== undefined) return known
    try {
      const descriptor = openSync(path(name), 'r')
      descriptors.set(name, descriptor)
      return descriptor
    } catch (cause) {
      if ((cause as { code?: string }).code === 'ENOENT') return null
      throw cause
    }
  }

  /** What `delete` lets go of is not told as evicted. */
  function forget(name: string): void {
    const descriptor = descriptors.peek(name)
    descriptors.delete(name)
    if (descriptor !== undefined) closeSync(descriptor)
  }

  return {
    directory,
    list: () => readdirSync(directory).sort(),
    size: (name) => statSync(path(name), { throwIfNoEntry: false })?.size ?? null,
    identity(name) {
      const found = statSync(path(name), { throwIfNoEntry: false, bigint: true })
      return found ? `${found.dev}:${found.ino}` : null
    },
    read(name, offset, length) {
      const descriptor = descriptorOf(name)
      if (descriptor === null) return null
      const bytes = Buffer.allocUnsafeSlow(length)
      let read = 0
      while (read < length) {
        const more = readSync(descriptor, bytes, read, length - read, offset + read)
        if (more === 0) break
        read += more
      }
      return bytes.subarray(0, read)
    },
    async open(name) {
      return appendTo(await open(path(name), constants.O_WRONLY | (constants.O_DSYNC ?? 0)))
    },
    async preallocate(name, bytes, rest = () => Promise.resolve()) {
      forget(name)
      const handle = await open(path(name), 'w', 0o600)
      try {
        for (let at = 0; at < bytes; at += ZEROS.length) {
          if (at > 0) await rest()
          await handle.write(ZEROS, 0, Math.min(ZEROS.length, bytes - at), at)
          await handle.datasync()
        }
        await handle.sync()
      } finally {
        await handle.close()
      }
    },
    async rename(from, to) {
      forget(from)
      forget(to)
      await rename(path(from), path(to))
    },
    async remove(name) {
      forget(name)
      await rm(path(name), { force: true })
    },
    async syncDirectory() {
      // Windows cannot sync a directory; there the rename itself is enough.
      if (process.platform === 'win32') return
      const handle = await open(directory, 'r')
      await handle.sync().finally(() => handle.close())
    },
    async note(name, pieces) {
      await writeFile(path(`${name}.new`), pieces, { mode: 0o600 })
      forget(name)
      await rename(path(`${name}.new`), path(name))
    },
    close() {
      for (const name of [...descriptors.keys()]) forget(name)
    },
  }
}

function appendTo(handle: FileHandle): AppendFile {
  return {
    async write(bytes, offset) {
      let written = 0
      while (written < bytes.length) {
        const left = bytes.length - written
        const { bytesWritten } = await write(handle.fd, bytes, written, left, offset + written)
        written += bytesWritten
      }
      if (constants.O_DSYNC === undefined) await sync(handle.fd)
    },
    close: () => handle.close(),
  }
}
