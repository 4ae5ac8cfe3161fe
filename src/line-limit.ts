/**
 * Lines of a text file up to a length, before a parser sees them: csv-parse counts the characters of cells and not what
 * stands between them, so a line of nothing but commas would become millions of cells.
 */

const [LF, CR] = [0x0a, 0x0d]

/**
 * Passes bytes on.
 *
 * @param bytesMax that one line may have, to a chunk
 * @param refusal made where a line has more; thrown before its rest is passed on
 */
export async function* withinLines(
  source: AsyncIterable<Uint8Array>,
  bytesMax: number,
  refusal: () => Error,
): AsyncGenerator<Uint8Array> {
  let begun = 0
  for await (const chunk of source) {
    const last = Math.max(chunk.lastIndexOf(LF), chunk.lastIndexOf(CR))
    const first = [chunk.indexOf(LF), chunk.indexOf(CR)].filter((at) => at >= 0)
    if (begun + (last < 0 ? chunk.length : Math.min(...first)) > bytesMax) throw refusal()
    begun = last < 0 ? begun + chunk.length : chunk.length - last - 1
    yield chunk
  }
}
