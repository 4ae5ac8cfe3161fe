/** Standard 14, day-surgery diseases (医保日间手术病种). */
import { parseDay } from '../src/domain/day.ts'
import { defineCodebook } from '../src/extension/codebook.ts'
import { entriesOf } from './support/table.ts'

/** 医保日间手术病种 `daysrg_dise_list_code`. The corresponding procedure is the attribute `procedure`. */
export default defineCodebook({
  id: 'day-surgery',
  standard: 14,
  title: 'Day-surgery diseases',
  titleZh: '医保日间手术病种',
  fields: ['daysrg_dise_list_code', 'dise_codg'],
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
DAY-0001|白内障（虚构编码）|H26.900|13.4100x001
DAY-0002|腹股沟疝（虚构编码）||53.0401
DAY-0003|结肠息肉（虚构编码）|K63.500|45.4200x003
DAY-0004|痔（虚构编码）|K64.900|49.4600
DAY-0005|肾结石碎石（虚构编码）|N20.000|98.5101
`),
    },
  ],
})
