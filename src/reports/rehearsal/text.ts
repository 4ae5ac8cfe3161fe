/** A rehearsal for people. */
import Table from 'cli-table3'
import { csvOf } from '../../csv.ts'
import { asFen, yuanFromFen } from '../../domain/money.ts'
import { REASON_NAMES } from '../reason-names.ts'
import { EFFECTS, type Effect, type Rehearsal, type RehearsedChange } from './rehearse.ts'

const EFFECT_NAMES: Readonly<Record<Effect, string>> = {
  otherwise: '改对为其他编码',
  untranslated: '不再有对码',
  refused: '将被拒收',
  accepted: '由拒收变为可用',
}

const SHOWN_MAX = 50

const yuan = (fen: number) => yuanFromFen(asFen(fen))
const plainTable = (head: string[]) => new Table({ head, style: { head: [], border: [] } })

/**
 * Tables: totals by effect, then the codes with the most money.
 *
 * @param head what was rehearsed, one line
 */
export function rehearsalText(head: string, { sums, differences, judged }: Rehearsal): string {
  if (differences.length === 0) return `${head}\n共判断${judged}个编码，没有变化`
  const summary = plainTable(['变化', '编码个数', '使用次数', '涉及金额（元）'])
  for (const effect of EFFECTS) {
    const { codes, uses, fen } = sums[effect]
    summary.push([EFFECT_NAMES[effect], codes, uses, yuan(fen)])
  }
  const list = plainTable(['变化', '编码', '名称', '现版本', '新版本', '使用次数', '金额（元）'])
  for (const one of differences.slice(0, SHOWN_MAX)) {
    const { code, name, before, after, reason, uses, fen } = one
    list.push([
      ...[
        EFFECT_NAMES[one.effect],
        code,
        name,
        before ?? '—',
        after ?? (reason === null ? '—' : REASON_NAMES[reason]),
      ],
      ...[String(uses), yuan(fen)],
    ])
  }
  const more =
    differences.length > SHOWN_MAX ? [`其余${differences.length - SHOWN_MAX}个可用--json或--csv查看`] : []
  return [head, `共判断${judged}个编码`, summary.toString(), list.toString(), ...more, WHAT_COUNTS].join('\n')
}

const WHAT_COUNTS =
  '按新版本启用日分别以现有版本和新版本判断交易日志中最近的报文；金额为涉及明细之和，诊断按其就诊后来的结算总额计。没有发送或写入任何内容。'

const COLUMNS = [
  '变化',
  '标准',
  '编码体系',
  '编码',
  '名称',
  '现版本',
  '新版本',
  '原因',
  '使用次数',
  '报文数',
  '涉及金额（元）',
]

/** All differences as CSV. */
export function rehearsalCsv(differences: readonly RehearsedChange[]): string {
  const rows = differences.map(({ effect, standard, system, code, name, before, after, reason, ...sums }) => [
    ...[EFFECT_NAMES[effect], standard, system, code, name, before, after, reason && REASON_NAMES[reason]],
    ...[sums.uses, sums.messages, yuan(sums.fen)],
  ])
  return csvOf(COLUMNS, rows)
}
