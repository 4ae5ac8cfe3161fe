/**
 * What the answers about a bill share: the calculated amounts, the amounts of an undone settlement, the rows of funds and
 * the split of lines. Source: as the transactions that carry them. [F]
 */
import { answeredRows, anyDay, decimal, optional, text, time } from '../fields.ts'

/** Settlement id `setl_id`: the one field without which an answer to a settlement is no answer. */
export const settlementId = text(50, '结算ID')

/**
 * `setlinfo` of a pre-settlement or settlement; `psn_part_am` is Guangdong's spelling. Every field may be empty, the amounts
 * are checked where they are read.
 */
export const calculated = {
  mdtrt_id: optional(text(50, '就诊ID')),
  psn_no: optional(text(30, '人员编号')),
  psn_name: optional(text(50, '人员姓名')),
  psn_cert_type: optional(text(6, '人员证件类型')),
  certno: optional(text(50, '证件号码')),
  gend: optional(text(6, '性别')),
  naty: optional(text(3, '民族')),
  brdy: optional(anyDay('出生日期')),
  age: optional(decimal('年龄')),
  insutype: optional(text(6, '险种类型')),
  psn_type: optional(text(6, '人员类别')),
  cvlserv_flag: optional(text(3, '公务员标志')),
  setl_time: optional(time('结算时间')),
  mdtrt_cert_type: optional(text(3, '就诊凭证类型')),
  med_type: optional(text(6, '医疗类别')),
  medfee_sumamt: optional(decimal('医疗费总额')),
  fulamt_ownpay_amt: optional(decimal('全自费金额')),
  overlmt_selfpay: optional(decimal('超限价自费费用')),
  preselfpay_amt: optional(decimal('先行自付金额')),
  inscp_scp_amt: optional(decimal('符合政策范围金额')),
  act_pay_dedc: optional(decimal('实际支付起付线')),
  hifp_pay: optional(decimal('基本医疗保险统筹基金支出')),
  pool_prop_selfpay: optional(decimal('基本医疗保险统筹基金支付比例')),
  cvlserv_pay: optional(decimal('公务员医疗补助资金支出')),
  hifes_pay: optional(decimal('企业补充医疗保险基金支出')),
  hifmi_pay: optional(decimal('居民大病保险资金支出')),
  hifob_pay: optional(decimal('职工大额医疗费用补助基金支出')),
  maf_pay: optional(decimal('医疗救助基金支出')),
  oth_pay: optional(decimal('其他支出')),
  fund_pay_sumamt: optional(decimal('基金支付总额')),
  psn_part_amt: optional(decimal('个人负担总金额')),
  psn_part_am: optional(decimal('个人负担总金额')),
  acct_pay: optional(decimal('个人账户支出')),
  psn_cash_pay: optional(decimal('个人现金支出')),
  hosp_part_amt: optional(decimal('医院负担金额')),
  balc: optional(decimal('余额')),
  acct_mulaid_pay: optional(decimal('个人账户共济支付金额')),
  medins_setl_id: optional(text(30, '医药机构结算ID')),
  clr_optins: optional(text(6, '清算经办机构')),
  clr_way: optional(text(6, '清算方式')),
  clr_type: optional(text(6, '清算类别')),
  hifdm_pay: optional(decimal('伤残人员医疗保障基金支出')),
}

/** `setlinfo` of an undone settlement: the same amounts, negative. `pdn_cash_pay` is the spelling of 2208. */
export const undone = {
  mdtrt_id: optional(text(50, '就诊ID')),
  psn_no: optional(text(30, '人员编号')),
  clr_optins: optional(text(6, '清算经办机构')),
  setl_time: optional(time('结算时间')),
  medfee_sumamt: optional(decimal('医疗费总额')),
  fulamt_ownpay_amt: optional(decimal('全自费金额')),
  overlmt_selfpay: optional(decimal('超限价自费费用')),
  preselfpay_amt: optional(decimal('先行自付金额')),
  inscp_scp_amt: optional(decimal('符合政策范围金额')),
  act_pay_dedc: optional(decimal('实际支付起付线')),
  hifp_pay: optional(decimal('基本医疗保险统筹基金支出')),
  pool_prop_selfpay: optional(decimal('基本医疗保险统筹基金支付比例')),
  cvlserv_pay: optional(decimal('公务员医疗补助资金支出')),
  hifes_pay: optional(decimal('企业补充医疗保险基金支出')),
  hifmi_pay: optional(decimal('居民大病保险资金支出')),
  hifob_pay: optional(decimal('职工大额医疗费用补助基金支出')),
  maf_pay: optional(decimal('医疗救助基金支出')),
  oth_pay: optional(decimal('其他支出')),
  fund_pay_sumamt: optional(decimal('基金支付总额')),
  psn_part_amt: optional(decimal('个人负担总金额')),
  acct_pay: optional(decimal('个人账户支出')),
  balc: optional(decimal('余额')),
  acct_mulaid_pay: optional(decimal('个人账户共济支付金额')),
  hosp_part_amt: optional(decimal('医院负担金额')),
  medins_setl_id: optional(text(30, '医药机构结算ID')),
  pdn_cash_pay: optional(decimal('个人现金支出')),
  psn_cash_pay: optional(decimal('个人现金支出')),
  hifdm_pay: optional(decimal('伤残人员医疗保障基金支出')),
}

/** `setldetail`: what each fund pays. */
export const fundRows = answeredRows({
  fund_pay_type: optional(text(6, '基金支付类型')),
  inscp_scp_amt: optional(decimal('符合政策范围金额')),
  crt_payb_lmt_amt: optional(decimal('本次可支付限额金额')),
  fund_payamt: optional(decimal('基金支付金额')),
  fund_pay_type_name: optional(text(200, '基金支付类型名称')),
  setl_proc_info: optional(text(4000, '结算过程信息')),
})

/** `result`: how the place of treatment split a line. */
export const splitRows = answeredRows({
  feedetl_sn: optional(text(30, '费用明细流水号')),
  det_item_fee_sumamt: optional(decimal('明细项目费用总额')),
  cnt: optional(decimal('数量')),
  pric: optional(decimal('单价')),
  pric_uplmt_amt: optional(decimal('定价上限金额')),
  selfpay_prop: optional(decimal('自付比例')),
  fulamt_ownpay_amt: optional(decimal('全自费金额')),
  overlmt_amt: optional(decimal('超限价金额')),
  preselfpay_amt: optional(decimal('先行自付金额')),
  inscp_scp_amt: optional(decimal('符合政策范围金额')),
  chrgitm_lv: optional(text(3, '收费项目等级')),
  med_chrgitm_type: optional(text(6, '医疗收费项目类别')),
  bas_medn_flag: optional(text(3, '基本药物标志')),
  hi_nego_drug_flag: optional(text(3, '医保谈判药品标志')),
  chld_medc_flag: optional(text(3, '儿童用药标志')),
  list_sp_item_flag: optional(text(3, '目录特项标志')),
  lmt_used_flag: optional(text(3, '限制使用标志')),
  drt_reim_flag: optional(text(3, '直报标志')),
  memo: optional(text(500, '备注')),
})
