/**
 * Admission and discharge: fields of the national interface.
 * Source: public client code of hospitals, gathered field by field; confidence 2401 high, 2402 high, 2403 high, 2404 high, 2405 high. [F]
 */
import { day, optional, rows, section, text, time, whole } from '../fields.ts'

/** A diagnosis of a stay. */
const diagnosis = {
  psn_no: text(30, '人员编号'),
  diag_type: text(3, '诊断类别'),
  maindiag_flag: text(3, '主诊断标志'),
  diag_srt_no: whole('诊断排序号'),
  diag_code: text(20, '诊断代码'),
  diag_name: text(100, '诊断名称'),
  diag_dept: text(50, '诊断科室'),
  dise_dor_no: text(30, '诊断医生编码'),
  dise_dor_name: text(50, '诊断医生姓名'),
  diag_time: time('诊断时间'),
  // Not in the text here, but sent with some rows as in 2203. [A]
  vali_flag: optional(text(3, '有效标志')),
}

/** What an admission and its change say alike. */
const admission = {
  psn_no: text(30, '人员编号'),
  coner_name: optional(text(50, '联系人姓名')),
  tel: optional(text(50, '联系电话')),
  begntime: time('开始时间'),
  mdtrt_cert_type: text(3, '就诊凭证类型'),
  med_type: text(6, '医疗类别'),
  medrcdno: optional(text(30, '病历号')),
  atddr_no: text(30, '主治医生编码'),
  chfpdr_name: text(50, '主诊医师姓名'),
  adm_diag_dscr: text(200, '入院诊断描述'),
  adm_dept_codg: text(30, '入院科室编码'),
  adm_dept_name: text(100, '入院科室名称'),
  adm_bed: text(30, '入院床位'),
  dscg_maindiag_code: text(20, '住院主诊断代码'),
  dscg_maindiag_name: text(300, '住院主诊断名称'),
  main_cond_dscr: optional(text(1000, '主要病情描述')),
  dise_codg: optional(text(30, '病种编码')),
  dise_name: optional(text(500, '病种名称')),
  oprn_oprt_code: optional(text(30, '手术操作代码')),
  oprn_oprt_name: optional(text(500, '手术操作名称')),
  fpsc_no: optional(text(50, '计划生育服务证号')),
  matn_type: optional(text(6, '生育类别')),
  birctrl_type: optional(text(6, '计划生育手术类别')),
  latechb_flag: optional(text(3, '晚育标志')),
  geso_val: optional(whole('孕周数')),
  fetts: optional(whole('胎次')),
  fetus_cnt: optional(whole('胎儿数')),
  pret_flag: optional(text(3, '早产标志')),
  birctrl_matn_date: optional(day('计划生育手术或生育日期')),
  exp_content: optional(text(4000, '扩展字段')),
  trum_flag: optional(text(3, '外伤标识')),
  rel_ttp_flag: optional(text(3, '涉及第三方标志')),
  mdtrt_grp_type: optional(text(6, '就诊人群类型')),
}

/** 2401 入院办理: what is sent, `input`. Every field as the text of the interface names it. */
export const input2401 = section({
  mdtrtinfo: section({
    ...admission,
    insutype: text(6, '险种类型'),
    mdtrt_cert_no: text(50, '就诊凭证编号'),
    ipt_no: text(30, '住院号'),
    dise_type_code: optional(text(6, '病种类型')),
    insuplc_admdvs: optional(text(6, '参保地医保区划')),
    mdtrtarea_admvs: optional(text(6, '就医地医保区划')),
  }),
  diseinfo: rows('diseinfo', {
    ...diagnosis,
    adm_cond: optional(text(500, '入院病情')),
  }),
})

/** 2401 入院办理: what is answered, `output`. Every field as the text of the interface names it. */
export const output2401 = section({
  result: section({
    mdtrt_id: optional(text(50, '就诊ID')),
  }),
})

/** 2402 出院办理: what is sent, `input`. Every field as the text of the interface names it. */
export const input2402 = section({
  dscginfo: section({
    mdtrt_id: text(50, '就诊ID'),
    psn_no: text(30, '人员编号'),
    insutype: text(6, '险种类型'),
    endtime: time('结束时间'),
    dise_codg: optional(text(30, '病种编码')),
    dise_name: optional(text(500, '病种名称')),
    oprn_oprt_code: optional(text(30, '手术操作代码')),
    oprn_oprt_name: optional(text(500, '手术操作名称')),
    fpsc_no: optional(text(50, '计划生育服务证号')),
    matn_type: optional(text(6, '生育类别')),
    birctrl_type: optional(text(6, '计划生育手术类别')),
    latechb_flag: optional(text(3, '晚育标志')),
    geso_val: optional(whole('孕周数')),
    fetts: optional(whole('胎次')),
    fetus_cnt: optional(whole('胎儿数')),
    pret_flag: optional(text(3, '早产标志')),
    birctrl_matn_date: optional(day('计划生育手术或生育日期')),
    cop_flag: optional(text(3, '伴有并发症标志')),
    dscg_dept_codg: text(30, '出院科室编码'),
    dscg_dept_name: text(100, '出院科室名称'),
    dscg_bed: optional(text(30, '出院床位')),
    dscg_way: text(3, '离院方式'),
    die_date: optional(day('死亡日期')),
    exp_content: optional(text(4000, '扩展字段')),
  }),
  diseinfo: rows('diseinfo', {
    ...diagnosis,
    mdtrt_id: text(50, '就诊ID'),
  }),
})

/** 2403 入院信息变更: what is sent, `input`. Every field as the text of the interface names it. */
export const input2403 = section({
  adminfo: section({
    ...admission,
    mdtrt_id: text(50, '就诊ID'),
    endtime: optional(time('结束时间')),
    ipt_otp_no: text(30, '住院/门诊号'),
    dise_type_code: optional(text(6, '病种编号')),
  }),
  diseinfo: rows('diseinfo', {
    ...diagnosis,
    adm_cond: optional(text(500, '入院病情')),
    mdtrt_id: text(50, '就诊ID'),
  }),
})

/** 2404 入院撤销: what is sent, `input`. Every field as the text of the interface names it. */
export const input2404 = section({
  data: section({
    mdtrt_id: text(50, '就诊ID'),
    psn_no: text(30, '人员编号'),
    exp_content: optional(text(4000, '扩展字段')),
  }),
})

/** 2405 出院撤销: what is sent, `input`. Every field as the text of the interface names it. */
export const input2405 = section({
  data: section({
    mdtrt_id: text(50, '就诊ID'),
    psn_no: text(30, '人员编号'),
    exp_content: optional(text(4000, '扩展字段')),
  }),
})
