/** Command-line options of an import, checked before any file is opened. */
import { basename } from 'node:path'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { argumentFault } from '../../argument-fault.ts'
import { type Day, parseDay } from '../../domain/day.ts'
import type { Codebook } from '../../extension/codebook.ts'
import type { NewEdition } from '../editions/catalogue.ts'
import { isSamePerson } from '../editions/lifecycle.ts'
import { ENCODINGS, type Encoding } from '../read/encoding.ts'
import { FileRefused } from '../read/row.ts'
import { MAP_ROLES, type MapRole, mapHeads, TABLE_ROLES, type TableRole, tableHeads } from './columns.ts'
import { importedDownloads } from './downloads.ts'
import type { Chosen } from './head.ts'
import type { Understanding } from './table-file.ts'
import type { WantedEdition } from './targets.ts'

const COMMON = {
  standard: { type: 'string' },
  edition: { type: 'string' },
  effective: { type: 'string' },
  'data-as-of': { type: 'string' },
  published: { type: 'string' },
  source: { type: 'string' },
  by: { type: 'string' },
  'checked-by': { type: 'string' },
  publish: { type: 'boolean', default: false },
  sheet: { type: 'string' },
  encoding: { type: 'string' },
  'code-column': { type: 'string' },
  'name-column': { type: 'string' },
  'skip-rejected': { type: 'boolean', default: false },
  rejected: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const satisfies ParseArgsOptionsConfig

const TABLE_OPTIONS = {
  ...COMMON,
  download: { type: 'string' },
  'only-version': { type: 'string' },
  'no-attributes': { type: 'boolean', default: false },
} as const satisfies ParseArgsOptionsConfig

const MAP_OPTIONS = {
  ...COMMON,
  system: { type: 'string' },
  'target-column': { type: 'string' },
  'target-edition': { type: 'string' },
  unpublished: { type: 'boolean', default: false },
  'allow-missing': { type: 'boolean', default: false },
  several: { type: 'string', default: 'together' },
} as const satisfies ParseArgsOptionsConfig

/** Usage of both commands. */
export const USAGE = `用法：
  codes import 文件… --standard diagnosis --edition 2.0 --effective 2021-01-14
  codes import-map 文件… --standard diagnosis --system beijing-7.0 --edition 1 --effective 2021-01-14
两者都可加：--data-as-of 日期 --published 日期 --source 来源 --by 导入人 [--publish --checked-by 复核人]（不加--publish则待审核、公示、发布）
  --sheet 工作表 --encoding ${ENCODINGS.join('|')} --code-column 列 --name-column 列（列名、列字母或序号）
  --dry-run（只检查）--skip-rejected（导入其余各行）--rejected 拒收.csv --json
import另有：--download 1301等（接口下载的无表头文件）--only-version 版本 --no-attributes（只要编码和名称）
import-map另有：--target-column 列 --target-edition 版本（默认为各行启用日已发布的国家编码表）--unpublished（未发布的也可） --several together|one-of（一对多的含义） --allow-missing`

/** Options common to both commands. */
interface Asked {
  readonly codebook: Codebook
  readonly files: readonly string[]
  readonly edition: NewEdition
  readonly skipRejected: boolean
  /** Where refused rows are written. */
  readonly rejectedFile: string | null
  readonly dryRun: boolean
  readonly json: boolean
}

/** A table to import. */
export interface TableOptions extends Asked {
  readonly understanding: Understanding<TableRole>
  readonly attributes: boolean
  readonly onlyVersion: string | null
  readonly mixedVersions: boolean
}

/** A map to import. */
export interface MapOptions extends Asked {
  readonly system: string
  readonly understanding: Understanding<MapRole>
  /** Edition of the national table in which targets are looked up. */
  readonly target: WantedEdition
  readonly several: 'together' | 'one-of'
  readonly allowMissing: boolean
}

/** Context for checking the options. */
export interface Asking {
  readonly codebooks: readonly Codebook[]
  /** Default maker: the user of this machine. */
  readonly person: string
}

/** System of national codes, which needs no map. */
const NATIONAL = 'national'

function parsed<Options extends ParseArgsOptionsConfig>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new FileRefused(`${argumentFault(error)}\n${USAGE}`, { cause: error })
  }
}

function needed(value: string | undefined, option: string): string {
  if (value === undefined || value.trim() === '') throw new FileRefused(`缺少--${option}\n${USAGE}`)
  return value.trim()
}

function dayIn(value: string, option: string): Day {
  try {
    return parseDay(value)
  } catch (error) {
    throw new FileRefused(`--${option}不是日期（YYYY-MM-DD）：${value}`, { cause: error })
  }
}

function oneOf<Choice extends string>(value: string, choices: readonly Choice[], option: string): Choice {
  const choice = choices.find((one) => one === value)
  if (!choice) throw new FileRefused(`--${option}只能是${choices.join('、')}`)
  return choice
}

