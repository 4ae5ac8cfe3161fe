/** 5202 shows the present diagnoses of a visit across provinces, and nothing of anybody else's. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ask,
  dischargeStay,
  filedEmployee,
  folder,
  mustDo,
  outpatient,
  startNation,
  stay,
} from './support.ts'

type Nation = Awaited<ReturnType<typeof startNation>>
const room = folder()
let nation: Nation

beforeAll(async () => {
  nation = await startNation(room.path)
})

afterAll(async () => {
  await nation.close()
  room.remove()
})

const diagnosis = (diag_code: string, diag_srt_no = 1) => ({
  diag_type: '1',
  diag_srt_no,
  diag_code,
  diag_name: '诊断',
  diag_dept: '0101',
  dise_dor_no: 'D1',
  dise_dor_name: '医师甲',
  diag_time: '2026-06-15 09:00:00',
})

describe('5202', () => {
  it('shows across provinces the diagnoses of a visit, the later ones of 2203 in place of the earlier', async () => {
    const { national } = nation
    const person = filedEmployee()
    const { id } = await outpatient(national, person)
    const query = { data: { mdtrt_id: id, psn_no: person.number } }
    expect(await mustDo(national, '5202', query)).toEqual({ diseinfo: [] })
    const mdtrtinfo = { mdtrt_id: id, psn_no: person.number, med_type: '11', begntime: '2026-06-15 09:00:00' }
    for (const codes of [['J06.900'], ['I10.x00', 'E11.900']]) {
      const diseinfo = codes.map((code, index) => diagnosis(code, index + 1))
      await mustDo(national, '2203', { mdtrtinfo, diseinfo })
      const shown = await mustDo(national, '5202', query)
      expect(shown.diseinfo.map((row: { diag_code: string }) => row.diag_code)).toEqual(codes)
      expect(shown.diseinfo[0]).toMatchObject({ mdtrt_id: id, psn_no: person.number, inout_diag_type: '1' })
    }
  })

  it('tells the diagnoses of the discharge from those of the admission', async () => {
    const { national } = nation
    const person = filedEmployee()
    const { id } = await stay(national, person)
    await dischargeStay(national, person, id)
    await mustDo(national, '2405', { data: { mdtrt_id: id, psn_no: person.number } })
    const dscginfo = {
      mdtrt_id: id,
      psn_no: person.number,
      insutype: '310',
      endtime: '2026-06-15 10:00:00',
      dscg_way: '1',
    }
    await mustDo(national, '2402', { dscginfo, diseinfo: [diagnosis('J18.900')] })
    const query = { data: { mdtrt_id: id, psn_no: person.number } }
    expect((await mustDo(national, '5202', query)).diseinfo).toMatchObject([
      { diag_code: 'J18.900', inout_diag_type: '2' },
    ])
    await mustDo(national, '2405', query)
    expect((await mustDo(national, '5202', query)).diseinfo).toEqual([])
  })

  it('is refused for a visit that the insured place does not know, or of someone else', async () => {
    const { national } = nation
    const person = filedEmployee()
    const { id } = await outpatient(national, person)
    const unknown = { data: { mdtrt_id: `${id}0`, psn_no: person.number } }
    expect((await ask(national, '5202', unknown)).err_msg).toMatch(/^E000 .*未查询到就诊信息/)
    await mustDo(national, '2205', { data: { mdtrt_id: id, chrg_bchno: 'B1', psn_no: person.number } })
    await mustDo(national, '2202', { data: { mdtrt_id: id, psn_no: person.number } })
    const withdrawn = { data: { mdtrt_id: id, psn_no: person.number } }
    expect((await ask(national, '5202', withdrawn)).err_msg).toMatch(/^E000 .*未查询到就诊信息/)
  })
})
