/** The console: pages for people of a bureau, behind their sign-in. Rendered on the server; nothing of them needs a script. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Context, Hono } from 'hono'
import { csrf } from 'hono/csrf'
import { timing } from 'hono/timing'
import { parseDay } from '../../domain/day.ts'
import { GatewayError } from '../../domain/problems.ts'
import { asGatewayError, retryAfterHeader } from '../../http/problem.ts'
import { openAccounts } from '../../people/accounts.ts'
import { areaPrefixes, hasRight } from '../../people/rights.ts'
import { openSessions } from '../../people/sessions.ts'
import { openSignIn } from '../../people/sign-in.ts'
import { formOf, show } from './answering.ts'
import { dayPage } from './day-page.ts'
import {
  addressOf,
  backInLanguage,
  backTo,
  type ConsoleRoom,
  createSessionCookie,
  firstRoom,
  keepLanguage,
  needs,
  sceneOf,
} from './guard.ts'
import { livePage } from './live-page.ts'
import { moneyRoutes } from './money-routes.ts'
import { type ConsolePorts, createConsoleReader } from './ports.ts'
import { ratesRoutes } from './rates-routes.ts'
import { sentencePage, signInPage } from './sign-in-page.ts'
import { unknownPage } from './unknown-page.ts'

/** Nothing but our own style and forms: no script at all. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const

/** The routes. Paths are whole, so mount at `/`. */
export function peopleRoutes(ports: ConsolePorts): Hono<ConsoleRoom> {
  const { clock, services, today, publicUrl } = ports
  const accounts = openAccounts(ports.peopleDir)
  const sessions = openSessions(ports.peopleDir, accounts, clock)
  const door = openSignIn(accounts)
  const cookie = createSessionCookie(publicUrl?.startsWith('https:') ?? false)
  const guard = { sessions, accounts, cookie }
  const reader = createConsoleReader(ports)
  const app = new Hono<ConsoleRoom>()
  let style: Promise<string> | null = null
  const nameOf = (code: string) => {
    const found = services.codes.current().lookup('area', code, today())
    return found.found ? found.entry.name : null
  }

  app.use('/console', timing(), headers)
  app.use('/console/*', timing(), headers)
  // The gate before the app has judged names and sites; this holds every form to our own pages once more.
  app.use('/console/*', csrf({ origin: (origin, visit) => isOwn(origin, visit, publicUrl) }))

  app.get('/console/style.css', async (visit) => {
    style ??= readFile(join(import.meta.dirname, 'style.css'), 'utf8')
    return visit.body(await style, 200, {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'max-age=300',
    })
  })
  app.get('/console/language', (visit) => {
    keepLanguage(visit, visit.req.query('to') === 'en' ? 'en' : 'zh')
    return visit.redirect(backInLanguage(visit.req.query('back')), 303)
  })
  app.get('/console/sign-in', (visit) => {
    const back = backTo(visit.req.query('back'))
    return show(visit, signInPage(sceneOf(visit, null), null, back))
  })
  app.post('/console/sign-in', async (visit) => {
    const form = await formOf(visit)
    const scene = sceneOf(visit, null)
    const { say } = scene
    const name = form.get('name') ?? ''
    const back = backTo(form.get('back') ?? undefined)
    const said = await door.try(name, form.get('password') ?? '', addressOf(visit))
    if (said.is === 'in') {
      cookie.write(visit, await sessions.begin(name))
      ports.note({ person: name }, 'a person has signed in')
      return visit.redirect(back, 303)
    }
    if (said.is === 'slow-down') {
      visit.header('retry-after', String(said.seconds))
      const minutes = Math.ceil(said.seconds / 60)
      const fault = say(
        `尝试次数过多，请${minutes}分钟后再试`,
        `Too many tries: again in ${minutes} minute(s)`,
      )
      return show(visit, signInPage(scene, fault, back), 429)
    }
    ports.note({}, 'somebody could not sign in')
    return show(
      visit,
      signInPage(scene, say('用户名或密码不正确', 'Name or password is not right'), back),
      401,
    )
  })
  app.post('/console/sign-out', async (visit) => {
    await sessions.end(cookie.read(visit))
    cookie.clear(visit)
    return visit.redirect('/console/sign-in', 303)
  })

  app.get('/console', needs(null, guard), (visit) => visit.redirect(firstRoom(visit.get('person')), 303))
  app.get('/console/live', needs('live', guard), async (visit) => {
    const now = clock.now()
    const pulse = await reader.pulse(now, visit.req.raw.signal)
    const live = { pulse, channels: ports.destinations(), nameOf, now, worker: ports.worker ?? null }
    return show(visit, livePage(sceneOf(visit, visit.get('person')), live))
  })
  app.get('/console/unknown', needs('unknown', guard), async (visit) => {
    const person = visit.get('person')
    const { total, rows } = await reader.open(areaPrefixes(person), visit.req.raw.signal)
    const cases = await reader.withProgress(rows)
    const shown = { total, cases, paused: ports.recovery.isPaused(), today: today() }
    return show(
      visit,
      unknownPage(sceneOf(visit, person), { ...shown, mayOpen: hasRight(person, 'money'), nameOf }),
    )
  })
  app.route(
    '/',
    moneyRoutes({ ...ports, nameOf }, reader, (right) => needs(right, guard)),
  )
  app.route(
    '/',
    ratesRoutes({ ...ports, nameOf }, reader, (right) => needs(right, guard)),
  )
  app.get('/console/day', needs('day', guard), async (visit) => {
    const person = visit.get('person')
    const day = readDayAsked(visit.req.query('day'), today())
    const read = await reader.day(day, areaPrefixes(person), visit.req.raw.signal)
    return show(visit, dayPage(sceneOf(visit, person), day, today(), read, nameOf))
  })
  app.onError((cause, visit) => {
    // The guard against foreign forms throws an answer of its own, in English.
    const isForeign = 'status' in cause && cause.status === 403
    const error = isForeign
      ? new GatewayError(
          'cross-site',
          'receive',
          '不接受其他网站的页面发来的请求，本次未办理任何业务',
          {},
          cause,
        )
      : asGatewayError(cause)
    if (error.code === 'internal-fault') ports.fault(cause)
    const retryAfter = retryAfterHeader(error)
    if (retryAfter) visit.header('retry-after', retryAfter)
    const scene = sceneOf(visit, null)
    const sentence = scene.say(error.message, error.row.title)
    return visit.html(sentencePage(scene, scene.say('无法显示', 'Not possible'), sentence), error.row.status)
  })
  return app
}

async function headers(visit: Context, next: () => Promise<void>) {
  for (const [name, value] of Object.entries(HEADERS)) visit.header(name, value)
  await next()
}

/** Whether a form comes from a page of ours: by the name that the browser asked for, or the one that is made known. */
function isOwn(origin: string, visit: Context, publicUrl: string | null): boolean {
  const host = URL.parse(origin)?.host
  return (
    host !== undefined && (host === visit.req.header('host') || host === URL.parse(publicUrl ?? '')?.host)
  )
}

function readDayAsked(given: string | undefined, today: ReturnType<typeof parseDay>) {
  if (given === undefined) return today
  try {
    const day = parseDay(given)
    if (day <= today) return day
  } catch {
    // Told below.
  }
  throw new GatewayError('invalid-report', 'report', '日期须为YYYY-MM-DD，且不晚于今天')
}
