/** Schemas of pre-settlements, settlements, cancellations and status queries. */
import { z } from '@hono/zod-openapi'
import { split } from './encounter-schemas.ts'
import { code, credential, fen, flag, insuranceType, text, time, under, warning, warnings } from './fields.ts'

/** `POST /v1/encounters/{encounter}/pre-settlement` and `/settlement`: the same body for both. */
export const BillRequest = z
  .strictObject({
    ...under,
    ...split,
    batch: text(30, '收费批次号 chrg_bchno；门诊必填，与费用上传一致', 'B1').optional(),
    settlementWay: z
      .enum(['01', '02'])
      .default('01')
      .openapi({ description: '个人结算方式 psn_setlway：01按项目 02按定额' }),
    useAccount: flag('个人账户使用标志 acct_used_flag').default(false),
    invoice: text(20, '发票号 invono', 'P0001').optional(),
    midway: flag('中途结算标志 mid_setl_flag（住院）').default(false),
    discharged: time('出院时间 dscg_time（住院）').optional(),
    medicalCategory: code(
      6,
      '医疗类别 med_type（门诊）；不填则取登记时随诊断上传的类别，没有上传的必填',
      '11',
    ).optional(),
    credential: credential.optional().openapi({ description: '就诊凭证；不填则用登记时的凭证' }),
    insuranceType: insuranceType.optional(),
  })
  .openapi('BillRequest')

/** `POST /v1/settlements/{settlement}/cancellation`. */
export const CancellationRequest = z
  .strictObject({
    ...under,
    encounter: text(50, '就诊ID mdtrt_id', '34010020250312000001'),
  })
  .openapi('CancellationRequest')

/** An amount that a platform may omit. */
const paid = (description: string) =>
  z
    .int()
    .nullable()
    .openapi({ description: `${description}，整数分；未给出为空` })

/** Answer of a pre-settlement, settlement or cancellation. */
export const Settlement = z
  .object({
    messageId: z.string().openapi({ description: '发送方报文ID msgid' }),
    encounter: z.string().nullable().openapi({ description: '就诊ID mdtrt_id' }),
    settlement: z.string().nullable().openapi({ description: '结算ID setl_id；预结算为空' }),
    totalFen: fen('医疗费总额 medfee_sumamt', 10000),
    selfPaidFen: fen('全自费 fulamt_ownpay_amt', 1000),
    overLimitFen: fen('超限价自费 overlmt_selfpay', 0),
    firstSelfPayFen: fen('先行自付 preselfpay_amt', 500),
    inScopeFen: fen('符合政策范围 inscp_scp_amt', 8500),
    fundFen: fen('基金支付总额 fund_pay_sumamt', 6000),
    personFen: fen('个人负担总金额 psn_part_amt', 4000),
    accountFen: fen('个人账户支出 acct_pay', 1000),
    cashFen: fen('个人现金支出 psn_cash_pay', 3000),
    hospitalFen: fen('医院负担 hosp_part_amt', 0),
    deductibleFen: z
      .int()
      .nullable()
      .openapi({ description: '实际支付起付线 act_pay_dedc，整数分；未给出为空' }),
    balanceFen: z.int().nullable().openapi({ description: '账户余额 balc，整数分；未给出为空' }),
    familyAccountFen: paid('个人账户共济支付金额 acct_mulaid_pay'),
    poolRatio: z
      .string()
      .nullable()
      .openapi({ description: '统筹基金支付比例 pool_prop_selfpay；未给出为空' }),
    settledAt: z.string().nullable().openapi({ description: '结算时间 setl_time' }),
    clearingAgency: z.string().nullable().openapi({ description: '清算经办机构 clr_optins' }),
    clearingWay: z.string().nullable().openapi({ description: '清算方式 clr_way' }),
    clearingType: z.string().nullable().openapi({ description: '清算类别 clr_type' }),
    medicalCategory: z.string().nullable().openapi({ description: '医疗类别 med_type，平台据以计算的类别' }),
    funds: z
      .array(
        z.object({
          type: z.string().openapi({ description: '基金支付类型 fund_pay_type' }),
          name: z.string().nullable().openapi({ description: '基金支付类型名称 fund_pay_type_name' }),
          amountFen: z.int().openapi({ description: '基金支付金额 fund_payamt，整数分' }),
          inScopeFen: paid('符合政策范围金额 inscp_scp_amt'),
          limitFen: paid('本次可支付限额金额 crt_payb_lmt_amt'),
          text: z.string().nullable().openapi({ description: '结算过程信息 setl_proc_info' }),
        }),
      )
      .openapi({ description: '各基金支付 setldetail' }),
    fundPaysFen: z
      .object({
        pool: paid('基本医疗保险统筹基金支出 hifp_pay'),
        civilServant: paid('公务员医疗补助资金支出 cvlserv_pay'),
        enterprise: paid('企业补充医疗保险基金支出 hifes_pay'),
        seriousIllness: paid('居民大病保险资金支出 hifmi_pay'),
        largeExpense: paid('职工大额医疗费用补助基金支出 hifob_pay'),
        assistance: paid('医疗救助基金支出 maf_pay'),
        disability: paid('伤残人员医疗保障基金支出 hifdm_pay'),
        other: paid('其他支出 oth_pay'),
      })
      .openapi({ description: '结算信息setlinfo中的各项基金支出，与funds两处可能只有一处有值' }),
    claimLater: z.array(z.object({ type: z.string(), amountFen: z.int() })).openapi({
      description:
        '就医地不结算、须回参保地申领的部分，按基金支付类型 fund_pay_type；已包含在个人负担内；平台未说明的为空',
    }),
    warning,
    warnings,
  })
  .openapi('Settlement', { description: '金额均为整数分；撤销为负' })

