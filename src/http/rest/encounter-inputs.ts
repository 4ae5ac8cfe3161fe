/** From English to the national fields: visits, stays, fee lines, discharge. Pure. */
import type { z } from '@hono/zod-openapi'
import { NATIONAL_MARK } from '../../domain/claim.ts'
import { asFen, yuanFromFen } from '../../domain/money.ts'
import type {
  DischargeRequest,
  FeeLine,
  InpatientStay,
  LinesRequest,
  OutpatientVisit,
} from './encounter-schemas.ts'
import type { diagnosis } from './fields.ts'
import type { OpenedEncounter } from './opening.ts'
import { mark } from './person-inputs.ts'

type Input = Readonly<Record<string, unknown>>
type Visit = z.output<typeof OutpatientVisit>
type Stay = z.output<typeof InpatientStay>
type Given = z.output<typeof diagnosis>

/** The marks of an emergency in `exp_content`, one for each kind of visit. [F] */
const EMERGENCY = { outpatient: '{"OTP_ER_REFL_FLAG":"1"}', inpatient: '{"IPT_TYPE":"2"}' } as const

function given({ person, insuranceType, begins, credential, kind, emergency }: Visit | Stay) {
  return {
    psn_no: person,
    insutype: insuranceType,
    begntime: begins,
    mdtrt_cert_type: credential.type,
    mdtrt_cert_no: credential.number,
    exp_content: emergency ? EMERGENCY[kind] : undefined,
  }
}

/** The code of a diagnosis, with its mark where it is a national one. */
const codeOf = ({ system, code }: Given) => (system === 'national' ? NATIONAL_MARK + code : code)

function diagnosisRow(row: Given, index: number) {
  return {
    diag_type: row.type,
    diag_srt_no: index + 1,
    diag_code: codeOf(row),
    diag_name: row.name,
    diag_dept: row.department,
    dise_dor_no: row.doctor.code,
    dise_dor_name: row.doctor.name,
    diag_time: row.at,
  }
}

/** Place of the main diagnosis: the one that says so, else the first. */
function mainOf(rows: readonly Given[]): number {
  return Math.max(
    0,
    rows.findIndex((row) => row.main === true),
  )
}

/** 2201 门诊挂号. */
export function registrationInput(body: Visit): Input {
  return {
    data: {
      ...given(body),
      ipt_otp_no: body.visitNumber,
      atddr_no: body.doctor.code,
      dr_name: body.doctor.name,
      dept_code: body.department.code,
      dept_name: body.department.name,
      caty: body.specialty,
    },
  }
}

/** 2203 门诊就诊信息上传. */
export function visitInput(body: Visit, encounter: string): Input {
  return {
    mdtrtinfo: {
      mdtrt_id: encounter,
      psn_no: body.person,
      med_type: body.medicalCategory,
      begntime: body.begins,
      main_cond_dscr: body.condition,
      dise_codg: body.disease?.code,
      dise_name: body.disease?.name,
    },
    diseinfo: (body.diagnoses ?? []).map((row, index) => ({ ...diagnosisRow(row, index), vali_flag: '1' })),
  }
}

/** 2401 入院办理. */
export function admissionInput(body: Stay): Input {
  const main = mainOf(body.diagnoses)
  return {
    mdtrtinfo: {
      ...given(body),
      coner_name: body.contact?.name,
      tel: body.contact?.phone,
      med_type: body.medicalCategory,
      ipt_no: body.visitNumber,
      medrcdno: body.recordNumber,
      atddr_no: body.doctor.code,
      chfpdr_name: body.doctor.name,
      adm_diag_dscr: body.admissionDiagnosis,
      adm_dept_codg: body.department.code,
      adm_dept_name: body.department.name,
      adm_bed: body.bed,
      dscg_maindiag_code: codeOf(body.diagnoses[main]!),
      dscg_maindiag_name: body.diagnoses[main]!.name,
      main_cond_dscr: body.condition,
      dise_codg: body.disease?.code,
      dise_name: body.disease?.name,
      trum_flag: mark(body.trauma),
      rel_ttp_flag: mark(body.thirdParty),
    },
    diseinfo: body.diagnoses.map((row, index) => ({
      psn_no: body.person,
      maindiag_flag: index === main ? '1' : '0',
      ...diagnosisRow(row, index),
    })),
  }
}

/** 2402 出院办理. */
export function dischargeInput(body: z.output<typeof DischargeRequest>, opened: OpenedEncounter): Input {
  const { encounter, person, insuranceType } = opened
  const main = mainOf(body.diagnoses)
  return {
    dscginfo: {
      mdtrt_id: encounter,
      psn_no: person,
      insutype: insuranceType,
      endtime: body.ends,
      dise_codg: body.disease?.code,
      dise_name: body.disease?.name,
      dscg_dept_codg: body.department.code,
      dscg_dept_name: body.department.name,
      dscg_bed: body.bed,
      dscg_way: body.way,
      die_date: body.diedOn,
    },
    diseinfo: body.diagnoses.map((row, index) => ({
      mdtrt_id: encounter,
      psn_no: person,
      maindiag_flag: index === main ? '1' : '0',
      ...diagnosisRow(row, index),
    })),
  }
}

function lineRow(line: z.output<typeof FeeLine>, { encounter, person }: OpenedEncounter) {
  return {
    feedetl_sn: line.serial,
    mdtrt_id: encounter,
    psn_no: person,
    fee_ocur_time: line.at,
    med_list_codg: line.code ?? '',
    medins_list_codg: line.localCode ?? line.code,
    det_item_fee_sumamt: yuanFromFen(asFen(line.totalFen)),
    cnt: line.quantity,
    pric: line.priceYuan,
    bilg_dept_codg: line.department.code,
    bilg_dept_name: line.department.name,
    bilg_dr_codg: line.doctor.code,
    bilg_dr_name: line.doctor.name,
    hosp_appr_flag: line.approval,
    init_feedetl_sn: line.original,
  }
}

/** 2204 门诊费用明细信息上传. */
export function outpatientLinesInput(body: z.output<typeof LinesRequest>, opened: OpenedEncounter): Input {
  return {
    feedetail: body.lines.map((line) => ({
      ...lineRow(line, opened),
      chrg_bchno: body.batch,
      rxno: line.prescription,
      rx_circ_flag: mark(line.outsidePrescription),
      dise_codg: line.disease,
    })),
  }
}

/** 2301 住院费用明细上传. */
export function inpatientLinesInput(body: z.output<typeof LinesRequest>, opened: OpenedEncounter): Input {
  return {
    feedetail: body.lines.map((line) => ({
      ...lineRow(line, opened),
      med_type: opened.category,
      drord_no: line.order,
    })),
  }
}
