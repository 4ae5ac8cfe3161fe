/** What a platform's "no" proves: sentences that end a message, and those after which it is looked for. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import national from '../../adapters/000000-national/index.ts'
import type { Weight } from '../../src/extension/reply.ts'
import { answered, bytes, messageOf } from './fixtures.ts'

const MONEY = ['2207', '2304', '2208', '2305', '2601']

/** What the dialect makes of a refusal. */
function weightOf(operation: string, err_msg: string, status = 200): Weight | string {
  const message = messageOf(operation)
  const body = answered(operation, { infcode: -1, err_msg, output: null })
  const reply = national.decode(message, body, { status, repeated: false })
  return reply.verdict === 'no' ? national.weigh(message, reply) : reply.verdict
}

describe('weigh()', () => {
  it.each([
    '参保地医保系统处理超时，请稍后重试',
    '系统繁忙',
    '系统忙，请稍后再试',
    'Read timed out',
    'java.net.SocketTimeoutException: connect timed out',
    '网络异常',
    '网络连接失败',
    '连接被重置',
    'Connection reset by peer',
    'I/O error on POST request',
    '服务不可用',
    '当前服务器繁忙',
    'upstream request timeout',
    'HTTP 502 Bad Gateway',
    '调用参保地接口未响应',
    '请求过于频繁，请稍后重试',
    'E504 调用超时',
    'E101 转发超时，请稍后重试',
  ])('takes “%s” for silence, whatever was asked', (text) => {
    for (const operation of [...MONEY, '2201', '2204', '2206', '5203']) {
      expect(weightOf(operation, text)).toBe('silence')
    }
  })

  it.each([
    '系统异常',
    'ORA-00060: deadlock detected',
    'java.lang.NullPointerException',
    '未知错误',
    '数据库异常',
  ])('takes “%s” for no evidence: it may have come after the booking', (text) => {
    for (const operation of [...MONEY, '2201', '2204', '5203'])
      expect(weightOf(operation, text)).toBe('doubt')
  })

  it.each(['', '失败', '999', '该就诊已结算', '重复的结算请求', 'E205 起付线未知', 'E704 平台暂不可达'])(
    'takes “%s” for no evidence where money moves',
    (text) => {
      for (const operation of MONEY) expect(weightOf(operation, text)).not.toBe('final')
    },
  )

  it.each([
    '返回报文格式错误',
    '返回报文解析失败，格式有误',
    '参保地返回结果不能为空',
    '响应报文验签不通过',
    '应答不合法',
    '返回流水号与请求不一致',
    '服务暂不支持访问，请稍后再试',
    '结算已受理，结果未通过查询返回',
    '日终处理中，系统不支持交易',
    '两地数据不一致，请对账',
  ])('takes “%s” for no evidence where money moves: the party behind may have booked', (text) => {
    for (const operation of MONEY) expect(weightOf(operation, text)).not.toBe('final')
  })

  it.each([
    '就诊凭证编号不能为空(trace0002@host)',
    '就诊凭证编号不能为空(trace0002@gateway-reset-502)',
    '参保人未办理异地就医备案(trace0001@host)',
    '参保人未办理异地就医备案，请备案后重新提交',
    '参保地已停保',
    '医保目录编码不存在',
    '费用总额与明细合计不一致',
    'E101 未办理异地就医备案，备案后请稍后重试',
  ])('takes “%s” for final', (text) => {
    for (const operation of MONEY) expect(weightOf(operation, text)).toBe('final')
  })

  it('takes any sentence of a withdrawal, a question or an upload for final that tells of no fault', () => {
    for (const operation of ['2205', '2204', '2206', '1101'])
      expect(weightOf(operation, '失败')).toBe('final')
  })

  it('takes every refusal of the simulated platforms for final, but those that say that somebody did not answer', () => {
    const folder = join(import.meta.dirname, '../../src/simulator')
    const files = readdirSync(folder).filter((file) => file.endsWith('.ts'))
    const sentences = files.flatMap((file) => [
      ...readFileSync(join(folder, file), 'utf8').matchAll(/new Refusal\(\s*'(E\d+)',\s*['`]([^'`]+)['`]/g),
    ])
    expect(sentences.length).toBeGreaterThan(50)
    for (const [, reason, text] of sentences) {
      const expected = { E701: 'unclear', E702: 'later' }[reason!] ?? 'final'
      for (const operation of MONEY) expect(weightOf(operation, `${reason} ${text}`), text).toBe(expected)
    }
  })
})

describe('decode() by the status', () => {
  it.each([500, 502, 503, 504])(
    'takes an answer with status %d for none, whatever stands below it',
    (status) => {
      for (const members of [{ infcode: -1, err_msg: 'E101 未备案', output: null }, {}]) {
        const heard = { status, repeated: false }
        expect(() => national.decode(messageOf('2207'), answered('2207', members), heard)).toThrow(RangeError)
      }
    },
  )

  it.each([
    [401, bytes({ infcode: -1, err_msg: '系统繁忙' })],
    [401, Buffer.from('<html>401 Authorization Required</html>')],
    [200, bytes({ code: 401, message: 'signature expired' })],
  ])('takes %d of a gateway for a "no" before anything was done', (status, body) => {
    const message = messageOf('2207')
    const reply = national.decode(message, body, { status, repeated: false })
    expect(reply).toMatchObject({ verdict: 'no', final: true, text: expect.stringContaining('本笔未办理') })
    if (reply.verdict === 'no') expect(national.weigh(message, reply)).toBe('final')
  })

  it.each([301, 400, 403, 404, 429])(
    'takes a yes under status %d for no answer, by its bytes or not',
    (status) => {
      for (const operation of ['2207', '2203']) {
        const heard = { status, repeated: false }
        const decode = () => national.decode(messageOf(operation), answered(operation, {}), heard)
        expect(decode).toThrow(RangeError)
      }
    },
  )

  it('goes by the envelope of a "no" under any other status', () => {
    expect(weightOf('2207', 'E101 未备案', 400)).toBe('final')
    expect(weightOf('2207', '系统繁忙', 400)).toBe('silence')
  })
})
