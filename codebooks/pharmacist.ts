/** Standard 11, Insurance pharmacists (医保药师). Every row is invented. */
import { parseDay } from '../src/domain/day.ts'
import { defineCodebook } from '../src/extension/codebook.ts'
import { INSTITUTIONS } from './institution/rows.ts'
import { peopleOf } from './support/people.ts'

/** 医保药师 `pharCode`: `HY` pharmacy staff or `HJ` technicians of institutions, area 6, serial 6. */
export default defineCodebook({
  id: 'pharmacist',
  standard: 11,
  title: 'Insurance pharmacists',
  titleZh: '医保药师',
  fields: ['pharCode'],
  shape: /^H[YJ]\d{12}$/,
  shapeSource: {
    grade: 'F',
    text: '医保办函〔2022〕39号 for institutions; one example value (HY110000000001). Pharmacists of retail pharmacies (医保发〔2019〕55号): prefix and length not verified',
  },
  ofPeople: true,
  distinct: true,
  editions: [
    {
      version: 'demonstration',
      from: parseDay('2020-01-01'),
      source: { grade: 'A', text: 'Invented for the demonstration; nobody has these codes' },
      entries: INSTITUTIONS.flatMap((institution) => peopleOf(institution, 'HY', '药师', 1)),
    },
  ],
})
