/**
 * Successful answer to a transaction of the catalogue: the platform's output under its own names, with numbers typed.
 */
import { aboveOf, type Catalogue, nameOf } from '../../extension/catalogue.ts'
import type { CatalogueNode } from '../../extension/catalogue-rows.ts'
import type { Message } from '../../extension/dialect.ts'
import type { RefusedRows } from '../../extension/reply.ts'

/** Digits that a JSON number represents exactly. */
const DIGITS_MAX = 15
const NUMBER = /^-?\d+(?:\.\d+)?$/

/** Converts digits to a number; what would lose precision stays text. */
function numberOf(value: unknown): unknown {
  if (typeof value !== 'string' || !NUMBER.test(value)) return value
  return value.replaceAll(/\D/g, '').length <= DIGITS_MAX ? Number(value) : value
}

type Json = Readonly<Record<string, unknown>>

/** Converts an output to the types that the catalogue gives its fields. */
type Typed = (value: unknown) => unknown

function typedBy(nodes: readonly CatalogueNode[], node: CatalogueNode): Typed {
  const fields = new Map<string, Typed>()
  for (const { name, spelt, type } of node.fields)
    if (type === 'decimal' || type === 'whole') fields.set(spelt ?? name, numberOf)
  for (const other of nodes)
    if (other.at !== '' && other.at !== node.at && aboveOf(other.at) === node.at)
      fields.set(nameOf(other.at), typedBy(nodes, other))
  const object: Typed = (value) => {
    if (typeof value !== 'object' || value === null) return value
    const typed = Object.entries(value as Json).map(([name, one]) => [name, fields.get(name)?.(one) ?? one])
    return Object.fromEntries(typed)
  }
  return (value) => (Array.isArray(value) ? value.map(object) : object(value))
}

/** Creates the conversion. @param catalogue absent: outputs stay as received */
export function createTyped(catalogue?: Catalogue): (message: Message, output: unknown) => unknown {
  const made = new Map<string, Typed>()
  return ({ operation: { transaction }, treatmentArea }, output) => {
    if (!catalogue?.heads.has(transaction)) return output
    const province = catalogue.provinceOf(treatmentArea)
    const known = made.get(`${transaction} ${province}`)
    if (known) return known(output)
    const nodes = catalogue.nodes(transaction, province).output
    const typed = typedBy(nodes, nodes.find(({ at }) => at === '') ?? { at: '', fields: [] })
    made.set(`${transaction} ${province}`, typed)
    return typed(output)
  }
}

/** Row numbers that a platform refused, from 1; empty if it accepted all. */
export function refusedRowsOf(refused: RefusedRows | undefined) {
  if (!refused) return {}
  const rows = refused.rows.map(({ row, text }) => ({ row: row === null ? null : row + 1, text }))
  return { refusedRows: { sent: refused.sent, rows } }
}

/** The body of a successful answer. @param output typed */
export function transactionAnswer({ id, operation, subject }: Message, output: unknown) {
  const encounter = operation.encounter?.(output) ?? subject.encounter
  return { messageId: id, ...(encounter !== undefined && { encounter }), output: output ?? null }
}
