/** Finds the head of a table: below title rows, over one row or two merged ones. */
import { FileRefused, type RawRow } from '../read/row.ts'
import type { Heads } from './columns.ts'

/** Rows from the top in which a head is looked for. */
const HEAD_ROWS_MAX = 20

/** Which column is what. */
export interface ColumnHead<Role extends string> {
  /** Place of each recognised column. */
  readonly places: Readonly<Partial<Record<Role, number>>>
  /** Name of every column; empty where the head is. */
  readonly titles: readonly string[]
  /** Rows of the file that are not data: titles above the head, and the head. */
  readonly rows: number
}

/** What a person says of the head instead of letting it be found: a title, a letter or a number from 1, by role. */
export type Chosen<Role extends string> = Readonly<Partial<Record<Role, string>>>

/** A title as it is compared: without blanks, signs of a required field and case. */
const plain = (title: string) =>
  title
    .normalize('NFKC')
    .replaceAll(/[\s*_]+/g, '')
    .toLowerCase()

/** The same without what stands in brackets: `诊断代码（医保2.0版）`. */
const bare = (title: string) => plain(title).replaceAll(/\(.*?\)|\[.*?\]|【.*?】/g, '')

/** Place of the first of some titles; a title in two columns says nothing. */
function placeOf(titles: readonly string[], wanted: readonly string[]): number | 'twice' | null {
  for (const form of [plain, bare]) {
    const formed = titles.map(form)
    for (const title of wanted) {
      const first = formed.indexOf(form(title))
      if (first < 0) continue
      return formed.indexOf(form(title), first + 1) < 0 ? first : 'twice'
    }
  }
  return null
}

/** Place that a person means: a title, a column letter, or a number from 1. */
function chosenPlace(titles: readonly string[], chosen: string): number | null {
  const place = placeOf(titles, [chosen])
  if (typeof place === 'number') return place
  if (/^\d{1,4}$/.test(chosen)) return Number(chosen) - 1
  if (!/^[A-Z]{1,2}$/.test(chosen)) return null
  return [...chosen].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

function placesIn<Role extends string>(
  titles: readonly string[],
  heads: Heads<Role>,
  chosen: Chosen<Role>,
): { places: Partial<Record<Role, number>>; twice: Role[] } {
  const places: Partial<Record<Role, number>> = {}
  const twice: Role[] = []
  const taken = new Set<number>()
  for (const role of Object.keys({ ...chosen, ...heads }) as Role[]) {
    const asked = chosen[role]
    const place = asked === undefined ? placeOf(titles, heads[role] ?? []) : chosenPlace(titles, asked)
    if (place === 'twice') twice.push(role)
    else if (place !== null && !taken.has(place)) {
      places[role] = place
      taken.add(place)
    }
  }
  return { places, twice }
}

const filled = (cells: readonly string[]) => cells.filter((cell) => cell.trim() !== '').length

/** Whether a row may be the lower one of a head: words only, since data that lacks its code has days and figures. */
const isLowerHead = (cells: readonly string[]) =>
  filled(cells) > 0 && cells.every((cell) => !/^[\d.+-]+/.test(cell.trim()))

/** A merged cell gives its text to its first column only; those to its right are part of it. */
function spread(cells: readonly string[], width: number): string[] {
  let current = ''
  return Array.from({ length: width }, (_, place) => {
    const cell = (cells[place] ?? '').trim()
    if (cell !== '') current = cell
    return current
  })
}

/**
 * Titles of a head over two rows: the lower ones; where a lower one is empty the cell above goes down; where two lower
 * ones are the same, the group above tells them apart.
 */
function joined(upper: readonly string[], lower: readonly string[]): string[] {
  const width = Math.max(upper.length, lower.length)
  const groups = spread(upper, width)
  const below = Array.from({ length: width }, (_, place) => (lower[place] ?? '').trim())
  return below.map((title, place) => {
    if (title === '') return (upper[place] ?? '').trim()
    const same = below.filter((other) => other === title).length > 1
    return same ? `${groups[place]} ${title}` : title
  })
}

/**
 * Finds the head among the first rows of a file.
 *
 * @param rows the first rows
 * @param needed roles without which it is no head
 * @throws {FileRefused} where none is found, with what to say instead
 */
export function findHead<Role extends string>(
  rows: readonly RawRow[],
  heads: Heads<Role>,
  chosen: Chosen<Role>,
  needed: readonly Role[],
): ColumnHead<Role> {
  let ambiguous: Role | undefined
  for (const [index, { cells }] of rows.slice(0, HEAD_ROWS_MAX).entries()) {
    const above = rows[index - 1]?.cells ?? []
    const below = rows[index + 1]?.cells ?? []
    const tries = [
      { titles: cells.map((cell) => cell.trim()), rows: index + 1 },
      ...(filled(above) > 1 ? [{ titles: joined(above, cells), rows: index + 1 }] : []),
    ]
    for (const { titles, rows: taken } of tries) {
      const { places, twice } = placesIn(titles, heads, chosen)
      ambiguous ??= twice.find((role) => needed.includes(role))
      if (needed.some((role) => places[role] === undefined)) continue
      const isUpper = needed.every((role) => (below[places[role]!] ?? '').trim() === '') && isLowerHead(below)
      if (!isUpper) return { places, titles, rows: taken }
      const whole = joined(titles, below)
      return { places: placesIn(whole, heads, chosen).places, titles: whole, rows: taken + 1 }
    }
  }
  throw headFault(rows, ambiguous, needed)
}

function headFault(rows: readonly RawRow[], ambiguous: string | undefined, needed: readonly string[]) {
  const options = needed.map((role) => `--${OPTION_OF[role] ?? role}`).join('、')
  if (ambiguous) return new FileRefused(`表头有两列同名，无法确定哪一列是编码或名称，请用${options}指明`)
  const seen = (rows[0]?.cells ?? []).slice(0, 8).join('、')
  return new FileRefused(
    `前${HEAD_ROWS_MAX}行没有找到表头（首行：${seen.slice(0, 100)}）。请用${options}指明列；接口下载的无表头文件用--download 1307等`,
  )
}

/** Options by which a person names a column. */
const OPTION_OF: Readonly<Record<string, string>> = {
  code: 'code-column',
  name: 'name-column',
  target: 'target-column',
}
