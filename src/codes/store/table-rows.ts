/** Rows of a national table in the packed store. */
import type { CodebookEntry } from '../../extension/codebook.ts'
import { ALWAYS, dayNumber, NEVER } from './day-number.ts'
import { MARK } from './layout.ts'
import type { Packed } from './packed.ts'
import type { PackedRow } from './packer.ts'
import type { TableRow } from './rows.ts'

/** What a table says of a row besides name, span and marks. */
type Details = Pick<CodebookEntry, 'replacedBy' | 'attributes'>

const NOTHING = new Uint8Array(0)

/** Puts a row into the form of the store. */
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

/** The row at a place, made anew. Its attributes are read only when they are asked for. */
export function entryAt(packed: Packed, place: number): CodebookEntry {
  const entry: { -readonly [Key in keyof CodebookEntry]: CodebookEntry[Key] } = {
    code: packed.code(place),
    name: packed.name(place),
  }
  const from = packed.from(place)
  const until = packed.until(place)
  if (from) entry.from = from
  if (until) entry.until = until
  const marks = packed.marks(place)
  if (marks !== 0) mark(entry, marks)
  if (packed.hasDetails(place)) Object.assign(entry, detailsAt(packed, place))
  return entry
}

function mark(entry: { grey?: boolean; fallBack?: boolean; heading?: boolean }, marks: number): void {
  if (marks & MARK.grey) entry.grey = true
  if (marks & MARK.fallBack) entry.fallBack = true
  if (marks & MARK.heading) entry.heading = true
}
