/**
 * Judges a message of nodes in nodes, lists in lists, in one pass over its bytes, and keeps where the few values stand that
 * somebody reads. As `scan.ts` does it for the messages of every counter: it says yes only to what is valid beyond doubt and
 * written as `JSON.stringify` writes it, and to everything else nothing.
 */
import { isUtf8 } from 'node:buffer'
import { fieldAt, type IsRead, type Known, type KnownField, learnAll, type NodePlan } from './node-fields.ts'
import { digitsBefore, numberEnd } from './number.ts'
import type { RowsPlan } from './plan.ts'
import { same } from './row-shape.ts'
import { literal, stands } from './scan.ts'
import { sliced } from './string-cache.ts'
import { textEnd } from './text.ts'

/** A node as it is read: the values that are asked for, as texts, and the nodes below it. */
export type NodeRow = { [name: string]: string | null | NodeRow | NodeRow[] }

/** Reads messages of one kind. It keeps state between its calls: one is used by one thread, one message at a time. */
export interface NodeReader {
  /** @returns the values that are asked for; null where the bytes are not valid beyond doubt */
  read(bytes: Buffer): NodeRow | null
  /** Where a node or value of the message itself stands, that was read last; zeros where it is not there. */
  span(name: string): readonly [start: number, end: number]
}

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN = 0x7b
const CLOSE = 0x7d
const OPEN_ROWS = 0x5b
const CLOSE_ROWS = 0x5d
const FAIL = -1
/** Before the spans of a node: which one it is, whose, in which row, and how many spans. */
const HEAD = 4
/** Texts from this length on are compared with the one before. */
const COMPARED_MIN = 4

/**
 * Makes a reader.
 *
 * @param plan of the whole message
 * @param isRead whether somebody reads the fields of a name, wherever they stand and also where no plan names them
 * @param spans names in the message itself whose places are asked for
 */
