/**
 * Messages of a hospital system about a visit: registration, diagnoses, fee lines, bill. Values that never vary in a
 * trial (a department, a doctor) are invented.
 */
import type { Fields } from './message.ts'

/** The patient and the credential presented. */
export interface Patient {
  /** `psn_no`, as returned by 1101. */
  readonly psn_no: string
  readonly credential: { readonly mdtrt_cert_type: string; readonly mdtrt_cert_no: string }
  /** Serial number of the presented card; absent: none. */
  readonly card_sn?: string
  readonly insutype: string
}

/** A fee line, in yuan. */
export interface LineOfVisit {
  /** The hospital's own code `medins_list_codg`. */
  readonly item: string
  /** National code `med_list_codg`; empty if the hospital's own code is mapped. */
  readonly national?: string
  readonly price: number
  readonly count: number
  readonly sum: number
}

/** A diagnosis. */
export interface DiagnosisOfVisit {
  readonly code: string
  readonly name: string
}

/** One visit. */
export interface VisitOf {
  readonly patient: Patient
  /** The hospital's number of the visit `ipt_otp_no`, `ipt_no`. */
  readonly number: string
  /** `med_type`: `11`, `14`, `21`. */
  readonly category: string
  /** Shanghai time `2026-11-30 09:44:07`. */
  readonly at: string
  readonly diagnosis: DiagnosisOfVisit
  /** Chronic disease `dise_codg`; absent in other lanes. */
  readonly disease?: string
  /** Code of the doctor; defaults to an invented one. */
  readonly doctor?: string
  /** Admitted as an emergency. */
  readonly emergency?: boolean
}

const DOCTOR = 'D000000000001'
const [ATTENDING, CHIEF] = ['医师甲', '医师乙']
const DEPARTMENT = { code: '0101', name: '内科' } as const
const WARD = { adm_dept_codg: '0201', adm_dept_name: '普外科', adm_bed: '12' } as const
const DISCHARGED = { dscg_dept_codg: '0201', dscg_dept_name: '普外科', dscg_way: '1' } as const

/** 1101: person query. */
export function personQuestion({
  credential,
  card_sn = '',
}: Pick<Patient, 'credential' | 'card_sn'>): Fields {
  return { data: { ...credential, card_sn, begntime: '', psn_cert_type: '', certno: '', psn_name: '' } }
}

/** 2201: registration. */
export function registration({ patient, number, at, doctor: code = DOCTOR }: VisitOf): Fields {
  const { psn_no, credential, insutype } = patient
  const doctor = { atddr_no: code, dr_name: ATTENDING }
  const place = { dept_code: DEPARTMENT.code, dept_name: DEPARTMENT.name, caty: 'A03' }
  return { data: { psn_no, insutype, begntime: at, ...credential, ipt_otp_no: number, ...doctor, ...place } }
}

/** A row of `diseinfo`. @param more fields to replace or add */
export function diagnosisRow({ at, diagnosis, doctor: by = DOCTOR }: VisitOf, more: Fields): Fields {
  const { code: diag_code, name: diag_name } = diagnosis
  const doctor = { diag_dept: DEPARTMENT.name, dise_dor_no: by, dise_dor_name: ATTENDING }
  return { diag_type: '1', diag_srt_no: 1, diag_code, diag_name, ...doctor, diag_time: at, ...more }
}

/** 2203: details of the visit. */
export function visitDetails(visit: VisitOf, mdtrt_id: string): Fields {
  const { patient, category, at, disease = '' } = visit
  const about = { mdtrt_id, psn_no: patient.psn_no, med_type: category, begntime: at }
  return {
    mdtrtinfo: { ...about, dise_codg: disease, dise_name: '' },
    diseinfo: [diagnosisRow(visit, { maindiag_flag: '1', vali_flag: '1' })],
  }
}

/** A fee line of an outpatient visit or a stay. @param index from 0 */
export function feeLine(visit: VisitOf, mdtrt_id: string, line: LineOfVisit, index: number): Fields {
  const { patient, number, at, doctor = DOCTOR } = visit
  const { item, national = '', price, count, sum } = line
  return {
    feedetl_sn: `${number}F${index + 1}`,
    mdtrt_id,
    psn_no: patient.psn_no,
    fee_ocur_time: at,
    med_list_codg: national,
    medins_list_codg: item,
    det_item_fee_sumamt: sum,
    cnt: count,
    pric: price,
    bilg_dept_codg: DEPARTMENT.code,
    bilg_dept_name: DEPARTMENT.name,
    bilg_dr_codg: doctor,
    bilg_dr_name: ATTENDING,
    hosp_appr_flag: '0',
  }
}

