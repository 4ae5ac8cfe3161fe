/** The mapping-quality report for people: tables for a terminal, the worklist as CSV. */
import Table from 'cli-table3'
import { csvOf } from '../../csv.ts'
import { asFen, yuanFromFen } from '../../domain/money.ts'
import { REASON_NAMES } from '../reason-names.ts'
import type { InstitutionMappingQuality, MappingQuality, Share } from './mapping-quality.ts'

const COLUMNS = [
  ...[
    '机构',
    '标准',
    '编码体系',
    '编码',
    '名称',
    '原因',
    '拒收报文数',
    '涉及明细数',
    '涉及金额（元）',
    '最近拒收日',
  ],
  ...[1, 2, 3, 4, 5].flatMap((place) => [`候选${place}`, `候选${place}名称`]),
]

/** Name of a standard. */
type TitleOf = (standard: string) => string

const yuan = (fen: number) => yuanFromFen(asFen(fen))

const plainTable = (head: string[]) => new Table({ head, style: { head: [], border: [] } })

/**
 * Tables, one institution after another.
 *
 * @param titleOf display name of a standard
 */
export function mappingQualityText(
  { from, to, asOf, institutions }: MappingQuality,
  titleOf: TitleOf = (standard) => standard,
): string {
  const title = `贯标报告 报文日期${from}至${to} 编码按${asOf}判断`
  if (institutions.length === 0) return `${title}\n期内交易日志中没有带编码的报文`
  const each = institutions.map((one) => institutionText(one, titleOf))
  return [title, ...each, WHAT_COUNTS].join('\n\n')
}

const WHAT_COUNTS =
  '转换率按每次收到的报文计算：同一报文重发时再次计入；金额按明细只计一次，诊断按其就诊后来的结算总额计。' +
  '候选编码只供人工选择，不会自动采用。'

function shareText(name: string, { judged, converted, refused, percent }: Share): string {
  const rate = percent === null ? '—' : `${percent.toFixed(2)}%`
  return `${name}${judged}，已转换${converted}，拒收${refused}，转换率${rate}`
}

function institutionText(one: InstitutionMappingQuality, titleOf: TitleOf): string {
  const coverage = plainTable(['编码体系', '编码标准', '版本', '已对码', '确定无对应', '待对码'])
  for (const { system, standard, edition, mapped, decidedNone, open } of one.coverage) {
    coverage.push([system, titleOf(standard), edition ?? '（无对照表）', mapped, decidedNone, open])
  }
  const list = plainTable(['编码标准', '编码', '名称', '原因', '报文数', '明细数', '金额（元）', '候选'])
  for (const item of one.worklist) {
    const near = item.candidates.slice(0, 3).map(({ code, name }) => `${code} ${name}`)
    list.push([
      ...[titleOf(item.standard), item.code, item.name, REASON_NAMES[item.reason]],
      ...[String(item.times), String(item.places), yuan(item.fen), near.join('\n')],
    ])
  }
  const further = plainTable(['编码标准', '字段', '编码', '原因', '报文数', '最近一次'])
  for (const { standard, field, code, reason, times, last } of one.further) {
    const why = REASON_NAMES[reason as keyof typeof REASON_NAMES] ?? reason
    further.push([titleOf(standard), field, code || '（不显示）', why, String(times), last])
  }
  return [
    `${one.institution} ${one.name}`,
    shareText('费用明细', one.lines),
    shareText('诊断', one.diagnoses),
    ...(one.coverage.length > 0 ? [coverage.toString()] : []),
    `待对码${one.open}个，涉及${yuan(one.openFen)}元；期内拒收、现已可用${one.solved}个`,
    ...(one.worklist.length > 0 ? [list.toString()] : []),
    ...(one.further.length > 0 ? ['不对码、但不符合国家编码标准的编码：', further.toString()] : []),
  ].join('\n')
}

/** The worklists of all institutions as CSV. */
export function worklistCsv({ institutions }: MappingQuality): string {
  const rows = institutions.flatMap(({ institution, worklist }) =>
    worklist.map(({ standard, system, code, name, reason, times, places, fen, last, candidates }) => [
      ...[institution, standard, system, code, name, REASON_NAMES[reason], times, places, yuan(fen), last],
      ...[0, 1, 2, 3, 4].flatMap((place) => [candidates[place]?.code ?? '', candidates[place]?.name ?? '']),
    ]),
  )
  return csvOf(COLUMNS, rows)
}
