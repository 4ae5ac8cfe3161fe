/** Parses JSON without losing digits of long numbers. */

/** A number that may exceed double precision, outside quotes as far as a cheap test can tell. */
const LONG_NUMBER = /[[:,]\s*-?\d{16,}/
const WHOLE = /^-?\d{16,}$/

/** Context that V8 passes to a reviver for a primitive value: its source text. */
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
 * Parses like `JSON.parse`, but an integer beyond 2^53 becomes a string of its digits: some platforms send ids such
 * as `setl_id` as JSON numbers, and rounding would turn them into another settlement's.
 *
 * @throws {SyntaxError} if it is not JSON
 */
export function parseExact(text: string): unknown {
  return LONG_NUMBER.test(text)
    ? JSON.parse(text, exact as Parameters<typeof JSON.parse>[1])
    : JSON.parse(text)
}

/** Number of names in valid JSON: strings followed by a colon. */
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
 * Finds a field that occurs twice in one object with different values, since parsers differ in which they use.
 *
 * @param text valid JSON
 * @param parsed its value; if it has as many names as the text, nothing else is checked
 * @returns the path of the first one, `feedetail[3].cnt`; null if there is none
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
  /** Skips one value, from the current token to its last one. */
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
