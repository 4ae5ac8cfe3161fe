/** Wrong inputs of the whole catalogue, and how the dialect meets them. */
import national from '../../../adapters/000000-national/index.ts'
import { GatewayError } from '../../../src/domain/problems.ts'
import { type BadInput, badInputs } from '../../../src/extension/bad-input.ts'
import { AREAS, BY_HAND, catalogue, message, type Province, VALUES } from './support.ts'

/** A wrong input with the place where it is sent. */
export interface Case extends BadInput {
  readonly number: string
  readonly area: string
}

/**
 * Fields that the operations written by hand take otherwise than the catalogue has them, with the reason. They are asked by
 * what holds everywhere: what one province's text adds to them is let through as it came.
 */
const OTHERWISE: readonly { readonly case: RegExp; readonly why: string }[] = [
  {
    case: /: out of set/,
    why: 'codes of the money lanes are judged by the platform: clients send what areas add, and the scanner reads no sets',
  },
  {
    case: /: out of range$/,
    why: 'an amount beyond its column is judged with the bill, which does not add up then',
  },
  {
    case: /^(?:2204|2301) feedetail\[0\]\.med_list_codg: (?:missing|empty|null|blank)$/,
    why: 'empty where the own code of the hospital is mapped',
  },
  {
    case: /^5203 data\.setl_id: (?:missing|empty|null|blank)$/,
    why: 'a lost answer never gave it: clients ask by the visit alone',
  },
]

/** The place whose text asks for the fields of a transaction. */
const placeOf = (number: string): Province => (BY_HAND.includes(number) ? '' : '43')

/** Every wrong input of a transaction. */
export function* casesOf(number: string): Generator<Case> {
  const province = placeOf(number)
  const isByHand = BY_HAND.includes(number)
  for (const bad of badInputs(catalogue, number, province, VALUES)) {
    if (isByHand && OTHERWISE.some(({ case: one }) => one.test(bad.name))) continue
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
