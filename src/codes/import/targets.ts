/** The national table a map leads to, as it stands in one edition: on the shelf, or shipped. */
import type { Day } from '../../domain/day.ts'
import type { Codebook, CodebookEntry } from '../../extension/codebook.ts'
import { FileRefused } from '../read/row.ts'
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

/** One edition to look targets up in. */
export interface TargetTable {
  readonly version: string
  /** @param raw as the file has it */
  find(raw: string): Target | null
}

/**
 * The edition of a national table that a map is checked against.
 *
 * @param version the edition meant; null for the one in force on the day
 * @throws {FileRefused} where there is none
 */
export function targetTable(shelf: Shelf, codebook: Codebook, day: Day, version: string | null): TargetTable {
  const onShelf = shelf.read().books.find((book) => book.system === null && book.standard === codebook.id)
  const packed = onShelf && shelf.open(onShelf)
  const editions: readonly { readonly version: string; readonly from: Day }[] =
    packed?.editions ?? codebook.editions
  const edition = editions.findLast((one) => (version === null ? one.from <= day : one.version === version))
  if (!edition) {
    const known = editions.map((one) => `${one.version}（${one.from}起）`).join('、')
    const asked = version === null ? `在${day}还没有任何版本` : `没有${version}版`
    throw new FileRefused(`${codebook.titleZh}${asked}，现有：${known}`)
  }
  const index = editions.indexOf(edition)
  const shipped = new Map(packed ? [] : codebook.editions[index]!.entries.map((entry) => [entry.code, entry]))

  function entryOf(code: string): CodebookEntry | null {
    if (!packed) return shipped.get(code) ?? null
    const place = packed.forward.inForce(packed.forward.find(code), index, dayNumber(day))
    return place === 0 ? null : entryAt(packed.forward, place)
  }

  return {
    version: edition.version,
    find(raw) {
      const parts = partsOf(codebook, raw)
      const entry = parts && entryOf(parts.base)
      return entry ? { code: entry.code + parts.suffix, entry } : null
    },
  }
}
