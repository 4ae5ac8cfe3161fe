/** Standard 7, designated medical institutions (定点医疗机构). Every row is invented. */
import { parseDay } from '../../src/domain/day.ts'
import { defineCodebook } from '../../src/extension/codebook.ts'
import { INSTITUTIONS } from './rows.ts'
import { YIYANG } from './yiyang.ts'

/** 定点医疗机构 `fixmedins_code`: `H`, area 6, serial 5. Codes that begin with `HY` or `HJ` are people's (standard 11). */
export default defineCodebook({
  id: 'institution',
  standard: 7,
  title: 'Designated medical institutions',
  titleZh: '定点医疗机构',
  fields: ['fixmedins_code', 'acp_optins_code', 'medinsCode'],
  shape: /^H\d{11}$/,
  shapeSource: { grade: 'F', text: '医保发〔2019〕55号; rule text of twelve characters, and public samples' },
  distinct: true,
  editions: [
    {
      version: 'demonstration',
      from: parseDay('2020-01-01'),
      source: { grade: 'A', text: 'Invented for the demonstration; no institution has these codes' },
      entries: [...INSTITUTIONS, ...YIYANG],
    },
  ],
})
