/**
 * What a message names that belongs to somebody: encounters, persons, batches, settlements, institutions. The places are
 * read off the schema of its transaction, so a transaction that is added needs no list of its own; a field is looked for in
 * every node, also where the text does not name it there, since fields that areas add are let through.
 */
import type { z } from 'zod'
import type { Named, Operation } from '../../src/extension/dialect.ts'
import { rowsOf } from '../../src/extension/rows.ts'
import { textOf } from './claim.ts'

/**
 * Fields by what they name. Codes of other institutions have names of their own (`reflin_medins_no` of a referral,
 * `etip_hosp_code` of a test done elsewhere) and may differ from the sender's. [F]
 */
export const OWNED_FIELDS: Readonly<Record<string, Named['what']>> = {
  mdtrt_id: 'encounter',
  psn_no: 'person',
  chrg_bchno: 'batch',
  setl_id: 'settlement',
  fixmedins_code: 'institution',
}

/** A node of an input: one object, or rows. */
export interface InputNode {
  readonly name: string
  readonly isRows: boolean
}

type Def = { type: string; innerType?: z.ZodType; options?: readonly z.ZodType[] }

/** Whether a schema takes one object or rows, however it is made optional; null if it takes neither. */
function formOf(schema: z.ZodType): 'object' | 'array' | null {
  const { type, innerType, options } = schema._zod.def as unknown as Def
  if (type === 'object' || type === 'array') return type
  if (innerType) return formOf(innerType)
  return options?.map(formOf).find((form) => form !== null) ?? null
}

const nodes = new WeakMap<Operation, readonly InputNode[]>()

/** The nodes of an operation's input, as its schema has them. */
export function nodesOf(operation: Operation): readonly InputNode[] {
  const known = nodes.get(operation)
  if (known) return known
  const { shape = {} } = operation.input as { shape?: Record<string, z.ZodType> }
  const made = Object.entries(shape).flatMap(([name, schema]) => {
    const form = formOf(schema)
    return form ? [{ name, isRows: form === 'array' }] : []
  })
  nodes.set(operation, made)
  return made
}

/** The fields that the schema of an operation's input names in a node. */
export function fieldsOf(operation: Operation, node: string): ReadonlySet<string> {
  const { shape = {} } = operation.input as { shape?: Record<string, z.ZodType> }
  return new Set(shape[node] ? namesIn(shape[node]) : [])
}

function namesIn(schema: z.ZodType): string[] {
  const { innerType, element, options, shape } = schema._zod.def as unknown as Def & {
    readonly element?: z.ZodType
    readonly shape?: Readonly<Record<string, z.ZodType>>
  }
  if (shape) return Object.keys(shape)
  return [innerType, element, ...(options ?? [])].flatMap((one) => (one ? namesIn(one) : []))
}

/** The places that `namedIn` reads of an input: `data.mdtrt_id`, `feedetail[].mdtrt_id`. */
export function namedRead(operation: Operation): string[] {
  return placesOf(operation).flatMap(({ name, isRows, fields }) =>
    fields.map(({ field }) => `${name}${isRows ? '[]' : ''}.${field}`),
  )
}

/** A node with what it may name, and how a field of its head or its first row is called. */
interface NamingNode extends InputNode {
  readonly fields: readonly { readonly field: string; readonly what: Named['what']; readonly first: string }[]
}

const places = new WeakMap<Operation, readonly NamingNode[]>()

function placesOf(operation: Operation): readonly NamingNode[] {
  const known = places.get(operation)
  if (known) return known
  const made = nodesOf(operation).map(({ name, isRows }) => ({
    ...{ name, isRows },
    fields: Object.entries(OWNED_FIELDS).map(([field, what]) => {
      return { field, what, first: `${name}${isRows ? '[0]' : ''}.${field}` }
    }),
  }))
  places.set(operation, made)
  return made
}

/**
 * Everything that an input names, from its head and from all rows.
 *
 * @param input a checked one; its rows may be bytes still
 */
export function namedIn(operation: Operation, input: Readonly<Record<string, unknown>>): Named[] {
  const named: Named[] = []
  for (const { name, fields } of placesOf(operation)) {
    const rows = rowsOf(input[name])
    if (!rows) {
      const node = input[name] as Record<string, unknown> | undefined
      if (!node) continue
      for (const { field, what, first } of fields) {
        const value = textOf(node, field)
        if (value !== '') named.push({ what, field: first, value })
      }
      continue
    }
    for (const { field, what, first } of fields) {
      const values = rows.column(field)
      const textIn = (row: number) => String(values(row) ?? '')
      const value = textIn(0)
      if (value !== '') named.push({ what, field: first, value })
      const other = rows.firstOther(field)
      if (other < 0) continue
      const seen = new Set([value])
      for (let row = other; row < rows.length; row += 1) {
        const further = textIn(row)
        if (further !== '' && !seen.has(further)) {
          named.push({ what, field: `${name}[${row}].${field}`, value: further })
        }
        seen.add(further)
      }
    }
  }
  return named
}
