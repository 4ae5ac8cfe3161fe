/**
 * Person, entitlement and referral filing: fields of the national interface.
 * Source: public client code of hospitals, gathered field by field; confidence 1101 high, 2001 high, 2501 high. [F]
 */
import { answeredRows, anyDay, day, decimal, optional, section, text, time } from '../fields.ts'

/** 1101 人员基本信息获取: what is sent, `input`. Every field as the text of the interface names it. */
export const input1101 = section({
  data: section({
    mdtrt_cert_type: text(3, '就诊凭证类型'),
    mdtrt_cert_no: text(50, '就诊凭证编号'),
    card_sn: optional(text(32, '卡识别码')),
    begntime: optional(time('开始时间')),
    psn_cert_type: optional(text(6, '人员证件类型')),
    certno: optional(text(50, '证件号码')),
    psn_name: optional(text(50, '人员姓名')),
  }),
})

/** 1101 人员基本信息获取: what is answered, `output`. Every field as the text of the interface names it. */
export const output1101 = section({
  baseinfo: section({
    psn_no: optional(text(30, '人员编号')),
    psn_cert_type: optional(text(6, '人员证件类型')),
    certno: optional(text(50, '证件号码')),
    psn_name: optional(text(50, '人员姓名')),
    gend: optional(text(6, '性别')),
    naty: optional(text(3, '民族')),
    brdy: optional(anyDay('出生日期')),
    age: optional(decimal('年龄')),
    exp_content: optional(text(4000, '扩展字段')),
  }),
  insuinfo: answeredRows({
    balc: optional(decimal('余额')),
    insutype: optional(text(6, '险种类型')),
    psn_type: optional(text(6, '人员类别')),
    psn_insu_stas: optional(text(6, '人员参保状态')),
    psn_insu_date: optional(anyDay('个人参保日期')),
    paus_insu_date: optional(anyDay('暂停参保日期')),
    cvlserv_flag: optional(text(3, '公务员标志')),
    insuplc_admdvs: optional(text(6, '参保地医保区划')),
    emp_name: optional(text(200, '单位名称')),
  }),
  idetinfo: answeredRows({
    psn_idet_type: optional(text(3, '人员身份类别')),
    psn_type_lv: optional(text(3, '人员类别等级')),
    memo: optional(text(500, '备注')),
    begntime: optional(time('开始时间')),
    endtime: optional(time('结束时间')),
  }),
})

/** 2001 人员待遇享受检查: what is sent, `input`. Every field as the text of the interface names it. */
export const input2001 = section({
  data: section({
    psn_no: text(30, '人员编号'),
    insutype: text(6, '险种类型'),
    fixmedins_code: text(12, '定点医药机构编号'),
    med_type: text(6, '医疗类别'),
    begntime: time('开始时间'),
    endtime: optional(time('结束时间')),
    dise_codg: optional(text(30, '病种编码')),
    dise_name: optional(text(500, '病种名称')),
    oprn_oprt_code: optional(text(30, '手术操作代码')),
    oprn_oprt_name: optional(text(500, '手术操作名称')),
    matn_type: optional(text(6, '生育类别')),
    birctrl_type: optional(text(6, '计划生育手术类别')),
    exp_content: optional(text(4000, '扩展字段')),
  }),
})

/** 2001 人员待遇享受检查: what is answered, `output`. Every field as the text of the interface names it. */
export const output2001 = section({
  trtinfo: answeredRows({
    psn_no: optional(text(30, '人员编号')),
    trt_chk_type: optional(text(6, '待遇检查类型')),
    fund_pay_type: optional(text(6, '基金支付类型')),
    trt_enjymnt_flag: optional(text(3, '基金款项待遇享受标志')),
    begndate: optional(anyDay('开始日期')),
    enddate: optional(anyDay('结束日期')),
    trt_chk_rslt: optional(text(500, '待遇检查结果')),
  }),
})

/** 2501 转院备案: what is sent, `input`. Every field as the text of the interface names it. */
export const input2501 = section({
  refmedin: section({
    psn_no: text(30, '人员编号'),
    insutype: optional(text(6, '险种类型')),
    tel: optional(text(50, '联系电话')),
    addr: optional(text(200, '联系地址')),
    insu_optins: optional(text(6, '参保机构医保区划')),
    diag_code: text(20, '诊断代码'),
    diag_name: text(100, '诊断名称'),
    dise_cond_dscr: optional(text(2000, '疾病病情描述')),
    reflin_medins_no: text(12, '转往定点医药机构编号'),
    reflin_medins_name: text(200, '转往医院名称'),
    mdtrtarea_admdvs: text(6, '就医地行政区划'),
    hosp_agre_refl_flag: optional(text(3, '医院同意转院标志')),
    refl_type: text(30, '转院类型'),
    refl_date: day('转院日期'),
    refl_rea: text(100, '转院原因'),
    refl_opnn: text(200, '转院意见'),
    begndate: optional(day('开始日期')),
    // What holds until it is withdrawn ends 2099-12-31 or 9999-12-31. [K]
    enddate: optional(anyDay('结束日期')),
    refl_used_flag: optional(text(3, '转诊使用标志')),
  }),
})

/** 2501 转院备案: what is answered, `output`. Every field as the text of the interface names it. */
export const output2501 = section({
  result: section({
    trt_dcla_detl_sn: optional(text(30, '待遇申报明细流水号')),
  }),
})
