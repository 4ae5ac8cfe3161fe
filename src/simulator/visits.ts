/** Visits: 2201 2202 2203 outpatient; 2401 2402 2403 2404 2405 stays; 5201 query. */
import { dayOf, daysBetween, type Instant, shanghaiTime } from '../domain/day.ts'
import type { Visit } from './book.ts'
import { dropDiagnoses, keepDiagnoses } from './diagnoses.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { hasEmergencyMark, marksOf, requiredText, sectionOf, textOf, timeOf, treatmentOf } from './fields.ts'
import { ageOn } from './identity.ts'
import {
  type Handler,
  insuredOf,
  openVisitOf,
  type Province,
  requireActive,
  today,
  treatmentKind,
} from './province.ts'
import { requireScheme, schemeOfCategory } from './schemes.ts'

/** Fields of an admission that a query gives back. */
const DETAILS = [
  'coner_name',
  'tel',
  'medrcdno',
  'atddr_no',
  'chfpdr_name',
  'adm_diag_dscr',
  'adm_dept_codg',
  'adm_dept_name',
  'adm_bed',
  'dscg_maindiag_code',
  'dscg_maindiag_name',
  'main_cond_dscr',
  'dise_name',
  'oprn_oprt_code',
  'oprn_oprt_name',
  'matn_type',
  'dscg_dept_codg',
  'dscg_dept_name',
  'dscg_bed',
  'dscg_way',
  'die_date',
  'mdtrt_cert_type',
] as const

function detailsFrom(node: Node, earlier = '{}'): string {
  const details = JSON.parse(earlier) as Record<string, string>
  for (const field of DETAILS) if (node[field] !== undefined) details[field] = textOf(node, field)
  const { trauma, thirdParty } = marksOf(node)
  if (trauma) details.trum_flag = trauma
  if (thirdParty) details.rel_ttp_flag = thirdParty
  return JSON.stringify(details)
}

function isEmergency(node: Node, category: string): boolean {
  return hasEmergencyMark(node) || category === '24' || category === '13'
}

/** A visit id: place of treatment, G, Z or Y, then the insured province, so that no two provinces give the same. */
export function visitId(province: Province, treatment: string, letter: 'G' | 'Z' | 'Y'): string {
  const serial = String(province.book.next('visit')).padStart(11, '0')
  return `${treatment}${letter}${province.code.slice(0, 2)}${serial}`
}

function opened(province: Province, message: Message, node: Node, kind: Visit['kind']): Visit {
  const insured = insuredOf(province, message, node, requiredText(node, 'insutype'))
  requireActive(insured)
  const treatment = treatmentOf(message)
  const begins = timeOf(node, 'begntime', province.now())
  const category = textOf(node, 'med_type')
  const emergency = isEmergency(node, category)
  const on = dayOf(begins)
  const scheme = schemeOfCategory(category)
  const disease = textOf(node, 'dise_codg')
  requireScheme(province, scheme, {
    insured,
    treatment,
    category,
    disease,
    institution: message.institution,
    on,
  })
  if (kind === 'inpatient') {
    if (category === '') throw new Refusal('E000', 'med_type不能为空')
    // A filing that was made late, when the person lay in hospital already, counts from today at the latest.
    treatmentKind(province, insured, treatment, [dayOf(begins), today(province)], emergency)
  }
  const visit: Visit = {
    mdtrt_id: visitId(province, treatment, kind === 'inpatient' ? 'Z' : 'G'),
    msgid: message.id,
    kind,
    psn_no: insured.person.number,
    insutype: insured.insurance.insutype,
    insured_area: insured.insurance.area,
    treatment_area: treatment,
    fixmedins_code: message.institution,
    fixmedins_name: message.institutionName,
    ipt_otp_no: textOf(node, kind === 'inpatient' ? 'ipt_no' : 'ipt_otp_no') || textOf(node, 'ipt_otp_no'),
    med_type: category || '11',
    dise_codg: textOf(node, 'dise_codg'),
    begins,
    ends: null,
    emergency: emergency ? 1 : 0,
    state: 'open',
    details: detailsFrom(node),
  }
  province.book.store.insert('visits', visit)
  return visit
}

/** 2201 门诊挂号. A filing is asked for at the settlement: the medical category is not known yet. */
export const register: Handler = (province, message) => {
  const visit = opened(province, message, sectionOf(message, 'data'), 'outpatient')
  return { data: { mdtrt_id: visit.mdtrt_id, psn_no: visit.psn_no, ipt_otp_no: visit.ipt_otp_no } }
}

/** 2401 入院办理. */
export const admit: Handler = (province, message) => {
  const visit = opened(province, message, sectionOf(message, 'mdtrtinfo'), 'inpatient')
  keepDiagnoses(province, message, visit, '1')
  return { result: { mdtrt_id: visit.mdtrt_id } }
}

/** Takes a visit back: nothing of it may be settled and its lines must be gone. */
function withdraw(province: Province, visit: Visit): null {
  if (province.book.standing(visit.mdtrt_id).length > 0)
    throw new Refusal('E000', '该就诊已结算，请先撤销结算')
  if (visit.state === 'discharged') throw new Refusal('E000', '该就诊已出院，请先撤销出院')
  if (province.book.lines(visit.mdtrt_id).length > 0)
    throw new Refusal('E000', '该就诊有费用明细，请先撤销明细')
  province.book.change(visit.mdtrt_id, { state: 'cancelled' })
  return null
}

