/** A page of the figures in the form that was asked for. One sheet feeds all forms, so they cannot differ. */
import { shanghaiTime } from '../../domain/day.ts'
import { jsonAnswer, type TaskAnswer } from '../../offload/task.ts'
import { statusOn } from '../settlement-rate.ts'
import type { FiguresQuestion, StayMessagesQuestion } from './question.ts'
import { type SheetWanted, XLSX } from './sheet-format.ts'
import { type Sheet, type SheetName, sheetCsv } from './sheets.ts'
import type { AboutLine } from './workbook.ts'

const TITLES = {
  rates: '直接结算率',
  reasons: '未直接结算的原因',
  flows: '流向',
  measures: '成功率、失败、响应时间、冲正与撤销、备案与费用',
  stays: '住院清单',
} as const satisfies Record<SheetName, string>
const SCOPE_NAMES = { all: '全部异地', cross: '跨省', intra: '省内异地' } as const
const VIEW_NAMES = { outbound: '流出（参保地在该区划）', inbound: '流入（就医地在该区划）' } as const
const STATUS_NAMES = { interim: '期中数', provisional: '快报数', final: '终报数' } as const

/** What was asked of figures, for the first sheet. */
export function aboutFigures(sheet: SheetName, asked: FiguresQuestion): readonly AboutLine[] {
  const { area, view, institution, scope, by, from, to, asOf, state, category, after, limit } = asked
  const scoped: AboutLine = [
    '范围',
    sheet === 'rates' || sheet === 'flows' ? '按指标或流向逐一给出' : SCOPE_NAMES[scope],
  ]
  const listed: AboutLine[] = [
    ['状态', state ?? '全部'],
    ['原因类别', category ?? '全部'],
    ['本页自', after ?? '第一页'],
    ['每页行数', limit],
  ]
  return [
    ['报表', TITLES[sheet]],
    ['区划', area ?? '全部'],
    ['流向', VIEW_NAMES[view]],
    ['定点医药机构', institution ?? '全部'],
    scoped,
    ...(sheet === 'rates' ? [['分组', by] as const] : []),
    ['出院日期起', from],
    ['出院日期止', to],
    ['统计时点', asOf],
    ['数的状态', STATUS_NAMES[statusOn(to, asOf)]],
    ...(sheet === 'stays' ? listed : []),
  ]
}

/** What was asked of a stay, for the first sheet. */
export const aboutMessages = (asked: StayMessagesQuestion): readonly AboutLine[] => [
  ['报表', '一次住院的全部报文'],
  ['定点医药机构', asked.institution],
  ['住院', asked.stay],
  ['参保省', asked.platform],
  ['本页自', asked.after === 0 ? '第一页' : String(asked.after)],
  ['每页行数', asked.limit],
]

/** The answer. A page that is not the last says so on the first sheet of its workbook. */
export async function sheetAnswer(
  sheet: Sheet,
  { format, role, at }: SheetWanted,
  about: readonly AboutLine[],
): Promise<TaskAnswer> {
  if (format === 'json') return jsonAnswer(sheet.value)
  if (format === 'csv') return { type: 'text/csv; charset=utf-8', body: sheetCsv(sheet) }
  const { sheetXlsx } = await import('./workbook.ts')
  const { next } = sheet.value as { next?: string | null }
  const lines: AboutLine[] = [
    ...about,
    ...(next ? [['下一页（after）', next] as const] : []),
    ['查询人角色', role],
    ['制表时间（北京时间）', shanghaiTime(at)],
  ]
  return { type: XLSX, body: await sheetXlsx(sheet, lines) }
}
