/** What a platform answers reaches a REST caller field by field, or it stands below why it does not. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import national from '../../../adapters/000000-national/index.ts'
import type { Instant } from '../../../src/domain/day.ts'
import type { Message } from '../../../src/extension/dialect.ts'
import type { Reply } from '../../../src/extension/reply.ts'
import { createRestFormat } from '../../../src/http/rest/answer-format.ts'
import { answerOf } from '../../../src/http/rest/answers.ts'

type Node = Record<string, unknown>

const SENT = 'the caller sent it, or has it from the eligibility'

/** Fields that a REST answer leaves out, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'baseinfo.naty': 'nothing at the counter depends on it',
  'baseinfo.exp_content': 'each province puts something else there',
  'trtinfo.psn_no': SENT,
  'data.psn_no': SENT,
  'data.ipt_otp_no': SENT,
  'setlinfo.psn_part_am': 'another spelling of psn_part_amt, read where that is empty',
  'setlinfo.pdn_cash_pay': 'another spelling of psn_cash_pay, read where that is empty',
  'setlinfo.medins_setl_id': 'the same as messageId',
  ...Object.fromEntries(
    [
      ...['mdtrt_id', 'psn_no', 'psn_name', 'psn_cert_type', 'certno', 'gend', 'naty', 'brdy', 'age'],
      ...['insutype', 'psn_type', 'cvlserv_flag', 'mdtrt_cert_type'],
    ].map((field) => [`setlinfo.${field}`, SENT]),
  ),
  'result.cnt': SENT,
  'result.pric': SENT,
}

/** The fields of an output: nodes, and rows of nodes, of leaves. */
function fieldsOf(schema: z.ZodType): { node: string; field: string; rows: boolean }[] {
  const shape = (schema as z.ZodObject).shape as Record<string, z.ZodType>
  return Object.entries(shape).flatMap(([node, given]) => {
    const [section, rows] = sectionOf(given)
    return Object.keys(section?.shape ?? {}).map((field) => ({ node, field, rows }))
  })
}

function sectionOf(schema: z.ZodType): [z.ZodObject | null, boolean] {
  if (schema instanceof z.ZodObject) return [schema, false]
  if (schema instanceof z.ZodOptional) return sectionOf(schema.unwrap() as z.ZodType)
  if (schema instanceof z.ZodUnion) {
    const options = schema.options as z.ZodType[]
    const array = options.find((one) => one instanceof z.ZodArray)
    return array ? [(array as z.ZodArray<z.ZodObject>).element, true] : sectionOf(options.at(-1)!)
  }
  return [null, false]
}

const MONEY = {
  setl_id: 'S1',
  medfee_sumamt: '1',
  fund_pay_sumamt: '1',
  psn_part_amt: '1',
  acct_pay: '1',
  psn_cash_pay: '1',
  hosp_part_amt: '1',
  fulamt_ownpay_amt: '1',
  overlmt_selfpay: '0',
  preselfpay_amt: '0',
  inscp_scp_amt: '0',
}
const LINE = {
  feedetl_sn: 'F1',
  det_item_fee_sumamt: '1',
  fulamt_ownpay_amt: '1',
  overlmt_amt: '0',
  preselfpay_amt: '0',
  inscp_scp_amt: '0',
}

function answered(transaction: string, node: string, field: string, rows: boolean, value: string): string {
  const operation = national.operations[transaction]!
  const row = { ...(node === 'setlinfo' ? MONEY : node === 'result' && rows ? LINE : {}), [field]: value }
  const others = transaction.match(/^2[23]0[345678]$/) && node !== 'setlinfo' ? { setlinfo: MONEY } : {}
  const output: Node = { ...others, [node]: rows ? [row] : row }
  const message = { id: 'M1', operation, subject: { lines: [{ at: 'F1', amount: 100 }] } }
  return JSON.stringify(answerOf(message as unknown as Message, output))
}

const TRANSACTIONS = [
  ...['1101', '2001', '2501', '2201', '2401', '2204', '2301', '2206', '2207', '2208', '2303', '2304', '2305'],
]

describe('answerOf()', () => {
  for (const transaction of TRANSACTIONS) {
    it(`hands on every field of ${transaction} that a counter needs`, () => {
      const lost = fieldsOf(national.operations[transaction]!.output as z.ZodType)
        .filter(({ node, field }) => !LEFT_OUT[`${node}.${field}`])
        .filter(({ node, field, rows }) => {
          const [one, other] = field === 'feedetl_sn' ? ['F1', 'F2'] : ['1', '0']
          return (
            answered(transaction, node, field, rows, one!) ===
            answered(transaction, node, field, rows, other!)
          )
        })
        .map(({ node, field }) => `${node}.${field}`)
      expect(lost).toEqual([])
    })
  }

  it('names an identity by the platform’s word, else by its code, else not at all', () => {
    const output = {
      baseinfo: {},
      idetinfo: [
        { psn_idet_type: 'tekun', memo: '特困人员、孤儿', begntime: '2024-01-01 00:00:00', endtime: '' },
        { psn_idet_type: '2303' },
        { psn_idet_type: '999', psn_type_lv: '2' },
      ],
    }
    const message = { id: 'M1', operation: national.operations['1101'], subject: {} } as unknown as Message
    expect(answerOf(message, output).identities).toEqual([
      { type: 'tekun', name: '特困人员、孤儿', level: null, from: '2024-01-01 00:00:00', until: null },
      { type: '2303', name: '低保救助对象', level: null, from: null, until: null },
      { type: '999', name: null, level: '2', from: null, until: null },
    ])
  })
})

describe('restVoice.yes()', () => {
  const message = { id: 'M1', operation: national.operations['2402'], subject: {} } as unknown as Message
  const said = (warn_msg: unknown) => {
    const body = Buffer.from(JSON.stringify({ infcode: 0, warn_msg, output: null }))
    const reply = national.decode(message, body) as Extract<Reply, { verdict: 'yes' }>
    return JSON.parse(
      createRestFormat()
        .success(message, { ...reply, own: null }, 0 as Instant, 'A')
        .toString(),
    )
  }

  it('hands on a warning, without an identity number', () => {
    expect(said('待遇即将到期')).toMatchObject({ warning: '待遇即将到期' })
    expect(said('99000019900101001X').warning ?? '').not.toContain('19900101')
  })

  it('says nothing where the platform warned of nothing', () => {
    for (const nothing of [null, '', undefined]) expect(said(nothing)).not.toHaveProperty('warning')
  })
})

describe('what is claimed at the insured place later', () => {
  const told = (exp_content: unknown) => {
    const output = { setlinfo: { ...MONEY, exp_content }, setldetail: [] }
    const message = { id: 'M1', operation: national.operations['2207'], subject: {} } as unknown as Message
    return answerOf(message, output).claimLater
  }

  it('is told by fund type, in fen', () => {
    expect(told('{"CLAIM_LATER":{"370100":"12.34","610100":"5"}}')).toEqual([
      { type: '370100', amountFen: 1234 },
      { type: '610100', amountFen: 500 },
    ])
  })

  it.each([
    undefined,
    '',
    '{}',
    '[]',
    'null',
    '某省扩展',
    '{"CLAIM_LATER":7}',
    '{"CLAIM_LATER":{"370100":"x"}}',
  ])('is nothing where %j says nothing of it', (content) => {
    expect(told(content)).toEqual([])
  })
})
