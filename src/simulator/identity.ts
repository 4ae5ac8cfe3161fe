/** Sign-in, identity, entitlement: 9001 9002 1101 2001. */
import { compactTime, type Day, shanghaiTime } from '../domain/day.ts'
import { laneOf } from '../domain/lane.ts'
import { entitledFamilies } from './bill.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { dayField, hasEmergencyMark, requiredText, sectionOf, textOf, treatmentOf, yuan } from './fields.ts'
import type { Person } from './people.ts'
import { type Handler, insuredOf, type Province, requireActive, today, treatmentKind } from './province.ts'
import { requireScheme, schemeOf } from './schemes.ts'

/** 9001 签到. */
export const signIn: Handler = (province, message) => {
  requiredText(sectionOf(message, 'signIn'), 'opter_no')
  const serial = String(province.book.next('sign')).padStart(15, '0')
  const at = province.now()
  return { signinoutb: { sign_time: shanghaiTime(at), sign_no: `S${compactTime(at)}${serial}` } }
}

/** 9002 签退. */
export const signOut: Handler = (province) => ({
  signoutoutb: { sign_time: shanghaiTime(province.now()) },
})

/** Age in whole years. */
export function ageOn(person: Person, day: Day): number {
  const years = Number(day.slice(0, 4)) - Number(person.birth.slice(0, 4))
  return day.slice(5) < person.birth.slice(5) ? years - 1 : years
}

function foundBy(people: Iterable<Person>, kind: string, number: string): Person | undefined {
  for (const person of people) {
    if (kind === '02' && person.document === number) return person
    if (person.credentials.some((shown) => shown.kind === kind && shown.number === number)) return person
  }
  return undefined
}

/** The person with the presented credential; name, document and card serial must match if given. */
function identified(province: Province, node: Node): Person {
  const number = textOf(node, 'mdtrt_cert_no')
  if (number === '') throw new Refusal('E401', '就诊凭证编号不能为空')
  const kind = requiredText(node, 'mdtrt_cert_type')
  const person = foundBy(province.people.values(), kind, number)
  if (!person) throw new Refusal('E201', '未查询到参保信息')
  const [name, document, serial] = [textOf(node, 'psn_name'), textOf(node, 'certno'), textOf(node, 'card_sn')]
  if ((name && name !== person.name) || (document && document !== person.document)) {
    throw new Refusal('E203', '姓名或证件号码与参保信息不符')
  }
  const card = person.credentials.find((shown) => shown.kind === '03')
  if (kind === '03' && serial !== card?.cardSerial) throw new Refusal('E401', '社会保障卡卡识别码校验未通过')
  return person
}

/** 1101 人员基本信息获取. */
export const identify: Handler = (province, message) => {
  const person = identified(province, sectionOf(message, 'data'))
  return {
    baseinfo: {
      psn_no: person.number,
      psn_cert_type: person.documentKind,
      certno: person.document,
      psn_name: person.name,
      gend: person.gender,
      naty: '01',
      brdy: person.birth,
      age: ageOn(person, today(province)),
      exp_content: '',
    },
    insuinfo: person.insurance.map((row) => ({
      balc: yuan(province.book.balance(person.number, row.insutype, row.opening)),
      insutype: row.insutype,
      psn_type: row.psnType,
      psn_insu_stas: row.status,
      psn_insu_date: '2010-07-01',
      paus_insu_date: row.status === '1' ? '' : '2024-12-31',
      cvlserv_flag: row.insutype === '310' && person.supplements.includes('civilServant') ? '1' : '0',
      insuplc_admdvs: row.area,
      emp_name: row.insutype === '310' ? '示例单位（虚构）' : '',
    })),
    idetinfo: person.assistance
      ? [
          {
            psn_idet_type: person.assistance,
            psn_type_lv: '',
            memo: province.region.medical_assistance.categories[person.assistance]?.name ?? '',
            begntime: '2024-01-01 00:00:00',
            endtime: '',
          },
        ]
      : [],
  }
}

/** Why the person has no benefit for this treatment; null if there is one. */
function hindrance(province: Province, message: Message, node: Node): Refusal | null {
  try {
    const insured = insuredOf(province, message, node, textOf(node, 'insutype'))
    requireActive(insured)
    const category = textOf(node, 'med_type')
    const emergency = hasEmergencyMark(node) || category === '24' || category === '13'
    const day = dayField(node, 'begntime', province.now())
    treatmentKind(province, insured, treatmentOf(message), [day], emergency)
    const treatment = treatmentOf(message)
    const disease = textOf(node, 'dise_codg')
    const treated = { insured, treatment, category, disease, institution: message.institution, on: day }
    requireScheme(province, schemeOf(province, treated), treated)
    if (laneOf(category) === 'chronic') entitledFamilies(province, insured, treatment, disease, day)
    return null
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

/** 2001 人员待遇享受检查. A person without benefit is an answer with flag 0, not a refusal. */
export const checkBenefit: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const { person, insurance } = insuredOf(province, message, node, textOf(node, 'insutype'))
  const no = hindrance(province, message, node)
  const year = today(province).slice(0, 4)
  return {
    trtinfo: [
      {
        psn_no: person.number,
        trt_chk_type: '1',
        fund_pay_type: insurance.insutype === '310' ? '310100' : '390100',
        trt_enjymnt_flag: no ? '0' : '1',
        begndate: `${year}-01-01`,
        enddate: `${year}-12-31`,
        trt_chk_rslt: no ? `${no.reason} ${no.message}` : '',
      },
    ],
  }
}
