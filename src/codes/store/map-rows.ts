/**
 * Rows of a map in the packed store. The details of a row are, byte by byte: why it has no target (0, or its index
 * in `NO_TARGET` plus one), then for each group: together or not, and the number of targets (two bytes), and for
 * each target: relation (one byte), priority, first day and end (two bytes each), then code and provenance, each
 * after its length (one byte, two bytes).
 */
import type { MapRelation } from '../../extension/codebook.ts'
import { ALWAYS, dayNumber, dayOfNumber, NEVER } from './day-number.ts'
import { CODE_BYTES_MAX, TEXT_BYTES_MAX } from './layout.ts'
import type { Packed } from './packed.ts'
import type { PackedRow } from './packer.ts'
import { type MapGroup, type MapRow, type MapTarget, NO_TARGET, RowRefused } from './rows.ts'

const RELATIONS = ['equivalent', 'narrower', 'broader', 'related'] as const satisfies readonly MapRelation[]
const TARGET_HEAD = 8
const PRIORITY_MAX = 0xffff

/** Key of a target in the reverse index: the code without the local price part. */
export function reverseKey(code: string): string {
  const dash = code.indexOf('-')
  return dash > 0 ? code.slice(0, dash) : code
}

function targetBytes({ code, relation, priority = 1, from, until, provenance = '' }: MapTarget): Buffer {
  const [codeText, provenanceText] = [Buffer.from(code), Buffer.from(provenance)]
  if (codeText.length === 0 || codeText.length > CODE_BYTES_MAX) {
    throw new RowRefused('The code of a target is empty or too long')
  }
  if (provenanceText.length > TEXT_BYTES_MAX) throw new RowRefused('The provenance of a target is too long')
  if (!Number.isInteger(priority) || priority < 1 || priority > PRIORITY_MAX) {
    throw new RowRefused(`A priority is a whole number from 1 to ${PRIORITY_MAX}, not ${priority}`)
  }
  const head = Buffer.alloc(TARGET_HEAD)
  head.writeUInt8(RELATIONS.indexOf(relation), 0)
  head.writeUInt16LE(priority, 1)
  head.writeUInt16LE(from ? dayNumber(from) : ALWAYS, 3)
  head.writeUInt16LE(until ? dayNumber(until) : NEVER, 5)
  head.writeUInt8(codeText.length, 7)
  const length = Buffer.alloc(2)
  length.writeUInt16LE(provenanceText.length)
  return Buffer.concat([head, codeText, length, provenanceText])
}

function groupBytes({ together, targets }: MapGroup): Buffer {
  if (targets.length === 0) throw new RowRefused('A group has no target')
  if (targets.length > 0xffff) throw new RowRefused(`A group has ${targets.length} targets`)
  const head = Buffer.alloc(3)
  head.writeUInt8(together ? 1 : 0)
  head.writeUInt16LE(targets.length, 1)
  return Buffer.concat([head, ...targets.map(targetBytes)])
}

/** Encodes a row for the store. @throws {RowRefused} if it has neither target nor reason, or both */
export function packMapRow({ name, groups, noTarget, from, until }: MapRow): PackedRow {
  if (groups.length === 0 && !noTarget) throw new RowRefused('The row has neither a target nor a reason why')
  if (groups.length > 0 && noTarget) throw new RowRefused('The row has a target and a reason why it has none')
  const reason = Buffer.of(noTarget ? NO_TARGET.indexOf(noTarget) + 1 : 0)
  return {
    name,
    details: Buffer.concat([reason, ...groups.map(groupBytes)]),
    from: from ? dayNumber(from) : ALWAYS,
    until: until ? dayNumber(until) : NEVER,
    marks: 0,
  }
}

/** Decodes the groups of a row in place: only strings are copied. */
export function groupsAt(packed: Packed, place: number): MapGroup[] {
  const { pool } = packed
  const { start, end } = packed.detailsSpan(place)
  const groups: MapGroup[] = []
  let at = start + 1
  while (at < end) {
    const together = pool[at] === 1
    const targets: MapTarget[] = []
    const count = pool[at + 1]! | (pool[at + 2]! << 8)
    at += 3
    while (targets.length < count) {
      const codeAt = at + TARGET_HEAD
      const codeEnd = codeAt + pool[at + 7]!
      const end = codeEnd + 2 + (pool[codeEnd]! | (pool[codeEnd + 1]! << 8))
      targets.push(targetAt(packed, at, codeAt, codeEnd, end))
      at = end
    }
    groups.push({ together, targets })
  }
  return groups
}

function targetAt(packed: Packed, at: number, codeAt: number, codeEnd: number, end: number): MapTarget {
  const { pool } = packed
  const target: { -readonly [Key in keyof MapTarget]: MapTarget[Key] } = {
    code: packed.textAt(codeAt, codeEnd),
    relation: RELATIONS[pool[at]!]!,
  }
  const priority = pool[at + 1]! | (pool[at + 2]! << 8)
  const from = pool[at + 3]! | (pool[at + 4]! << 8)
  const until = pool[at + 5]! | (pool[at + 6]! << 8)
  if (priority !== 1) target.priority = priority
  if (from !== ALWAYS) target.from = dayOfNumber(from)
  if (until !== NEVER) target.until = dayOfNumber(until)
  if (end > codeEnd + 2) target.provenance = packed.textAt(codeEnd + 2, end)
  return target
}

/**
 * Decodes the row at a place.
 *
 * @param code the code at this place, if already known
 */
export function mapRowAt(packed: Packed, place: number, code: string = packed.code(place)): MapRow {
  const row: { -readonly [Key in keyof MapRow]: MapRow[Key] } = {
    code,
    name: packed.name(place),
    groups: groupsAt(packed, place),
  }
  const noTarget = NO_TARGET[packed.pool[packed.detailsSpan(place).start]! - 1]
  const from = packed.from(place)
  const until = packed.until(place)
  if (noTarget) row.noTarget = noTarget
  if (from) row.from = from
  if (until) row.until = until
  return row
}
