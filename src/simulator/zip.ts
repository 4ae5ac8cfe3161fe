/**
 * A ZIP with one text, in memory and at once: the handlers of a platform answer within one transaction of its book, and the
 * libraries at hand wait for streams. Source of the layout: APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.16. [F]
 */
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import { Refusal } from './envelope.ts'

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50]
/** Version that is needed to read it, and "names are UTF-8" (bit 11). */
const [VERSION, NAMES_UTF8, DEFLATED] = [20, 0x0800, 8]
/** Midnight of 1 January 1980: a file without a time. */
const NO_TIME = 0x0021_0000
const [LOCAL_BYTES, CENTRAL_BYTES, END_BYTES] = [30, 46, 22]
/** Largest text that is unpacked. */
const TEXT_BYTES_MAX = 20_000_000

/** Packs a text. */
export function zipped(name: string, text: string): Buffer {
  const [content, title] = [Buffer.from(text), Buffer.from(name)]
  const data = deflateRawSync(content)
  const local = Buffer.alloc(LOCAL_BYTES)
  local.writeUInt32LE(LOCAL, 0)
  local.writeUInt16LE(VERSION, 4)
  local.writeUInt16LE(NAMES_UTF8, 6)
  local.writeUInt16LE(DEFLATED, 8)
  local.writeUInt32LE(NO_TIME, 10)
  local.writeUInt32LE(crc32(content), 14)
  local.writeUInt32LE(data.length, 18)
  local.writeUInt32LE(content.length, 22)
  local.writeUInt16LE(title.length, 26)
  const central = Buffer.alloc(CENTRAL_BYTES)
  central.writeUInt32LE(CENTRAL, 0)
  central.writeUInt16LE(VERSION, 4)
  local.copy(central, 6, 4, 28)
  const end = Buffer.alloc(END_BYTES)
  end.writeUInt32LE(END, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(CENTRAL_BYTES + title.length, 12)
  end.writeUInt32LE(LOCAL_BYTES + title.length + data.length, 16)
  return Buffer.concat([local, title, data, central, title, end])
}

/** The text of the first file of a ZIP; the bytes themselves where they are none. @throws {Refusal} where it is damaged */
export function unzipped(bytes: Buffer): string {
  if (bytes.length < LOCAL_BYTES || bytes.readUInt32LE(0) !== LOCAL) return bytes.toString('utf8')
  const begins = LOCAL_BYTES + bytes.readUInt16LE(26) + bytes.readUInt16LE(28)
  // Who writes while it packs says the length behind the data (bit 3); what is deflated ends by itself.
  const isOpen = (bytes.readUInt16LE(6) & 8) !== 0
  const data = bytes.subarray(begins, isOpen ? undefined : begins + bytes.readUInt32LE(18))
  try {
    if (bytes.readUInt16LE(8) !== DEFLATED) return data.toString('utf8')
    return inflateRawSync(data, { maxOutputLength: TEXT_BYTES_MAX }).toString('utf8')
  } catch {
    throw new Refusal('E000', '上传的压缩文件已损坏或不完整')
  }
}
