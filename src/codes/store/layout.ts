/**
 * How a row lies in memory. Rows stand one after the other in order of their code, aligned to four bytes; a row is named
 * by its offset in words, and 0 is none.
 *
 * ```
 * word 0  name, word 1 details: places in the heap, 0 for none
 * word 2  first day and first day after it, two bytes each
 * word 3  first edition that has the row and first that has it no more, two bytes each
 * byte 16 marks, byte 17 length of the code, then the code in UTF-8
 * ```
 *
 * Further versions of a code follow its first one, marked as such, in order of their editions; an edition may have several
 * of one code, for days that follow each other. A heap entry is its
 * length (one byte, or 255 and four) and its bytes; equal entries are kept once.
 */

/** Bytes before the code. */
export const HEAD_BYTES = 18
/** Place of the marks in a row. */
export const MARKS_AT = 16
/** Place of the length of the code in a row. */
export const LENGTH_AT = 17
/** Longest code in bytes. */
export const CODE_BYTES_MAX = 255
/** Longest name, or text of details, in bytes. */
export const TEXT_BYTES_MAX = 65_535
/** Rows and heap are named by 32 bits. */
export const SECTION_BYTES_MAX = 0xffff_fff0
/** Editions that one file can hold. */
export const EDITIONS_MAX = 0xffff
/** Share of the hash table that is taken. */
export const LOAD = 0.6

/** Words of zeros after the last row. */
export const TAIL_WORDS = 8

/** Marks of a row. */
export const MARK = { grey: 1, fallBack: 2, heading: 4, further: 128 } as const

/** Words that a row takes with a code of so many bytes. */
export function wordsOf(codeBytes: number): number {
  return (HEAD_BYTES + codeBytes + 3) >>> 2
}

/** Bits that the largest word offset of a section needs; the rest of a slot holds a part of the hash. */
export function placeBits(words: number): number {
  return 32 - Math.clz32(words)
}
