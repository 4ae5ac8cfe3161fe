/** Schemas of encounters, fee lines and discharges. */
import { z } from '@hono/zod-openapi'
import {
  code,
  codeOrLocalCode,
  credential,
  day,
  decimal,
  diagnoses,
  disease,
  fen,
  flag,
  head,
  insuranceType,
  named,
  positiveFen,
  ROWS_MAX,
  said,
  text,
  time,
  under,
  warning,
  warnings,
} from './fields.ts'
import { person } from './person-schemas.ts'

const doctor = (fields: string) => named('医师', fields, { code: 'D621002000001', name: '医师甲' })
const department = (fields: string) => named('科室', fields, { code: '0101', name: '内科' })

const visit = {
  ...head,
  person,
  insuranceType,
  credential,
  begins: time('开始时间 begntime'),
  disease: disease.optional(),
  condition: text(1000, '主要病情描述 main_cond_dscr', '头晕三天').optional(),
  emergency: flag('急诊抢救：写入exp_content，视同备案').optional(),
}

/** An outpatient visit. */
export const OutpatientVisit = z
  .strictObject({
    kind: z.literal('outpatient').openapi({ description: '门诊' }),
    ...visit,
    visitNumber: text(30, '门诊号 ipt_otp_no', 'MZ20250312001'),
    doctor: doctor('atddr_no、dr_name'),
    department: department('dept_code、dept_name'),
    specialty: code(6, '科别 caty', 'A03'),
    medicalCategory: code(6, '医疗类别 med_type：11普通门诊 14门诊慢特病', '11').optional(),
    diagnoses: diagnoses.optional(),
  })
  .refine(({ diagnoses: given, medicalCategory }) => !given || medicalCategory !== undefined, {
    path: ['medicalCategory'],
    message: '填写诊断时不能为空',
  })
  .openapi('OutpatientVisit')

/** An admission. */
export const InpatientStay = z
  .strictObject({
    kind: z.literal('inpatient').openapi({ description: '住院' }),
    ...visit,
    visitNumber: text(30, '住院号 ipt_no', 'ZY20250312001'),
    recordNumber: text(30, '病历号 medrcdno', 'BL0001').optional(),
    doctor: doctor('atddr_no、chfpdr_name'),
    department: department('adm_dept_codg、adm_dept_name'),
    bed: text(30, '入院床位 adm_bed', '12'),
    medicalCategory: code(6, '医疗类别 med_type', '21').default('21'),
    admissionDiagnosis: text(200, '入院诊断描述 adm_diag_dscr', '高血压'),
    diagnoses,
    contact: z
      .strictObject({
        name: text(50, '联系人姓名 coner_name', '测二'),
        phone: text(50, '联系电话 tel', '00000000000'),
      })
      .optional()
      .openapi({ description: '联系人' }),
    trauma: flag('外伤标识 trum_flag').optional(),
    thirdParty: flag('涉及第三方标志 rel_ttp_flag').optional(),
  })
  .openapi('InpatientStay')

/** `POST /v1/encounters`. */
export const EncounterRequest = z
  .discriminatedUnion('kind', [OutpatientVisit, InpatientStay])
  .openapi('EncounterRequest')

/** Answer of `POST /v1/encounters`. */
export const Encounter = z
  .object({
    messageId: z.string().openapi({ description: '2201或2401的发送方报文ID msgid' }),
    encounter: z.string().openapi({ description: '就诊ID mdtrt_id' }),
    visitNumber: z.string().nullable().openapi({ description: '门诊号、住院号' }),
    diagnosisMessageId: z
      .string()
      .optional()
      .openapi({ description: '2203的发送方报文ID；门诊填写诊断时才有' }),
    warning,
    warnings,
  })
  .openapi('Encounter')

/** One fee line. */
export const FeeLine = z
  .strictObject({
    serial: text(30, '费用明细流水号 feedetl_sn，就诊内唯一', 'F1'),
    original: text(30, '原费用流水号 init_feedetl_sn，负数明细必填', 'F1').optional(),
    code: text(
      50,
      '医疗目录编码 med_list_codg；不填则按本院对照表转换',
      'XA10BAE909A001010199003',
    ).optional(),
    localCode: text(150, '医药机构目录编码 medins_list_codg', 'Y0001').optional(),
    at: time('费用发生时间 fee_ocur_time'),
    priceYuan: decimal(6, '单价 pric，元，至多六位小数', '12.50'),
    quantity: decimal(4, '数量 cnt，至多四位小数；退费为负', '2'),
    totalFen: fen('明细项目费用总额 det_item_fee_sumamt', 2500),
    department: department('开单科室 bilg_dept_codg、bilg_dept_name'),
    doctor: doctor('开单医师 bilg_dr_codg、bilg_dr_name'),
    prescription: text(30, '处方号 rxno（门诊）', 'R1').optional(),
    order: text(30, '医嘱号 drord_no（住院）', 'O1').optional(),
    outsidePrescription: flag('外购处方标志 rx_circ_flag（门诊）').default(false),
    approval: z
      .enum(['0', '1', '2'])
      .default('0')
      .openapi({ description: '医院审批标志 hosp_appr_flag：0无须审批 1通过 2不通过' }),
    disease: disease.shape.code.optional(),
  })
  .refine(...codeOrLocalCode)
  .openapi('FeeLine')

