/** Standard 5, bureaus and agencies (医疗保障系统单位). Every code is invented. */
import { parseDay } from '../src/domain/day.ts'
import { defineCodebook } from '../src/extension/codebook.ts'
import { entriesOf } from './support/table.ts'

/** 医疗保障系统单位 `optins_no`: `S`, area 6, serial 5. Some payloads have a bare area code instead (`clr_optins` 131199). */
export default defineCodebook({
  id: 'unit',
  standard: 5,
  title: 'Bureaus and agencies',
  titleZh: '医疗保障系统单位',
  fields: ['optins_no', 'crte_optins_no', 'hsorg', 'hi_sys_emp_code'],
  shape: /^S\d{11}$/,
  shapeSource: {
    grade: 'F',
    text: '医保发〔2019〕55号; one sample (S13050010088). The inner split of the last five: not verified',
  },
  distinct: true,
  editions: [
    {
      version: 'demonstration',
      from: parseDay('2020-01-01'),
      source: { grade: 'A', text: 'Invented for the demonstration; no bureau has these codes' },
      entries: entriesOf(`
code|name|area
S62000090001|甘肃省医疗保障局（虚构编码）|620000
S62100090001|庆阳市医疗保障局（虚构编码）|621000
S62010090001|兰州市医疗保障局（虚构编码）|620100
S34000090001|安徽省医疗保障局（虚构编码）|340000
S34010090001|合肥市医疗保障局（虚构编码）|340100
S34020090001|芜湖市医疗保障局（虚构编码）|340200
S64000090001|宁夏回族自治区医疗保障局（虚构编码）|640000
S64030090001|吴忠市医疗保障局（虚构编码）|640300
S64010090001|银川市医疗保障局（虚构编码）|640100
S43000090001|湖南省医疗保障局（虚构编码）|430000
S43090090001|益阳市医疗保障局（虚构编码）|430900
S43010090001|长沙市医疗保障局（虚构编码）|430100
S44000090001|广东省医疗保障局（虚构编码）|440000
S44010090001|广州市医疗保障局（虚构编码）|440100
S44030090001|深圳市医疗保障局（虚构编码）|440300
`),
    },
  ],
})
