/** The public copies of the tables and crosswalks all import, and every translation is that of the crosswalk. */
// They lie beside the repository, or this is skipped. Counts as in their SOURCES.md.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Codes } from '../../../src/codes/codes.ts'
import { loadCodes, loadImported } from '../../../src/codes/load.ts'
import { parseDay } from '../../../src/domain/day.ts'
import { loadRegistry } from '../../../src/extension/registry.ts'
import { importer } from './run.ts'

const DATA = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data')
const present = existsSync(join(DATA, 'SOURCES.md'))

/** File, standard, version, first day, rows read, rows taken, refused. */
const TABLES: readonly (readonly [string, string, string, string, number, number, number])[] = [
  ['icd10_nhsa_v1.csv', 'diagnosis', '1.0', '2019-06-27', 34_152, 34_152, 0],
  ['icd10_nhsa_v2.csv', 'diagnosis', '2.0', '2021-01-14', 33_308, 33_308, 0],
  ['icd9cm3_nhsa_v1.csv.gz', 'procedure', '1.0', '2019-06-27', 12_997, 12_997, 0],
  ['icd9cm3_nhsa_v2.csv.gz', 'procedure', '2.0', '2021-01-14', 13_686, 13_686, 0],
  ['icd10_clinical_v1.csv', 'clinical-diagnosis', '1.0', '2017-01-01', 35_601, 35_589, 0],
  ['icd10_clinical_v2.csv', 'clinical-diagnosis', '2.0', '2020-01-01', 35_587, 35_587, 0],
  ['icd10_clinical_v2_2022.csv', 'clinical-diagnosis', '2022', '2022-01-01', 34_713, 34_713, 0],
  ['icd9cm3_clinical_v2.csv', 'clinical-procedure', '2.0', '2019-01-01', 12_849, 12_849, 0],
  ['icd9cm3_clinical_v3.csv', 'clinical-procedure', '3.0', '2020-01-01', 13_653, 13_653, 0],
  ['icd9cm3_clinical_v3_2022.csv', 'clinical-procedure', '2022', '2022-01-01', 13_734, 13_711, 23],
  ['icd10_beijing_v6.csv', 'beijing-diagnosis', '6.01', '2011-01-01', 23_659, 23_658, 1],
  ['icd10_beijing_v7.csv', 'beijing-diagnosis', '7.0', '2020-01-01', 24_528, 24_528, 0],
  ['icd9cm3_beijing_v6.csv', 'beijing-procedure', '6.01', '2011-01-01', 7153, 7153, 0],
  ['icd9cm3_beijing_v8.csv', 'beijing-procedure', '8.0', '2020-01-01', 9932, 9930, 2],
  ['services_nhsa_sample.csv', 'service', '2019', '2019-06-27', 3109, 3109, 0],
  ['drugs_nhsa_sample.csv', 'drug', 'sample', '2020-01-01', 13_738, 13_738, 0],
  ['admdvs_gbt2260.csv', 'area', '2021', '2021-01-01', 3217, 3217, 0],
  ['opsp_diseases_sample.csv', 'chronic-disease', 'sample', '2020-01-01', 52, 47, 5],
]

/** File, standard, system, first day, rows read, sources taken, targets for review. */
const MAPS: readonly (readonly [string, string, string, string, number, number, number])[] = [
  ['map_icd10_nhsa_v1_to_nhsa_v2.csv.gz', 'diagnosis', 'nhsa-1.0', '2021-01-14', 33_440, 33_326, 0],
  ['map_icd10_clinical_v2_to_nhsa_v2.csv.gz', 'diagnosis', 'clinical-2.0', '2021-01-14', 35_587, 35_587, 0],
  ['map_icd10_clinical_v1_to_nhsa_v1.csv.gz', 'diagnosis', 'clinical-1.0', '2019-06-27', 35_601, 35_589, 83],
  ['map_icd10_beijing_v7_to_nhsa_v2.csv', 'diagnosis', 'beijing-7.0', '2021-01-14', 24_528, 24_528, 0],
  [
    'map_icd10_beijing_v7_to_clinical_v2.csv',
    'clinical-diagnosis',
    'beijing-7.0',
    '2020-01-01',
    23_359,
    23_359,
    944,
  ],
  ['map_icd9cm3_nhsa_v1_to_nhsa_v2.csv', 'procedure', 'nhsa-1.0', '2021-01-14', 13_765, 13_002, 1],
  ['map_icd9cm3_clinical_v3_to_nhsa_v2.csv', 'procedure', 'clinical-3.0', '2021-01-14', 13_653, 13_653, 0],
  ['map_icd9cm3_clinical_v2_to_nhsa_v1.csv', 'procedure', 'clinical-2.0', '2019-06-27', 12_849, 12_849, 0],
  ['map_icd9cm3_beijing_v8_to_nhsa_v2.csv', 'procedure', 'beijing-8.0', '2021-01-14', 9738, 9738, 1],
  [
    'map_icd9cm3_beijing_v6_to_clinical_v2.csv',
    'clinical-procedure',
    'beijing-6.0',
    '2019-01-01',
    6471,
    6064,
    7,
  ],
]

interface Row {
  readonly source_code: string
  readonly target_code: string
}

function rowsOf(file: string): Row[] {
  const bytes = readFileSync(join(DATA, file))
  return parse(file.endsWith('.gz') ? gunzipSync(bytes) : bytes, { columns: true, bom: true }) as Row[]
}

