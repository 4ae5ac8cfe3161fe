/** Standard 13, diseases settled by case (医保按病种结算病种). */
import { parseDay } from '../src/domain/day.ts'
import { defineCodebook } from '../src/extension/codebook.ts'
import { entriesOf } from './support/table.ts'

/** 医保按病种结算病种 `bydise_setl_list_code`. An entry may bind a procedure (attribute `procedure`). */
export default defineCodebook({
  id: 'by-disease-settlement',
  standard: 13,
  title: 'Diseases settled by case',
  titleZh: '医保按病种结算病种',
  fields: ['bydise_setl_list_code', 'dise_codg'],
  shape: null,
  shapeSource: {
    grade: 'not verified',
    text: '医保发〔2019〕55号; prefix, length, samples and size: not verified (the interface field is 30 wide). Any text passes',
  },
  ofIllness: true,
  editions: [
    {
      version: 'starter',
      from: parseDay('2020-01-01'),
      source: { grade: 'A', text: 'Invented; the form of real codes is not verified' },
      entries: entriesOf(`
code|name|diagnosis|procedure
CASE-0001|急性阑尾炎（腹腔镜手术，虚构编码）|K35.800|47.0100
CASE-0002|急性胆囊炎（腹腔镜手术，虚构编码）|K81.000|51.2300
CASE-0003|股骨颈骨折（全髋关节置换，虚构编码）|S72.000|81.5100
CASE-0004|剖宫产（虚构编码）|O82.000|74.1x01
CASE-0005|前列腺增生（电切，虚构编码）|N40.x00|60.2902
`),
    },
  ],
})
