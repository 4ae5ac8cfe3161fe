/** Standard 8, Insurance physicians (医保医师). Every row is invented. */
import { parseDay } from '../src/domain/day.ts'
import { defineCodebook } from '../src/extension/codebook.ts'
import { INSTITUTIONS } from './institution/rows.ts'
import { peopleOf } from './support/people.ts'

/** 医保医师 `bilg_dr_codg`: `D`, area 6, serial 6, unique in the city. A place not yet standardised may send its own id. */
export default defineCodebook({
  id: 'physician',
  standard: 8,
  title: 'Insurance physicians',
  titleZh: '医保医师',
  fields: [
    'bilg_dr_codg',
    'orders_dr_code',
    'atddr_no',
    'dr_code',
    'drCode',
    'diagDrNo',
    'chfpdr_code',
    'oper_dr_code',
    'anst_dr_code',
  ],
  shape: /^D\d{12}$/,
  shapeSource: {
    grade: 'F',
    text: '医保发〔2019〕55号; one example value of thirteen characters (D510105000123). A code of a real payload: not verified',
  },
  ofPeople: true,
  distinct: true,
  editions: [
    {
      version: 'demonstration',
      from: parseDay('2020-01-01'),
      source: { grade: 'A', text: 'Invented for the demonstration; nobody has these codes' },
      entries: INSTITUTIONS.flatMap((institution) => peopleOf(institution, 'D', '医师', 3)),
    },
  ],
})
