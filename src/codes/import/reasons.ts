/** Reasons for refusing a row, and remarks on accepted rows, worded for the person who imports. */

/** Reasons for refusal by stable identifier. */
export const REFUSALS = {
  'column-count': '列数与表头不符，可能有列错位',
  'too-long': '有单元格过长',
  unreadable: '含有无法识别的字符（编码错误）',
  'private-use': '含有私用区字符，无法确定原字',
  'formula-error': '单元格是公式的错误值，不是内容',
  'no-code': '没有编码',
  'no-name': '没有名称',
  'number-cell': '编码以数字存储，前导零或末位可能已丢失；请将该列设为文本后重新导出',
  'wrong-shape': '编码不符合该标准的形式',
  'other-name': '同一编码在前面的行有另一名称',
  'other-content': '同一编码在前面的行有不同的内容',
  'bad-day': '日期无法识别',
  'empty-span': '结束日期早于开始日期',
  'mixed-editions': '版本与首行不同，一个文件只能有一个版本；可用--only-version选出一个',
  'bad-flag': '标志只能是1/0、是/否、有效/无效',
  'bad-relation': '关系只能是equivalent、narrower、broader、related',
  'bad-priority': '优先级须为1至255的整数',
  'two-marks': '同一源编码的几个目标，有的注明合并使用，有的没有',
  'two-decisions': '同一源编码既有目标又注明没有目标',
  'not-taken': '该行不能存入',
} as const

/** Name of a reason of refusal. */
export type ImportRefusal = keyof typeof REFUSALS

/** Remarks on accepted rows. */
export const REMARKS = {
  'code-tidied': '编码中的空格、全角字符或大写X已改正',
  'name-repaired': '名称中的私用区字符已按已知对照改正，原名称另存',
  'name-composed': '名称已转为标准形式（NFC）',
  'lost-character': '名称中有“??”，原字已丢失',
  'odd-attribute': '其他列中有无法识别或私用区的字符',
  heading: '类目行，不可用于结算',
  'same-row-twice': '与前面的行完全相同，只记一次',
  withdrawn: '有效标志为无效且没有更早的开始日期，未导入',
  closed: '有效标志为无效，自本版生效日起停用',
  'other-version': '不是所选的版本，未导入',
  'target-only': '只有目标编码、没有源编码的行，未导入',
  'not-yet-mapped': '尚未对照，未导入',
  'no-target': '文件注明国家编码表中没有对应',
  'needs-review': '文件注明待复核',
  'target-not-in-table': '目标编码不在国家编码表中，标为待复核',
  'target-tidied': '目标编码中的空格、全角字符或大写X已改正',
  'target-grey': '目标为灰码，可以查到，不能用于结算',
  'name-unreadable': '源名称含有无法识别的字符，按原样保留',
  'source-renamed': '同一源编码有不同的源名称、目标相同，只记一次',
  'several-targets': '一个源编码有多个目标',
  'several-undecided': '一个源编码有多个可选目标且未分先后，选定之前结算时拒绝',
} as const

/** Name of a remark. */
export type Remark = keyof typeof REMARKS

/** A refused row. */
export interface RefusedCodeRow {
  /** Index of the file among those given, from 0. */
  readonly file: number
  /** Line of the file, or row of the sheet. */
  readonly line: number
  readonly code: string
  readonly reason: ImportRefusal
  /** Details, such as the conflicting name. */
  readonly detail?: string
  /** Line of the row it conflicts with; `detail` says it in words. */
  readonly otherLine?: number
}

/** Thrown while parsing a row to refuse it. */
export class RowFault extends Error {
  override readonly name = 'RowFault'
  readonly reason: ImportRefusal
  readonly detail: string | undefined
  readonly otherLine: number | undefined

  /** @param detail details, or the line of the conflicting row */
  constructor(reason: ImportRefusal, detail?: string | { readonly otherLine: number }) {
    super(reason)
    this.reason = reason
    this.otherLine = typeof detail === 'object' ? detail.otherLine : undefined
    this.detail = typeof detail === 'object' ? `第${detail.otherLine}行` : detail
  }
}
