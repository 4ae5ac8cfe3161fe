/**
 * Messages of a pharmacy about a purchase out of area: the order pushed to the person's phone (2166), and the
 * messages that refer to it. Fields are directly in the input.
 */
import type { Fields } from './message.ts'
import type { LineOfVisit } from './visit.ts'

/** The buyer, as returned by 2161. */
export interface Buyer {
  readonly psn_no: string
  /** Citizen number. */
  readonly ssn: string
  readonly psn_name: string
  readonly gend: string
  readonly brdy: string
  readonly psn_type: string
  readonly insutype: string
  /** `insuplc_admdvs`. */
  readonly insuredArea: string
}

/** The pharmacy and the time of sale. */
export interface Sale {
  readonly institution: string
  readonly name: string
  readonly area: string
  /** Number of the visit, unique. */
  readonly number: string
  /** Shanghai time `2026-11-30 09:44:07`. */
  readonly at: string
  readonly lines: readonly LineOfVisit[]
  /** In yuan. */
  readonly total: number
}

const CLERK = '收费员'

/** 2161: identifies the buyer. */
export function buyerQuestion(ssn: string, insuredArea: string, institution: string): Fields {
  return { ssn, insuplc: insuredArea, fixmedins_code: institution }
}

/** The buyer. @param output of 2161 */
export function buyerOf(output: Fields, ssn: string, insuredArea: string): Buyer {
  const of = (name: string) => String(output[name] ?? '')
  return {
    ...{ psn_no: of('psn_no'), ssn, psn_name: of('psn_name'), gend: of('gend'), brdy: of('brdy') },
    ...{ psn_type: of('psn_type'), insutype: of('insutype'), insuredArea },
  }
}

/** 2166: the order. */
export function purchaseOrder(buyer: Buyer, sale: Sale): Fields {
  const { insuredArea, ...person } = buyer
  const { institution, name, area, number, at, lines, total } = sale
  return {
    ...person,
    ...{ ec_token: `EC${number}`, fixmedins_code: institution, fixmedins_name: name },
    ...{ insuplc: insuredArea, mdtrtarea: area, mdtrtsn: number, med_type: '41' },
    ...{ dscg_date: at.slice(0, 10), medfee_sumamt: total, opter_name: CLERK },
    feedetl: lines.map(({ item, national = '', price, count, sum }, index) => ({
      ...{ feedetl_sn: `${number}F${index + 1}`, medins_list_codg: item, medins_list_name: item },
      ...{ hilist_code: national, hilist_type: '101', pric: price, cnt: count, amt: sum },
      ...{ detl_ocur_time: at, opter_name: CLERK },
    })),
  }
}

/** 2163 and 2167: refund a paid order, cancel an unpaid one. */
export function undoneOrder(institution: string, mdtrt_regno: string): Fields {
  return { fixmedins_code: institution, mdtrt_regno, opter_name: CLERK }
}

/** 2181. @param undone number of the transaction with unknown outcome */
export function reversedOrder(
  buyer: Buyer,
  institution: string,
  mdtrt_regno: string,
  undone: string,
): Fields {
  return { ...undoneOrder(institution, mdtrt_regno), ssn: buyer.ssn, status: undone }
}

/** 2171: payment status. */
export function paymentQuestion(buyer: Buyer, institution: string, mdtrt_regno: string): Fields {
  return { fixmedins_code: institution, mdtrt_regno, ssn: buyer.ssn, out_type: '2' }
}
