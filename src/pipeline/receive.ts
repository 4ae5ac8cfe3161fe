/** The first two steps: what a request says, by whom and for whom; then the same in national codes, as it will leave. */
import type { Codes } from '../codes/codes.ts'
import { parseArea, relationOf } from '../domain/area.ts'
import type { Day } from '../domain/day.ts'
import { knownLane, type Lane } from '../domain/lane.ts'
import { DOCUMENTS, isDocumentNumber } from '../domain/person.ts'
import { GatewayError } from '../domain/problems.ts'
import type { Dialect, Envelope, Message } from '../extension/dialect.ts'
import { followed, type MaybePromise } from '../journal/maybe-promise.ts'
import { type Caller, speaksFor } from './callers.ts'
import {
  type InboundRequest,
  type Received,
  type RequestContext,
  type Services,
  Stopped,
  type Translated,
} from './context.ts'
import type { Institution, InstitutionDirectory } from './institution-directory.ts'
import { judgeOpen } from './lane-gate.ts'
import { MisdirectedRequest } from './misdirected.ts'
import { judgeOwners } from './owner.ts'
import { withFailed } from './self-paid.ts'
import { encode } from './spoken.ts'
import { translate } from './translate.ts'

/**
 * Opens a request, reads and checks it.
 *
 * @returns where another worker serves its institution, that
 * @throws {GatewayError} where not even its envelope can be read; {Stopped} where it is refused for what stands in it
 */
export function receive(
  services: Services,
  arrived: RequestContext,
): MaybePromise<Received | MisdirectedRequest> {
  const { codes, inbound } = arrived
  const { dialect, body, transaction, caller } = inbound
  const { directory, journal, clock, shards } = services
  const envelope = dialect.open(body, transaction)
  const owner = shards?.ownerElsewhere(envelope.institution) ?? null
  if (owner !== null) return new MisdirectedRequest(owner, body)
  const opened = { ...arrived, envelope }
  try {
    const today = directory.today(clock.now())
    const asked = { directory, codes, today }
    checkAreas(asked, envelope)
    const institution = institutionOf(asked, envelope, caller)
    let person: string | null = null
    const reading = readMessage(dialect, envelope, institution, (read) => {
      const { person: named } = read.subject
      person = named ? services.pseudonym(named) : null
      return judgeOwners(journal, read, person)
    })
    const received = (message: Message) => ({ ...opened, message, person, institution, today })
    const whole = followed(reading, (read) => withFailed(journal, read))
    if (!(whole instanceof Promise)) return received(whole)
    return whole.then(received).catch((cause) => Promise.reject(Stopped.at(opened, cause)))
  } catch (cause) {
    throw Stopped.at(opened, cause)
  }
}

/**
 * Translates and writes; what another worker serves passes through.
 *
 * @throws {Stopped} bad-codes with every bad line, bad-amounts
 */
export function toNational(
  services: Services,
  received: Received | MisdirectedRequest,
): Translated | MisdirectedRequest {
  if (received instanceof MisdirectedRequest) return received
  const { inbound, stopwatch, codes, person, institution, today } = received
  let refused: string | null = null
  try {
    const note = (evidence: string) => {
      refused = evidence
    }
    const agreed = { codes: institution.codes, today }
    const { message, evidence, mapped } = translate(codes, inbound.dialect, received.message, note, agreed)
    const national = underWay(inCallersNames(message, inbound))
    const { judged: _, ...envelope } = received.envelope
    const sealed = encode(services, national)
    return { inbound, stopwatch, codes, envelope, message: national, person, evidence, mapped, sealed }
  } catch (cause) {
    throw Stopped.at({ ...received, evidence: refused }, cause)
  }
}

/** The journal's evidence names the fields of the interface; what the caller is told names its own. */
function inCallersNames(message: Message, { placeOf }: InboundRequest): Message {
  if (!message.warnings || !placeOf) return message
  const warnings = message.warnings.map((warning) => ({ ...warning, field: placeOf(warning.field) }))
  return { ...message, warnings }
}

/**
 * A message as it stays in memory until it is answered. The lines of a bill stand in its bytes, and the collector moves
 * every object that lives on while others come: without the lines of 64 bills of 200 it has half as much to move.
 */
function underWay(message: Message): Message {
  if (message.operation.kind !== 'settlement') return message
  const { lines: _, ...subject } = message.subject
  // What pays an order is told by the field in which it names that.
  const named = subject.settlement === undefined ? [] : message.named
  return { ...message, subject, named, codes: [] }
}

