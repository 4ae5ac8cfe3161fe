/** The national table a map leads to, as it stands in one edition: on the shelf, or shipped. */
import type { Day } from '../../domain/day.ts'
import type { Codebook, CodebookEntry } from '../../extension/codebook.ts'
import { FileRefused } from '../read/row.ts'
import type { EditionState, ShelfEdition } from '../shelf/catalogue.ts'
import type { Shelf } from '../shelf/shelf.ts'
import { dayNumber } from '../store/day-number.ts'
import { entryAt } from '../store/table-rows.ts'
import { partsOf } from '../table.ts'

/** A target that the table has. */
interface Target {
  /** As the table writes it, with its local price part. */
  readonly code: string
  readonly entry: CodebookEntry
}

/** Which edition of a national table targets were looked up in. */
export interface TargetEdition {
  readonly version: string
  readonly from: Day
  readonly state: EditionState
}

const isPublished = ({ state }: ShelfEdition) => state === 'published'

/** One edition to look targets up in. */
export interface TargetTable extends TargetEdition {
  /** @param raw as the file has it */
  find(raw: string): Target | null
}

/** Which edition is wanted. */
export interface WantedEdition {
  /** Null for the one in force on the day. */
  readonly version: string | null
  /** Whether one that is not published yet will do; a version that is asked for by its name always does. */
  readonly unpublished: boolean
}

/**
 * The edition of a national table that a map is checked against: among the published ones unless asked otherwise, since
 * only those are used for a bill.
 *
 * @throws {FileRefused} where there is none
 */
export function targetTable(
  shelf: Shelf,
  codebook: Codebook,
  day: Day,
  { version, unpublished }: WantedEdition,
): TargetTable {
  const book = shelf.read().books.find((one) => one.system === null && one.standard === codebook.id)
  const onShelf = book?.editions ?? []
  const shipped = codebook.editions.map((one) => ({ ...one, state: 'published' as const }))
  const published = onShelf.filter(isPublished)
  // What is shipped is in use until something published takes its place.
  const used = published.length > 0 ? published : shipped
  const isAsked = unpublished || version !== null
  const known = isAsked
    ? [...(used === shipped ? shipped : []), ...onShelf].toSorted(
        (a, b) => Number(a.from > b.from) - Number(a.from < b.from),
      )
    : used
  const edition = known.findLast((one) => (version === null ? one.from <= day : one.version === version))
  if (!edition) {
    const asked = version === null ? `在${day}还没有任何版本` : `没有${version}版`
    const more = !isAsked && onShelf.some((one) => !isPublished(one) && one.from <= day)
    const stands = known.map((one) => `${one.version}（${one.from}起）`).join('、')
    const text = `${codebook.titleZh}${asked}，现有：${stands}`
    const hint = more ? '；尚未发布的版本须以--target-edition或--unpublished指明' : ''
    throw new FileRefused(text + hint, { atDoor: `${text}。没有写入任何内容` })
  }
  const packed = book && onShelf.includes(edition as ShelfEdition) ? shelf.open(book) : null
  const editions: readonly { readonly version: string }[] = packed?.editions ?? codebook.editions
  const index = editions.findIndex((one) => one.version === edition.version)
  const entries = new Map(packed ? [] : codebook.editions[index]!.entries.map((entry) => [entry.code, entry]))

  function entryOf(code: string): CodebookEntry | null {
    if (!packed) return entries.get(code) ?? null
    const place = packed.forward.inForce(packed.forward.find(code), index, dayNumber(day))
    return place === 0 ? null : entryAt(packed.forward, place)
  }

  return {
    version: edition.version,
    from: edition.from,
    state: edition.state,
    find(raw) {
      const parts = partsOf(codebook, raw)
      const entry = parts && entryOf(parts.base)
      return entry ? { code: entry.code + parts.suffix, entry } : null
    },
  }
}
