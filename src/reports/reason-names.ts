/** Chinese wording for the reasons why a code cannot be used. */
import type { ResolveReason } from '../codes/outcome.ts'

/** Every reason with its words. */
export const REASON_NAMES: Readonly<Record<ResolveReason, string>> = {
  'unknown-standard': '无此编码标准',
  'wrong-shape': '格式不符',
  'before-first-edition': '早于首个版本',
  'not-in-table': '不在国家编码表',
  'not-yet-valid': '尚未启用',
  retired: '已停用',
  grey: '灰码',
  heading: '类目，不是编码',
  'not-mapped': '未对码',
  several: '一对多，未决定',
  'not-in-national-table': '国家编码表无此项',
  'out-of-scope': '不属于本标准',
  'needs-review': '待复核',
}
