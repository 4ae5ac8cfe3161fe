/** `npm run codes -- list`: editions of all tables and maps. */
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { type EditionState, readCatalogue } from '../codes/editions/catalogue.ts'
import { STATE_NAMES } from '../codes/editions/lifecycle.ts'
import type { EditionHead } from '../codes/store/rows.ts'
import { readConfig } from '../config.ts'
import { loadRegistry } from '../extension/registry.ts'

/** One edition, shipped or imported. */
interface Listed extends EditionHead {
  readonly standard: string
  /** Its Chinese name. */
  readonly title: string
  /** Local system of a map; null for a national table. */
  readonly system: string | null
  readonly rows: number
  /** Where it lies. */
  readonly kept: 'shipped' | 'shelf'
  readonly state: EditionState
  readonly maker?: string
  readonly checker?: string | undefined
}

/** All editions; shipped ones first. */
async function editionsOf(dataDir: string): Promise<readonly Listed[]> {
  const { codebooks, maps } = await loadRegistry()
  const titleOf = (standard: string) => codebooks.find(({ id }) => id === standard)?.titleZh ?? standard
  const shipped = { kept: 'shipped', state: 'published' } as const
  const tables = codebooks.flatMap(({ id, editions }) =>
    editions.map(({ entries, ...head }) => ({
      ...head,
      standard: id,
      title: titleOf(id),
      system: null,
      rows: entries.length,
      ...shipped,
    })),
  )
  const local = maps.flatMap(({ system, standard, editions }) =>
    editions.map(({ rows, ...head }) => ({
      ...head,
      standard,
      title: titleOf(standard),
      system,
      rows: rows.length,
      ...shipped,
    })),
  )
  const imported = readCatalogue(dataDir).books.flatMap(({ system, standard, editions }) =>
    editions.map((edition) => ({
      ...edition,
      standard,
      title: titleOf(standard),
      system,
      kept: 'shelf' as const,
    })),
  )
  return [...tables, ...local, ...imported]
}

/** Prints them. @returns the exit code */
export async function listCodes(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } })
  const { dataDir } = readConfig(process.env)
  const listed = await editionsOf(dataDir)
  if (values.json) {
    for (const edition of listed) console.log(JSON.stringify(edition))
    return 0
  }
  const table = new Table({
    head: [
      '编码标准',
      '标准名称',
      '院内编码体系',
      '版本',
      '启用',
      '数据截至',
      '发布',
      '行数',
      '状态',
      '导入人/复核人',
      '可信程度',
    ],
    style: { head: [], border: [] },
  })
  for (const {
    standard,
    title,
    system,
    version,
    from,
    dataAsOf = '',
    published = '',
    ...edition
  } of listed) {
    const people = [edition.maker, edition.checker].filter(Boolean).join('/')
    const state = edition.kept === 'shipped' ? '随附' : STATE_NAMES[edition.state]
    const row = [
      standard,
      title,
      system ?? '',
      version,
      from,
      dataAsOf,
      published,
      edition.rows,
      state,
      people,
    ]
    table.push([...row.map(String), edition.source.grade])
  }
  console.log(table.toString())
  return 0
}
