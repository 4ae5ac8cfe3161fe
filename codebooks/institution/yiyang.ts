/**
 * Institutions of Yiyang, all invented, that the register has in no lane: what they have open is told by `onboarding/` alone. They
 * have no people, and charge by the items of the city's first hospital.
 */
import type { CodebookEntry } from '../../src/extension/codebook.ts'
import { entriesOf } from '../support/table.ts'

/** As in `rows.ts`, without lanes. */
export const YIYANG: readonly CodebookEntry[] = entriesOf(`
code|name|area|level|system|state
H43090290002|益阳市资阳区中医医院（虚构）|430902|level2|H43090290001|open
H43090290003|益阳市资阳区第三人民医院（虚构）|430902|level2|H43090290001|open
H43090290004|益阳市资阳区长春社区卫生服务中心（虚构）|430902|community|H43090290001|open
H43090290005|益阳市资阳区迎风桥镇卫生院（虚构）|430902|community|H43090290001|open
H43090290006|益阳市资阳区妇幼保健院（虚构）|430902|level2|H43090290001|open
H43090390002|益阳市赫山区桃花仑社区卫生服务中心（虚构）|430903|community|H43090290001|open
H43090390003|益阳市赫山区沧水铺镇卫生院（虚构）|430903|community|H43090290001|open
H43090390004|益阳市赫山区兰溪镇卫生院（虚构）|430903|community|H43090290001|open
H43090390005|益阳市赫山区妇幼保健院（虚构）|430903|level2|H43090290001|open
H43090390006|益阳市赫山区骨科医院（虚构）|430903|level2|H43090290001|open
H43092190001|南县人民医院（虚构）|430921|level2|H43090290001|open
H43092190002|南县中医医院（虚构）|430921|level2|H43090290001|open
H43092190003|南县茅草街镇卫生院（虚构）|430921|community|H43090290001|open
H43092190004|南县明山头镇卫生院（虚构）|430921|community|H43090290001|open
H43092190005|南县妇幼保健院（虚构）|430921|level2|H43090290001|open
H43092290001|桃江县人民医院（虚构）|430922|level2|H43090290001|open
H43092290002|桃江县中医医院（虚构）|430922|level2|H43090290001|open
H43092290003|桃江县灰山港镇卫生院（虚构）|430922|community|H43090290001|open
H43092290004|桃江县马迹塘镇卫生院（虚构）|430922|community|H43090290001|open
H43092290005|桃江县妇幼保健院（虚构）|430922|level2|H43090290001|open
H43092290006|桃江县精神病医院（虚构）|430922|level2|H43090290001|open
H43092390001|安化县人民医院（虚构）|430923|level2|H43090290001|open
H43092390002|安化县中医医院（虚构）|430923|level2|H43090290001|open
H43092390003|安化县梅城镇卫生院（虚构）|430923|community|H43090290001|open
H43092390004|安化县东坪镇卫生院（虚构）|430923|community|H43090290001|open
H43092390005|安化县妇幼保健院（虚构）|430923|level2|H43090290001|open
H43092390006|安化县第二人民医院（虚构）|430923|level2|H43090290001|open
H43098190001|沅江市人民医院（虚构）|430981|level2|H43090290001|open
H43098190002|沅江市中医医院（虚构）|430981|level2|H43090290001|open
H43098190003|沅江市草尾镇卫生院（虚构）|430981|community|H43090290001|open
H43098190004|沅江市南大膳镇卫生院（虚构）|430981|community|H43090290001|open
H43098190005|沅江市妇幼保健院（虚构）|430981|level2|H43090290001|open
H43098190006|沅江市血吸虫病防治医院（虚构）|430981|level2|H43090290001|open
`)
