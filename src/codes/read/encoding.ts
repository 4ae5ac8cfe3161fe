/** Finds out how the text of a file is encoded. GB18030 is common in China, UTF-16 is what Excel calls Unicode text. */
import { FileRefused } from './row.ts'

/** Encodings that are read, by the names that a person may give. */
export const ENCODINGS = ['UTF-8', 'GB18030', 'UTF-16LE', 'UTF-16BE'] as const

/** One of them. */
export type Encoding = (typeof ENCODINGS)[number]

/** Bytes of the beginning that the decision is made from. */
export const SAMPLE_BYTES = 1024 * 1024

const MARKS: readonly (readonly [Encoding, readonly number[]])[] = [
  ['UTF-8', [0xef, 0xbb, 0xbf]],
  ['UTF-16LE', [0xff, 0xfe]],
  ['UTF-16BE', [0xfe, 0xff]],
]

/**
 * A UTF-8 file may have a damaged byte here and there; text in GB18030 is nearly all damage when read so. Damaged
 * rows of a UTF-8 file are refused by line, which is better than reading the whole of it as other characters.
 */
const DAMAGE_SHARE_MAX = 0.1

/**
 * The encoding of a text by its first bytes.
 *
 * @param sample the beginning of the file, at most `SAMPLE_BYTES`
 * @throws {FileRefused} where the bytes are no text
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

/** Decodes a beginning; a character that is cut off at its end is left out. */
export function decode(encoding: string, sample: Uint8Array): string {
  return new TextDecoder(encoding).decode(sample, { stream: true })
}
