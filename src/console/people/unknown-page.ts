/** 未知状态: what has no outcome, how old it is, who acts next and when, and by which day it can still be undone freely. */
import { html } from 'hono/html'
import { type Day, daysBetween } from '../../domain/day.ts'
import type { OpenCase } from '../../pipeline/recovery/open-cases.ts'
import type { NameOf } from '../../pipeline/refusals.ts'
import type { Html } from '../charts.ts'
import { ageText, type Say, stateWord, stepWord } from './language.ts'
import { partyOf } from './live-page.ts'
import type { PlacedRow } from './reads.ts'
import { page, type Scene, table } from './shell.ts'

/** A case as the page shows it: what the worker knows is there only of its own cases. */
export interface ShownCase {
  readonly row: PlacedRow
  readonly known: OpenCase | null
}

/** What the page shows. */
export interface UnknownCases {
  readonly total: number
  readonly cases: readonly ShownCase[]
  readonly paused: boolean
  readonly today: Day
  /** Whether the person may look at one of them. */
  readonly mayOpen: boolean
  readonly nameOf: NameOf
}

/** Address of one case. */
export function caseAddress({ worker, id }: Pick<PlacedRow, 'worker' | 'id'>): string {
  return `/console/money/${worker}-${id}`
}

/** Who acts next, in words. */
export function ownerWord(say: Say, { owner, nextStep }: Pick<OpenCase, 'owner' | 'nextStep'>): string {
  if (owner === 'recovery') return say('网关自动处理', 'the gateway')
  return nextStep === 'operator'
    ? say('人工', 'a person')
    : say('人工关注，网关仍在处理', 'a person too; the gateway goes on')
}

function closing(say: Say, closesOn: Day, today: Day): Html {
  const left = daysBetween(today, closesOn)
  const text = left < 0 ? say('已过', 'over') : say(`还有${left}天`, `${left} day(s) left`)
  return html`${closesOn} <span class="${left <= 3 ? 'bad' : ''}">${text}</span>`
}

/** The page. */
export function unknownPage(
  scene: Scene,
  { total, cases, paused, today, mayOpen, nameOf }: UnknownCases,
): Html {
  const { say } = scene
  const title = say('未知状态', 'Unknown outcomes')
  const rows = cases.map(({ row, known }) => [
    mayOpen
      ? html`<a class="id" href="${caseAddress(row)}">${row.message}</a>`
      : html`<span class="id">${row.message}</span>`,
    row.transaction,
    row.institution,
    row.destination ? partyOf(row.destination, nameOf) : '',
    stateWord(say, row.state),
    known ? ageText(say, known.ageSeconds) : '',
    known ? ownerWord(say, known) : '',
    known
      ? html`${stepWord(say, known.nextStep)}<br><small>${nextTime(say, known, paused)}</small>`
      : say(`第${row.worker}个工作进程办理`, `worker ${row.worker}`),
    known ? closing(say, known.closesOn, today) : '',
  ])
  const heads = [
    ...[
      say('报文ID', 'Message'),
      say('交易', 'Transaction'),
      say('机构', 'Institution'),
      say('平台', 'Platform'),
    ],
    ...[say('状态', 'State'), say('已历时', 'Age'), say('由谁处理', 'Owner'), say('下一步', 'Next step')],
    say('可冲正至', 'Closes'),
  ]
  return page(
    scene,
    title,
    '/console/unknown',
    html`<p class="lead">${say(
      '已发往平台而没有明确结果的交易。网关按报文ID向平台查询，凭平台答复了结，不猜测，不重复收费。',
      'Messages that have left and got no clear answer. The gateway asks the platform by message id and ends them on evidence alone.',
    )}</p>
${paused ? html`<p class="notice bad" role="alert">${say('自动处理已暂停，请联系网关管理员', 'Recovery is paused: tell whoever runs the gateway')}</p>` : ''}
<dl class="figures"><div><dt>${say('结果未知', 'Unknown')}</dt><dd class="${total > 0 ? 'warn' : ''}">${total}</dd></div>
<div><dt>${say('须人工处理', 'For a person')}</dt><dd>${cases.filter(({ known }) => known?.owner === 'operator').length}</dd></div></dl>
${
  cases.length === 0
    ? html`<p class="notice">${say('没有结果未知的交易', 'Nothing is unknown')}</p>`
    : table(say(`最早的${cases.length}笔`, `The oldest ${cases.length}`), heads, rows)
}`,
  )
}

/** When the next step is taken, in words. */
export function nextTime(say: Say, { nextStep, nextAt, leasedBy }: OpenCase, paused: boolean): string {
  if (paused) return say('已暂停', 'paused')
  if (nextStep === 'operator') return say('由人工决定', 'when a person decides')
  return leasedBy ? say('正在进行', 'under way') : nextAt.slice(0, 19)
}
