/**
 * Reads chosen fields of a message by its bytes, in the form that the whole message would have: what reads the fields
 * need not know which way they came; rows are asked for through `rowsOf`. A number is given as its text, since nobody here
 * calculates with the wire's numbers; the decimals of rows are read from their bytes.
 */
import type { z } from 'zod'
import { CodeInBytes } from '../domain/claim.ts'
import { type DecimalForm, decimalIn } from '../domain/money.ts'
import { ByteRows } from '../extension/rows.ts'
import { planOf } from './plan.ts'
import { createScanner, type Scanner, type Spans, type Strictness } from './scan.ts'
import { createTexts, sliced } from './string-cache.ts'

/** Reads messages of one kind. It keeps state between its calls: one is used by one thread, one message at a time. */
export interface Reader {
  /** @returns the chosen fields; null where the bytes are not valid beyond doubt */
  read(bytes: Buffer): Record<string, unknown> | null
  /** Where the chosen fields of the message read last stand in its bytes. */
  readonly spans: Spans
  /** Place of a path among the spans: of its rows where it leads into rows. */
  slot(path: string): number
  /** Whether these are the bytes read last. */
  holds(bytes: Buffer): boolean
}

const QUOTE = 0x22
const NULL = 0x6e

/** Where a value is put: a field of the object that is made, or a further object. */
interface Place {
  readonly name: string
  /** −1 for an object. */
  readonly slot: number
  readonly inside: readonly Place[]
}

/** The array whose rows are read, by the names that lead to it. */
interface RowsPlace {
  readonly path: readonly string[]
  readonly fields: readonly string[]
}

/**
 * Makes a reader.
 *
 * @param schema of the whole message
 * @param fields paths of the values that are read: `msgid`, `input.data.psn_no`, `input.feedetail[].feedetl_sn`; a path
 *   that leads to an object or array only gets its span
 * @returns null where the schema says more than bytes can be judged by
 */
export function createReader(
  schema: z.ZodType,
  fields: readonly string[],
  strictness?: Strictness,
): Reader | null {
  const plan = planOf(schema, fields)
  const scanner = plan && createScanner(plan, strictness)
  return scanner && readerOf(scanner, fields)
}

function readerOf(scanner: Scanner, paths: readonly string[]): Reader {
  const { spans } = scanner
  const repeated = paths.filter((path) => path.includes('[]'))
  const fixed = paths.filter((path) => !path.includes('[]'))
  const isWhole = (path: string) => paths.some((other) => other.startsWith(`${path}.`))
  const tree = treeOf(fixed.map((path, slot) => ({ path, slot })).filter(({ path }) => !isWhole(path)))
  const rowsAt = rowsPlaceOf(repeated)
  const slots = new Map(rowsAt?.fields.map((field, slot) => [field, slot]))
  const textOf = createTexts()
  let last: Buffer | null = null

  function valueAt(bytes: Buffer, start: number, end: number, make: typeof textOf): string | null {
    const written = bytes[start - 1] === QUOTE
    return !written && bytes[start] === NULL ? null : make(bytes, start, end)
  }

  function fill(target: Record<string, unknown>, places: readonly Place[], bytes: Buffer): void {
    for (const { name, slot, inside } of places) {
      if (slot < 0) {
        const object: Record<string, unknown> = {}
        fill(object, inside, bytes)
        target[name] = object
        continue
      }
      const end = spans.end(slot)
      // What stands outside of rows may be personal, and is not kept.
      if (end > 0) target[name] = valueAt(bytes, spans.start(slot), end, sliced)
    }
  }

  /** The rows of the message read last; they are gone when the next one is read. */
  function rowsIn(bytes: Buffer): ByteRows {
    function slotOf(field: string): number {
      const slot = slots.get(field)
      if (slot === undefined) throw new Error(`${field} is not among the fields that are read`)
      if (last !== bytes) throw new Error('Another message has been read since')
      return slot
    }
    function column(field: string) {
      const slot = slotOf(field)
      let before = -1
      let value: string | null | undefined
      return (row: number) => {
        if (row !== before + 1 || !spans.repeats(row, slot)) {
          const end = spans.rowEnd(row, slot)
          value = end > 0 ? valueAt(bytes, spans.rowStart(row, slot), end, textOf) : undefined
        }
        before = row
        return value
      }
    }
    function firstOther(field: string) {
      const slot = slotOf(field)
      if (spans.isSteady(slot)) return -1
      const start = spans.rowStart(0, slot)
      const end = spans.rowEnd(0, slot)
      for (let row = 1; row < spans.rows(); row += 1) {
        if (spans.repeats(row, slot)) continue
        const from = spans.rowStart(row, slot)
        const isAlike =
          spans.rowEnd(row, slot) - from === end - start && isSame(bytes, start, from, end - start)
        if (!isAlike) return row
      }
      return -1
    }
    function decimals(field: string, form: DecimalForm) {
      const slot = slotOf(field)
      return (row: number) => decimalIn(bytes, spans.rowStart(row, slot), spans.rowEnd(row, slot), form)
    }
    function codes(field: string, system: string) {
      const slot = slotOf(field)
      return (row: number) => {
        const start = spans.rowStart(row, slot)
        // What has no quotes is null, and no code.
        return new CodeInBytes(
          system,
          bytes,
          start,
          bytes[start - 1] === QUOTE ? spans.rowEnd(row, slot) : start,
        )
      }
    }
    return new ByteRows(spans.rows(), { column, firstOther, decimals, codes })
  }

  function addRows(message: Record<string, unknown>, bytes: Buffer): void {
    if (!rowsAt || spans.rows() === 0) return
    let node = message
    for (const name of rowsAt.path.slice(0, -1)) {
      node[name] ??= {}
      node = node[name] as Record<string, unknown>
    }
    node[rowsAt.path.at(-1)!] = rowsIn(bytes)
  }

  return {
    read(bytes) {
      last = null
      if (!scanner.scan(bytes)) return null
      last = bytes
      const message: Record<string, unknown> = {}
      fill(message, tree, bytes)
      addRows(message, bytes)
      return message
    },
    spans,
    slot: (path) => (path.includes('[]') ? repeated : fixed).indexOf(path),
    holds: (bytes) => bytes === last,
  }
}

/** Whether two values of one length are written alike, the quote before a text included; also where neither is there. */
function isSame(bytes: Buffer, one: number, other: number, length: number): boolean {
  if (length === 0) return one === 0 ? other === 0 : other !== 0
  for (let at = -1; at < length; at += 1) if (bytes[one + at] !== bytes[other + at]) return false
  return true
}

function treeOf(paths: readonly { readonly path: string; readonly slot: number }[]): Place[] {
  const heads = [...new Set(paths.map(({ path }) => path.split('.')[0]!))]
  return heads.map((name) => {
    const own = paths.find(({ path }) => path === name)
    if (own) return { name, slot: own.slot, inside: [] }
    const inside = paths
      .filter(({ path }) => path.startsWith(`${name}.`))
      .map(({ path, slot }) => ({ path: path.slice(name.length + 1), slot }))
    return { name, slot: -1, inside: treeOf(inside) }
  })
}

function rowsPlaceOf(paths: readonly string[]): RowsPlace | null {
  const [first] = paths
  if (!first) return null
  return {
    path: first.slice(0, first.indexOf('[]')).split('.'),
    fields: paths.map((path) => path.slice(path.indexOf('[]') + 3)),
  }
}
