/** Institutions of the demonstration, all invented. They are read by the people of standards 8, 9 and 11 too. */
import type { CodebookEntry } from '../../src/extension/codebook.ts'
import { entriesOf } from '../support/table.ts'

/**
 * `area` county of the place; `level` community, level1, level2, level3, level3_top; `lanes` open kinds of care; `system`
 * local code system of fee items; `diagnosisSystem` where diagnoses are local too; `state` open or suspended; `codes` refuse where
 * a code that is certainly none refuses the message, instead of a warning.
 */
export const INSTITUTIONS: readonly CodebookEntry[] = entriesOf(`
code|name|area|level|lanes|system|diagnosisSystem|state|codes
H62100290001|庆阳市第一综合医院（虚构）|621002|level3|inpatient outpatient chronic|H62100290001||open|
H62100290002|庆阳市中医医院（虚构）|621002|level2|inpatient outpatient|H62100290002||open|
H62102590001|正宁县人民医院（虚构）|621025|level2|inpatient outpatient chronic|H62102590001||open|
H62102590002|正宁县山河镇卫生院（虚构）|621025|community|outpatient|H62102590002||suspended|
H62010290001|兰州大学城关医院（虚构）|620102|level3_top|inpatient outpatient chronic|H62010290001|H62010290001-diagnosis|open|
H62010290002|兰州市黄河肿瘤医院（虚构）|620102|level3|inpatient outpatient chronic|H62010290002||open|
H62010390001|兰州市七里河区医院（虚构）|620103|level2|inpatient outpatient|H62010390001||open|
H34010490001|合肥市蜀山医学院附属医院（虚构）|340104|level3_top|inpatient outpatient chronic|H34010490001|H34010490001-diagnosis|open|
H34010290001|合肥市瑶海区人民医院（虚构）|340102|level2|inpatient outpatient|H34010290001||open|
H34010290002|合肥市瑶海社区卫生服务中心（虚构）|340102|community|outpatient chronic|H34010290002||open|
H34020290001|芜湖市镜湖医院（虚构）|340202|level3|inpatient outpatient chronic|H34020290001||open|
H34020790001|芜湖市鸠江区中医院（虚构）|340207|level2|inpatient outpatient|H34020790001||open|
H64030290001|吴忠市利通人民医院（虚构）|640302|level3|inpatient outpatient chronic|H64030290001||open|
H64030290002|吴忠市利通区妇幼保健院（虚构）|640302|level2|inpatient outpatient|H64030290002||open|
H64010490001|银川市兴庆医学院附属医院（虚构）|640104|level3_top|inpatient outpatient chronic|H64010490001||open|
H64010690001|银川市金凤区医院（虚构）|640106|level2|inpatient outpatient|H64010690001||open|
H43090290001|益阳市资江医院（虚构）|430902|level3|inpatient outpatient chronic|H43090290001||open|
H43090390001|益阳市赫山区人民医院（虚构）|430903|level2|inpatient outpatient|H43090390001||open|
H43010490001|长沙市麓山湘江医院（虚构）|430104|level3_top|inpatient outpatient chronic|H43010490001||open|
H43010290001|长沙市芙蓉区医院（虚构）|430102|level2|inpatient outpatient|H43010290001||open|
H43010390001|长沙市天心社区卫生服务中心（虚构）|430103|community|outpatient|H43010390001||open|
H44010490001|广州市越秀珠江医院（虚构）|440104|level3_top|inpatient outpatient chronic|H44010490001||open|
H44010690001|广州市天河骨科医院（虚构）|440106|level3|inpatient outpatient|H44010690001||open|
H44010690002|广州市天河区门诊部（虚构）|440106|level1|outpatient|H44010690002||open|
H44030490001|深圳市福田中心医院（虚构）|440304|level3_top|inpatient outpatient chronic|H44030490001||open|
H44030590001|深圳市南山湾医院（虚构）|440305|level3|inpatient outpatient chronic|H44030590001||open|refuse
H44030390001|深圳市罗湖社康中心（虚构）|440303|community|outpatient|H44030390001||open|
`)
