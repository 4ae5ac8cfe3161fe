/** 2601, 5203, 5201 and 5202: the reversal of what has no known outcome, and the queries that help to find one. */
import type { Operation } from '../../../src/extension/dialect.ts'
import { givenText, textOf } from '../claim.ts'
import {
  input2601,
  input5201,
  input5202,
  input5203,
  output5201,
  output5202,
  output5203,
} from '../schemas/outcome.ts'

type Row = Record<string, unknown>

/** Reversal, settlement query, visit query, diagnosis query. */
export const outcome: readonly Operation[] = [
  {
    transaction: '2601',
    name: 'reversal',
    title: '冲正交易',
    kind: 'reversal',
    path: 'reverseService/revsMethod',
    input: input2601,
    output: null,
    subject(input) {
      const data = input.data as Row
      return {
        person: givenText(data, 'psn_no'),
        original: { id: textOf(data, 'omsgid'), transaction: textOf(data, 'oinfno') },
      }
    },
    evidence: { resend: true },
  },
  {
    transaction: '5203',
    name: 'settlement-query',
    title: '结算信息查询',
    kind: 'query',
    path: 'fsiIntegratedQueryService/querySetlInfo',
    input: input5203,
    output: output5203,
    subject(input) {
      const data = input.data as Row
      return {
        person: givenText(data, 'psn_no'),
        encounter: givenText(data, 'mdtrt_id'),
        settlement: givenText(data, 'setl_id'),
      }
    },
  },
  {
    transaction: '5201',
    name: 'visit-query',
    title: '就诊信息查询',
    kind: 'query',
    path: null,
    input: input5201,
    output: output5201,
    subject: (input) => ({ person: givenText(input.data as Row, 'psn_no') }),
  },
  {
    transaction: '5202',
    name: 'diagnosis-query',
    title: '诊断信息查询',
    kind: 'query',
    path: null,
    input: input5202,
    output: output5202,
    subject(input) {
      const data = input.data as Row
      return { person: givenText(data, 'psn_no'), encounter: givenText(data, 'mdtrt_id') }
    },
  },
]
