/** Standard 9, Insurance nurses (医保护士). Every row is invented. */
import { parseDay } from '../src/domain/day.ts'
import { defineCodebook } from '../src/extension/codebook.ts'
import { INSTITUTIONS } from './institution/rows.ts'
import { peopleOf } from './support/people.ts'

/** 医保护士 `resp_nurs_code`: `N`, area 6, serial 6, by analogy with physicians. */
export default defineCodebook({
  id: 'nurse',
  standard: 9,
  title: 'Insurance nurses',
  titleZh: '医保护士',
  fields: ['resp_nurs_code'],
  shape: /^N\d{12}$/,
  shapeSource: {
    grade: 'not verified',
    text: '医保发〔2019〕55号; length and split by analogy with physicians, no sample: not verified',
  },
  ofPeople: true,
  distinct: true,
  editions: [
    {
      version: 'demonstration',
      from: parseDay('2020-01-01'),
      source: { grade: 'A', text: 'Invented for the demonstration; nobody has these codes' },
      entries: INSTITUTIONS.flatMap((institution) => peopleOf(institution, 'N', '护士', 2)),
    },
  ],
})
