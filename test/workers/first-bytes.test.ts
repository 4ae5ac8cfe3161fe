/** The first bytes of a connection tell whose it is as soon as they can, and more bytes never contradict it. */
import { describe, expect, it } from 'vitest'
import { FIRST_BYTES_MAX, type Hint, hintOf } from '../../src/workers/first-bytes.ts'
import { envelopeOf, HEFEI } from './support.ts'

const post = (body: string, head: readonly string[] = []) =>
  [
    'POST /hss-call-service-interface HTTP/1.1',
    'Host: gateway',
    ...head,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n')

const envelope = envelopeOf(HEFEI, '2207', { data: { note: '诊断' } }, 'M1')
const institution = (code: string): Hint => ({ is: 'institution', institution: code })
const CHUNKED = 'POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'
const nothing: Hint = { is: 'nothing' }

const CASES: readonly (readonly [name: string, text: string, hint: Hint])[] = [
  ['a national envelope', post(JSON.stringify(envelope)), institution(HEFEI.code)],
  ['an indented one', post(JSON.stringify(envelope, null, 2)), institution(HEFEI.code)],
  ['a REST request', post('{"kind":"x","institution":"H1"}'), institution('H1')],
  ['a REST request under an encounter', post('{"batch":"B1"}'), nothing],
  ['one with a key', post('{"batch":"B1"}', ['X-API-Key: k-1']), { is: 'caller', key: 'k-1' }],
  ['one with a bearer', post('{}', ['Authorization: Bearer t-1']), { is: 'caller', key: 't-1' }],
  ['a key and an institution', post('{"institution":"H1"}', ['apikey: k']), institution('H1')],
  ['a question', 'GET /v1/status?key=a HTTP/1.1\r\nHost: a\r\n\r\n', nothing],
  [
    'a question about an institution',
    'GET /v1/status?institution=H1&message=M HTTP/1.1\r\n\r\n',
    institution('H1'),
  ],
  [
    'a body that waits to be asked for',
    post('{"institution":"H1"}', ['Expect: 100-continue']).split('{')[0]!,
    nothing,
  ],
  ['no HTTP at all', 'x'.repeat(FIRST_BYTES_MAX), nothing],
  ['a long head', `GET / HTTP/1.1\r\nA: ${'x'.repeat(FIRST_BYTES_MAX)}`, nothing],
  ['a long body without it', post(JSON.stringify({ a: 'x'.repeat(FIRST_BYTES_MAX) })), nothing],
  ['a body in chunks', `${CHUNKED}20\r\n{"a":1,"institution":"H1"}\r\n0\r\n\r\n`, institution('H1')],
  ['a body in chunks with a trailer', `${CHUNKED}2\r\n{}\r\n0\r\nX-Sum: 1\r\nX-End: 2\r\n\r\n`, nothing],
  ['a body in chunks with an extension', `${CHUNKED}2;a=b\r\n{}\r\n000;last\r\n\r\n`, nothing],
  [
    'a body in chunks with another request behind it',
    `${CHUNKED}2\r\n{}\r\n0\r\n\r\nGET /health HTTP/1.1\r\n`,
    nothing,
  ],
  ['what is no chunk', `${CHUNKED}zz\r\n{}\r\n`, nothing],
  ['a body in chunks without it', `${CHUNKED}2\r\n{}\r\n0\r\n\r\n`, nothing],
  ['a request that has no body', 'POST /x HTTP/1.1\r\nHost: a\r\n\r\n', nothing],
  ['an address in a header', post('{}', ['X-Note: "institution":"H9"']), nothing],
]

describe('hintOf()', () => {
  it.each(CASES)('reads %s', (_name, text, hint) => {
    expect(hintOf(Buffer.from(text))).toEqual(hint)
  })

  it.each(CASES)('of %s says more or the same after every byte', (_name, text, hint) => {
    const bytes = Buffer.from(text)
    for (let length = 0; length <= bytes.length; length += length < 2000 ? 1 : 997) {
      const early = hintOf(bytes.subarray(0, length))
      if (early.is !== 'more') expect(early, `after ${length} bytes`).toEqual(hint)
    }
  })
})
