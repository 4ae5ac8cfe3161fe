/**
 * The national interface with any operations: the national ones, or those of a place that speaks its envelope and offers
 * others, or the same with other fields.
 */
import { type Area, hasAreaShape, parseArea } from '../../src/domain/area.ts'
import { type Instant, shanghaiTime } from '../../src/domain/day.ts'
import { GatewayError } from '../../src/domain/problems.ts'
import { ClaimDocument, type Json } from '../../src/extension/claim-document.ts'
import {
  type Composed,
  type Dialect,
  defineDialect,
  type Envelope,
  type Message,
  NATIONAL_ALONE,
  type Systems,
} from '../../src/extension/dialect.ts'
import type { NationalCodes } from '../../src/extension/national-codes.ts'
import { bareBytes, bareRefusal, isBare } from './bare.ts'
import { categoriesIn, codesIn } from './codes.ts'
import { placeDescribed } from './described/codes.ts'
import { inputAt, isDescribed } from './described/operation.ts'
import { answerBytes, invalidField, openEnvelope, refusalBytes } from './envelope.ts'
import { namedIn } from './named.ts'
import { numberLike } from './numbers.ts'
import { acceptPath } from './paths.ts'
import { placeCodes } from './place.ts'
import { probe } from './probe.ts'
import { createReading } from './reading.ts'
import { weigh } from './refusals.ts'
import { createDecode } from './reply.ts'
import { askedOfShelf } from './shelf.ts'

/** What a place that speaks the national envelope has of its own. */
export interface StandardDialect extends Pick<Dialect, 'id' | 'title' | 'operations' | 'catalogue'> {
  /** Its addresses; absent: those of the national interface. */
  readonly accepts?: Dialect['accepts']
}

function areaOf(field: string, text: string): Area {
  if (!hasAreaShape(text)) throw new RangeError(`${field}不是医保区划代码`)
  return parseArea(text)
}

/** The input of an envelope, judged. @throws {GatewayError} invalid-field */
function inputOf({ operation, document, judged, treatmentArea }: Envelope): Record<string, unknown> {
  if (judged) return judged.input
  const checked = inputAt(operation, treatmentArea).safeParse(document.json().input)
  if (!checked.success) throw invalidField(checked.error)
  return checked.data as Record<string, unknown>
}

/** Marks are asked of whom the place of treatment does not insure. @throws {GatewayError} invalid-field */
function judgeMarks(envelope: Envelope, input: Record<string, unknown>): void {
  const { operation, treatmentArea, insuredArea, document, judged } = envelope
  if (!operation.judgeMarks || treatmentArea.slice(0, 4) === insuredArea.slice(0, 4)) return
  const whole = judged ? () => document.json().input as Record<string, unknown> : null
  operation.judgeMarks(treatmentArea, input, whole)
}

function read(envelope: Envelope, systems: Systems): Message {
  const { operation, id, institution, document, judged } = envelope
  const input = inputOf(envelope)
  judgeMarks(envelope, input)
  try {
    const described = isDescribed(operation)
    const subject = operation.subject(input, systems)
    const categories = described ? [] : categoriesIn(input)
    return {
      operation,
      id,
      institution,
      treatmentArea: areaOf('mdtrtarea_admvs', envelope.treatmentArea),
      insuredArea: areaOf('insuplc_admdvs', envelope.insuredArea),
      subject,
      ...(categories.length > 0 && { categories }),
      codes: described ? operation.codesIn(input, systems) : codesIn(operation, input, subject, systems),
      named: described ? operation.named(input) : namedIn(operation, input),
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
  const placed = isDescribed(rest.operation) ? placeDescribed : placeCodes
  const input = placed(json.input as Json, message.codes, codes)
  return { ...rest, document: ClaimDocument.ofJson({ ...json, input }) }
}

/** Makes the dialect. */
export function standardDialect({
  id,
  title,
  operations,
  catalogue,
  accepts = (path) => acceptPath(path, operations),
}: StandardDialect): Dialect {
  const reading = createReading(operations)

  /** @param addressed the transaction that the address names, which must then be the envelope's */
  function open(body: Buffer, addressed: string | null): Envelope {
    const envelope = reading(body) ?? openEnvelope(body, operations)
    if (addressed && addressed !== envelope.operation.transaction) {
      throw new GatewayError('invalid-field', 'receive', `地址中的交易编号${addressed}与报文infno不一致`)
    }
    return envelope
  }

  /** The gateway's own message about another: the header of that one, so that it goes to the same insured place. */
  function compose(about: Message, { transaction, input }: Composed, id: string, at: Instant): Message {
    const operation = operations[transaction]!
    const json = about.document.json()
    const infno = numberLike(json.infno, operation)
    const head = { infno, msgid: id, inf_time: shanghaiTime(at) }
    const { judged: _, warnings: __, categories: ___, ...known } = about
    return {
      ...known,
      operation,
      id,
      codes: [],
      named: namedIn(operation, input),
      subject: operation.subject(input as Record<string, unknown>, NATIONAL_ALONE),
      document: ClaimDocument.ofJson({ ...json, ...head, input }),
    }
  }

  return defineDialect({
    id,
    title,
    contentType: 'application/json; charset=utf-8',
    operations,
    ...(catalogue && { catalogue }),
    accepts,
    open,
    read,
    place,
    encode: ({ document }) => document.bytes(),
    decode: createDecode(),
    weigh,
    compose,
    shelved: askedOfShelf,
    probe,
    answer: (message, output, at, answerId) =>
      isBare(message.operation) ? bareBytes(output) : answerBytes(message, output, at, answerId),
    refuse: (told, at, answerId, transaction) =>
      isBare(operations[transaction ?? '']) ? bareRefusal(told) : refusalBytes(told, at, answerId),
  })
}
