/**
 * Generates invalid inputs from a catalogue: every field of a transaction with every possible fault. Each case is a
 * valid input with one change, and names the field that its refusal must name.
 */
import type { Catalogue } from './catalogue.ts'
import type { CatalogueField, CatalogueNode } from './catalogue-rows.ts'
import { type SampleNode, sampleInput } from './catalogue-samples.ts'
import { spellingOf } from './spelling.ts'

/** One invalid input. */
export interface BadInput {
  /** `3505A selinfoDetail[0].cnt: too wide`. */
  readonly name: string
  /** The kind of fault. */
  readonly way: string
  /** The field, as a refusal names it. */
  readonly field: string
  /** Chinese name used in the refusal; empty if no source has one. */
  readonly zh: string
  readonly input: SampleNode
}

/**
 * A change of a field: the fault, and the value; `undefined` removes it. For a list, the faulty row if it is a single
 * one.
 */
type Change = readonly [way: string, value: unknown, row?: number]

/** One row more than a list may have. */
const ROWS_TOO_MANY = 2_001
/** Longer than any column. */
const WIDE_MAX = 5000

const missing: readonly Change[] = [
  ['missing', undefined],
  ['empty', ''],
  ['null', null],
  ['blank', ' \u3000'],
]

const noScalar: readonly Change[] = [
  ['an object', {}],
  ['a list', ['1']],
  ['true', true],
]

/** `exp_content` holds JSON as text, which is parsed. [F] */
const scalarsOf = ({ name }: CatalogueField) => (name === 'exp_content' ? noScalar.slice(2) : noScalar)

const FILES: ReadonlySet<string> = new Set(['file_data', 'rxIn', 'in', 'rxFile', 'fileData'])

/** Invalid Base64, and Base64 of invalid JSON. */
const ENCODED = {
  file: [['no Base64', '处方原文']],
  json: [
    ['no Base64', '{}'],
    ['Base64 of no JSON', 'eHh4'],
  ],
} as const

function textChanges(
  catalogue: Catalogue,
  { name, width, set, base64 }: CatalogueField,
  province: string,
): Change[] {
  const isClosed = set !== undefined && catalogue.values(set, province) !== null
  const wide: Change[] =
    width !== undefined && width <= WIDE_MAX && !FILES.has(name)
      ? [
          ['too wide', '宽'.repeat(width + 1)],
          ['too wide by one', 'x'.repeat(width + 1)],
        ]
      : []
  const outside: Change[] = isClosed
    ? [
        ['out of set', 'Z'],
        ['out of set, a number', 77],
      ]
    : []
  const encoded: readonly Change[] = base64 ? ENCODED[base64] : []
  return [...wide, ...outside, ...encoded, ['a number that lost its digits', 1e25]]
}

function numberChanges({ type, width = 16, places = 0 }: CatalogueField): Change[] {
  const digits = type === 'whole' ? width : width - places
  const beyond: Change[] = digits < 14 ? [['out of range', `1${'0'.repeat(Math.max(1, digits))}`]] : []
  const parts: Change[] =
    type === 'whole' ? [['a part of a number', '1.5']] : [['too many places', '1.1234567']]
  return [...beyond, ...parts, ['words', '一百'], ['a power', '1e5x'], ['out of every range', '9'.repeat(20)]]
}

const timeChanges: readonly Change[] = [
  ['no day of the calendar', '2026-02-30'],
  ['no month', '2026-13-01'],
  ['words', '昨天'],
  ['too short', '2026-3'],
  ['no hour', '2026-03-12 25:61:61'],
]

/** The possible faults of a field. */
function changesOf(catalogue: Catalogue, field: CatalogueField, province: string): Change[] {
  const empty = field.must ? missing : []
  switch (field.type) {
    case 'decimal':
    case 'whole':
      return [...empty, ...noScalar, ...numberChanges(field)]
    case 'day':
    case 'time':
      return [...empty, ...noScalar, ...timeChanges]
    case 'flag':
      return [...empty, ['an object', {}], ['a number', 7]]
    case 'rows':
      return [...empty, ['words', 'x'], ['a number', 7]]
    default:
      return [...empty, ...scalarsOf(field), ...textChanges(catalogue, field, province)]
  }
}