/** Maker and checker of the edition. It waits for a second person unless the command names one. */
function people({ by, publish, 'checked-by': checker }: Values, person: string) {
  if (!publish) {
    if (checker !== undefined) throw new FileRefused('--checked-by只与--publish一起使用')
    return { state: 'maintained', maker: by?.trim() || person } as const
  }
  const names = { maker: needed(by, 'by'), checker: needed(checker, 'checked-by') }
  if (isSamePerson(names.maker, names.checker)) {
    throw new FileRefused('--by与--checked-by须为两人：导入人不能复核自己的版本')
  }
  return { state: 'published', ...names } as const
}

type Values = ReturnType<typeof parsed<typeof COMMON>>['values']

function asked(values: Values, files: readonly string[], { codebooks, person }: Asking): Asked {
  if (files.length === 0) throw new FileRefused(`须给出要导入的文件\n${USAGE}`)
  const standard = needed(values.standard, 'standard')
  const codebook = codebooks.find(({ id }) => id === standard)
  if (!codebook) {
    throw new FileRefused(`没有编码标准“${standard}”，现有：${codebooks.map(({ id }) => id).join('、')}`)
  }
  const dates = {
    ...(values['data-as-of'] && { dataAsOf: dayIn(values['data-as-of'], 'data-as-of') }),
    ...(values.published && { published: dayIn(values.published, 'published') }),
  }
  if (dates.dataAsOf && dates.published && dates.dataAsOf > dates.published) {
    throw new FileRefused(`--data-as-of（${dates.dataAsOf}）不能晚于--published（${dates.published}）`)
  }
  const edition: NewEdition = {
    version: needed(values.edition, 'edition'),
    from: dayIn(needed(values.effective, 'effective'), 'effective'),
    ...dates,
    source: values.source
      ? { grade: 'F', text: values.source }
      : { grade: 'not verified', text: `导入自${files.map((file) => basename(file)).join('、')}` },
    ...people(values, person),
  }
  return {
    codebook,
    files,
    edition,
    skipRejected: values['skip-rejected'],
    rejectedFile: values.rejected ?? null,
    dryRun: values['dry-run'],
    json: values.json,
  }
}

function openOptions({ sheet, encoding }: Values) {
  const known = encoding && oneOf<Encoding>(encoding.toUpperCase() as Encoding, ENCODINGS, 'encoding')
  return { ...(sheet && { sheet }), ...(known && { encoding: known }) }
}

function chosen<Role extends string>(
  roles: readonly Role[],
  given: Readonly<Record<string, string | undefined>>,
): Chosen<Role> {
  const named = roles.map((role) => [role, given[role]] as const).filter(([, column]) => column !== undefined)
  return Object.fromEntries(named) as Chosen<Role>
}

/** Parses the arguments of `codes import`. @throws {FileRefused} if they are invalid */
export function tableOptions(args: readonly string[], asking: Asking): TableOptions {
  const { values, positionals } = parsed(args, TABLE_OPTIONS)
  const common = asked(values, positionals, asking)
  const { codebook } = common
  const downloads = values.download === undefined ? {} : importedDownloads()
  const download = values.download === undefined ? null : downloads[values.download]
  if (download === undefined) {
    throw new FileRefused(`没有接口${values.download}的列定义，现有：${Object.keys(downloads).join('、')}`)
  }
  if (download && download.standard !== codebook.id) {
    throw new FileRefused(`接口${values.download}下载的是${download.standard}，不是${codebook.id}`)
  }
  return {
    ...common,
    understanding: {
      open: { ...openOptions(values), ...(download && { quotes: false }) },
      heads: tableHeads(codebook.id),
      chosen: chosen(TABLE_ROLES, { code: values['code-column'], name: values['name-column'] }),
      needed: ['code', 'name'],
      titles: download?.titles ?? null,
      ...(download && { width: download.width }),
    },
    attributes: !values['no-attributes'],
    onlyVersion: values['only-version'] ?? null,
    mixedVersions: download !== null,
  }
}

/** Parses the arguments of `codes import-map`. @throws {FileRefused} if they are invalid */
export function mapOptions(args: readonly string[], asking: Asking): MapOptions {
  const { values, positionals } = parsed(args, MAP_OPTIONS)
  const common = asked(values, positionals, asking)
  const system = needed(values.system, 'system')
  if (system === NATIONAL) throw new FileRefused('--system不能是national：国家编码不需要对照')
  const columns = {
    code: values['code-column'],
    name: values['name-column'],
    target: values['target-column'],
  }
  return {
    ...common,
    system,
    understanding: {
      open: openOptions(values),
      heads: mapHeads(),
      chosen: chosen(MAP_ROLES, columns),
      needed: ['code', 'target'],
      titles: null,
    },
    target: { version: values['target-edition'] ?? null, unpublished: values.unpublished },
    allowMissing: values['allow-missing'],
    several: oneOf(values.several, ['together', 'one-of'] as const, 'several'),
  }
}
