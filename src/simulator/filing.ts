/**
 * Filings for treatment elsewhere: 2501 and 2501A by a hospital, 2502, 5304, and all other channels. The filings in
 * force are read again at each admission, pre-settlement and settlement.
 */
import { z } from 'zod'
import { cityOf, hasAreaShape, parseArea, relationOf } from '../domain/area.ts'
import { addDays, type Day, type Instant, shanghaiTime } from '../domain/day.ts'
import { FILING_KINDS, type Filing, type FilingKind } from '../domain/filing.ts'
import {
  cancel,
  cancelling,
  type Declaration,
  declare,
  declareBy,
  halfAYearFrom,
  requireHospital,
  rowOf,
  span,
  standing,
} from './declarations.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { dayField, requiredText, sectionOf, textOf } from './fields.ts'
import { type Handler, insuredOf, type Province, participationOf, requireActive, today } from './province.ts'

/** A filing that a hospital makes is a referral. */
const REFERRAL = '21'
/** Where a referral leads `refl_type`: within the city, to another city, to another province. [F: T] */
const REFERRAL_TYPES = { local: '1', intra: '2', cross: '3' } as const

const keyOf = (kind: FilingKind, destination: string) => `${kind} ${destination}`

/**
 * Who may file a referral: a hospital of the province where the person is insured, or the admitting hospital for
 * itself, even after admission (补备案) [A after R1 art. 8 and 16].
 */
function requireFiler(message: Message, insured: string, destination: string, to: string): void {
  requireHospital(message)
  if (message.treatment.slice(0, 2) === insured.slice(0, 2)) return
  const takesIn =
    message.treatment.slice(0, 4) === destination.slice(0, 4) && (to === '' || to === message.institution)
  if (!takesIn) throw new Refusal('E301', '转院备案仅由参保省内医院或接收该患者的医院办理')
}

/** 2501 and 2501A 转院备案: a filing of kind 21 for the city of the other hospital. */
export const fileReferral: Handler = (province, message) => {
  const node = sectionOf(message, 'refmedin')
  const insured = participationOf(
    insuredOf(province, message, node, textOf(node, 'insutype')),
    textOf(node, 'insutype'),
  )
  requireActive(insured)
  const area = requiredText(node, 'mdtrtarea_admdvs')
  if (!hasAreaShape(area)) throw new Refusal('E000', '就医地行政区划不正确')
  const [home, destination] = [insured.insurance.area, cityOf(parseArea(area))]
  requireFiler(message, home, destination, textOf(node, 'reflin_medins_no'))
  const type = textOf(node, 'refl_type')
  if (type !== '' && type !== REFERRAL_TYPES[relationOf(home, parseArea(area))])
    throw new Refusal('E000', '转院类型与参保地、就医地不符')
  if (textOf(node, 'hosp_agre_refl_flag') === '0') throw new Refusal('E000', '医院未同意转院，不能备案')
  const { begins, ends } = span(province, node, dayField(node, 'refl_date', province.now()))
  const declared = {
    what: 'filing',
    about: keyOf(REFERRAL, destination),
    begins,
    ends: ends ?? halfAYearFrom(begins),
  } as const
  return declareBy(province, message, insured.person, declared, node)
}

/** 2502 转院备案撤销. */
export const cancelReferral: Handler = cancelling('filing')

/** A filing of a person's list that no message made: of before the beginning. */
function seeded(
  filing: Filing,
): Pick<Declaration, 'begins' | 'ends' | 'source'> & { node: Node; sn: string } {
  return { begins: filing.from, ends: filing.until, source: '02', node: {}, sn: '' }
}

