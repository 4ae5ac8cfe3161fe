/** Standard 6, staff of bureaus and agencies (医疗保障系统工作人员). Every row is invented. */
import { parseDay } from '../src/domain/day.ts'
import { defineCodebook } from '../src/extension/codebook.ts'
import { entriesOf } from './support/table.ts'

/** 医疗保障系统工作人员 `opter_id`: pattern unknown; real payloads contain an internal id of 18 or 19 digits. */
export default defineCodebook({
  id: 'staff',
  standard: 6,
  title: 'Staff of bureaus and agencies',
  titleZh: '医疗保障系统工作人员',
  fields: ['opter_id', 'hsorg_opter'],
  shape: null,
  shapeSource: {
    grade: 'not verified',
    text: '医保发〔2019〕55号; prefix, length and samples: not verified. Any text passes',
  },
  ofPeople: true,
  editions: [
    {
      version: 'demonstration',
      from: parseDay('2020-01-01'),
      source: { grade: 'A', text: 'Invented for the demonstration; the form of real codes is not verified' },
      entries: entriesOf(`
code|name|unit
STAFF-621000-01|经办员甲（虚构）|S62100090001
STAFF-620100-01|经办员乙（虚构）|S62010090001
STAFF-340100-01|经办员丙（虚构）|S34010090001
STAFF-340200-01|经办员丁（虚构）|S34020090001
`),
    },
  ],
})
