/** Converts English requests to national fields: visits, stays, fee lines, discharge. Pure. */
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
import type { OpenedEncounter } from './opened-encounter.ts'
import { mark } from './person-inputs.ts'
import { type Reading, type Written, written } from './written.ts'

type Visit = z.output<typeof OutpatientVisit>
type Stay = z.output<typeof InpatientStay>
type Given = z.output<typeof diagnosis>

/** Emergency marks in `exp_content` by kind of visit. [F] */
const EMERGENCY = { outpatient: '{"OTP_ER_REFL_FLAG":"1"}', inpatient: '{"IPT_TYPE":"2"}' } as const

function given(read: Reading<Visit | Stay>, { kind }: Visit | Stay) {
  return {
    psn_no: read.at('person'),
    insutype: read.at('insuranceType'),
    begntime: read.at('begins'),
    mdtrt_cert_type: read.of('credential', 'type'),
    mdtrt_cert_no: read.of('credential', 'number'),
    exp_content: read.at('emergency', (emergency: boolean | undefined) =>
      emergency ? EMERGENCY[kind] : undefined,
    ),
  }
}

/** The code of a diagnosis, marked if it is a national one. */
const codeOf = ({ system, code }: Given) => (system === 'national' ? NATIONAL_MARK + code : code)

function diagnosisRow(read: Reading<Given>, row: Given, index: number) {
  return {
    diag_type: read.at('type'),
    diag_srt_no: read.known('', index + 1),
    diag_code: read.known('code', codeOf(row)),
    diag_name: read.at('name'),
    diag_dept: read.at('department'),
    dise_dor_no: read.of('doctor', 'code'),
    dise_dor_name: read.of('doctor', 'name'),
    diag_time: read.at('at'),
  }
}

/** Index of the main diagnosis: the one marked so, else the first. */
function mainOf(rows: readonly Given[]): number {
  return Math.max(
    0,
    rows.findIndex((row) => row.main === true),
  )
}

/** 2201 门诊挂号. */
export function registrationInput(body: Visit): Written {
  return written(body, (read) => ({
    data: {
      ...given(read, body),
      ipt_otp_no: read.at('visitNumber'),
      atddr_no: read.of('doctor', 'code'),
      dr_name: read.of('doctor', 'name'),
      dept_code: read.of('department', 'code'),
      dept_name: read.of('department', 'name'),
      caty: read.at('specialty'),
    },
  }))
}

/** 2203 门诊就诊信息上传. */
export function visitInput(body: Visit, encounter: string): Written {
  const { diagnoses = [] } = body
  return written(body, (read) => ({
    mdtrtinfo: {
      mdtrt_id: read.known('encounter', encounter),
      psn_no: read.at('person'),
      med_type: read.at('medicalCategory'),
      begntime: read.at('begins'),
      main_cond_dscr: read.at('condition'),
      dise_codg: read.of('disease', 'code'),
      dise_name: read.of('disease', 'name'),
    },
    diseinfo: read.rows('diagnoses', (row, index) => ({
      ...diagnosisRow(row, diagnoses[index]!, index),
      vali_flag: row.known('', '1'),
    })),
  }))
}

/** 2401 入院办理. */
export function admissionInput(body: Stay): Written {
  const { diagnoses } = body
  const main = mainOf(diagnoses)
  return written(body, (read) => ({
    mdtrtinfo: {
      ...given(read, body),
      coner_name: read.of('contact', 'name'),
      tel: read.of('contact', 'phone'),
      med_type: read.at('medicalCategory'),
      ipt_no: read.at('visitNumber'),
      medrcdno: read.at('recordNumber'),
      atddr_no: read.of('doctor', 'code'),
      chfpdr_name: read.of('doctor', 'name'),
      adm_diag_dscr: read.at('admissionDiagnosis'),
      adm_dept_codg: read.of('department', 'code'),
      adm_dept_name: read.of('department', 'name'),
      adm_bed: read.at('bed'),
      dscg_maindiag_code: read.known(`diagnoses[${main}].code`, codeOf(diagnoses[main]!)),
      dscg_maindiag_name: read.known(`diagnoses[${main}].name`, diagnoses[main]!.name),
      main_cond_dscr: read.at('condition'),
      dise_codg: read.of('disease', 'code'),
      dise_name: read.of('disease', 'name'),
      trum_flag: read.at('trauma', mark),
      rel_ttp_flag: read.at('thirdParty', mark),
    },
    diseinfo: read.rows('diagnoses', (row, index) => ({
      psn_no: read.at('person'),
      maindiag_flag: row.known('main', index === main ? '1' : '0'),
      ...diagnosisRow(row, diagnoses[index]!, index),
    })),
  }))
}

