/**
 * Outpatient registration and visit details: fields of the national interface.
 * Source: public client code of hospitals, gathered field by field; confidence 2201 high, 2202 high, 2203 high. [F]
 */
import { day, optional, rows, section, text, time, whole } from '../fields.ts'

/** 2201 门诊挂号: what is sent, `input`. Every field as the text of the interface names it. */
export const input2201 = section({
  data: section({
    psn_no: text(30, '人员编号'),
    insutype: text(6, '险种类型'),
    begntime: time('开始时间'),
    mdtrt_cert_type: text(3, '就诊凭证类型'),
    mdtrt_cert_no: text(50, '就诊凭证编号'),
    ipt_otp_no: text(30, '住院/门诊号'),
    atddr_no: text(30, '医师编码'),
    dr_name: text(50, '医师姓名'),
    dept_code: text(30, '科室编码'),
    dept_name: text(100, '科室名称'),
    caty: text(6, '科别'),
    exp_content: optional(text(4000, '扩展字段')),
  }),
})

/** 2201 门诊挂号: what is answered, `output`. Every field as the text of the interface names it. */
export const output2201 = section({
  data: section({
    mdtrt_id: optional(text(50, '就诊ID')),
    psn_no: optional(text(30, '人员编号')),
    ipt_otp_no: optional(text(30, '住院/门诊号')),
  }),
})

/** 2202 门诊挂号撤销: what is sent, `input`. Every field as the text of the interface names it. */
export const input2202 = section({
  data: section({
    psn_no: text(30, '人员编号'),
    mdtrt_id: text(50, '就诊ID'),
    ipt_otp_no: text(30, '住院/门诊号'),
    exp_content: optional(text(4000, '扩展字段')),
  }),
})

/** 2203 门诊就诊信息上传: what is sent, `input`. Every field as the text of the interface names it. */
export const input2203 = section({
  mdtrtinfo: section({
    mdtrt_id: text(50, '就诊ID'),
    psn_no: text(30, '人员编号'),
    med_type: text(6, '医疗类别'),
    begntime: time('开始时间'),
    main_cond_dscr: optional(text(1000, '主要病情描述')),
    dise_codg: optional(text(30, '病种编码')),
    dise_name: optional(text(500, '病种名称')),
    birctrl_type: optional(text(6, '计划生育手术类别')),
    birctrl_matn_date: optional(day('计划生育手术或生育日期')),
  }),
  diseinfo: rows('diseinfo', {
    diag_type: text(3, '诊断类别'),
    diag_srt_no: whole('诊断排序号'),
    diag_code: text(20, '诊断代码'),
    diag_name: text(100, '诊断名称'),
    diag_dept: text(50, '诊断科室'),
    dise_dor_no: text(30, '诊断医生编码'),
    dise_dor_name: text(50, '诊断医生姓名'),
    diag_time: time('诊断时间'),
    vali_flag: text(3, '有效标志'),
  }),
})
