/** What the counter reads: what happened and what to do, and nothing twice. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { GatewayError, PROBLEMS, type ProblemCode } from '../../src/domain/problems.ts'
import { encounterBusy } from '../../src/journal/noes.ts'
import { counterText, saysItself } from '../../src/pipeline/voice.ts'

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
      '国家平台（参保地：广东省）繁忙，排队请求过多，可用同一报文ID重发',
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

  it('keeps the title of a detail that shares single words with it', () => {
    expect(saysItself('平台暂不可用', '国家平台（参保地：广东省）暂时无法连接')).toBe(false)
    expect(saysItself('金额不平', '费用总额不等于四项之和')).toBe(false)
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