/** 2402 出院办理. */
export function dischargeInput(body: z.output<typeof DischargeRequest>, opened: OpenedEncounter): Written {
  const { encounter, person, insuranceType } = opened
  const { diagnoses } = body
  const main = mainOf(diagnoses)
  return written(body, (read) => ({
    dscginfo: {
      mdtrt_id: read.known('encounter', encounter),
      psn_no: read.known('encounter', person),
      insutype: read.known('encounter', insuranceType),
      endtime: read.at('ends'),
      dise_codg: read.of('disease', 'code'),
      dise_name: read.of('disease', 'name'),
      dscg_dept_codg: read.of('department', 'code'),
      dscg_dept_name: read.of('department', 'name'),
      dscg_bed: read.at('bed'),
      dscg_way: read.at('way'),
      die_date: read.at('diedOn'),
    },
    diseinfo: read.rows('diagnoses', (row, index) => ({
      mdtrt_id: row.known('', encounter),
      psn_no: row.known('', person),
      maindiag_flag: row.known('main', index === main ? '1' : '0'),
      ...diagnosisRow(row, diagnoses[index]!, index),
    })),
  }))
}

type Line = z.output<typeof FeeLine>

function lineRow(read: Reading<Line>, line: Line, { encounter, person }: OpenedEncounter) {
  const local = line.localCode === undefined
  return {
    feedetl_sn: read.at('serial'),
    mdtrt_id: read.known('', encounter),
    psn_no: read.known('', person),
    fee_ocur_time: read.at('at'),
    med_list_codg: read.at('code', (code: string | undefined) => code ?? ''),
    medins_list_codg: local ? read.at('code') : read.at('localCode'),
    det_item_fee_sumamt: read.at('totalFen', (amount: number) => yuanFromFen(asFen(amount))),
    cnt: read.at('quantity'),
    pric: read.at('priceYuan'),
    bilg_dept_codg: read.of('department', 'code'),
    bilg_dept_name: read.of('department', 'name'),
    bilg_dr_codg: read.of('doctor', 'code'),
    bilg_dr_name: read.of('doctor', 'name'),
    hosp_appr_flag: read.at('approval'),
    init_feedetl_sn: read.at('original'),
  }
}

/** 2204 门诊费用明细信息上传. */
export function outpatientLinesInput(body: z.output<typeof LinesRequest>, opened: OpenedEncounter): Written {
  return written(body, (read) => ({
    feedetail: read.rows('lines', (row, index) => ({
      ...lineRow(row, body.lines[index]!, opened),
      chrg_bchno: read.at('batch'),
      rxno: row.at('prescription'),
      rx_circ_flag: row.at('outsidePrescription', mark),
      dise_codg: row.at('disease'),
    })),
  }))
}

/** 2301 住院费用明细上传. */
export function inpatientLinesInput(body: z.output<typeof LinesRequest>, opened: OpenedEncounter): Written {
  return written(body, (read) => ({
    feedetail: read.rows('lines', (row, index) => ({
      ...lineRow(row, body.lines[index]!, opened),
      med_type: read.known('encounter', opened.category),
      drord_no: row.at('order'),
    })),
  }))
}
