/** A refusal of what was not sent says who, since when, that nothing was charged, and what to do next. */
import { describe, expect, it } from 'vitest'
import type { Instant } from '../../src/domain/day.ts'
import type { Message, OperationKind } from '../../src/extension/dialect.ts'
import { counterText } from '../../src/pipeline/answer-format.ts'
import type { Dispatched } from '../../src/pipeline/dispatch.ts'
import { refusalOf, retryAfterOf } from '../../src/pipeline/refusals.ts'
import type { Refused } from '../../src/transport/fault.ts'

const SINCE = Date.UTC(2026, 2, 2, 1, 12) as Instant

function refusal(kind: OperationKind, refused: Refused | null, platform: 'national' | '340000' = 'national') {
  const message = { operation: { kind }, insuredArea: '430902' } as unknown as Message
  const destination = { id: platform === 'national' ? 'national/430000' : platform, platform }
  const came: Dispatched = {
    destination,
    queueMs: 0,
    counterpartMs: 0,
    event: 'not-sent',
    reason: refused ? null : 'E702',
    text: refused ? '' : '参保地医保平台停机维护',
    refused,
  }
  const names: Record<string, string> = { '430000': '湖南省', '340000': '安徽省' }
  return refusalOf(message, came, (code) => names[code] ?? null)
}

const DOWN: Refused = { why: 'down', since: SINCE, againMs: 2_100 }

describe('refusalOf() what was not sent', () => {
  it('says who, since when, that nothing was charged, and what a patient can do', () => {
    const error = refusal('settlement', DOWN)
    expect(counterText(error)).toBe(
      '平台暂不可用：国家平台（参保地：湖南省）自09:12起无正常应答，已暂停发送，未发出，未发生费用。' +
        '请稍后用同一报文ID重发；病人不能等候的，可先全额自费结算，再凭发票、费用清单和病历资料向参保地经办机构申请手工报销',
    )
    expect(error.row).toMatchObject({ status: 503, retry: 'same-key' })
    expect(error.extra).toEqual({
      reason: 'E703',
      destination: 'national/430000',
      since: '2026-03-02 09:12:00',
      retryAfterSeconds: 3,
    })
  })

  it('of an announced stop gives the words of the platform, which had it and did nothing', () => {
    expect(counterText(refusal('write', null))).toBe(
      '平台暂不可用：国家平台（参保地：湖南省）答复“参保地医保平台停机维护”，本次未办理，未发生费用。请稍后用同一报文ID重发',
    )
    expect(refusal('query', null).message).toMatch(/。请稍后再查$/)
    expect(refusal('settlement', null).extra).toEqual({ reason: 'E702' })
  })

  it.each<[OperationKind, RegExp]>([
    ['write', /请稍后用同一报文ID重发$/],
    ['cancellation', /请稍后用同一报文ID重发$/],
    ['query', /请稍后再查/],
  ])('tells nobody to pay for a %s', (kind, text) => {
    expect(refusal(kind, DOWN).message).toMatch(text)
    expect(refusal(kind, DOWN).message).not.toContain('自费')
  })

  it.each<[Refused, string, string, number]>([
    [{ why: 'busy', since: null, againMs: 40 }, 'destination-busy', '繁忙', 1],
    [{ why: 'unreached', since: null, againMs: 5_000 }, 'destination-down', '暂时无法连接', 5],
    [{ why: 'late', since: null, againMs: 0 }, 'budget-spent', '等待时限已到', 1],
  ])('%o is %s', (refused, code, text, seconds) => {
    const error = refusal('settlement', refused, '340000')
    expect(error.code).toBe(code)
    expect(error.message).toContain(text)
    expect(error.message).toContain('未发出，未发生费用')
    expect(retryAfterOf(error)).toBe(seconds)
  })
})
