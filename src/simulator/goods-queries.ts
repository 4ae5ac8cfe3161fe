/**
 * What the stock book shows: 3508 counts, 3509 changes, 3510 purchases, 3511 sales, 3512 codes received, 3513 codes that stand
 * sold. Answers are a list in camel case [F: T]. A return is shown as purchases and sales are, those of purchases with their
 * mark `prodRetnFlag`, those of sales with a negative quantity [A].
 */
import { type Instant, shanghaiTime } from '../domain/day.ts'
import { spellingOf } from '../extension/spelling.ts'
import { type Node, Refusal } from './envelope.ts'
import { nodesIn } from './fields.ts'
import { allSold, type GoodsKind, type GoodsRow, goodsOf } from './goods-book.ts'
import { anyText, codesOf } from './goods-rows.ts'
import type { Handler, Province } from './province.ts'

/** Rows of one answer; pages are in no source. [A] */
const SHOWN_MAX = 100

/** What a row calls otherwise than the query. [F: T] */
const OTHERWISE: Readonly<Record<string, string>> = {
  fixmedinsHilistId: 'medinsListCodg',
  fixmedinsHilistName: 'medinsListName',
  prscDrName: 'bilgDrName',
}
/** What no query shows of a row. */
const UNSHOWN: readonly string[] = ['drugtracinfo', 'purcInvoFileList', 'exp_content']

const camel = (name: string) =>
  name.toLowerCase().replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** A row of the book as a query shows it. */
function shown({ serial, fixmedins_code, kind, is_return, count, at, row }: GoodsRow): Node {
  const sent = Object.entries(JSON.parse(row) as Node).map(([name, value]) => {
    const key = camel(name)
    return [OTHERWISE[key] ?? key, value] as const
  })
  const time = shanghaiTime(at as Instant)
  return {
    ...Object.fromEntries(sent.filter(([name]) => !UNSHOWN.includes(name))),
    ...(kind === '3' && { prodRetnFlag: String(is_return) }),
    ...(kind === '4' && is_return && { selRetnCnt: -count / 10_000 }),
    ...{ fixmedinsCode: fixmedins_code, rid: String(serial), valiFlag: '1', crteTime: time, updtTime: time },
  }
}

/** Whether a row says what is asked, in the fields that both have; the days of the question are no part of it. */
function isMeant(row: Node, asked: Node): boolean {
  const said = new Map(Object.entries(row).map(([name, value]) => [spellingOf(name), String(value)]))
  return Object.keys(asked).every((name) => {
    const value = anyText(asked, name)
    const there = said.get(spellingOf(name))
    return value === '' || there === undefined || there === value
  })
}

/** What is asked, of the own institution alone. @throws {Refusal} */
function askedOf(institution: string, input: Node, any: readonly string[]): Node {
  const asked = nodesIn(input.data)[0] ?? input
  if (anyText(asked, 'fixmedins_code') !== institution)
    throw new Refusal('E000', '只能查询本机构的进销存信息')
  if (any.every((name) => anyText(asked, name) === ''))
    throw new Refusal('E000', `${any.join('、')}不能同时为空`)
  return asked
}

const ITEM_OR_BATCH = ['medins_list_codg', 'fixmedins_bchno']

function rowsOf(
  { book: { store } }: Province,
  institution: string,
  kind: GoodsKind,
  asked: Node,
): GoodsRow[] {
  const [from, to] = [anyText(asked, 'begndate'), anyText(asked, 'enddate')]
  const batch = anyText(asked, 'fixmedins_bchno')
  return goodsOf(store, institution, kind, anyText(asked, 'medins_list_codg'), batch).filter(
    ({ day }) => (from === '' || day >= from) && (to === '' || day <= to),
  )
}

const query =
  (kind: GoodsKind): Handler =>
  (province, { institution, input }) => {
    const asked = askedOf(institution, input, ITEM_OR_BATCH)
    const rows = rowsOf(province, institution, kind, asked).map(shown)
    return rows.filter((row) => isMeant(row, asked)).slice(-SHOWN_MAX)
  }

/** 3512: codes that came with counts, changes and purchases. */
const received: Handler = (province, { institution, input }) => {
  const asked = askedOf(institution, input, [...ITEM_OR_BATCH, 'med_list_codg'])
  const rows = (['1', '2', '3'] as const).flatMap((kind) => rowsOf(province, institution, kind, asked))
  const codes = rows.flatMap((row) =>
    codesOf(JSON.parse(row.row) as Node).map((code) => ({ ...shown(row), drugTracCodg: code })),
  )
  return codes.filter((row) => isMeant(row, asked)).slice(-SHOWN_MAX)
}

/** 3513: codes that stand sold, with the visit in which they were. */
const sold: Handler = ({ book: { store } }, { institution, input }) => {
  const asked = askedOf(institution, input, [...ITEM_OR_BATCH, 'med_list_codg', 'mdtrt_id', 'certno'])
  const rows = allSold(store).filter((one) => one.fixmedins_code === institution)
  const told = rows.map(({ serial, code, item, batch, visit, split, goods }) => ({
    ...saleOf(store, goods),
    ...{ fixmedinsCode: institution, medinsListCodg: item, fixmedinsBchno: batch, mdtrtId: visit },
    ...{ drugTracCodg: code, trdnFlag: String(split), rid: String(serial) },
  }))
  return told.filter((row) => isMeant(row, asked)).slice(-SHOWN_MAX)
}

function saleOf(store: Province['book']['store'], goods: number | null): Node {
  const row = store.row<GoodsRow>('SELECT * FROM goods WHERE serial = ?', goods)
  return row ? shown(row) : {}
}

/** The queries. */
export const GOODS_READS: Readonly<Record<string, Handler>> = {
  ...{ '3508': query('1'), '3509': query('2'), '3510': query('3'), '3511': query('4') },
  ...{ '3512': received, '3513': sold },
}