/** `GET /v1/status`: by key, or by institution, transaction and message id. */
export const StatusQuery = z.strictObject({
  key: z
    .string()
    .max(300)
    .optional()
    .openapi({ description: '原请求的Idempotency-Key', example: 'example-visit-settlement' }),
  institution: z.string().max(12).optional().openapi({ description: '定点医药机构编号 fixmedins_code' }),
  transaction: z.string().max(6).optional().openapi({ description: '交易编号 infno' }),
  message: z.string().max(30).optional().openapi({ description: '发送方报文ID msgid' }),
})

/** Answer of `GET /v1/status`. */
export const Status = z
  .object({
    requests: z.array(
      z.object({
        operation: z.string().nullable().openapi({ description: '接口；经国家接口来的为空' }),
        institution: z.string().nullable().openapi({ description: '定点医药机构编号' }),
        transaction: z.string().nullable().openapi({ description: '交易编号 infno' }),
        messageId: z.string().nullable().openapi({ description: '发送方报文ID msgid' }),
        state: z
          .enum(['open', 'unsent', 'unknown', 'undoing', 'accepted', 'refused', 'rejected', 'reversed'])
          .openapi({
            description:
              'open办理中 unsent未发出 unknown结果未知 accepted已办理 refused平台拒绝 rejected网关拒绝 reversed已冲正',
          }),
        since: z.string().openapi({ description: '进入该状态的时间，北京时间' }),
        nextStep: z.string().openapi({ description: '下一步操作' }),
        encounter: z.string().nullable().openapi({ description: '就诊ID mdtrt_id' }),
        settlement: z.string().nullable().openapi({ description: '结算ID setl_id' }),
        problem: z
          .object({ type: z.string(), reason: z.string().nullable(), detail: z.string().nullable() })
          .nullable()
          .openapi({ description: '被拒绝或结果未知的原因' }),
        refusedRows: z
          .object({ sent: z.int(), rows: z.array(z.int().nullable()) })
          .nullable()
          .openapi({
            description:
              '清单部分受理时，平台未受理的行：sent为报送行数，rows为行号（从1起，应答未指明的为空）；其余各行已办理',
          }),
        archived: z.boolean().openapi({ description: '是否已归档；归档后answer为空' }),
        answer: z
          .record(z.string(), z.unknown())
          .nullable()
          .openapi({ description: '保存的应答；经国家接口来的为空' }),
      }),
    ),
  })
  .openapi('Status')

/** A problem document (RFC 9457). */
export const Problem = z
  .looseObject({
    type: z
      .string()
      .openapi({ description: '/problems/{code}，见 GET /problems', example: '/problems/invalid-field' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().openapi({ description: '供窗口显示的中文说明，不含个人信息' }),
    instance: z.string().openapi({ description: '应答编号' }),
    stage: z.string().openapi({ description: '出错环节；dispatch之前未发往平台' }),
    retry: z
      .enum(['never', 'same-key', 'inquire-first'])
      .openapi({ description: 'never改正后用新键办理；same-key可用原键重发；inquire-first先查询' }),
    reason: z.string().nullable().openapi({ description: '业务失败原因 E101 等' }),
    fields: z
      .array(z.object({ field: z.string(), text: z.string() }))
      .optional()
      .openapi({ description: '有误的字段' }),
  })
  .openapi('Problem')
