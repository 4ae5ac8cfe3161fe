/** ZIP files: workbooks, and the platform's catalogue downloads (9102). */
import type { Readable } from 'node:stream'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { FileRefused, INFLATED_BYTES_MAX } from './row.ts'

/** Maximum number of entries; a workbook has some dozens. */
const ENTRIES_MAX = 10_000

/** An archive and its entries by name. */
export interface Archive {
  readonly entries: ReadonlyMap<string, Entry>
  /** Uncompressed bytes of an entry, streamed. @throws {FileRefused} if there is no such entry */
  open(name: string): Promise<Readable>
  close(): void
}

/** Opens an archive by its central directory, so that its entries may be in any order. */
export async function openArchive(file: string): Promise<Archive> {
  let zip: ZipFile
  const entries = new Map<string, Entry>()
  try {
    zip = await openPromise(file, { lazyEntries: true, autoClose: false })
    for await (const entry of zip.eachEntry()) {
      entries.set(entry.fileName, entry)
      if (entries.size > ENTRIES_MAX) throw new FileRefused(`压缩包内超过${ENTRIES_MAX}个文件`)
    }
  } catch (error) {
    if (error instanceof FileRefused) throw error
    throw new FileRefused('压缩文件已损坏或不完整', { cause: error })
  }
  return {
    entries,
    async open(name) {
      const entry = entries.get(name)
      if (!entry) throw new FileRefused(`压缩包内没有${name}`)
      if (entry.isEncrypted()) throw new FileRefused('文件有密码，请先去除密码')
      if (entry.uncompressedSize > INFLATED_BYTES_MAX)
        throw new FileRefused(`文件解压后超过${INFLATED_BYTES_MAX}字节`)
      return await zip.openReadStreamPromise(entry)
    },
    close: () => zip.close(),
  }
}
