/** CSV as spreadsheets read it: what they would take for a formula has an apostrophe before it. */
import { stringify } from 'csv-stringify/sync'

/** What a cell holds. */
export type CsvCell = string | number | null

/** An amount below zero is no formula, although it begins like one. */
const BELOW_ZERO = /^-\d+(?:\.\d+)?$/

/** Lets Excel read a file as UTF-8. */
const MARK = '\ufeff'

/** How lines end. */
type Ends = 'windows' | 'unix'

/** Rows of a file that is written piece by piece. */
export function csvRows(rows: readonly (readonly CsvCell[])[], ends: Ends = 'windows'): string {
  return stringify([...rows], {
    record_delimiter: ends,
    // Off by itself: a line break that is not that of the lines would then part a row.
    quote_record_delimiter: true,
    escape_formulas: true,
    cast: { string: (value) => (BELOW_ZERO.test(value) ? { value, escape_formulas: false } : value) },
  })
}

/** The beginning of a file: the mark and the names of the columns. */
export const csvHead = (names: readonly string[], ends?: Ends): string => MARK + csvRows([names], ends)

/** A whole file. */
export function csvOf(head: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return csvHead(head) + csvRows(rows)
}
