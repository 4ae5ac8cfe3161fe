/** Files in memory: what is written is there at once. They can be made to fail as a disk does. */
import type { Files } from '../../src/journal/segment/files.ts'

/** The files, with a hand on them. */
export interface MemoryFiles extends Files {
  /** The bytes of a file, to be hurt. */
  bytes(name: string): Buffer
  /** A copy of everything as it is now. */
  copy(): MemoryFiles
  /** Every call of this kind from now on fails with this code, until it is null. */
  fail(call: 'write' | 'preallocate' | 'note', code: string | null): void
  /** Writes reach only so many bytes before they fail. */
  tear(bytes: number): void
}

/** Opens files in memory. */
export function createMemoryFiles(content: ReadonlyMap<string, Buffer> = new Map()): MemoryFiles {
  const files = new Map([...content].map(([name, bytes]) => [name, Buffer.from(bytes)]))
  const faults = new Map<string, string>()
  let reach = Number.POSITIVE_INFINITY

  function meet(call: string): void {
    const code = faults.get(call)
    if (code) throw Object.assign(new Error(`${code}: simulated, ${call}`), { code })
  }

  return {
    directory: 'journal',
    list: () => [...files.keys()].sort(),
    size: (name) => files.get(name)?.length ?? null,
    read(name, offset, length) {
      const bytes = files.get(name)
      return bytes ? Buffer.from(bytes.subarray(offset, offset + length)) : null
    },
    async open(name) {
      const bytes = files.get(name)
      if (!bytes) throw Object.assign(new Error(`ENOENT: ${name}`), { code: 'ENOENT' })
      return {
        async write(written, offset) {
          await Promise.resolve()
          if (faults.has('write')) written.copy(bytes, offset, 0, Math.min(reach, written.length))
          meet('write')
          written.copy(bytes, offset)
        },
        close: async () => {},
      }
    },
    async preallocate(name, bytes) {
      await Promise.resolve()
      meet('preallocate')
      files.set(name, Buffer.alloc(bytes))
    },
    async rename(from, to) {
      files.set(to, files.get(from)!)
      files.delete(from)
    },
    async remove(name) {
      files.delete(name)
    },
    syncDirectory: async () => {},
    async note(name, pieces) {
      meet('note')
      files.set(name, Buffer.concat(Array.from(pieces, (piece) => Buffer.from(piece))))
    },
    close() {},
    bytes: (name) => files.get(name)!,
    copy: () => createMemoryFiles(files),
    fail(call, code) {
      if (code) faults.set(call, code)
      else faults.delete(call)
    },
    tear(bytes) {
      reach = bytes
    },
  }
}
