/** Detects the encoding of a text file. GB18030 is common in China; Excel's "Unicode text" is UTF-16. */
import { FileRefused } from './row.ts'

/** Supported encodings, by the names a person may give. */
export const ENCODINGS = ['UTF-8', 'GB18030', 'UTF-16LE', 'UTF-16BE'] as const

/** One of them. */
export type Encoding = (typeof ENCODINGS)[number]

/** Bytes sampled for the detection. */
export const SAMPLE_BYTES = 1024 * 1024

const MARKS: readonly (readonly [Encoding, readonly number[]])[] = [
  ['UTF-8', [0xef, 0xbb, 0xbf]],
  ['UTF-16LE', [0xff, 0xfe]],
  ['UTF-16BE', [0xfe, 0xff]],
]

/**
 * A UTF-8 file may have a damaged byte here and there, while GB18030 read as UTF-8 is nearly all damage. Refusing
 * the damaged rows of a UTF-8 file by line is better than reading all of it in the wrong encoding.
 */
const DAMAGE_SHARE_MAX = 0.1

/**
 * Detects the encoding of a text.
 *
 * @param sample the beginning of the file, at most `SAMPLE_BYTES`
 * @throws {FileRefused} if the bytes are not text
 */
export function encodingOf(sample: Uint8Array): Encoding {
  const marked = MARKS.find(([, bytes]) => bytes.every((byte, index) => sample[index] === byte))
  if (marked) return marked[0]
  if (sample.subarray(0, 4096).includes(0)) {
    throw new FileRefused(
      '文件不是文本：含有空字节。若为UTF-16，须以字节顺序标记（BOM）开头，或用--encoding指明',
    )
  }
  const text = decode('utf-8', sample)
  const wide = text.match(/[^\0-\x7f]/gu)?.length ?? 0
  const damaged = text.match(/\ufffd/g)?.length ?? 0
  return damaged > wide * DAMAGE_SHARE_MAX ? 'GB18030' : 'UTF-8'
}

/** Decodes a sample, dropping a character that is cut off at its end. */
export function decode(encoding: string, sample: Uint8Array): string {
  return new TextDecoder(encoding).decode(sample, { stream: true })
}
