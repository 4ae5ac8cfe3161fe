/** Standard 2, medical service items (医疗服务项目). The table is a starter. */
import { parseDay } from '../../src/domain/day.ts'
import { defineCodebook } from '../../src/extension/codebook.ts'
import { entriesOf } from '../support/table.ts'
import { ROWS } from './rows.ts'

/**
 * 医疗服务项目 `med_list_codg` (list 201), fifteen digits: `00` national, `01` new price guide, or the province for its own
 * items; nine digits of the price book; sub-item; surcharge. A local price code may follow and is kept, since one
 * code covers several priced items (`001102000000100-110200002.10`).
 */
export default defineCodebook({
  id: 'service',
  standard: 2,
  title: 'Medical service items',
  titleZh: '医疗服务项目',
  fields: ['med_list_codg', 'hilist_code', 'medins_list_codg'],
  shape: /^(?:00|01|1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-6])[1-5]\d{12}$/,
  shapeSource: {
    grade: 'F',
    text: '医保发〔2019〕39号; form read from public rule lists. The official wording of the parts, and whether 01 is the only prefix of new price guides: not verified',
  },
  suffix: /^-[0-9A-Za-z.]{1,14}$/,
  editions: [
    {
      version: 'starter',
      from: parseDay('2020-01-01'),
      source: {
        grade: 'A',
        text: 'Invented, shaped like the standard; many numbers follow the price book from general knowledge, those with a serial from 901 are free inventions. Classes and limits are invented. Not the national table',
      },
      entries: entriesOf(ROWS),
    },
  ],
})
