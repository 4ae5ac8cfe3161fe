/**
 * Reversal and the queries that find an outcome: fields of the national interface.
 * Source: public client code of hospitals, gathered field by field; confidence 2601 high, 5203 high, 5201 high, 5202 high. [F]
 */
import { answeredRows, anyDay, day, decimal, optional, section, text, time, whole } from '../fields.ts'
import { calculated, fundRows } from './settlement-info.ts'

/** 2601 冲正交易: what is sent, `input`. Every field as the text of the interface names it. */
export const input2601 = section({
  data: section({
    psn_no: text(30, '人员编号'),
    omsgid: text(30, '原发送方报文ID'),
    oinfno: text(4, '原交易编号'),
  }),
})

/** 5203 结算信息查询: what is sent, `input`. Every field as the text of the interface names it. */
export const input5203 = section({
  data: section({
    psn_no: text(30, '人员编号'),
    // Asked for by the text; after a time-out Hunan and Hainan clients leave it empty. [F]
    setl_id: optional(text(50, '结算ID')),
    mdtrt_id: text(50, '就诊ID'),
  }),
})

/** 5203 结算信息查询: what is answered, `output`. Every field as the text of the interface names it. */
export const output5203 = section({
  setlinfo: section({
    ...calculated,
    setl_id: optional(text(50, '结算ID')),
    flxempe_flag: optional(text(3, '灵活就业标志')),
    nwb_flag: optional(text(3, '新生儿标志')),
    insu_optins: optional(text(6, '参保机构医保区划')),
    emp_name: optional(text(200, '单位名称')),
    pay_loc: optional(text(6, '支付地点类别')),
    fixmedins_code: optional(text(12, '定点医药机构编号')),
    fixmedins_name: optional(text(200, '定点医药机构名称')),
    hosp_lv: optional(text(6, '医院等级')),
    fixmedins_poolarea: optional(text(6, '定点归属机构')),
    lmtpric_hosp_lv: optional(text(6, '限价医院等级')),
    dedc_hosp_lv: optional(text(6, '起付线医院等级')),
    begndate: optional(anyDay('开始日期')),
    enddate: optional(anyDay('结束日期')),
    psn_pay: optional(decimal('个人支付金额')),
    cash_payamt: optional(decimal('现金支付金额')),
    refd_setl_flag: optional(text(3, '退费结算标志')),
    year: optional(text(4, '年度')),
    dise_codg: optional(text(30, '病种编码')),
    dise_name: optional(text(500, '病种名称')),
    invono: optional(text(20, '发票号')),
    opter_id: optional(text(20, '经办人ID')),
    opter_name: optional(text(50, '经办人姓名')),
    opt_time: optional(time('经办时间')),
  }),
  setldetail: fundRows,
})

/** 5201 就诊信息查询: what is sent, `input`. Every field as the text of the interface names it. */
export const input5201 = section({
  data: section({
    psn_no: text(30, '人员编号'),
    begntime: time('开始时间'),
    endtime: time('结束时间'),
    med_type: text(6, '医疗类别'),
    mdtrt_id: optional(text(50, '就诊ID')),
  }),
})

