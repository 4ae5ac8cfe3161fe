/**
 * Questions about the tables that are answered at once, by pages: 1312 the catalogue of the insurance, 1318 price limits, 1319 shares
 * that are paid first, 1304 ethnic medicines (of which the tables have none), 1901 the value sets of the interface.
 */
import { hasAreaShape, parseArea } from '../domain/area.ts'
import { type Day, parseDay } from '../domain/day.ts'
import type { Catalogue } from '../extension/catalogue.ts'
import type { Codebook, CodebookEntry } from '../extension/codebook.ts'
import { inNamesOf } from './described.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { sectionOf, textOf } from './fields.ts'
import type { Handler } from './province.ts'
import { ONE } from './ratio.ts'
import { catalogOf } from './region.ts'

/** Rows that one page has at most. [A] */
const PAGE_MAX = 1000

/** Tables of items with what an item is called in `list_type`. */
const LISTS: readonly (readonly [standard: string, list: (code: string) => string])[] = [
  ['drug', (code) => (code.startsWith('T') ? '102' : '101')],
  ['preparation', () => '103'],
  ['service', () => '201'],
  ['consumable', () => '301'],
]

/** An item on the day of the question. */
interface Item {
  readonly entry: CodebookEntry
  readonly from: Day
  readonly list: string
}

function itemsOf(codebooks: readonly Codebook[]): readonly Item[] {
  return LISTS.flatMap(([standard, list]) => {
    const edition = codebooks.find(({ id }) => id === standard)?.editions.at(-1)
    return (edition?.entries ?? []).map((entry) => ({
      entry,
      from: entry.from ?? edition!.from,
      list: list(entry.code),
    }))
  })
}

/** The head of an answer by pages, and its rows. */
function paged<Row>(asked: Node, rows: readonly Row[], write: (row: Row) => Node): Node {
  const pageNum = whole(asked, 'page_num', 1)
  const pageSize = Math.min(whole(asked, 'page_size', PAGE_MAX), PAGE_MAX)
  const start = (pageNum - 1) * pageSize
  const shown = rows.slice(start, start + pageSize)
  const pages = Math.ceil(rows.length / pageSize)
  return {
    ...{ pageNum, pageSize, pages, size: shown.length, recordCounts: rows.length },
    ...{ startRow: shown.length > 0 ? start + 1 : 0, endRow: start + shown.length },
    ...{ firstPage: pageNum === 1, lastPage: pageNum >= pages },
    data: shown.map(write),
  }
}

function whole(node: Node, field: string, otherwise: number): number {
  const text = textOf(node, field)
  if (text === '') return otherwise
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Refusal('E000', `${field}须为正整数`)
  return Number(text)
}

/** Items that a question means: by code, a part of the name, class and list, on its day. */
function meant(items: readonly Item[], asked: Node): Item[] {
  const [code, name] = [textOf(asked, 'hilist_code'), textOf(asked, 'hilist_name')]
  const [level, charge, list] = ['chrgitm_lv', 'med_chrgitm_type', 'list_type'].map((one) =>
    textOf(asked, one),
  )
  const day = dayIn(asked, 'query_date')
  return items.filter(
    ({ entry, from, list: own }) =>
      (code === '' || entry.code === code) &&
      (name === '' || entry.name.includes(name)) &&
      (level === '' || entry.attributes?.class === level) &&
      (charge === '' || entry.attributes?.chargeType === charge) &&
      (list === '' || own === list) &&
      (day === null || (from <= day && (entry.until === undefined || day < entry.until))),
  )
}

function dayIn(node: Node, field: string): Day | null {
  const text = textOf(node, field).slice(0, 10)
  if (text === '') return null
  try {
    return parseDay(text)
  } catch {
    throw new Refusal('E000', `${field}不是有效的日期`)
  }
}

const headOf = ({ entry, from }: Item, { treatment }: Message): Node => ({
  hilist_code: entry.code,
  insu_admdvs: treatment,
  begndate: from,
  enddate: entry.until ?? '',
  vali_flag: '1',
  rid: entry.code,
  updt_time: from,
})

/** Share of class 乙 that is paid first at a place, as a decimal. */
function firstSelfPay({ entry }: Item, { treatment }: Message): number {
  if (!hasAreaShape(treatment)) throw new Refusal('E000', 'mdtrtarea_admvs不是医保区划代码')
  const rules = catalogOf(parseArea(treatment))
  const isConsumable = entry.attributes?.chargeType === '08'
  return (isConsumable ? rules.high_value_consumable_first_self_pay : rules.class_b_first_self_pay) / ONE
}

/** Makes the handlers, by transaction. */
export function catalogueQueries(
  codebooks: readonly Codebook[],
  catalogue: Catalogue,
): Readonly<Record<string, Handler>> {
  const items = itemsOf(codebooks)
  const asked = (message: Message) => sectionOf(message, 'data')

  const insuranceCatalogue: Handler = (_province, message) =>
    paged(asked(message), meant(items, asked(message)), (item) => ({
      ...headOf(item, message),
      hilist_name: item.entry.name,
      med_chrgitm_type: item.entry.attributes?.chargeType ?? '',
      chrgitm_lv: item.entry.attributes?.class ?? '',
      list_type: item.list,
    }))

  const limits: Handler = (_province, message) => {
    const limited = meant(items, asked(message)).filter(({ entry }) => entry.attributes?.priceLimit)
    return paged(asked(message), limited, (item) => ({
      ...headOf(item, message),
      hilist_pric_uplmt_amt: Number(item.entry.attributes!.priceLimit),
    }))
  }

  const shares: Handler = (_province, message) => {
    const shared = meant(items, asked(message)).filter(({ entry }) => entry.attributes?.class === '02')
    return paged(asked(message), shared, (item) => ({
      ...headOf(item, message),
      selfpay_prop: firstSelfPay(item, message),
    }))
  }

  const ethnicMedicines: Handler = (_province, message) => paged(asked(message), [], () => ({}))

  const dictionary: Handler = (province, message) => {
    const area = catalogue.provinceOf(province.code)
    const rows = valuesOf(catalogue, asked(message), area)
    const node = catalogue.nodes(message.transaction, area).output[0]!
    return { [node.at]: rows.map((row) => inNamesOf(node, row)) }
  }

  return {
    '1304': ethnicMedicines,
    '1312': insuranceCatalogue,
    '1318': limits,
    '1319': shares,
    '1901': dictionary,
  }
}

/** The values of a set: those that hold everywhere and those of the province. All of them are in force. */
function valuesOf(catalogue: Catalogue, asked: Node, area: string): Node[] {
  const type = textOf(asked, 'type')
  const set = Object.hasOwn(catalogue.sets(), type) ? catalogue.sets()[type] : undefined
  if (!set || textOf(asked, 'vali_flag') === '0') return []
  const values = Object.entries({ ...set.codes, ...set.places?.[area] })
  return values.map(([value, label], index) => ({
    ...{ type, label, value, parent_value: '', sort: index + 1, vali_flag: '1' },
    ...{ create_user: '', create_date: '', version: '' },
  }))
}
