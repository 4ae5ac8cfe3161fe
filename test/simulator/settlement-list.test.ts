/** A settlement list is taken where it is that of its settlement to the fen, and moves only as its states allow. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, dischargeStay, filedEmployee, folder, mustDo, startNation, stay } from './support.ts'

const room = folder()
const person = filedEmployee()
let nation: Awaited<ReturnType<typeof startNation>>
// biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field
let settled: any
let setlinfo: Record<string, unknown>

beforeAll(async () => {
  nation = await startNation(room.path)
  settled = await settle()
  setlinfo = headOf(settled)
})
afterAll(async () => {
  await nation.close()
  room.remove()
})

const must = (infno: string, input: unknown, more = {}) => mustDo(nation.national, infno, input, more)
const no = async (infno: string, input: unknown, more = {}) => {
  const answer = await ask(nation.national, infno, input, more)
  expect(answer.infcode).toBe(-1)
  return answer.err_msg
}

async function settle() {
  const { id, request } = await stay(nation.national, person)
  await dischargeStay(nation.national, person, id)
  return (await must('2304', request)).setlinfo
}
const headOf = ({ mdtrt_id, setl_id }: Record<string, string>) => ({
  ...{ mdtrt_id, setl_id, psn_no: person.number, bill_code: 'B', bill_no: '1' },
  ...{ medins_fill_dept: '病案室', medins_fill_psn: '甲', dscg_way: '1', chfpdr_code: 'D1' },
})
/** The list of the settlement, with the money of the older form. */
function list(head: Record<string, unknown> = {}, nodes: Record<string, unknown> = {}) {
  const { medfee_sumamt: total, fund_pay_sumamt, psn_part_amt, acct_pay, psn_cash_pay } = settled
  return {
    setlinfo: {
      ...setlinfo,
      ...{ psn_selfpay: psn_part_amt, psn_ownpay: 0, acct_pay, psn_cashpay: psn_cash_pay, ...head },
    },
    payinfo: [
      { fund_pay_type: '310100', fund_payamt: fund_pay_sumamt },
      { fund_pay_type: '310200', fund_payamt: acct_pay },
    ],
    diseinfo: [{ diag_type: '1', diag_code: 'I10', diag_name: '高血压', maindiag_flag: '1' }],
    iteminfo: [
      { med_chrgitm: '14', amt: total, claa_sumfee: total, clab_amt: 0, fulamt_ownpay_amt: 0, oth_amt: 0 },
    ],
    ...nodes,
  }
}
const moved = (stas_type: string, setl_id = setlinfo.setl_id) => ({
  data: { stastinfo: [{ psn_no: person.number, setl_id, stas_type }] },
})
const shown = async () =>
  (await must('4103', { data: { psn_no: person.number, setl_id: setlinfo.setl_id } })).setlinfo

describe('4101 结算清单上传', () => {
  it.each([
    ['a fen more of cash', { psn_cashpay: 0.01 }, {}, '个人现金支付'],
    ['another share of the person', { psn_selfpay: 1 }, {}, '个人自付与个人自费之和'],
    [
      'another sum of the funds',
      {},
      { payinfo: [{ fund_pay_type: '310100', fund_payamt: 1 }] },
      '基金支付合计',
    ],
    ['no bill code', { bill_code: '' }, {}, '票据代码不能为空'],
    ['no filling department', { medins_fill_dept: '' }, {}, '医疗机构填报部门不能为空'],
    ['an infant without days', { age: 0.5 }, {}, '不足1周岁'],
    ['a weight to the gram', { nwb_bir_wt: 3105 }, {}, '10克'],
    ['a duration of another form', { vent_used_dura: '24h' }, {}, '天/小时/分钟'],
    ['a receiver where nobody takes over', { acp_medins_name: '甲' }, {}, '离院方式为2或3'],
    ['a count that is not that of the rows', { diag_code_cnt: 2 }, {}, '1行不一致'],
    [
      'an empty diagnosis row',
      {},
      { diseinfo: [{ diag_type: '3', diag_code: '', diag_name: '' }] },
      '空行不上传',
    ],
    [
      'one operation twice at the same minute',
      {},
      { oprninfo: [1, 2].map(() => ({ oprn_oprt_code: '1', oprn_oprt_begntime: '2026-06-11 09:00' })) },
      '同一时间重复',
    ],
    ['a name that is another', { psn_name: '别人' }, {}, 'psn_name与结算记录不一致'],
    ['a settlement of nobody', { setl_id: 'NOBODY' }, {}, '未查询到结算清单对应的结算记录'],
  ] as const)('with %s is refused', async (_, head, nodes, told) => {
    expect(await no('4101', list(head, nodes))).toContain(told)
  })

  it('tells all faults at once, and is nobody else’s to send', async () => {
    const told = await no('4101', list({ bill_code: '', bill_no: '', age: 0.5 }))
    expect(told).toContain('有3处不符')
    expect(await no('4101', list(), { institution: 'H44010000002' })).toContain('未查询到')
  })

  it('is a draft that is replaced, then submitted, judged, and fixed', async () => {
    const { setl_list_id } = await must('4101', list())
    expect(setl_list_id).toHaveLength(9)
    expect(await must('4101', list({ chfpdr_code: '' }))).toEqual({ setl_list_id })
    expect((await shown()).stas_type).toBe('0')
    expect(await no('4102', moved('2'))).toContain('清单草稿，不能改为审核通过')
    expect(await no('4102', moved('1', 'NOBODY'))).toContain('未查询到')
    await must('4102', moved('1'))
    expect(await shown()).toMatchObject({
      stas_type: '3',
      setl_list_sn: setl_list_id,
      certno: person.document,
    })
    const [finding] = await must('4104', { data: { setl_id: setlinfo.setl_id } })
    expect(finding).toMatchObject({ qltctrl_rslt: '0', retn_flag: '1' })
    expect(finding.detailinfo).toMatchObject([
      { exam_data_fld: 'chfpdr_code', qltctrl_chkrslt: '未填写主诊医师代码' },
    ])
    await must('4102', moved('0'))
    await must('4101', list({ stas_type: '1' }))
    expect((await shown()).stas_type).toBe('2')
    expect(await no('4102', moved('0'))).toContain('清单审核通过')
    expect(await no('4101', list())).toMatch(/^E504 .*不能再上传/)
  })

  it('of a settlement that was cancelled is refused', async () => {
    const other = await settle()
    const { mdtrt_id, setl_id } = other
    await must('2305', { data: { mdtrt_id, setl_id, psn_no: person.number } })
    expect(await no('4101', { setlinfo: headOf(other) })).toContain('已撤销')
  })

  it('4101A is the same without money and identity; 4105 counts stays with and without one', async () => {
    settled = await settle()
    setlinfo = headOf(settled)
    const asked = { data: { fixmedins_code: 'H44010000001' } }
    expect(await must('4105', asked)).toEqual({ needUploadCnt: 2, uploadedCnt: 1 })
    await must('4101A', { setlinfo })
    expect(await must('4105', asked)).toEqual({ needUploadCnt: 2, uploadedCnt: 2 })
    const other = { treatment: '430100' }
    const [finding] = await must('4104', { data: { setl_id: setlinfo.setl_id } }, other)
    expect(finding).toMatchObject({ qltctrl_rslt: '1', detailinfo: [] })
  })
})
