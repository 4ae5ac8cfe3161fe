/** Opens a table file, recognised by its first bytes and never by its name. */
import { createReadStream } from 'node:fs'
import { open as openFile } from 'node:fs/promises'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type Archive, openArchive } from './archive.ts'
import { openText, type TextOptions } from './delimited.ts'
import { FileRefused, type OpenedFile, type ReadProgress } from './row.ts'
import { isWorkbook, openWorkbook } from './workbook.ts'

/** Properties of a file that a person may state. */
export interface OpenOptions extends TextOptions {
  /** Name of the sheet of a workbook. */
  readonly sheet?: string
}

const MAGIC = { gzip: '1f8b', zip: '504b', oldOffice: 'd0cf11e0' } as const
const UNHEARD: ReadProgress = () => {}

/**
 * Opens CSV, TSV, either of them gzipped or in a ZIP, or XLSX.
 *
 * @param file path
 * @throws {FileRefused} if it is none of these
 */
export async function openTableFile(
  file: string,
  options: OpenOptions = {},
  progress: ReadProgress = UNHEARD,
): Promise<OpenedFile> {
  const { magic, size } = await firstBytes(file)
  if (size === 0) throw new FileRefused('文件是空的')
  if (magic.startsWith(MAGIC.oldOffice)) {
    throw new FileRefused('这是旧版Excel文件（.xls）或有密码的工作簿，请另存为没有密码的.xlsx后再导入')
  }
  if (magic.startsWith(MAGIC.zip)) return await openZip(await openArchive(file), options, progress)
  const bytes = counted(createReadStream(file), size, progress)
  return await openBytes(magic.startsWith(MAGIC.gzip) ? gunzip(bytes) : bytes, options)
}

async function firstBytes(file: string): Promise<{ magic: string; size: number }> {
  const handle = await openFile(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    return { magic: buffer.subarray(0, bytesRead).toString('hex'), size: (await handle.stat()).size }
  } finally {
    await handle.close()
  }
}

/** Reports progress. A fault of the stream surfaces where it is read. */
function counted(bytes: Readable, total: number, progress: ReadProgress): Readable {
  let done = 0
  bytes.on('data', (chunk: Buffer) => {
    done += chunk.length
    progress(done, total)
  })
  bytes.pause()
  return bytes
}

function gunzip(bytes: Readable): Readable {
  const inflated = createGunzip()
  pipeline(bytes, inflated, () => {}) // a fault of either shows where the inflated bytes are read
  return inflated
}

async function openBytes(bytes: Readable, options: OpenOptions): Promise<OpenedFile> {
  try {
    const text = await openText(bytes, options)
    return { ...text, close: () => bytes.destroy() }
  } catch (error) {
    bytes.destroy()
    const { code } = error as NodeJS.ErrnoException
    if (code?.startsWith('Z_')) throw new FileRefused('压缩文件已损坏或不完整', { cause: error })
    throw error
  }
}

/** A workbook, or the single text file of a catalogue download. */
async function openZip(archive: Archive, options: OpenOptions, progress: ReadProgress): Promise<OpenedFile> {
  try {
    if (isWorkbook(archive)) return await openWorkbook(archive, options.sheet, progress)
    const names = [...archive.entries.keys()].filter((name) => !name.endsWith('/'))
    const [name, ...others] = names
    if (!name || others.length > 0) {
      throw new FileRefused(`压缩包内须只有一个文件，现有${names.length}个：请先解压，逐个导入`)
    }
    const total = archive.entries.get(name)!.uncompressedSize
    const opened = await openBytes(counted(await archive.open(name), total, progress), options)
    const close = () => {
      opened.close()
      archive.close()
    }
    return { ...opened, close }
  } catch (error) {
    archive.close()
    throw error
  }
}
