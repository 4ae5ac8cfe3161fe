/**
 * The stock book of a province: counts, changes, purchases and sales of institutions by item and batch, and the
 * trace codes currently sold. Quantities are in ten-thousandths. No source says whether a batch reported twice
 * counts once: here each message counts. [A]
 */
import type { Store } from './database.ts'
import type { Node } from './envelope.ts'

/** Tables of it. */
export const GOODS_SCHEMA = `
CREATE TABLE IF NOT EXISTS goods (serial INTEGER PRIMARY KEY AUTOINCREMENT, msgid TEXT NOT NULL, infno TEXT NOT NULL,
  fixmedins_code TEXT NOT NULL, kind TEXT NOT NULL, is_return INTEGER NOT NULL, item TEXT NOT NULL, batch TEXT NOT NULL,
  visit TEXT NOT NULL, count INTEGER NOT NULL, day TEXT NOT NULL, at INTEGER NOT NULL, row TEXT NOT NULL,
  gone INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS goods_batch ON goods (fixmedins_code, batch, item);
CREATE INDEX IF NOT EXISTS goods_item ON goods (fixmedins_code, item);
CREATE TABLE IF NOT EXISTS sold_codes (serial INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL,
  fixmedins_code TEXT NOT NULL, item TEXT NOT NULL, batch TEXT NOT NULL, visit TEXT NOT NULL, split INTEGER NOT NULL,
  goods INTEGER, setl_id TEXT, twice INTEGER NOT NULL, stands INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS sold_codes_code ON sold_codes (code);
CREATE INDEX IF NOT EXISTS sold_codes_goods ON sold_codes (goods);
CREATE INDEX IF NOT EXISTS sold_codes_settlement ON sold_codes (setl_id);
CREATE TABLE IF NOT EXISTS virtual_codes (code TEXT PRIMARY KEY, fixmedins_code TEXT NOT NULL, item TEXT NOT NULL)
  WITHOUT ROWID;
`

/**
 * Kind of a row, numbered as in `inv_data_type` of 3507: 1 count, 2 change, 3 purchase or its return, 4 sale or its
 * return.
 */
export type GoodsKind = '1' | '2' | '3' | '4'

/** A row of the book. */
export type GoodsRow = {
  serial: number
  msgid: string
  infno: string
  fixmedins_code: string
  kind: GoodsKind
  is_return: number
  item: string
  batch: string
  /** Visit number `mdtrt_sn` of a sale; empty of all else. */
  visit: string
  /** What it adds to the stock; of a count what there is. */
  count: number
  /** The day that it tells of. */
  day: string
  /** When it was booked. */
  at: number
  /** The row as it was sent, as JSON. */
  row: string
}

/** A box that was sold. */
export type SoldCode = {
  serial: number
  code: string
  fixmedins_code: string
  item: string
  batch: string
  visit: string
  /** 1 if the package was opened: its code is then on every part of it. */
  split: number
  /** The sale, or the settlement, that sold it. */
  goods: number | null
  setl_id: string | null
  /** 1 if it was already sold and accepted nevertheless. */
  twice: number
}

/** A batch of an item at an institution. */
export type Batch = Pick<GoodsRow, 'fixmedins_code' | 'item' | 'batch'>

/** Writes a row. @returns its serial */
export function addGoods(
  store: Store,
  { row, ...rest }: Omit<GoodsRow, 'serial' | 'row'> & { row: Node },
): number {
  store.insert('goods', { ...rest, row: JSON.stringify(row) })
  return store.row<{ serial: number }>('SELECT last_insert_rowid() AS serial')!.serial
}

/** Rows of an institution that were not deleted, oldest first. @param kind of one kind */
export function goodsOf(
  store: Store,
  institution: string,
  kind: GoodsKind,
  item: string,
  batch: string,
): GoodsRow[] {
  const sql = `SELECT * FROM goods WHERE fixmedins_code = ? AND kind = ? AND gone = 0 AND (? = '' OR item = ?)
    AND (? = '' OR batch = ?) ORDER BY serial`
  return store.rows<GoodsRow>(sql, institution, kind, item, item, batch, batch)
}

/** Stock of a batch: its last count and everything reported since. */
export function stockOf(store: Store, { fixmedins_code, item, batch }: Batch): number {
  const all = `FROM goods WHERE fixmedins_code = ? AND item = ? AND batch = ? AND gone = 0`
  const last = store.row<{ serial: number; count: number }>(
    `SELECT serial, count ${all} AND kind = '1' ORDER BY serial DESC LIMIT 1`,
    ...[fixmedins_code, item, batch],
  )
  const since = store.row<{ sum: number }>(
    `SELECT coalesce(sum(count), 0) AS sum ${all} AND kind <> '1' AND serial > ?`,
    ...[fixmedins_code, item, batch, last?.serial ?? 0],
  )
  return (last?.count ?? 0) + since!.sum
}

/** Every batch with its stock. */
export function allStock(store: Store): (Batch & { readonly stock: number })[] {
  const batches = store.rows<Batch>(
    'SELECT DISTINCT fixmedins_code, item, batch FROM goods WHERE gone = 0 ORDER BY fixmedins_code, item, batch',
  )
  return batches.map((batch) => ({ ...batch, stock: stockOf(store, batch) }))
}

/** Deletes the rows of a batch. @returns the serials */
export function deleteGoods(store: Store, institution: string, kind: GoodsKind, batch: string): number[] {
  const rows = goodsOf(store, institution, kind, '', batch)
  for (const { serial } of rows) store.run('UPDATE goods SET gone = 1 WHERE serial = ?', serial)
  return rows.map(({ serial }) => serial)
}

/** Boxes of a code that stand sold, of whatever institution. */
export function soldNow(store: Store, code: string): SoldCode[] {
  return store.rows<SoldCode>('SELECT * FROM sold_codes WHERE code = ? AND stands = 1 ORDER BY serial', code)
}

/** Every sale that a code ever had. */
export function everSold(store: Store, code: string): SoldCode[] {
  return store.rows<SoldCode>('SELECT * FROM sold_codes WHERE code = ? ORDER BY serial', code)
}

/** All packages currently sold. */
export function allSold(store: Store): SoldCode[] {
  return store.rows<SoldCode>('SELECT * FROM sold_codes WHERE stands = 1 ORDER BY serial')
}

/** Boxes that a sale has sold and that stand sold. */
export function soldBySale(store: Store, goods: number): SoldCode[] {
  return store.rows<SoldCode>(
    'SELECT * FROM sold_codes WHERE goods = ? AND stands = 1 ORDER BY serial',
    goods,
  )
}

/** Writes that a box was sold. */
export function sell(store: Store, sold: Omit<SoldCode, 'serial'>): void {
  store.insert('sold_codes', { ...sold, stands: 1 })
}

/** Gives a box back. */
export function giveBack(store: Store, serial: number): void {
  store.run('UPDATE sold_codes SET stands = 0 WHERE serial = ?', serial)
}

/** Returns the packages sold by a settlement (0), or sells them again if its cancellation was reversed. */
export function moveSettled(store: Store, settlement: string, stands: 0 | 1): void {
  store.run('UPDATE sold_codes SET stands = ? WHERE setl_id = ?', stands, settlement)
}

/** To whom a virtual code was given; undefined of any other. */
export function virtualCode(store: Store, code: string) {
  const sql = 'SELECT fixmedins_code, item FROM virtual_codes WHERE code = ?'
  return store.row<{ fixmedins_code: string; item: string }>(sql, code)
}
