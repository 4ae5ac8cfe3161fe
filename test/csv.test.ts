/** What is written as CSV is read back as it was, and no cell of it is a formula to a spreadsheet. */
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REJECTED_HEAD, rejectedCells } from '../src/codes/import/report-text.ts'
import { csvHead, csvOf, csvRows } from '../src/csv.ts'

const read = (text: string) => parse(text, { bom: true, relax_column_count: true }) as string[][]

describe('csvOf()', () => {
  it('gives the mark, the head, and lines that end as Windows ends them', () => {
    const rows = [
      ['a,b', 'say "no"', null],
      ['一\n二', '', 3],
    ]
    expect(csvOf(['编码', '名称', '次数'], rows)).toBe(
      '\ufeff编码,名称,次数\r\n"a,b","say ""no""",\r\n"一\n二",,3\r\n',
    )
  })

  it.each(['=1+1', '+1', '@SUM(A1)', '-1+1', '\tx', '\rx', '＝1', '＋1', '－1', '＠x'])(
    'puts an apostrophe before %j',
    (formula) => {
      expect(read(csvOf(['a', 'b'], [[formula, 'x']]))[1]).toEqual([`'${formula}`, 'x'])
    },
  )

  it.each([-12, '-12', '-12.50', '12.50', '0.00'])('leaves the amount %j a number', (amount) => {
    expect(read(csvOf(['a', 'b'], [['x', amount]]))[1]).toEqual(['x', String(amount)])
  })

  it('is read back as it was, whatever the cells hold', () => {
    const cell = fc.string({ unit: 'grapheme' }).filter((text) => !/^[-=+@\t\r＝＋－＠]/.test(text))
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1 }), (rows) => {
        expect(read(csvOf(['a', 'b', 'c'], rows)).slice(1)).toEqual(rows)
      }),
    )
  })
})

describe('the list of refused rows', () => {
  it('shows a refused code that is a formula as a text', () => {
    const row = { file: 0, line: 3, code: '=HYPERLINK("x")', name: '', reason: 'wrong-shape' } as const
    const file = csvHead(REJECTED_HEAD, 'unix') + csvRows([rejectedCells(row, ['/tmp/table.csv'])], 'unix')
    expect(read(file)[1]!.slice(0, 4)).toEqual(['table.csv', '3', `'=HYPERLINK("x")`, 'wrong-shape'])
  })
})
