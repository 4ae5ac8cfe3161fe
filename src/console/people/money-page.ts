/** 钱在哪里: one transaction, found by message id, settlement id, visit or key. */
import { html } from 'hono/html'
import { type Instant, shanghaiTime } from '../../domain/day.ts'
import { asFen, yuanFromFen } from '../../domain/money.ts'
import type { OpenCase } from '../../pipeline/recovery/open-cases.ts'
import type { NameOf } from '../../pipeline/refusals.ts'
import type { Html } from '../charts.ts'
import { ageText, type Say, stateWord, stepWord } from './language.ts'
import type { LifeRead, PlacedRow } from './reads.ts'
import { page, type Scene, table } from './shell.ts'
import { caseAddress, nextTime, ownerWord } from './unknown-page.ts'
import { ACTION_WORDS, ACTIONS, type ActionFacts, whereabouts, whyNot } from './whereabouts.ts'

const time = (at: number) => shanghaiTime(at as Instant).slice(0, 19)
const yuan = (fen: number | null) => (fen === null ? '' : yuanFromFen(asFen(fen)))

/** What was found by a text. */
export interface FoundRows {
  readonly text: string
  readonly rows: readonly PlacedRow[]
  /** What is wrong with the text; null for nothing. */
  readonly fault: string | null
}

function form(say: Say, text: string): Html {
  return html`<form class="line" method="post" action="/console/money" role="search">
<label>${say('报文ID、结算ID、就诊ID或Idempotency-Key', 'Message, settlement or visit id, or Idempotency-Key')}
<input name="text" value="${text}" required maxlength="128" autocomplete="off" spellcheck="false"></label>
<button>${say('查找', 'Find')}</button></form>`
}

/** The page before something is chosen. @param found null before something was asked */
export function moneyPage(scene: Scene, found: FoundRows | null): Html {
  const { say } = scene
  const said =
    found &&
    (found.fault ??
      (found.rows.length === 0
        ? say('没有找到，或不在您的区划内', 'Nothing was found, or it is not of your areas')
        : null))
  return page(
    scene,
    say('钱在哪里', 'Where is the money'),
    '/console/money',
    html`<p class="lead">${say('一笔交易在医院、网关、平台三方各是什么状态，凭什么这样说，下一步是什么。请勿输入姓名、证件号码。', 'What hospital, gateway and platform hold of one transaction, by which evidence, and what comes next. No names or document numbers, please.')}</p>
${form(say, found?.text ?? '')}
${said ? html`<p class="notice" role="status">${said}</p>` : ''}
${found && found.rows.length > 0 ? rowsTable(say, say(`找到${found.rows.length}笔`, `${found.rows.length} found`), found.rows) : ''}`,
  )
}

function rowsTable(say: Say, caption: string, rows: readonly PlacedRow[]): Html {
  return table(
    caption,
    [
      ...[
        say('时间', 'Time'),
        say('报文ID', 'Message'),
        say('交易', 'Transaction'),
        say('机构', 'Institution'),
      ],
      ...[say('状态', 'State'), say('总额（元）', 'Total (yuan)')],
    ],
    rows.map((row) => [
      time(row.at),
      html`<a class="id" href="${caseAddress(row)}">${row.message ?? `${row.worker}-${row.id}`}</a>`,
      ...[row.transaction, row.institution, stateWord(say, row.state), yuan(row.total)],
    ]),
    [5],
  )
}

/** What the page of one transaction shows. */
export interface MoneyCase extends Omit<ActionFacts, 'state'> {
  readonly read: NonNullable<LifeRead>
  readonly known: OpenCase | null
  readonly mayReveal: boolean
  readonly nameOf: NameOf
  /** What is sealed, where it was revealed; null where it was not. */
  readonly revealed: readonly (readonly [what: string, text: string])[] | null
  /** What has just been done, for the person; null for nothing. */
  readonly done: string | null
}

