/**
 * Memory layout of a row. Rows are stored consecutively in order of their code, aligned to four bytes; a row is
 * referred to by its offset in words, and 0 means none.
 *
 * ```
 * word 0  name, word 1 details: offsets in the pool, 0 for none
 * word 2  first day and first day after the last, two bytes each
 * word 3  first edition that has the row and first that no longer has it, two bytes each
 * byte 16 flags, byte 17 length of the code, then the code in UTF-8
 * ```
 *
 * Further versions of a code follow the first one, flagged as such, in order of their editions; an edition may have
 * several versions of one code for consecutive periods. A pool entry is its length (one byte, or 255 and four) and
 * its bytes; equal entries are stored once.
 */

/** Bytes before the code. */
export const HEAD_BYTES = 18
/** Offset of the flags in a row. */
export const MARKS_AT = 16
/** Offset of the length of the code in a row. */
export const LENGTH_AT = 17
/** Maximum length of a code in bytes. */
export const CODE_BYTES_MAX = 255
/** Maximum length of a name, or of the details, in bytes. */
export const TEXT_BYTES_MAX = 65_535
/** Rows and pool are addressed by 32 bits. */
export const SECTION_BYTES_MAX = 0xffff_fff0
/** Maximum number of editions in one file. */
export const EDITIONS_MAX = 0xffff
/** Load factor of the hash table. */
export const LOAD = 0.6

/** Words of zeros after the last row. */
export const TAIL_WORDS = 8

/** Flags of a row. */
export const MARK = { grey: 1, fallBack: 2, heading: 4, further: 128 } as const

/** Words of a row with a code of that many bytes. */
export function wordsOf(codeBytes: number): number {
  return (HEAD_BYTES + codeBytes + 3) >>> 2
}

/** Bits needed for the largest word offset of a section; the rest of a slot holds part of the hash. */
export function placeBits(words: number): number {
  return 32 - Math.clz32(words)
}
