/** JSON whose long numbers keep every digit. */

/** A number that may have more digits than a double holds, outside of quotes as far as that can be told cheaply. */
const LONG_NUMBER = /[[:,]\s*-?\d{16,}/
const WHOLE = /^-?\d{16,}$/

/** What V8 tells a reviver of a primitive value: the text that it was read from. */
interface Source {
  readonly source?: string
}

function exact(_key: string, value: unknown, context?: Source): unknown {
  const source = context?.source
  return typeof value === 'number' && !Number.isSafeInteger(value) && source && WHOLE.test(source)
    ? source
    : value
}

/**
 * Reads JSON as `JSON.parse` does, but a whole number beyond 2^53 becomes the text of its digits: ids such as `setl_id` come
 * as JSON numbers from some platforms, and rounded they would name another settlement.
 *
 * @throws {SyntaxError} where it is no JSON
 */
export function parseExact(text: string): unknown {
  return LONG_NUMBER.test(text)
    ? JSON.parse(text, exact as Parameters<typeof JSON.parse>[1])
    : JSON.parse(text)
}
