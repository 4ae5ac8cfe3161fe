/** The packed store gives back every row of every edition of a table or map for its day, and no other. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayNumber, dayOfNumber } from '../../../src/codes/store/day-number.ts'
import { joinBook, openBook } from '../../../src/codes/store/file.ts'
import { mapRowAt, packMapRow, reverseKey } from '../../../src/codes/store/map-rows.ts'
import { Packed } from '../../../src/codes/store/packed.ts'
import { createPacker, type PackedRow } from '../../../src/codes/store/packer.ts'
import { packReverse, sourcesOf } from '../../../src/codes/store/reverse.ts'
import { type MapRow, NO_TARGET, type TableRow } from '../../../src/codes/store/rows.ts'
import { entryAt, packTableRow } from '../../../src/codes/store/table-rows.ts'
import { addDays, type Day } from '../../../src/domain/day.ts'
import { hashAscii, hashBytes } from '../../../src/hash.ts'
import { on } from '../fixture.ts'

const RUNS = 300

/** Few codes, so that they meet; some are not ASCII, some begin alike, some are as long as may be. */
const code = fc.oneof(
  fc.integer({ min: 0, max: 9 }).map((number) => `A0${number}.000`),
  fc.constantFrom('A', 'A0', '中药-Ａ', '𧿹', 'x'.repeat(255), '001102000000100-110200002.10', 'A00.000x001'),
)
const day = fc.integer({ min: 0, max: 4000 }).map((days) => addDays(on('2018-01-01'), days))
const name = fc.constantFrom('伤寒', '霍乱', '𬌗', '', 'n'.repeat(300))
const tableRow: fc.Arbitrary<TableRow> = fc.record(
  {
    code,
    name,
    from: day,
    until: day,
    grey: fc.constant(true),
    fallBack: fc.constant(true),
    heading: fc.constant(true),
    replacedBy: code,
    attributes: fc.constantFrom<Record<string, string>>({ class: '01' }, { spec: '10mg', company: '某厂' }),
  },
  { requiredKeys: ['code', 'name'] },
)
const target = fc.record(
  {
    code,
    relation: fc.constantFrom(
      'equivalent' as const,
      'narrower' as const,
      'broader' as const,
      'related' as const,
    ),
    priority: fc.integer({ min: 2, max: 65_535 }),
    from: day,
    until: day,
    provenance: fc.constantFrom('2021年对照表第3行', 'p'.repeat(400)),
  },
  { requiredKeys: ['code', 'relation'] },
)
const group = fc.record({ together: fc.boolean(), targets: fc.array(target, { minLength: 1, maxLength: 4 }) })
const mapRow: fc.Arbitrary<MapRow> = fc
  .record(
    {
      code,
      name,
      groups: fc.array(group, { minLength: 1, maxLength: 3 }),
      noTarget: fc.constantFrom(...NO_TARGET),
      from: day,
      until: day,
    },
    { requiredKeys: ['code', 'name', 'groups'] },
  )
  .map((row) => (row.noTarget ? { ...row, groups: [] } : row))

/** Editions on days of their own, in the order in which they are added. */
const editionsOf = <Row extends { readonly code: string }>(row: fc.Arbitrary<Row>) =>
  fc.uniqueArray(
    fc.record({ from: day, rows: fc.uniqueArray(row, { selector: (one) => one.code, maxLength: 12 }) }),
    { selector: ({ from }) => from, minLength: 1, maxLength: 6 },
  )

interface Edition<Row> {
  readonly from: Day
  readonly rows: readonly Row[]
}

/** Adds one edition after the other, wherever its day puts it. */
function packAll<Row extends { readonly code: string }>(
  editions: readonly Edition<Row>[],
  packRow: (row: Row) => PackedRow,
) {
  let packed: Packed | null = null
  const there: Edition<Row>[] = []
  for (const edition of editions) {
    const place = there.filter(({ from }) => from < edition.from).length
    const packer = createPacker(packed, place)
    for (const row of edition.rows) packer.add(row.code, packRow(row))
    const { sections } = packer.finish()
    there.splice(place, 0, edition)
    packed = new Packed(sections)
  }
  return { packed: packed!, inOrder: there }
}

