/** 实时: how much there is to do, what the gateway and its counterparts take, which links are closed and how counters hear of it. */
import { html } from 'hono/html'
import { type Instant, instantFromShanghai, shanghaiTime } from '../../domain/day.ts'
import { type NameOf, partyNamed, WHY_NOT_SENT } from '../../pipeline/refusals.ts'
import type { ChannelStatus } from '../../transport/transport.ts'
import { barChart, type Html } from '../charts.ts'
import type { Say } from './language.ts'
import type { Pulse } from './reads.ts'
import { page, type Scene, table } from './shell.ts'

/** What the page shows. */
export interface Live {
  readonly pulse: Pulse
  readonly channels: readonly ChannelStatus[]
  readonly nameOf: NameOf
  readonly now: Instant
  /** Number of the worker whose links are shown, where there are several; null for the only one. */
  readonly worker: number | null
}

const ms = (value: number) => (value < 10 ? value.toFixed(1) : Math.round(value).toString())
const clockOf = (at: Instant) => shanghaiTime(at).slice(11, 16)

/** `national/430000` as the counter hears it. */
export function partyOf(destination: string, nameOf: NameOf): string {
  const [platform = '', insured = platform] = destination.split('/')
  return partyNamed(platform, insured, nameOf)
}

/** What a counter is told of a link just now: the words of the refusal itself. */
export function clerkWords({ breaker, destination, since }: ChannelStatus, nameOf: NameOf): string {
  const who = partyOf(destination, nameOf)
  if (breaker !== 'open') return `${who}可正常办理`
  const refused = {
    why: 'down',
    since: since === null ? null : instantFromShanghai(since),
    againMs: 0,
  } as const
  return `${who}${WHY_NOT_SENT.down(refused)}，未发出，未发生费用。请稍后用同一报文ID重发`
}

const WHY_OPEN: Readonly<Record<'silence' | 'faults', readonly [zh: string, en: string]>> = {
  silence: ['无应答', 'silent'],
  faults: ['应答不可用', 'unusable answers'],
}

/** The page. */
export function livePage(scene: Scene, live: Live): Html {
  const { say } = scene
  const { pulse, channels, nameOf, now, worker } = live
  const total = pulse.minutes.reduce((sum, { count }) => sum + count, 0)
  const closed = channels.filter(({ breaker }) => breaker === 'open')
  const points = pulse.minutes.map(({ at, count }) => ({ label: clockOf(at), value: count }))
  const most = Math.max(0, ...points.map(({ value }) => value))
  const title = say('每分钟报文数', 'Messages a minute')
  const text = say(
    `最近15分钟共${total}笔，最多一分钟${most}笔`,
    `${total} in the last 15 minutes, ${most} in the busiest`,
  )
  return page(
    scene,
    say('实时', 'Live'),
    '/console/live',
    html`<p class="lead">${say('截至', 'As of ')}${shanghaiTime(now).slice(0, 19)} · <a href="/console/live">${say('刷新', 'refresh')}</a></p>
<dl class="figures"><div><dt>${say('最近15分钟报文', 'Messages, last 15 minutes')}</dt><dd>${total}</dd></div>
<div><dt>${say('启动以来往来的平台', 'Links since the start')}</dt><dd>${channels.length}</dd></div>
<div><dt>${say('暂停发送', 'Closed')}</dt><dd class="${closed.length > 0 ? 'bad' : ''}">${closed.length}</dd></div></dl>
<h2>${title}</h2>${barChart({ title, text }, points)}
<details><summary>${say('数据表', 'Table')}</summary>${table(
      title,
      [say('时间', 'Time'), say('报文数', 'Messages')],
      points.map(({ label, value }) => [label, value]),
      [1],
    )}</details>
<h2>${say('各平台耗时', 'Times by platform')}</h2>${hopTable(say, live)}
<h2>${say('各平台通断', 'Links')}</h2>
${worker === null ? '' : html`<p class="note">${say(`本页为第${worker}个工作进程所见`, `As worker ${worker} sees it`)}</p>`}
${linkTable(say, channels, nameOf)}`,
  )
}

function hopTable(say: Say, { pulse, nameOf }: Live): Html {
  if (pulse.hops.length === 0)
    return html`<p>${say('最近15分钟没有发往平台的报文', 'Nothing was sent to a platform in the last 15 minutes')}</p>`
  const half = say('半数以内', 'half within')
  const most = say('99%以内', '99% within')
  const [own, other] = [say('网关', 'gateway'), say('对方', 'counterpart')]
  return table(
    say('最近15分钟，毫秒', 'Last 15 minutes, milliseconds'),
    [
      ...[say('平台', 'Platform'), say('笔数', 'Messages'), `${own} ${half}`, `${own} ${most}`],
      ...[`${other} ${half}`, `${other} ${most}`, say('结果未知', 'Unknown')],
    ],
    pulse.hops.map(({ destination, count, ownMs, counterpartMs, unclear }) => [
      ...[partyOf(destination, nameOf), count, ms(ownMs.half), ms(ownMs.most)],
      ...[ms(counterpartMs.half), ms(counterpartMs.most), unclear],
    ]),
    [1, 2, 3, 4, 5, 6],
  )
}

const TRAFFIC: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  changes: ['办理', 'changes'],
  questions: ['查询', 'questions'],
}

function linkTable(say: Say, channels: readonly ChannelStatus[], nameOf: NameOf): Html {
  if (channels.length === 0)
    return html`<p>${say('本次启动以来尚未向平台发送报文', 'No platform was called since the start')}</p>`
  const order = (one: ChannelStatus) => `${one.breaker === 'open' ? 0 : 1}${one.destination}${one.traffic}`
  const rows = channels.toSorted((one, other) => (order(one) < order(other) ? -1 : 1))
  return table(
    say('窗口看到的说明', 'What counters are told'),
    [
      ...[say('平台', 'Platform'), say('业务', 'Traffic'), say('状态', 'State'), say('自', 'Since')],
      ...[say('在途/上限', 'Under way / limit'), say('窗口提示', 'The counter reads')],
    ],
    rows.map((one) => {
      const isOpen = one.breaker === 'open'
      const [zh, en] = TRAFFIC[one.traffic] ?? [one.traffic, one.traffic]
      const [whyZh, whyEn] = one.why ? WHY_OPEN[one.why] : ['', '']
      const state = isOpen ? say(`暂停发送（${whyZh}）`, `closed (${whyEn})`) : say('正常', 'open')
      return [
        ...[partyOf(one.destination, nameOf), say(zh, en)],
        html`<span class="${isOpen ? 'bad' : ''}">${state}</span>`,
        ...[one.since?.slice(0, 16) ?? '', `${one.inFlight}/${one.limit}`],
        html`<span lang="zh-CN">${clerkWords(one, nameOf)}</span>`,
      ]
    }),
    [4],
  )
}
