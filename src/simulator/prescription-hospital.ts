/** Electronic prescriptions at the hospital: 7101 check, 7102 signature, 7103 upload, 7104 withdrawal, 7105 to 7107 queries. */
import { type Message, type Node, Refusal } from './envelope.ts'
import { requiredText, rowsOf, sectionOf, textOf } from './fields.ts'
import {
  askedPrescription,
  byNumber,
  changePrescription,
  checkedNode,
  checkedRows,
  dayIn,
  digestOfFile,
  type Prescription,
  picked,
  prescriptionOf,
  requireWriter,
  STATES,
  standing,
  statesOf,
} from './prescription.ts'
import { type Handler, type Province, requireActive } from './province.ts'

/** Serial number of the certificate with which the platform signs. Invented. */
const CERTIFICATE = { signCertSn: 'CERT00000000001', signCertDn: 'CN=医保电子签名（虚构）' } as const

/** 7101 电子处方上传预核验: gives the number and the trace code, which serves one upload. */
export const checkPrescription: Handler = (province, message) => {
  const visit = sectionOf(message, 'mdtrtinfo')
  const data = sectionOf(message, 'data')
  const drugs = rowsOf(message, 'rxdrugdetail')
  const person = province.people.get(requiredText(visit, 'psnNo'))
  if (!person) throw new Refusal('E201', '未查询到参保信息')
  requireActive({ person, insurance: person.insurance[0]! })
  if (textOf(visit, 'certno') !== person.document) throw new Refusal('E203', '证件号码与参保信息不符')
  if (Number(textOf(data, 'rxDrugCnt')) !== drugs.length)
    throw new Refusal('E503', '药品类目数rxDrugCnt与处方明细条数不一致')
  if (dayIn(data, 'valiEndTime') < dayIn(data, 'prscTime'))
    throw new Refusal('E000', '有效截止时间早于开方时间')
  const serial = String(province.book.next('prescription')).padStart(10, '0')
  const [hiRxno, trace] = [`${province.code}RX${serial}`, `${province.code}TR${serial}`]
  province.book.store.insert('prescriptions', {
    ...{ hiRxno, trace, fixmedins_code: message.institution, psn_no: person.number },
    ...{ certno: person.document, state: 'checked', valid_until: dayIn(data, 'valiEndTime'), file: '' },
    ...{ input: JSON.stringify(message.input), upload: '{}' },
  })
  return { data: { rxTraceCode: trace, hiRxno } }
}

/** Text that base64 holds. @throws {Refusal} if it is none */
function decoded(node: Node, name: string): string {
  const text = requiredText(node, name)
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0)
    throw new Refusal('E000', `${name}不是base64编码`)
  return Buffer.from(text, 'base64').toString()
}

/** 7102 电子处方医保电子签名: signs the base64 of the JSON text and of the file. */
export const signPrescription: Handler = (_province, message) => {
  const data = sectionOf(message, 'data')
  try {
    JSON.parse(decoded(data, 'originalValue'))
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal('E000', 'originalValue不是JSON文本的base64编码')
  }
  decoded(data, 'originalRxFile')
  const rxFile = textOf(data, 'originalRxFile')
  return { data: { rxFile, signDigest: digestOfFile(rxFile), ...CERTIFICATE } }
}

/** 7103 电子处方上传. */
export const uploadPrescription: Handler = (province, message) => {
  const data = sectionOf(message, 'data')
  const found = byNumber(province.book, requiredText(data, 'hiRxno'))
  if (!found) throw new Refusal('E000', '未查询到该医保电子处方，请先预核验')
  requireWriter(message, found)
  if (requiredText(data, 'rxTraceCode') !== found.trace)
    throw new Refusal('E000', '处方追溯码rxTraceCode与预核验不符')
  if (found.state !== 'checked') throw new Refusal('E504', '处方追溯码rxTraceCode已使用，一码仅限一次上传')
  const file = requiredText(data, 'rxFile')
  if (requiredText(data, 'signDigest') !== digestOfFile(file))
    throw new Refusal('E000', '签名摘要signDigest与处方文件不符')
  const { rxFile: _, ...upload } = data
  changePrescription(province.book, found.hiRxno, { state: 'valid', file, upload: JSON.stringify(upload) })
  return { data: stateNode(province, { ...found, state: 'valid' }) }
}

