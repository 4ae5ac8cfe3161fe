/** Standard 10, designated retail pharmacies (定点零售药店). Every row is invented. */
import { parseDay } from '../src/domain/day.ts'
import { type CodebookEntry, defineCodebook } from '../src/extension/codebook.ts'
import { entriesOf } from './support/table.ts'

/**
 * Pharmacies of the demonstration. `area` is the county; `lanes` the open kinds of care: purchases, and whether
 * medicine for chronic conditions is settled as such; `state` is open or suspended.
 */
export const PHARMACIES: readonly CodebookEntry[] = entriesOf(`
code|name|area|lanes|state
P62100290001|庆阳西峰惠民大药房（虚构）|621002|pharmacy chronic|open
P62010290001|兰州城关康泰大药房（虚构）|620102|pharmacy chronic|open
P34010490001|合肥蜀山百草大药房（虚构）|340104|pharmacy chronic|open
P34020290001|芜湖镜湖同德大药房（虚构）|340202|pharmacy|open
P64030290001|吴忠利通安康大药房（虚构）|640302|pharmacy chronic|open
P64010490001|银川兴庆仁和大药房（虚构）|640104|pharmacy|open
P43090390001|益阳赫山益民大药房（虚构）|430903|pharmacy chronic|open
P43010490001|长沙岳麓湘楚大药房（虚构）|430104|pharmacy chronic|open
P44010490001|广州越秀岭南大药房（虚构）|440104|pharmacy chronic|open
P44030490001|深圳福田鹏城大药房（虚构）|440304|pharmacy chronic|suspended
`)

/** 定点零售药店 `fixmedins_code`: `P`, area 6, serial 5. */
export default defineCodebook({
  id: 'pharmacy',
  standard: 10,
  title: 'Designated retail pharmacies',
  titleZh: '定点零售药店',
  fields: ['fixmedins_code', 'rtalPhacCode'],
  shape: /^P\d{11}$/,
  shapeSource: {
    grade: 'F',
    text: '医保发〔2019〕55号; one public sample (P31010100003). More samples: not verified',
  },
  distinct: true,
  editions: [
    {
      version: 'demonstration',
      from: parseDay('2020-01-01'),
      source: { grade: 'A', text: 'Invented for the demonstration; no pharmacy has these codes' },
      entries: PHARMACIES,
    },
  ],
})
