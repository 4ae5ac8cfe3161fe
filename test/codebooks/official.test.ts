/** Starter rows agree in code, name and grey mark with a public copy of official table 2.0. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { rowsOf } from './shipped.ts'

/** Public copies of the official tables, for tests only: they are not ours to ship. */
const FOLDER = join(import.meta.dirname, '../../../shared/data')
const TABLES = { diagnosis: 'icd10_nhsa_v2.csv', procedure: 'icd9cm3_nhsa_v2.csv.gz' }

interface Row {
  readonly code: string
  readonly name: string
  readonly is_grey: string
}

function read(path: string): Row[] {
  const bytes = readFileSync(path)
  return parse(path.endsWith('.gz') ? gunzipSync(bytes) : bytes, { columns: true }) as Row[]
}

describe('starter rows and a public copy of table 2.0', () => {
  for (const [id, file] of Object.entries(TABLES)) {
    it(`${id} codes are there, with the same name and the same grey mark`, ({ skip }) => {
      const path = join(FOLDER, file)
      if (!existsSync(path)) return skip(`${file} is not beside the project; the tables are not ours to ship`)
      const official = new Map(read(path).map((row) => [row.code, row]))
      const said = rowsOf(id).map(({ code, name, grey }) => `${code} ${name} ${grey ? 1 : 0}`)
      const meant = rowsOf(id).map(({ code }) => {
        const row = official.get(code)
        return `${code} ${row?.name} ${row?.is_grey}`
      })
      expect(said).toEqual(meant)
      expect(said.length).toBeGreaterThan(0)
    })
  }
})
