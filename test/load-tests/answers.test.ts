/** An answer is understood by the code in front of its words, and says nothing by which somebody could be known. */
import { describe, expect, it } from 'vitest'
import { serverTimes, understand, withoutNumbers } from '../../load-tests/kit/answers.ts'
import { GatewayError, PROBLEMS, type ProblemCode } from '../../src/domain/problems.ts'
import { counterText } from '../../src/pipeline/answer-format.ts'

const table = Object.entries(PROBLEMS).map(([code, row]) => ({ type: `/problems/${code}`, ...row }))
const no = (err_msg: string) => understand({ infcode: -1, err_msg }, table)
const told = (code: ProblemCode, detail: string) =>
  no(`[${code}] ${counterText(new GatewayError(code, 'dispatch', detail))}`)

describe('understand()', () => {
  it.each<[ProblemCode, string, string]>([
    ['fund-refused', '未查询到有效的异地就医备案', 'refused'],
    ['bad-codes', '第1行', 'refused'],
    ['destination-down', '国家平台（参保地：广东省）暂时无法连接，未发出，未发生费用', 'unsent'],
    ['destination-down', '省平台（广东省）未返回有效应答，查询未完成，未发生费用', 'unanswered'],
    ['outcome-unknown', '省平台（广东省）未返回有效应答，可能已办理', 'unknown'],
    ['journal-down', '磁盘已满', 'unsent'],
    ['internal-fault', '网关内部错误，请先查询结果', 'unknown'],
  ])('reads %s (%s) as %s', (code, detail, outcome) => {
    expect(told(code, detail)).toMatchObject({ outcome, title: PROBLEMS[code].title })
  })

  it('reads a yes, and the reason in front of a sentence', () => {
    expect(understand({ infcode: 0 }, table)).toMatchObject({ outcome: 'yes', text: '' })
    expect(understand({ infcode: '0' }, table).outcome).toBe('yes')
    expect(no('E101 平台拒绝：未备案')).toMatchObject({ code: 'E101', text: '平台拒绝：未备案' })
  })
})

describe('withoutNumbers()', () => {
  it.each([
    ['证件990034198001010017无效', '证件…无效'],
    ['证件99003419800101001X无效', '证件…无效'],
    ['人员34010499000000000000000001', '人员…'],
    ['报文H34010290001202603020800000001已冲正', '报文…已冲正'],
    ['电话13800000000', '电话…'],
    ['凭证99000000ECTOKEN00000000044000001', '凭证…'],
  ])('of %s leaves %s', (text, left) => {
    expect(withoutNumbers(text)).toBe(left)
  })

  it('leaves areas, transactions and days', () => {
    const text = '参保省440000交易2207于2026-03-02'
    expect(withoutNumbers(text)).toBe(text)
  })
})

describe('serverTimes()', () => {
  it('reads every part that is there, in any order, and parts that it does not know', () => {
    const header =
      'own;dur=1.500, queue;desc="waiting";dur=0.2, commit;dur=3, counterpart;dur=20.25, late;dur=1'
    expect(serverTimes(header)).toEqual({ own: 1.5, queue: 0.2, commit: 3, counterpart: 20.25, late: 1 })
  })

  it('of no header is empty', () => {
    expect(serverTimes(undefined)).toEqual({})
  })
})
