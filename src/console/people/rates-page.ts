/** 结算率: the rate against its target, by month and area, and why stays were missed; refused admissions stand beside it. */
import { html } from 'hono/html'
import type { NameOf } from '../../pipeline/refusals.ts'
import { type Html, lineChart, shareBar, waterfallChart } from '../charts.ts'
import type { Say } from './language.ts'
import { partyOf } from './live-page.ts'
import {
  levelBelow,
  type RatesForm,
  type RatesRead,
  type ReasonsRead,
  type ShownRate,
} from './rates-asked.ts'
import { page, type Scene, table } from './shell.ts'

/** Path of the page. */
export const RATES = '/console/rates'

/** What the page shows. */
export interface RatesShown {
  readonly form: RatesForm
  /** Codes of the person's areas, to choose from; empty for all. */
  readonly areas: readonly string[]
  readonly whole: RatesRead
  readonly months: RatesRead
  readonly below: RatesRead
  readonly reasons: ReasonsRead
  readonly nameOf: NameOf
}

/** Scopes, by the indicator that counts them. */
const INDICATORS: Readonly<Record<string, readonly [indicator: string, zh: string, en: string]>> = {
  all: ['OAR-all', '全部异地', 'all away from home'],
  cross: ['CPR', '跨省', 'across provinces'],
  intra: ['IPR', '省内异地', 'within the province'],
}

const STATUS_WORDS = {
  interim: ['期中数', 'interim'],
  provisional: ['快报数', 'provisional'],
  final: ['终报数', 'final'],
} as const

/** An address of the pages with the form's question, some of it changed. Undefined and empty parts are left out. */
export function ratesAddress(
  path: string,
  form: Partial<RatesForm>,
  more: Readonly<Record<string, string>> = {},
): string {
  const parts = Object.entries({ ...form, ...more }).filter(([, value]) => value !== '')
  return `${path}?${new URLSearchParams(parts)}`
}

/** The rate of the form's scope and denominator. */
function rateOf(indicators: readonly ShownRate[], { scope, basis }: RatesForm): ShownRate {
  const [name] = INDICATORS[scope]!
  return indicators.find((one) => one.indicator === name && one.basis === basis)!
}

const percentText = (rate: number | null) => (rate === null ? '—' : `${rate.toFixed(2)}%`)

/** The page. */
export function ratesPage(scene: Scene, shown: RatesShown): Html {
  const { say } = scene
  const { form, whole } = shown
  const rate = rateOf(whole.rows[0]!.indicators, form)
  return page(
    scene,
    say('结算率', 'Settlement rate'),
    RATES,
    html`${formOf(say, shown)}
${headline(say, form, whole, rate, shown.nameOf)}
${
  rate.denominator === 0
    ? html`<p class="notice">${say('该期间、区划和范围内没有已知的住院', 'No stay is known of this period, area and scope')}</p>`
    : html`${trend(say, shown, rate)}${byArea(say, shown)}${waterfall(say, shown, rate)}`
}
${attempts(say, shown)}
${files(say, say('下载CSV', 'As CSV'), form, 'csv')}${files(say, say('导出 Excel', 'As Excel'), form, 'xlsx')}`,
  )
}

function files(say: Say, title: string, form: RatesForm, format: 'csv' | 'xlsx'): Html {
  const fileOf = (sheet: string) => ratesAddress(`${RATES}/file`, form, { sheet, format })
  return html`<p>${title}：<a href="${fileOf('rates')}">${say('结算率', 'rates')}</a> · <a href="${fileOf('reasons')}">${say('原因', 'reasons')}</a> · <a href="${fileOf('stays')}">${say('住院清单', 'stays')}</a></p>`
}

