/** 日结: what was settled on a day by insured province and fund, beside what institutions compared with the platforms' books. */
import { html } from 'hono/html'
import { addDays, type Day } from '../../domain/day.ts'
import { asFen, yuanFromFen } from '../../domain/money.ts'
import type { NameOf } from '../../pipeline/refusals.ts'
import type { DaySums } from '../../store/queries/console.ts'
import { barChart, type Html } from '../charts.ts'
import { stateWord } from './language.ts'
import type { DayRead } from './reads.ts'
import { page, type Scene, table } from './shell.ts'

/** Sums of one province on a day: what stands, and what does not yet. Amounts in fen. */
export interface ProvinceDay {
  readonly province: string
  readonly settled: number
  readonly cancelled: number
  readonly reversed: number
  readonly open: number
  readonly total: number
  readonly fund: number
  readonly account: number
  readonly cash: number
  readonly hospital: number
}

/** Adds the rows up by province. Only what stands counts as money; a cancellation stands with negative amounts. */
export function provinceDays(sums: readonly DaySums[]): ProvinceDay[] {
  const by = new Map<string, ProvinceDay>()
  for (const row of sums) {
    const known = by.get(row.province) ?? {
      province: row.province,
      settled: 0,
      cancelled: 0,
      reversed: 0,
      open: 0,
      total: 0,
      fund: 0,
      account: 0,
      cash: 0,
      hospital: 0,
    }
    const stands = row.state === 'accepted'
    const isOpen = ['open', 'unknown', 'undoing'].includes(row.state)
    const add = (fen: number) => (stands ? fen : 0)
    by.set(row.province, {
      province: row.province,
      settled: known.settled + (stands && row.kind === 'settlement' ? row.count : 0),
      cancelled: known.cancelled + (stands && row.kind === 'cancellation' ? row.count : 0),
      reversed: known.reversed + (row.state === 'reversed' ? row.count : 0),
      open: known.open + (isOpen ? row.count : 0),
      total: known.total + add(row.total),
      fund: known.fund + add(row.fund),
      account: known.account + add(row.account),
      cash: known.cash + add(row.cash),
      hospital: known.hospital + add(row.hospital),
    })
  }
  return [...by.values()].sort((one, other) => other.fund - one.fund)
}

const yuan = (fen: number) => yuanFromFen(asFen(fen))

/** The page. */
export function dayPage(
  scene: Scene,
  day: Day,
  today: Day,
  { sums, compared }: DayRead,
  nameOf: NameOf,
): Html {
  const { say } = scene
  const provinces = provinceDays(sums)
  const sum = (pick: (one: ProvinceDay) => number) => provinces.reduce((all, one) => all + pick(one), 0)
  const named = (code: string) => nameOf(`${code}0000`) ?? code
  const title = say('基金支付（元）', 'Paid by the funds (yuan)')
  const open = sum((one) => one.open)
  const columns: readonly (readonly [string, (one: ProvinceDay) => string | number])[] = [
    [say('结算', 'Settled'), (one) => one.settled],
    [say('撤销', 'Cancelled'), (one) => one.cancelled],
    [say('冲正', 'Reversed'), (one) => one.reversed],
    [say('未决', 'Open'), (one) => one.open],
    [say('总额', 'Total'), (one) => yuan(one.total)],
    [say('基金支付', 'Funds'), (one) => yuan(one.fund)],
    [say('个人账户', 'Accounts'), (one) => yuan(one.account)],
    [say('现金', 'Cash'), (one) => yuan(one.cash)],
    [say('医院负担', 'Hospital'), (one) => yuan(one.hospital)],
  ]
  const all: ProvinceDay = {
    province: '',
    settled: sum((one) => one.settled),
    cancelled: sum((one) => one.cancelled),
    reversed: sum((one) => one.reversed),
    open,
    total: sum((one) => one.total),
    fund: sum((one) => one.fund),
    account: sum((one) => one.account),
    cash: sum((one) => one.cash),
    hospital: sum((one) => one.hospital),
  }
  const rows = [
    ...provinces.map((one) => [named(one.province), ...columns.map(([, cell]) => cell(one))]),
    [
      html`<strong>${say('合计', 'All')}</strong>`,
      ...columns.map(([, cell]) => html`<strong>${cell(all)}</strong>`),
    ],
  ]
  const points = provinces
    .slice(0, 12)
    .map(({ province, fund }) => ({ label: named(province).slice(0, 3), value: fund / 100 }))
  return page(
    scene,
    say('日结', 'Day'),
    '/console/day',
    html`<form class="line" method="get" action="/console/day"><label>${say('日期', 'Day')}<input type="date" name="day" value="${day}" max="${today}" required></label><button>${say('查看', 'Show')}</button></form>
<p><a href="/console/day?day=${addDays(day, -1)}">${say('前一日', 'Day before')}</a>${day < today ? html` · <a href="/console/day?day=${addDays(day, 1)}">${say('后一日', 'Day after')}</a>` : ''}</p>
${open > 0 ? html`<p class="notice warn">${say(`${open}笔尚无结果，未计入金额`, `${open} without an outcome; their money is not counted`)} · <a href="/console/unknown">${say('未知状态', 'Unknown')}</a></p>` : ''}
${
  provinces.length === 0
    ? html`<p class="notice">${say('当日没有结算', 'Nothing was settled on the day')}</p>`
    : html`<h2>${title}</h2>${barChart({ title, text: say(`${day}基金支付合计${yuan(all.fund)}元`, `${yuan(all.fund)} yuan on ${day}`) }, points)}
${table(
  say(`${day} 按参保地，金额为元`, `${day} by insured place, amounts in yuan`),
  [say('参保地', 'Insured in'), ...columns.map(([head]) => head)],
  rows,
  columns.map((_, index) => index + 1),
)}`
}
<h2>${say('与平台账目核对', 'Against the books of the platforms')}</h2>
<p class="note">${say('机构当日向平台发起的对账（对总账、对明细账）及平台的答复；“平台已办”指平台已答复，账是否相符以答复内容为准。', 'Comparisons that institutions asked of the platforms on the day. "Done" means that the platform has answered; whether the books agree stands in its answer.')}</p>
${
  compared.length === 0
    ? html`<p class="notice warn">${say('当日没有机构向平台对账，不能据此认为账目相符', 'No institution has compared on the day: nothing is said of whether the books agree')}</p>`
    : table(
        say('对账', 'Comparisons'),
        [say('机构', 'Institution'), say('交易', 'Transaction'), say('结果', 'Result'), say('次数', 'Times')],
        compared.map((one) => [one.institution, one.transaction, stateWord(say, one.state), one.count]),
        [3],
      )
}`,
  )
}
