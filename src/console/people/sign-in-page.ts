/** Signing in, and what is said where a page is not this person's. */
import { html } from 'hono/html'
import type { Html } from '../charts.ts'
import { page, type Scene } from './shell.ts'

/** The form. @param fault what was wrong with the last try; null for none */
export function signInPage(scene: Scene, fault: string | null, back: string): Html {
  const { say } = scene
  return page(
    scene,
    say('登录', 'Sign in'),
    '',
    html`${fault === null ? '' : html`<p class="notice bad" role="alert">${fault}</p>`}
<form class="sign-in" method="post" action="/console/sign-in">
<input type="hidden" name="back" value="${back}">
<label>${say('用户名', 'Name')}<input name="name" autocomplete="username" required maxlength="40" autofocus></label>
<label>${say('密码', 'Password')}<input name="password" type="password" autocomplete="current-password" required maxlength="200"></label>
<button>${say('登录', 'Sign in')}</button>
</form>
<p class="note">${say('账号由网关管理员开立：', 'Whoever runs the gateway makes an account: ')}<code>npm run people -- add</code></p>
<p class="note"><a href="/docs">${say('接口文档与试用', 'Read and try the interface')}</a></p>`,
  )
}

/** A page of one sentence, for what is not allowed, not there or not possible now. */
export function sentencePage(scene: Scene, title: string, sentence: string): Html {
  return page(
    scene,
    title,
    '',
    html`<p class="notice bad" role="alert">${sentence}</p>
<p><a href="/console">${scene.say('返回控制台', 'Back to the console')}</a></p>`,
  )
}
