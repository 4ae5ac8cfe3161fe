/** Eligibility (1101, 2001) and referral filings (2501). */
import type { z } from '@hono/zod-openapi'
import { shanghaiTime } from '../../domain/day.ts'
import { defineEndpoint } from './endpoint.ts'
import { ELIGIBILITY, FILING } from './examples.ts'
import { entitlementInput, filingInput, personInput } from './person-inputs.ts'
import { Eligibility, EligibilityRequest, Filing, FilingRequest } from './person-schemas.ts'
import { fieldFault } from './request.ts'
import { type Call, type Done, headOf, parsed, send, together } from './send.ts'

type EligibilityBody = z.output<typeof EligibilityRequest>

interface Insurance {
  readonly type: string | null
  readonly state: string | null
  readonly area: string | null
}

/** State `psn_insu_stas`: insured. [F] */
const INSURED = '1'

/** `310` if it is the only active insurance in the insured place; among several the caller must choose. */
function insuranceTypeOf(given: string | undefined, insurances: readonly Insurance[], area: string): string {
  if (given) return given
  const standing = insurances.filter(
    (row) => row.state === INSURED && (row.area === null || row.area.slice(0, 4) === area.slice(0, 4)),
  )
  const types = [...new Set(standing.flatMap(({ type }) => type ?? []))]
  if (types.length === 1) return types[0]!
  const text = types.length === 0 ? '参保地未返回正常参保的险种，请填写' : '该人员有多个险种，请填写其一'
  throw fieldFault([{ field: 'insuranceType', text }])
}

async function askEntitlement(call: Call<EligibilityBody>, asked: Done): Promise<Done> {
  const { services, body } = call
  const { person, insurances } = parsed(asked) as {
    person: { number: string | null }
    insurances: readonly Insurance[]
  }
  if (!person.number) throw fieldFault([{ field: 'credential', text: '参保地未返回人员编号，无法检查待遇' }])
  const input = entitlementInput(body, {
    person: person.number,
    insuranceType: insuranceTypeOf(body.insuranceType, insurances, body.insuredArea),
    begins: body.begins ?? shanghaiTime(services.clock.now()),
  })
  const checked = await send(call, { operation: 'entitlement-query', head: headOf(services, body), input })
  if (checked.problem) return checked
  const both = { ...parsed(asked), entitlement: parsed(checked) }
  return together(asked, checked, Buffer.from(JSON.stringify(both)))
}

/** `POST /v1/eligibility`. */
export const eligibility = defineEndpoint({
  id: 'checkEligibility',
  path: '/v1/eligibility',
  title: '人员信息与待遇检查',
  text: '国家接口1101人员基本信息获取；填写medicalCategory时再做2001人员待遇享受检查。只查询，不需要Idempotency-Key。',
  group: 'person',
  examples: ELIGIBILITY,
  request: EligibilityRequest,
  response: Eligibility,
  yes: 200,
  keyed: false,
  async run(call) {
    const { services, body } = call
    const asked = await send(call, {
      operation: 'person-query',
      head: headOf(services, body),
      input: personInput(body),
    })
    if (asked.problem) return asked
    if (body.medicalCategory) return askEntitlement(call, asked)
    return { ...asked, body: Buffer.from(JSON.stringify({ ...parsed(asked), entitlement: null })) }
  },
})

/** `POST /v1/filings`. */
export const filing = defineEndpoint({
  id: 'fileReferral',
  path: '/v1/filings',
  title: '转院备案',
  text: '国家接口2501转院备案。',
  group: 'person',
  examples: FILING,
  request: FilingRequest,
  response: Filing,
  yes: 201,
  keyed: true,
  run: (call) =>
    send(call, {
      operation: 'filing',
      head: headOf(call.services, call.body),
      input: filingInput(call.body),
    }),
})
