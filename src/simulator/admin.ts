/** What a platform shows to its operators: its book, its people. */
import type { Fen } from '../domain/money.ts'
import type { Book, SettlementRow } from './book.ts'
import { filingsOf } from './declarations.ts'
import { yuan } from './fields.ts'
import { allSold, allStock, type Batch, type SoldCode } from './goods-book.ts'
import type { NationalBook } from './national-book.ts'
import type { Province } from './province.ts'

/** One row of a book, amounts in fen. */
export interface BookRow {
  readonly msgid: string
  readonly infno: string
  readonly setl_id: string
  /** Of a cancellation: the settlement that it cancels, which itself stays `settled` with its own amounts. */
  readonly init_setl_id: string | null
  readonly mdtrt_id: string
  readonly psn_no: string
  readonly insured_area: string
  readonly treatment_area: string
  readonly fixmedins_code: string
  /** In a province `settled` or `reversed`; at the national platform also `unknown` and `refused`. */
  readonly state: 'settled' | 'reversed' | 'unknown' | 'refused'
  readonly total: number
  readonly fund: number
  readonly person: number
  readonly account: number
  readonly cash: number
  readonly hospital: number
  /** UTC milliseconds. */
  readonly at: number
}

/** A book as `GET /book` shows it. */
export interface BookPage {
  readonly platform: string
  /** Everything that was booked; the net of a visit is the sum of its `settled` rows. */
  readonly settlements: readonly BookRow[]
  readonly visits: number
  readonly lines: number
  readonly tombstones: number
  /** Of a province: batches with their stock in ten-thousandths, and boxes that stand sold. */
  readonly stock?: readonly (Batch & { readonly stock: number })[]
  readonly sold?: readonly SoldCode[]
}

type Stored = Omit<BookRow, 'state'>

function shown(row: Stored, state: BookRow['state']): BookRow {
  return {
    msgid: row.msgid,
    infno: row.infno,
    setl_id: row.setl_id,
    init_setl_id: row.init_setl_id,
    mdtrt_id: row.mdtrt_id,
    psn_no: row.psn_no,
    insured_area: row.insured_area,
    treatment_area: row.treatment_area,
    fixmedins_code: row.fixmedins_code,
    state,
    total: row.total,
    fund: row.fund,
    person: row.person,
    account: row.account,
    cash: row.cash,
    hospital: row.hospital,
    at: row.at,
  }
}

function countIn(store: Book['store'], table: 'visits' | 'lines' | 'tombstones'): number {
  return store.row<{ count: number }>(`SELECT count(*) AS count FROM ${table}`)!.count
}

/** The book of a province. */
export function provinceBook(code: string, { store }: Book): BookPage {
  const rows = store.rows<SettlementRow>('SELECT * FROM settlements ORDER BY serial')
  return {
    platform: code,
    settlements: rows.map((row) => shown(row, row.state)),
    visits: countIn(store, 'visits'),
    lines: countIn(store, 'lines'),
    tombstones: countIn(store, 'tombstones'),
    stock: allStock(store),
    sold: allSold(store),
  }
}

/** The book of the national platform; what is still on its way is `unknown`. */
export function nationalBook(book: NationalBook): BookPage {
  const settlements = book.all().map((row) => shown(row, row.state === 'forwarded' ? 'unknown' : row.state))
  const tombstones = countIn(book.store, 'tombstones')
  return { platform: 'national', settlements, visits: 0, lines: 0, tombstones }
}

/** The insured people of a province; balances are the present ones, in yuan. */
export function peoplePage(province: Province): Readonly<Record<string, unknown>> {
  const balance = (number: string, insutype: string, opening: Fen) =>
    yuan(province.book.balance(number, insutype, opening))
  const people = [...province.people.values()].map((person) => ({
    psn_no: person.number,
    psn_name: person.name,
    psn_cert_type: person.documentKind,
    certno: person.document,
    gend: person.gender,
    brdy: person.birth,
    tel: person.phone,
    assistance: person.assistance,
    credentials: person.credentials.map((shownAs) => ({
      mdtrt_cert_type: shownAs.kind,
      mdtrt_cert_no: shownAs.number,
      card_sn: shownAs.cardSerial,
    })),
    insurance: person.insurance.map((row) => ({
      insutype: row.insutype,
      psn_type: row.psnType,
      psn_insu_stas: row.status,
      insuplc_admdvs: row.area,
      balc: balance(person.number, row.insutype, row.opening),
    })),
    filings: filingsOf(province, person),
    chronic: person.chronic,
    family: person.family !== null,
  }))
  return { province: province.code, people }
}
