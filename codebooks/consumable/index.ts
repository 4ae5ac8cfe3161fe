/** Standard 4, medical consumables (医保医用耗材). The table is a starter. */
import { parseDay } from '../../src/domain/day.ts'
import { defineCodebook } from '../../src/extension/codebook.ts'
import { entriesOf } from '../support/table.ts'
import { ROWS } from './rows.ts'

/**
 * 医保医用耗材 `med_list_codg` (list 301): `C`, class 6, generic name 3, feature 5, company 5; seven more digits for one
 * model, only after the first twenty. 26 characters are refused, never padded. A local suffix may follow (`-32H04` in
 * Hebei).
 */
export default defineCodebook({
  id: 'consumable',
  standard: 4,
  title: 'Medical consumables',
  titleZh: '医保医用耗材',
  fields: ['med_list_codg', 'hilist_code', 'medins_list_codg'],
  shape: /^C\d{19}(?:\d{7})?$/,
  shapeSource: {
    grade: 'F',
    text: '医保发〔2019〕39号; rule text of five parts and twenty characters, and public samples. In vitro reagents: not verified',
  },
  suffix: /^-[0-9A-Za-z.]{1,9}$/,
  editions: [
    {
      version: 'starter',
      from: parseDay('2020-01-01'),
      source: {
        grade: 'A',
        text: 'Invented, shaped like the standard: companies 99001 and up, invented classes and limits. Not the national table',
      },
      entries: entriesOf(ROWS),
    },
  ],
})