/** 5201 就诊信息查询: what is answered, `output`. Every field as the text of the interface names it. */
export const output5201 = section({
  mdtrtinfo: answeredRows({
    mdtrt_id: optional(text(50, '就诊ID')),
    psn_no: optional(text(30, '人员编号')),
    psn_cert_type: optional(text(6, '人员证件类型')),
    certno: optional(text(50, '证件号码')),
    psn_name: optional(text(50, '人员姓名')),
    gend: optional(text(6, '性别')),
    naty: optional(text(3, '民族')),
    brdy: optional(anyDay('出生日期')),
    age: optional(decimal('年龄')),
    coner_name: optional(text(50, '联系人姓名')),
    tel: optional(text(50, '联系电话')),
    insutype: optional(text(6, '险种类型')),
    psn_type: optional(text(6, '人员类别')),
    maf_psn_flag: optional(text(3, '医疗救助对象标志')),
    cvlserv_flag: optional(text(3, '公务员标志')),
    flxempe_flag: optional(text(3, '灵活就业标志')),
    nwb_flag: optional(text(3, '新生儿标志')),
    insu_optins: optional(text(6, '参保机构医保区划')),
    emp_name: optional(text(200, '单位名称')),
    begntime: optional(time('开始时间')),
    endtime: optional(time('结束时间')),
    mdtrt_cert_type: optional(text(3, '就诊凭证类型')),
    med_type: optional(text(6, '医疗类别')),
    ars_year_ipt_flag: optional(text(3, '跨年度住院标志')),
    pre_pay_flag: optional(text(3, '先行支付标志')),
    ipt_otp_no: optional(text(30, '住院/门诊号')),
    medrcdno: optional(text(30, '病历号')),
    atddr_no: optional(text(30, '主治医生编码')),
    chfpdr_name: optional(text(50, '主诊医师姓名')),
    adm_dept_codg: optional(text(30, '入院科室编码')),
    adm_dept_name: optional(text(100, '入院科室名称')),
    adm_bed: optional(text(30, '入院床位')),
    dscg_maindiag_code: optional(text(20, '住院主诊断代码')),
    dscg_maindiag_name: optional(text(300, '住院主诊断名称')),
    dscg_dept_codg: optional(text(30, '出院科室编码')),
    dscg_dept_name: optional(text(100, '出院科室名称')),
    dscg_bed: optional(text(30, '出院床位')),
    dscg_way: optional(text(3, '离院方式')),
    main_cond_dscr: optional(text(1000, '主要病情描述')),
    dise_codg: optional(text(30, '病种编码')),
    dise_name: optional(text(500, '病种名称')),
    oprn_oprt_code: optional(text(30, '手术操作代码')),
    oprn_oprt_name: optional(text(500, '手术操作名称')),
    otp_diag_info: optional(text(200, '门诊诊断信息')),
    inhosp_stas: optional(text(3, '在院状态')),
    die_date: optional(day('死亡日期')),
    ipt_days: optional(whole('住院天数')),
    fpsc_no: optional(text(50, '计划生育服务证号')),
    matn_type: optional(text(6, '生育类别')),
    birctrl_type: optional(text(6, '计划生育手术类别')),
    latechb_flag: optional(text(3, '晚育标志')),
    geso_val: optional(whole('孕周数')),
    fetts: optional(whole('次')),
    fetus_cnt: optional(whole('胎儿数')),
    pret_flag: optional(text(3, '早产标志')),
    birctrl_matn_date: optional(day('计划生育手术或生育日期')),
    cop_flag: optional(text(3, '伴有并发症标志')),
    opter_id: optional(text(20, '经办人ID')),
    opter_name: optional(text(50, '经办人姓名')),
    opt_time: optional(time('经办时间')),
    memo: optional(text(500, '备注')),
  }),
})

/** 5202 诊断信息查询: what is sent, `input`. Every field as the text of the interface names it. */
export const input5202 = section({
  data: section({
    mdtrt_id: text(50, '就诊ID'),
    psn_no: text(30, '人员编号'),
  }),
})

/** 5202 诊断信息查询: what is answered, `output`. Every field as the text of the interface names it. */
export const output5202 = section({
  diseinfo: answeredRows({
    diag_info_id: optional(text(30, '诊断信息ID')),
    mdtrt_id: optional(text(50, '就诊ID')),
    psn_no: optional(text(30, '人员编号')),
    inout_diag_type: optional(text(3, '出入院诊断类别')),
    diag_type: optional(text(3, '诊断类别')),
    maindiag_flag: optional(text(3, '主诊断标志')),
    diag_srt_no: optional(whole('诊断排序号')),
    diag_code: optional(text(20, '诊断代码')),
    diag_name: optional(text(100, '诊断名称')),
    adm_cond: optional(text(500, '入院病情')),
    diag_dept: optional(text(50, '诊断科室')),
    dise_dor_no: optional(text(30, '诊断医生编码')),
    dise_dor_name: optional(text(50, '诊断医生姓名')),
    diag_time: optional(time('诊断时间')),
    opter_id: optional(text(20, '经办人ID')),
    opter_name: optional(text(50, '经办人姓名')),
    opt_time: optional(time('经办时间')),
  }),
})
