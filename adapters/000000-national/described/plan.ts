/**
 * The input of a transaction as its bytes are judged: the same rows as in `schema.ts`, for the fast way. A yes of the plan is a yes
 * of the schema, whose words are told wherever the plan says nothing (`test/adapters/described/fast.test.ts` holds both together).
 */
import { aboveOf, type Catalogue, nameOf } from '../../../src/extension/catalogue.ts'
import type { CatalogueField, CatalogueNode } from '../../../src/extension/catalogue-rows.ts'
import { ANY_TIME } from '../../../src/scanner/calendar.ts'
import type { NodeCondition, NodeField, NodePlan, NodeValue } from '../../../src/scanner/node-fields.ts'
import { digitsBefore } from '../../../src/scanner/number.ts'
import { compilePattern, type Matcher } from '../../../src/scanner/pattern.ts'
import { planOf, type ValuePlan } from '../../../src/scanner/plan.ts'
import { sliced } from '../../../src/scanner/string-cache.ts'
import { envelopeSchema } from '../envelope.ts'
import { DECIMAL, ROWS_MAX, WHOLE } from '../fields.ts'
import { isIdentity } from '../one-form.ts'
import { digitsOf, isValueOf, widthOf } from './fields.ts'

const NOTHING: ValuePlan = {
  ...{ text: null, empty: false, number: null, nil: false, object: null, rows: null, any: false },
}
const DIGITS_ANY = Number.POSITIVE_INFINITY
const SCALAR = { digits: DIGITS_ANY, flag: false, node: null, rows: null } as const
const SMALL_X = 0x78

const textOf = (max: number, matches: Matcher | null, min = 1): ValuePlan => ({
  ...NOTHING,
  text: { min, max, matches },
})

function both(one: Matcher | null, other: Matcher | null): Matcher | null {
  if (!one || !other) return one ?? other
  return (bytes, start, end) => one(bytes, start, end) && other(bytes, start, end)
}

const [anyTime, decimal, whole] = [ANY_TIME, DECIMAL, WHOLE].map(({ source }) => compilePattern(source))

/** A number, as such or as text. */
function numberOf(form: 'any' | 'whole', matches: Matcher, digits: number): NodeValue {
  const fits: Matcher = (bytes, start, end) =>
    matches(bytes, start, end) && digitsBefore(bytes, start, end) <= digits
  const plain = { ...textOf(Number.MAX_SAFE_INTEGER, fits, 0), number: form }
  return { ...SCALAR, plain, digits }
}

function scalarOf(catalogue: Catalogue, field: CatalogueField, province: string): NodeValue {
  const { name, type, set } = field
  switch (type) {
    case 'decimal':
      return numberOf('any', decimal!, digitsOf(field))
    case 'whole':
      return numberOf('whole', whole!, digitsOf(field))
    case 'day':
    case 'time':
      return { ...SCALAR, plain: textOf(Number.MAX_SAFE_INTEGER, anyTime!, 0) }
    case 'flag':
      return { ...SCALAR, flag: true, plain: { ...textOf(Number.MAX_SAFE_INTEGER, null, 0), empty: true } }
    case 'rows':
      return { ...SCALAR, plain: NOTHING }
    default: {
      // What is wrapped in Base64 is judged when it is unwrapped.
      if (field.base64) return { ...SCALAR, plain: NOTHING }
      const values = set ? catalogue.values(set, province) : null
      const isOne: Matcher | null =
        values && ((bytes, start, end) => isValueOf(values, sliced(bytes as Buffer, start, end)))
      // The small x of an identity number is brought to its form the general way.
      const isBig: Matcher | null = isIdentity(name) ? (bytes, _, end) => bytes[end - 1] !== SMALL_X : null
      return {
        ...SCALAR,
        plain: textOf(values ? widthOf({ ...field, name: '' }) : widthOf(field), both(isOne, isBig)),
      }
    }
  }
}

const allowing = (value: NodeValue): NodeValue => ({
  ...value,
  plain: { ...value.plain, empty: true, nil: true },
})

function conditionsOf({ fields, any }: CatalogueNode): NodeCondition[] {
  const spelt = (name: string) => fields.find((one) => one.name === name)?.spelt ?? name
  const conditions = fields.flatMap(({ name, when }): NodeCondition[] =>
    when
      ? [{ any: [spelt(name)], when: Object.entries(when).map(([by, text]) => [spelt(by), text] as const) }]
      : [],
  )
  return any && any.length > 0 ? [...conditions, { any, when: [] }] : conditions
}

/** The plan of an input. @param province first two digits of the place of treatment, as the catalogue knows it */
function inputPlan(catalogue: Catalogue, number: string, province: string): NodePlan {
  const nodes = catalogue.nodes(number, province).input

  function planAt(node: CatalogueNode): NodePlan {
    const below = nodes.filter(
      (other) => other.at !== '' && other.at !== node.at && aboveOf(other.at) === node.at,
    )
    const fields = new Map<string, NodeField>()
    for (const field of node.fields) {
      const name = field.spelt ?? field.name
      const value = scalarOf(catalogue, field, province)
      fields.set(name, { name, required: field.must === true, value: field.must ? value : allowing(value) })
    }
    for (const other of below) {
      const name = nameOf(other.at)
      const rows = other.many ? { min: other.must ? 1 : 0, max: ROWS_MAX } : null
      const value: NodeValue = { ...SCALAR, plain: NOTHING, node: planAt(other), rows }
      fields.set(name, { name, required: other.must === true, value: other.must ? value : allowing(value) })
    }
    return { fields: [...fields.values()], conditions: conditionsOf(node) }
  }

  return planAt(nodes.find(({ at }) => at === '') ?? { at: '', fields: [] })
}

/** The plan of a whole message; null where a head cannot be judged by its bytes. */
export function messagePlan(catalogue: Catalogue, number: string, province: string): NodePlan | null {
  const head = planOf(envelopeSchema, [])
  if (!head) return null
  const fields = head.root.fields
    .filter(({ name }) => name !== 'input')
    .map(({ name, required, value }) => ({ name, required, value: { ...SCALAR, plain: value } }))
  const input = { ...SCALAR, plain: NOTHING, node: inputPlan(catalogue, number, province) }
  return { fields: [...fields, { name: 'input', required: true, value: input }], conditions: [] }
}
