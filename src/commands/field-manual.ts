/** `npm run field-manual`: writes the field manual `docs/transactions.md` and the pages below it. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { shippedCatalogue } from '../extension/catalogue.ts'
import { loadRegistry } from '../extension/registry.ts'
import { manualPages, type Pages } from '../manual/pages.ts'

const DOCS = join(import.meta.dirname, '..', '..', 'docs')

/** The up-to-date pages. */
export async function pagesNow(): Promise<Pages> {
  const { dialects } = await loadRegistry()
  const catalogue = shippedCatalogue()
  const operations = dialects.flatMap((dialect) => Object.entries(dialect.operations))
  return manualPages(catalogue, new Map(operations))
}

/** Writes the pages. @returns exit code */
export async function fieldManual(): Promise<number> {
  const pages = await pagesNow()
  const folder = join(DOCS, 'transactions')
  mkdirSync(folder, { recursive: true })
  for (const file of readdirSync(folder)) rmSync(join(folder, file))
  for (const [path, text] of pages) {
    mkdirSync(dirname(join(DOCS, path)), { recursive: true })
    writeFileSync(join(DOCS, path), text)
  }
  console.log(`docs/transactions.md and ${pages.size - 1} pages below it`)
  return 0
}