describe.skipIf(!present)(
  `the public tables${present ? '' : ' (skipped: ../shared/data is not here)'}`,
  () => {
    const dataDir = present ? mkdtempSync(join(tmpdir(), 'zhijie-official-')) : ''
    const on = importer(() => dataDir)
    let codes: Codes
    afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

    it.each(TABLES)('%s imports as %s %s', async (file, standard, version, day, read, taken, refused) => {
      const edition = ['--standard', standard, '--edition', version, '--effective', day, '--skip-rejected']
      const { report, outcome } = await on.table(join(DATA, file), ...edition)
      expect(report).toMatchObject({ read, taken, refused })
      expect(outcome.written).toBe(true)
    })

    it('the classes of Chinese medicine import by edition, from two files that hold both', async () => {
      const two = ['tcm_disease_categories.csv', 'tcm_syndrome_categories.csv'].map((file) =>
        join(DATA, file),
      )
      const both = ['--standard', 'tcm', '--edition', '2.0', '--effective', '2022-01-01']
      expect((await on.table(...two, ...both)).outcome.written).toBe(false)
      const chosen = await on.table(...two, ...both, '--only-version', '2.0', '--skip-rejected')
      expect(chosen.report).toMatchObject({ taken: 67, refused: 1, refusedBy: { 'other-name': 1 } })
      const map = ['--standard', 'tcm', '--system', 'tcm-1.0', '--edition', '1', '--effective', '2022-01-01']
      const { report } = await on.map(join(DATA, 'map_tcm_classes_v1_to_v2_by_name.csv'), ...map)
      expect(report).toMatchObject({ taken: 68, refused: 0 })
    })

    it.each(MAPS)(
      '%s imports into %s from %s, whole',
      async (file, standard, system, day, read, taken, review) => {
        const edition = ['--standard', standard, '--system', system, '--edition', '1', '--effective', day]
        const { report, outcome } = await on.map(join(DATA, file), ...edition)
        expect(report).toMatchObject({ read, taken, refused: 0 })
        expect(report.remarks['target-not-in-table']?.count ?? 0).toBe(review)
        expect(outcome.written).toBe(true)
      },
    )

    it('the excerpt of laboratory items imports as alternatives; the sample of services lacks most of them', async () => {
      const columns = [
        '--code-column',
        'new_item_seq',
        '--name-column',
        'new_item_name',
        '--target-column',
        'legacy_code',
      ]
      const edition = [
        '--standard',
        'service',
        '--system',
        'guide-2026',
        '--edition',
        '1',
        '--effective',
        '2026-08-14',
      ]
      const file = join(DATA, 'map_services_2026_lab_items_excerpt.csv')
      await expect(on.map(file, ...edition, ...columns)).rejects.toThrow('--allow-missing')
      const { report } = await on.map(file, ...edition, ...columns, '--several', 'one-of', '--allow-missing')
      expect(report).toMatchObject({ read: 56, refused: 0 })
    })

    describe('translations', () => {
      beforeAll(async () => {
        codes = loadCodes(await loadRegistry(), loadImported(dataDir))
      })

      it.each(MAPS)('%s are those of the crosswalk', (file, standard, system, day, _read, _taken, review) => {
        const on = parseDay(day)
        const wanted = Map.groupBy(
          rowsOf(file).filter(({ source_code }) => source_code !== ''),
          ({ source_code }) => source_code.trim(),
        )
        let [wrong, open] = [0, 0]
        for (const [source, rows] of wanted) {
          const { targets, reason, unusable = [] } = codes.translate(system, standard, source, on)
          const got = new Set([...targets, ...unusable].map(({ code }) => code))
          const right = new Set(
            rows.map((row) => row.target_code.replace(/(?<=.)X/, 'x').replaceAll(' ', '')),
          )
          if (reason === 'needs-review' || reason === 'not-in-national-table') open += 1
          else if (got.size !== right.size || [...right].some((code) => !got.has(code))) wrong += 1
        }
        expect(wrong).toBe(0)
        expect(open).toBe(review + (system === 'clinical-1.0' ? 5 : 0))
      })

      it('never give a false friend: 6,073 codes of Beijing are letter for letter national codes of another meaning', () => {
        const day = parseDay('2021-01-14')
        const isNational = (code: string) => {
          const { reason } = codes.translate('national', 'diagnosis', code, day)
          return reason === undefined || reason === 'grey'
        }
        const asNational = rowsOf('map_icd10_beijing_v7_to_nhsa_v2.csv').filter(
          ({ source_code, target_code }) => source_code !== target_code && isNational(source_code),
        )
        expect(asNational).toHaveLength(6073)
        const kept = asNational.filter(({ source_code }) =>
          codes
            .translate('beijing-7.0', 'diagnosis', source_code, day)
            .targets.some(({ code }) => code === source_code),
        )
        expect(kept).toEqual([])
      })

      it('give both codes of a combination together', () => {
        const { targets } = codes.translate(
          'clinical-1.0',
          'diagnosis',
          'I50.900x022',
          parseDay('2019-06-27'),
        )
        expect(targets.map(({ code, together }) => [code, together])).toEqual([
          ['I50.900', true],
          ['N19.x00', true],
        ])
      })
    })
  },
)
