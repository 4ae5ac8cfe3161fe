/** Schemas of eligibility and filings. */
import { z } from '@hono/zod-openapi'
import {
  area,
  code,
  credential,
  day,
  disease,
  flag,
  head,
  insuranceType,
  named,
  said,
  text,
  time,
  warning,
  warnings,
} from './fields.ts'

/** Number of the person in the insurance. */
export const person = text(30, '人员编号 psn_no', '44010099000000000000000002')

/** `POST /v1/eligibility`. */
export const EligibilityRequest = z
  .strictObject({
    ...head,
    credential: z
      .strictObject({ ...credential.shape, serial: text(32, '卡识别码 card_sn', 'S0001').optional() })
      .openapi({ description: '就诊凭证；社会保障卡跨省时须有卡识别码' }),
    document: z
      .strictObject({
        type: code(6, '人员证件类型 psn_cert_type', '01'),
        number: text(50, '证件号码 certno', '000000000000000000'),
      })
      .optional()
      .openapi({ description: '人员证件' }),
    name: text(50, '人员姓名 psn_name', '测一').optional(),
    begins: time('开始时间 begntime；不填则为此刻').optional(),
    insuranceType: insuranceType.optional(),
    medicalCategory: code(6, '医疗类别 med_type；填写时一并做待遇检查（2001）', '21').optional(),
    disease: disease.optional(),
  })
  .openapi('EligibilityRequest')

/** Answer of `POST /v1/eligibility`. Any part may be empty, since insured places fill in different ones. */
export const Eligibility = z
  .object({
    messageId: z.string().openapi({ description: '1101的发送方报文ID msgid' }),
    person: z
      .object({
        number: z.string().nullable().openapi({ description: '人员编号 psn_no' }),
        documentType: z.string().nullable().openapi({ description: '人员证件类型 psn_cert_type' }),
        documentNumber: z.string().nullable().openapi({ description: '证件号码 certno' }),
        name: z.string().nullable().openapi({ description: '姓名 psn_name' }),
        gender: z.string().nullable().openapi({ description: '性别 gend：1男 2女' }),
        birth: z.string().nullable().openapi({ description: '出生日期 brdy' }),
        age: z.string().nullable().openapi({ description: '年龄 age，周岁' }),
      })
      .openapi({ description: '人员 baseinfo' }),
    insurances: z
      .array(
        z.object({
          type: z.string().nullable().openapi({ description: '险种类型 insutype' }),
          personType: z.string().nullable().openapi({ description: '人员类别 psn_type' }),
          state: z.string().nullable().openapi({ description: '参保状态 psn_insu_stas：1正常' }),
          area: z.string().nullable().openapi({ description: '参保地医保区划 insuplc_admdvs' }),
          employer: z.string().nullable().openapi({ description: '单位名称 emp_name' }),
          balanceFen: z.int().nullable().openapi({ description: '个人账户余额 balc，整数分' }),
          civilServant: said('公务员标志 cvlserv_flag'),
          insuredSince: z.string().nullable().openapi({ description: '个人参保日期 psn_insu_date' }),
          suspendedSince: z.string().nullable().openapi({ description: '暂停参保日期 paus_insu_date' }),
        }),
      )
      .openapi({ description: '参保信息 insuinfo' }),
    identities: z
      .array(
        z.object({
          type: z.string().nullable().openapi({ description: '人员身份类别 psn_idet_type' }),
          name: z.string().nullable().openapi({
            description:
              '名称 memo，如特困人员、低保对象；平台只给编码时按已知的一省值集（湖南V1.1.27）填写，没有则为空',
          }),
          level: z.string().nullable().openapi({ description: '人员类别等级 psn_type_lv' }),
          from: z.string().nullable().openapi({ description: '开始时间 begntime' }),
          until: z.string().nullable().openapi({ description: '结束时间 endtime' }),
        }),
      )
      .openapi({ description: '人员身份 idetinfo：特困、低保、优抚等；没有则为空数组' }),
    entitlement: z
      .object({
        messageId: z.string().openapi({ description: '2001的发送方报文ID msgid' }),
        checks: z.array(
          z.object({
            kind: z.string().nullable().openapi({ description: '待遇检查类型 trt_chk_type' }),
            fundType: z.string().nullable().openapi({ description: '基金支付类型 fund_pay_type' }),
            entitled: z
              .boolean()
              .nullable()
              .openapi({ description: '是否享受待遇 trt_enjymnt_flag；未说明为空' }),
            from: z.string().nullable().openapi({ description: '开始日期 begndate' }),
            until: z.string().nullable().openapi({ description: '结束日期 enddate' }),
            text: z.string().nullable().openapi({ description: '待遇检查结果 trt_chk_rslt' }),
          }),
        ),
      })
      .nullable()
      .openapi({ description: '待遇检查 trtinfo；未填medicalCategory时为空' }),
    warning,
    warnings,
  })
  .openapi('Eligibility')

/** `POST /v1/filings`. */
export const FilingRequest = z
  .strictObject({
    ...head,
    person,
    insuranceType: insuranceType.optional(),
    phone: text(50, '联系电话 tel', '00000000000').optional(),
    address: text(200, '联系地址 addr', '广东省广州市').optional(),
    diagnosis: named('诊断', 'diag_code、diag_name', { code: 'I10.x00x002', name: '高血压' }),
    condition: text(2000, '疾病病情描述 dise_cond_dscr', '病情稳定').optional(),
    toInstitution: named('转往定点医药机构', 'reflin_medins_no、reflin_medins_name', {
      code: 'H34010490001',
      name: '合肥市蜀山医学院附属医院',
    }),
    destinationArea: area('就医地行政区划 mdtrtarea_admdvs', '340100'),
    hospitalAgrees: flag('医院同意转院标志 hosp_agre_refl_flag').optional(),
    type: code(30, '转院类型 refl_type', '3'),
    referredOn: day('转院日期 refl_date'),
    reason: text(100, '转院原因 refl_rea', '病情需要'),
    opinion: text(200, '转院意见 refl_opnn', '同意'),
    from: day('开始日期 begndate').optional(),
    until: day('结束日期 enddate').optional(),
  })
  .openapi('FilingRequest')

/** Answer of `POST /v1/filings`. */
export const Filing = z
  .object({
    messageId: z.string().openapi({ description: '2501的发送方报文ID msgid' }),
    filing: z.string().nullable().openapi({ description: '待遇申报明细流水号 trt_dcla_detl_sn' }),
    warning,
    warnings,
  })
  .openapi('Filing')
