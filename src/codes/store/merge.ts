/** Merges a new edition into a packed table, in one pass over both in order of their codes. */

import { HEAD_BYTES, LENGTH_AT, MARK, MARKS_AT, TAIL_WORDS } from './layout.ts'
import type { Packed, Sections } from './packed.ts'
import { createRowWriter, headsOf, type RowWriter, slotsFor, slotsOver, type Version } from './row-writer.ts'
import type { StringPool } from './string-pool.ts'

/** Difference between an edition and the one before it in time. */
export interface EditionDifference {
  readonly added: number
  readonly changed: number
  readonly closed: number
  readonly unchanged: number
}

/** A table with one more edition. */
export interface Repacked {
  readonly sections: Sections
  readonly difference: EditionDifference
  /** Number of codes in all editions. */
  readonly codes: number
}

const isSame = (a: Version, b: Version) =>
  a.name === b.name &&
  a.details === b.details &&
  a.from === b.from &&
  a.until === b.until &&
  a.marks === b.marks

/** Compares two codes byte by byte, which is the order of UTF-8 text. */
function compareCodes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length)
  for (let at = 0; at < shorter; at += 1) {
    if (a[at] !== b[at]) return a[at]! - b[at]!
  }
  return a.length - b.length
}

/** Places of the rows in order of their codes, those of one code in order of their days. */
function inOrder(rows: RowWriter, codeOf: (place: number) => Uint8Array): readonly number[] {
  const places: number[] = []
  let sorted = true
  let last: Uint8Array = NOTHING
  for (const place of headsOf(rows.bytes(), rows.end)) {
    const code = codeOf(place)
    sorted &&= compareCodes(last, code) < 0
    last = code
    places.push(place)
  }
  // Official lists are usually sorted already, and then this is free.
  if (sorted) return places
  const firstDay = (place: number) => rows.words()[place + 2]! & 0xffff
  return places.sort((a, b) => compareCodes(codeOf(a), codeOf(b)) || firstDay(a) - firstDay(b))
}

const NOTHING = new Uint8Array(0)

/** Versions of a code in a base after an edition is inserted, which may split one in two. */
function shifted(base: Packed, first: number, edition: number, pool: StringPool): Version[] {
  const versions: Version[] = []
  for (let place = first; place !== 0; place = base.next(place)) {
    const [firstEdition, endEdition] = [base.firstEdition(place), base.endEdition(place)]
    const version = {
      name: pool.bytes(base.nameBytes(place)),
      details: pool.bytes(base.details(place)),
      from: base.fromNumber(place),
      until: base.untilNumber(place),
      marks: base.marks(place) & ~MARK.further,
    }
    const before = Math.min(endEdition, edition)
    const after = Math.max(firstEdition, edition)
    if (firstEdition < before) versions.push({ ...version, firstEdition, endEdition: before })
    if (after < endEdition) versions.push({ ...version, firstEdition: after + 1, endEdition: endEdition + 1 })
  }
  return versions
}

/** The version for a row of the edition. */
function versionOf(rows: RowWriter, place: number): Version {
  const words = rows.words()
  const [span, editions] = [words[place + 2]!, words[place + 3]!]
  return {
    name: words[place]!,
    details: words[place + 1]!,
    from: span & 0xffff,
    until: span >>> 16,
    firstEdition: editions & 0xffff,
    endEdition: editions >>> 16,
    marks: rows.bytes()[place * 4 + MARKS_AT]!,
  }
}

/** Joins equal versions of consecutive editions. */
function joined(versions: readonly Version[]): Version[] {
  const out: Version[] = []
  for (const version of versions.toSorted((a, b) => a.firstEdition - b.firstEdition || a.from - b.from)) {
    const before = out.findLastIndex((one) => one.endEdition === version.firstEdition && isSame(one, version))
    if (before < 0) out.push(version)
    else out[before] = { ...out[before]!, endEdition: version.endEdition }
  }
  return out
}

/** Whether two editions agree about a code. */
function areSame(some: readonly Version[], others: readonly Version[]): boolean {
  return some.length === others.length && some.every((one) => others.some((other) => isSame(one, other)))
}

/**
 * Merges an edition into a base.
 *
 * @param edition index of the new edition among those of the base
 * @param rows its rows, over `pool`; texts of the base are added there
 */
export function merge(base: Packed | null, edition: number, rows: RowWriter, pool: StringPool): Repacked {
  const out = createRowWriter()
  const difference = { added: 0, changed: 0, closed: 0, unchanged: 0 }
  const bytes = rows.bytes()
  const codeOf = (place: number) =>
    bytes.subarray(place * 4 + HEAD_BYTES, place * 4 + HEAD_BYTES + bytes[place * 4 + LENGTH_AT]!)
  const order = inOrder(rows, codeOf)
  let codes = 0

  function write(code: Uint8Array, versions: readonly Version[]): void {
    codes += 1
    for (const [index, version] of versions.entries()) {
      const marks = index === 0 ? version.marks : version.marks | MARK.further
      out.append(code, 0, code.length, { ...version, marks })
    }
  }

  function take(code: Uint8Array, first: number, added: readonly number[]): void {
    const old = first === 0 || !base ? [] : shifted(base, first, edition, pool)
    const before = old.filter(({ endEdition }) => endEdition === edition)
    const now = added.map((place) => versionOf(rows, place))
    if (now.length === 0) difference.closed += before.length > 0 ? 1 : 0
    else if (before.length === 0) difference.added += 1
    else difference[areSame(before, now) ? 'unchanged' : 'changed'] += 1
    write(code, joined([...old, ...now]))
  }

  let next = 0
  /** The rows of the code at `next`, which are adjacent. */
  function run(): readonly number[] {
    const start = next
    const code = codeOf(order[start]!)
    while (next < order.length && compareCodes(codeOf(order[next]!), code) === 0) next += 1
    return order.slice(start, next)
  }

  for (const first of base?.heads() ?? []) {
    const code = base!.codeBytes(first)
    while (next < order.length && compareCodes(codeOf(order[next]!), code) < 0) {
      take(codeOf(order[next]!), 0, run())
    }
    const met = next < order.length && compareCodes(codeOf(order[next]!), code) === 0
    take(code, first, met ? run() : [])
  }
  while (next < order.length) take(codeOf(order[next]!), 0, run())

  return { sections: sectionsOf(out, pool, codes), difference, codes }
}

/** Sections of a packed table. */
export function sectionsOf(rows: RowWriter, pool: StringPool, codes: number): Sections {
  const slots = slotsOver(rows.bytes(), rows.end, slotsFor(codes))
  return {
    rows: rows.bytes().subarray(0, (rows.end + TAIL_WORDS) * 4),
    slots: new Uint8Array(slots.buffer),
    pool: pool.view(),
  }
}
