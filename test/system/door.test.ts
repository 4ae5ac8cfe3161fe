/** The national door takes what is JSON inside, whatever stands on it, and answers in its own form. */
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { patient, type System, startSystem, timeNow } from './support.ts'

let system: System

beforeAll(async () => {
  // What is asked here is no question of time.
  system = await startSystem(patient())
})
afterAll(async () => {
  await system.stop()
})

const ADDRESS = '/hss-call-service-interface'

let serial = 0

/** A sign-in of a clerk with a Chinese name, as JSON. */
function signIn(more: Record<string, unknown> = {}): string {
  serial += 1
  return JSON.stringify({
    infno: '9001',
    msgid: `H3401029000120261130${String(serial).padStart(10, '0')}`,
    mdtrtarea_admvs: '340102',
    recer_sys_code: 'MBS_LOCAL',
    infver: 'V1.0',
    opter_type: '1',
    opter: '0001',
    opter_name: '收费员甲',
    inf_time: timeNow(),
    fixmedins_code: 'H34010290001',
    fixmedins_name: '示例医院（虚构）',
    input: { signIn: { opter_no: '0001', mac: '', ip: '127.0.0.1' } },
    ...more,
  })
}

interface Heard {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly json: { readonly infcode: number; readonly err_msg: string; readonly output: unknown }
}

/** Sends exactly these bytes with exactly these headers. */
function send(
  body: Buffer,
  headers: Record<string, string> = {},
  method = 'POST',
  path = ADDRESS,
): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(system.url() + path, {
      method,
      headers: { ...headers, 'content-length': body.length },
    })
    asked.on('error', reject)
    asked.on('response', (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        resolve({ status: answer.statusCode!, headers: answer.headers, json: text ? JSON.parse(text) : null })
      })
    })
    asked.end(body)
  })
}

/** What a client hears that reads nothing before it has sent everything. */
function heardByBlocking(bytes: Buffer): Promise<string> {
  const { hostname, port } = new URL(system.url())
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    socket.on('error', reject)
    socket.write(bytes, () => {
      let heard = ''
      socket.on('data', (chunk) => {
        heard += chunk
      })
      socket.on('close', () => resolve(heard))
    })
  })
}

/** GBK for the few characters of the message. */
function inGbk(text: string): Buffer {
  const known = new Map<string, number[]>()
  const decoder = new TextDecoder('gbk')
  for (let lead = 0x81; lead <= 0xfe; lead += 1)
    for (let trail = 0x40; trail <= 0xfe; trail += 1)
      known.set(decoder.decode(Buffer.from([lead, trail])), [lead, trail])
  return Buffer.from(
    [...text].flatMap((one) => (one.charCodeAt(0) < 0x80 ? one.charCodeAt(0) : known.get(one)!)),
  )
}

const JSON_TYPE = { 'content-type': 'application/json' }

