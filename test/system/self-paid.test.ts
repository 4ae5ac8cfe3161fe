/** A self-paid bill through the whole system: answers without an envelope, paid once, found where it was lost. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  filedPerson,
  HOSPITAL,
  messageId,
  openVisit,
  type System,
  startSystem,
  timeNow,
  yes,
} from './support.ts'

let system: System
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.stop())

const bill = (mdtrtId: string, valiFlag = '1') => ({
  fmiOwnpayPatnMdtrtDDTO: {
    ...{ mdtrtId, fixmedinsCode: HOSPITAL, fixmedinsName: '示例医院（虚构）', psnCertType: '01' },
    ...{ certno: filedPerson().document, psnName: '示例', begntime: timeNow(), medType: '11' },
    ...{ inhospStas: '2', valiFlag },
  },
  fmiOwnpayPatnDiseListDDTOS: [{ mdtrtId, fixmedinsCode: HOSPITAL, diagCode: 'I10.x00x002' }],
  fmiOwnpayPatnFeeListDDTO: [33.35, 15.8].map((detItemFeeSumamt) => ({ detItemFeeSumamt, valiFlag: '1' })),
  upType: '0',
})

it('a visit is paid by hand or directly, and answers have no envelope on either side', async () => {
  const { encounter, settlement } = await openVisit(system)
  const uploaded = await system.send('4261', bill(encounter))
  expect(uploaded.json).toEqual({ code: '0', type: 'success', message: '成功', data: null })
  const sum = { mdtrtId: encounter, fixmedinsCode: HOSPITAL, totalFeeSumamt: 49.15 }
  expect((await system.send('4262', sum)).json.data).toMatchObject({ stmtResult: '1' })
  expect((await system.send('2207', settlement)).json.err_msg).toContain('该就诊已按自费上传')
  expect((await system.send('4261', bill(encounter, '0'))).json.code).toBe('0')
  yes(await system.send('2207', settlement))
  const late = await system.send('4261', bill(encounter))
  expect(late.json).toMatchObject({ code: '-1', message: expect.stringContaining('该就诊已直接结算') })
  expect(late.json.infcode).toBeUndefined()
})

it('a bill whose answer was lost is found by its sum', async () => {
  const { encounter, settlement } = await openVisit(system)
  await system.faults(system.insured, [{ kind: 'drop-after', transaction: '4261', times: 1 }])
  const [id, input] = [messageId(), bill(encounter)]
  expect((await system.send('4261', input, id)).json.message).toContain('[outcome-unknown]')
  await system.clearFaults()
  await system.settled()
  expect((await system.send('4261', input, id)).json.code).toBe('0')
  expect((await system.send('2207', settlement)).json.err_msg).toContain('该就诊已按自费上传')
})
