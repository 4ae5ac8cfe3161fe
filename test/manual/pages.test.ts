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

  it('say of each transaction its address over REST, and how its outcome is found after a lost answer', () => {
    const all = [...pages.values()].join('\n')
    const textOf = (number: string) =>
      all
        .slice(all.indexOf(`\n## ${number} `))
        .split('\n## ')[1]!
        .split('\n### ')[0]!
    for (const [number, path] of Object.entries(catalogue.rest().addresses)) {
      expect(textOf(number), number).toContain(`REST：\`POST ${path}\``)
      expect(textOf(number), number).toContain('应答丢失 Lost answer：')
      expect(all).toContain(`| POST ${path} |`)
    }
    for (const [number, told] of [
      ['2207', '网关查询5203、5202 the gateway asks 5203, 5202；仍无结果时用2601撤回'],
      ['2102', '网关查询5201、5203、5202'],
      ['7103', '网关查询7105 the gateway asks 7105；查不到的由人工核对'],
      ['3505A', '网关逐行查询3513'],
      ['2203', '网关以同一报文重发'],
      ['5203', '可再次查询'],
      ['7109', '由平台重发'],
      ['2204', '网关用2205撤回'],
      ['4401', '结果未知，由人工核对 unknown, a person’s'],
    ] as const)
      expect(textOf(number), number).toContain(told)
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
