/** Standard 1, diagnoses (医保疾病诊断, ICD-10 医保版). The table is a starter: load the official one for real use. */
import { parseDay } from '../../src/domain/day.ts'
import { defineCodebook } from '../../src/extension/codebook.ts'
import { entriesOf } from '../support/table.ts'
import { ROWS } from './rows.ts'

/**
 * 医保疾病诊断 `diag_code`. Category, full stop, subcategory digit or lower-case `x`, two digits; then an extension `x001`
 * and an asterisk part where there is one: `I10.x00x002`, `A01.000x005+J17.0*`.
 */
export default defineCodebook({
  id: 'diagnosis',
  standard: 1,
  title: 'Diagnoses (ICD-10, NHSA edition)',
  titleZh: '医保疾病诊断',
  fields: ['diag_code', 'maindiagCode', 'dscg_maindiag_code', 'wm_dise_code'],
  shape: /^[A-Z]\d{2}\.[0-9x]\d{2}(?:x\d{3})?(?:\+[A-Z]\d{2}(?:\.\d)?\*)?$/,
  shapeSource: {
    grade: 'F',
    text: '医保发〔2019〕39号; form read from public copies of table 2.0, all 33,308 rows of which have it',
  },
  ofIllness: true,
  editions: [
    {
      version: '2.0',
      from: parseDay('2021-01-14'),
      source: {
        grade: 'K',
        text: 'Starter rows chosen from general knowledge, names settled by a test against a public copy of table 2.0 where one lies beside; not checked against the official table. Published 2021-01-14; the day of effect is not verified',
      },
      entries: entriesOf(ROWS),
    },
  ],
})
