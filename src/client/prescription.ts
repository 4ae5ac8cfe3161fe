/**
 * Messages of a hospital and a pharmacy about an electronic prescription. Values that never vary in a trial are
 * invented.
 */
import type { Fields } from './message.ts'

/** The patient. */
export interface Patient {
  readonly psnNo: string
  readonly patnName: string
  readonly psnCertType: string
  readonly certno: string
}

/** A prescription before it is sent. */
export interface Prescribed {
  readonly institution: string
  readonly name: string
  /** `mdtrtId` of the visit. */
  readonly encounter: string
  readonly patient: Patient
  /** Shanghai time `2026-11-30 09:44:07`. */
  readonly at: string
  readonly drugs: readonly { readonly code: string; readonly name: string; readonly count: number }[]
}

const DAYS = 3
const DOCTOR = { drCode: 'D000000000001', prscDrName: '医师甲' } as const
const PHARMACIST = { pharCode: 'Y000000000001', pharName: '药师甲' } as const
const DEPARTMENT = { prscDeptName: '内科', prscDeptCode: '0101' } as const
const CLERK = { ipInfo: '127.0.0.1', opter: '0001', opterName: '收费员', optinsNo: '000000' } as const
const TOKEN = 'EC0000000000000000'

/** Base64 of a text. */
export function encoded(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** The same time of day some days later. */
function later(at: string, days: number): string {
  const day = new Date(`${at.slice(0, 10)}T00:00:00Z`)
  day.setUTCDate(day.getUTCDate() + days)
  return `${day.toISOString().slice(0, 10)}${at.slice(10)}`
}

/** 7101: pre-check. */
export function checkedPrescription({
  institution,
  name,
  encounter,
  patient,
  at,
  drugs,
}: Prescribed): Fields {
  const until = later(at, DAYS)
  return {
    data: {
      ...{ mdtrtCertType: '02', bizTypeCode: '01', ecToken: TOKEN, authNo: 'AUTH0001' },
      ...{ hospRxno: `${institution}-1`, rxTypeCode: '1', prscTime: at, rxDrugCnt: drugs.length },
      ...{ valiDays: DAYS, valiEndTime: until, rxCotnFlag: '0' },
    },
    rxdrugdetail: drugs.map(({ code, name: drugGenname, count }) => ({
      ...{ medListCodg: code, rxItemTypeCode: '11', drugGenname, drugDosform: '片剂', drugSpec: '10mg*24片' },
      ...{ medcWayCodg: '1', medcWayDscr: '口服', medcBegntime: at, medcEndtime: until, medcDays: DAYS },
      ...{ sinDosunt: '片', sinDoscnt: 1, usedFrquCodg: '01', usedFrquName: '每日一次' },
      ...{ drugDosunt: '盒', drugCnt: count, hospApprFlag: '0' },
    })),
    mdtrtinfo: {
      ...{ fixmedinsName: name, fixmedinsCode: institution, mdtrtId: encounter, medType: '11' },
      ...{ iptOtpNo: 'MZ0001', ...patient, patnAge: 45, gend: '1', ...DEPARTMENT, ...DOCTOR },
      ...{ drProfttlCodg: '231', drProfttlName: '主任医师', drDeptCode: '0101', drDeptName: '内科' },
      ...{ mdtrtTime: at, spDiseFlag: '0', maindiagCode: 'I10.x00x002', maindiagName: '高血压' },
    },
    diseinfo: {
      ...{ diagType: '1', maindiagFlag: '1', diagSrtNo: 1, diagCode: 'I10.x00x002', diagName: '高血压' },
      ...{ diagDept: '内科', diagDrNo: DOCTOR.drCode, diagDrName: DOCTOR.prscDrName, diagTime: at },
    },
  }
}

/** 7102: signature. @param checked output of 7101 */
export function signing({ institution, drugs }: Prescribed, checked: Fields): Fields {
  const { rxTraceCode, hiRxno } = checked
  return {
    data: {
      fixmedinsCode: institution,
      originalValue: encoded(JSON.stringify({ rxTraceCode, hiRxno, drugs })),
      originalRxFile: encoded(`${hiRxno}.pdf`),
    },
  }
}

/** 7103: upload. @param signed output of 7102 */
export function upload(
  { institution, name, encounter, patient, at }: Prescribed,
  checked: Fields,
  signed: Fields,
): Fields {
  const { patnName, psnCertType, certno } = patient
  return {
    data: {
      ...{ rxTraceCode: checked.rxTraceCode, hiRxno: checked.hiRxno, mdtrtId: encounter },
      ...{ patnName, psnCertType, certno, fixmedinsName: name, fixmedinsCode: institution, ...DOCTOR },
      ...{ pharDeptName: '药剂科', pharDeptCode: '0901', ...PHARMACIST, pharChkTime: at },
      ...{ rxFile: signed.rxFile, signDigest: signed.signDigest },
    },
  }
}

/** 7104: withdrawal. */
export function withdrawal({ institution }: Prescribed, hiRxno: string, at: string): Fields {
  return {
    data: {
      ...{ hiRxno, fixmedinsCode: institution, drCode: DOCTOR.drCode, undoDrName: DOCTOR.prscDrName },
      ...{ undoDrCertType: '01', undoDrCertno: '990043198001010016', undoRea: 1, undoTime: at },
    },
  }
}

/** 7105, 7106 and 7107: status queries. */
export function prescriptionQuestion(
  institution: string,
  hiRxno: string,
  encounter: string,
  { patnName, psnCertType, certno }: Patient,
): Fields {
  const whose = { psnName: patnName, psnCertType, certno }
  return { data: { fixmedinsCode: institution, hiRxno, mdtrtId: encounter, ...whose } }
}

/** 7201: what the person may obtain here. */
export function authorisation(institution: string, { patnName, psnCertType, certno }: Patient) {
  const whose = { psnName: patnName, psnCertType, certno, ecToken: TOKEN, outFlag: '0' }
  return { data: { fixmedinsCode: institution, ...whose, ...CLERK } }
}

/** 7202: what the person has authorised the pharmacy to see by phone. */
export function onlineAuthorisation(institution: string, hiRxno: string): Fields {
  const where = { authCircBizSn: 'CIRC0001', epcChnlId: '01' }
  return { data: { hiRxno, fixmedinsCode: institution, ...where, ...CLERK } }
}

/** 7203. @param code scanned code of the prescription */
export function scan(institution: string, epcQrcd: string): Fields {
  return { data: { epcQrcd, fixmedinsCode: institution, devInfo: '扫码枪', ...CLERK } }
}

/** 7204. @param given output of 7201, 7202 or 7203 */
export function download(institution: string, { epcToken, authRxno }: Fields): Fields {
  return { data: { epcToken, authRxno, fixmedinsCode: institution, devInfo: '收银台', ...CLERK } }
}

/** 7205. @param file output of 7204 */
export function verification(institution: string, { epcToken }: Fields, file: Fields): Fields {
  const { hiRxno, rxTraceCode, rxFile } = file
  return { data: { hiRxno, fixmedinsCode: institution, rxTraceCode, rxFile, epcToken } }
}

/** 7206: audit by the pharmacist. @param verified output of 7205 */
export function audit(
  { institution, name }: Pick<Prescribed, 'institution' | 'name'>,
  { epcToken }: Fields,
  hiRxno: string,
  { rxSignVerifySn }: Fields,
  at: string,
): Fields {
  return {
    data: {
      ...{ hiRxno, epcToken, ecToken: TOKEN, fixmedinsCode: institution, fixmedinsName: name, ...PHARMACIST },
      ...{ pharCertType: '01', pharCertno: '990043198001010016', rxChkOpnn: '合理', rxChkStasCodg: '1' },
      ...{ rxChkTime: at, rxSignVerifySn },
    },
  }
}

/** 7207: dispensing. @param rxChkBizSn from 7206 */
export function dispensing(
  { institution, name, drugs, at }: Pick<Prescribed, 'institution' | 'name' | 'drugs' | 'at'>,
  hiRxno: string,
  rxChkBizSn: string,
): Fields {
  const [drug] = drugs
  return {
    data: { hiRxno, fixmedinsCode: institution, fixmedinsName: name, rxChkBizSn, hiFeesetlFlag: '1' },
    rxSaleDrugDetl: {
      ...{ rtalDocno: `${hiRxno}-1`, stooutTime: at.slice(0, 10), medListCodg: drug!.code },
      ...{ medinsListCodg: drug!.code, drugGenname: drug!.name, drugSpec: '10mg*24片' },
      ...{ drugTraceCodg: `8${hiRxno.replaceAll(/\D/g, '')}`.slice(0, 20), drugTotlcnt: drug!.count },
      drugTotlcntEmp: '盒',
    },
  }
}

const COURIER = { delverCertType: '01', delverCertno: '990043198001010016', delverName: '配送员甲' } as const

/** 7209: delivery. */
export function delivery(
  { institution, name }: Pick<Prescribed, 'institution' | 'name'>,
  hiRxno: string,
  at: string,
) {
  return {
    data: {
      ...{ hiRxno, delvNo: `PS${hiRxno}`.slice(0, 20), delvAddr: '示例路1号', delvEntpNo: 'E001' },
      ...{
        delvEntpName: '示例配送（虚构）',
        ...COURIER,
        delverTel: '00000000000',
        delvStasCodg: '1',
        delvStasName: '配送中',
      },
      ...{ delvStasTime: at, delvConner: '收货人', fixmedinsCode: institution, fixmedinsName: name },
    },
  }
}

/** 7210: receipt. */
export function received(hiRxno: string, at: string): Fields {
  return { data: { hiRxno, ...COURIER, delverTel: '00000000000', delvStasTime: at } }
}

/** 7208: return. */
export function dispensingBack(institution: string, hiRxno: string, selStooutSn: unknown): Fields {
  return { data: { hiRxno, fixmedinsCode: institution, hiFeesetlFlag: '1', selStooutSn } }
}
