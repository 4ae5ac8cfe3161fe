/**
 * Standard 3, drugs (医保药品): western, patent and herbal in one table, hospital preparations in another. Both are
 * starters.
 */
import { parseDay } from '../../src/domain/day.ts'
import { defineCodebook } from '../../src/extension/codebook.ts'
import { entriesOf } from '../support/table.ts'
import { ROWS } from './rows.ts'

/**
 * 医保药品 `med_list_codg` (lists 101 and 102): `X` western, 23 characters; `Z` patent and ethnic, 20; `T` herbal pieces and
 * formula granules, 10 (meaning of the digits inferred). The last five of X and Z are the company.
 */
const drug = defineCodebook({
  id: 'drug',
  standard: 3,
  title: 'Drugs: western, Chinese patent, herbal pieces',
  titleZh: '医保药品',
  fields: ['med_list_codg', 'hilist_code', 'medins_list_codg'],
  shape: /^(?:X[A-Z]\d{2}[A-Z]{2}[A-Z]\d{3}[A-Z]\d{3}\d{9}|Z[A-Z]\d{2}[A-Z]{2}[A-Z]\d{13}|T\d{9})$/,
  shapeSource: {
    grade: 'F',
    text: '医保发〔2019〕39号; forms read from public lists. Ethnic medicines row by row, and the meaning of positions 2–10 of herbal pieces: not verified',
  },
  editions: [
    {
      version: 'starter',
      from: parseDay('2020-01-01'),
      source: {
        grade: 'A',
        text: 'Invented, shaped like the standard: real names of substances, invented serials, companies 99001 and up, invented classes and limits. Not the national table',
      },
      entries: entriesOf(ROWS),
    },
  ],
})

/** 医疗机构制剂 `med_list_codg` (list 103). Their pattern is unknown; provinces register them. */
const preparation = defineCodebook({
  id: 'preparation',
  standard: 3,
  title: 'Hospital-made preparations',
  titleZh: '医疗机构制剂',
  fields: ['med_list_codg'],
  shape: null,
  shapeSource: { grade: 'not verified', text: 'Prefix, length and samples: not verified. Any text passes' },
  editions: [
    {
      version: 'starter',
      from: parseDay('2020-01-01'),
      source: { grade: 'A', text: 'Invented; the form of real codes is not verified' },
      entries: entriesOf(`
code|name|class|chargeType
PREPARATION-620000-0001|陇东止咳合剂（虚构）|02|11
PREPARATION-340000-0001|皖南清热合剂（虚构）|03|11
`),
    },
  ],
})

/** Both tables of standard 3. */
export default [drug, preparation]
