/** Encounters: registration or admission (2201 with 2203, 2401), fee lines (2204, 2301), discharge (2402). */
import type { z } from '@hono/zod-openapi'
import {
  admissionInput,
  dischargeInput,
  inpatientLinesInput,
  outpatientLinesInput,
  registrationInput,
  visitInput,
} from './encounter-inputs.ts'
import {
  Confirmed,
  DischargeRequest,
  Encounter,
  EncounterRequest,
  Lines,
  LinesRequest,
  type OutpatientVisit,
} from './encounter-schemas.ts'
import { defineEndpoint } from './endpoint.ts'
import { DISCHARGE, ENCOUNTER, LINES } from './examples.ts'
import { meaningOf, openingOf } from './opened-encounter.ts'
import { fieldFault } from './request.ts'
import { type Call, type Done, headOf, headUnder, parsed, send, together } from './send.ts'

/**
 * Registers an outpatient visit and sends its details. If only the details fail, the answer is their problem together
 * with the registered encounter; a retry with the same key resumes there.
 */
async function register(call: Call<z.output<typeof OutpatientVisit>>): Promise<Done> {
  const { services, body } = call
  const head = headOf(services, body)
  const input = registrationInput(body)
  const registered = await send(call, { operation: 'registration', head, input, isPart: true })
  if (registered.problem || !body.diagnoses) return registered
  const opened = parsed(registered)
  const details = await send(call, {
    operation: 'visit-details',
    head,
    input: visitInput(body, String(opened.encounter)),
    isPart: true,
  })
  const said = parsed(details)
  const warning = [opened.warning, said.warning].filter(Boolean).join('；')
  const warnings = [opened.warnings, said.warnings].flatMap((told) => (told as object[] | undefined) ?? [])
  const answer = details.problem
    ? { ...said, encounter: opened.encounter, messageId: opened.messageId }
    : {
        ...opened,
        diagnosisMessageId: said.messageId,
        ...(warning && { warning }),
        ...(warnings.length > 0 && { warnings }),
      }
  return together(registered, details, Buffer.from(JSON.stringify(answer)))
}

/** `POST /v1/encounters`. */
export const encounters = defineEndpoint({
  id: 'openEncounter',
  path: '/v1/encounters',
  title: '门诊挂号或入院办理',
  text:
    '门诊：国家接口2201门诊挂号，填写诊断时随后2203门诊就诊信息上传；住院：2401入院办理。' +
    '2201成功而2203未成时，返回2203的错误，并带已取得的就诊ID（encounter）。',
  group: 'visit',
  examples: ENCOUNTER,
  gives: {
    uploadLines: 'encounter',
    trySettlement: 'encounter',
    settle: 'encounter',
    discharge: 'encounter',
    recordSelfPay: 'encounter',
  },
  request: EncounterRequest,
  response: Encounter,
  yes: 201,
  keyed: true,
  run(call) {
    const { services, body } = call
    if (body.kind === 'outpatient') return register({ ...call, body })
    return send(call, { operation: 'admission', head: headOf(services, body), input: admissionInput(body) })
  },
})

/** `POST /v1/encounters/{encounter}/lines`. */
export const lines = defineEndpoint({
  id: 'uploadLines',
  path: '/v1/encounters/{encounter}/lines',
  title: '费用明细上传',
  text: '门诊：国家接口2204；住院：2301。返回就医地对每条明细的拆分与合计，结算时原样填写。',
  group: 'visit',
  examples: LINES,
  request: LinesRequest,
  response: Lines,
  yes: 200,
  keyed: true,
  async run(call) {
    const { services, body, subject } = call
    const opened = await openingOf(services, meaningOf(call), subject)
    const head = headUnder(opened, body.operator)
    if (opened.kind === 'inpatient') {
      return send(call, { operation: 'inpatient-lines', head, input: inpatientLinesInput(body, opened) })
    }
    if (opened.kind === 'pharmacy')
      throw fieldFault([{ field: 'encounter', text: '是药店购药的就诊，费用已随结算上传' }])
    if (!body.batch) throw fieldFault([{ field: 'batch', text: '门诊费用须填写收费批次号' }])
    return send(call, { operation: 'outpatient-lines', head, input: outpatientLinesInput(body, opened) })
  },
})

/** `POST /v1/encounters/{encounter}/discharge`. */
export const discharge = defineEndpoint({
  id: 'discharge',
  path: '/v1/encounters/{encounter}/discharge',
  title: '出院办理',
  text: '国家接口2402出院办理，只用于住院。',
  group: 'visit',
  examples: DISCHARGE,
  request: DischargeRequest,
  response: Confirmed,
  yes: 200,
  keyed: true,
  async run(call) {
    const { services, body, subject } = call
    const opened = await openingOf(services, meaningOf(call), subject)
    if (opened.kind !== 'inpatient')
      throw fieldFault([{ field: 'encounter', text: '是门诊就诊，不能办理出院' }])
    const head = headUnder(opened, body.operator)
    return send(call, { operation: 'discharge', head, input: dischargeInput(body, opened) })
  },
})
