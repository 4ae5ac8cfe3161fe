/** Schemas of a purchase at a pharmacy. */
import { z } from '@hono/zod-openapi'
import { SplitLine } from './encounter-schemas.ts'
import {
  code,
  codeOrLocalCode,
  credential,
  decimal,
  disease,
  fen,
  flag,
  head,
  insuranceType,
  named,
  positiveFen,
  ROWS_MAX,
  text,
  time,
} from './fields.ts'
import { Settlement } from './settlement-schemas.ts'

const traceCode = z.strictObject({
  code: text(500, '药品追溯码 drug_trac_codg', '81000000000000000001'),
  split: flag('拆零标志 trdn_flag').default(false),
})

/** One line of a purchase. */
const DrugLine = z
  .strictObject({
    serial: text(30, '费用明细流水号 feedetl_sn，一次购药内唯一', 'F1'),
    code: text(
      50,
      '医疗目录编码 med_list_codg；不填则按本店对照表转换',
      'XA10BAE909A001010199003',
    ).optional(),
    localCode: text(150, '医药机构目录编码 medins_list_codg', 'Y0001').optional(),
    at: time('费用发生时间 fee_ocur_time'),
    priceYuan: decimal(6, '单价 pric，元，至多六位小数', '12.50'),
    quantity: decimal(4, '数量 cnt，至多四位小数', '2'),
    totalFen: fen('明细项目费用总额 det_item_fee_sumamt', 2500),
    prescription: text(30, '处方号 rxno', 'R1').optional(),
    outsidePrescription: flag('外购处方标志 rx_circ_flag').default(false),
    doctor: named('开单医师', 'bilg_dr_codg、bilg_dr_name', {
      code: 'D621002000001',
      name: '医师甲',
    }).optional(),
    dose: text(200, '单次剂量描述 sin_dos_dscr', '1片').optional(),
    frequency: text(200, '使用频次描述 used_frqu_dscr', '每日两次').optional(),
    days: decimal(2, '周期天数 prd_days', '7').optional(),
    route: text(200, '用药途径描述 medc_way_dscr', '口服').optional(),
    traceCodes: z
      .array(traceCode)
      .max(ROWS_MAX)
      .optional()
      .openapi({ description: '药品追溯码 drug_trac_info；预结算不上传' }),
  })
  .refine(...codeOrLocalCode)
  .openapi('DrugLine')

/** `POST /v1/purchases/pre-settlement` and `/v1/purchases`: the same body for both. */
export const PurchaseRequest = z
  .strictObject({
    ...head,
    institution: code(12, '定点零售药店编号 fixmedins_code', 'P62100290001'),
    person: text(30, '人员编号 psn_no', '44010099000000000000000002'),
    credential,
    insuranceType,
    begins: time('开始时间 begntime'),
    totalFen: positiveFen('医疗费总额 medfee_sumamt，等于各明细之和', 2500),
    account: z
      .enum(['none', 'own', 'family'])
      .default('none')
      .openapi({ description: '个人账户使用标志 acct_used_flag：none不使用 own本人账户 family家庭共济账户' }),
    medicalCategory: z
      .enum(['41', '14'])
      .default('41')
      .openapi({ description: '医疗类别 med_type：41定点药店购药 14门诊慢特病购药' }),
    disease: disease.optional().openapi({ description: '病种 dise_codg、dise_name；门诊慢特病购药必填' }),
    invoice: text(20, '发票号 invono', 'P0001').optional(),
    buyer: z
      .strictObject({
        documentType: code(6, '人员证件类型 psn_cert_type', '01'),
        documentNumber: text(50, '证件号码 certno', '990044199001010011'),
        name: text(50, '人员姓名 psn_name', '测某'),
        personType: code(6, '人员类别 psn_type', '11'),
        cardSerial: text(32, '卡识别码 card_sn；持社会保障卡时填写', '99000000000000000001').optional(),
      })
      .optional()
      .openapi({ description: '购药人身份；湖南等地必填' }),
    lines: z.array(DrugLine).min(1).max(ROWS_MAX).openapi({ description: '费用明细 drugdetail' }),
  })
  .openapi('PurchaseRequest')

/** Answer of both. */
export const Purchase = Settlement.extend({
  lines: z.array(SplitLine).openapi({ description: '每条明细的拆分 detlcutinfo；事后查询得到的结算没有' }),
}).openapi('Purchase', { description: '购药结算；金额均为整数分' })