function nodeChanges({ many, one, must }: CatalogueNode, now: unknown): Change[] {
  const empty: Change[] = must ? missing.slice(0, 3) : []
  const noNode: Change[] = [
    ['words', '无'],
    ['a number', 7],
  ]
  if (!many) return [...empty, ...noNode, ['a list', [now]]]
  const rows = now as readonly unknown[]
  return [
    ...empty,
    ...noNode,
    ...(one ? [] : ([['one object', rows[0]]] as const)),
    ...(must ? ([['no row', []]] as const) : []),
    ['too many rows', Array.from({ length: ROWS_TOO_MANY }, () => rows[0])],
    ['a row of words', ['无'], 0],
  ]
}

/** The path to a node from the input: the first row of every list. */
function stepsOf(nodes: readonly CatalogueNode[], at: string): (string | number)[] {
  const parts = at === '' ? [] : at.split('.')
  return parts.flatMap((name, index) => {
    const node = nodes.find((one) => one.at === parts.slice(0, index + 1).join('.'))
    return node?.many ? [name, 0] : [name]
  })
}

const pathOf = (steps: readonly (string | number)[]) =>
  steps
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1)

/** A copy of JSON with one value changed; only the path to it is copied. */
function changed(json: unknown, [step, ...more]: readonly (string | number)[], value: unknown): unknown {
  if (step === undefined) return value
  if (Array.isArray(json)) return json.map((one, index) => (index === step ? changed(one, more, value) : one))
  const object = { ...(json as SampleNode) }
  if (more.length === 0 && value === undefined) delete object[step]
  else object[step] = changed(object[step], more, value)
  return object
}

function valueAt(json: unknown, steps: readonly (string | number)[]): unknown {
  return steps.reduce((inside, step) => (inside as Record<string | number, unknown>)[step], json)
}

/**
 * All invalid inputs of a transaction.
 *
 * @param province first two digits of a place of treatment whose specification requires the fields
 * @param values ids that must match others, by field name
 */
export function* badInputs(
  catalogue: Catalogue,
  number: string,
  province: string,
  values: Readonly<Record<string, unknown>> = {},
): Generator<BadInput> {
  const nodes = catalogue.nodes(number, province).input
  const good = sampleInput(catalogue, number, { province, whole: true, values })
  const caseOf = (steps: readonly (string | number)[], zh: string, [way, value]: Change): BadInput => {
    const field = pathOf(steps)
    return {
      name: `${number} ${field}: ${way}`,
      way,
      field,
      zh,
      input: changed(good, steps, value) as SampleNode,
    }
  }
  for (const node of nodes) {
    const steps = stepsOf(nodes, node.at)
    if (node.at !== '') {
      const own = node.many ? steps.slice(0, -1) : steps
      for (const change of nodeChanges(node, valueAt(good, own))) {
        const [, , row] = change
        const place = row === undefined ? own : [...own, row]
        yield { ...caseOf(own, node.zh ?? '', change), field: pathOf(place) }
      }
    }
    for (const field of node.fields) {
      const name = field.spelt ?? field.name
      for (const change of changesOf(catalogue, field, province))
        yield caseOf([...steps, name], field.zh, change)
      const isAlone = node.fields.every((one) => one === field || spellingOf(one.name) !== spellingOf(name))
      if (isAlone) yield* inTwoSpellings(caseOf, good, [...steps, name])
    }
  }
}

/** The same field in two spellings with different values, for readers that ignore case. */
function* inTwoSpellings(
  caseOf: (steps: readonly (string | number)[], zh: string, change: Change) => BadInput,
  good: SampleNode,
  steps: readonly (string | number)[],
): Generator<BadInput> {
  const name = String(steps.at(-1))
  const [other] = [name.toUpperCase(), name.toLowerCase()].filter((spelling) => spelling !== name)
  const value = valueAt(good, steps)
  if (other === undefined || typeof value !== 'string') return
  const twice = caseOf([...steps.slice(0, -1), other], '', ['in two spellings', `${value}x`])
  yield { ...twice, name: twice.name.replace(other, name), field: pathOf(steps) }
}