describe('a message at the national door', () => {
  it.each<[string, Record<string, string>]>([
    ['no type at all (Mono, Free Pascal, Apache HttpClient)', {}],
    ['text/plain (the Java example)', { 'content-type': 'text/plain; charset=utf-8' }],
    ['text/json', { 'content-type': 'text/json' }],
    ['a form (the default of Java, PHP, Perl)', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['octets', { 'content-type': 'application/octet-stream' }],
    ['no media type', { 'content-type': '*/*' }],
    ['a charset as its coding (Powersi)', { ...JSON_TYPE, 'content-encoding': 'UTF-8' }],
    ['a coding that it does not have', { ...JSON_TYPE, 'content-encoding': 'gzip' }],
    ['deflate as a coding that it does not have', { ...JSON_TYPE, 'content-encoding': 'deflate' }],
    ['GBK as a charset that it does not have', { 'content-type': 'application/json; charset=GBK' }],
  ])('is taken with %s on it', async (_what, headers) => {
    const { status, json } = await send(Buffer.from(signIn()), headers)
    expect([status, json.infcode, json.err_msg]).toEqual([200, 0, ''])
  })

  it.each<Record<string, string>>([
    { origin: 'http://127.0.0.2', 'content-type': 'text/plain' },
    { origin: 'http://127.0.0.2', ...JSON_TYPE },
    { origin: 'null', 'content-type': 'text/plain' },
    { 'sec-fetch-site': 'cross-site' },
    { host: 'page.example' },
  ])('is refused from the web page of somebody else: %j', async (page) => {
    const { json, headers } = await send(Buffer.from(signIn()), page)
    const problem = page.host ? 'foreign-host' : 'cross-site'
    expect([json.infcode, headers['zhijie-problem']]).toEqual([-1, problem])
  })

  it('is taken from the page of the gateway itself, whatever its type is', async () => {
    const own = { origin: system.url(), 'content-type': 'text/plain' }
    expect((await send(Buffer.from(signIn()), own)).json.infcode).toBe(0)
    const fetched = { 'sec-fetch-site': 'same-origin', ...JSON_TYPE }
    expect((await send(Buffer.from(signIn()), fetched)).json.infcode).toBe(0)
  })

  it.each<[string, Record<string, string>, (body: string) => Buffer]>([
    ['under gzip', { 'content-encoding': 'gzip' }, (body) => gzipSync(body)],
    ['under gzip that nothing tells of', {}, (body) => gzipSync(body)],
    ['under deflate', { 'content-encoding': 'deflate' }, (body) => deflateSync(body)],
    ['under deflate without its head', { 'content-encoding': 'Deflate' }, (body) => deflateRawSync(body)],
    ['in GBK', { 'content-type': 'application/json;charset=GBK' }, inGbk],
    ['in GB2312', { 'content-type': 'text/plain; charset="gb2312"' }, inGbk],
    ['in GB18030', { 'content-type': 'application/json; charset=GB18030' }, inGbk],
    ...[
      'gbk',
      '"GBK"',
      "'GBK'",
      'GB-18030',
      'GB18030-2022',
      'gb_2312-80',
      'csGB2312',
      'EUC-CN',
      'x-mswin-936',
    ].map((charset): [string, Record<string, string>, (body: string) => Buffer] => [
      `in the charset ${charset}`,
      { 'content-type': `application/json; Charset = ${charset}` },
      inGbk,
    ]),
    ['in GBK as a coding', { 'content-encoding': 'GBK' }, inGbk],
    [
      'in GBK under gzip',
      { 'content-type': 'application/json; charset=gbk', 'content-encoding': 'gzip' },
      (body) => gzipSync(inGbk(body)),
    ],
    ['with the end of a C string behind it', JSON_TYPE, (body) => Buffer.from(`${body}\0`)],
    ['with the end of a C string and of a line', JSON_TYPE, (body) => Buffer.from(`${body}\0\r\n`)],
    ['with a mark of its bytes', JSON_TYPE, (body) => Buffer.from(`\ufeff${body}`)],
    ['as JSON text within JSON', JSON_TYPE, (body) => Buffer.from(JSON.stringify(body))],
  ])('is taken %s', async (_what, headers, pack) => {
    const { status, json } = await send(pack(signIn()), { ...JSON_TYPE, ...headers })
    expect([status, json.infcode, json.err_msg]).toEqual([200, 0, ''])
  })

  it('is kept and sent on in UTF-8, however it came', async () => {
    const body = signIn({ opter_name: `收费员${'乙'.repeat(47)}` })
    const gbk = { 'content-type': 'application/json; charset=GBK' }
    expect((await send(inGbk(body), gbk)).json.infcode).toBe(0)
    const long = signIn({ opter_name: `收费员${'乙'.repeat(48)}` })
    expect((await send(inGbk(long), gbk)).json.err_msg).toContain('opter_name 经办人姓名须为不超过50个字符')
  })

  it.each<[string, Buffer, Record<string, string>, RegExp]>([
    ['in GBK where nothing says so', inGbk('{"opter_name":"收费员甲"}'), JSON_TYPE, /UTF-8.*charset=GBK/],
    ['under half of gzip', gzipSync(signIn()).subarray(0, 60), { 'content-encoding': 'gzip' }, /无法解压/],
    [
      'of 3 MB once unpacked',
      gzipSync(Buffer.alloc(3_000_000)),
      { 'content-encoding': 'gzip' },
      /解压后超过1024KB/,
    ],
    ['of a coding that nobody knows', Buffer.from('\x01\x02'), { 'content-encoding': 'br' }, /JSON/],
    ['that is a web form', Buffer.from('infno=9001&msgid=1'), {}, /JSON/],
    ['that is empty', Buffer.alloc(0), {}, /报文不能为空/],
    ['that ends in the middle', Buffer.from(signIn().slice(0, -2)), {}, /报文不是合法的JSON/],
  ])('is refused %s', async (_what, body, headers, says) => {
    const { status, json } = await send(body, headers)
    expect([status, json.infcode]).toEqual([200, -1])
    expect(json.err_msg).toMatch(says)
  })
})

describe('the national door', () => {
  it('stands at the address of Jiangsu', async () => {
    expect((await send(Buffer.from(signIn()), {}, 'POST', '/CSB')).json.infcode).toBe(0)
  })

  it.each(['gzip', 'gzip, deflate, br', 'identity;q=0, *', 'UTF-8'])(
    'packs no answer for Accept-Encoding %s',
    async (accepted) => {
      const { headers, json } = await send(Buffer.from(signIn()), { 'accept-encoding': accepted })
      expect(headers['content-encoding']).toBeUndefined()
      expect(headers['content-type']).toBe('application/json; charset=utf-8')
      expect(json.infcode).toBe(0)
    },
  )

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    'answers %s in the form of the wire',
    async (method) => {
      const before = await system.segment()
      const { status, headers, json } = await send(Buffer.from(method === 'PUT' ? signIn() : ''), {}, method)
      expect([status, headers.allow]).toEqual([405, 'POST'])
      expect([headers['zhijie-problem'], headers['zhijie-retry']]).toEqual(['method-not-allowed', 'never'])
      expect(json).toMatchObject({ infcode: -1, output: null, inf_refmsgid: expect.any(String) })
      expect(json.err_msg).toContain('只接受POST')
      expect(await system.segment()).toBe(before)
    },
  )

  it.each<[string, string, Record<string, string>, string]>([
    ['too large', 'POST', {}, 'body-too-large'],
    ['of another method', 'PUT', {}, 'method-not-allowed'],
    ['of a web page', 'POST', { origin: 'http://127.0.0.2' }, 'cross-site'],
  ])('tells so who sends everything before reading a message %s', async (_what, method, more, problem) => {
    const size = 8 * 1024 * 1024
    const heads = { host: '127.0.0.1', connection: 'close', 'content-length': String(size), ...more }
    const lines = Object.entries(heads).map(([name, value]) => `${name}: ${value}\r\n`)
    const head = `${method} ${ADDRESS} HTTP/1.1\r\n${lines.join('')}\r\n`
    expect(await heardByBlocking(Buffer.concat([Buffer.from(head), Buffer.alloc(size, 0x20)]))).toContain(
      `[${problem}]`,
    )
  })

  it('answers HEAD with the same head and no body', async () => {
    const { status, headers, json } = await send(Buffer.alloc(0), {}, 'HEAD')
    expect([status, headers.allow, json]).toEqual([405, 'POST', null])
  })

  it('leaves addresses that are not its own to the others', async () => {
    expect((await fetch(`${system.url()}/health`)).status).toBe(200)
    expect((await fetch(`${system.url()}/fsi/api/nothing`)).status).toBe(404)
  })
})

