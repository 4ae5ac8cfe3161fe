/** JSON as the elements of the invented old interface, and back. Rows are `R` elements; nothing is `nil`. */
import { Parser } from 'htmlparser2'
import { isAmount, NUMBER_FIELDS, nationalName, nationalNumber, ownName, ownNumber } from './names.ts'

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string) => text.replaceAll(/[&<>"]/g, (character) => ESCAPES[character]!)

function ownText(name: string, value: unknown): string {
  const text = String(value)
  if (NUMBER_FIELDS.has(name)) return ownNumber(text)
  if (!isAmount(name) || !/^-?\d+(\.\d{1,2})?$/.test(text)) return text
  return String(Math.round(Number(text) * 100))
}

function nationalText(name: string, text: string): string {
  if (NUMBER_FIELDS.has(name)) return nationalNumber(text) ?? text
  if (!isAmount(name) || !/^-?\d+$/.test(text)) return text
  return (Number(text) / 100).toFixed(2)
}

/** Writes one field with all below it. */
export function written(name: string, value: unknown): string {
  const tag = ownName(name)
  if (value === null || value === undefined) return `<${tag} nil="1"/>`
  if (Array.isArray(value)) {
    const rows = value.map((row) => `<R>${fieldsOf(row as Record<string, unknown>)}</R>`)
    return `<${tag} rows="${rows.length}">${rows.join('')}</${tag}>`
  }
  if (typeof value === 'object')
    return `<${tag} node="1">${fieldsOf(value as Record<string, unknown>)}</${tag}>`
  return `<${tag}>${escaped(ownText(name, value))}</${tag}>`
}

function fieldsOf(row: Record<string, unknown>): string {
  return Object.entries(row)
    .map(([name, value]) => written(name, value))
    .join('')
}

interface Open {
  readonly name: string
  readonly kind: 'text' | 'rows' | 'node' | 'nil'
  readonly row: Record<string, unknown>
  readonly rows: Record<string, unknown>[]
  text: string
}

/** Reads a document. @returns the fields below its root @throws {RangeError} if it is none */
export function readXml(text: string, root: string): Record<string, unknown> {
  const open: Open[] = []
  let whole: Record<string, unknown> | null = null
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        const kind =
          'nil' in attributes ? 'nil' : 'rows' in attributes ? 'rows' : 'node' in attributes ? 'node' : 'text'
        const isRow = tag === 'R' || tag === root
        open.push({ name: tag, kind: isRow ? 'node' : kind, row: {}, rows: [], text: '' })
      },
      ontext(data) {
        const last = open.at(-1)
        if (last) last.text += data
      },
      onclosetag() {
        const { name: tag, kind, row, rows, text: data } = open.pop()!
        const parent = open.at(-1)
        if (!parent) {
          if (tag === root) whole = row
        } else if (tag === 'R') parent.rows.push(row)
        else {
          const name = nationalName(tag)
          const value = { nil: null, rows, node: row, text: nationalText(name, data) }[kind]
          parent.row[name] = value
        }
      },
    },
    { xmlMode: true },
  )
  parser.end(text)
  if (!whole || open.length > 0) throw new RangeError('it is no document of the old interface')
  return whole
}
