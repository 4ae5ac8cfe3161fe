/** The coverage of a map tells what is decided to have no code from what someone has still to look at. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createCodes } from '../../../src/codes/codes.ts'
import { openEditions } from '../../../src/codes/editions/editions.ts'
import { loadImported } from '../../../src/codes/load.ts'
import { coverageOf } from '../../../src/reports/mapping-quality/coverage.ts'
import { illness, on } from '../../codes/fixture.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'zhijie-coverage-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

describe('coverageOf()', () => {
  it('tells what is decided to have no code from what someone has still to look at', async () => {
    const build = openEditions(dataDir).beginMap('H', 'illness', {
      ...{ version: '1', from: on('2025-01-01'), state: 'published', maker: '甲' },
      source: { grade: 'A', text: 'Invented for a test' },
    })
    const target = { code: 'A01.000', relation: 'equivalent' } as const
    build.add({ code: 'M', name: '已对', groups: [{ together: false, targets: [target] }] })
    build.add({ code: 'N', name: '无', groups: [], noTarget: 'not-in-national-table' })
    build.add({ code: 'O', name: '外', groups: [], noTarget: 'out-of-scope' })
    build.add({ code: 'R', name: '待复核', groups: [], noTarget: 'needs-review' })
    build.add({ code: 'U', name: '已止', groups: [], noTarget: 'needs-review', until: on('2025-02-01') })
    build.commit()
    const codes = createCodes({ codebooks: [illness], maps: [], imported: loadImported(dataDir) })
    const { coverage, open } = await coverageOf(codes, 'H', on('2025-06-01'))
    expect(coverage).toEqual([
      { system: 'H', standard: 'illness', edition: '1', mapped: 1, decidedNone: 2, open: 1 },
    ])
    expect(open).toEqual([{ system: 'H', standard: 'illness', code: 'R', name: '待复核' }])
    expect((await coverageOf(codes, 'H', on('2024-06-01'))).coverage).toEqual([])
  })
})
