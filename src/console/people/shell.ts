/** The frame of every page of the console. It works without a script, prints, and can be gone through by keyboard. */
import { html } from 'hono/html'
import type { Person } from '../../people/accounts.ts'
import { hasRight, PERSON_ROLES, type Right } from '../../people/rights.ts'
import type { Html } from '../charts.ts'
import type { Language, Say } from './language.ts'

/** A page in the navigation, and the right that it needs. */
export interface Room {
  readonly path: string
  readonly right: Right
  readonly zh: string
  readonly en: string
}

/** The pages, in the order of the navigation. */
export const ROOMS: readonly Room[] = [
  { path: '/console/rates', right: 'rates', zh: '结算率', en: 'Settlement rate' },
  { path: '/console/live', right: 'live', zh: '实时', en: 'Live' },
  { path: '/console/unknown', right: 'unknown', zh: '未知状态', en: 'Unknown' },
  { path: '/console/money', right: 'money', zh: '钱在哪里', en: 'Where is the money' },
  { path: '/console/day', right: 'day', zh: '日结', en: 'Day' },
]

/** What a page is made in. */
export interface Scene {
  readonly language: Language
  readonly say: Say
  /** Path of the page with its question, as it was asked. */
  readonly path: string
  /** Null before somebody has signed in. */
  readonly person: Person | null
}

/** A whole page. @param room path of the room that it belongs to; empty for none */
export function page(scene: Scene, title: string, room: string, body: unknown): Html {
  const { language, say, person } = scene
  const other = language === 'en' ? 'zh' : 'en'
  return html`<!doctype html>
<html lang="${language === 'en' ? 'en' : 'zh-CN'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${say('直结', 'Zhijie')}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/console/style.css">
</head>
<body>
<a class="skip" href="#content">${say('跳到正文', 'Skip to content')}</a>
<header class="top">
<a class="name" href="/console">${say('直结', 'Zhijie')}</a>
${person ? navigation(scene, person, room) : ''}
<div class="who">
<a href="/console/language?to=${other}&amp;back=${encodeURIComponent(scene.path)}" lang="${other === 'en' ? 'en' : 'zh-CN'}" hreflang="${other === 'en' ? 'en' : 'zh-CN'}">${other === 'en' ? 'English' : '中文'}</a>
${person ? who(say, person) : ''}
</div>
</header>
<main id="content" tabindex="-1">
<h1>${title}</h1>
${body}
</main>
</body>
</html>`
}

function navigation({ say }: Scene, person: Person, room: string): Html {
  const rooms = ROOMS.filter(({ right }) => hasRight(person, right))
  const links = rooms.map(
    ({ path, zh, en }) =>
      html`<li><a href="${path}"${path === room ? html` aria-current="page"` : ''}>${say(zh, en)}</a></li>`,
  )
  return html`<nav aria-label="${say('主导航', 'Main')}"><ul>${links}</ul></nav>`
}

function who(say: Say, { name, role, areas }: Person): Html {
  const { zh, en } = PERSON_ROLES[role]
  const where = areas.length === 0 ? say('全部区划', 'all areas') : areas.join('、')
  return html`<span class="person">${name}<small>${say(zh, en)} · ${where}</small></span>
<form method="post" action="/console/sign-out"><button class="quiet">${say('退出', 'Sign out')}</button></form>`
}

/** A table with its caption, in a frame that scrolls on a narrow screen. Cells of `numbers` columns stand to the right. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly unknown[])[],
  numbers: readonly number[] = [],
): Html {
  const kind = (index: number) => (numbers.includes(index) ? html` class="number"` : '')
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${heads.map((head, index) => html`<th scope="col"${kind(index)}>${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell, index) => html`<td${kind(index)}>${cell}</td>`)}</tr>`)}</tbody></table></div>`
}
