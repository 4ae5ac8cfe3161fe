/** Parses the compact tables of the codebooks: a header line, then one row per line, cells separated by `|`. */
import { parseDay } from '../../src/domain/day.ts'
import type { CodebookEntry } from '../../src/extension/codebook.ts'

/** Columns that are properties of an entry; every other column becomes an attribute. */
const OWN = new Set(['code', 'name', 'from', 'until', 'grey', 'replacedBy'])

/**
 * Parses the rows of a table as records. Empty cells are omitted.
 *
 * @param table `"code|name\nM03900|高血压\n"`; blank lines are skipped
 * @throws {RangeError} on a row with more or fewer cells than the header
 */
function recordsOf(table: string): Record<string, string>[] {
  const lines = table.split('\n').filter((line) => line.trim() !== '')
  const header = (lines[0] ?? '').split('|')
  return lines.slice(1).map((line) => {
    const cells = line.split('|')
    if (cells.length !== header.length) throw new RangeError(`Row does not fit its header: "${line}"`)
    const pairs = header.map((column, index) => [column, cells[index] ?? ''] as const)
    return Object.fromEntries(pairs.filter(([, cell]) => cell !== ''))
  })
}

/**
 * Parses the rows of a table as codebook entries.
 *
 * @param table with the columns `code` and `name`, optionally `from`, `until`, `grey` (1) and `replacedBy`; the
 *   others become attributes
 * @throws {RangeError} on a row with a wrong number of cells, or without code or name
 */
export function entriesOf(table: string): CodebookEntry[] {
  return recordsOf(table).map((record) => {
    const { code, name, from, until, grey, replacedBy } = record
    if (!code || !name) throw new RangeError(`Row without code or name: ${JSON.stringify(record)}`)
    const attributes = Object.fromEntries(Object.entries(record).filter(([column]) => !OWN.has(column)))
    return {
      code,
      name,
      ...(from && { from: parseDay(from) }),
      ...(until && { until: parseDay(until) }),
      ...(grey === '1' && { grey: true }),
      ...(replacedBy && { replacedBy }),
      ...(Object.keys(attributes).length > 0 && { attributes }),
    }
  })
}
