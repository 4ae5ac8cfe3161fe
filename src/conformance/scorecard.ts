/** The scorecard for people: a table for the command line, and a self-contained HTML page. */
import Table from 'cli-table3'
import { html } from 'hono/html'
import { type Check, type LaneScore, lanesOf, type Score, scoreOf } from './check.ts'

/** Maximum failed checks listed. */
const SHOWN_MAX = 20

const sentenceOf = ({ passed, failed, transactions, lanes }: Score) =>
  `${passed} passed, ${failed} failed; ${transactions} transactions conform, ${lanes} lanes`

/** For the command line. */
export function tableOf(checks: readonly Check[]): string {
  const table = new Table({
    head: ['lane', 'transactions', 'passed', 'failed'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [] },
  })
  for (const { lane, transactions, passed, failed } of lanesOf(checks))
    table.push([lane, transactions, passed, failed])
  const failed = checks.filter(({ fault }) => fault !== null)
  const shown = failed.slice(0, SHOWN_MAX).map(({ lane, name, fault }) => `  ${lane}: ${name}\n    ${fault}`)
  const more = failed.length > SHOWN_MAX ? [`  … and ${failed.length - SHOWN_MAX} more`] : []
  return [table.toString(), sentenceOf(scoreOf(checks)), ...shown, ...more].join('\n')
}

const STYLE = `body{font:15px/1.5 system-ui,"Noto Sans SC","WenQuanYi Micro Hei",sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{padding:.3rem .6rem;border-bottom:1px solid #ccc;text-align:left}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.bad{color:#a40000;font-weight:600}.good{color:#1a6b2f}
details{margin:.5rem 0}summary{cursor:pointer}@media print{details{display:none}}`

function rowOf({ lane, transactions, passed, failed }: LaneScore) {
  return html`<tr><th scope="row">${lane}</th><td class="n">${transactions}</td><td class="n">${passed}</td>
<td class="n ${failed > 0 ? 'bad' : 'good'}">${failed}</td></tr>`
}

function failuresOf(checks: readonly Check[]) {
  const failed = checks.filter(({ fault }) => fault !== null)
  if (failed.length === 0) return html`<p class="good">没有不符合项 · nothing failed</p>`
  const rows = failed.map(
    ({ lane, name, fault }) => html`<tr><td>${lane}</td><td>${name}</td><td>${fault}</td></tr>`,
  )
  return html`<table><thead><tr><th>业务 lane</th><th>检查 check</th><th>实际 met</th></tr></thead><tbody>${rows}</tbody></table>`
}

/** A page without external resources. @param at time of the run in Shanghai */
export function pageOf(checks: readonly Check[], target: string, at: string): string {
  const lanes = lanesOf(checks).map(rowOf)
  const page = html`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>接口符合性检查 · Conformance</title><style>${STYLE}</style></head><body>
<h1>接口符合性检查 · Conformance</h1>
<p>${target} · ${at}</p><p><strong>${sentenceOf(scoreOf(checks))}</strong></p>
<table><thead><tr><th>业务 lane</th><th class="n">交易 transactions</th><th class="n">通过 passed</th><th class="n">不通过 failed</th></tr></thead>
<tbody>${lanes}</tbody></table>
<h2>不通过项 · Failed</h2>${failuresOf(checks)}
</body></html>
`
  return String(page)
}
