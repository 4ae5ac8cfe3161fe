/** Context of a provincial platform's handlers, and look-ups that several of them share. */
import { type Area, parseArea, provinceOf, relationOf } from '../domain/area.ts'
import { type Day, dayOf, type Instant } from '../domain/day.ts'
import { type Filing, filingFor } from '../domain/filing.ts'
import type { Book, Visit } from './book.ts'
import type { ItemOf } from './catalogue.ts'
import { filingsOf } from './declarations.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import type { FaultBox } from './faults.ts'
import { requiredText } from './fields.ts'
import type { Insurance, Person } from './people.ts'
import type { Level, OutKind, Region } from './region.ts'

/** Looks up the level of an institution by its code. */
export type LevelOf = (institution: string) => Level

/** One provincial platform. */
export interface Province {
  readonly code: Area
  readonly region: Region
  readonly book: Book
  readonly people: ReadonlyMap<string, Person>
  readonly itemOf: ItemOf
  readonly levelOf: LevelOf
  readonly now: () => Instant
  /** Exceptional behaviour of mobile-payment orders; absent: none. */
  readonly orderFaults?: Pick<FaultBox, 'takeLinger' | 'takeHalf'>
  /** Whether the person does not answer the phone this time; absent: everybody does. */
  readonly leavesUnpaid?: () => boolean
}

/** Answers the output of a transaction. @throws {Refusal} to say no; then nothing of it is booked */
export type Handler = (province: Province, message: Message) => unknown

const LEVEL_OF_DIGIT: readonly Level[] = [
  'level3_top',
  'level3',
  'level3',
  'level3',
  'level2',
  'level2',
  'level2',
  'level1',
  'community',
  'level3',
]

/** Level of an institution by the last digit of its code, in place of an institution directory. */
export function levelByCode(institution: string): Level {
  return LEVEL_OF_DIGIT[Number(institution.at(-1))] ?? 'level3'
}

/** A person and the participation that a message is about. */
export interface Insured {
  readonly person: Person
  readonly insurance: Insurance
}

/**
 * The insured person of `psn_no`.
 *
 * @param insutype empty takes the first participation
 * @throws {Refusal} E201 where the person is not insured here
 */
export function insuredOf(province: Province, message: Message, node: Node, insutype: string): Insured {
  const person = province.people.get(requiredText(node, 'psn_no'))
  if (!person) throw new Refusal('E201', '未查询到参保信息')
  const insurance = person.insurance.find((row) => insutype === '' || row.insutype === insutype)
  if (!insurance) throw new Refusal('E201', '未参加该险种')
  if (message.insured !== '' && message.insured.slice(0, 4) !== insurance.area.slice(0, 4)) {
    throw new Refusal('E201', '参保地医保区划与参保信息不符')
  }
  return { person, insurance }
}

/**
 * The default participation: the one in force.
 *
 * @throws {Refusal} E202 where several are
 */
export function participationOf({ person, insurance }: Insured, insutype: string): Insured {
  if (insutype !== '') return { person, insurance }
  const inForce = person.insurance.filter(({ status }) => status === '1')
  if (inForce.length > 1) throw new Refusal('E202', '该参保人有多条有效参保信息，请指明险种类型insutype')
  return { person, insurance: inForce[0] ?? insurance }
}

/** Refuses a participation that is not in force. */
export function requireActive({ insurance }: Insured): void {
  if (insurance.status !== '1') throw new Refusal('E201', '参保状态为暂停参保')
}

/** The visit that a node of a message is about: of this institution and this person, or it is as if there were none. */
export function visitOf(province: Province, message: Message, node: Node): Visit {
  const visit = province.book.visit(requiredText(node, 'mdtrt_id'))
  const isOwn = visit?.fixmedins_code === message.institution
  if (!visit || !isOwn || visit.psn_no !== requiredText(node, 'psn_no')) {
    throw new Refusal('E000', '未查询到就诊信息')
  }
  return visit
}

/** A visit that can still change. */
export function openVisitOf(province: Province, message: Message, node: Node): Visit {
  const visit = visitOf(province, message, node)
  if (visit.state === 'cancelled' || visit.state === 'reversed') throw new Refusal('E000', '该就诊已撤销')
  return visit
}

const FILING_TEXTS = {
  E101: '未查询到有效的异地就医备案',
  E102: '备案就医地与实际就医地不符',
  E103: '异地就医备案已过期或尚未生效',
} as const

const KIND_OF_FILING: Record<Filing['kind'], OutKind> = {
  '11': 'long_term',
  '12': 'long_term',
  '13': 'long_term',
  '21': 'referral',
  '22': 'emergency',
  '23': 'temporary_filed',
}

/**
 * How a treatment counts for the benefit. Inside the province no filing is needed and nothing is reduced; across
 * provinces a filing must be valid on one of the days, and an emergency counts as filed.
 *
 * @param days the day of treatment first; later days let a late filing count
 * @throws {Refusal} E101, E102, E103
 */
export function treatmentKind(
  province: Province,
  insured: Insured,
  treatment: Area,
  days: readonly Day[],
  emergency: boolean,
): OutKind | 'in_area' {
  if (relationOf(insured.insurance.area, treatment) !== 'cross') return 'in_area'
  if (emergency) return 'emergency'
  const filings = filingsOf(province, insured.person)
  const verdicts = days.map((day) => filingFor(filings, treatment, day))
  for (const verdict of verdicts) if (verdict.valid) return KIND_OF_FILING[verdict.filing.kind]
  const first = verdicts[0]
  const reason = first && !first.valid ? first.reason : 'E101'
  throw new Refusal(reason, FILING_TEXTS[reason])
}

/** Refuses a message whose insured place lies in another province. */
export function requireOwnProvince(province: Province, message: Message): void {
  if (message.insured === '') return
  if (!/^[1-8]\d{5}$/.test(message.insured) || provinceOf(parseArea(message.insured)) !== province.code) {
    throw new Refusal('E201', '参保地不在本省')
  }
}

/** Today in Shanghai. */
export function today(province: Province): Day {
  return dayOf(province.now())
}
