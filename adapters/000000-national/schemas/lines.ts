/**
 * Fee lines: fields of the national interface.
 * Source: public client code of hospitals, gathered field by field; confidence 2204 high, 2205 high, 2301 high, 2302 high. [F]
 */
import { decimal, optional, rows, section, text, time } from '../fields.ts'
import { splitRows } from './settlement-info.ts'

/** What an outpatient and an inpatient fee line say alike. */
const feeLine = {
  feedetl_sn: text(30, '费用明细流水号'),
  mdtrt_id: text(50, '就诊ID'),
  psn_no: text(30, '人员编号'),
  fee_ocur_time: time('费用发生时间'),
  // Asked for by the text; here it may be empty if the hospital's own code `medins_list_codg` is mapped.
  med_list_codg: optional(text(50, '医疗目录编码')),
  medins_list_codg: text(150, '医药机构目录编码'),
  det_item_fee_sumamt: decimal('明细项目费用总额'),
  cnt: decimal('数量'),
  pric: decimal('单价'),
  bilg_dept_codg: text(30, '开单科室编码'),
  bilg_dept_name: text(100, '开单科室名称'),
  bilg_dr_codg: text(30, '开单医生编码'),
  bilg_dr_name: text(50, '开单医师姓名'),
  acord_dept_codg: optional(text(30, '受单科室编码')),
  acord_dept_name: optional(text(100, '受单科室名称')),
  orders_dr_code: optional(text(30, '受单医生编码')),
  orders_dr_name: optional(text(50, '受单医生姓名')),
  tcmdrug_used_way: optional(text(6, '中药使用方式')),
  etip_flag: optional(text(3, '外检标志')),
  etip_hosp_code: optional(text(30, '外检医院编码')),
  dscg_tkdrug_flag: optional(text(3, '出院带药标志')),
  matn_fee_flag: optional(text(6, '生育费用标志')),
  exp_content: optional(text(4000, '扩展字段')),
}

/** Outpatient fee lines `feedetail`. */
const outpatientLines = rows('feedetail', {
  ...feeLine,
  chrg_bchno: text(30, '收费批次号'),
  dise_codg: optional(text(30, '病种编码')),
  rxno: optional(text(30, '处方号')),
  rx_circ_flag: text(3, '外购处方标志'),
  sin_dos_dscr: optional(text(200, '单次剂量描述')),
  used_frqu_dscr: optional(text(200, '使用频次描述')),
  prd_days: optional(decimal('周期天数')),
  medc_way_dscr: optional(text(200, '用药途径描述')),
  hosp_appr_flag: text(3, '医院审批标志'),
})

/** Inpatient fee lines `feedetail`. */
const inpatientLines = rows('feedetail', {
  ...feeLine,
  init_feedetl_sn: optional(text(30, '原费用流水号')),
  drord_no: optional(text(30, '医嘱号')),
  med_type: text(6, '医疗类别'),
  hosp_appr_flag: optional(text(3, '医院审批标志')),
  memo: optional(text(500, '备注')),
})

/** Fee lines that some senders put beside the bill of a settlement, in the form of 2204; the text does not ask for them. [A] */
export const linesOfBill = optional(outpatientLines)

/** The same beside an inpatient bill, in the form of 2301. [A] */
export const linesOfStay = optional(inpatientLines)

/** 2204 门诊费用明细信息上传: what is sent, `input`. Every field as the text of the interface names it. */
export const input2204 = section({
  feedetail: outpatientLines,
})

/** 2204 门诊费用明细信息上传: what is answered, `output`: how the place of treatment split each line. */
export const output2204 = section({
  result: splitRows,
})

/** 2205 门诊费用明细信息撤销: what is sent, `input`. Every field as the text of the interface names it. */
export const input2205 = section({
  data: section({
    mdtrt_id: text(50, '就诊ID'),
    chrg_bchno: text(30, '收费批次号'),
    psn_no: text(30, '人员编号'),
    exp_content: optional(text(4000, '扩展字段')),
  }),
})

/** 2301 住院费用明细上传: what is sent, `input`. Every field as the text of the interface names it. */
export const input2301 = section({
  feedetail: inpatientLines,
})

/** 2301 住院费用明细上传: what is answered, `output`: how the place of treatment split each line. */
export const output2301 = section({
  result: splitRows,
})

/** 2302 住院费用明细撤销: what is sent, `input`. Every field as the text of the interface names it. */
export const input2302 = section({
  data: rows('data', {
    feedetl_sn: text(30, '费用明细流水号'),
    mdtrt_id: text(50, '就诊ID'),
    psn_no: text(30, '人员编号'),
    exp_content: optional(text(4000, '扩展字段')),
  }),
})
