/**
 * The national interface (定点医药机构接口规范), the baseline that provincial dialects spread. What its document does not
 * say: the clerk signs in with 9001, but many clients send an empty `sign_no` and are served; amounts and counts come as
 * numbers or as text; success is `infcode` 0 alone, and none under an HTTP status that says no; `err_msg` is free text that is often longer
 * than its 200 characters. There is no transaction set for out-of-area patients: the header's two areas make the
 * difference. Source: public client code of hospitals, Hunan text V1.1.27. [F]
 */
import { type Area, hasAreaShape, parseArea } from '../../src/domain/area.ts'
import { type Instant, shanghaiTime } from '../../src/domain/day.ts'
import { GatewayError } from '../../src/domain/problems.ts'
import { ClaimDocument, type Json } from '../../src/extension/claim-document.ts'
import {
  type Composed,
  defineDialect,
  type Envelope,
  type Message,
  NATIONAL_ALONE,
  type NationalCodes,
  type Operation,
  type Systems,
} from '../../src/extension/dialect.ts'
import { categoriesIn, codesIn } from './codes.ts'
import { answerBytes, invalidField, openEnvelope, refusalBytes } from './envelope.ts'
import { namedIn } from './named.ts'
import { inpatient } from './operations/inpatient.ts'
import { lines } from './operations/lines.ts'
import { outcome } from './operations/outcome.ts'
import { outpatient } from './operations/outpatient.ts'
import { person } from './operations/person.ts'
import { session } from './operations/session.ts'
import { settlement } from './operations/settlement.ts'
import { acceptPath } from './paths.ts'
import { placeCodes } from './place.ts'
import { probe } from './probe.ts'
import { createReading } from './reading.ts'
import { weigh } from './refusals.ts'
import { createDecode } from './reply.ts'

const operations: Readonly<Record<string, Operation>> = Object.fromEntries(
  [session, person, outpatient, inpatient, lines, settlement, outcome]
    .flat()
    .map((operation) => [operation.transaction, operation]),
)

function areaOf(field: string, text: string): Area {
  if (!hasAreaShape(text)) throw new RangeError(`${field}不是医保区划代码`)
  return parseArea(text)
}

const reading = createReading(operations)

/** @param addressed the transaction that the address names, which must then be the envelope's */
function open(body: Buffer, addressed: string | null): Envelope {
  const envelope = reading(body) ?? openEnvelope(body, operations)
  if (addressed && addressed !== envelope.operation.transaction) {
    throw new GatewayError('invalid-field', 'receive', `地址中的交易编号${addressed}与报文infno不一致`)
  }
  return envelope
}

/** The input of an envelope, judged. @throws {GatewayError} invalid-field */
function inputOf({ operation, document, judged }: Envelope): Record<string, unknown> {
  if (judged) return judged.input
  const checked = operation.input.safeParse(document.json().input)
  if (!checked.success) throw invalidField(checked.error)
  return checked.data as Record<string, unknown>
}

function read(envelope: Envelope, systems: Systems): Message {
  const { operation, id, institution, document, judged } = envelope
  const input = inputOf(envelope)
  try {
    const subject = operation.subject(input, systems)
    const categories = categoriesIn(input)
    return {
      operation,
      id,
      institution,
      treatmentArea: areaOf('mdtrtarea_admvs', envelope.treatmentArea),
      insuredArea: areaOf('insuplc_admdvs', envelope.insuredArea),
      subject,
      ...(categories.length > 0 && { categories }),
      codes: codesIn(operation, input, subject, systems),
      named: namedIn(operation, input),
      document,
      ...(judged && { judged }),
    }
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new GatewayError('invalid-field', 'receive', cause.message)
  }
}

function place(message: Message, codes: NationalCodes): Message {
  if (!codes.some((code) => code !== null)) return message
  const { judged, ...rest } = message
  const bytes = judged?.place(message.codes, codes)
  if (bytes) return { ...rest, document: ClaimDocument.ofBytes(bytes) }
  const json = rest.document.json()
  const input = placeCodes(json.input as Json, message.codes, codes)
  return { ...rest, document: ClaimDocument.ofJson({ ...json, input }) }
}

/** The gateway's own message about another: the header of that one, so that it goes to the same insured place. */
function compose(about: Message, { transaction, input }: Composed, id: string, at: Instant): Message {
  const operation = operations[transaction]!
  const head = { infno: transaction, msgid: id, inf_time: shanghaiTime(at) }
  const { judged: _, warnings: __, categories: ___, ...known } = about
  return {
    ...known,
    operation,
    id,
    codes: [],
    named: namedIn(operation, input),
    subject: operation.subject(input as Record<string, unknown>, NATIONAL_ALONE),
    document: ClaimDocument.ofJson({ ...about.document.json(), ...head, input }),
  }
}

export default defineDialect({
  id: '000000-national',
  title: '国家医疗保障信息平台定点医药机构接口',
  contentType: 'application/json; charset=utf-8',
  operations,
  accepts: (path) => acceptPath(path, operations),
  open,
  read,
  place,
  encode: ({ document }) => document.bytes(),
  decode: createDecode(),
  weigh,
  compose,
  probe,
  answer: answerBytes,
  refuse: refusalBytes,
})
