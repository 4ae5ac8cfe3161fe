/** Standard 12, outpatient chronic and special diseases (医保门诊慢特病病种). */
import { parseDay } from '../src/domain/day.ts'
import { defineCodebook } from '../src/extension/codebook.ts'
import { entriesOf } from './support/table.ts'

/**
 * `interoperable` 1: one of the ten diseases settled across provinces, with its `number` in the list. The table is
 * explicit because M07800 means non-dialysis in one province, so the family alone does not decide.
 */
const ENTRIES = entriesOf(`
code|name|family|interoperable|number
M03900|高血压|M039|1|1
M01600|糖尿病|M016|1|2
M00500|恶性肿瘤门诊治疗|M005|1|3
M00503|恶性肿瘤门诊治疗（放化疗、介入或核素治疗）|M005|1|3
M00504|恶性肿瘤门诊治疗（非放化疗）|M005|1|3
M07803|尿毒症透析（血液透析）|M078|1|4
M07804|尿毒症透析（腹膜透析）|M078|1|4
M08300|器官移植术后抗排异治疗|M083|1|5
M05300|慢性阻塞性肺疾病|M053|1|6
M06900|类风湿关节炎|M069|1|7
M04600|冠心病|M046|1|8
M00201|病毒性肝炎（乙型）|M002|1|9
M00202|病毒性肝炎（丙型）|M002|1|9
M07200|强直性脊柱炎|M072|1|10
M07800|慢性肾功能不全（非透析）|M078||
M02500|癫痫|M025||
M99901|阿尔茨海默病（虚构编码）|M999||
M99902|银屑病（虚构编码）|M999||
`)

/** 医保门诊慢特病病种 `opsp_dise_code`, `dise_codg`: `M`, disease 3, subclass 2. Areas register further diseases. */
export default defineCodebook({
  id: 'chronic-disease',
  standard: 12,
  title: 'Outpatient chronic and special diseases',
  titleZh: '医保门诊慢特病病种',
  fields: ['opsp_dise_code', 'opsp_dise_cod', 'dise_codg', 'OPSP_DISE_MAJCLS_CODE'],
  shape: /^M\d{5}$/,
  shapeSource: {
    grade: 'F',
    text: '医保发〔2019〕55号; form read from public samples. National row count: not verified',
  },
  ofIllness: true,
  editions: [
    {
      version: 'starter',
      from: parseDay('2020-01-01'),
      source: {
        grade: 'F',
        text: 'Codes of the ten interoperable diseases as used in a hospital system (docs/facts/cross-region.md, Ten outpatient diseases, R9, R10, R15), names ours; M00500 stands for its family; M999 codes are invented. Five of the ten were added at the end of 2024: the day each lane opened is not in this table',
      },
      entries: ENTRIES,
    },
  ],
})
