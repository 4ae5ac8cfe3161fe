/**
 * The split of fee lines by the place of treatment: in scope, first self-pay share, above a price limit, fully
 * self-paid. In the real path the province of the place of treatment does this; in the simulator the national
 * platform hands a message straight to the insured province, which therefore splits with the catalogue parameters of
 * the place of treatment (`mdtrtarea_admvs`).
 */
import { asFen, decimalOf, type Fen, lineAmount, PRICE_UNITS_A_FEN, QUANTITY, ZERO } from '../domain/money.ts'
import type { BillSplit } from '../domain/settlement.ts'
import { ONE, type Ratio, shareOf } from './ratio.ts'
import type { CatalogRules, Level } from './region.ts'

/** What the catalogue says of an item. */
export interface Item {
  /** Class `chrgitm_lv` (收费项目等级): 01 甲类, 02 乙类, 03 丙类. */
  readonly class: '01' | '02' | '03'
  /** Charge type `med_chrgitm_type`: 01 bed, 08 consumables, 09 western drugs… */
  readonly chargeType: string
  /** Highest unit price in fen that is in scope. */
  readonly priceLimit?: Fen
}

/** Looks an item up by its national code; null if the code is none. */
export type ItemOf = (code: string) => Item | null

/** One line after the split. */
export interface LineSplit extends BillSplit {
  readonly item: Item
  /** Share of the first self-pay. */
  readonly share: Ratio
  /** Price limit that was applied; null for none. */
  readonly limit: Fen | null
}

/** Charge types of services by the first digits of their category (national service items, 2001 catalogue [A]). */
const SERVICE_CHARGES: readonly (readonly [string, string])[] = [
  ['1109', '01'],
  ['11', '02'],
  ['12', '07'],
  ['21', '03'],
  ['22', '03'],
  ['25', '04'],
  ['33', '06'],
]

function drugClass(code: string): Item['class'] {
  const last = Number(/(\d)\D*$/.exec(code)?.[1] ?? 0)
  return last <= 4 ? '01' : last <= 8 ? '02' : '03'
}

/**
 * Classifies an item by its code alone: drugs take their class from the last digit (0–4 甲, 5–8 乙, 9 丙), services
 * are class 甲, consumables class 乙.
 */
export function itemByShape(code: string): Item | null {
  if (/^X[A-Z]\d{2}/.test(code)) return { class: drugClass(code), chargeType: '09' }
  if (/^Z[A-Z]\d{2}/.test(code)) return { class: drugClass(code), chargeType: '11' }
  if (/^T[A-Z0-9]{5,}$/.test(code)) return { class: '01', chargeType: '10' }
  if (/^C\d{8,}/.test(code)) return { class: '02', chargeType: '08' }
  if (!/^\d[\dA-Z]{8,}(?:-.+)?$/.test(code)) return null
  const category = code.slice(2)
  const row = SERVICE_CHARGES.find(([prefix]) => category.startsWith(prefix))
  return { class: '01', chargeType: row?.[1] ?? '05' }
}

function limitOf(item: Item, catalog: CatalogRules, level: Level): Fen | null {
  const bedLevel = level === 'community' ? 'level1' : level === 'level3_top' ? 'level3' : level
  const limits = [item.priceLimit, item.chargeType === '01' ? catalog.bed_cap_per_day[bedLevel] : undefined]
  const known = limits.filter((limit) => limit !== undefined)
  return known.length > 0 ? asFen(Math.min(...known)) : null
}

function shareFor(item: Item, catalog: CatalogRules): Ratio {
  if (item.class === '03') return ONE
  if (item.class === '01') return 0
  return item.chargeType === '08'
    ? catalog.high_value_consumable_first_self_pay
    : catalog.class_b_first_self_pay
}

/**
 * Splits one line.
 *
 * @param amount of the line; negative for a refund, whose parts are the negative of the split of the same amount
 * @param quantity as it came, for the price limit
 */
export function splitLine(
  item: Item,
  amount: Fen,
  quantity: string,
  catalog: CatalogRules,
  level: Level,
): LineSplit {
  const share = shareFor(item, catalog)
  const limit = limitOf(item, catalog, level)
  const sign = amount < 0 ? -1 : 1
  const total = Math.abs(amount)
  if (item.class === '03') {
    return {
      item,
      share,
      limit,
      total: amount,
      selfPaid: amount,
      overLimit: ZERO,
      firstSelfPay: ZERO,
      inScope: ZERO,
    }
  }
  const priced = limit === null ? null : lineAmount(limit * PRICE_UNITS_A_FEN, decimalOf(quantity, QUANTITY))
  const within = priced === null ? total : Math.abs(priced)
  const overLimit = Math.max(total - within, 0)
  const firstSelfPay = shareOf(asFen(total - overLimit), share)
  const inScope = total - overLimit - firstSelfPay
  return {
    item,
    share,
    limit,
    total: amount,
    selfPaid: ZERO,
    overLimit: asFen(sign * overLimit),
    firstSelfPay: asFen(sign * firstSelfPay),
    inScope: asFen(sign * inScope),
  }
}