function stateNode(province: Province, prescription: Prescription): Node {
  const [rxStasCodg, rxStasName] = STATES[standing(province, prescription)]
  return { hiRxno: prescription.hiRxno, rxStasCodg, rxStasName }
}

/** 7104 电子处方撤销: only what nobody has used. */
export const withdrawPrescription: Handler = (province, message) => {
  const found = prescriptionOf(province, message)
  requireWriter(message, found)
  if (found.dispensed !== null) throw new Refusal('E504', '处方已使用，不能撤销')
  if (found.state === 'withdrawn') throw new Refusal('E504', '处方已撤销，不能重复撤销')
  changePrescription(province.book, found.hiRxno, { state: 'withdrawn' })
  return { data: stateNode(province, { ...found, state: 'withdrawn' }) }
}

const DETAILS = [
  ...['prscTime', 'rxDrugCnt', 'rxUsedWayCodg', 'rxUsedWayName', 'rxFrquCodg', 'rxFrquName', 'rxDosunt'],
  ...['rxDoscnt', 'rxDrordDscr', 'valiDays', 'valiEndTime', 'reptFlag', 'maxReptCnt', 'minInrvDays'],
  ...['rxTypeCode', 'longRxFlag', 'bizTypeCode', 'rxExraAttrCode'],
]

/** What a prescription is about. */
export function prescribed(prescription: Prescription): Node {
  return {
    rxDetlList: checkedRows(prescription, 'rxdrugdetail'),
    rxOtpinfo: checkedNode(prescription, 'mdtrtinfo'),
    rxDiseList: checkedRows(prescription, 'diseinfo'),
  }
}

/** 7105 电子处方信息查询. */
export const queryPrescription: Handler = (province, message) => {
  const found = askedPrescription(province, message)
  if (!found) return { data: null }
  const { fixmedinsName } = checkedNode(found, 'mdtrtinfo')
  return {
    data: {
      ...{ hiRxno: found.hiRxno, fixmedinsCode: found.fixmedins_code, fixmedinsName },
      ...statesOf(province, found),
      ...picked(checkedNode(found, 'data'), DETAILS),
    },
    ...prescribed(found),
  }
}

const AUDIT = ['pharName', 'pharCode', 'rxChkStasCodg', 'rxChkOpnn', 'rxChkTime', 'rxChkBizSn']

/** 7106 电子处方审核结果查询: nothing while no pharmacist has looked at it. */
export const queryAudit: Handler = (province, message) => {
  const found = askedPrescription(province, message)
  if (!found || found.audit === null) return { data: null }
  const audit = JSON.parse(found.audit) as Node
  const rxChkStasName = audit.rxChkStasCodg === '1' ? '审核通过' : '审核不通过'
  return { data: { ...stateNode(province, found), ...picked(audit, AUDIT), rxChkStasName } }
}

const SOLD = [
  ...['medListCodg', 'drugGenname', 'drugProdname', 'drugDosform', 'drugSpec', 'aprvno', 'bchno'],
  ...['manuLotnum', 'prdrName'],
]

/** 7107 电子处方取药结果查询. */
export const queryDispensing: Handler = (province, message) => {
  const found = askedPrescription(province, message)
  if (!found) return { data: null }
  const { hiRxno } = found
  if (found.dispensed === null) return { data: { hiRxno, ...statesOf(province, found) }, seltdelts: [] }
  const { rows, selStooutSn, setlTime } = JSON.parse(found.dispensed) as {
    readonly rows: readonly Node[]
    readonly selStooutSn: string
    readonly setlTime: string
  }
  const sold = rows.map((row) => ({ ...picked(row, SOLD), cnt: row.drugTotlcnt, takeDrugFlag: '1' }))
  return { data: { hiRxno, setlTime, selStooutSn, ...statesOf(province, found) }, seltdelts: sold }
}

/** The person of a message, by the citizen number. */
export function certnoIn(message: Message): string {
  return requiredText(sectionOf(message, 'data'), 'certno')
}
