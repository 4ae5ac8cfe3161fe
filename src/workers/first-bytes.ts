/**
 * What the first bytes of a connection say of the institution that speaks. Only a hint, by which the connection comes to
 * the right worker at once: where it is wrong or missing, the worker that reads the whole message passes it on.
 */

/**
 * What is known so far: an institution; a caller's key; `more` where further bytes are certain to come and may tell;
 * `nothing` where they will not.
 */
export type Hint =
  | { readonly is: 'institution'; readonly institution: string }
  | { readonly is: 'caller'; readonly key: string }
  | { readonly is: 'more' }
  | { readonly is: 'nothing' }

/** Bytes after which nothing more is waited for. */
export const FIRST_BYTES_MAX = 16 * 1024

const HEAD_END = '\r\n\r\n'
/** A national envelope, or a request of the REST door. Codes have no characters that JSON writes otherwise. */
const IN_BODY = /"(?:fixmedins_code|institution)"\s*:\s*"([\w-]{1,30})"/
const IN_QUERY = /^[A-Z]+ \S*[?&]institution=([\w-]{1,30})(?:[& ])/
const METHOD_WITH_BODY = /^(?:POST|PUT|PATCH) /
const HELD_BACK = /^expect:/im
const LENGTH = /^content-length:\s*(\d+)/im
const CHUNKED = /^transfer-encoding:.*\bchunked\b/im
/** The length of a chunk, with extensions that say nothing to us. */
const CHUNK = /^([\da-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n/i
const KEY = /^(?:x-api-key|apikey):[ \t]*(\S+)[ \t]*$|^authorization:[ \t]*Bearer (\S+)[ \t]*$/im

/**
 * Reads the first bytes. With the same connection a hint other than `more` never changes into another institution.
 *
 * @param bytes as many as have come
 */
export function hintOf(bytes: Buffer): Hint {
  const text = bytes.toString('latin1', 0, FIRST_BYTES_MAX)
  const end = text.indexOf(HEAD_END)
  if (end < 0) return { is: bytes.length < FIRST_BYTES_MAX ? 'more' : 'nothing' }
  const head = text.slice(0, end)
  const line = head.slice(0, head.indexOf('\r\n') < 0 ? end : head.indexOf('\r\n'))
  const body = text.slice(end + HEAD_END.length)
  const institution = METHOD_WITH_BODY.test(line) ? IN_BODY.exec(body)?.[1] : IN_QUERY.exec(`${line} `)?.[1]
  if (institution) return { is: 'institution', institution }
  if (isToCome(head, line, body, bytes.length)) return { is: 'more' }
  const [, key, bearer] = KEY.exec(head) ?? []
  return key || bearer ? { is: 'caller', key: (key ?? bearer)! } : { is: 'nothing' }
}

/** Whether more of the body will come without our asking for it. */
function isToCome(head: string, line: string, body: string, bytes: number): boolean {
  if (!METHOD_WITH_BODY.test(line) || HELD_BACK.test(head) || bytes >= FIRST_BYTES_MAX) return false
  if (CHUNKED.test(head)) return !isWhole(body)
  return body.length < Number(LENGTH.exec(head)?.[1] ?? 0)
}

/**
 * Whether a body in chunks has come to its end, whatever follows it: fields after the last chunk (a trailer), a second
 * request. What is no chunk is for the worker to refuse, so nothing more is waited for.
 */
function isWhole(body: string): boolean {
  for (let rest = body; ; ) {
    const [line, length] = CHUNK.exec(rest) ?? []
    if (!line) return rest.includes('\r\n')
    const bytes = Number.parseInt(length!, 16)
    const after = rest.slice(line.length)
    if (bytes === 0) return after.startsWith('\r\n') || after.includes(HEAD_END)
    rest = after.slice(bytes + '\r\n'.length)
  }
}
