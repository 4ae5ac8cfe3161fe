/**
 * Generates inputs and outputs from a catalogue for simulated platforms, tests and conformance runs. Deterministic
 * and without personal data: texts are the name of their field.
 */
import { aboveOf, type Catalogue, nameOf } from './catalogue.ts'
import type { CatalogueField, CatalogueNode, SumForm } from './catalogue-rows.ts'
import { spellingOf } from './spelling.ts'

/** JSON of a node. */
export type SampleNode = Record<string, unknown>

/** What is asked for. */
export interface SampleOf {
  /** First two digits of the place of treatment, as in the catalogue. */
  readonly province: string
  /** Includes optional fields; absent: only required ones. */
  readonly whole?: boolean
  /** Number of rows of a list; nested lists have one each. Default: one. */
  readonly rows?: number
  /**
   * Values by field name, in whatever spelling: ids that must match others, areas. A function is called for each
   * occurrence of the field.
   */
  readonly values?: Readonly<Record<string, unknown>>
}

const DAY = '2026-03-12'
const TIME = '2026-03-12 08:00:42'
const NUMBER = /^\d+$/

/** A value of a set: its first code, preferably one of the province. */
function codeOf(catalogue: Catalogue, set: string, province: string): string | undefined {
  const { codes = {}, places = {} } = catalogue.sets()[set] ?? {}
  const [first] = [...Object.keys(codes), ...Object.keys(places[province] ?? {})]
  return first ?? Object.keys(Object.values(places)[0] ?? {})[0]
}

/** Base64 of `{}`: JSON, and a file. */
const ENCODED = 'e30='

function textOf(
  catalogue: Catalogue,
  { name, width = 30, set, base64 }: CatalogueField,
  province: string,
): string {
  if (base64) return ENCODED
  const code = set ? codeOf(catalogue, set, province) : undefined
  if (code !== undefined && code.length <= width) return code
  return width < name.length ? '1'.repeat(Math.min(width, 3)) : name
}

/** A valid value of a field. */
export function sampleValue(catalogue: Catalogue, field: CatalogueField, province: string): unknown {
  switch (field.type) {
    case 'decimal':
      return field.places === 0 ? 1 : 1.5
    case 'whole':
      return 1
    case 'day':
      return DAY
    case 'time':
      return TIME
    case 'flag':
      return true
    case 'rows':
      return []
    default:
      return textOf(catalogue, field, province)
  }
}

/** Ids in a further row get a suffix. */
function inRow(value: unknown, row: number, { set, width = 30, type = 'text' }: CatalogueField): unknown {
  if (row === 0 || type !== 'text' || set || typeof value !== 'string' || NUMBER.test(value)) return value
  const told = `${value}${row}`
  return told.length <= width ? told : value
}

/**
 * Generates the nodes of one side of a transaction.
 *
 * @param nodes from the catalogue, as in a province
 */
export function sampleNodes(
  catalogue: Catalogue,
  nodes: readonly CatalogueNode[],
  { province, whole = false, rows = 1, values = {} }: SampleOf,
): SampleNode {
  const given = new Map(Object.entries(values).map(([name, value]) => [spellingOf(name), value]))

  function fieldIn(node: CatalogueNode, field: CatalogueField, row: number): [string, unknown][] {
    const name = field.spelt ?? field.name
    const known = given.get(spellingOf(name))
    const isAsked = field.must || whole || node.any?.[0] === field.name || isWanted(node, field)
    if (!isAsked) return []
    const value = typeof known === 'function' ? known() : known
    return [[name, value ?? inRow(sampleValue(catalogue, field, province), row, field)]]
  }

  function objectOf(node: CatalogueNode, row: number): SampleNode {
    const fields = node.fields.flatMap((field) => fieldIn(node, field, row))
    const below = nodes
      .filter((other) => other.at !== '' && other.at !== node.at && aboveOf(other.at) === node.at)
      .filter((other) => other.must || whole)
      .map((other) => [nameOf(other.at), contentOf(other, row)] as const)
    return Object.fromEntries([...fields, ...below])
  }

  /** @param row index in the enclosing list, otherwise 0 */
  function contentOf(node: CatalogueNode, row: number): unknown {
    if (!node.many) return objectOf(node, row)
    if (node.at.includes('.')) return [objectOf(node, row)]
    return Array.from({ length: rows }, (_, index) => objectOf(node, index))
  }

  return objectOf(nodes.find(({ at }) => at === '') ?? { at: '', fields: [] }, 0)
}

/** Whether another field of the node makes this one required, given its sample value. */
function isWanted({ fields }: CatalogueNode, { when }: CatalogueField): boolean {
  if (!when) return false
  return Object.keys(when).every((by) => fields.some(({ name, must }) => name === by && must === true))
}

/** A valid input of a transaction. */
export function sampleInput(catalogue: Catalogue, number: string, of: SampleOf): SampleNode {
  const { sums = [], names = {} } = catalogue.heads.get(number)!
  const asked = [
    ...Object.keys(names).filter((name) => names[name] === 'settlement'),
    ...sums.flatMap(({ must, total, parts }) => (must ? [total, parts[0]!] : [])),
  ]
  const nodes = catalogue.nodes(number, of.province).input.map((node) => ({
    ...node,
    fields: node.fields.map((field) => (asked.includes(field.name) ? { ...field, must: true } : field)),
  }))
  const input = sampleNodes(catalogue, nodes, of)
  for (const sum of sums) addUp(input, sum)
  return input
}

/** Makes a total equal to the sum of its parts. */
function addUp(input: SampleNode, { at, total, parts, rows }: SumForm): void {
  const node = input[at] as SampleNode | undefined
  if (node?.[total] === undefined) return
  const list = rows === undefined ? [node] : ((node[rows] ?? []) as readonly SampleNode[])
  const said = list.flatMap((row) => parts.flatMap((part) => row[part] ?? []))
  if (said.length > 0) node[total] = said.reduce<number>((sum, part) => sum + Number(part), 0)
}

/** An output of a transaction, complete, since output fields are never marked as required. */
export function sampleOutput(catalogue: Catalogue, number: string, of: Omit<SampleOf, 'whole'>): unknown {
  const nodes = catalogue.nodes(number, of.province).output
  const output = sampleNodes(catalogue, nodes, { ...of, whole: true })
  return nodes.some(({ at, many }) => at === '' && many) ? [output] : output
}
