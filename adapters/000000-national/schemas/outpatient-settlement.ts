/**
 * Outpatient pre-settlement, settlement and cancellation: fields of the national interface.
 * Source: public client code of hospitals, gathered field by field; confidence 2206 high, 2207 high, 2208 high. [F]
 */
import { decimal, optional, section, text } from '../fields.ts'
import { linesOfBill } from './lines.ts'
import { calculated, fundRows, settlementId, undone } from './settlement-info.ts'

/** 2206 门诊预结算: what is sent, `input`. Every field as the text of the interface names it. */
export const input2206 = section({
  data: section({
    psn_no: text(30, '人员编号'),
    mdtrt_cert_type: text(3, '就诊凭证类型'),
    mdtrt_cert_no: text(50, '就诊凭证编号'),
    med_type: text(6, '医疗类别'),
    medfee_sumamt: decimal('医疗费总额'),
    psn_setlway: text(6, '个人结算方式'),
    mdtrt_id: text(50, '就诊ID'),
    chrg_bchno: text(30, '收费批次号'),
    acct_used_flag: text(1, '个人账户使用标志'),
    insutype: text(6, '险种类型'),
    exp_content: optional(text(4000, '扩展字段')),
  }),
})

/** 2206 门诊预结算: what is answered, `output`. */
export const output2206 = section({
  setlinfo: section({ ...calculated }),
  setldetail: fundRows,
})

/** 2207 门诊结算: what is sent, `input`. Every field as the text of the interface names it. */
export const input2207 = section({
  data: section({
    psn_no: text(30, '人员编号'),
    mdtrt_cert_type: text(3, '就诊凭证类型'),
    mdtrt_cert_no: text(50, '就诊凭证编号'),
    med_type: text(6, '医疗类别'),
    medfee_sumamt: decimal('医疗费总额'),
    psn_setlway: text(6, '个人结算方式'),
    mdtrt_id: text(50, '就诊ID'),
    chrg_bchno: text(30, '收费批次号'),
    insutype: text(6, '险种类型'),
    acct_used_flag: text(1, '个人账户使用标志'),
    invono: optional(text(20, '发票号')),
    fulamt_ownpay_amt: decimal('全自费金额'),
    overlmt_selfpay: decimal('超限价金额'),
    preselfpay_amt: decimal('先行自付金额'),
    inscp_scp_amt: decimal('符合政策范围金额'),
    exp_content: optional(text(4000, '扩展字段')),
  }),
  feedetail: linesOfBill,
})

/** 2207 门诊结算: what is answered, `output`. */
export const output2207 = section({
  setlinfo: section({ setl_id: settlementId, ...calculated }),
  setldetail: fundRows,
})

/** 2208 门诊结算撤销: what is sent, `input`. Every field as the text of the interface names it. */
export const input2208 = section({
  data: section({
    setl_id: text(50, '结算ID'),
    mdtrt_id: text(50, '就诊ID'),
    psn_no: text(30, '人员编号'),
    exp_content: optional(text(4000, '扩展字段')),
  }),
})

/** 2208 门诊结算撤销: what is answered, `output`: a settlement of its own with negative amounts. */
export const output2208 = section({
  setlinfo: section({ setl_id: settlementId, ...undone }),
  setldetail: fundRows,
})
