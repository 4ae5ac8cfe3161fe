/** What the journal knows about an encounter, read back from the message that opened it. */
import { GatewayError } from '../../domain/problems.ts'
import { operationNamed, type VisitKind } from '../../extension/dialect.ts'
import { type ExchangeEntry, isSamePlatform, type Opener } from '../../journal/entry.ts'
import type { Services } from '../../pipeline/context.ts'
import { isMeant, type Meaning } from '../../pipeline/owner.ts'
import { readSealed } from '../../pipeline/spoken.ts'
import { type Call, partKey } from './send.ts'

/** An encounter according to its opening message. */
export interface OpenedEncounter {
  readonly encounter: string
  readonly kind: VisitKind
  readonly institution: string
  readonly treatmentArea: string
  readonly insuredArea: string
  /** Person number `psn_no`. */
  readonly person: string
  /** Pseudonym of the person. */
  readonly pseudonym: string
  readonly insuranceType: string
  readonly credential: { readonly type: string; readonly number: string }
  /** Medical category `med_type`; null for an outpatient visit whose details were not sent through this API. */
  readonly category: string | null
}

type Row = Readonly<Record<string, unknown>>

function unknown(): GatewayError {
  return new GatewayError('not-found', 'receive', '没有找到该就诊，或它不是经本网关登记的')
}

function textOf(row: Row, field: string): string {
  const value = row[field]
  return value === undefined || value === null ? '' : String(value)
}

/** The sealed text of the registration is archived, so the patient can no longer be filled in. */
function archived(): GatewayError {
  const detail =
    '该就诊的登记已归档，网关不再保存其人员与凭证信息，本次未向平台发送。请以国家接口办理（撤销结算为2208、2305、2103）'
  return new GatewayError('encounter-archived', 'receive', detail)
}

/** The category from the details of a visit opened here, stored under the key that follows the registration's. */
async function outpatientCategory(services: Services, { key, voice }: ExchangeEntry): Promise<string | null> {
  const [own, beside] = ['registration', 'visit-details'].map((name) =>
    partKey('', operationNamed(services.dialect, name)),
  ) as [string, string]
  if (voice !== 'rest' || !key?.endsWith(own)) return null
  const details = await services.journal.byKey(key.slice(0, -own.length) + beside)
  if (!details?.exchange.sealed || details.state !== 'accepted') return null
  return readSealed(services, details.exchange).subject.category ?? null
}

/** Which encounter a request means. */
export function meaningOf({
  caller,
  body,
}: Pick<Call<{ insuredArea?: string | undefined }>, 'caller' | 'body'>): Meaning {
  return { caller, insuredArea: body.insuredArea }
}

/** The matching opening message: an id issued by two platforms does not identify a person. */
async function openerOf(services: Services, meaning: Meaning, encounter: string): Promise<Opener> {
  const openers = await services.journal.openers(encounter)
  const [first, ...others] = openers.filter((one) => isMeant(one, meaning))
  if (!first) {
    if (!openers.some((one) => isMeant(one, { caller: meaning.caller })) && openers.length > 0)
      throw new GatewayError('foreign-institution', 'receive', '该就诊不是调用方的机构登记的')
    throw unknown()
  }
  const isOther = (one: Opener) =>
    one.institution !== first.institution || !isSamePlatform(one.insuredArea, first.insuredArea)
  if (others.some(isOther)) {
    const text = '有多个参保地的平台给出同一就诊ID，请填写参保地医保区划insuredArea以指明是哪一个，本次未发出'
    throw new GatewayError('invalid-field', 'receive', text, { fields: [{ field: 'insuredArea' }] })
  }
  return first
}

/**
 * Finds an encounter of the caller.
 *
 * @throws {GatewayError} not-found; encounter-archived; foreign-institution if another caller's institution opened
 *   it; invalid-field if several platforms issued its id and the request does not say which
 */
export async function openingOf(
  services: Services,
  meaning: Meaning,
  encounter: string,
): Promise<OpenedEncounter> {
  const { exchange } = await openerOf(services, meaning, encounter)
  const opening = exchange === null ? null : await services.journal.byId(exchange)
  const opens = services.dialect.operations[opening?.exchange.transaction ?? '']?.opens
  if (!opening || !opens) throw unknown()
  if (opening.state === 'reversed') throw new GatewayError('not-found', 'receive', '该就诊的登记已冲正')
  if (!opening.exchange.sealed) throw opening.archived ? archived() : unknown()
  const { visit: kind, node } = opens
  const message = readSealed(services, opening.exchange)
  const row = (message.document.json().input as Record<string, Row>)[node]!
  return {
    encounter,
    kind,
    institution: message.institution,
    treatmentArea: message.treatmentArea,
    insuredArea: message.insuredArea,
    person: textOf(row, 'psn_no'),
    pseudonym: opening.exchange.person ?? services.pseudonym(textOf(row, 'psn_no')),
    insuranceType: textOf(row, 'insutype'),
    credential: { type: textOf(row, 'mdtrt_cert_type'), number: textOf(row, 'mdtrt_cert_no') },
    category:
      kind === 'inpatient' ? textOf(row, 'med_type') : await outpatientCategory(services, opening.exchange),
  }
}