export function createNodeReader(plan: NodePlan, isRead: IsRead, spans: readonly string[]): NodeReader {
  const nodes = learnAll(plan, isRead, spans)
  const root = nodes.at(-1)!
  let bytes: Buffer = Buffer.alloc(0)
  let words = new DataView(bytes.buffer)
  let table = new Int32Array(4096)
  let used = 0
  let records = 0
  let messages = 0
  let objects = 0

  function object(at: number, known: Known, owner: number, row: number): number {
    const slots = known.kept.length
    const base = used
    used += HEAD + slots * 2
    if (used > table.length) widen()
    table.fill(0, base, used)
    table[base] = known.place
    table[base + 1] = owner
    table[base + 2] = row
    table[base + 3] = slots
    const record = records
    records += 1
    objects += 1
    const serial = objects
    let left = known.required
    let position = at + 1
    if (bytes[position] === CLOSE) return left === 0 && holds(known, base) ? position + 1 : FAIL
    for (let place = 0; ; place += 1) {
      let field: KnownField | null | undefined = known.order[place]
      if (field === undefined || !stands(words, position, field)) {
        field = fieldAt(bytes, position, { known, place, isRead })
        if (field === null) return FAIL
      }
      // A name that comes twice: JSON takes the last, so the general way decides. So it does of a field that was just met.
      if (field.object === serial || field.slot >= slots) return FAIL
      field.object = serial
      position += field.length
      const start = position
      position = bytes[start] === QUOTE ? text(start, field) : value(start, field, record)
      if (position === FAIL) return FAIL
      if (field.required) left -= 1
      if (field.slot >= 0) keep(base + HEAD + field.slot * 2, start, position)
      const next = bytes[position]
      position += 1
      if (next === CLOSE) return left === 0 && holds(known, base) ? position : FAIL
      if (next !== COMMA) return FAIL
    }
  }

  /** Null ends nowhere. */
  function keep(at: number, start: number, end: number): void {
    const quoted = bytes[start] === QUOTE ? 1 : 0
    const isNull = bytes[start] === 0x6e
    table[at] = start + quoted
    table[at + 1] = isNull ? -1 : end - quoted
  }

  function text(at: number, field: KnownField): number {
    const start = at + 1
    const { size } = field
    if (size >= COMPARED_MIN && field.message === messages && same(words, field.start, start, size)) {
      return start + size + 1
    }
    const end = textEnd(bytes, at, field.value.plain, true)
    if (end === FAIL) return FAIL
    field.message = messages
    field.start = start
    field.size = end - 1 - start
    return end
  }

  function value(at: number, { value: asked, inside }: KnownField, record: number): number {
    switch (bytes[at]) {
      case OPEN:
        return inside && !asked.rows ? object(at, inside, record, -1) : FAIL
      case OPEN_ROWS:
        return inside && asked.rows ? rows(at, inside, asked.rows, record) : FAIL
      case 0x6e:
        return asked.plain.nil ? literal(bytes, at, 'null') : FAIL
      case 0x74:
        return asked.flag ? literal(bytes, at, 'true') : FAIL
      case 0x66:
        return asked.flag ? literal(bytes, at, 'false') : FAIL
      default: {
        const { number } = asked.plain
        const end = number ? numberEnd(bytes, at, number === 'whole') : FAIL
        return end !== FAIL && digitsBefore(bytes, at, end) <= asked.digits ? end : FAIL
      }
    }
  }

  function rows(at: number, known: Known, { min, max }: Pick<RowsPlan, 'min' | 'max'>, record: number) {
    let position = at + 1
    let count = 0
    if (bytes[position] === CLOSE_ROWS) return min === 0 ? position + 1 : FAIL
    for (;;) {
      if (bytes[position] !== OPEN || count >= max) return FAIL
      position = object(position, known, record, count)
      if (position === FAIL) return FAIL
      count += 1
      const next = bytes[position]
      position += 1
      if (next === CLOSE_ROWS) return count >= min ? position : FAIL
      if (next !== COMMA) return FAIL
    }
  }

  function holds({ conditions }: Known, base: number): boolean {
    const isFilled = (slot: number) => endOf(base, slot) > table[base + HEAD + slot * 2]!
    return conditions.every(
      ({ any, when }) =>
        any.some(isFilled) ||
        !when.every(([slot, asked]) => {
          const start = table[base + HEAD + slot * 2]!
          return (
            endOf(base, slot) - start === asked.length &&
            asked.equals(bytes.subarray(start, start + asked.length))
          )
        }),
    )
  }

  const endOf = (base: number, slot: number) => table[base + HEAD + slot * 2 + 1]!

  function widen(): void {
    const wider = new Int32Array(Math.max(table.length, used) * 2)
    wider.set(table)
    table = wider
  }

  /** The values that are asked for in the order in which zod gives them: the fields of a node and its nodes as its plan has them. */
  function values(): NodeRow {
    const made: NodeRow[] = []
    for (let base = 0; base < used; base += HEAD + table[base + 3]! * 2) {
      const known = nodes[table[base]!]!
      const row: NodeRow = {}
      for (const field of known.kept) if (!field.isLate) put(row, base, field)
      for (const name of known.below) row[name] = null
      const owner = made[table[base + 1]!]
      if (owner && known.isList) {
        owner[known.name] ??= []
        const list = owner[known.name] as NodeRow[]
        list.push(row)
      } else if (owner) owner[known.name] = row
      made.push(row)
    }
    if (nodes.some(({ late }) => late.length > 0)) putLate(made)
    return made[0]!
  }

  function put(row: NodeRow, base: number, { name, slot, isRead: read }: KnownField): void {
    if (!read || slot >= table[base + 3]!) return
    const end = endOf(base, slot)
    if (end > 0) row[name] = sliced(bytes, table[base + HEAD + slot * 2]!, end)
    else if (end < 0) row[name] = null
  }

  /** What no plan names stands behind the nodes, in the order in which it came. */
  function putLate(made: readonly NodeRow[]): void {
    for (let base = 0, record = 0; record < made.length; record += 1) {
      const start = ({ slot }: KnownField) => table[base + HEAD + slot * 2]!
      const { late } = nodes[table[base]!]!
      const slots = table[base + 3]!
      const came = late.filter(({ slot }) => slot < slots)
      came.sort((one, other) => start(one) - start(other))
      for (const field of came) put(made[record]!, base, field)
      base += HEAD + slots * 2
    }
  }

  return {
    read(given) {
      if (given[0] !== OPEN || !isUtf8(given)) return null
      bytes = given
      words = new DataView(given.buffer, given.byteOffset, given.byteLength)
      used = 0
      records = 0
      messages += 1
      return object(0, root, -1, -1) === given.length ? values() : null
    },
    span(name) {
      const { slot } = root.byName.get(name)!
      return [table[HEAD + slot * 2]!, Math.max(0, endOf(0, slot))]
    },
  }
}
