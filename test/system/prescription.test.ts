/** A prescription goes from hospital to pharmacy, is dispensed once, and is free again when its sale is undone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nationalMessage } from '../../src/client/message.ts'
import {
  audit,
  authorisation,
  checkedPrescription,
  dispensing,
  dispensingBack,
  download,
  encoded,
  type Prescribed,
  prescriptionQuestion,
  scan,
  signing,
  upload,
  verification,
  withdrawal,
} from '../../src/client/prescription.ts'
import { filedPerson, HOSPITAL, messageId, type System, startSystem, timeNow, yes } from './support.ts'

const PHARMACY = 'P34010490001'
const SELLER = { institution: PHARMACY, name: '合肥百姓大药房（虚构）' }
const person = filedPerson()
const [insurance] = person.insurance
const AT_PHARMACY = {
  fixmedins_code: PHARMACY,
  mdtrtarea_admvs: '340104',
  insuplc_admdvs: insurance!.area,
}
const AT_HOSPITAL = { insuplc_admdvs: insurance!.area }
const patient = { psnNo: person.number, patnName: person.name, psnCertType: '01', certno: person.document }

let system: System
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.stop())

const at =
  (institution: typeof AT_PHARMACY | typeof AT_HOSPITAL) =>
  (infno: string, input: unknown, id = messageId()) =>
    system.send(infno, input, id, institution)
const hospital = at(AT_HOSPITAL)
const pharmacy = at(AT_PHARMACY)

async function status(institution: string, transaction: string, message: string) {
  const query = new URLSearchParams({ institution, transaction, message })
  const answer = await fetch(`${system.url()}/v1/status?${query}`)
  return ((await answer.json()) as { requests: Record<string, unknown>[] }).requests[0]!
}

const of: Prescribed = {
  ...{ institution: HOSPITAL, name: '示例医院（虚构）', encounter: 'V1', patient, at: timeNow() },
  drugs: [{ code: 'XA02AXX095A001010103358', name: '药品甲', count: 2 }],
}

/** Checks, signs and uploads. @param numbers of 7101, 7102 and 7103 as the hospital calls them */
async function prescribed([check, sign, send] = ['7101', '7102', '7103']) {
  const { data: checked } = yes(await hospital(check!, checkedPrescription(of)))
  const { data: signed } = yes(await hospital(sign!, signing(of, checked)))
  const input = upload(of, checked, signed)
  yes(await hospital(send!, input))
  return { number: String(checked.hiRxno), input }
}

async function downloaded(number: string) {
  const { data: given } = yes(await pharmacy('7203', scan(PHARMACY, `EPC:${number}`)))
  return { given, file: yes(await pharmacy('7204', download(PHARMACY, given))).data }
}

/** Everything up to the sale. */
async function audited(number: string) {
  const { given, file } = await downloaded(number)
  const { data: verified } = yes(await pharmacy('7205', verification(PHARMACY, given, file)))
  const { data: passed } = yes(await pharmacy('7206', audit(SELLER, given, number, verified, timeNow())))
  return String(passed.rxChkBizSn)
}

const sold = (number: string, serial: string) =>
  dispensing({ ...SELLER, drugs: of.drugs, at: timeNow() }, number, serial)
const question = (number: string) => prescriptionQuestion(HOSPITAL, number, 'V1', patient)

