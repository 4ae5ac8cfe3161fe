/** Pre-settlements (2206, 2303), settlements (2207, 2304) and cancellations (2208, 2305, 2103). */
import type { z } from '@hono/zod-openapi'
import { asFen } from '../../domain/money.ts'
import { GatewayError } from '../../domain/problems.ts'
import { splitFault } from '../../domain/settlement.ts'
import { defineEndpoint } from './endpoint.ts'
import { CANCELLATION, SETTLEMENT, TRIAL } from './examples.ts'
import { meaningOf, type OpenedEncounter, openingOf } from './opened-encounter.ts'
import { fieldFault } from './request.ts'
import { type Call, type Done, headUnder, type Sending, send } from './send.ts'
import { cancellationInput, inpatientBillInput, outpatientBillInput } from './settlement-inputs.ts'
import { BillRequest, CancellationRequest, Settlement } from './settlement-schemas.ts'

type Bill = z.output<typeof BillRequest>

/** 2206 does not carry the four parts, so they are checked here before anything is sent. */
function checkSums(body: Bill): void {
  const fault = splitFault({
    total: asFen(body.totalFen),
    selfPaid: asFen(body.selfPaidFen),
    overLimit: asFen(body.overLimitFen),
    firstSelfPay: asFen(body.firstSelfPayFen),
    inScope: asFen(body.inScopeFen),
  })
  if (!fault) return
  const text =
    '费用总额不等于全自费selfPaidFen、超限价overLimitFen、先行自付firstSelfPayFen、符合政策范围inScopeFen四项之和'
  throw new GatewayError('bad-amounts', 'translate', `totalFen ${text}`, {
    fields: [{ field: 'totalFen', text }],
  })
}

function outpatientBill(body: Bill, opened: OpenedEncounter, trial: boolean) {
  const category = body.medicalCategory ?? opened.category
  const missing = [
    ...(body.batch ? [] : [{ field: 'batch', text: '门诊结算须填写收费批次号' }]),
    ...(category ? [] : [{ field: 'medicalCategory', text: '登记时没有上传诊断与医疗类别，此处不能为空' }]),
  ]
  if (missing.length > 0 || !category) throw fieldFault(missing)
  return outpatientBillInput(body, opened, category, trial)
}

async function billOf(call: Call<Bill>, trial: boolean): Promise<Sending> {
  const { services, body, subject } = call
  checkSums(body)
  const opened = await openingOf(services, meaningOf(call), subject)
  if (opened.kind === 'pharmacy')
    throw fieldFault([{ field: 'encounter', text: '是药店购药的就诊，购药时已结算；再次购药请另办一笔' }])
  const head = headUnder(opened, body.operator)
  const operation = `${opened.kind}-${trial ? 'pre-settlement' : 'settlement'}`
  return opened.kind === 'inpatient'
    ? { operation, head, input: inpatientBillInput(body, opened, trial) }
    : { operation, head, input: outpatientBill(body, opened, trial) }
}

async function bill(call: Call<Bill>, trial: boolean): Promise<Done> {
  return send(call, await billOf(call, trial))
}

/** `POST /v1/encounters/{encounter}/pre-settlement`. */
export const preSettlement = defineEndpoint({
  id: 'trySettlement',
  path: '/v1/encounters/{encounter}/pre-settlement',
  title: '预结算',
  text: '门诊：国家接口2206；住院：2303。只试算，不需要Idempotency-Key；请求体与结算相同。',
  group: 'visit',
  examples: TRIAL,
  request: BillRequest,
  response: Settlement,
  yes: 200,
  keyed: false,
  run: (call) => bill(call, true),
})

/** `POST /v1/encounters/{encounter}/settlement`. */
export const settlement = defineEndpoint({
  id: 'settle',
  path: '/v1/encounters/{encounter}/settlement',
  title: '结算',
  text: '门诊：国家接口2207；住院：2304。返回504时可能已结算：勿重复收费，用原键重发或查询状态。',
  group: 'visit',
  examples: SETTLEMENT,
  gives: { cancelSettlement: 'settlement' },
  request: BillRequest,
  response: Settlement,
  yes: 201,
  keyed: true,
  run: (call) => bill(call, false),
})

/** `POST /v1/settlements/{settlement}/cancellation`. */
export const cancellation = defineEndpoint({
  id: 'cancelSettlement',
  path: '/v1/settlements/{settlement}/cancellation',
  title: '结算撤销',
  text: '门诊：国家接口2208；住院：2305；药店购药：2103，明细一并撤销。返回一笔金额为负的结算，有自己的结算ID。',
  group: 'visit',
  examples: CANCELLATION,
  request: CancellationRequest,
  response: Settlement,
  yes: 201,
  keyed: true,
  async run(call) {
    const { services, body, subject } = call
    const opened = await openingOf(services, meaningOf(call), body.encounter)
    const head = headUnder(opened, body.operator)
    return send(call, {
      operation: `${opened.kind}-cancellation`,
      head,
      input: cancellationInput(subject, opened),
    })
  },
})
