/** Stock and sales messages of a hospital or pharmacy. Values that never vary in a trial are invented. */
import type { Fields } from './message.ts'

/** A batch of an item, and the time of the event. */
export interface GoodsOf {
  /** The sender's code of the item, `fixmedins_hilist_id`. */
  readonly item: string
  /** The sender's batch number, `fixmedins_bchno`. */
  readonly batch: string
  /** Shanghai time. */
  readonly at: string
}

/** A sale or its return. */
export interface SaleOf extends GoodsOf {
  /** Trace codes of the packages, each sold once. */
  readonly codes: readonly string[]
  /** `mdtrt_sn`: the sender's number of a self-paid visit. */
  readonly visit: string
}

/** Placeholders for a missing national code or bar code. Source: Hunan V1.1.27. [F] */
const [NO_NATIONAL, NO_BAR_CODE] = ['NMLC999', 'NDPB999']

function goods({ item, batch, at }: GoodsOf): Fields {
  const day = at.slice(0, 10)
  return {
    ...{ med_list_codg: NO_NATIONAL, fixmedins_hilist_id: item, fixmedins_hilist_name: '药品（虚构）' },
    ...{ fixmedins_bchno: batch, manu_lotnum: batch.slice(0, 30), manu_date: day, expy_end: day },
    ...{ rx_flag: '1', trdn_flag: '0' },
  }
}

/** 3501: stock count. */
export function countRow(of: GoodsOf, count: number): Fields {
  return { ...goods(of), invdate: of.at.slice(0, 10), inv_cnt: count, pric: '1.5' }
}

/** 3502: stock change. @param type `inv_chg_type` */
export function changeRow(of: GoodsOf, type: string, count: number): Fields {
  return { ...goods(of), inv_chg_type: type, pric: '1.5', cnt: count, inv_chg_time: of.at }
}

/** 3503, 3504: purchase, or return to the supplier. */
export function purchaseRow(of: GoodsOf, count: number): Fields {
  const file = { fixmedins_bchno: of.batch, file_data: 'AA==', file_name: 'p.pdf' }
  return {
    ...goods(of),
    ...{ spler_name: '供应商（虚构）', prodentp_name: '厂家（虚构）', aprvno: '0', purc_retn_cnt: count },
    ...{ finl_trns_pric: '1.5', purc_retn_stoin_time: of.at, purc_retn_opter_name: '库管甲' },
    purc_invo_no: `FP${of.batch}`.slice(0, 50),
    purc_invo_file_List: [file],
  }
}

/** 3505, 3506: a self-paid sale, or its return. One package per code. */
export function saleRow({ codes, visit, ...of }: SaleOf): Fields {
  return {
    ...goods(of),
    ...{ prsc_dr_name: '医师甲', phar_name: '药师甲', phar_prac_cert_no: '0', rtal_docno: visit },
    ...{ hi_feesetl_type: '0', mdtrt_setl_type: '2', mdtrt_sn: visit, finl_trns_pric: '1.5' },
    ...{ drug_prod_barc: NO_BAR_CODE, sel_retn_cnt: codes.length, sel_retn_time: of.at },
    sel_retn_opter_name: '药师甲',
    drugtracinfo: codes.map((drug_trac_codg) => ({ drug_trac_codg })),
  }
}

/** 3508 to 3513: query about a batch on a day. */
export function goodsQuestion(institution: string, { item, batch, at }: GoodsOf): Fields {
  const day = at.slice(0, 10)
  const data = { fixmedins_code: institution, medins_list_codg: item, fixmedins_bchno: batch }
  return { data: { ...data, begndate: day, enddate: day } }
}
