/** Standard 15, the settlement list (医保结算清单): a data set, not a code. Its entries are the fields of upload 4101. */
import { parseDay } from '../../src/domain/day.ts'
import { defineCodebook } from '../../src/extension/codebook.ts'
import { entriesOf } from '../support/table.ts'
import { ROWS } from './rows.ts'

/** 医保结算清单: section and field, `setlinfo.mdtrt_id`. */
export default defineCodebook({
  id: 'settlement-list',
  standard: 15,
  title: 'Settlement list (a data set)',
  titleZh: '医保结算清单',
  fields: [],
  shape: null,
  shapeSource: {
    grade: 'F',
    text: '医保发〔2019〕55号: a data set without a code; the entries are named by section and field',
  },
  editions: [
    {
      version: '4101',
      from: parseDay('2020-01-01'),
      source: {
        grade: 'F',
        text: 'Field tables of 4101 in a public interface program; biz_sn has no name there, the one here is ours. The 193-item edition and the day of effect: not verified',
      },
      entries: entriesOf(ROWS),
    },
  ],
})