/** What is asked, with which edition set and for which day. */
export interface Asked {
  readonly directory: InstitutionDirectory
  readonly codes: Codes
  readonly today: Day
}

/**
 * Finds an institution that has sent a message.
 *
 * @throws {GatewayError} foreign-institution where it is not the caller's; institution-closed where the register does not
 *   know it, it is suspended, or it lies in another city than the message says
 */
export function institutionOf(
  { directory, codes, today }: Asked,
  envelope: Envelope,
  caller: Caller,
): Institution {
  const { institution: code, treatmentArea } = envelope
  if (!speaksFor(caller, code)) {
    throw new GatewayError('foreign-institution', 'receive', `定点医药机构${code}不属于该调用方`)
  }
  const institution = directory.institution(codes, code, today)
  if (!institution) throw new GatewayError('institution-closed', 'receive', `定点医药机构${code}未登记`)
  if (institution.suspended) {
    throw new GatewayError('institution-closed', 'receive', `定点医药机构${code}已暂停医保服务`, {
      reason: 'E302',
    })
  }
  if (relationOf(parseArea(institution.area), parseArea(treatmentArea)) !== 'local') {
    throw new GatewayError(
      'foreign-institution',
      'receive',
      `就医地${treatmentArea}与定点医药机构${code}所在地不符`,
    )
  }
  return institution
}

/** Checks that both areas exist. @throws {GatewayError} unknown-area */
export function checkAreas({ directory, codes, today }: Asked, envelope: Envelope): void {
  const check = (field: string, area: string) => {
    if (directory.knowsArea(codes, area, today)) return
    throw new GatewayError('unknown-area', 'receive', `${field} ${area.slice(0, 6)}不是现行医保区划`)
  }
  check('mdtrtarea_admvs', envelope.treatmentArea)
  check('insuplc_admdvs', envelope.insuredArea)
}

/** Medical category of a message that names none: an ordinary visit. */
const ORDINARY = '11'

/** First letter of the code of a designated pharmacy (standard 10). */
const PHARMACY = 'P'

/** Longest category that a refusal repeats: the field has six characters. */
const CATEGORY_LENGTH_MAX = 12

/** Rows have categories of their own: none of them is silently an ordinary visit. @throws {GatewayError} invalid-field */
function judgeRowCategories({ categories = [] }: Message): void {
  for (const { field, category } of categories) {
    if (knownLane(category) !== null) continue
    const told = category.slice(0, CATEGORY_LENGTH_MAX)
    throw new GatewayError('invalid-field', 'receive', `${field}“${told}”不是已知的医疗类别`, {
      fields: [{ field, text: '不是已知的医疗类别' }],
    })
  }
}

/** Purchases are a pharmacy's, from wherever the person comes: a hospital settles visits. @throws {GatewayError} institution-closed */
function judgeSeller(lane: Lane | undefined, { code }: Institution): void {
  if (lane !== 'pharmacy' || code.startsWith(PHARMACY)) return
  throw new GatewayError(
    'institution-closed',
    'receive',
    `药店结算类交易仅由定点零售药店办理，${code}不是零售药店，本次未发出`,
  )
}

/**
 * Judges the fields and what depends on the institution.
 *
 * @param judge judges whose is what the message names
 * @throws {GatewayError} invalid-field, institution-closed, and what `judge` throws
 */
export function readMessage(
  dialect: Dialect,
  envelope: Envelope,
  institution: Institution,
  judge: (message: Message) => MaybePromise<void>,
): MaybePromise<Message> {
  const message = dialect.read(envelope, institution.systems)
  for (const { kind, number, field } of message.subject.documents ?? []) {
    if (isDocumentNumber(kind, number)) continue
    const name = DOCUMENTS[kind as keyof typeof DOCUMENTS] ?? '证件'
    throw new GatewayError('invalid-field', 'receive', `${field}不是有效的${name}号码`, {
      fields: [{ field }],
    })
  }
  return followed(judge(message), () => {
    judgeKind(message, institution)
    return message
  })
}

/** What kind of visit it is of, and whether the institution has it. */
function judgeKind(message: Message, institution: Institution): void {
  const { operation, subject } = message
  const lane = knownLane(subject.category ?? ORDINARY)
  if (lane === null) {
    const told = subject.category!.slice(0, CATEGORY_LENGTH_MAX)
    throw new GatewayError('invalid-field', 'receive', `med_type“${told}”不是已知的医疗类别`, {
      fields: [{ field: 'med_type', text: '不是已知的医疗类别' }],
    })
  }
  judgeRowCategories(message)
  judgeSeller(operation.lane, institution)
  judgeOpen(message, lane, institution)
}
