/** What the counter reads: what happened and what to do, and nothing twice. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { GatewayError, PROBLEMS, type ProblemCode } from '../../src/domain/problems.ts'
import { gatewayBusy } from '../../src/http/busy.ts'
import { problemDocument } from '../../src/http/problem.ts'
import { inOurNames } from '../../src/http/rest/own-names.ts'
import { encounterBusy, journalDown, keyConflict, stillInFlight } from '../../src/journal/noes.ts'
import { counterText } from '../../src/pipeline/answer-format.ts'
import { notReady } from '../../src/pipeline/callers.ts'
import { budgetSpent, unknownOutcome } from '../../src/pipeline/refusals.ts'

const told = (code: ProblemCode, detail: string) => counterText(new GatewayError(code, 'receive', detail))

describe('counterText()', () => {
  it.each<[ProblemCode, string, string]>([
    ['unknown-transaction', '不支持该交易编号infno', '不支持该交易编号infno'],
    [
      'institution-closed',
      '定点医药机构H62100290001未开通该类异地直接结算',
      '定点医药机构H62100290001未开通该类异地直接结算',
    ],
    ['bad-codes', '共1处编码不可用。F1', '共1处编码不可用。F1'],
    ['body-too-large', '报文超过1024KB', '报文超过1024KB'],
    [
      'destination-busy',
      '国家平台（参保地：广东省）繁忙，排队请求过多',
      '国家平台（参保地：广东省）繁忙，排队请求过多',
    ],
    ['fund-refused', '未查询到有效的异地就医备案', '平台拒绝：未查询到有效的异地就医备案'],
    ['invalid-field', 'msgid发送方报文ID不能为空', '字段缺失或不符合规范：msgid发送方报文ID不能为空'],
    ['outcome-unknown', '平台未返回有效应答', '结果未知：平台未返回有效应答'],
  ])('of %s, %s, is said once', (code, detail, sentence) => {
    expect(told(code, detail)).toBe(sentence)
  })

  it('of a visit whose other settlement is unknown says that nothing left and that no money is taken twice', () => {
    expect(counterText(encounterBusy())).toBe(
      '该就诊另有一笔结算或撤销结果未知，本次未发出。请勿重复收费，先查询那一笔的结果',
    )
  })

  it('has the title before what does not say by itself which problem it is, whatever words both have in common', () => {
    expect(told('destination-down', '国家平台（参保地：广东省）暂时无法连接')).toBe(
      '平台暂不可用：国家平台（参保地：广东省）暂时无法连接',
    )
    expect(told('bad-amounts', '费用总额不等于四项之和')).toBe('金额不平：费用总额不等于四项之和')
    expect(told('fund-refused', '平台拒绝了该交易')).toBe('平台拒绝：平台拒绝了该交易')
  })

  it('has no title before a list of bad lines, which says what is wrong with them', () => {
    const error = new GatewayError('bad-amounts', 'translate', '共1处金额不符或流水号有误。F1', { lines: [] })
    expect(counterText(error)).toBe('共1处金额不符或流水号有误。F1')
  })
})

describe('a detail that names what a request is sent again under', () => {
  const error = unknownOutcome(({ key }) => `平台答复“报文ID重复”，稍后用同一${key}重发`)

  it('is in the terms of the national interface for a counter and for the journal', () => {
    expect(error.message).toBe('平台答复“报文ID重复”，稍后用同一报文ID重发')
    expect(counterText(error)).toBe(`结果未知：${error.message}`)
  })

  it('is in those of REST in a problem document, and leaves the words of others as they are', () => {
    const { detail } = problemDocument(error, 'A')
    expect(detail).toBe('平台答复“报文ID重复”，稍后用同一Idempotency-Key重发')
  })

  it('keeps them where the fields are named as the request names them', () => {
    const named = inOurNames(
      new GatewayError('budget-spent', 'receive', ({ key }) => `psn_no：${key}`),
      {},
      { psn_no: 'person' },
    )
    expect(problemDocument(named, 'A').detail).toBe('person：Idempotency-Key')
  })

  it.each([
    keyConflict(),
    stillInFlight(),
    journalDown(null),
    gatewayBusy(),
    notReady(),
    budgetSpent('dispatch'),
  ])('tells a counter what it may be sent again under: %s', (one) => {
    expect(counterText(one)).toContain('报文ID')
    expect(problemDocument(one, 'A').detail).toMatch(/Idempotency-Key/)
    expect(problemDocument(one, 'A').detail).not.toContain('报文ID')
  })
})

/** Every detail in the sources that is one text beside the code of its problem. */
function detailsInSources(): [ProblemCode, string][] {
  const root = join(import.meta.dirname, '../..')
  const files = ['src', 'adapters'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(root, folder, name), 'utf8')),
  )
  const found = files.flatMap((text) => [
    ...text.matchAll(/new GatewayError\(\s*'([a-z-]+)',\s*'[a-z]+',\s*(?:'([^']+)'|`([^`]+)`)/g),
  ])
  return found.map(([, code, plain, filled]) => [
    code as ProblemCode,
    (plain ?? filled ?? '').replaceAll(/\$\{[^}]*\}/g, 'X'),
  ])
}

describe('details of the sources', () => {
  const details = detailsInSources()

  it('are found', () => expect(details.length).toBeGreaterThan(30))

  it.each(details)('%s: %s does not repeat its title', (code, detail) => {
    const sentence = told(code, detail)
    const { zh } = PROBLEMS[code]
    if (sentence.startsWith(`${zh}：${detail}`)) {
      const shared = [...zh].filter((character) => detail.includes(character)).length
      expect(shared / [...zh].length, sentence).toBeLessThan(0.7)
    }
  })
})