function formOf(say: Say, { form, areas }: RatesShown): Html {
  const choice = (name: string, label: string, chosen: string, options: readonly (readonly string[])[]) =>
    html`<label>${label}<select name="${name}">${options.map(([value, text]) => html`<option value="${value}"${value === chosen ? html` selected` : ''}>${text}</option>`)}</select></label>`
  const scopes = Object.entries(INDICATORS).map(([value, [, zh, en]]) => [value, say(zh, en)])
  return html`<form class="line" method="get" action="${RATES}">
<label>${say('区划（空为全部）', 'Area (empty: all)')}<input name="area" value="${form.area}" inputmode="numeric" pattern="[1-8][0-9]{5}" maxlength="6" list="areas"></label>
<datalist id="areas">${areas.map((area) => html`<option value="${area}"></option>`)}</datalist>
<label>${say('出院月份起', 'Discharged from')}<input type="${form.from.length > 7 ? 'date' : 'month'}" name="from" value="${form.from}" required></label>
<label>${say('出院月份止', 'Discharged to')}<input type="${form.to.length > 7 ? 'date' : 'month'}" name="to" value="${form.to}" required></label>
<label>${say('统计时点', 'As of')}<input type="date" name="asOf" value="${form.asOf}" required></label>
${choice('view', say('流向', 'Direction'), form.view, [
  ['outbound', say('流出：参保地在此', 'outbound: insured here')],
  ['inbound', say('流入：就医地在此', 'inbound: treated here')],
])}
${choice('scope', say('范围', 'Scope'), form.scope, scopes as string[][])}
${choice('basis', say('分母', 'Denominator'), form.basis, [
  ['broad', say('全口径', 'broad: all known stays')],
  ['narrow', say('窄口径', 'narrow: settled and manual')],
])}
${form.institution ? html`<input type="hidden" name="institution" value="${form.institution}">` : ''}<button>${say('查看', 'Show')}</button></form>`
}

function headline(say: Say, form: RatesForm, whole: RatesRead, rate: ShownRate, nameOf: NameOf): Html {
  const [, zh, en] = INDICATORS[form.scope]!
  const where = form.area === '' ? say('全部区划', 'all areas') : (nameOf(form.area) ?? form.area)
  const { target, reached, provisional } = rate
  const against =
    target === null
      ? say('无规划目标', 'no target is planned')
      : reached === null
        ? say(`须超过${target}%`, `to exceed ${target}%`)
        : reached
          ? say(`已超过${target}%`, `exceeds ${target}%`)
          : say(`未超过${target}%`, `does not exceed ${target}%`)
  const before = percentText(provisional?.rate ?? null)
  const [statusZh, statusEn] = STATUS_WORDS[whole.status]
  const status = say(statusZh, statusEn)
  return html`<dl class="figures"><div><dt>${where} · ${say(zh, en)}${form.institution ? ` · ${form.institution}` : ''}</dt><dd><strong>${percentText(rate.rate)}</strong></dd></div>
<div><dt>${say('直接结算 / 住院（人次）', 'Settled directly / stays')}</dt><dd>${rate.numerator} / ${rate.denominator}</dd></div>
<div><dt>${say('目标', 'Target')}${rate.targetYear === null ? '' : say(`（${rate.targetYear}年）`, ` (${rate.targetYear})`)}</dt><dd class="${reached === false ? 'bad' : ''}">${against}</dd></div>
<div><dt>${say('统计时点', 'As of')} ${whole.asOf}</dt><dd>${status}</dd></div></dl>
${rate.restated ? html`<p class="notice warn">${say(`已重述：与快报数（${before}）不同，因为其后有撤销、手工报销或补报`, `Restated: the provisional figure was ${before}; withdrawals, manual claims or late reports came after it`)}</p>` : ''}`
}

function trend(say: Say, { form, months }: RatesShown, { target }: ShownRate): Html {
  const rows = months.rows.map(({ key, indicators }) => ({ key, rate: rateOf(indicators, form) }))
  const title = say('各月直接结算率（%）', 'Rate by month (%)')
  const last = rows.at(-1)
  const text = last
    ? say(`${last.key}为${percentText(last.rate.rate)}`, `${percentText(last.rate.rate)} in ${last.key}`)
    : ''
  const points = rows.map(({ key, rate }) => ({ label: key, value: rate.rate }))
  return html`<h2>${title}</h2>${lineChart({ title, text }, points, target === null ? null : { label: say('目标', 'target'), value: target })}
${table(
  title,
  [
    say('月份', 'Month'),
    say('直接结算', 'Direct'),
    say('住院', 'Stays'),
    say('结算率', 'Rate'),
    say('未直接结算', 'Missed'),
  ],
  rows.map(({ key, rate }) => [
    key,
    rate.numerator,
    rate.denominator,
    percentText(rate.rate),
    missedLink({ ...form, from: laterOf(form.from, key), to: earlierOf(form.to, key) }, rate.gap),
  ]),
  [1, 2, 3, 4],
)}`
}

/** A period's end within a month; days of an edge stay days. */
const laterOf = (from: string, month: string) => (from.startsWith(month) ? from : month)
const earlierOf = (to: string, month: string) => (to.startsWith(month) ? to : month)

