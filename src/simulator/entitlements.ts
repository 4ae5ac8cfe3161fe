/**
 * Entitlements by declaration: chronic and special diseases 2503, 2504, 5301; designated institutions 2505, 2506,
 * 5302; accidents 2507. Current inpatients: 5303.
 */
import { relationOf } from '../domain/area.ts'
import { type Day, dayOf, type Instant } from '../domain/day.ts'
import type { Visit } from './book.ts'
import { chronicFamily, chronicName } from './chronic.ts'
import { cancelling, covers, declareBy, requireHospital, rowOf, span, standing } from './declarations.ts'
import { Refusal } from './envelope.ts'
import { dayField, requiredText, sectionOf, textOf, timeOf, treatmentOf } from './fields.ts'
import { ageOn } from './identity.ts'
import type { Person } from './people.ts'
import { type Handler, insuredOf, type Province, requireActive, today } from './province.ts'

/** A disease that a person is certified for. */
export interface Certified {
  readonly code: string
  readonly from: Day
  readonly until: Day
  /** Number of the declaration, which the text of 5301 does not have; absent for whom was certified before. [A] */
  readonly sn?: string
}

const NO_END = '9999-12-31' as Day

/** Diseases that a person is certified for on a day. */
export function certifiedOf(province: Province, person: Person, on: Day): Certified[] {
  const declared = standing(province, person.number, 'chronic').map(({ about, begins, ends, sn }) => ({
    code: about,
    from: begins,
    until: ends ?? NO_END,
    sn,
  }))
  return [...person.chronic, ...declared].filter((row) => row.from <= on && on <= row.until)
}

/** 2503 人员慢特病备案: by the institution that certifies it, for a disease of the list of the insured place. */
export const fileChronic: Handler = (province, message) => {
  requireHospital(message)
  const node = sectionOf(message, 'data')
  const insured = insuredOf(province, message, node, requiredText(node, 'insutype'))
  requireActive(insured)
  const code = requiredText(node, 'opsp_dise_code')
  if (chronicFamily(code) === null) throw new Refusal('E601', '该病种不在参保地门诊慢特病病种目录内')
  if (requiredText(node, 'ide_fixmedins_no') !== message.institution)
    throw new Refusal('E301', '鉴定定点医药机构须为报送机构')
  // Across provinces a foreign hospital certifies nothing: that is the insured place's. [K]
  if (relationOf(insured.insurance.area, treatmentOf(message)) === 'cross')
    throw new Refusal('E301', '门诊慢特病资格由参保地认定，就医地医院不能办理')
  const { begins, ends } = span(province, node, today(province))
  return declareBy(province, message, insured.person, { what: 'chronic', about: code, begins, ends }, node)
}

/** 2504 人员慢特病备案撤销. */
export const cancelChronic: Handler = cancelling('chronic')

/** 5301 人员慢特病备案查询: what is valid today. */
export const listChronic: Handler = (province, message) => {
  const { person } = insuredOf(province, message, sectionOf(message, 'data'), '')
  return {
    feedetail: certifiedOf(province, person, today(province)).map(({ code, from, until, sn }) => ({
      opsp_dise_code: code,
      opsp_dise_name: chronicName(code),
      begndate: from,
      enddate: until === NO_END ? '' : until,
      trt_dcla_detl_sn: sn ?? '',
    })),
  }
}

/** Purpose of a designation `biz_appy_type`: the two diseases. [F: T] */
export const TWO_DISEASES = '23'

/** 2505 人员定点备案: one institution for one purpose at a time; a change is a cancellation and a new one. */
export const fileDesignation: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const insured = insuredOf(province, message, node, '')
  requireActive(insured)
  const purpose = requiredText(node, 'biz_appy_type')
  const { begins, ends } = span(province, node, today(province))
  requiredText(node, 'fixmedins_code')
  return declareBy(
    province,
    message,
    insured.person,
    { what: 'designation', about: purpose, begins, ends },
    node,
  )
}

/** 2506 人员定点备案撤销. */
export const cancelDesignation: Handler = cancelling('designation')

/** The institution that a person designated for a purpose on a day; null if there is none. */
export function designatedOf(province: Province, person: Person, purpose: string, on: Day): string | null {
  const found = standing(province, person.number, 'designation').find(
    (one) => one.about === purpose && covers(one, on),
  )
  return found ? textOf(rowOf(found), 'fixmedins_code') : null
}

/** 5302 人员定点信息查询. */
export const listDesignations: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const { person, insurance } = insuredOf(province, message, node, '')
  const purpose = textOf(node, 'biz_appy_type')
  return {
    psnfixmedin: standing(province, person.number, 'designation')
      .filter((one) => purpose === '' || one.about === purpose)
      .map((one) => {
        const said = rowOf(one)
        return {
          psn_no: person.number,
          insutype: insurance.insutype,
          fix_srt_no: textOf(said, 'fix_srt_no'),
          fixmedins_code: textOf(said, 'fixmedins_code'),
          fixmedins_name: textOf(said, 'fixmedins_name'),
          begndate: one.begins,
          enddate: one.ends ?? '',
          memo: textOf(said, 'memo'),
          trt_dcla_detl_sn: one.sn,
        }
      }),
  }
}

/** 2507 人员意外伤害备案: what happened when and where. The day must not be in the future or before the person's birth. */
export const fileAccident: Handler = (province, message) => {
  requireHospital(message)
  const node = sectionOf(message, 'data')
  const insured = insuredOf(province, message, node, textOf(node, 'insutype'))
  requireActive(insured)
  const happened = dayField(node, 'trum_time', province.now())
  if (happened > today(province)) throw new Refusal('E000', '受伤时间晚于当前日期')
  const { begins, ends } = span(province, node, happened)
  return declareBy(
    province,
    message,
    insured.person,
    { what: 'accident', about: happened, begins, ends },
    node,
  )
}

/** Whether an accident of a person is filed that a treatment may follow. */
export function isAccidentFiled(province: Province, person: Person, on: Day): boolean {
  return standing(province, person.number, 'accident').some((one) => covers(one, on))
}

/** 5303 在院信息查询: stays at the institution that asks which are not discharged. */
export const listInHospital: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const from = timeOf(node, 'begntime', 0 as Instant)
  const until = timeOf(node, 'endtime', Number.MAX_SAFE_INTEGER as Instant)
  const sql = `SELECT * FROM visits WHERE fixmedins_code = ? AND kind = 'inpatient' AND state = 'open'
    AND begins BETWEEN ? AND ? AND (? = '' OR psn_no = ?) ORDER BY begins, mdtrt_id`
  const person = textOf(node, 'psn_no')
  const rows = province.book.store.rows<Visit>(sql, message.institution, from, until, person, person)
  return { data: rows.map((visit) => inHospital(province, visit)) }
}

function inHospital(province: Province, visit: Visit): unknown {
  const person = province.people.get(visit.psn_no)!
  return {
    mdtrt_id: visit.mdtrt_id,
    psn_no: visit.psn_no,
    psn_cert_type: person.documentKind,
    certno: person.document,
    psn_name: person.name,
    gend: person.gender,
    brdy: person.birth,
    age: ageOn(person, today(province)),
    insutype: visit.insutype,
    begndate: dayOf(visit.begins as Instant),
    med_type: visit.med_type,
    ipt_otp_no: visit.ipt_otp_no,
    out_flag: visit.insured_area.slice(0, 4) === visit.treatment_area.slice(0, 4) ? '0' : '1',
  }
}