/** 5304 转院信息查询: referrals that stand and begin within the time asked for; each with its number, which the text does not have. [A] */
export const listReferrals: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const { person } = insuredOf(province, message, node, '')
  const from = textOf(node, 'begntime') ? dayField(node, 'begntime', province.now()) : ('0000-01-01' as Day)
  const until = textOf(node, 'endtime') ? dayField(node, 'endtime', province.now()) : ('9999-12-31' as Day)
  const made = standing(province, person.number, 'filing')
    .filter((one) => one.about.startsWith(REFERRAL))
    .map((one) => ({ ...one, node: rowOf(one), destination: one.about.slice(3) }))
  const before = person.filings
    .filter(({ kind }) => kind === REFERRAL)
    .map((filing) => ({ ...seeded(filing), at: 0, filer: '', destination: filing.destination }))
  return {
    refmedin: [...before, ...made]
      .filter(({ begins }) => from <= begins && begins <= until)
      .map(({ begins, ends, source, node: said, destination, sn, at }) => ({
        insutype: textOf(said, 'insutype') || person.insurance[0]!.insutype,
        dcla_souc: source,
        psn_no: person.number,
        psn_cert_type: person.documentKind,
        certno: person.document,
        psn_name: person.name,
        gend: person.gender,
        brdy: person.birth,
        tel: textOf(said, 'tel'),
        addr: textOf(said, 'addr'),
        insu_optins: person.insurance[0]!.area,
        emp_name: '',
        diag_code: textOf(said, 'diag_code'),
        diag_name: textOf(said, 'diag_name'),
        dise_cond_dscr: textOf(said, 'dise_cond_dscr'),
        reflin_medins_no: textOf(said, 'reflin_medins_no'),
        reflin_medins_name: textOf(said, 'reflin_medins_name'),
        mdtrtarea_admdvs: destination,
        out_flag: '1',
        refl_date: textOf(said, 'refl_date').slice(0, 10) || begins,
        refl_rea: textOf(said, 'refl_rea'),
        begndate: begins,
        enddate: ends ?? '',
        hosp_agre_refl_flag: textOf(said, 'hosp_agre_refl_flag') || '1',
        opter_id: '',
        opter_name: '',
        opt_time: at === 0 ? '' : shanghaiTime(at as Instant),
        trt_dcla_detl_sn: sn,
      })),
  }
}

/** A person's own filing by `POST /filings`; the destination is a city or a municipality. */
export const application = z.object({
  psn_no: z.string(),
  does: z.enum(['file', 'change', 'cancel']),
  kind: z.enum(Object.keys(FILING_KINDS) as [FilingKind, ...FilingKind[]]),
  destination: z.string(),
  source: z.enum(['02', '03', '04', '99']),
  begins: z.string().optional(),
  ends: z.string().nullish(),
})

/** One such application; `source` is the channel `dcla_souc`: 02 counter, 03 online, 04 APP, 99 mini-program [F: R1 art. 9]. */
export type Application = z.infer<typeof application>

/** Days that a long-term filing stays before it is changed or cancelled: not longer than 6 months in principle [F: R8]. */
const KEPT_DAYS = 180

const isLongTerm = (kind: string) => FILING_KINDS[kind as FilingKind]?.group === 'long-term'

function requireKeptLongEnough(province: Province, { about, begins }: Declaration): void {
  const until = addDays(begins, KEPT_DAYS)
  if (isLongTerm(about.slice(0, 2)) && today(province) < until)
    throw new Refusal('E000', `长期备案自办理之日起六个月内不能变更或取消，${until}起可办理`)
}

/**
 * Files, changes or cancels by a channel of the insured place. A person has one long-term filing; a new one takes its place
 * when it may be changed.
 *
 * @returns number of the filing that stands or was cancelled
 * @throws {Refusal} in the words of the counter
 */
export function applyFor(province: Province, asked: Application): string {
  const person = province.people.get(asked.psn_no)
  if (!person) throw new Refusal('E201', '未查询到参保信息')
  if (!hasAreaShape(asked.destination)) throw new Refusal('E000', '备案就医地不正确')
  requireActive({ person, insurance: person.insurance[0]! })
  const destination = cityOf(parseArea(asked.destination))
  const about = keyOf(asked.kind, destination)
  const own = standing(province, person.number, 'filing').filter(({ filer }) => filer === '')
  const earlier =
    asked.does === 'change'
      ? own.find((one) => isLongTerm(one.about.slice(0, 2)) === isLongTerm(asked.kind))
      : own.find((one) => one.about === about)
  if (asked.does !== 'file') {
    if (!earlier) throw new Refusal('E000', '未查询到可变更或取消的备案')
    requireKeptLongEnough(province, earlier)
    cancel(province, 'filing', earlier.sn, person.number, '')
    if (asked.does === 'cancel') return earlier.sn
  }
  if (isLongTerm(asked.kind) && own.some((one) => one !== earlier && isLongTerm(one.about.slice(0, 2))))
    throw new Refusal('E504', '已有长期备案，请办理变更')
  const node = { begndate: asked.begins ?? '', enddate: asked.ends ?? '' }
  const { begins, ends } = span(province, node, today(province))
  const lasts = isLongTerm(asked.kind) ? ends : (ends ?? halfAYearFrom(begins))
  const declared = { what: 'filing', about, filer: '', source: asked.source, begins, ends: lasts } as const
  return declare(province, person, declared, node)
}
