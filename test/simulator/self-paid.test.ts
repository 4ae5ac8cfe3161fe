/** What was paid whole is not settled directly, nor what was settled uploaded as self-paid; its sum is reconciled. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, filedEmployee, folder, mustDo, outpatient, startNation } from './support.ts'

const room = folder()
const person = filedEmployee()
let nation: Awaited<ReturnType<typeof startNation>>
beforeAll(async () => {
  nation = await startNation(room.path)
})
afterAll(async () => {
  await nation.close()
  room.remove()
})

const CODE = 'H44010000001'
const must = (infno: string, input: unknown, more = {}) => mustDo(nation.national, infno, input, more)
const told = async (infno: string, input: unknown, more = {}) =>
  (await ask(nation.national, infno, input, more)).err_msg

/** A bill of 33.35 and 15.80 yuan. */
const bill = (mdtrtId: string, visit: Record<string, unknown> = {}) => ({
  fmiOwnpayPatnMdtrtDDTO: {
    ...{ mdtrtId, fixmedinsCode: CODE, psnCertType: '01', certno: person.document, valiFlag: '1' },
    ...visit,
  },
  fmiOwnpayPatnFeeListDDTO: [33.35, 15.8].map((detItemFeeSumamt) => ({ detItemFeeSumamt, valiFlag: '1' })),
  upType: '1',
})
const sum = (mdtrtId: string, totalFeeSumamt: unknown) => ({ mdtrtId, fixmedinsCode: CODE, totalFeeSumamt })
const page = { fixmedinsCode: CODE, pageNum: 1, pageSize: 10 }

describe('4261 自费上传', () => {
  it('keeps the visit from being settled directly until it is taken back', async () => {
    const { id, request } = await outpatient(nation.national, person)
    expect(await must('4261', bill(id))).toMatchObject({ code: '0', type: 'success' })
    expect(await told('2207', request)).toMatch(/^E504 该就诊已按自费上传/)
    await must('4261', bill(id, { valiFlag: '0' }))
    await must('2207', request)
  })

  it('is refused of what was settled, under either number of the visit, until that is cancelled', async () => {
    const { id, request } = await outpatient(nation.national, person)
    const { setlinfo } = await must('2207', request)
    expect(await told('4261', bill(id))).toMatch(/^E504 该就诊已直接结算/)
    expect(await told('4261', bill('OWN', { iptOpNo: id }))).toMatch(/^E504 /)
    const { setl_id } = setlinfo
    await must('2208', { data: { setl_id, mdtrt_id: id, psn_no: person.number } })
    await must('4261', bill(id))
  })

  it('of another institution, or with an amount below a fen, is refused', async () => {
    expect(await told('4261', bill('X1', { fixmedinsCode: 'H44010000002' }))).toContain('与报文头不一致')
    const odd = { ...bill('X1'), fmiOwnpayPatnFeeListDDTO: [{ detItemFeeSumamt: '1.005', valiFlag: '1' }] }
    expect(await told('4261', odd)).toContain('精确到分')
  })
})

describe('4262 and 4263', () => {
  it('say 1 where the sum is that of the lines, and list what is not', async () => {
    await must('4261', bill('S1'))
    expect((await must('4262', sum('S1', '49.150000'))).data.stmtResult).toBe('1')
    expect((await must('4263', page)).data.Data).toEqual([])
    const { data } = await must('4262', sum('S1', 49.16))
    expect(data).toEqual({ stmtResult: '0', stmtRema: '机构49.16元、中心49.15元' })
    const listed = { mdtrtId: 'S1', totalFeeSumamt: '49.16', uploadedSumamt: '49.15' }
    expect((await must('4263', page)).data).toMatchObject({ recordCounts: 1, Data: [listed] })
    expect((await must('4262', sum('NOBODY', 1))).data.stmtResult).toBe('0')
  })
})
