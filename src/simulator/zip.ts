/**
 * A ZIP with one text, in memory and at once: the handlers of a platform answer within one transaction of its book, and what
 * packs and unpacks the tables of the country waits for streams.
 */
import { unzipSync, zipSync } from 'fflate'
import { Refusal } from './envelope.ts'

/** How a ZIP begins. */
const ZIP = Buffer.from('PK\x03\x04')
/** Largest text that is unpacked. */
const TEXT_BYTES_MAX = 20_000_000

/** Packs a text. */
export function zipped(name: string, text: string): Buffer {
  return Buffer.from(zipSync({ [name]: Buffer.from(text) }))
}

/** The text of the first file in a ZIP; other bytes are returned as they are. @throws {Refusal} if it is damaged */
export function unzipped(bytes: Buffer): string {
  if (!bytes.subarray(0, ZIP.length).equals(ZIP)) return bytes.toString('utf8')
  try {
    const [content] = Object.values(
      unzipSync(bytes, { filter: ({ originalSize }) => originalSize <= TEXT_BYTES_MAX }),
    )
    return Buffer.from(content!).toString('utf8')
  } catch {
    throw new Refusal('E000', '上传的压缩文件已损坏或不完整')
  }
}
