/** Rows that are read by their bytes tell what the same rows of JSON tell, whatever repeats from row to row. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { rowsOf } from '../../src/extension/rows.ts'
import { createReader } from '../../src/scanner/reader.ts'

const RUNS = Number(process.env.FUZZ_RUNS ?? 2000)
const FIELDS = ['visit', 'serial', 'time', 'further', 'late'] as const

const rowSchema = z.object({
  visit: z.union([z.string().min(1).max(30), z.number()]).optional(),
  serial: z.string().max(8).optional(),
  time: z.string().regex(/^\d{4}-\d{2}$/),
})
const schema = z.object({ rows: z.array(rowSchema) })
const reader = createReader(
  schema,
  FIELDS.map((field) => `rows[].${field}`),
)!

/** Few values, so that many rows repeat the one before: of one length, one begin, one end; a text, a number, none. */
const rowArbitrary = fc.record(
  {
    serial: fc.constantFrom('1', '12345', '12346', '22345', ''),
    visit: fc.constantFrom('V0001', 'V0002', 'V00010001', 'V00020001', '住院一号', 12345, '12345', 12),
    time: fc.constantFrom('2026-03', '2026-04'),
    further: fc.constantFrom('科室一', '科室二', null, 1234, '1234', ''),
    name: fc.constantFrom('医师甲', '医师乙', 'none-of-them'),
    late: fc.constantFrom('0101', '0102'),
  },
  { requiredKeys: ['time', 'name'] },
)
/** Most rows are copies of the one before: as they are, with one field of another row, or with their fields turned round. */
const rowsArbitrary = fc
  .array(fc.tuple(rowArbitrary, fc.constantFrom('fresh', 'copy', 'copy', 'changed', 'changed', 'turned')), {
    ...{ minLength: 1, maxLength: 40 },
  })
  .map((drawn) => {
    const rows: Record<string, unknown>[] = []
    for (const [fresh, how] of drawn) {
      const before = rows.at(-1)
      if (how === 'fresh' || !before) rows.push(fresh)
      else if (how === 'copy') rows.push({ ...before })
      else if (how === 'changed') rows.push({ ...before, visit: fresh.visit ?? '12345' })
      else rows.push(Object.fromEntries(Object.entries(before).reverse()))
    }
    return rows
  })

it(`tell the same values and the same first other one as the rows of JSON, in ${RUNS} messages`, () => {
  let asked = 0
  fc.assert(
    fc.property(rowsArbitrary, (given) => {
      const read = reader.read(Buffer.from(JSON.stringify({ rows: given })))
      expect(read !== null).toBe(schema.safeParse({ rows: given }).success)
      const rows = rowsOf(read!.rows)!
      const expected = rowsOf(given)!
      for (const field of FIELDS) {
        expect(rows.firstOther(field), field).toBe(expected.firstOther(field))
        const [values, known] = [rows.column(field), expected.column(field)]
        const turns = [...given.keys(), ...[...given.keys()].reverse()]
        for (const row of turns) {
          const value = known(row)
          expect(values(row), `${field} ${row}`).toBe(typeof value === 'number' ? String(value) : value)
        }
        asked += given.length
      }
    }),
    { numRuns: RUNS },
  )
  expect(asked).toBeGreaterThan(RUNS)
})
