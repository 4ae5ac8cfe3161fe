/**
 * Diagnoses and procedures of the clinical edition (国家临床版) of the National Health Commission. Not a national
 * insurance standard, but the target of public crosswalks.
 */
import { parseDay } from '../src/domain/day.ts'
import { type Codebook, defineCodebook } from '../src/extension/codebook.ts'
import { entriesOf } from './support/table.ts'

const SOURCE = {
  grade: 'K',
  text: 'Starter row, in public copies of the table; import the table itself. The day of effect is not verified',
} as const

const SHAPE_SOURCE = {
  grade: 'F',
  text: 'Read from public copies: wider than the national form, so that every row of them fits',
} as const

/** 疾病 and 手术操作 of the clinical edition, not to be confused with national codes that look the same. */
const BOOKS: readonly Codebook[] = [
  defineCodebook({
    id: 'clinical-diagnosis',
    standard: null,
    title: 'National clinical edition, diagnoses (ICD-10)',
    titleZh: '国家临床版疾病诊断',
    fields: [],
    shape: /^[A-Z]\d{2}[0-9A-Zx.+*†/]{0,24}$/,
    shapeSource: SHAPE_SOURCE,
    editions: [
      {
        version: 'starter',
        from: parseDay('2017-01-01'),
        source: SOURCE,
        entries: entriesOf('code|name\nA00.900|霍乱'),
      },
    ],
  }),
  defineCodebook({
    id: 'clinical-procedure',
    standard: null,
    title: 'National clinical edition, procedures (ICD-9-CM-3)',
    titleZh: '国家临床版手术操作',
    fields: [],
    shape: /^\d{2}\.[0-9A-Zx.]{1,10}$/,
    shapeSource: SHAPE_SOURCE,
    editions: [
      {
        version: 'starter',
        from: parseDay('2017-01-01'),
        source: SOURCE,
        entries: entriesOf('code|name\n47.0100|腹腔镜下阑尾切除术'),
      },
    ],
  }),
]

export default BOOKS
