/** The manuals name the catalogue downloads that `--download` takes, and no others. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { importedDownloads } from '../../../src/codes/import/downloads.ts'

const DOCS = join(import.meta.dirname, '../../../docs')

/** `1301–1303、1306A` → each of them. */
function numbersIn(list: string): string[] {
  return list.split(/, |、/).flatMap((part) => {
    const [first, last = first] = part.split('–')
    if (first === last) return [part]
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) =>
      String(Number(first) + index),
    )
  })
}

it.each(['operator.md', 'operator.zh-CN.md'])('%s names what --download takes', (file) => {
  const row = readFileSync(join(DOCS, file), 'utf8').match(/^\| `--download .*$/m)![0]
  const list = /[(（]([\dA–、, ]+)[)）]/.exec(row)![1]!
  expect(numbersIn(list).sort()).toEqual(Object.keys(importedDownloads()).sort())
})
