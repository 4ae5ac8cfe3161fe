/**
 * Lanes distinguished by the medical category: maternity, newborn, trauma, the two diseases; which of them the
 * insured place covers where, and for whom.
 */
import type { Area } from '../domain/area.ts'
import { relationOf } from '../domain/area.ts'
import { type Day, dayOf, type Instant } from '../domain/day.ts'
import type { Visit } from './book.ts'
import { covers } from './declarations.ts'
import { certifiedOf, designatedOf, isAccidentFiled, TWO_DISEASES } from './entitlements.ts'
import { type Node, Refusal } from './envelope.ts'
import { marksOf } from './fields.ts'
import type { Insured, Province } from './province.ts'

/** A way of paying that has rules of its own; null: those of the lane. */
export type Scheme = 'maternity' | 'newborn' | 'two-disease' | null

/** 生育门诊, 生育住院, 计划生育手术费; Hunan's births of residents. [F: value sets] */
const MATERNITY: readonly string[] = ['51', '52', '53', '2106', '2107']
/** 新生儿随母住院, 生育新生儿费用; Hunan's rescue of newborns. [F: value sets] */
const NEWBORN: readonly string[] = ['9921', '5212', '2109']
/** 外伤住院; 意外伤害门诊; Hunan has 9903 for the latter, which means another thing elsewhere. [F: value sets] */
const TRAUMA: readonly string[] = ['22', '19', '81']
const PLACES: Readonly<Record<string, { trauma: string; twoDiseases: string }>> = {
  '43': { trauma: '9903', twoDiseases: '9901' },
}

const placeOf = (treatment: string) => PLACES[treatment.slice(0, 2)]

/** Whether a category is one of trauma at a place. */
export function isTrauma(category: string, treatment: string): boolean {
  return TRAUMA.includes(category) || placeOf(treatment)?.trauma === category
}

/** Diseases of the two. */
const TWO: Readonly<Record<string, 'hypertension' | 'diabetes'>> = {
  M03900: 'hypertension',
  M01600: 'diabetes',
}

/** Properties of a bill that select its scheme. */
export interface Treated {
  readonly insured: Insured
  readonly treatment: Area
  readonly category: string
  readonly disease: string
  readonly institution: string
  readonly on: Day
}

/** The scheme that a category alone says. */
export function schemeOfCategory(category: string): 'maternity' | 'newborn' | null {
  if (MATERNITY.includes(category)) return 'maternity'
  return NEWBORN.includes(category) ? 'newborn' : null
}

/**
 * The scheme of a bill. In places without a category for the two diseases, an ordinary visit counts as one if the
 * resident is registered for it at this institution. [A]
 */
export function schemeOf(province: Province, treated: Treated): Scheme {
  const { category, treatment, disease, insured, institution, on } = treated
  const told = schemeOfCategory(category)
  if (told) return told
  const own = placeOf(treatment)?.twoDiseases
  if (own !== undefined) return category === own ? 'two-disease' : null
  const mayBe =
    category === '11' && disease in TWO && relationOf(insured.insurance.area, treatment) !== 'cross'
  if (!mayBe || insured.insurance.insutype !== '390') return null
  return designatedOf(province, insured.person, TWO_DISEASES, on) === institution ? 'two-disease' : null
}

/** @throws {Refusal} if the insured place does not settle the scheme for this person here */
export function requireScheme(province: Province, scheme: Scheme, treated: Treated): void {
  if (scheme === null) return
  const { insured, treatment } = treated
  if (relationOf(insured.insurance.area, treatment) === 'cross')
    throw new Refusal(
      'E301',
      scheme === 'two-disease' ? '门诊两病用药未开通跨省直接结算' : '生育医疗费用未开通跨省直接结算',
    )
  if (scheme === 'newborn') requireMother(province, treated)
  if (scheme === 'two-disease') requireTwoDiseases(province, treated)
}

function requireTwoDiseases(province: Province, treated: Treated): void {
  const { insured, on } = treated
  if (insured.insurance.insutype !== '390')
    throw new Refusal('E601', '门诊两病用药保障仅限城乡居民医保参保人')
  if (!(treated.disease in TWO)) throw new Refusal('E601', '门诊两病须填写高血压或糖尿病的病种编码')
  if (certifiedOf(province, insured.person, on).some(({ code }) => code === treated.disease))
    throw new Refusal('E601', '该病种已办理门诊慢特病，请按门诊慢特病结算')
  if (!['community', 'level1', 'level2'].includes(province.levelOf(treated.institution)))
    throw new Refusal('E301', '门诊两病用药须在二级及以下定点医疗机构结算')
  const named = designatedOf(province, insured.person, TWO_DISEASES, on)
  if (named === null) throw new Refusal('E601', '未查询到门诊两病登记')
  if (named !== treated.institution) throw new Refusal('E301', '就诊机构不是门诊两病登记的定点机构')
}

/** Which of the two a disease is. */
export function twoDiseaseOf(disease: string): 'hypertension' | 'diabetes' | null {
  return TWO[disease] ?? null
}

/** A newborn's bill goes with the mother's stay there, within ninety days of it. [A after 新生儿随母] */
function requireMother(province: Province, { insured, institution, on }: Treated): void {
  const marks = MATERNITY.map(() => '?').join(', ')
  const sql = `SELECT * FROM visits WHERE psn_no = ? AND fixmedins_code = ? AND kind = 'inpatient'
    AND state IN ('open', 'discharged') AND med_type IN (${marks}) ORDER BY begins DESC LIMIT 1`
  const birth = province.book.store.row<Visit>(sql, insured.person.number, institution, ...MATERNITY)
  if (!birth) throw new Refusal('E601', '未查询到母亲在本机构的生育住院，新生儿费用不能随母结算')
  const begins = dayOf(birth.begins as Instant)
  const ends = dayOf((birth.begins + NEWBORN_DAYS * 86_400_000) as Instant)
  if (!covers({ begins, ends }, on)) throw new Refusal('E601', '新生儿费用须在出生后九十日内随母结算')
}

const NEWBORN_DAYS = 90

/**
 * What the marks of a trauma allow: with a third party nothing, else it must be said that there is none, by the mark or by an
 * accident filing. [K]
 *
 * @throws {Refusal} E602
 */
export function judgeTrauma(province: Province, visit: Visit, node: Node, treated: Treated): void {
  const said = { ...marksOf(JSON.parse(visit.details) as Node), ...marksOf(node) }
  const isHurt = said.trauma === '1' || isTrauma(treated.category, treated.treatment)
  if (!isHurt) return
  if (said.thirdParty === '1') throw new Refusal('E602', '外伤涉及第三方责任，不能直接结算')
  if (said.thirdParty !== '0' && !isAccidentFiled(province, treated.insured.person, treated.on))
    throw new Refusal('E602', '外伤未注明是否涉及第三方，请补传标志或办理意外伤害备案')
}
