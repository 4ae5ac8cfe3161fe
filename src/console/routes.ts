/** The pages that people look at. They load nothing from another host. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { DOCS_PAGE } from './docs.ts'
import { LANDING_PAGE } from './landing.ts'
import { PAGE_SCRIPT } from './page-script.ts'
import { inChinese } from './rapidoc-words.ts'

const RAPIDOC = createRequire(import.meta.url).resolve('rapidoc/dist/rapidoc-min.js')

/** Nothing from elsewhere; the component of the documentation writes its own styles. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS = {
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

const SCRIPT = {
  ...HEADERS,
  'content-type': 'text/javascript; charset=utf-8',
  'cache-control': 'public, max-age=86400',
} as const

/** `GET /`, `/docs`, `/docs/rapidoc-min.js`, `/docs/page.js`. */
export function consoleRoutes(): Hono {
  const app = new Hono()
  let rapidoc: Promise<string> | null = null
  app.get('/', (context) => {
    // A browser is a person's: it is led to the pages for people.
    context.header('vary', 'accept')
    const isBrowser = context.req.header('accept')?.includes('text/html') === true
    return isBrowser ? context.redirect('/console', 302) : context.html(LANDING_PAGE, 200, HEADERS)
  })
  app.get('/docs', (context) => context.html(DOCS_PAGE, 200, HEADERS))
  app.use('/docs/rapidoc-min.js', compress())
  app.get('/docs/rapidoc-min.js', async (context) => {
    rapidoc ??= readFile(RAPIDOC, 'utf8').then(inChinese)
    return context.body(await rapidoc, 200, SCRIPT)
  })
  app.get('/docs/page.js', (context) => context.body(PAGE_SCRIPT, 200, SCRIPT))
  return app
}
