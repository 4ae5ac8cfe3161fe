/** Reading the rows of stock messages: in any spelling of their names, since the tables themselves mix them. */
import { dayOf, type Instant, instantFromShanghai } from '../domain/day.ts'
import { decimalOf, QUANTITY } from '../domain/money.ts'
import { spellingOf } from '../extension/spelling.ts'
import { type Node, Refusal } from './envelope.ts'
import { nodesIn, textOf } from './fields.ts'

/** A field as text, however its name is spelt: `MDTRT_SETL_TYPE` of Hunan. */
export function anyText(node: Node, name: string): string {
  const direct = textOf(node, name)
  if (direct !== '') return direct
  const spelling = spellingOf(name)
  const key = Object.keys(node).find((one) => spellingOf(one) === spelling)
  return key === undefined ? '' : textOf(node, key)
}

/** A field that must not be empty. @throws {Refusal} */
export function askedText(node: Node, name: string): string {
  const text = anyText(node, name)
  if (text === '') throw new Refusal('E000', `${name}不能为空`)
  return text
}

/** A quantity in ten-thousandths. @throws {Refusal} if it is malformed */
export function quantityOf(node: Node, name: string): number {
  const count = decimalOf(askedText(node, name), QUANTITY)
  if (Number.isNaN(count)) throw new Refusal('E000', `${name}不是有效的数量`)
  return count
}

/** Hubei writes day and time without the blank between them. [F: H1] */
const WITHOUT_BLANK = /^(\d{4}-\d{2}-\d{2})(\d{2}:\d{2}:\d{2})$/

/** The Shanghai day of a time or a day. @throws {Refusal} if it is malformed */
export function dayIn(node: Node, name: string): string {
  const text = askedText(node, name).replace(WITHOUT_BLANK, '$1 $2')
  try {
    return dayOf(instantFromShanghai(text) as Instant)
  } catch {
    throw new Refusal('E000', `${name}不是有效的时间`)
  }
}

/**
 * Codes on the boxes of a row: the list of 2024, one object in its place, the key of Inner Mongolia, or the plain field of 2021.
 * [F: T H3]
 */
export function codesOf(row: Node): readonly string[] {
  const listed = nodesIn(row.drugtracinfo).map(
    (one) => anyText(one, 'drug_trac_codg') || anyText(one, 'drug_trac_code'),
  )
  const alone = anyText(row, 'drug_trac_codg')
  return [...listed, ...(listed.includes(alone) ? [] : [alone])].filter((code) => code !== '')
}
