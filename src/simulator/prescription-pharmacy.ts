/**
 * Electronic prescriptions at the pharmacy: authorisation 7201 to 7203, download 7204, verification 7205, audit 7206, dispensing
 * 7207 and its withdrawal 7208, delivery 7209 and 7210. The pharmacy is another institution than the hospital.
 */
import { shanghaiTime } from '../domain/day.ts'
import type { SettlementRow } from './book.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { requiredText, rowsOf, sectionOf, textOf } from './fields.ts'
import {
  byNumber,
  type Circulation,
  changePrescription,
  checkedNode,
  type Prescription,
  picked,
  prescriptionOf,
  requireUsable,
} from './prescription.ts'
import { certnoIn, prescribed } from './prescription-hospital.ts'
import type { Handler, Province } from './province.ts'

/** Seconds for which a token holds, as answers say. */
const EXPIRES_SECONDS = 1800

/** @throws {Refusal} E301 where the sender is no pharmacy */
function requirePharmacy({ institution }: Message): void {
  if (!institution.startsWith('P')) throw new Refusal('E301', '该机构不是定点零售药店')
}

/** Lets a pharmacy take a prescription. @param list what is authorised together */
function authorised(province: Province, { institution }: Message, hiRxno: string, list: string) {
  const serial = String(province.book.next('circulation')).padStart(10, '0')
  const circulation: Circulation = {
    ...{ token: `EPCT${serial}`, authRxno: `AUTH${serial}`, hiRxno, fixmedins_code: institution },
    ...{ list, state: 'given', verified: null },
  }
  province.book.store.insert('circulations', circulation)
  return { authRxno: circulation.authRxno, epcToken: circulation.token, expiresIn: EXPIRES_SECONDS }
}

/** 7201 电子处方线下流转授权: everything of the person that can be dispensed. */
export const authoriseAtCounter: Handler = (province, message) => {
  requirePharmacy(message)
  const found = province.book.store.rows<Prescription>(
    "SELECT * FROM prescriptions WHERE certno = ? AND state = 'valid' AND dispensed IS NULL ORDER BY hiRxno",
    certnoIn(message),
  )
  const usable = found.filter((one) => isUsable(province, one))
  if (usable.length === 0) throw new Refusal('E000', '未查询到可流转的处方')
  const list = `LIST${province.book.next('circulation-list')}`
  const rows = usable.map((one) => {
    const visit = checkedNode(one, 'mdtrtinfo')
    const data = checkedNode(one, 'data')
    return {
      ...authorised(province, message, one.hiRxno, list),
      ...{ fixmedinsCode: one.fixmedins_code, ...picked(visit, ['fixmedinsName', 'diseName']) },
      ...{ deptName: visit.prscDeptName, ...picked(data, ['prscTime', 'valiEndTime']) },
    }
  })
  return { data: rows.length > 1 ? rows : rows[0] }
}

