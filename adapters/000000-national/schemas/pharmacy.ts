/**
 * Purchases at a pharmacy: fields of the national interface. 2101 and 2102 name who buys, at the head `druginfo`, and the lines
 * `drugdetail`; nothing was registered before.
 * Source: public client code of pharmacies and hospitals, gathered field by field; confidence 2101 medium, 2102 medium, 2103
 * low (by analogy with 2208). The identity of the buyer, the traceability codes and the width of `rxno` are those of Hunan V1.1.27
 * of October 2024. [F]
 */
import { z } from 'zod'
import { decimal, optional, ROWS_MAX, rows, section, text, time } from '../fields.ts'
import { calculated, fundRows, settlementId, splitRows, undone } from './settlement-info.ts'

/** `druginfo`: who buys, and the sum. */
const druginfo = section({
  psn_no: text(30, '人员编号'),
  mdtrt_cert_type: text(3, '就诊凭证类型'),
  mdtrt_cert_no: text(50, '就诊凭证编号'),
  // The next five are asked for in Hunan alone.
  card_sn: optional(text(32, '卡识别码')),
  psn_cert_type: optional(text(6, '人员证件类型')),
  certno: optional(text(50, '证件号码')),
  psn_type: optional(text(6, '人员类别')),
  psn_name: optional(text(50, '人员姓名')),
  begntime: time('开始时间'),
  medfee_sumamt: decimal('医疗费总额'),
  invono: optional(text(20, '发票号')),
  insutype: text(6, '险种类型'),
  dise_codg: optional(text(30, '病种编码')),
  dise_name: optional(text(500, '病种名称')),
  acct_used_flag: text(1, '个人账户使用标志'),
  med_type: text(6, '医疗类别'),
  exp_content: optional(text(4000, '扩展字段')),
})

/** Traceability codes of a line. */
const traceCodes = optional(
  z
    .array(
      section({
        feedetl_sn: optional(text(30, '费用明细流水号')),
        // As wide as a virtual code of 3592B may be; the box has 20. [F: T H2]
        drug_trac_codg: text(500, '药品追溯码'),
        trdn_flag: text(3, '拆零标志'),
      }),
    )
    .max(ROWS_MAX),
)

/** `drugdetail`: what is bought. */
const drugLine = {
  feedetl_sn: text(30, '费用明细流水号'),
  rxno: optional(text(30, '处方号')),
  rx_circ_flag: text(3, '外购处方标志'),
  fee_ocur_time: time('费用发生时间'),
  // Asked for by the text; here it may be empty if the pharmacy's own code `medins_list_codg` is mapped.
  med_list_codg: optional(text(50, '医疗目录编码')),
  medins_list_codg: text(150, '医药机构目录编码'),
  det_item_fee_sumamt: decimal('明细项目费用总额'),
  cnt: decimal('数量'),
  pric: decimal('单价'),
  sin_dos_dscr: optional(text(200, '单次剂量描述')),
  used_frqu_dscr: optional(text(200, '使用频次描述')),
  prd_days: optional(decimal('周期天数')),
  medc_way_dscr: optional(text(200, '用药途径描述')),
  bilg_dr_codg: optional(text(30, '开单医生编码')),
  bilg_dr_name: optional(text(50, '开单医师姓名')),
  tcmdrug_used_way: optional(text(6, '中药使用方式')),
}

/** 2101 药店预结算: what is sent, `input`. */
export const input2101 = section({
  druginfo,
  drugdetail: rows('drugdetail', drugLine),
})

/** 2101 药店预结算: what is answered, `output`. */
export const output2101 = section({
  setlinfo: section({ ...calculated }),
  setldetail: fundRows,
  detlcutinfo: splitRows,
})

/** 2102 药店结算: what is sent, `input`. Hunan spells the node of the codes `durg_trac_info` in its table and `drug_trac_info` in its list of changes. [F] */
export const input2102 = section({
  druginfo,
  drugdetail: rows('drugdetail', { ...drugLine, durg_trac_info: traceCodes, drug_trac_info: traceCodes }),
})

/** 2102 药店结算: what is answered, `output`: the visit that it has opened, and its settlement. */
export const output2102 = section({
  setlinfo: section({ setl_id: settlementId, ...calculated }),
  setldetail: fundRows,
  detlcutinfo: splitRows,
})

/** 2103 药店结算撤销: what is sent, `input`. */
export const input2103 = section({
  data: section({
    setl_id: text(50, '结算ID'),
    mdtrt_id: text(50, '就诊ID'),
    psn_no: text(30, '人员编号'),
    exp_content: optional(text(4000, '扩展字段')),
  }),
})

/** 2103 药店结算撤销: what is answered, `output`: a settlement of its own with negative amounts. */
export const output2103 = section({
  setlinfo: section({ setl_id: settlementId, ...undone }),
  setldetail: fundRows,
})
