/**
 * Says at every address of the document which national transactions are behind it: number, both names, what it does. They
 * stand in the title as well, since the page finds an address by its title.
 */
import type { Catalogue } from '../../extension/catalogue.ts'
import type { CatalogueHead } from '../../extension/catalogue-rows.ts'
import { KINDS } from '../../extension/kinds.ts'

/** An operation of a document, as far as it is touched. */
interface Operation {
  summary?: string
  description?: string
  'x-transactions'?: readonly object[]
}

/** `国家接口2207门诊结算（Outpatient settlement），作用：结算（settlement）`. */
function sentenceOf({ number, zh, en, kind }: CatalogueHead): string {
  const does = KINDS[kind]
  return `国家接口${number}${zh}（${en}），作用：${does.zh}（${does.en}）`
}

/** Writes them into a document, and returns it. */
export function withTransactions<Document extends { paths?: Record<string, unknown> | undefined }>(
  document: Document,
  catalogue: Catalogue,
): Document {
  const numbers = Object.groupBy(Object.entries(catalogue.rest().addresses), ([, path]) => path)
  for (const [path, own = []] of Object.entries(numbers)) {
    const operation = (document.paths?.[path] as { post?: Operation } | undefined)?.post
    if (!operation) continue
    const heads = own.map(([number]) => catalogue.heads.get(number)!)
    operation['x-transactions'] = heads.map(({ number, zh, en, kind }) => ({ infno: number, zh, en, kind }))
    operation.summary = [operation.summary, ...heads.map(({ number }) => number)].join(' ')
    operation.description = [heads.map(sentenceOf).join('；'), operation.description].join('\n\n')
  }
  return document
}
