/**
 * The bytes of a body decide how it is decoded, not its headers. Public clients label JSON as text, as a form or not
 * at all; one gives a charset as its content coding (Powersi: `Content-Encoding: UTF-8`). [F]
 */
import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { promisify } from 'node:util'
import { gunzip, inflate, inflateRaw } from 'node:zlib'
import { GatewayError } from '../domain/problems.ts'

/** Magic bytes of gzip. No JSON starts with them. */
const GZIP = [0x1f, 0x8b]
/** Bytes that JSON starts with: object, array, string, whitespace, and the first byte of a byte order mark. */
const OPENS_JSON: ReadonlySet<number> = new Set([...Buffer.from('{[" \t\r\n'), 0xef])
/** Names of GB18030 and its subsets: the standard, the code page, the web label, Java's names. [K] */
const GB =
  /^(?:cs|x-)?(?:gb[-_]?(?:k|2312|18030)|(?:cp|ms|windows-|mswin-)?936|euc[-_]?cn|iso-ir-58|chinese$)/i
/** The charset of a content type. */
const CHARSET = /\bcharset\s*=\s*["']?\s*([\w.:-]+)/i

/** Decoders to try in turn: deflate may come with or without its header. */
function waysOf(bytes: Buffer, coding: string | undefined) {
  if (bytes[0] === GZIP[0] && bytes[1] === GZIP[1]) return [gunzip]
  if (!/\bdeflate\b/i.test(coding ?? '') || OPENS_JSON.has(bytes[0]!)) return []
  return [inflate, inflateRaw]
}

/**
 * Decompresses gzip and deflate. An unknown coding is ignored.
 *
 * @param coding header `Content-Encoding`
 * @param limit maximum decompressed size in bytes; decompression stops there
 * @throws {GatewayError} body-too-large; unreadable-body if it cannot be decompressed
 */
export async function unpacked(bytes: Buffer, coding: string | undefined, limit: number): Promise<Buffer> {
  const ways = waysOf(bytes, coding)
  for (const [index, way] of ways.entries()) {
    try {
      return await promisify<Buffer, { maxOutputLength: number }, Buffer>(way)(bytes, {
        maxOutputLength: limit,
      })
    } catch (cause) {
      if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') {
        throw new GatewayError(
          'body-too-large',
          'receive',
          `报文解压后超过${limit / 1024}KB，本次未办理任何业务`,
        )
      }
      if (index === ways.length - 1) {
        throw new GatewayError(
          'unreadable-body',
          'receive',
          '报文不可读：压缩内容不完整或已损坏，无法解压，本次未办理任何业务',
        )
      }
    }
  }
  return bytes
}

/**
 * The body as UTF-8. GBK and GB18030 are decoded if the content type names them, or the content coding, where Powersi
 * puts UTF-8.
 *
 * @returns the same bytes if they are UTF-8 already or of unknown encoding
 */
export function inUtf8(bytes: Buffer, headers: IncomingHttpHeaders): Buffer {
  const { 'content-type': type = '', 'content-encoding': coding = '' } = headers
  const isGb = GB.test(CHARSET.exec(type)?.[1] ?? '') || GB.test(coding.trim())
  if (!isGb || isUtf8(bytes)) return bytes
  try {
    return Buffer.from(new TextDecoder('gb18030', { fatal: true }).decode(bytes))
  } catch {
    return bytes
  }
}
