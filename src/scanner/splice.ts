/** Puts texts in place of others in the bytes of a message. */

const QUOTE = 0x22

/** Puts an ASCII text in place of a text between two quotes. @returns false where it cannot be done */
export type Cut = (start: number, end: number, text: string) => boolean

/**
 * A copy of the bytes with texts replaced, in the order in which they stand.
 *
 * @param rows how many times `each` is asked
 * @param each says with `cut` what is replaced in a row; false ends all
 * @returns null where something could not be replaced
 */
export function splice(bytes: Buffer, rows: number, each: (row: number, cut: Cut) => boolean): Buffer | null {
  // Codes are short: room for those of a usual bill, else it grows.
  let out = Buffer.allocUnsafe(bytes.length + rows * 32)
  let length = 0
  let from = 0
  const cut: Cut = (start, end, text) => {
    if (start <= from || bytes[start - 1] !== QUOTE || bytes[end] !== QUOTE) return false
    const room = length + (start - from) + text.length + (bytes.length - end)
    if (room > out.length) out = Buffer.concat([out.subarray(0, length)], room * 2)
    bytes.copy(out, length, from, start)
    length += start - from
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at)
      if (unit < 0x20 || unit > 0x7e || unit === QUOTE || unit === 0x5c) return false
      out[length + at] = unit
    }
    length += text.length
    from = end
    return true
  }
  for (let row = 0; row < rows; row += 1) if (!each(row, cut)) return null
  bytes.copy(out, length, from)
  return out.subarray(0, length + bytes.length - from)
}
