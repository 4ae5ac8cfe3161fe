/** Below the rate: the stays that were missed, and the messages of one of them, each with the way to where its money is. */
import { html } from 'hono/html'
import { type Instant, shanghaiTime } from '../../domain/day.ts'
import { asFen, yuanFromFen } from '../../domain/money.ts'
import type { NameOf } from '../../pipeline/refusals.ts'
import type { StayMessage } from '../../store/queries/figures/pages.ts'
import type { Html } from '../charts.ts'
import { type Say, stateWord } from './language.ts'
import type { RatesForm, StaysRead } from './rates-asked.ts'
import { RATES, ratesAddress } from './rates-page.ts'
import { page, type Scene, table } from './shell.ts'

/** What the list shows. `more` is what it was asked for beside the form: state, category. */
export interface StaysShown {
  readonly form: RatesForm
  readonly more: Readonly<Record<string, string>>
  readonly read: StaysRead
  readonly nameOf: NameOf
}

/** What became of a stay, in words. */
const STAY_STATES: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  direct: ['直接结算', 'settled directly'],
  withdrawnOnly: ['结算后撤销', 'withdrawn'],
  selfPayUploaded: ['自费上传', 'self-paid'],
  manual: ['手工报销', 'claimed by hand'],
}

const stayState = (say: Say, state: string) => say(...(STAY_STATES[state] ?? [state, state]))
const yuan = (fen: number | null) => (fen === null ? '' : yuanFromFen(asFen(fen)))

/** The list. */
export function staysPage(scene: Scene, { form, more, read, nameOf }: StaysShown): Html {
  const { say } = scene
  const rows = read.stays.map((one) => [
    html`<a class="id" href="${ratesAddress(`${RATES}/stay`, {}, { institution: one.institution, stay: one.stay, insured: one.insured })}">${one.stay}</a>`,
    one.institution,
    nameOf(one.insured) ?? one.insured,
    nameOf(one.treatment) ?? one.treatment,
    one.discharged,
    stayState(say, one.state),
    one.code === '' ? '' : say(one.zh, one.en),
    yuan(one.total),
  ])
  const title = say('住院清单', 'Stays')
  const heads = [
    ...[say('住院', 'Stay'), say('机构', 'Institution'), say('参保地', 'Insured in')],
    ...[say('就医地', 'Treated in'), say('出院', 'Discharged'), say('状态', 'State')],
    ...[say('原因', 'Reason'), say('总额（元）', 'Total (yuan)')],
  ]
  const next = read.next && ratesAddress(`${RATES}/stays`, form, { ...more, after: read.next })
  return page(
    scene,
    title,
    RATES,
    html`<p><a href="${ratesAddress(RATES, form)}">${say('返回结算率', 'Back to the rate')}</a> · ${form.from} ~ ${form.to} · ${say('统计时点', 'as of')} ${form.asOf}</p>
${rows.length === 0 ? html`<p class="notice">${say('没有', 'None')}</p>` : table(say('按出院日期，最近的在前', 'The latest discharge first'), heads, rows, [7])}
${next ? html`<p><a rel="next" href="${next}">${say('下一页', 'Next page')}</a></p>` : ''}`,
  )
}

/** A message of a stay, and the address of its case; null where none is to be opened. */
export interface PlacedMessage {
  readonly message: StayMessage
  readonly address: string | null
}

/** The messages of a stay. @param next address of the next page; null on the last */
export function stayPage(
  scene: Scene,
  stay: string,
  messages: readonly PlacedMessage[],
  next: string | null,
): Html {
  const { say } = scene
  const rows = messages.map(({ message: one, address }) => [
    shanghaiTime(one.at as Instant).slice(0, 19),
    address === null
      ? html`<span class="id">${one.message ?? ''}</span>`
      : html`<a class="id" href="${address}">${one.message ?? say('查看', 'open')}</a>`,
    one.number,
    stateWord(say, one.state),
    one.reason ?? one.problem ?? '',
    yuan(one.total),
    yuan(one.fund),
  ])
  const heads = [
    ...[say('时间', 'Time'), say('报文（查看钱在哪里）', 'Message (where is the money)')],
    ...[say('交易', 'Transaction'), say('状态', 'State'), say('原因', 'Reason')],
    ...[say('总额（元）', 'Total (yuan)'), say('基金（元）', 'Funds (yuan)')],
  ]
  return page(
    scene,
    say('住院的报文', 'Messages of a stay'),
    RATES,
    html`<p>${say('住院', 'Stay')} <span class="id">${stay}</span></p>
${
  rows.length === 0
    ? html`<p class="notice">${say('没有您可以查看的报文：该住院由文件导入，或不在您的区划内', 'No message that you may see: the stay came by file, or is outside your areas')}</p>`
    : table(say('最早的在前', 'The earliest first'), heads, rows, [5, 6])
}
${next === null ? '' : html`<p><a rel="next" href="${next}">${say('下一页', 'Next page')}</a></p>`}`,
  )
}
