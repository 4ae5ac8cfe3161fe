/**
 * Inpatient pre-settlement, settlement and cancellation: fields of the national interface.
 * Source: public client code of hospitals, gathered field by field; confidence 2303 high, 2304 high, 2305 high. [F]
 */
import { day, decimal, optional, section, text, time } from '../fields.ts'
import { linesOfStay } from './lines.ts'
import { calculated, fundRows, settlementId, undone } from './settlement-info.ts'

/** 2303 住院预结算: what is sent, `input`. Every field as the text of the interface names it. */
export const input2303 = section({
  data: section({
    psn_no: text(30, '人员编号'),
    mdtrt_cert_type: text(3, '就诊凭证类型'),
    mdtrt_cert_no: text(50, '就诊凭证编号'),
    medfee_sumamt: decimal('医疗费总额'),
    psn_setlway: text(6, '个人结算方式'),
    mdtrt_id: text(50, '就诊ID'),
    acct_used_flag: optional(text(1, '个人账户使用标志')),
    insutype: text(6, '险种类型'),
    invono: optional(text(20, '发票号')),
    mid_setl_flag: text(3, '中途结算标志'),
    fulamt_ownpay_amt: decimal('全自费金额'),
    overlmt_selfpay: decimal('超限价金额'),
    preselfpay_amt: decimal('先行自付金额'),
    inscp_scp_amt: decimal('符合政策范围金额'),
    dscg_time: optional(day('出院时间')),
    exp_content: optional(text(4000, '扩展字段')),
  }),
})

/** 2303 住院预结算: what is answered, `output`. */
export const output2303 = section({
  setlinfo: section({ ...calculated }),
  setldetail: fundRows,
})

/** 2304 住院结算: what is sent, `input`. Every field as the text of the interface names it. */
export const input2304 = section({
  data: section({
    psn_no: text(30, '人员编号'),
    mdtrt_cert_type: text(3, '就诊凭证类型'),
    mdtrt_cert_no: text(50, '就诊凭证编号'),
    medfee_sumamt: decimal('医疗费总额'),
    psn_setlway: text(6, '个人结算方式'),
    mdtrt_id: text(50, '就诊ID'),
    insutype: text(6, '险种类型'),
    acct_used_flag: text(1, '个人账户使用标志'),
    invono: optional(text(20, '发票号')),
    mid_setl_flag: text(3, '中途结算标志'),
    fulamt_ownpay_amt: optional(decimal('全自费金额')),
    overlmt_selfpay: optional(decimal('超限价金额')),
    preselfpay_amt: optional(decimal('先行自付金额')),
    inscp_scp_amt: optional(decimal('符合政策范围金额')),
    dscg_time: optional(time('出院时间')),
    exp_content: optional(text(4000, '扩展字段')),
  }),
  feedetail: linesOfStay,
})

/** 2304 住院结算: what is answered, `output`. */
export const output2304 = section({
  setlinfo: section({ setl_id: settlementId, ...calculated }),
  setldetail: fundRows,
})

/** 2305 住院结算撤销: what is sent, `input`. Every field as the text of the interface names it. */
export const input2305 = section({
  data: section({
    mdtrt_id: text(50, '就诊ID'),
    setl_id: text(50, '结算ID'),
    psn_no: text(30, '人员编号'),
    exp_content: optional(text(4000, '扩展字段')),
  }),
})

/** 2305 住院结算撤销: what is answered, `output`: a settlement of its own with negative amounts. */
export const output2305 = section({
  setlinfo: section({ setl_id: settlementId, ...undone }),
  setldetail: fundRows,
})
