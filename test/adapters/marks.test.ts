/** Marks of emergency and trauma are asked for as the rows of a place say, of persons from elsewhere. */
import { describe, expect, it } from 'vitest'
import national from '../../adapters/000000-national/index.ts'
import { admission, outpatientBill, type VisitOf } from '../../src/client/visit.ts'
import type { GatewayError } from '../../src/domain/problems.ts'
import { catalogue, message } from './described/support.ts'

const visit = (category: string): VisitOf => ({
  patient: {
    psn_no: '62100099000000000000000001',
    credential: { mdtrt_cert_type: '01', mdtrt_cert_no: 'T' },
    insutype: '310',
  },
  number: 'MZ1',
  category,
  at: '2026-11-30 09:00:00',
  diagnosis: { code: 'S72.000', name: '股骨颈骨折' },
})
const SUMS = {
  medfee_sumamt: 10,
  fulamt_ownpay_amt: 0,
  overlmt_selfpay: 0,
  preselfpay_amt: 0,
  inscp_scp_amt: 10,
}

/** What the gateway says of a message of a hospital in Hunan about somebody of Gansu; empty where it takes it. */
function told(infno: string, input: unknown, areas: { treatment?: string; insured?: string } = {}) {
  const { treatment = '430902', insured = '621000' } = areas
  try {
    const bytes = message(infno, input, treatment, { insuplc_admdvs: insured })
    national.read(national.open(bytes, null), {})
    return ''
  } catch (cause) {
    return (cause as GatewayError).message
  }
}

/** 2401 with marks. @param marks in `exp_content`, or with `beside` as fields of the node */
function admitted(category: string, marks: Record<string, string>, beside = {}) {
  const { mdtrtinfo, ...rest } = admission(visit(category)) as { mdtrtinfo: Record<string, unknown> }
  return { ...rest, mdtrtinfo: { ...mdtrtinfo, exp_content: JSON.stringify(marks), ...beside } }
}

function billed(category: string, marks?: Record<string, string>) {
  const { data } = outpatientBill(visit(category), 'V1', SUMS) as { data: Record<string, unknown> }
  return { data: marks ? { ...data, exp_content: JSON.stringify(marks) } : data }
}

describe('an admission', () => {
  it.each([
    ['13', { IPT_TYPE: '1' }, 'mdtrtinfo.exp_content med_type为13时，住院类型IPT_TYPE须为2'],
    ['13', { IPT_TYPE: '2' }, ''],
    ['22', {}, 'mdtrtinfo.exp_content med_type为22时，外伤标志TRUM_FLAG须为1'],
    ['22', { TRUM_FLAG: '1' }, 'mdtrtinfo.exp_content TRUM_FLAG为1时，涉及第三方标志REL_TTP_FLAG须为0或1'],
    ['22', { TRUM_FLAG: '1', REL_TTP_FLAG: '0' }, ''],
    [
      '21',
      { TRUM_FLAG: '1', REL_TTP_FLAG: '2' },
      'mdtrtinfo.exp_content TRUM_FLAG为1时，涉及第三方标志REL_TTP_FLAG须为0或1',
    ],
    ['21', {}, ''],
  ])('of %s with %j: %s', (category, marks, text) => {
    expect(told('2401', admitted(category, marks as Record<string, string>))).toBe(text)
  })

  it('may say its marks in fields of their own', () => {
    expect(told('2401', admitted('22', {}, { trum_flag: '1', rel_ttp_flag: '1' }))).toBe('')
    expect(told('2401', admitted('22', {}, { trum_flag: '1' }))).toMatch(/REL_TTP_FLAG/)
  })

  it('is judged by nobody else: the patient of the own city, another province’s text, marks that are no JSON', () => {
    expect(told('2401', admitted('22', {}), { insured: '430900' })).toBe('')
    expect(told('2401', admitted('22', {}), { treatment: '340102' })).toBe('')
    expect(told('2401', admitted('22', {}, { exp_content: '{' }))).toMatch(/TRUM_FLAG/)
  })
})

describe.each(['2206', '2207'])('%s', (infno) => {
  it.each([
    ['13', undefined, 'data.exp_content med_type为13时，门诊急诊转诊标志OTP_ER_REFL_FLAG须为1或3'],
    [
      '13',
      { OTP_ER_REFL_FLAG: '2' },
      'data.exp_content med_type为13时，门诊急诊转诊标志OTP_ER_REFL_FLAG须为1或3',
    ],
    ['13', { OTP_ER_REFL_FLAG: '3' }, ''],
    ['9903', { TRUM_FLAG: '1' }, 'data.exp_content TRUM_FLAG为1时，涉及第三方标志REL_TTP_FLAG须为0或1'],
    ['11', undefined, ''],
  ])('of %s with %j: %s', (category, marks, text) => {
    expect(told(infno, billed(category, marks as Record<string, string> | undefined))).toBe(text)
  })
})

it('every transaction whose row says so has rules at a place, and no other has', () => {
  const ruled = [...catalogue.heads.keys()].filter((number) =>
    catalogue.nodes(number, '43').input.some(({ fields }) => fields.some(({ marks }) => marks)),
  )
  const said = [...catalogue.heads.values()].filter(({ marks }) => marks).map(({ number }) => number)
  expect(ruled.sort()).toEqual(said.sort())
})
