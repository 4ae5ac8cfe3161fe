/** Purchases at a pharmacy: pre-settlement (2101) and settlement (2102). They are cancelled like any settlement. */
import type { z } from '@hono/zod-openapi'
import { asFen, yuanFromFen } from '../../domain/money.ts'
import { defineEndpoint } from './endpoint.ts'
import { PURCHASE, PURCHASE_TRIAL } from './examples.ts'
import { mark } from './person-inputs.ts'
import { Purchase, PurchaseRequest } from './purchase-schemas.ts'
import { fieldFault } from './request.ts'
import { type Call, type Done, headOf, send } from './send.ts'
import { type Written, written } from './written.ts'

type Body = z.output<typeof PurchaseRequest>

const yuan = (amountFen: number) => yuanFromFen(asFen(amountFen))

/** 个人账户使用标志 `acct_used_flag`: 2 is the family's account [F]. */
const ACCOUNTS = { none: '0', own: '1', family: '2' } as const

function purchaseInput(body: Body, trial: boolean): Written {
  return written(body, (read) => ({
    druginfo: {
      psn_no: read.at('person'),
      mdtrt_cert_type: read.of('credential', 'type'),
      mdtrt_cert_no: read.of('credential', 'number'),
      card_sn: read.of('buyer', 'cardSerial'),
      psn_cert_type: read.of('buyer', 'documentType'),
      certno: read.of('buyer', 'documentNumber'),
      psn_type: read.of('buyer', 'personType'),
      psn_name: read.of('buyer', 'name'),
      begntime: read.at('begins'),
      medfee_sumamt: read.at('totalFen', yuan),
      invono: read.at('invoice'),
      insutype: read.at('insuranceType'),
      dise_codg: read.of('disease', 'code'),
      dise_name: read.of('disease', 'name'),
      acct_used_flag: read.at('account', (account: Body['account']) => ACCOUNTS[account]),
      med_type: read.at('medicalCategory'),
    },
    drugdetail: read.rows('lines', (row, index) => ({
      feedetl_sn: row.at('serial'),
      rxno: row.at('prescription'),
      rx_circ_flag: row.at('outsidePrescription', mark),
      fee_ocur_time: row.at('at'),
      med_list_codg: row.at('code', (code: string | undefined) => code ?? ''),
      medins_list_codg: body.lines[index]!.localCode === undefined ? row.at('code') : row.at('localCode'),
      det_item_fee_sumamt: row.at('totalFen', yuan),
      cnt: row.at('quantity'),
      pric: row.at('priceYuan'),
      sin_dos_dscr: row.at('dose'),
      used_frqu_dscr: row.at('frequency'),
      prd_days: row.at('days'),
      medc_way_dscr: row.at('route'),
      bilg_dr_codg: row.of('doctor', 'code'),
      bilg_dr_name: row.of('doctor', 'name'),
      ...(body.lines[index]!.traceCodes &&
        !trial && {
          drug_trac_info: row.rows('traceCodes', (trace) => ({
            feedetl_sn: row.at('serial'),
            drug_trac_codg: trace.at('code'),
            trdn_flag: trace.at('split', mark),
          })),
        }),
    })),
  }))
}

/** Asynchronous, so that faults of the request become rejections. */
async function buy(call: Call<Body>, trial: boolean): Promise<Done> {
  const { services, body } = call
  if (body.medicalCategory === '14' && !body.disease)
    throw fieldFault([{ field: 'disease', text: '门诊慢特病购药须填写病种' }])
  const operation = trial ? 'pharmacy-pre-settlement' : 'pharmacy-settlement'
  return send(call, { operation, head: headOf(services, body), input: purchaseInput(body, trial) })
}

/** `POST /v1/purchases/pre-settlement`. */
export const purchaseTrial = defineEndpoint({
  id: 'tryPurchase',
  path: '/v1/purchases/pre-settlement',
  title: '购药预结算',
  text: '国家接口2101药店预结算。只试算，不需要Idempotency-Key；请求体与购药结算相同。',
  group: 'pharmacy',
  examples: PURCHASE_TRIAL,
  request: PurchaseRequest,
  response: Purchase,
  yes: 200,
  keyed: false,
  run: (call) => buy(call, true),
})

/** `POST /v1/purchases`. */
export const purchase = defineEndpoint({
  id: 'settlePurchase',
  path: '/v1/purchases',
  title: '购药结算',
  text:
    '国家接口2102药店结算：登记、上传明细、结算一次办理，应答带就诊ID和结算ID；撤销用“结算撤销”。' +
    '返回504时可能已结算：勿重复收费，用原键重发或查询状态，有结果前本店不能再为该人员结算。',
  group: 'pharmacy',
  examples: PURCHASE,
  gives: { cancelSettlement: 'settlement' },
  request: PurchaseRequest,
  response: Purchase,
  yes: 201,
  keyed: true,
  run: (call) => buy(call, false),
})
