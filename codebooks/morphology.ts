/** Standard 1, tumour morphology (肿瘤形态学). */
import { parseDay } from '../src/domain/day.ts'
import { defineCodebook } from '../src/extension/codebook.ts'
import { entriesOf } from './support/table.ts'

const ENTRIES = entriesOf(`
code|name
M80000/3|恶性肿瘤
M80100/3|癌
M80410/3|小细胞癌
M80700/3|鳞状细胞癌
M81200/3|移行细胞癌
M81400/3|腺癌
M81700/3|肝细胞癌
M82600/3|乳头状腺癌
M85000/3|浸润性导管癌
M87200/3|恶性黑色素瘤
M88900/0|平滑肌瘤
M91800/3|骨肉瘤
M95900/3|恶性淋巴瘤
`)

/**
 * 肿瘤形态学 of download 1313: `M`, five digits, `/`, behaviour. ICD-O writes `M8140/3` for `M81400/3`. Without the slash
 * an M code is an outpatient chronic disease (standard 12).
 */
export default defineCodebook({
  id: 'morphology',
  standard: 1,
  title: 'Tumour morphology',
  titleZh: '肿瘤形态学',
  fields: [],
  shape: /^M\d{5}\/\d$/,
  shapeSource: {
    grade: 'F',
    text: '医保发〔2019〕39号; one full code seen (M81400/3). Table size and wire field: not verified',
  },
  ofIllness: true,
  editions: [
    {
      version: 'starter',
      from: parseDay('2019-06-27'),
      source: {
        grade: 'K',
        text: 'Starter table written from general knowledge of ICD-O in the five-digit form, not checked against the official table; edition and day of effect not verified',
      },
      entries: ENTRIES,
    },
  ],
})