function isUsable(province: Province, prescription: Prescription): boolean {
  try {
    requireUsable(province, prescription)
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

/** 7202 电子处方线上流转查询. */
export const authoriseOnline: Handler = (province, message) => {
  requirePharmacy(message)
  const found = prescriptionOf(province, message)
  requireUsable(province, found)
  return { data: authorised(province, message, found.hiRxno, found.hiRxno) }
}

/** What the code of a prescription holds. [A] */
const QR_CODE = /^EPC:(\w+)$/

/** 7203 电子处方二维码解码. */
export const decodeQr: Handler = (province, message) => {
  requirePharmacy(message)
  const number = QR_CODE.exec(requiredText(sectionOf(message, 'data'), 'epcQrcd'))?.[1] ?? ''
  const found = byNumber(province.book, number)
  if (!found || found.state === 'checked') throw new Refusal('E000', '处方二维码无效')
  requireUsable(province, found)
  return { data: authorised(province, message, number, number) }
}

/** The authorisation of the sender by its token. @throws {Refusal} */
function circulationOf({ book }: Province, message: Message): Circulation {
  const token = requiredText(sectionOf(message, 'data'), 'epcToken')
  const found = book.store.row<Circulation>('SELECT * FROM circulations WHERE token = ?', token)
  if (found?.fixmedins_code !== message.institution || found.state === 'ended')
    throw new Refusal('E000', '电子处方流转授权无效或已失效')
  return found
}

const HEAD = ['prscTime', 'valiEndTime', 'rxTypeCode', 'longRxFlag']

/** 7204 电子处方下载: ends the authorisation of all others of the list. */
export const downloadPrescription: Handler = (province, message) => {
  requirePharmacy(message)
  const circulation = circulationOf(province, message)
  if (requiredText(sectionOf(message, 'data'), 'authRxno') !== circulation.authRxno)
    throw new Refusal('E000', '授权处方号authRxno与授权不符')
  const found = byNumber(province.book, circulation.hiRxno)!
  requireUsable(province, found)
  const { token, list } = circulation
  province.book.store.run(
    "UPDATE circulations SET state = 'ended' WHERE list = ? AND token != ?",
    list,
    token,
  )
  province.book.store.run("UPDATE circulations SET state = 'downloaded' WHERE token = ?", token)
  const visit = checkedNode(found, 'mdtrtinfo')
  return {
    data: {
      ...{ hiRxno: found.hiRxno, rxTraceCode: found.trace, fixmedinsCode: found.fixmedins_code },
      ...picked(visit, ['fixmedinsName', 'prscDeptName']),
      ...picked(checkedNode(found, 'data'), HEAD),
      ...{ rxTypeName: '处方', rxFile: found.file, fileSuffix: 'pdf' },
    },
    ...prescribed(found),
  }
}

/** 7205 电子处方信息核验: whether the file is the one that was signed. */
export const verifyPrescription: Handler = (province, message) => {
  requirePharmacy(message)
  const data = sectionOf(message, 'data')
  const circulation = circulationOf(province, message)
  const found = prescriptionOf(province, message)
  const isIt =
    circulation.hiRxno === found.hiRxno &&
    textOf(data, 'rxTraceCode') === found.trace &&
    textOf(data, 'rxFile') === found.file
  if (!isIt) return { data: { flag: false } }
  const rxSignVerifySn = `VER${circulation.token}`
  province.book.store.run(
    'UPDATE circulations SET verified = ? WHERE token = ?',
    rxSignVerifySn,
    circulation.token,
  )
  return {
    data: {
      flag: true,
      rxSignVerifySn,
      signCertSn: 'CERT00000000001',
      signCertDn: 'CN=医保电子签名（虚构）',
    },
  }
}

/** 7206 电子处方审核信息上传. */
export const auditPrescription: Handler = (province, message) => {
  requirePharmacy(message)
  const data = sectionOf(message, 'data')
  const circulation = circulationOf(province, message)
  const found = prescriptionOf(province, message)
  requireUsable(province, found)
  const isVerified =
    circulation.hiRxno === found.hiRxno && circulation.verified === requiredText(data, 'rxSignVerifySn')
  if (!isVerified) return { data: { flag: false } }
  const rxChkBizSn = `CHK${circulation.token}`
  const audit = JSON.stringify({ ...data, rxChkBizSn, by: message.institution })
  changePrescription(province.book, found.hiRxno, { audit })
  return { data: { flag: true, rxChkBizSn } }
}

/** The purchase of the person at the pharmacy that stands, the latest. */
function purchaseOf({ book }: Province, { psn_no }: Prescription, institution: string): string | null {
  const row = book.store.row<SettlementRow>(
    `SELECT * FROM settlements WHERE psn_no = ? AND fixmedins_code = ? AND init_setl_id IS NULL AND state = 'settled'
      ORDER BY serial DESC LIMIT 1`,
    ...[psn_no, institution],
  )
  return row && !book.cancellationOf(row.setl_id) ? row.setl_id : null
}

/** 7207 药品销售出库明细上传: marks the prescription used. What is charged to insurance is withdrawn with its settlement. */
export const dispense: Handler = (province, message) => {
  requirePharmacy(message)
  const data = sectionOf(message, 'data')
  const found = prescriptionOf(province, message)
  requireUsable(province, found)
  const audit = JSON.parse(found.audit ?? '{}') as Node
  const isAudited = audit.by === message.institution && audit.rxChkBizSn === requiredText(data, 'rxChkBizSn')
  if (!isAudited) throw new Refusal('E000', '处方审核业务流水号rxChkBizSn不正确，请先审核')
  if (audit.rxChkStasCodg !== '1') throw new Refusal('E000', '处方审核不通过，不能售药')
  const settlement =
    textOf(data, 'hiFeesetlFlag') === '1' ? purchaseOf(province, found, message.institution) : null
  const selStooutSn = `OUT${String(province.book.next('dispensing')).padStart(10, '0')}`
  const rows = rowsOf(message, 'rxSaleDrugDetl')
  const dispensed = JSON.stringify({ rows, selStooutSn, setlTime: shanghaiTime(province.now()) })
  changePrescription(province.book, found.hiRxno, {
    ...{ dispensed, dispensed_by: message.institution, settlement },
  })
  return { data: { flag: true, selStooutSn } }
}

/** What the sender has dispensed. @throws {Refusal} */
function dispensedOf(province: Province, message: Message): Prescription {
  requirePharmacy(message)
  const found = prescriptionOf(province, message)
  if (found.dispensed === null || found.dispensed_by !== message.institution)
    throw new Refusal('E000', '未查询到本机构的售药出库明细')
  return found
}

/** 7208 药品销售出库明细撤销: the prescription may be dispensed again. */
export const withdrawDispense: Handler = (province, message) => {
  const found = dispensedOf(province, message)
  const given = textOf(sectionOf(message, 'data'), 'selStooutSn')
  const { selStooutSn } = JSON.parse(found.dispensed!) as { readonly selStooutSn: string }
  if (given !== '' && given !== selStooutSn) throw new Refusal('E000', '销售出库流水号selStooutSn不正确')
  changePrescription(province.book, found.hiRxno, { dispensed: null, dispensed_by: null, settlement: null })
  return { data: { flag: true } }
}

/** 7209 药品配送信息同步 and 7210 药品配送签收确认: of what was dispensed. */
export const deliver: Handler = (province, message) => {
  dispensedOf(province, message)
  return { data: { flag: true } }
}
