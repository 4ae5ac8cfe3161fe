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
const FIELDS: Readonly<Record<string, Named['what']>> = {
  mdtrt_id: 'encounter',
  psn_no: 'person',
  chrg_bchno: 'batch',
  setl_id: 'settlement',
  fixmedins_code: 'institution',
}
const FIELD_NAMES = Object.keys(FIELDS)

/** A node of an input: one object, or rows. */
export interface InputNode {
  readonly name: string
  readonly isRows: boolean
}

type Def = { type: string; innerType?: z.ZodType; options?: readonly z.ZodType[] }

/** Whether a schema takes one object or rows, however it is made optional; null where it takes neither. */
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

/** The places that `namedIn` reads of an input: `data.mdtrt_id`, `feedetail[].mdtrt_id`. */
export function namedRead(operation: Operation): string[] {
  return nodesOf(operation).flatMap(({ name, isRows }) =>
    FIELD_NAMES.map((field) => `${name}${isRows ? '[]' : ''}.${field}`),
  )
}

/**
 * Everything that an input names, from its head and from all rows.
 *
 * @param input a checked one; its rows may be bytes still
 */
export function namedIn(operation: Operation, input: Readonly<Record<string, unknown>>): Named[] {
  const named: Named[] = []
  const add = (place: string, field: string, value: string) => {
    if (value !== '') named.push({ what: FIELDS[field]!, field: `${place}.${field}`, value })
  }
  for (const { name } of nodesOf(operation)) {
    const rows = rowsOf(input[name])
    if (!rows) {
      const node = input[name] as Record<string, unknown> | undefined
      for (const field of FIELD_NAMES) add(name, field, textOf(node, field))
      continue
    }
    for (const field of FIELD_NAMES) {
      const values = rows.column(field)
      const textIn = (row: number) => String(values(row) ?? '')
      const first = textIn(0)
      add(`${name}[0]`, field, first)
      const other = rows.firstOther(field)
      if (other < 0) continue
      const seen = new Set([first])
      for (let row = other; row < rows.length; row += 1) {
        const value = textIn(row)
        if (!seen.has(value)) add(`${name}[${row}]`, field, value)
        seen.add(value)
      }
    }
  }
  return named
}
