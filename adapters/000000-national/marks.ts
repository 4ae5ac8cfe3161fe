/**
 * Marks of a visit (emergency, trauma, third party) that the text of a place asks for, of persons from elsewhere: rows of the
 * catalogue say which mark must have which value when. A mark stands in the JSON text of `exp_content`, or is a field of the
 * node, small, as Jilin has it. [F]
 */
import { GatewayError } from '../../src/domain/problems.ts'
import type { Catalogue } from '../../src/extension/catalogue.ts'
import type { MarkRule } from '../../src/extension/catalogue-rows.ts'
import { spellingOf } from '../../src/extension/spelling.ts'
import { textOf } from './claim.ts'

type Row = Readonly<Record<string, unknown>>

/** The rules of one transaction at a place. */
interface MarkRules {
  /** Node whose marks are meant: `mdtrtinfo`. */
  readonly node: string
  readonly rules: readonly MarkRule[]
}

/** Judges the marks of an input. @param whole reads all its fields, where `input` has some alone; null if it has all */
export type MarkJudge = (area: string, input: Row, whole: (() => Row) | null) => void

/** Fields of a node that decide without `exp_content` whether a rule may hold. */
const isField = (name: string) => name === name.toLowerCase()

function rulesAt(catalogue: Catalogue, number: string, area: string): MarkRules | null {
  const nodes = catalogue.nodes(number, catalogue.provinceOf(area)).input
  for (const { at, fields } of nodes) {
    const rules = fields.flatMap(({ marks = [] }) => marks)
    if (rules.length > 0) return { node: at, rules }
  }
  return null
}

/** What a node says by its marks and fields, by names in small letters without marks. */
function saidBy(node: Row): ReadonlyMap<string, string> {
  const said = new Map(Object.keys(node).map((name) => [spellingOf(name), textOf(node, name)]))
  let held: unknown
  try {
    held = JSON.parse(textOf(node, 'exp_content') || '{}')
  } catch {
    return said
  }
  if (typeof held !== 'object' || held === null) return said
  for (const name of Object.keys(held)) said.set(spellingOf(name), textOf(held as Row, name))
  return said
}

function faultIn({ node, rules }: MarkRules, input: Row): GatewayError | null {
  const said = saidBy((input[node] ?? {}) as Row)
  const is = (name: string, value: string) => said.get(spellingOf(name)) === value
  const broken = rules.find(
    ({ mark, values, when }) =>
      Object.entries(when).every(([name, value]) => is(name, value)) &&
      !values.some((value) => is(mark, value)),
  )
  if (!broken) return null
  const { mark, zh, values, when } = broken
  const told = Object.entries(when).map(([name, value]) => `${name}为${value}时`)
  const text = `${told.join('且')}，${zh}${mark}须为${values.join('或')}`
  const field = `${node}.exp_content`
  return new GatewayError('invalid-field', 'receive', `${field} ${text}`, { fields: [{ field, text }] })
}

/** Makes the judge of a transaction. @throws {GatewayError} invalid-field, when it judges */
export function markJudge(catalogue: Catalogue, number: string): MarkJudge {
  const known = new Map<string, MarkRules | null>()
  return (area, input, whole) => {
    const province = area.slice(0, 2)
    let found = known.get(province)
    if (found === undefined) {
      found = rulesAt(catalogue, number, area)
      known.set(province, found)
    }
    if (found === null) return
    const { node, rules } = found
    // What was read by its bytes has no `exp_content`: the whole is read where a field says that a rule holds.
    if (whole && !rules.some(({ when }) => holdsByFields(when, (input[node] ?? {}) as Row))) return
    const fault = faultIn(found, whole ? whole() : input)
    if (fault) throw fault
  }
}

function holdsByFields(when: MarkRule['when'], head: Row): boolean {
  const fields = Object.entries(when).filter(([name]) => isField(name))
  return fields.length > 0 && fields.every(([name, value]) => head[name] === value)
}
