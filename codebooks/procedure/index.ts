/** Standard 1, procedures (医保手术操作, ICD-9-CM-3 医保版). The table is a starter. */
import { parseDay } from '../../src/domain/day.ts'
import { defineCodebook } from '../../src/extension/codebook.ts'
import { entriesOf } from '../support/table.ts'
import { ROWS } from './rows.ts'

/** The only row of 1.0 that we ship, because 2.0 changed its meaning. */
const FIRST_EDITION = entriesOf(`
code|name
04.9300x001|周围神经电刺激器去除术
`)

/**
 * 医保手术操作 `oprn_oprt_code`: `47.0100`, `74.1x01`, with an extension `36.0700x004`; three characters after the second
 * digit in the 17.9 series. Two rows of the national table are malformed (`86.700x0013`, `86.700x0014`) and accepted
 * as they are.
 */
export default defineCodebook({
  id: 'procedure',
  standard: 1,
  title: 'Operations and procedures (ICD-9-CM-3, NHSA edition)',
  titleZh: '医保手术操作',
  fields: ['oprn_oprt_code', 'lmt_oprn_oprt_code', 'qua_oprn_oprt_code'],
  shape: /^(?:(?:\d{2}\.(?:\d{4}|\dx\d{2})|17\.9\d{2}[0-9A-Z]\d)(?:x\d{3})?|86\.700x001[34])$/,
  shapeSource: {
    grade: 'F',
    text: '医保发〔2019〕39号; form read from a public copy of table 2.0: 13,684 of 13,686 rows, the two others by name',
  },
  editions: [
    {
      version: '1.0',
      from: parseDay('2019-06-27'),
      source: {
        grade: 'F',
        text: 'Public comparison of 1.0 and 2.0: 04.9300x001 was renamed with another meaning. Day of effect not verified',
      },
      entries: FIRST_EDITION,
    },
    {
      version: '2.0',
      from: parseDay('2021-01-14'),
      source: {
        grade: 'K',
        text: 'Starter rows chosen from general knowledge, names settled by a test against a public copy of table 2.0 where one lies beside; not checked against the official table. Day of effect not verified',
      },
      entries: entriesOf(ROWS),
    },
  ],
})
