/**
 * A body decides what it is, not its label. Public clients label JSON as text, as a form or not at all; one names a
 * charset as its content coding (Powersi: `Content-Encoding: UTF-8`). [F]
 */
import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { promisify } from 'node:util'
import { gunzip, inflate, inflateRaw } from 'node:zlib'
import { GatewayError } from '../domain/problems.ts'

/** The first bytes of gzip. No JSON begins so. */
const GZIP = [0x1f, 0x8b]
/** Bytes with which JSON begins: of an object, rows, a text, blanks, and the first one of a byte order mark. */
const OPENS_JSON: ReadonlySet<number> = new Set([...Buffer.from('{[" \t\r\n'), 0xef])
/** What names GB18030 or a part of it: by its standard, by the code page, by the label of the web, as Java says it. [K] */
const GB =
  /^(?:cs|x-)?(?:gb[-_]?(?:k|2312|18030)|(?:cp|ms|windows-|mswin-)?936|euc[-_]?cn|iso-ir-58|chinese$)/i
/** The charset of a content type. */
const CHARSET = /\bcharset\s*=\s*["']?\s*([\w.:-]+)/i

/** Ways of unpacking that are tried one after the other: what calls itself deflate has its head, or not. */
function waysOf(bytes: Buffer, coding: string | undefined) {
  if (bytes[0] === GZIP[0] && bytes[1] === GZIP[1]) return [gunzip]
  if (!/\bdeflate\b/i.test(coding ?? '') || OPENS_JSON.has(bytes[0]!)) return []
  return [inflate, inflateRaw]
}

/**
 * Unpacks gzip and deflate. A coding that is not known is passed over.
 *
 * @param coding header `Content-Encoding`
 * @param limit of the unpacked body, in bytes: what would be more is given up there
 * @throws {GatewayError} body-too-large; unreadable-body where it cannot be unpacked
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
 * A body in UTF-8. One in GBK or GB18030 is read as such where its type says so, or its coding, as Powersi names UTF-8 there.
 *
 * @returns the same bytes where they are UTF-8 already, or where nobody can tell what they are
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
