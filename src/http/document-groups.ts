/** The groups of the document, in the order in which somebody who reads it for the first time needs them. */

/** Names of the groups by what they hold. */
export const GROUPS = {
  person: '医院 REST：人员与备案',
  visit: '医院 REST：就诊与结算',
  stay: '医院 REST：仅住院',
  pharmacy: '医院 REST：药店购药',
  national: '国家接口',
  codes: '编码',
  r4: 'FHIR R4',
  r5: 'FHIR R5',
  reports: '统计报表',
  operations: '运行维护',
} as const

/** A group by its key. */
export type DocumentGroup = keyof typeof GROUPS

const TEXTS: Readonly<Record<DocumentGroup, string>> = {
  person: '查询人员与待遇、转院备案。',
  visit:
    '自上而下试用即为一次门诊：挂号、费用、预结算、结算、查状态、撤销，其中“出院办理”只用于住院。各请求体改选住院的示例，即为一次住院。',
  stay: '先选入院办理的示例办理入院。',
  pharmacy: '定点零售药店购药：登记、明细、结算一次办理；撤销用“结算撤销”。',
  national: '定点医药机构接口规范的报文，各地地址均可用。',
  codes: '查询国家编码、转换院内编码、下载增量。',
  r4: 'FHIR R4 术语服务。',
  r5: 'FHIR R5 术语服务。',
  reports: '直接结算率与贯标情况；导入未经网关的住院记录。',
  operations: '是否就绪、结果未知的交易、各目的地状态、指标。',
}

/** The tags of the document. */
export const TAGS: readonly { readonly name: string; readonly description: string }[] = (
  Object.keys(GROUPS) as DocumentGroup[]
).map((group) => ({ name: GROUPS[group], description: TEXTS[group] }))
