/** The report: one HTML file that asks no other host for anything. */
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, platform, release } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ProfileRun } from '../arguments.ts'
import type { RunResult } from '../run.ts'
import type { Headline, Summary } from '../summary.ts'
import { both, escaped, milliseconds, table, whole } from './html.ts'
import { destinationTable, eventTable, phaseTable, reasonTable, transactionTable } from './tables.ts'
import { destinationName, NOT_MEASURED, OUTCOME_WORDS, SPENDER_WORDS, type Text, VERDICTS } from './words.ts'

/** What a page is made of. */
export interface Content {
  readonly run: ProfileRun
  readonly result: Pick<RunResult, 'profile' | 'parties' | 'startedAt' | 'dark' | 'endedEarly'>
  readonly summary: Summary
  /** The words after `npm run load --`. */
  readonly words: readonly string[]
}

const ours = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8')
const UPLOT = dirname(fileURLToPath(import.meta.resolve('uplot')))
/** Its banner is its licence notice and stays; the address in it becomes text. */
const uplot = (name: string) => readFileSync(join(UPLOT, name), 'utf8').replaceAll(/https?:\/\//g, '')

/** Nothing but what is in the file: a browser holds us to it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"

function figure(label: Text, value: string, note = ''): string {
  return `<div class="figure"><dt>${both(label)}</dt><dd>${escaped(value)}</dd>${note ? `<dd class="note">${escaped(note)}</dd>` : ''}</div>`
}

const mebibytes = (bytes: number | null) => (bytes === null ? '–' : `${(bytes / 2 ** 20).toFixed(0)} MiB`)

function driftFigures({ drift }: Summary): string {
  if (!drift) return ''
  const arrow = <Value>([first, last]: readonly [Value, Value], shown: (value: Value) => string) =>
    `${shown(first)} → ${shown(last)}`
  return [
    figure({ zh: 'p50 首尾十分之一', en: 'first and last tenth' }, arrow(drift.p50, milliseconds)),
    figure({ zh: 'p99 首尾十分之一', en: 'first and last tenth' }, arrow(drift.p99, milliseconds)),
    figure({ zh: '内存首尾十分之一', en: 'first and last tenth' }, arrow(drift.residentBytes, mebibytes)),
  ].join('\n')
}

function figures(headline: Headline): string {
  const percent = headline.settledDirectlyPercent
  return [
    figure(
      { zh: '直接结算', en: 'settled directly' },
      percent === null ? '–' : `${percent.toFixed(1)} %`,
      `${whole(headline.settledDirectly)} / ${whole(headline.wanted)}`,
    ),
    figure({ zh: '报文 p50', en: 'a message' }, milliseconds(headline.p50)),
    figure({ zh: '报文 p99', en: 'a message' }, milliseconds(headline.p99)),
    figure({ zh: '报文 p99.9', en: 'a message' }, milliseconds(headline.p999)),
    figure({ zh: '整次就诊 p50', en: 'a whole visit' }, milliseconds(headline.visitP50)),
    figure({ zh: '整次就诊 p99', en: 'a whole visit' }, milliseconds(headline.visitP99)),
    figure({ zh: '就诊', en: 'visits' }, whole(headline.visits), `${whole(headline.messages)} 条报文`),
    figure({ zh: '当时结果未知', en: 'unclear at first' }, whole(headline.unclear), `现余 ${headline.open}`),
  ].join('\n')
}

function verdict({ verdict: name, faults, moneySent, moneyYes, standing, standingFen }: Headline): string {
  const { word, sentence } = VERDICTS[name]!
  const sums: Text = {
    zh: `资金报文${whole(moneySent)}条，当场成功${whole(moneyYes)}条，最终成立${whole(standing)}笔、${whole(standingFen)}分。`,
    en: `${whole(moneySent)} messages of money, ${whole(moneyYes)} done at once; ${whole(standing)} stand, ${whole(standingFen)} fen.`,
  }
  const list = faults.map((fault) => `<li>${escaped(fault)}</li>`).join('')
  return `<section class="verdict ${name}"><b>${both(word)}</b><p>${both(sentence)}</p><p>${both(sums)}</p>${list && `<ul>${list}</ul>`}</section>`
}

const CHARTS: readonly { readonly id: string; readonly title: Text; readonly note: Text }[] = [
  {
    id: 'rate',
    title: { zh: '到达与应答', en: 'Arrivals and answers, a second' },
    note: {
      zh: '就诊按泊松过程到达，与应答快慢无关。',
      en: 'Visits arrive by a Poisson process, however fast the answers come.',
    },
  },
  {
    id: 'latency',
    title: { zh: '报文延迟', en: 'Latency of a message' },
    note: {
      zh: '从应当发出的时刻算到收完答复（计入协调遗漏），按应发时刻归入；一格内不足百条时，p99即最慢的一条。',
      en: 'From the moment it was due to the last byte (coordinated omission accounted for); with fewer than a hundred messages in a step p99 is the slowest.',
    },
  },
  {
    id: 'spent',
    title: { zh: '时间花在哪里', en: 'Who spent the time' },
    note: {
      zh: '对方有答复的报文，平均每条毫秒数，按网关的 Server-Timing。',
      en: 'Mean milliseconds of messages that the counterpart answered, by the gateway’s Server-Timing.',
    },
  },
  {
    id: 'quantiles',
    title: { zh: '延迟分布', en: 'Quantiles of latency' },
    note: { zh: '越往右越少见；两轴均为对数刻度。', en: 'Rarer to the right; both axes logarithmic.' },
  },
]

function chart({ id, title, note }: (typeof CHARTS)[number]): string {
  return `<figure><h2>${both(title)}</h2><p class="note">${both(note)}</p><div class="chart" id="${id}"></div></figure>`
}

function settings({ run, result, words }: Content, lateness: number | null): string {
  const { parties, startedAt, dark, profile } = result
  const rows: [Text, string][] = [
    [{ zh: '命令', en: 'command' }, `npm run load -- ${words.join(' ')}`],
    [{ zh: '情景', en: 'profile' }, `${run.name}：${profile.plays.zh}`],
    [{ zh: '速率', en: 'rate' }, `${run.rate} 次就诊/秒（visits a second）`],
    [{ zh: '时长', en: 'length' }, `${run.minutes} min`],
    [{ zh: '随机种子', en: 'seed' }, String(run.seed)],
    [{ zh: '开始', en: 'start' }, startedAt.toISOString()],
    [{ zh: '网关', en: 'gateway' }, parties.gateway],
    [{ zh: '平台', en: 'platforms' }, parties.provinces.join(' ')],
    [{ zh: '停止应答', en: 'dark' }, dark ? `${dark.province}，${dark.how.zh}（${dark.how.en}）` : '–'],
    [
      { zh: '机器', en: 'machine' },
      `${cpus()[0]?.model.trim() ?? '?'} × ${availableParallelism()}，${platform()} ${release()}，Node ${process.version}`,
    ],
    [{ zh: '压测程序自身滞后 p99', en: 'the kit was late by' }, milliseconds(lateness)],
  ]
  return table(
    [
      { zh: '设置', en: 'setting' },
      { zh: '值', en: 'value' },
    ],
    rows.map(([name, value]) => [both(name), escaped(value)]),
    2,
  )
}

/** The page. */
export function pageOf(content: Content): string {
  const { result, summary } = content
  const { headline, series, quantiles, darkness, memory } = summary
  const names = [...Object.keys(series.outcomes), ...Object.keys(quantiles.groups)]
  const labels = Object.fromEntries(names.map((name) => [name, destinationName(name)]))
  const words = { outcomes: OUTCOME_WORDS, spenders: SPENDER_WORDS }
  const data = JSON.stringify({ series, quantiles, darkness, memory, labels, words })
  const phases = phaseTable(summary)
  const charts =
    memory.length > 1
      ? [
          ...CHARTS,
          {
            id: 'memory',
            title: { zh: '网关内存', en: 'Memory of the gateway' },
            note: { zh: '常驻内存，MiB。', en: 'Resident, MiB.' },
          },
        ]
      : CHARTS
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>压测报告 · ${escaped(result.profile.title.zh)} · 直结</title>
<style>${uplot('uPlot.min.css')}
${ours('style.css')}</style>
</head>
<body>
<main>
<header><h1>压测报告 · ${both(result.profile.title)}</h1>
<p>${both(result.profile.plays)}</p>
${result.endedEarly ? `<p><b>${both({ zh: '提前结束。', en: 'Ended early.' })}</b></p>` : ''}</header>
${verdict(headline)}
<dl class="figures">
${figures(headline)}
${driftFigures(summary)}
</dl>
<noscript><p>图表需要脚本；下面的表格不需要。 <span lang="en">Charts need scripts; the tables below do not.</span></p></noscript>
<div class="charts">
${charts.map(chart).join('\n')}
</div>
<h2>${both({ zh: '各目的地的结果', en: 'Outcomes by destination, messages a second' })}</h2>
<div class="charts small" id="outcomes"></div>
${phases && `<h2>${both({ zh: '分阶段', en: 'By phase' })}</h2>\n${phases}`}
<h2>${both({ zh: '事件', en: 'Events' })}</h2>
${eventTable(summary)}
<h2>${both({ zh: '按目的地', en: 'By destination' })}</h2>
<p class="note">${both({ zh: '右侧五列为对方有答复的报文平均每条所花时间。', en: 'The five columns at the right are means of messages that the counterpart answered.' })}</p>
${destinationTable(summary)}
<h2>${both({ zh: '按交易', en: 'By transaction' })}</h2>
${transactionTable(summary)}
<h2>${both({ zh: '未成功的原因', en: 'Why not' })}</h2>
${reasonTable(summary)}
<h2>${both({ zh: '设置与命令', en: 'Settings and command' })}</h2>
${settings(content, summary.latenessP99)}
<h2>${both({ zh: '未测量的内容', en: 'What is not measured' })}</h2>
<ul>
${NOT_MEASURED.map((text) => `<li>${both(text)}</li>`).join('\n')}
${memory.length > 1 ? '' : `<li>${both({ zh: '网关内存：网关没有给出，也不在本机。', en: 'Memory of the gateway: it does not show it and does not run here.' })}</li>`}
</ul>
</main>
<script type="application/json" id="data">${data.replaceAll('<', '\\u003c')}</script>
<script>${uplot('uPlot.iife.min.js')}</script>
<script>${ours('charts.js')}</script>
</body>
</html>
`
}
