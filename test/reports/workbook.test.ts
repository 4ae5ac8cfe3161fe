/** A page of the figures as a workbook holds what the CSV holds, cell by cell; text stays text, numbers numbers. */
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { SHEET_NAMES, sheetXlsx } from '../../src/reports/figures/workbook.ts'
import { temporaryFiles } from '../support/files.ts'
import { cellsOfWorkbook } from '../support/read-workbook.ts'

const files = temporaryFiles()
const HEAD = ['区划', '直接结算率%', '基金（分）', '人次', '说明']
const ROWS = [
  ['021025', 72.73, -123_456_789_012, 0, '=HYPERLINK("http://x","y")'],
  ['110000199001010011', 70, 1, 3, '  两格在前'],
  ['+8613', null, 9_007_199_254_740_991, 4, '@SUM(A1) <&">'],
  ['2025-03-31', 0.1, 0, 5, ''],
]
const made = () => sheetXlsx({ head: HEAD, rows: ROWS }, [['报表', '=1+1']])

describe('sheetXlsx()', () => {
  it('holds every cell, read with our own reader', async () => {
    const file = files.write('book.xlsx', await made())
    const text = ROWS.map((row) => row.map((cell) => String(cell ?? '')))
    expect(await cellsOfWorkbook(file, SHEET_NAMES.table)).toEqual([HEAD, ...text])
    expect(await cellsOfWorkbook(file, SHEET_NAMES.about)).toEqual([['报表', '=1+1']])
  })

  it('has a frozen head, numbers as numbers and never a formula', async () => {
    const parts = unzipSync(await made())
    const sheet = strFromU8(parts['xl/worksheets/sheet2.xml']!)
    expect(sheet).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/)
    const kindOf = (place: string) => new RegExp(`<c r="${place}"([^>]*)>`).exec(sheet)![1]!
    for (const place of ['B2', 'C2', 'D2', 'C4']) expect(kindOf(place)).not.toMatch(/t="(s|str|inlineStr)"/)
    for (const place of ['A2', 'A3', 'A4', 'A5', 'E2', 'E4'])
      expect(kindOf(place)).toMatch(/t="(s|inlineStr)"/)
    expect(
      Object.values(parts)
        .map((part) => strFromU8(part))
        .join(),
    ).not.toMatch(/<f[ >]/)
    const styles = strFromU8(parts['xl/styles.xml']!)
    const codes = new Map(
      [...styles.matchAll(/numFmtId="(\d+)" formatCode="([^"]+)"/g)].map(([, id, code]) => [id, code]),
    )
    const kinds = [...styles.matchAll(/<xf ([^>]*)>/g)].map(([, kind]) => /numFmtId="(\d+)"/.exec(kind!)?.[1])
    const shown = ['A2', 'B2', 'C2', 'D2'].map((place) =>
      codes.get(kinds[Number(/s="(\d+)"/.exec(kindOf(place))![1])]),
    )
    expect(shown).toEqual(['@', '0.00', '0', '0'])
  })
})
