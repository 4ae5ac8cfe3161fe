/** Reading fields of an input: text, money, times, marks. A wrong field is refused, never guessed. */
import { type Area, hasAreaShape, parseArea } from '../domain/area.ts'
import { type Day, dayOf, type Instant, instantFromShanghai } from '../domain/day.ts'
import { type Fen, fenFromYuan, yuanFromFen } from '../domain/money.ts'
import { type Message, type Node, Refusal } from './envelope.ts'

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The named node of the input; the input itself where a client leaves the node out. */
export function sectionOf(message: Message, name: string): Node {
  const node = message.input[name]
  if (Array.isArray(node) && isNode(node[0])) return node[0]
  return isNode(node) ? node : message.input
}

/** The rows of the named node; one object counts as one row. */
export function rowsOf(message: Message, name: string): readonly Node[] {
  const node = message.input[name]
  const rows = Array.isArray(node) ? node.filter(isNode) : isNode(node) ? [node] : []
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

/** Money in yuan, as a number or as text; null where the field is empty or absent. */
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
  if (typeof extra !== 'string' || extra.trim() === '') return {}
  try {
    const parsed: unknown = JSON.parse(extra)
    return isNode(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

/**
 * Whether the marks in `exp_content` make the visit an emergency, which counts as filed (docs/facts/cross-region.md, Marks of emergency): `IPT_TYPE` 2,
 * or `OTP_ER_REFL_FLAG` 1 or 3.
 */
export function hasEmergencyMark(node: Node): boolean {
  const extra = extraOf(node)
  const inpatient = textOf(extra, 'IPT_TYPE') || textOf(extra, 'ipt_type')
  const outpatient = textOf(extra, 'OTP_ER_REFL_FLAG') || textOf(extra, 'otp_er_refl_flag')
  return inpatient === '2' || outpatient === '1' || outpatient === '3'
}
