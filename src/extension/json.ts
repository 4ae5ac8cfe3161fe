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
 * @throws {SyntaxError} if it is no JSON
 */
export function parseExact(text: string): unknown {
  return LONG_NUMBER.test(text)
    ? JSON.parse(text, exact as Parameters<typeof JSON.parse>[1])
    : JSON.parse(text)
}

/** How many names stand in JSON that has been read: texts that a colon follows. */
function namesIn(text: string): number {
  let count = 0
  for (let open = text.indexOf('"'); open >= 0; ) {
    let close = text.indexOf('"', open + 1)
    while (isEscaped(text, close)) close = text.indexOf('"', close + 1)
    let next = close + 1
    while (text.charCodeAt(next) <= 0x20) next += 1
    if (text[next] === ':') count += 1
    open = text.indexOf('"', next)
  }
  return count
}

function isEscaped(text: string, quote: number): boolean {
  let at = quote
  while (text[at - 1] === '\\') at -= 1
  return (quote - at) % 2 === 1
}

function namesOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = Array.isArray(value) ? 0 : Object.keys(value).length
  for (const one of Object.values(value)) count += namesOf(one)
  return count
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

/**
 * Where JSON names a field twice in one object with different contents: readers differ in which of the two they take.
 *
 * @param text that has been read
 * @param parsed what was read from it: where it has as many names as the text, nothing else is looked at
 * @returns the place of the first one, `feedetail[3].cnt`; null if there is none
 */
export function namedTwice(text: string, parsed: unknown): string | null {
  if (namesIn(text) === namesOf(parsed)) return null
  const tokens = text.matchAll(TOKEN)
  let [token, end] = ['', 0]
  const step = () => {
    const { value } = tokens.next()
    token = value?.[0] ?? ''
    end = (value?.index ?? text.length) + token.length
  }
  /** Passes over one value, which begins at the token; ends at its last token. */
  const pass = (at: string): string | null =>
    token === '{' ? passObject(at) : token === '[' ? passRows(at) : null
  const passRows = (at: string): string | null => {
    step()
    for (let index = 0; token !== ']'; index += 1) {
      const twice = pass(`${at}[${index}]`)
      if (twice) return twice
      step()
      if (token === ',') step()
    }
    return null
  }
  const passObject = (at: string): string | null => {
    const seen = new Map<string, string>()
    step()
    while (token !== '}') {
      const name = JSON.parse(token) as string
      const place = at === '' ? name : `${at}.${name}`
      step()
      step()
      const start = end - token.length
      const twice = pass(place)
      if (twice) return twice
      const written = text.slice(start, end)
      if (seen.has(name) && seen.get(name) !== written) return place
      seen.set(name, written)
      step()
      if (token === ',') step()
    }
    return null
  }
  step()
  return pass('')
}