describe('a body that is too large', () => {
  const BYTES = 10 * 1024 * 1024

  /** Sends a part of a body, asks for something else meanwhile, sends the rest, and hears the answer. */
  async function inTwoParts(path: string, type: string) {
    const { hostname, port } = new URL(system.url())
    const socket = connect(Number(port), hostname)
    let heard = ''
    socket.on('data', (bytes) => {
      heard += bytes.toString()
    })
    const ended = once(socket, 'close').catch((cause: Error) => {
      heard += cause.message
    })
    const head = `POST ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: ${type}\r\nconnection: close`
    socket.write(`${head}\r\ncontent-length: ${BYTES}\r\n\r\n`)
    const half = Buffer.alloc(BYTES / 2, ' ')
    await new Promise<void>((sent) => socket.write(half, () => sent()))
    for (let each = 0; each < 3; each += 1) await fetch(`${system.url()}/health`)
    const early = heard
    socket.write(half)
    await ended
    return { early, status: /^HTTP\/1\.1 (\d+)/.exec(heard)?.[1] ?? heard }
  }

  // Whoever sends everything before reading hears a reset instead of an answer that came in the middle.
  it.each([
    [ADDRESS, 'application/json', '200'],
    ['/v1/encounters', 'application/json', '400'],
    ['/v1/codes/translate', 'application/json', '413'],
    ['/fhir/r4/ConceptMap/$translate', 'application/fhir+json', '413'],
    ['/fhir/r5/ConceptMap', 'application/fhir+json', '403'],
    ['/v1/nowhere', 'application/json', '404'],
  ])('is read past before it is refused: %s', async (path, type, status) => {
    expect(await inTwoParts(path, type)).toEqual({ early: '', status })
  })
})
