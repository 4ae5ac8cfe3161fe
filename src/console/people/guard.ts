/** Who is at a page: the session in the cookie, the right that the page needs, and nobody without either. */

import type { HttpBindings } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Accounts, Person } from '../../people/accounts.ts'
import { hasRight, type Right } from '../../people/rights.ts'
import { SESSION_LIMITS, type Sessions } from '../../people/sessions.ts'
import { type Language, sayIn } from './language.ts'
import { ROOMS, type Scene } from './shell.ts'
import { sentencePage } from './sign-in-page.ts'

/** What the pages find in their context. */
export interface ConsoleRoom {
  Bindings: HttpBindings
  Variables: { person: Person }
}

/** A request of a page. */
export type Visit = Context<ConsoleRoom>

const SESSION_COOKIE = 'zhijie_session'
const LANGUAGE_COOKIE = 'zhijie_language'
const COOKIE = { path: '/console', httpOnly: true, sameSite: 'Strict' } as const

/** Where a session is kept in the browser: never readable by a script, never sent by another site. */
export interface SessionCookie {
  read(visit: Context): string | undefined
  write(visit: Context, token: string): void
  clear(visit: Context): void
}

/** @param secure whether people come by HTTPS, which the gateway itself does not speak */
export function createSessionCookie(secure: boolean): SessionCookie {
  return {
    read: (visit) => getCookie(visit, SESSION_COOKIE),
    write: (visit, token) =>
      setCookie(visit, SESSION_COOKIE, token, { ...COOKIE, secure, maxAge: SESSION_LIMITS.wholeMs / 1000 }),
    clear: (visit) => void deleteCookie(visit, SESSION_COOKIE, { ...COOKIE, secure }),
  }
}

/** The language that this browser has chosen. */
export function languageOf(visit: Context): Language {
  return getCookie(visit, LANGUAGE_COOKIE) === 'en' ? 'en' : 'zh'
}

/** Keeps the choice. */
export function keepLanguage(visit: Context, language: Language): void {
  setCookie(visit, LANGUAGE_COOKIE, language, { ...COOKIE, sameSite: 'Lax', maxAge: 365 * 86_400 })
}

/** What a page is made in. */
export function sceneOf(visit: Context, person: Person | null): Scene {
  const language = languageOf(visit)
  return { language, say: sayIn(language), path: askedOf(visit), person }
}

/** The path with its question, as whoever looks at the page may come back to it; a form's is the path alone. */
function askedOf({ req }: Context): string {
  return req.method === 'GET' ? req.path + new URL(req.url).search : req.path
}

const BACK = /^\/console\/(?!sign-|language)[\w/-]{1,80}(\?[\w%&=.:~+-]{0,800})?$/
const BACK_AT_SIGN_IN = /^\/console\/sign-in(\?back=[\w%.~-]{0,800})?$/

/** An address of the console to go back to, with its question; anything else leads to its beginning. */
export function backTo(given: string | undefined): string {
  return given && BACK.test(given) ? given : '/console'
}

/** Where the switch of languages leads back to: the sign-in too, which keeps where its visitor wanted to go. */
export function backInLanguage(given: string | undefined): string {
  return given && BACK_AT_SIGN_IN.test(given) ? given : backTo(given)
}

/** Address of the socket; forwarded headers are not read, since anyone may send them. */
export function addressOf(visit: Context): string {
  return getConnInfo(visit).remote.address ?? ''
}

/** The first page that a person may see. */
export function firstRoom(person: Person): string {
  return ROOMS.find(({ right }) => hasRight(person, right))!.path
}

/** Lets in who is signed in and has the right; others are led to the sign-in, or told. */
export function needs(
  right: Right | null,
  ports: { readonly sessions: Sessions; readonly accounts: Accounts; readonly cookie: SessionCookie },
): MiddlewareHandler<ConsoleRoom> {
  return async (visit, next) => {
    const person = await ports.sessions.personOf(ports.cookie.read(visit))
    if (!person)
      return visit.redirect(`/console/sign-in?back=${encodeURIComponent(backTo(askedOf(visit)))}`, 303)
    if (right !== null && !hasRight(person, right)) {
      const scene = sceneOf(visit, person)
      const { say } = scene
      const sentence = say('您的角色没有此页的权限', 'Your role may not see this page')
      return visit.html(sentencePage(scene, say('没有权限', 'Not allowed'), sentence), 403)
    }
    visit.set('person', person)
    return next()
  }
}
