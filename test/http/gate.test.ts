/** Web pages of others get past no door by host name or origin, and an open listener demands that callers are set. */
import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { isLoopback, readConfig, requireCallers } from '../../src/config.ts'
import { openGate } from '../../src/http/gate.ts'

const judged = (
  headers: Record<string, string>,
  { method = 'POST', localAddress = '10.1.2.3', ...names }: Record<string, unknown> = {},
) => {
  const gate = openGate({
    host: '0.0.0.0',
    hosts: ['gw.hospital.cn'],
    publicUrl: 'https://codes.example.cn/a',
    ...names,
  })
  const incoming = { method, headers, socket: { localAddress } } as unknown as IncomingMessage
  try {
    gate(incoming)
    // What was let in once is let in again.
    gate(incoming)
    return 'in'
  } catch (cause) {
    return (cause as { code: string }).code
  }
}

describe('openGate()', () => {
  it.each([
    ['127.0.0.1:8080', 'in'],
    ['127.9.9.9', 'in'],
    ['LocalHost:80', 'in'],
    ['[::1]:8080', 'in'],
    ['10.1.2.3:8080', 'in'],
    ['gw.hospital.cn', 'in'],
    ['GW.hospital.cn.:443', 'in'],
    ['codes.example.cn', 'in'],
    ['10.1.2.4', 'foreign-host'],
    ['page.example', 'foreign-host'],
    ['127.0.0.1.page.example', 'foreign-host'],
    ['localhost.page.example:8080', 'foreign-host'],
    ['', 'foreign-host'],
  ])('judges the host %s: %s', (host, verdict) => {
    expect(judged({ host }, { method: 'GET' })).toBe(verdict)
  })

  it('takes the name where it listens, an address of both kinds, and HTTP/1.0 without a host', () => {
    expect(judged({ host: 'inner:1' }, { host: 'inner' })).toBe('in')
    expect(judged({ host: '10.1.2.3' }, { localAddress: '::ffff:10.1.2.3' })).toBe('in')
    expect(judged({})).toBe('in')
  })

  it('believes no forwarded header', () => {
    expect(
      judged({
        host: 'page.example',
        'x-forwarded-host': 'gw.hospital.cn',
        forwarded: 'host=gw.hospital.cn',
      }),
    ).toBe('foreign-host')
  })

  const host = '127.0.0.1:8080'
  it.each<[Record<string, string>, string]>([
    [{}, 'in'],
    [{ origin: 'http://127.0.0.1:8080' }, 'in'],
    [{ origin: 'http://127.0.0.1:8081' }, 'cross-site'],
    [{ origin: 'https://page.example' }, 'cross-site'],
    [{ origin: 'null' }, 'cross-site'],
    [{ origin: 'https://gw.hospital.cn' }, 'in'],
    [{ origin: 'https://codes.example.cn:8443' }, 'in'],
    [{ 'sec-fetch-site': 'cross-site' }, 'cross-site'],
    [{ 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:8080' }, 'cross-site'],
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://gw.hospital.cn' }, 'in'],
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://proxy.example' }, 'in'],
    [{ 'sec-fetch-site': 'none' }, 'in'],
  ])('judges a change that comes with %j: %s', (headers, verdict) => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      expect(judged({ host, ...headers }, { method }), method).toBe(verdict)
    }
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      expect(judged({ host, ...headers }, { method })).toBe('in')
  })

  it('repeats of a host only what a name is made of', () => {
    const gate = openGate({ host: '127.0.0.1', hosts: [], publicUrl: null })
    const headers = { host: `a<script>"${'b'.repeat(300)}` }
    const act = () => gate({ method: 'GET', headers, socket: {} } as unknown as IncomingMessage)
    expect(act).toThrow(/^请求所用的主机名“ascriptb{93}”/)
  })

  it('remembers a thousand spellings of its names and no more, and lets the others in as well', () => {
    const gate = openGate({ host: '0.0.0.0', hosts: [], publicUrl: null })
    let looks = 0
    const socket = {
      get localAddress() {
        looks += 1
        return '10.1.2.3'
      },
    }
    const ask = (port: number) =>
      gate({ method: 'GET', headers: { host: `10.1.2.3:${port}` }, socket } as unknown as IncomingMessage)
    const round = () => {
      looks = 0
      for (let port = 1; port <= 3_000; port += 1) ask(port)
      return looks
    }
    expect([round(), round()]).toEqual([3_000, 2_000])
  })
})

describe('requireCallers()', () => {
  const settle = (more: Record<string, string>) => () => requireCallers(readConfig(more))
  it.each(['127.0.0.1', 'localhost', '::1', '127.1.1.1'])(
    'asks none where only this machine reaches %s',
    (host) => {
      expect(isLoopback(host)).toBe(true)
      expect(settle({ ZHIJIE_HOST: host })).not.toThrow()
    },
  )
  it.each(['0.0.0.0', '::', '10.1.2.3', 'gateway'])(
    'refuses to start at %s without callers, and says what to set',
    (host) => {
      expect(settle({ ZHIJIE_HOST: host })).toThrow(
        /no callers are set.*ZHIJIE_CALLERS.*ZHIJIE_OPEN_TO_ALL=yes/,
      )
      expect(settle({ ZHIJIE_HOST: host, ZHIJIE_CALLERS: 'callers.json' })).not.toThrow()
      expect(settle({ ZHIJIE_HOST: host, ZHIJIE_OPEN_TO_ALL: 'yes' })).not.toThrow()
    },
  )
})
