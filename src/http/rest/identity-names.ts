/**
 * Names of the social identities `psn_idet_type` (人员身份类别), for platforms that send only the code. The list is one
 * province's (Hunan, interface V1.1.27 of 2024-10 [F]); whether others use the same is not verified, so a name sent
 * by the platform takes precedence.
 */
const NAMES: Readonly<Record<string, string>> = {
  '21': '优抚人员',
  '2101': '因公牺牲军人家属',
  '2102': '退出现役的残疾军人',
  '2103': '二等乙级伤残军人',
  '2104': '一至六级残疾军人',
  '2105': '老红军',
  '2160': '地方扩展优抚人员',
  '22': '医疗照顾人员',
  '2260': '地方扩展医疗照顾人员',
  '23': '医疗救助人员',
  '2301': '三无人员',
  '2302': '建档立卡贫困人员',
  '2303': '低保救助对象',
  '2304': '特困救助对象',
  '2305': '低收入救助对象',
  '2306': '因病致贫救助对象（含重特大疾病人员）',
  '2307': '农村五保户',
  '2308': '残疾人员',
  '2360': '地方扩展医疗救助对象人员',
  '24': '军人',
  '2401': '现役军人家属',
  '2460': '地方扩展军人人员，其他军转人员',
  '60': '地方扩展其他特殊待遇人员',
}

/** The name of an identity; null if the list lacks its code. */
export function identityName(code: string | null): string | null {
  return (code !== null && NAMES[code]) || null
}