describe('a prescription', () => {
  it('is checked, signed, uploaded once with its trace code, and shown', async () => {
    const { number, input } = await prescribed()
    const again = await hospital('7103', input)
    expect(again.json.err_msg).toContain('处方追溯码rxTraceCode已使用')
    const { data, rxDetlList } = yes(await hospital('7105', question(number)))
    expect(data).toMatchObject({ hiRxno: number, rxStasCodg: '1', rxUsedStasCodg: '1' })
    expect(rxDetlList).toMatchObject([{ medListCodg: of.drugs[0]!.code }])
  })

  it('is the same under each numbering, by the number and by the path', async () => {
    const { number } = await prescribed(['D001', 'A0002', 'D003'])
    expect(yes(await hospital('A0005', question(number))).data.rxStasCodg).toBe('1')
    const sender = { institution: HOSPITAL, name: '示例医院（虚构）' }
    const areas = { treatmentArea: '340102', insuredArea: insurance!.area }
    const post = async (path: string, infno: string) => {
      const head = { id: messageId(), at: timeNow() }
      const message = nationalMessage({ ...sender, ...areas }, infno, question(number), head)
      const answer = await fetch(system.url() + path, { method: 'POST', body: JSON.stringify(message) })
      return (await answer.json()) as { infcode: number; err_msg: string }
    }
    const path = '/epc/api/fixmedins/hospRxDetlQuery'
    for (const infno of ['7105', 'D005', 'A0005'])
      expect(await post(path, infno)).toMatchObject({ infcode: 0 })
    expect((await post(path, 'D003')).err_msg).toContain('与报文infno不一致')
    const id = messageId()
    yes(await hospital('D004', withdrawal(of, number, timeNow()), id))
    expect(await status(HOSPITAL, '7104', id)).toMatchObject({ state: 'accepted' })
  })

  it('signed from what is no base64 is refused by its field', async () => {
    const { data: checked } = yes(await hospital('7101', checkedPrescription(of)))
    const { data } = signing(of, checked) as { data: Record<string, unknown> }
    const plain = await hospital('7102', { data: { ...data, originalValue: '{}' } })
    expect(plain.json.err_msg).toContain('data.originalValue 原始待签名处方信息须为JSON文本的Base64编码')
    const words = await hospital('7102', { data: { ...data, originalValue: encoded('药') } })
    expect(words.json.err_msg).toContain('须为JSON文本的Base64编码')
  })

  it('is taken by a pharmacy, used once, and withdrawn by nobody then', async () => {
    const { number } = await prescribed()
    const serial = await audited(number)
    expect(yes(await hospital('7106', question(number))).data).toMatchObject({ rxChkStasCodg: '1' })
    const { data } = yes(await pharmacy('7207', sold(number, serial)))
    expect(yes(await hospital('7107', question(number))).data).toMatchObject({ rxUsedStasCodg: '2' })
    expect((await pharmacy('7207', sold(number, serial))).json.err_msg).toContain('处方已使用')
    const used = await hospital('7104', withdrawal(of, number, timeNow()))
    expect(used.json.err_msg).toContain('处方已使用，不能撤销')
    yes(await pharmacy('7208', dispensingBack(PHARMACY, number, data.selStooutSn)))
    yes(await hospital('7104', withdrawal(of, number, timeNow())))
    const gone = await hospital('7105', question(number))
    expect(yes(gone).data.rxStasCodg).toBe('3')
  })

  it('ends the authorisation of all others of a list when it is downloaded', async () => {
    const [one, other] = [await prescribed(), await prescribed()]
    const { data } = yes(await pharmacy('7201', authorisation(PHARMACY, patient)))
    expect(data.length).toBeGreaterThanOrEqual(2)
    yes(await pharmacy('7204', download(PHARMACY, data[0])))
    const ended = await pharmacy('7204', download(PHARMACY, data[1]))
    expect(ended.json.err_msg).toContain('授权无效或已失效')
    expect(one.number).not.toBe(other.number)
  })
})

describe('an answer that is lost', () => {
  it.each([
    ['7103', 'hospital'],
    ['7104', 'hospital'],
    ['7206', 'pharmacy'],
    ['7207', 'pharmacy'],
    ['7208', 'pharmacy'],
  ] as const)('of %s is found done, or not done', async (transaction, where) => {
    for (const kind of ['drop-after', 'drop-before']) {
      const { data: checked } = yes(await hospital('7101', checkedPrescription(of)))
      const { data: signed } = yes(await hospital('7102', signing(of, checked)))
      const number = String(checked.hiRxno)
      if (transaction !== '7103') yes(await hospital('7103', upload(of, checked, signed)))
      const steps: Record<string, () => Promise<unknown>> = {
        7103: async () => upload(of, checked, signed),
        7104: async () => withdrawal(of, number, timeNow()),
        7206: async () => {
          const { given, file } = await downloaded(number)
          const { data: verified } = yes(await pharmacy('7205', verification(PHARMACY, given, file)))
          return audit(SELLER, given, number, verified, timeNow())
        },
        7207: async () => sold(number, await audited(number)),
        7208: async () => {
          yes(await pharmacy('7207', sold(number, await audited(number))))
          return dispensingBack(PHARMACY, number, '')
        },
      }
      const input = await steps[transaction]!()
      const id = messageId()
      await system.faults(system.insured, [{ kind, transaction, times: 1 }])
      const send = where === 'hospital' ? hospital : pharmacy
      expect((await send(transaction, input, id)).json.err_msg).toContain('[outcome-unknown]')
      await system.clearFaults()
      const institution = where === 'hospital' ? HOSPITAL : PHARMACY
      const end = kind === 'drop-after' ? 'accepted' : 'reversed'
      await expect.poll(async () => (await status(institution, transaction, id)).state).toBe(end)
    }
  })
})

describe('what was dispensed for a purchase', () => {
  it('is withdrawn by itself when the purchase is cancelled', async () => {
    const purchase = {
      druginfo: {
        ...{ psn_no: person.number, mdtrt_cert_type: '02', mdtrt_cert_no: person.document },
        ...{ begntime: timeNow(), medfee_sumamt: 25, insutype: insurance!.insutype, acct_used_flag: '1' },
        med_type: '41',
      },
      drugdetail: [
        {
          ...{ feedetl_sn: 'F1', rx_circ_flag: '1', fee_ocur_time: timeNow(), med_list_codg: '' },
          ...{ medins_list_codg: 'Y0001', det_item_fee_sumamt: 25, cnt: 2, pric: '12.50' },
          durg_trac_info: [{ drug_trac_codg: '81000000000000000009', trdn_flag: '0' }],
        },
      ],
    }
    const { number } = await prescribed()
    const serial = await audited(number)
    const { setlinfo } = yes(await pharmacy('2102', purchase))
    yes(await pharmacy('7207', sold(number, serial)))
    const used = async () => yes(await hospital('7107', question(number))).data.rxUsedStasCodg
    expect(await used()).toBe('2')
    const { setl_id, mdtrt_id } = setlinfo
    yes(await pharmacy('2103', { data: { setl_id, mdtrt_id, psn_no: person.number } }))
    expect(await used()).toBe('1')
  })
})
