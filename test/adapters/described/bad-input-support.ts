/** Wrong inputs of the whole catalogue, and how the dialect meets them. */
import national from '../../../adapters/000000-national/index.ts'
import { isOtherwise } from '../../../src/conformance/otherwise.ts'
import { GatewayError } from '../../../src/domain/problems.ts'
import { type BadInput, badInputs } from '../../../src/extension/bad-input.ts'
import { AREAS, BY_HAND, catalogue, message, type Province, VALUES } from './support.ts'

/** A wrong input with the place where it is sent. */
export interface Case extends BadInput {
  readonly number: string
  readonly area: string
}

/** The place whose text asks for the fields of a transaction. */
const placeOf = (number: string): Province => (BY_HAND.includes(number) ? '' : '43')

/** Every wrong input of a transaction. */
export function* casesOf(number: string): Generator<Case> {
  const province = placeOf(number)
  const isByHand = BY_HAND.includes(number)
  for (const bad of badInputs(catalogue, number, province, VALUES)) {
    if (isByHand && isOtherwise(bad.name)) continue
    yield { ...bad, number, area: AREAS[province] }
  }
}

/** What is wrong with how a case was met; null where it was refused by its field, in Chinese and English, with a no. */
export function wronglyMet({ number, area, input, field, zh }: Case): string | null {
  try {
    national.read(national.open(message(number, input, area), null), {})
    return 'taken'
  } catch (cause) {
    if (!(cause instanceof GatewayError)) return `threw ${String(cause)}`
    if (cause.code !== 'invalid-field') return `${cause.code}: ${cause.message}`
    const fields = (cause.extra.fields as { field: string }[] | undefined)?.map((one) => one.field) ?? []
    if (!fields.includes(field)) return `names ${fields.join()}`
    if (!cause.message.includes(field) || !cause.message.includes(zh)) return `says ${cause.message}`
    const told = { reason: null, code: cause.code, text: cause.message }
    const answer = JSON.parse(national.refuse(told, 0 as never, '1').toString()) as {
      infcode: number
      err_msg: string
    }
    if (answer.infcode === 0 || !answer.err_msg.includes(field)) return `answers ${answer.infcode}`
    return null
  }
}
