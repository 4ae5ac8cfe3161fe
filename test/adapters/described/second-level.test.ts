/** `infcode` 0 is no yes where the second level says no: of the message, of one leg of it, or of single rows. */
import { describe, expect, it } from 'vitest'
import national from '../../../adapters/000000-national/index.ts'
import type { Reply } from '../../../src/extension/reply.ts'
import { Unproven } from '../../../src/extension/unproven.ts'
import { AREAS, answered, type Province, sample, take } from './support.ts'

function told(infno: string, province: Province, output: unknown, rows = 1): Reply {
  return national.decode(take(infno, sample(infno, province, { rows }), AREAS[province]), answered(output))
}

const refusedIn = (reply: Reply) => (reply.verdict === 'yes' ? reply.refused : reply)

describe('of the message', () => {
  it.each<[Province, string]>([
    ['42', '湖北'],
    ['22', '吉林'],
    ['', 'a province of which nothing is known'],
  ])('in %j (%s) retRslt 0 in result refuses it, with the sentence of the platform', (province) => {
    const no = told('3505', province, { result: { retRslt: '0', msgRslt: '批次不存在' } })
    expect(no).toEqual({ verdict: 'no', reason: null, text: '批次不存在' })
    expect(told('3505', province, { result: { retRslt: 0 } })).toMatchObject({
      verdict: 'no',
      text: '平台未说明原因',
    })
    expect(told('3505', province, { result: { retRslt: '1' } })).toMatchObject({ verdict: 'yes' })
  })

  it('a flag that is false refuses it, as truth value and as text', () => {
    for (const flag of [false, 'false', '0'])
      expect(told('7207', '43', { data: { flag } })).toMatchObject({ verdict: 'no' })
    for (const flag of [true, 'true', undefined])
      expect(told('7207', '43', { data: { flag } })).toMatchObject({ verdict: 'yes' })
  })

  it('an identity number in the sentence is not repeated', () => {
    const no = told('3505', '42', { result: { retRslt: '0', msgRslt: '人员11010519491231002X未参保' } })
    expect(JSON.stringify(no)).not.toContain('11010519491231002X')
  })
})

describe('of one leg', () => {
  it('a refund that is half done is no outcome; one that failed is a no, one that is done a yes', () => {
    const refund = (refStatus: string) => () => told('6203', '', { data: { refStatus } })
    expect(refund('EXP')).toThrow(Unproven)
    expect(refund('FAIL')()).toMatchObject({ verdict: 'no' })
    expect(refund('SUCC')()).toMatchObject({ verdict: 'yes' })
  })
})

describe('of rows', () => {
  const key = (row: number) => ({
    fixmedins_hilist_id: row === 0 ? 'fixmedins_hilist_id' : `fixmedins_hilist_id${row}`,
    fixmedins_bchno: row === 0 ? 'fixmedins_bchno' : `fixmedins_bchno${row}`,
  })

  it('every row is answered in the order of the request: those with 0 are refused, the others stand', () => {
    const rows = ['1', '0', '1'].map((retRslt, row) => ({
      ...key(row),
      retRslt,
      msgRslt: retRslt === '0' ? '码已用' : '',
    }))
    expect(refusedIn(told('3505A', '43', { selinfoDetail: rows }, 3))).toEqual({
      sent: 3,
      rows: [{ row: 1, text: '码已用' }],
    })
  })

  it('only refused rows are listed: a row that is not there stands, one is found by its keys', () => {
    const listed = [{ ...key(2), retRslt: '0', msgRslt: '库存不足' }]
    expect(refusedIn(told('3506A', '43', { selinfoErrDetail: listed }, 3))).toEqual({
      sent: 3,
      rows: [{ row: 2, text: '库存不足' }],
    })
    expect(refusedIn(told('3506A', '43', { selinfoErrDetail: [] }, 3))).toBeUndefined()
    expect(refusedIn(told('3506A', '43', null, 3))).toBeUndefined()
  })

  it('a listed row that names none of ours is told without a place', () => {
    const reply = told('3506A', '43', { selinfoErrDetail: [{ fixmedins_bchno: 'X', retRslt: '0' }] }, 2)
    expect(refusedIn(reply)).toEqual({ sent: 2, rows: [{ row: null, text: '平台未说明原因' }] })
  })

  it('all rows refused is a refusal of the message that says why', () => {
    const rows = [0, 1].map((row) => ({ ...key(row), retRslt: '0', msgRslt: '批次不存在' }))
    expect(told('3505A', '43', { selinfoDetail: rows }, 2)).toEqual({
      verdict: 'no',
      reason: null,
      text: '全部2行均未受理。第1行：批次不存在；第2行：批次不存在',
    })
  })
})
