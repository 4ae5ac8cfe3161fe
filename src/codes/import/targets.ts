/** The edition of a national table that a map leads to: imported, or shipped. */
import type { Day } from '../../domain/day.ts'
import type { Codebook, CodebookEntry } from '../../extension/codebook.ts'
import type { EditionState, ShelfBook, ShelfEdition } from '../editions/catalogue.ts'
import type { Editions } from '../editions/editions.ts'
import { FileRefused } from '../read/row.ts'
import { dayNumber } from '../store/day-number.ts'
import { entryAt } from '../store/table-rows.ts'
import { splitCode } from '../table.ts'

/** A target found in the table. */
interface Target {
  /** As written in the table, with its local price part. */
  readonly code: string
  readonly entry: CodebookEntry
}

/** Edition in which targets were looked up. */
export interface TargetEdition {
  readonly version: string
  readonly from: Day
  readonly state: EditionState
}

const isPublished = ({ state }: ShelfEdition) => state === 'published'

/** Looks targets up in a national table, as of the first day of a map. */
export interface TargetTable extends TargetEdition {
  /**
   * @param raw as written in the file
   * @param from first day on which the row applies: a later edition may be in force by then
   */
  find(raw: string, from: Day): Target | null
  /** Later editions in which a target was looked up so far. */
  later(): readonly TargetEdition[]
}

/** The edition asked for. */
export interface WantedEdition {
  /** Null for the one in force on the day. */
  readonly version: string | null
  /** Whether an unpublished edition is acceptable; an explicitly named version always is. */
  readonly unpublished: boolean
}

/**
 * Chooses the edition that a map is checked against: a published one unless asked otherwise, since bills use
 * only those.
 *
 * @throws {FileRefused} if there is none
 */
export function targetTable(
  shelf: Editions,
  codebook: Codebook,
  day: Day,
  { version, unpublished }: WantedEdition,
): TargetTable {
  const book = shelf.read().books.find((one) => one.system === null && one.standard === codebook.id)
  const onShelf = book?.editions ?? []
  const shipped = codebook.editions.map((one) => ({ ...one, state: 'published' as const }))
  const published = onShelf.filter(isPublished)
  // Shipped editions are in use until something is published.
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
  // A named version applies to every row; otherwise each row uses the edition in force on its own first day.
  const editions = version === null ? known : [edition]
  const finders = new Map<TargetEdition, Find>()
  return {
    ...headOf(edition),
    find(raw, from) {
      const own = from <= day ? edition : (editions.findLast((one) => one.from <= from) ?? edition)
      const find = finders.get(own) ?? finderOf(shelf, codebook, book, own)
      finders.set(own, find)
      const parts = splitCode(codebook, raw)
      const entry = parts && find(parts.base, from <= day ? day : from)
      return entry ? { code: entry.code + parts.suffix, entry } : null
    },
    later: () => editions.filter((one) => one !== edition && finders.has(one)).map(headOf),
  }
}

const headOf = ({ version, from, state }: TargetEdition): TargetEdition => ({ version, from, state })

type Find = (code: string, day: Day) => CodebookEntry | null

/** Looks up entries of one edition, imported or shipped. */
function finderOf(
  shelf: Editions,
  codebook: Codebook,
  book: ShelfBook | undefined,
  edition: TargetEdition,
): Find {
  if (book?.editions.includes(edition as ShelfEdition)) {
    const { forward, editions } = shelf.open(book)
    const index = editions.findIndex(({ version }) => version === edition.version)
    return (code, day) => {
      const place = forward.inForce(forward.find(code), index, dayNumber(day))
      return place === 0 ? null : entryAt(forward, place)
    }
  }
  const { entries } = codebook.editions.find(({ version }) => version === edition.version)!
  const byCode = new Map(entries.map((entry) => [entry.code, entry]))
  return (code) => byCode.get(code) ?? null
}