/** Stays that were missed against a denominator: the narrow one has only manual claims. */
const missedState = ({ basis }: RatesForm) => (basis === 'narrow' ? 'manual' : 'missed')

function missedLink(form: RatesForm, gap: number, more: Readonly<Record<string, string>> = {}) {
  const to = ratesAddress(`${RATES}/stays`, form, { state: missedState(form), ...more })
  return gap === 0 ? '0' : html`<a href="${to}">${gap}</a>`
}

function byArea(say: Say, { form, below, nameOf }: RatesShown): Html {
  const level = form.institution ? 'institution' : levelBelow(form.area)
  const isPlace = level !== 'institution'
  const title = isPlace ? say('按区划', 'By area') : say('按定点医药机构', 'By institution')
  const rows = below.rows.flatMap(({ key, indicators }) => {
    const rate = rateOf(indicators, form)
    if (rate.denominator === 0) return []
    const name = isPlace ? (nameOf(key) ?? key) : key
    const within = isPlace ? { ...form, area: key } : { ...form, institution: key }
    const bar = { title: name, text: percentText(rate.rate) }
    return [
      [
        html`<a href="${ratesAddress(RATES, within)}">${name}</a>`,
        rate.numerator,
        rate.denominator,
        percentText(rate.rate),
        shareBar(bar, rate.rate ?? 0, rate.target),
        rate.target === null ? '—' : `>${rate.target}%`,
        missedLink(within, rate.gap),
      ],
    ]
  })
  const heads = [title, say('直接结算', 'Direct'), say('住院', 'Stays'), say('结算率', 'Rate')]
  const more = [say('图示', 'Bar'), say('目标', 'Target'), say('未直接结算', 'Missed')]
  return html`<h2>${title}</h2>${table(title, [...heads, ...more], rows, [1, 2, 3, 5, 6])}`
}

/** From the denominator to the numerator: what was missed for each category is taken away, and nothing is left over. */
function waterfall(say: Say, { form, reasons, nameOf }: RatesShown, rate: ShownRate): Html {
  const { basis } = form
  const title = say('为什么没有直接结算（人次）', 'Why not settled directly (stays)')
  const missed = reasons.categories.filter((one) => one[basis] > 0)
  const steps = missed.map((one) => ({ label: say(one.zh, one.en), value: -one[basis] }))
  const text = say(
    `住院${rate.denominator}人次，直接结算${rate.numerator}人次，相差${rate.gap}人次`,
    `${rate.denominator} stays, ${rate.numerator} settled directly, ${rate.gap} missed`,
  )
  const total = say('直接结算', 'Direct')
  const rows = reasons.details.flatMap((one) => {
    if (one[basis] === 0) return []
    const named = missed.find(({ category }) => category === one.category)
    const kind = named ? say(named.zh, named.en) : one.category
    const link = missedLink(form, one[basis], { category: one.category })
    return [[kind, say(one.zh, one.en), one.code, one.hop ? partyOf(one.hop, nameOf) : '', link]]
  })
  const sum = [say('合计', 'All'), '', '', '', missedLink(form, rate.gap)]
  return html`<h2>${title}</h2>
${waterfallChart({ title, text }, [{ label: say('住院', 'Stays'), value: rate.denominator }, ...steps], total)}
<p class="note">${text}</p>
${table(
  title,
  [
    ...[say('类别', 'Category'), say('原因', 'Reason'), say('代码', 'Code')],
    ...[say('发现处', 'Found at'), say('人次', 'Stays')],
  ],
  [...rows, sum],
  [4],
)}`
}

function attempts(say: Say, { reasons: { attempts: refused }, nameOf }: RatesShown): Html {
  const title = say('被拒的入院登记', 'Refused admissions')
  return html`<h2>${title}</h2><p class="note">${say(
    '尚无对应住院，不在分母内；住院一经知晓即计入。',
    'No stay is known of them yet: they are outside the denominator until one is.',
  )}</p>
${
  refused.total === 0
    ? html`<p class="notice">${say('没有', 'None')}</p>`
    : table(
        say(`共${refused.total}次`, `${refused.total} in all`),
        [say('原因', 'Reason'), say('代码', 'Code'), say('发现处', 'Found at'), say('次数', 'Times')],
        refused.details.map((one) => [
          say(one.zh, one.en),
          one.code,
          one.hop ? partyOf(one.hop, nameOf) : '',
          one.n,
        ]),
        [3],
      )
}`
}