describe('the packed store, against a plain Map', () => {
  it('has every row of every edition of a table, whatever the order in which editions come, and no other', () => {
    fc.assert(
      fc.property(editionsOf(tableRow), fc.array(code), (editions, more) => {
        const { packed, inOrder } = packAll(editions, packTableRow)
        const codes = new Set([...editions.flatMap(({ rows }) => rows.map((row) => row.code)), ...more])
        for (const [index, { rows }] of inOrder.entries()) {
          const oracle = new Map(rows.map((row) => [row.code, row]))
          for (const wanted of codes) {
            const place = packed.inEdition(packed.find(wanted), index)
            expect(packed.findBytes(Buffer.from(wanted))).toBe(packed.find(wanted))
            expect(place === 0 ? undefined : entryAt(packed, place)).toEqual(oracle.get(wanted))
          }
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('has, of a code with several spans, the one of the day in every edition', () => {
    const spans = fc
      .uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 })
      .map((days) => days.toSorted((a, b) => a - b).map((days) => addDays(on('2020-01-01'), days)))
    const spanned = fc
      .record({ code, spans })
      .map(({ code: of, spans: cuts }): TableRow[] =>
        cuts
          .slice(0, -1)
          .map((from, index) => ({ code: of, name: `${index}`, from, until: cuts[index + 1]! })),
      )
    const rows = fc.uniqueArray(spanned, { selector: ([one]) => one?.code, maxLength: 6 })
    const edition = fc.record({ from: day, rows: rows.map((all) => all.flat()) })
    const editions = fc.uniqueArray(edition, { selector: ({ from }) => from, minLength: 1, maxLength: 5 })
    const asked = fc.integer({ min: 0, max: 61 }).map((days) => addDays(on('2020-01-01'), days))
    fc.assert(
      fc.property(editions, code, asked, (given, wanted, today) => {
        const { packed, inOrder } = packAll(given, packTableRow)
        for (const [index, edition] of inOrder.entries()) {
          const own = edition.rows.filter((row) => row.code === wanted)
          const place = packed.inForce(packed.find(wanted), index, dayNumber(today))
          const found = place === 0 ? undefined : entryAt(packed, place)
          const right = own.find(({ from, until }) => from! <= today && today < until!)
          if (right) expect(found).toEqual(right)
          else expect([found?.code, own.length > 0]).toEqual([own[0]?.code, own.length > 0])
          const all = packed.allIn(packed.find(wanted), index).map((one) => entryAt(packed, one))
          expect(all).toEqual(own)
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('has every row of every edition of a map, and finds every source of a target', () => {
    fc.assert(
      fc.property(editionsOf(mapRow), code, (editions, wanted) => {
        const { packed, inOrder } = packAll(editions, packMapRow)
        for (const [index, { rows }] of inOrder.entries()) {
          for (const row of rows) {
            expect(mapRowAt(packed, packed.inEdition(packed.find(row.code), index))).toEqual(row)
          }
          const leads = (row: MapRow) =>
            row.groups.some(({ targets }) =>
              targets.some((one) => reverseKey(one.code) === reverseKey(wanted)),
            )
          const reverse = new Packed(packReverse(packed))
          const found = sourcesOf(reverse, wanted)
            .filter((place) => packed.firstEdition(place) <= index && index < packed.endEdition(place))
            .map((place) => packed.code(place))
          expect(found.toSorted()).toEqual(
            rows
              .filter(leads)
              .map((row) => row.code)
              .toSorted(),
          )
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('keeps one version of a row that reads the same in neighbouring editions', () => {
    const row = { code: 'A01.000', name: '伤寒' }
    const rows = Array.from({ length: 5 }, (_, index) => ({ from: on(`202${index}-01-01`), rows: [row] }))
    const { packed } = packAll([rows[4]!, rows[0]!, rows[2]!, rows[1]!, rows[3]!], packTableRow)
    const first = packed.find('A01.000')
    expect([packed.firstEdition(first), packed.endEdition(first), packed.next(first)]).toEqual([0, 5, 0])
  })

  it('lists codes in order of their bytes', () => {
    const rows = ['B', 'A.2', 'A', '中', 'A.1'].map((one) => ({ code: one, name: one }))
    const { packed } = packAll([{ from: on('2020-01-01'), rows }], packTableRow)
    expect([...packed.heads()].map((place) => packed.code(place))).toEqual(['A', 'A.1', 'A.2', 'B', '中'])
  })

  it('counts what an edition adds, changes, closes and leaves', () => {
    const first = createPacker(null, 0)
    for (const one of ['A', 'B', 'C']) first.add(one, packTableRow({ code: one, name: one }))
    const { sections, difference } = first.finish()
    expect(difference).toEqual({ added: 3, changed: 0, closed: 0, unchanged: 0 })
    const second = createPacker(new Packed(sections), 1)
    second.add('A', packTableRow({ code: 'A', name: 'A' }))
    second.add('B', packTableRow({ code: 'B', name: 'B', grey: true }))
    second.add('D', packTableRow({ code: 'D', name: 'D' }))
    expect(second.finish().difference).toEqual({ added: 1, changed: 1, closed: 1, unchanged: 1 })
  })

  it('is found in a table of many rows, and nothing else is', () => {
    const packer = createPacker(null, 0)
    const count = 20_000
    for (let index = 0; index < count; index += 1) {
      packer.add(`C${index * 7919}`, packTableRow({ code: '', name: `${index}` }))
    }
    const packed = new Packed(packer.finish().sections)
    const wrong = Array.from({ length: count }, (_, index) => index).filter(
      (index) =>
        packed.name(packed.find(`C${index * 7919}`)) !== `${index}` || packed.find(`D${index}`) !== 0,
    )
    expect(wrong).toEqual([])
  })
})

describe('createPacker()', () => {
  it.each([
    ['', 'The code is empty'],
    ['x'.repeat(256), 'longer than 255 bytes'],
    ['中'.repeat(86), 'longer than 255 bytes'],
    ['A', '"A" stands twice'],
  ])('refuses the code %s, and goes on', (wrong, text) => {
    const packer = createPacker(null, 0)
    packer.add('A', packTableRow({ code: 'A', name: 'first' }))
    expect(() => packer.add(wrong, packTableRow({ code: wrong, name: 'second' }))).toThrow(text)
    packer.add('B', packTableRow({ code: 'B', name: 'third' }))
    const packed = new Packed(packer.finish().sections)
    expect([packer.rows, packed.name(packed.find('A')), packed.name(packed.find('B'))]).toEqual([
      2,
      'first',
      'third',
    ])
  })

  it('refuses a name that is too long, and takes the code afterwards', () => {
    const packer = createPacker(null, 0)
    expect(() => packer.add('A', packTableRow({ code: 'A', name: 'x'.repeat(10_000_000) }))).toThrow(
      'too long',
    )
    packer.add('A', packTableRow({ code: 'A', name: 'x' }))
    expect(packer.rows).toBe(1)
  })
})

describe('a book', () => {
  it('is the same after it was put into one buffer', () => {
    const head = {
      system: 'H',
      standard: 'illness',
      codes: 1,
      editions: [{ version: '1', from: on('2020-01-01'), source: { grade: 'A', text: 'test' } as const }],
    }
    const row: MapRow = {
      code: 'L1',
      name: '伤寒',
      groups: [{ together: false, targets: [{ code: 'A01.000-1', relation: 'narrower' }] }],
    }
    const packer = createPacker(null, 0)
    packer.add(row.code, packMapRow(row))
    const { sections } = packer.finish()
    const book = openBook(joinBook(head, [sections, packReverse(new Packed(sections))]))
    expect(book).toMatchObject(head)
    expect(mapRowAt(book.forward, book.forward.find('L1'))).toEqual(row)
    expect(sourcesOf(book.reverse!, 'A01.000').map((place) => book.forward.code(place))).toEqual(['L1'])
    expect(() => openBook(new SharedArrayBuffer(64))).toThrow(RangeError)
  })
})

describe('hashAscii()', () => {
  it('is the hash of the bytes, and refuses what is not ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        const bytes = Buffer.from(text)
        expect(hashAscii(text)).toBe(hashBytes(bytes, 0, bytes.length))
      }),
    )
    expect(hashAscii('A中')).toBe(-1)
  })
})

describe('dayNumber()', () => {
  it('goes there and back from 1970 to 2149, and is cut off beyond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65_534 }), (number) => {
        expect(dayNumber(dayOfNumber(number))).toBe(number)
      }),
    )
    expect(dayNumber(on('1970-01-01'))).toBe(0)
    expect(dayNumber(on('1949-10-01'))).toBe(0)
    expect(dayNumber(on('9999-12-31'))).toBe(65_535)
  })
})
