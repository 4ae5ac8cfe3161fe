/**
 * Trims invisible characters around ids and codes. Systems pad them to the width of a column, and text copied from a
 * window carries invisible marks: a platform may treat `E1` and `E1 ` as the same visit, so they must be the same
 * here.
 */

/** Blanks, control and invisible format characters, as ranges of code units; all lie in the basic plane. */
const RANGES: readonly (readonly [number, number])[] = [
  [0x00, 0x20],
  // Control characters including next line; no-break space, soft hyphen.
  [0x7f, 0xa0],
  [0xad, 0xad],
  // Invisible joiners; Korean and Khmer fillers, Arabic and Mongolian marks.
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x1680, 0x1680],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  // Spaces of every width, zero-width ones, directional marks.
  [0x2000, 0x200f],
  [0x2028, 0x202f],
  // Invisible operators, directional isolates, deprecated directional marks.
  [0x205f, 0x206f],
  // Full-width space, blank braille cell, variation selectors, byte order mark, interlinear anchors.
  [0x2800, 0x2800],
  [0x3000, 0x3000],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
]

/** Every blank as a code unit. */
export const BLANKS: readonly number[] = RANGES.flatMap(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index),
)

const KNOWN: ReadonlySet<number> = new Set(BLANKS)

/** Whether a code unit is a blank. */
export function isBlank(unit: number): boolean {
  return unit <= 0x20 || (unit >= 0x7f && KNOWN.has(unit))
}

/** A text without surrounding blanks. */
export function trimmed(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start += 1
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
  return start === 0 && end === text.length ? text : text.slice(start, end)
}

/** Maximum nesting of JSON; no real message is nested deeper. */
const DEPTH_MAX = 64

/** JSON with every text value trimmed; names are kept. @throws {RangeError} if it is nested too deeply */
export function trimmedJson(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return trimmed(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth === DEPTH_MAX) throw new RangeError('JSON is nested too deep')
  if (Array.isArray(value)) return value.map((one) => trimmedJson(one, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, trimmedJson(one, depth + 1)]))
}