/** 2204: the lines of an outpatient visit. */
export function outpatientLines(visit: VisitOf, mdtrt_id: string, lines: readonly LineOfVisit[]): Fields {
  const more = { chrg_bchno: batchOf(visit), dise_codg: visit.disease ?? '', rxno: '', rx_circ_flag: '0' }
  return { feedetail: lines.map((line, index) => ({ ...feeLine(visit, mdtrt_id, line, index), ...more })) }
}

/** 2301: lines of a stay. @param from index of the first line, from 0 */
export function stayLines(visit: VisitOf, mdtrt_id: string, lines: readonly LineOfVisit[], from = 0): Fields {
  const med_type = visit.category
  return {
    feedetail: lines.map((line, index) => ({ ...feeLine(visit, mdtrt_id, line, from + index), med_type })),
  }
}

/** Charge batch `chrg_bchno` of an outpatient visit. */
export function batchOf({ number }: Pick<VisitOf, 'number'>): string {
  return `${number}B1`
}

/** Amounts of a bill, as `sumOfSplits` computes them. */
export type Sums = Readonly<Record<string, number>> & { readonly medfee_sumamt: number }

/** 2207: the bill of an outpatient visit. 2206 takes the same without the four parts. */
export function outpatientBill({ patient, number, category }: VisitOf, mdtrt_id: string, sums: Sums): Fields {
  const { psn_no, credential, insutype } = patient
  const ways = { psn_setlway: '01', acct_used_flag: '1', insutype, invono: '' }
  const batch = batchOf({ number })
  return {
    data: { psn_no, ...credential, med_type: category, mdtrt_id, chrg_bchno: batch, ...ways, ...sums },
  }
}

/** 2401: admission. */
export function admission(visit: VisitOf): Fields {
  const { patient, number, category, at, diagnosis, doctor = DOCTOR, emergency = false } = visit
  const { psn_no, credential, insutype } = patient
  return {
    mdtrtinfo: {
      ...{ psn_no, insutype, begntime: at, ...credential, med_type: category, ipt_no: number },
      ...{ atddr_no: doctor, chfpdr_name: CHIEF, adm_diag_dscr: diagnosis.name, ...WARD },
      ...{ dscg_maindiag_code: diagnosis.code, dscg_maindiag_name: diagnosis.name },
      exp_content: JSON.stringify({ IPT_TYPE: emergency ? '2' : '1', TRUM_FLAG: '0' }),
    },
    diseinfo: [diagnosisRow(visit, { maindiag_flag: '1', psn_no, adm_cond: '有' })],
  }
}

/** 2403: change of the admission. */
export function admissionChange(visit: VisitOf, mdtrt_id: string): Fields {
  const { mdtrtinfo, diseinfo } = admission(visit) as { mdtrtinfo: Fields; diseinfo: readonly Fields[] }
  const { ipt_no, ...told } = mdtrtinfo
  return {
    adminfo: { ...told, mdtrt_id, ipt_otp_no: ipt_no },
    diseinfo: diseinfo.map((row) => ({ ...row, mdtrt_id })),
  }
}

/** 2402: discharge. */
export function discharge(visit: VisitOf, mdtrt_id: string, endtime: string): Fields {
  const { psn_no, insutype } = visit.patient
  return {
    dscginfo: { mdtrt_id, psn_no, insutype, endtime, ...DISCHARGED },
    diseinfo: [diagnosisRow(visit, { maindiag_flag: '1', psn_no, mdtrt_id })],
  }
}

/** 2304: the bill of a stay; also 2303, with the day only. */
export function stayBill({ patient }: VisitOf, mdtrt_id: string, sums: Sums, dscg_time: string): Fields {
  const { psn_no, credential, insutype } = patient
  const ways = { psn_setlway: '01', acct_used_flag: '0', insutype, invono: '', mid_setl_flag: '0' }
  return { data: { psn_no, ...credential, mdtrt_id, ...ways, ...sums, dscg_time } }
}

/** 2101 and 2102: a purchase at a pharmacy, which opens its own visit. */
export function purchase(visit: VisitOf, lines: readonly LineOfVisit[], medfee_sumamt: number): Fields {
  const { patient, category, at, disease = '' } = visit
  const { psn_no, credential, insutype } = patient
  const head = { psn_no, ...credential, begntime: at, medfee_sumamt, insutype, acct_used_flag: '1' }
  const drugdetail = lines.map((line, index) => ({
    ...feeLine(visit, '', line, index),
    rx_circ_flag: '0',
  }))
  return { druginfo: { ...head, med_type: category, dise_codg: disease }, drugdetail }
}
