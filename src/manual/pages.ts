/**
 * The field manual: the catalogue as pages for people. One index, a page for each group of transactions, one for the value
 * sets. Headings are in both languages, the names of fields in Chinese as everywhere in the trade.
 */
import type { Catalogue } from '../extension/catalogue.ts'
import type { CatalogueHead } from '../extension/catalogue-rows.ts'
import type { Operation, OperationKind } from '../extension/dialect.ts'
import { KINDS } from '../extension/kinds.ts'
import { lostAnswerOf } from './lost-answer.ts'
import { cell, tableOf } from './table.ts'
import { transactionText } from './transaction.ts'

/** Texts by the path of their page below `docs/`. */
export type Pages = ReadonlyMap<string, string>

const does = (kind: OperationKind) => `${KINDS[kind].zh} ${KINDS[kind].en}`

const GENERATED =
  '<!-- Written by `npm run field-manual` from the catalogue. Change the catalogue, not this page. -->'

/** The page of a group: `3-stock and sales` → `3-stock-and-sales.md`. */
export function pageOf(group: string): string {
  return `${group.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.md`
}

/** What an operation of each number is, besides its row. */
export type Operations = ReadonlyMap<string, Pick<Operation, 'described' | 'evidence'>>

/** @param operations by number; those that are described are checked, kept and passed on, and nothing more */
export function manualPages(catalogue: Catalogue, operations: Operations): Pages {
  const described = new Set(
    [...operations].filter(([, operation]) => operation.described).map(([number]) => number),
  )
  const heads = [...catalogue.heads.values()]
  const groups = Map.groupBy(heads, ({ group }) => group)
  const pages = new Map<string, string>([
    ['transactions.md', indexPage(catalogue, groups, described)],
    ['transactions/value-sets.md', setsPage(catalogue)],
  ])
  for (const [group, own] of groups) {
    const texts = own.map((head) =>
      transactionText(
        catalogue,
        head,
        does(head.kind),
        lostAnswerOf(head, operations.get(head.number)?.evidence),
      ),
    )
    pages.set(
      `transactions/${pageOf(group)}`,
      [GENERATED, `# ${group}`, '[全部交易 All transactions](../transactions.md)', ...texts]
        .join('\n\n')
        .concat('\n'),
    )
  }
  return pages
}

function indexPage(
  catalogue: Catalogue,
  groups: ReadonlyMap<string, readonly CatalogueHead[]>,
  described: ReadonlySet<string>,
): string {
  const total = catalogue.heads.size
  const { addresses } = catalogue.rest()
  const tables = [...groups].map(([group, heads]) => {
    const rows = heads.map(({ number, zh, en, kind, from }) => [
      `[${number}](transactions/${pageOf(group)}#${anchorOf(number)})`,
      zh,
      en,
      from ? `${does(kind)}（平台发起 from the platform）` : does(kind),
      described.has(number) ? '' : '●',
      addresses[number] ? `POST ${addresses[number]}` : '',
    ])
    return `## ${group}\n\n${tableOf(['编号 Number', '名称', 'Name', '作用 Does', '两侧实现 Both sides', 'REST'], rows)}`
  })
  return [
    GENERATED,
    '# 交易与字段 Transactions and their fields',
    `网关受理${total}种交易。标●的${total - described.size}种网关与模拟平台两侧均已实现；其余${described.size}种按字段校验、按作用办理、记入交易日志并转发平台，网关不推算其内容。`,
    `The gateway takes ${total} transactions. The ${total - described.size} marked ● are implemented on both sides, gateway and simulated platform; the other ${described.size} are checked field by field, handled by what they do, kept in the journal and passed on, and nothing of them is worked out here.`,
    '字段的取值见[取值集 Value sets](transactions/value-sets.md)。',
    ...tables,
  ]
    .join('\n\n')
    .concat('\n')
}

/** The heading of a transaction is its number and names; a link leads to the number alone. */
export function anchorOf(number: string): string {
  return `t${number.toLowerCase()}`
}

function setsPage(catalogue: Catalogue): string {
  const { sets } = catalogue
  const texts = Object.entries(sets())
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { zh, closed, grade, codes, places = {} }]) => {
      const rows = [
        ...Object.entries(codes).map(([code, text]) => [code, text, '']),
        ...Object.entries(places).flatMap(([place, own]) =>
          Object.entries(own).map(([code, text]) => [code, text, place]),
        ),
      ]
      const judged = closed ? '仅取下列值 only these values' : '各地可增加 areas add further ones'
      return `<a id="${name.toLowerCase()}"></a>\n\n## ${name} ${cell(zh)}\n\n${judged} [${grade}]\n\n${tableOf(['代码 Code', '名称', '省 Province'], rows)}`
    })
  return [GENERATED, '# 取值集 Value sets', '[全部交易 All transactions](../transactions.md)', ...texts]
    .join('\n\n')
    .concat('\n')
}