/** 2202 门诊挂号撤销 and 2404 入院撤销. */
export const cancelVisit: Handler = (province, message) =>
  withdraw(province, openVisitOf(province, message, sectionOf(message, 'data')))

function changed(province: Province, message: Message, section: string): null {
  const node = sectionOf(message, section)
  const visit = openVisitOf(province, message, node)
  const category = textOf(node, 'med_type') || visit.med_type
  const marked = node.exp_content === undefined ? visit.emergency === 1 : hasEmergencyMark(node)
  province.book.change(visit.mdtrt_id, {
    med_type: category,
    dise_codg: textOf(node, 'dise_codg'),
    begins: timeOf(node, 'begntime', visit.begins as Instant),
    emergency: marked || isEmergency({}, category) ? 1 : 0,
    details: detailsFrom(node, visit.details),
  })
  keepDiagnoses(province, message, visit, '1')
  return null
}

/** 2203 门诊就诊信息上传: medical category and disease; a later one replaces an earlier one. */
export const describeVisit: Handler = (province, message) => changed(province, message, 'mdtrtinfo')

/** 2403 入院信息变更. */
export const changeStay: Handler = (province, message) => changed(province, message, 'adminfo')

/** 2402 出院办理. */
export const discharge: Handler = (province, message) => {
  const node = sectionOf(message, 'dscginfo')
  const visit = openVisitOf(province, message, node)
  if (visit.kind !== 'inpatient') throw new Refusal('E000', '该就诊不是住院')
  const ends = timeOf(node, 'endtime', province.now())
  if (ends < visit.begins) throw new Refusal('E000', '出院时间早于入院时间')
  province.book.change(visit.mdtrt_id, {
    state: 'discharged',
    ends,
    details: detailsFrom(node, visit.details),
  })
  keepDiagnoses(province, message, visit, '2')
  return null
}

/** 2405 出院撤销. */
export const cancelDischarge: Handler = (province, message) => {
  const visit = openVisitOf(province, message, sectionOf(message, 'data'))
  // An interim settlement was made before the discharge, and stays.
  if (province.book.standing(visit.mdtrt_id).some(({ chrg_bchno }) => chrg_bchno === ''))
    throw new Refusal('E000', '该就诊已结算，请先撤销结算')
  province.book.change(visit.mdtrt_id, { state: 'open', ends: null })
  dropDiagnoses(province, visit.mdtrt_id, '2')
  return null
}

function shown(province: Province, visit: Visit): unknown {
  const person = province.people.get(visit.psn_no)!
  const insurance = person.insurance.find((row) => row.insutype === visit.insutype)!
  const ends = (visit.ends ?? visit.begins) as Instant
  const [first, last] = [dayOf(visit.begins as Instant), dayOf(ends)]
  return {
    mdtrt_id: visit.mdtrt_id,
    psn_no: visit.psn_no,
    psn_cert_type: person.documentKind,
    certno: person.document,
    psn_name: person.name,
    gend: person.gender,
    naty: '01',
    brdy: person.birth,
    age: ageOn(person, today(province)),
    ...Object.fromEntries(DETAILS.map((field) => [field, ''])),
    ...(JSON.parse(visit.details) as Record<string, string>),
    insutype: visit.insutype,
    psn_type: insurance.psnType,
    maf_psn_flag: person.assistance ? '1' : '0',
    cvlserv_flag: person.supplements.includes('civilServant') ? '1' : '0',
    flxempe_flag: '0',
    nwb_flag: schemeOfCategory(visit.med_type) === 'newborn' ? '1' : '0',
    insu_optins: visit.insured_area,
    emp_name: '',
    begntime: shanghaiTime(visit.begins as Instant),
    endtime: visit.ends === null ? '' : shanghaiTime(ends),
    med_type: visit.med_type,
    ars_year_ipt_flag: first.slice(0, 4) === last.slice(0, 4) ? '0' : '1',
    pre_pay_flag: '0',
    ipt_otp_no: visit.ipt_otp_no,
    dise_codg: visit.dise_codg,
    inhosp_stas: visit.kind === 'inpatient' && visit.state === 'open' ? '1' : '0',
    ipt_days: visit.kind === 'inpatient' ? Math.max(daysBetween(first, last), 1) : 0,
    opter_id: '',
    opter_name: '',
    opt_time: shanghaiTime(visit.begins as Instant),
    memo: '',
  }
}

/** 5201 就诊信息查询: visits of a person at the institution that asks, in a window, of one category, not taken back. */
export const listVisits: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const { person } = insuredOf(province, message, node, '')
  const from = timeOf(node, 'begntime', 0 as Instant)
  const until = timeOf(node, 'endtime', Number.MAX_SAFE_INTEGER as Instant)
  const lastDay = textOf(node, 'endtime').length === 10 ? until + 86_399_999 : until
  const [category, id] = [textOf(node, 'med_type'), textOf(node, 'mdtrt_id')]
  const visits = province.book
    .visitsOf(person.number, from, lastDay)
    .filter((visit) => visit.fixmedins_code === message.institution)
    .filter(
      (visit) => (category === '' || visit.med_type === category) && (id === '' || visit.mdtrt_id === id),
    )
  return { mdtrtinfo: visits.map((visit) => shown(province, visit)) }
}
