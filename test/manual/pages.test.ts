/** The field manual is what the catalogue says now: run `npm run field-manual` where this fails. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pagesNow } from '../../src/commands/field-manual.ts'
import { shippedCatalogue } from '../../src/extension/catalogue.ts'

const DOCS = join(import.meta.dirname, '..', '..', 'docs')
const pages = await pagesNow()
const catalogue = shippedCatalogue()

describe('docs/transactions.md', () => {
  it('and the pages below it are up to date', () => {
    const old = [...pages].filter(([path, text]) => readFileSync(join(DOCS, path), 'utf8') !== text)
    expect(old.map(([path]) => path)).toEqual([])
    const there = readdirSync(join(DOCS, 'transactions')).map((file) => `transactions/${file}`)
    expect(there.filter((path) => !pages.has(path))).toEqual([])
  })

  it('have every transaction, every field of an input and every code', () => {
    const all = [...pages.values()].join('\n')
    for (const { number, zh, en } of catalogue.heads.values()) {
      expect(all).toContain(`## ${number} ${zh} ${en}`)
      for (const { fields } of catalogue.entry(number).input)
        for (const { name, zh: label } of fields)
          expect(all).toContain(`| \`${name}\` | ${label.replaceAll('|', '\\|')} |`)
    }
    for (const { codes } of Object.values(catalogue.sets()))
      for (const code of Object.keys(codes)) expect(all).toContain(`| ${code} |`)
  })

  it('link only to what is there', () => {
    const broken = [...pages].flatMap(([path, text]) =>
      [...text.matchAll(/\]\((?!http)([^)#]*)(?:#([^)]*))?\)/g)].flatMap(([link, file, anchor]) => {
        const target = file === '' ? path : join(path, '..', file!)
        const page = pages.get(target)
        return page !== undefined && (!anchor || page.includes(`<a id="${anchor}"></a>`))
          ? []
          : [`${path}: ${link}`]
      }),
    )
    expect(broken).toEqual([])
  })
})