/** `POST /v1/encounters/{encounter}/lines`. */
export const LinesRequest = z
  .strictObject({
    ...under,
    batch: text(30, '收费批次号 chrg_bchno；门诊必填', 'B1').optional(),
    lines: z.array(FeeLine).min(1).max(ROWS_MAX).openapi({ description: '费用明细 feedetail' }),
  })
  .openapi('LinesRequest')

/** The four parts of a bill and its total. */
export const split = {
  totalFen: positiveFen('医疗费总额 medfee_sumamt', 2500),
  selfPaidFen: positiveFen('全自费 fulamt_ownpay_amt', 0),
  overLimitFen: positiveFen('超限价自费 overlmt_selfpay', 0),
  firstSelfPayFen: positiveFen('先行自付 preselfpay_amt', 250),
  inScopeFen: positiveFen('符合政策范围 inscp_scp_amt', 2250),
}

const parts = (description: string) =>
  z
    .int()
    .nullable()
    .openapi({ description: `${description}，整数分` })

/** Totals over the lines of one upload; a refund is negative. */
const summed = {
  totalFen: fen('合计 medfee_sumamt', 2500),
  selfPaidFen: fen('全自费合计 fulamt_ownpay_amt', 0),
  overLimitFen: fen('超限价合计 overlmt_selfpay', 0),
  firstSelfPayFen: fen('先行自付合计 preselfpay_amt', 250),
  inScopeFen: fen('符合政策范围合计 inscp_scp_amt', 2250),
}

/** The split of a line as computed by the place of treatment. */
export const SplitLine = z.object({
  serial: z.string().openapi({ description: '费用明细流水号 feedetl_sn' }),
  totalFen: parts('明细总额 det_item_fee_sumamt'),
  selfPaidFen: parts('全自费 fulamt_ownpay_amt'),
  overLimitFen: parts('超限价 overlmt_amt'),
  firstSelfPayFen: parts('先行自付 preselfpay_amt'),
  inScopeFen: parts('符合政策范围 inscp_scp_amt'),
  level: z.string().nullable().openapi({ description: '收费项目等级 chrgitm_lv' }),
  selfPayRatio: z.string().nullable().openapi({ description: '自付比例 selfpay_prop' }),
  chargeCategory: z.string().nullable().openapi({ description: '医疗收费项目类别 med_chrgitm_type，开票用' }),
  priceLimitYuan: z.string().nullable().openapi({ description: '定价上限金额 pric_uplmt_amt，元' }),
  restricted: said('限制使用标志 lmt_used_flag'),
  basicDrug: said('基本药物标志 bas_medn_flag'),
  negotiatedDrug: said('医保谈判药品标志 hi_nego_drug_flag'),
  childDrug: said('儿童用药标志 chld_medc_flag'),
  specialItem: said('目录特项标志 list_sp_item_flag'),
  directlyReported: said('直报标志 drt_reim_flag'),
  text: z.string().nullable().openapi({ description: '备注 memo' }),
})

/** Answer of `POST /v1/encounters/{encounter}/lines`. */
export const Lines = z
  .object({
    messageId: z.string().openapi({ description: '2204或2301的发送方报文ID msgid' }),
    encounter: z.string().openapi({ description: '就诊ID mdtrt_id' }),
    lines: z.array(SplitLine).openapi({ description: '就医地对每条明细的拆分，按上传次序' }),
    split: z.object(summed).nullable().openapi({
      description: '本次上传各明细之和；有明细未返回拆分或合计不平时为空，不得据此结算',
    }),
    warning,
    warnings,
  })
  .openapi('Lines')

/** `POST /v1/encounters/{encounter}/discharge`. */
export const DischargeRequest = z
  .strictObject({
    ...under,
    ends: time('结束时间 endtime'),
    department: department('出院科室 dscg_dept_codg、dscg_dept_name'),
    bed: text(30, '出院床位 dscg_bed', '12').optional(),
    way: code(3, '离院方式 dscg_way：1医嘱离院 2医嘱转院 4非医嘱离院 5死亡 9其他', '1'),
    diedOn: day('死亡日期 die_date').optional(),
    disease: disease.optional(),
    diagnoses,
  })
  .openapi('DischargeRequest')

/** Answer of a request that the platform only confirms. */
export const Confirmed = z
  .object({
    messageId: z.string().openapi({ description: '发送方报文ID msgid' }),
    encounter: z.string().nullable().openapi({ description: '就诊ID mdtrt_id' }),
    warning,
    warnings,
  })
  .openapi('Confirmed')

/** `POST /v1/encounters/{encounter}/self-pay`. */
export const SelfPayRequest = z
  .strictObject({
    ...under,
    admitted: day('入院日期'),
    discharged: day('出院日期'),
    totalFen: z
      .int()
      .min(1)
      .openapi({ description: '医疗费总额，整数分；零费用住院不登记', example: 123456 }),
  })
  .refine(({ admitted, discharged }) => admitted <= discharged, {
    path: ['discharged'],
    message: '早于入院日期',
  })
  .openapi('SelfPayRequest')

/** Answer of `POST /v1/encounters/{encounter}/self-pay`. */
export const SelfPay = z
  .object({
    encounter: z.string().openapi({ description: '就诊ID mdtrt_id' }),
    admitted: z.string().openapi({ description: '入院日期' }),
    discharged: z.string().openapi({ description: '出院日期' }),
    recordedOn: z.string().openapi({ description: '登记日期' }),
  })
  .openapi('SelfPay')
