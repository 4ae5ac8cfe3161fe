/**
 * Standard 1, Chinese medicine (医保中医诊断): diseases and syndromes. Only classes were seen, not the entries below them.
 */
import { parseDay } from '../src/domain/day.ts'
import { defineCodebook } from '../src/extension/codebook.ts'
import { entriesOf } from './support/table.ts'

const FIRST_EDITION = entriesOf(`
code|name|kind|replacedBy
BNG|肝系病类|disease|A04.02
ZBR|热证类|syndrome|B02.07
ZBU|火证类|syndrome|B02.07
`)

const SECOND_EDITION = entriesOf(`
code|name|kind
A03.06.01|骨折病类|disease
A04.02|肝系病类|disease
A09.02.02|月经病类|disease
B02.07|火证类、热证类|syndrome
B04.02.01|肝证类|syndrome
`)

/**
 * 医保中医疾病和证候 `tcm_dise_code`. The editions share no code: 1.0 uses letters (`BNG`), 2.0 dots (`A04.02`). Codes of 2.0
 * look like ICD-10 categories, so a query must always name the standard.
 */
export default defineCodebook({
  id: 'tcm',
  standard: 1,
  title: 'Chinese medicine: diseases and syndromes',
  titleZh: '医保中医疾病和证候',
  fields: ['tcm_dise_code', 'tcmDiseCode', 'tcmSympCode'],
  shape: /^(?:[BZ][A-Z]{2}[A-Z0-9]{0,4}|[AB]\d{2}(?:\.\d{2}){0,3})$/,
  shapeSource: {
    grade: 'F',
    text: '医保发〔2019〕39号; form read from public class lists. Entries below class level: not verified',
  },
  ofIllness: true,
  editions: [
    {
      version: '1.0',
      from: parseDay('2019-06-27'),
      source: { grade: 'F', text: 'Classes from a public class list; the table of entries was not seen' },
      entries: FIRST_EDITION,
    },
    {
      version: '2.0',
      from: parseDay('2022-01-01'),
      source: {
        grade: 'F',
        text: 'Classes from a public class list, in force from 2022-01-01; the table of entries was not seen',
      },
      entries: SECOND_EDITION,
    },
  ],
})
