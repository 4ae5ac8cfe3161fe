/** What is said about addresses: each that a sentence names is there, and who must show a key is told rightly. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway, startGateway } from './rest-support.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const READMES = ['README.md', 'README.zh-CN.md']

let gateway: Gateway
let paths: Record<string, Record<string, unknown>>

beforeAll(async () => {
  const keySha256 = createHash('sha256').update('secret').digest('hex')
  gateway = await startGateway([{ id: 'a', keySha256, institutions: ['H34010290001'] }])
  paths = (await gateway.ask('/openapi.json')).json.paths
})
afterAll(() => gateway.close())

function below(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((file) => file.isFile() && file.name.endsWith(ending))
    .map((file) => join(file.parentPath, file.name).slice(ROOT.length + 1))
}

/** Addresses of pages, and the two that the document does not hold: it does not describe itself. */
const PAGES = ['/', '/docs', '/openapi.json', '/docs/page.js', '/docs/rapidoc-min.js']

describe('addresses', () => {
  it('that a page or a text of the program names are in the document', () => {
    const offered = [...Object.keys(paths), ...PAGES].map(
      (path) => new RegExp(`^${path.replaceAll(/[.$]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    )
    /** Whether an address whose end a program puts in is one at least. */
    const isSome = (path: string) => {
      const pattern = new RegExp(`^${path.replaceAll('{x}', '[^/]+')}$`)
      return Object.keys(paths).some((one) => pattern.test(one))
    }
    const files = [...READMES, ...below('docs', '.md'), ...below('src', '.ts')]
    const strange = files.flatMap((file) =>
      [
        ...read(file).matchAll(/(?<![\w.)}-])\/(?:v1|problems|metrics|ready|health|docs)\b[\w/{}:$.-]*/g),
      ].flatMap(([named]) => {
        const path = named
          .replace(/[.:]$/, '')
          .replaceAll(/:(\w+)/g, '{$1}')
          .replaceAll(/\$\{[^}]*\}|\$[A-Z]+/g, '{x}')
        // The beginning of addresses: "/v1/reports/…", and folders of the source.
        const isBegin = path.endsWith('/') || ['/v1', '/v1/codes', '/v1/reports'].includes(path)
        const known = isBegin
          ? [...Object.keys(paths)].some((one) => one.startsWith(path))
          : offered.some((one) => one.test(path)) || (path.includes('{x}') && isSome(path))
        return known || /^\/docs\/.*\.md$|^\/docs\/examples/.test(path) ? [] : [`${file}: ${path}`]
      }),
    )
    expect([...new Set(strange)]).toEqual([])
  })
})

describe('callers', () => {
  it('both READMEs name exactly the addresses that ask nobody for a key once callers are set', async () => {
    const open: string[] = []
    for (const [path, methods] of Object.entries(paths)) {
      // The national wire says no with 200; its door is judged in the tests of callers.
      const [operation] = Object.values(methods) as { tags: string[] }[]
      if (operation!.tags[0] === '国家接口') continue
      for (const method of Object.keys(methods)) {
        const { status } = await gateway.ask(path.replaceAll(/\{\w+\}/g, 'x'), {
          method: method.toUpperCase(),
          headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
          ...(method === 'get' ? {} : { body: '{}' }),
        })
        if (status !== 401) open.push(path)
      }
    }
    for (const page of ['/', '/docs', '/openapi.json']) {
      if ((await gateway.ask(page)).status === 200) open.push(page)
    }
    for (const readme of READMES) {
      const sentence = /`ZHIJIE_CALLERS`[^-]*?(?=Keep the port|请把端口)/.exec(
        read(readme).slice(read(readme).search(/Without `ZHIJIE_CALLERS`|未设`ZHIJIE_CALLERS`时/)),
      )![0]
      const named = [...sentence.matchAll(/`(\/[^`]*)`/g)].map(([, path]) => path!)
      expect(named.sort(), readme).toEqual(
        open
          .map((path) => path.replace('/{code}', ''))
          .filter((path, index, all) => all.indexOf(path) === index)
          .sort(),
      )
    }
  })
})