/** The page of one transaction. */
export function moneyCasePage(scene: Scene, shown: MoneyCase): Html {
  const { say } = scene
  const { read, known, done } = shown
  const { row, life, beside } = read
  const title = say('钱在哪里', 'Where is the money')
  return page(
    scene,
    title,
    '/console/money',
    html`<p class="lead">${row.transaction} · <span class="id">${row.message}</span> · ${row.institution} · ${say('参保地', 'insured in ')}${row.insuredArea} · ${say('就医地', 'treated in ')}${row.treatmentArea}${row.total === null ? '' : html` · ${say('总额', 'total ')}${yuan(row.total)}${say('元', ' yuan')}`}</p>
${done === null ? '' : html`<p class="notice" role="status">${done}</p>`}
<div class="columns">${whereabouts(say, read, shown.nameOf).map(
      ({ who, state, evidence }) =>
        html`<section><h3>${who}</h3><strong>${state}</strong><ul>${evidence.map((one) => html`<li>${one}</li>`)}</ul></section>`,
    )}</div>
${known ? html`<h2>${say('下一步', 'Next')}</h2><p>${ownerWord(say, known)}：${stepWord(say, known.nextStep)}，${nextTime(say, known, shown.paused)} · ${say('已历时', 'age ')}${ageText(say, known.ageSeconds)} · ${say('可冲正至', 'can be undone until ')}${known.closesOn}</p>` : ''}
<h2>${say('可以做什么', 'What may be done')}</h2>${actions(say, row, { ...shown, state: row.state })}
<h2>${say('全过程', 'Its life')}</h2>
<ol class="life"><li><time>${time(row.at)}</time>${say('受理', 'taken up')}</li>${life.map(
      (one) =>
        html`<li><time>${time(one.at)}</time>${stateWord(say, one.state)}${one.reason ? html` · ${one.reason}` : ''}${one.problem ? html` · ${one.problem}` : ''}${one.settlement ? html` · ${say('结算ID ', 'settlement ')}<span class="id">${one.settlement}</span>` : ''}${one.total === null ? '' : html` · ${say('总额', 'total ')}${yuan(one.total)} · ${say('基金', 'fund ')}${yuan(one.fund)} · ${say('个账', 'account ')}${yuan(one.account)} · ${say('现金', 'cash ')}${yuan(one.cash)}`}</li>`,
    )}</ol>
${beside.length > 0 ? html`<h2>${say('同一就诊的其他交易', 'Others of the visit')}</h2>${rowsTable(say, say(`就诊ID ${row.encounter}`, `Visit ${row.encounter}`), beside)}` : ''}
<h2>${say('个人信息', 'Personal data')}</h2>${personal(say, shown)}
${form(say, '')}`,
  )
}

function actions(say: Say, row: PlacedRow, facts: ActionFacts): Html {
  const items = ACTIONS.map((action) => {
    const why = whyNot(say, action, facts)
    const name = say(...ACTION_WORDS[action])
    return html`<li><form method="post" action="${caseAddress(row)}/act"><input type="hidden" name="action" value="${action}">
<button${why === null ? '' : html` disabled aria-describedby="why-${action}"`}>${name}</button></form>
<p id="why-${action}">${why ?? say('只把网关本就要做的下一步提前', 'Only brings forward what the gateway would do next')}</p></li>`
  })
  return html`<ul class="actions">${items}</ul>`
}

function personal(say: Say, { read, mayReveal, revealed }: MoneyCase): Html {
  if (revealed) {
    return html`<p class="notice">${say('本次查看及理由已记入交易日志', 'This look and its reason are in the journal')}</p>${table(
      say('报文原文中的个人信息', 'Personal data of the message'),
      [say('项目', 'What'), say('内容', 'Text')],
      revealed,
    )}`
  }
  const masked = html`<p>${say('姓名、证件号码、人员编号：', 'Name, document and person numbers: ')}******</p>`
  if (!mayReveal) return masked
  return html`${masked}<form class="line" method="post" action="${caseAddress(read.row)}/reveal">
<label>${say('查看理由（记入交易日志）', 'Reason (kept in the journal)')}<input name="reason" required minlength="4" maxlength="200" autocomplete="off"></label>
<button>${say('查看', 'Reveal')}</button></form>`
}
