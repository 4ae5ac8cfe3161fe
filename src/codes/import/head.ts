/** Finds the head of a table: below title rows, spanning one row or two merged ones. */
import { FileRefused, type RawRow } from '../read/row.ts'
import type { Heads } from './columns.ts'

/** Rows searched for a head. */
const HEAD_ROWS_MAX = 20

/** The columns that were found. */
export interface ColumnHead<Role extends string> {
  /** Index of each recognised column. */
  readonly places: Readonly<Partial<Record<Role, number>>>
  /** Title of every column; empty if the head is. */
  readonly titles: readonly string[]
  /** Rows before the data: titles above the head, and the head. */
  readonly rows: number
}

/** Columns that a person names explicitly, by role: a title, a letter or a number from 1. */
export type Chosen<Role extends string> = Readonly<Partial<Record<Role, string>>>

/** A title normalised for comparison: no blanks, required-field marks or case. */
const plain = (title: string) =>
  title
    .normalize('NFKC')
    .replaceAll(/[\s*_]+/g, '')
    .toLowerCase()

/** The same without text in brackets: `诊断代码（医保2.0版）`. */
const bare = (title: string) => plain(title).replaceAll(/\(.*?\)|\[.*?\]|【.*?】/g, '')

/** Index of the first matching title; a title that occurs in two columns is ambiguous. */
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

/** Index of an explicitly named column: a title, a column letter, or a number from 1. */
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

/**
 * Whether a row may be the lower row of a head: text only, since a data row without its code still has days
 * and numbers.
 */
const isLowerHead = (cells: readonly string[]) =>
  filled(cells) > 0 && cells.every((cell) => !/^[\d.+-]+/.test(cell.trim()))

/** A merged cell carries its text in its first column only; this copies it to the columns it spans. */
function spread(cells: readonly string[], width: number): string[] {
  let current = ''
  return Array.from({ length: width }, (_, place) => {
    const cell = (cells[place] ?? '').trim()
    if (cell !== '') current = cell
    return current
  })
}

/**
 * Titles of a head of two rows: the lower row's, completed by the cell above if empty, and prefixed with the
 * group above if two are equal.
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
 * Finds the head in the first rows of a file.
 *
 * @param rows the first rows
 * @param needed roles that a head must have
 * @throws {FileRefused} if none is found, with the options to use instead
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

/** Command-line options that name a column. */
const OPTION_OF: Readonly<Record<string, string>> = {
  code: 'code-column',
  name: 'name-column',
  target: 'target-column',
}
