/** Reading fields of an input: text, money, times, marks. A wrong field is refused, never guessed. */
import { type Area, hasAreaShape, parseArea } from '../domain/area.ts'
import { type Day, dayOf, type Instant, instantFromShanghai } from '../domain/day.ts'
import { type Fen, fenFromYuan, yuanFromFen } from '../domain/money.ts'
import { type Message, type Node, Refusal } from './envelope.ts'

/** Whether a value is a node. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The rows of a value; one object counts as one row, anything else as none. */
export function nodesIn(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []
}

/** The named node of the input; the input itself where a client leaves the node out. */
export function sectionOf(message: Message, name: string): Node {
  const node = message.input[name]
  if (Array.isArray(node) && isNode(node[0])) return node[0]
  return isNode(node) ? node : message.input
}

/** The rows of the named node; one object counts as one row. */
export function rowsOf(message: Message, name: string): readonly Node[] {
  const rows = nodesIn(message.input[name])
  if (rows.length === 0) throw new Refusal('E000', `${name}不能为空`)
  return rows
}

/** A text field; numbers are taken as text, everything else as empty. */
export function textOf(node: Node, field: string): string {
  const value = node[field]
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' ? value.trim() : ''
}

/** A text field that must not be empty. */
export function requiredText(node: Node, field: string): string {
  const text = textOf(node, field)
  if (text === '') throw new Refusal('E000', `${field}不能为空`)
  return text
}

/** Money in yuan, as a number or as text; null if the field is empty or absent. */
export function moneyOf(node: Node, field: string): Fen | null {
  const text = textOf(node, field)
  if (text === '') return null
  try {
    return fenFromYuan(text)
  } catch {
    throw new Refusal('E503', `${field}不是两位小数以内的金额`)
  }
}

/** A wire time; `otherwise` where the field is empty. */
export function timeOf(node: Node, field: string, otherwise: Instant): Instant {
  const text = textOf(node, field)
  if (text === '') return otherwise
  try {
    return instantFromShanghai(text)
  } catch {
    throw new Refusal('E000', `${field}不是有效的时间`)
  }
}

/** The Shanghai day of a wire time. */
export function dayField(node: Node, field: string, otherwise: Instant): Day {
  return dayOf(timeOf(node, field, otherwise))
}

/** The place of treatment of a message. */
export function treatmentOf(message: Message): Area {
  if (!hasAreaShape(message.treatment)) throw new Refusal('E000', '就医地医保区划mdtrtarea_admvs不正确')
  return parseArea(message.treatment)
}

/** Money as the wire carries it: a JSON number in yuan. */
export function yuan(amount: Fen): number {
  return Number(yuanFromFen(amount))
}

function extraOf(node: Node): Node {
  const extra = node.exp_content
  if (isNode(extra)) return extra
  if (typeof extra !== 'string' || extra === '') return {}
  try {
    const read: unknown = JSON.parse(extra)
    return isNode(read) ? read : {}
  } catch {
    return {}
  }
}

/** Marks of a visit that are said; what is not said is absent. */
export interface Marks {
  /** `IPT_TYPE`: 1 ordinary, 2 emergency, 3 transfer. */
  readonly stay?: string
  /** `OTP_ER_REFL_FLAG`: 1 emergency, 2 referral, 3 both. */
  readonly visit?: string
  /** `TRUM_FLAG`. */
  readonly trauma?: string
  /** `REL_TTP_FLAG`: a third party is involved. */
  readonly thirdParty?: string
  /** `er_flag` of one client: an emergency. */
  readonly emergency?: string
}

const MARKS = [
  ['stay', 'ipt_type'],
  ['visit', 'otp_er_refl_flag'],
  ['trauma', 'trum_flag'],
  ['thirdParty', 'rel_ttp_flag'],
  ['emergency', 'er_flag'],
] as const

/**
 * The marks of a visit (docs/facts/cross-region.md, Marks of emergency): keys of the JSON in `exp_content`, in capitals by
 * the text of Hunan, or fields of the node, small, as Jilin has them. [F]
 */
export function marksOf(node: Node): Marks {
  const extra = extraOf(node)
  const said = MARKS.map(([name, field]) => {
    const value = textOf(extra, field.toUpperCase()) || textOf(extra, field) || textOf(node, field)
    return [name, value] as const
  })
  return Object.fromEntries(said.filter(([, value]) => value !== ''))
}

/** Whether the marks make the visit an emergency, which counts as filed: `IPT_TYPE` 2, `OTP_ER_REFL_FLAG` 1 or 3, `er_flag` 1. */
export function hasEmergencyMark(node: Node): boolean {
  const { stay, visit, emergency } = marksOf(node)
  return stay === '2' || visit === '1' || visit === '3' || emergency === '1'
}
