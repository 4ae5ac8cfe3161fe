/** Rows as a table of consumables at 27 digits has them: invented, the same in every run. */
import { parseDay } from '../../src/domain/day.ts'
import type { Codebook } from '../../src/extension/codebook.ts'

/** The day that is asked for. */
export const TODAY = parseDay('2026-06-01')
const FIRST_DAYS = ['2021-01-01', '2022-07-01', '2024-03-01'].map(parseDay)
/** So many rows share a name, as models of one product do. */
const ROWS_A_NAME = 4

/** What a hospital uses of a table. */
export const IN_USE = 5000

/** The codebook of the engine, without rows of its own. */
export const CONSUMABLE: Codebook = {
  id: 'consumable',
  standard: 4,
  title: 'Consumables',
  titleZh: '医保医用耗材',
  fields: ['med_list_codg'],
  shape: /^C\d{26}$/,
  shapeSource: { grade: 'A', text: 'Invented for a measurement' },
  editions: [],
}

/** Spreads a number over 32 bits without meeting itself. */
function spread(index: number): number {
  let h = Math.imul(index + 1, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  return (h ^ (h >>> 13)) >>> 0
}

/** The code of a row: `C`, a product of 19 digits, a serial of 7. */
export function codeOf(index: number): string {
  const product = String(spread(index >> 4)).padStart(10, '0')
  return `C${product}${product.slice(1)}${String(index).padStart(7, '0')}`
}

/** One row. */
export function rowOf(index: number) {
  const product = Math.floor(index / ROWS_A_NAME)
  return {
    code: codeOf(index),
    name: `一次性使用无菌导管 规格${product}`,
    from: FIRST_DAYS[index % FIRST_DAYS.length]!,
  }
}

/**
 * Codes of bills as fresh texts: as they come out of a message that was just read.
 *
 * @param among so many different rows, spread over the whole table
 */
export function drawnCodes(count: number, rows: number, seed: number, among = rows): string[] {
  const step = Math.floor(rows / among)
  const codes = Array.from({ length: count }, (_, index) =>
    codeOf((spread(index * 31 + seed) % among) * step),
  )
  return JSON.parse(JSON.stringify(codes)) as string[]
}
