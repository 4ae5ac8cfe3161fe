/**
 * An institution's settlements in a platform's book by period and class, as the basis of reconciliation and
 * clearing.
 */
import { parseArea, relationOf } from '../domain/area.ts'
import { type Day, dayOf, type Instant, parseDay } from '../domain/day.ts'
import { asFen, type Fen, sumOfFen } from '../domain/money.ts'
import type { SettlementRow } from './book.ts'
import { type Node, Refusal } from './envelope.ts'
import { requiredText, textOf } from './fields.ts'
import type { Province } from './province.ts'
import type { WireSettlement } from './wire.ts'

/** Filter for settlements. Absent or empty fields do not filter. */
export interface Period {
  readonly from: Day
  readonly until: Day
  /** Kind of insurance `insutype`. */
  readonly insurance?: string
  /** Clearing class `clr_type`. */
  readonly clearingClass?: string
  /** Agency that settles: `clr_optins` of the settlement's answer. */
  readonly agency?: string
}

/** No period: all of the book. */
export const ALL_DAYS = { from: '0000-01-01' as Day, until: '9999-12-31' as Day }

/** A settlement as a statement lists it. */
export interface Stated {
  readonly row: SettlementRow
  readonly agency: string
  readonly clearingClass: string
  readonly day: Day
  /** It is the negative of another. */
  readonly isRefund: boolean
  /** Another is its negative. */
  readonly isRefunded: boolean
}

/** Sums of a statement, in fen. */
export interface Totals {
  readonly total: Fen
  readonly fund: Fen
  readonly account: Fen
  readonly count: number
}

/** Third and following digits of a class in the second series of Hunan: the insurance is in front. [F: T] */
const KINDS: Readonly<Record<string, string>> = { '11': '1', '21': '2', '41': '4' }
const PLACES = { local: '', intra: '11', cross: '12' } as const

/** Whether a settlement is of a class, by its one digit series or by that of six digits (`310212`). */
function isOfClass(row: SettlementRow, own: string, asked: string): boolean {
  if (asked === own) return true
  const place = PLACES[relationOf(parseArea(row.insured_area), parseArea(row.treatment_area))]
  return place !== '' && asked === `${row.insutype}${KINDS[own] ?? ''}${place}`
}

/** The days of a node. @throws {Refusal} if one is missing or no day, or the period is turned around */
export function daysOf(
  node: Node,
  begins: string,
  ends: string,
): { readonly from: Day; readonly until: Day } {
  const [from, until] = [begins, ends].map((field) => {
    try {
      return parseDay(requiredText(node, field).slice(0, 10))
    } catch (cause) {
      if (cause instanceof Refusal) throw cause
      throw new Refusal('E000', `${field}不是有效的日期`)
    }
  }) as [Day, Day]
  if (from > until) throw new Refusal('E000', `${begins}晚于${ends}`)
  return { from, until }
}

/** What is narrowed by the fields of a node; `agency` is called differently in each transaction. */
export function classOf(node: Node, agency: string): Omit<Period, 'from' | 'until'> {
  return {
    insurance: textOf(node, 'insutype'),
    clearingClass: textOf(node, 'clr_type'),
    agency: textOf(node, agency),
  }
}

const isMeant = (asked: string | undefined, own: string) => !asked || asked === own

/** Settlements of an institution that were not reversed, with the negatives of those that were cancelled. Oldest first. */
export function statedRows(province: Province, institution: string, period: Period): Stated[] {
  const rows = province.book.store.rows<SettlementRow>(
    "SELECT * FROM settlements WHERE fixmedins_code = ? AND state = 'settled' ORDER BY serial",
    institution,
  )
  const refunded = new Set(rows.map((row) => row.init_setl_id))
  return rows
    .map((row) => {
      const { head } = JSON.parse(row.wire) as WireSettlement
      return {
        row,
        agency: String(head.clr_optins),
        clearingClass: String(head.clr_type),
        day: dayOf(row.at as Instant),
        isRefund: row.init_setl_id !== null,
        isRefunded: refunded.has(row.setl_id),
      }
    })
    .filter(
      ({ row, agency, clearingClass, day }) =>
        day >= period.from &&
        day <= period.until &&
        isMeant(period.insurance, row.insutype) &&
        isMeant(period.agency, agency) &&
        (!period.clearingClass || isOfClass(row, clearingClass, period.clearingClass)),
    )
}

/** Those that stand: what was cancelled is left out on both sides. [F: H1] */
export function standing(rows: readonly Stated[]): Stated[] {
  return rows.filter(({ isRefund, isRefunded }) => !isRefund && !isRefunded)
}

/** Adds up. */
export function totalsOf(rows: readonly Stated[]): Totals {
  const sum = (field: 'total' | 'fund' | 'account') => sumOfFen(rows.map(({ row }) => asFen(row[field])))
  return { total: sum('total'), fund: sum('fund'), account: sum('account'), count: rows.length }
}
