/** Rows of a national table in the packed store. */
import type { CodebookEntry } from '../../extension/codebook.ts'
import { ALWAYS, dayNumber, NEVER } from './day-number.ts'
import { MARK } from './layout.ts'
import type { Packed } from './packed.ts'
import type { PackedRow } from './packer.ts'
import type { TableRow } from './rows.ts'

/** Fields of a row besides name, span and flags. */
type Details = Pick<CodebookEntry, 'replacedBy' | 'attributes'>

const NOTHING = new Uint8Array(0)

/** Encodes a row for the store. */
export function packTableRow({
  name,
  from,
  until,
  grey,
  fallBack,
  heading,
  replacedBy,
  attributes,
}: TableRow): PackedRow {
  const details: Details = { ...(replacedBy && { replacedBy }), ...(attributes && { attributes }) }
  return {
    name,
    details: replacedBy || attributes ? Buffer.from(JSON.stringify(details)) : NOTHING,
    from: from ? dayNumber(from) : ALWAYS,
    until: until ? dayNumber(until) : NEVER,
    marks: (grey ? MARK.grey : 0) | (fallBack ? MARK.fallBack : 0) | (heading ? MARK.heading : 0),
  }
}

function detailsAt(packed: Packed, place: number): Details {
  return packed.hasDetails(place) ? JSON.parse(Buffer.from(packed.details(place)).toString()) : {}
}

type Entry = { -readonly [Key in keyof CodebookEntry]: CodebookEntry[Key] }

/**
 * Decodes the row at a place. Its attributes are decoded on first access.
 *
 * @param code the code at this place, if already known
 */
export function entryAt(packed: Packed, place: number, code: string = packed.code(place)): CodebookEntry {
  const entry: Entry = packed.hasDetails(place)
    ? detailed(packed, place, code)
    : { code, name: packed.name(place) }
  const from = packed.from(place)
  const until = packed.until(place)
  if (from) entry.from = from
  if (until) entry.until = until
  const marks = packed.marks(place)
  if (marks !== 0) mark(entry, marks)
  return entry
}

/** An entry with details; missing ones read as undefined. */
function detailed(packed: Packed, place: number, code: string): Entry {
  let details: Details | null = null
  const read = () => {
    details ??= detailsAt(packed, place)
    return details
  }
  return {
    code,
    name: packed.name(place),
    get replacedBy() {
      return read().replacedBy
    },
    get attributes() {
      return read().attributes
    },
  } as Entry
}

function mark(entry: Entry, marks: number): void {
  if (marks & MARK.grey) entry.grey = true
  if (marks & MARK.fallBack) entry.fallBack = true
  if (marks & MARK.heading) entry.heading = true
}
