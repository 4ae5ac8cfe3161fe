/** The settlement rate as a table for a person. */
import Table from 'cli-table3'
import type { SettlementRate } from './settlement-rate.ts'

const SCOPE_NAMES = { cross: '跨省', intra: '省内异地', all: '全部异地' } as const
const BASIS_NAMES = { broad: '全口径', narrow: '窄口径' } as const
const STATUS_NAMES = { interim: '期中数', provisional: '快报数', final: '终报数' } as const

const WHAT_COUNTS =
  '按出院日期统计本地参保人异地住院人次：分子为截至统计时点仍有效的直接结算且未手工报销的住院；' +
  '全口径分母为同期全部已知异地住院，窄口径分母只含直接结算和手工报销；目标须超过，等于不算达到。'

/** Formats figures that share area, period and as-of date. Empty if there are none. */
export function rateTable(rates: readonly SettlementRate[]): string {
  const first = rates[0]
  if (!first) return ''
  const table = new Table({
    head: [
      '指标',
      '口径',
      '分子/分母',
      '直接结算率',
      '目标',
      '达到',
      '2020年',
      '直接',
      '手工',
      '自费上传',
      '仅撤销',
      '人数',
    ],
    style: { head: [], border: [] },
  })
  for (const rate of rates) table.push(cellsOf(rate))
  const { area, period, asOf, status } = first
  const title = `参保地${area} 出院日期${period.from}至${period.to} 统计时点${asOf}（${STATUS_NAMES[status]}）`
  const notes = rates.flatMap(restatementNote)
  return [title, table.toString(), ...notes, WHAT_COUNTS].join('\n')
}

function cellsOf(rate: SettlementRate): string[] {
  const { numerator, denominator, components, persons, reached } = rate
  return [
    `${SCOPE_NAMES[rate.scope]} ${rate.indicator}`,
    BASIS_NAMES[rate.basis],
    `${numerator}/${denominator}`,
    percentText(rate.rate),
    rate.target === null ? '—' : `>${rate.target}%`,
    reached === null ? '—' : reached ? '是' : '否',
    rate.baseline2020 === null ? '—' : `${rate.baseline2020}%`,
    String(components.direct),
    String(components.manual),
    String(components.selfPayUploaded),
    String(components.withdrawnOnly),
    String(persons),
  ]
}

function restatementNote({ scope, basis, restatedFrom }: SettlementRate): string[] {
  if (!restatedFrom) return []
  const { asOf, numerator, denominator, rate } = restatedFrom
  const name = `${SCOPE_NAMES[scope]}${BASIS_NAMES[basis]}`
  return [`${name}：${asOf}快报数为${numerator}/${denominator}，${percentText(rate)}，已重述。`]
}

function percentText(rate: number | null): string {
  return rate === null ? '—' : `${rate.toFixed(2)}%`
}
