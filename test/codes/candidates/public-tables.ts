/** The public tables and crosswalks beside the working tree, where they are there. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import type { Crossing } from '../../../src/codes/candidates/hit-rate.ts'
import { Packed } from '../../../src/codes/store/packed.ts'
import { createPacker } from '../../../src/codes/store/packer.ts'
import { packTableRow } from '../../../src/codes/store/table-rows.ts'

const FOLDER = join(import.meta.dirname, '../../../../shared/data')

/** Whether the public tables are there. */
export const hasPublicTables = existsSync(join(FOLDER, 'icd10_nhsa_v2.csv'))

function rowsOf(file: string): Record<string, string>[] {
  const bytes = readFileSync(join(FOLDER, file))
  return parse(file.endsWith('.gz') ? gunzipSync(bytes) : bytes, { columns: true })
}

/** A national table, packed. */
export function publicTable(file: string): Packed {
  const packer = createPacker(null, 0)
  for (const { code = '', name = '', is_grey } of rowsOf(file)) {
    packer.add(code, packTableRow({ code, name, ...(is_grey === '1' && { grey: true }) }))
  }
  return new Packed(packer.finish().sections)
}

/** The rows of a crosswalk. */
export function crosswalk(file: string): Crossing[] {
  return rowsOf(file).map(({ source_code = '', source_name = '', target_code = '' }) => ({
    source: source_code,
    sourceName: source_name,
    target: target_code,
  }))
}
