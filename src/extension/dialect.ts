/**
 * A dialect: how messages of one place are converted to our own form and back. Everything here is pure: no network,
 * clock, log or store. An operation that a place lacks is absent, so that capability lists are always true.
 */
import type { z } from 'zod'
import type { Area } from '../domain/area.ts'
import type { ClaimCode, ClaimLine } from '../domain/claim.ts'
import type { Day, Instant } from '../domain/day.ts'
import type { Lane } from '../domain/lane.ts'
import type { Fen } from '../domain/money.ts'
import type { BillSplit, Settlement } from '../domain/settlement.ts'
import type { Catalogue } from './catalogue.ts'
import type { ClaimDocument } from './claim-document.ts'
import type { CodeWarning } from './code-warning.ts'
import type { Departure } from './departure.ts'
import type { Evidence } from './evidence.ts'
import type { FailedAttempt } from './failed-attempt.ts'
import type { Judged } from './judged.ts'
import type { NationalCodes } from './national-codes.ts'
import type { Heard, Reply, Told, Weight } from './reply.ts'
import type { ShelfAsked } from './shelf.ts'

/**
 * What an operation does. `session`, `query` and `trial` have no effect and may be repeated; `write` changes a visit;
 * `settlement` and `cancellation` move money; `reversal` (冲正) undoes a message whose outcome is unknown.
 */
export type OperationKind =
  | 'session'
  | 'query'
  | 'trial'
  | 'write'
  | 'settlement'
  | 'cancellation'
  | 'reversal'

/** An outpatient visit, an inpatient stay, or a pharmacy purchase, which is settled by the message that opens it. */
export type VisitKind = 'outpatient' | 'inpatient' | 'pharmacy'

/** Role of an operation in a stay, for the reports. */
export type StayPart = 'admission' | 'discharge' | 'settlement' | 'cancellation'

/** What the gateway needs to know about a message, extracted from its body. Absent if the message does not say it. */
export interface Subject {
  /** Person number `psn_no`. */
  readonly person?: string
  /** Encounter `mdtrt_id` (就诊ID), assigned by the platform. */
  readonly encounter?: string
  /** The hospital's number for the visit: `ipt_otp_no`, `ipt_no`. */
  readonly visitNumber?: string
  /**
   * Settlement `setl_id` named by a cancellation or query. For messages that pay an order or take back an unpaid one,
   * the order, whose id exists before it is settled.
   */
  readonly settlement?: string
  /** The part of that settlement a refund returns; absent: all of it. */
  readonly part?: { readonly name: string; readonly inPieces: boolean }
  /** Charge batch `chrg_bchno` (收费批次号). */
  readonly batch?: string
  /** Medical category `med_type`. */
  readonly category?: string
  /** Insurance `insutype` that pays. */
  readonly insurance?: string
  /** The day the message speaks of: of the visit, admission, discharge. */
  readonly day?: Day
  /** The message undone by a reversal: `omsgid`, `oinfno`. */
  readonly original?: { readonly id: string; readonly transaction: string }
  /** Identity documents in it: kind `psn_cert_type`, number, and field. */
  readonly documents?: readonly { readonly kind: string; readonly number: string; readonly field: string }[]
  /** Of the bill of who has paid all: its visit, and whether the bill is taken back. */
  readonly selfPaid?: { readonly visit: string; readonly isBack: boolean }
  readonly lines?: readonly ClaimLine[]
  /** The four parts of a bill and its total. */
  readonly split?: BillSplit
  /** Total of a bill without its four parts. */
  readonly total?: Fen
}

/**
 * A reference in a message to someone's property, wherever it occurs. Each distinct name is listed once, with the
 * first row that contains it.
 */
export interface Named {
  readonly what: 'encounter' | 'person' | 'batch' | 'settlement' | 'institution' | 'box'
  /** Its place in the sender's terms: `data.mdtrt_id`, `feedetail[3].mdtrt_id`. */
  readonly field: string
  readonly value: string
}

/** The code systems of an institution by standard; codes of other standards are national. */
export type Systems = Readonly<Record<string, string>>

/** For senders that use only national codes: a platform, the gateway itself. */
export const NATIONAL_ALONE: Systems = {}

/** A query or undo message composed by the gateway, as transaction and input. */
export interface Composed {
  readonly transaction: string
  readonly input: Readonly<Record<string, unknown>>
}

/** One operation of a dialect. */
export interface Operation {
  /** National transaction number `infno`, used in messages and the journal. Code never looks it up by number. */
  readonly transaction: string
  /** Of what a platform sends by itself: the id of the order that it tells of. Absent: nothing of the kind is taken. */
  tells?(input: unknown): string
  /** Other numbers under which it may arrive, from places that number it differently. */
  readonly also?: readonly string[]
  /** Our own name, unique in a dialect: `registration`, `inpatient-settlement`. Code looks operations up by it. */
  readonly name: string
  /** National name. */
  readonly title: string
  readonly kind: OperationKind
  /** A successful answer is a file instead of an envelope. */
  readonly answersFile?: true
  /** Its answers are `{code,type,message,data}`, without an envelope. */
  readonly answersBare?: true
  /** Requires that the institution has opened the lane for patients from elsewhere. */
  readonly needsLane?: true
  /** Defined entirely by its catalogue row: checked, routed, recorded and passed on without code of its own. */
  readonly described?: true
  /** Its rows may belong to several visits, persons and batches: a list of sales, of states. Absent: all to one. */
  readonly ofSeveral?: true
  /** The boxes that a message of it sells or returns, by the codes on them. Absent: it sells and returns none. */
  boxes?(message: Pick<Message, 'document' | 'named'>): readonly Named[]
  /** The lane that it is settled in whatever the medical category; it must be open beside that of the category. */
  readonly lane?: Lane
  /** The visit that it opens, and the input node that identifies the patient. */
  readonly opens?: { readonly visit: VisitKind; readonly node: string }
  /** Its role in a stay. Absent: reports of stays ignore it. */
  readonly stay?: StayPart
  /** Last part of the URL in the style with one path per transaction; null if none was seen. */
  readonly path: string | null
  readonly input: z.ZodType
  readonly output: z.ZodType | null
  /**
   * Extracts the subject from a checked input; rows through `rowsOf`, since they may still be bytes.
   *
   * @throws {RangeError} if an amount or day is malformed
   */
  subject(input: Record<string, unknown>, systems: Systems): Subject
  /**
   * All input fields that `subject` reads: `data.psn_no`, `feedetail[].cnt`; rows of at most one array. With them a
   * message can be parsed at byte level; without them it is always parsed as JSON.
   */
  readonly reads?: readonly string[]
  /** Input fields with codes, by standard: `{ 'data.dept_code': 'department' }`, `feedetail[].bilg_dr_codg`. */
  readonly codes?: Readonly<Record<string, string>>
  /** Which part of a visit it withdraws; absent if none, or if it concerns money (`cancellation`, `reversal`). */
  readonly withdraws?: 'opening' | 'discharge'
  /**
   * Extracts the amounts from an answer; null if it has none.
   *
   * @param message that was answered; only operations on orders need it, for the order and the amounts of a refund
   * @throws if required amounts are missing or malformed
   */
  settlement?(output: unknown, message?: Message): Settlement | null
  /** Success creates an order that the person pays later: until payment is seen, its amounts do not count. */
  readonly paidLater?: true
  /** The encounter opened by an answer; empty if the operation may open one and did not. */
  encounter?(output: unknown): string
  /** The order opened by an answer: the id under which it is settled later. */
  order?(output: unknown): string
  /**
   * All output fields that `settlement` and `encounter` read or that are compared with the message, in the notation
   * of `reads`.
   */
  readonly readsAnswer?: readonly string[]
  readonly evidence?: Evidence
  /** Puts a remark into a message, where its sender has made none. */
  remarked?(message: Message, remark: string): Message
  /**
   * Checks a place's rules for the marks of a person insured elsewhere.
   *
   * @param area of treatment
   * @param whole reads all fields if `input` is partial; null if it is complete
   * @throws {GatewayError} invalid-field
   */
  judgeMarks?(
    area: string,
    input: Record<string, unknown>,
    whole: (() => Record<string, unknown>) | null,
  ): void
}

/** A message inside the gateway. */
export interface Message {
  readonly operation: Operation
  /** Message id `msgid`, assigned once by the sender and the only handle for a reversal. */
  readonly id: string
  readonly institution: string
  readonly treatmentArea: Area
  /** Insured place; defaults to the place of treatment. */
  readonly insuredArea: Area
  readonly subject: Subject
  /** All its codes, starting with those of the lines, in order. */
  readonly codes: readonly ClaimCode[]
  /** Medical categories of single rows: each once, with its first row. */
  readonly categories?: readonly { readonly field: string; readonly category: string }[]
  /** All references to someone's property, in the head and all rows. */
  readonly named: readonly Named[]
  /** The complete message in our own form; codes are replaced after translation. */
  readonly document: ClaimDocument
  /** Only for a message parsed at byte level whose codes are not yet replaced. */
  readonly judged?: Judged
  /** Of a self-paid bill: the settlement that was tried before and failed. Absent: none is known. */
  readonly failed?: FailedAttempt
  /** Warnings about its codes for a successful answer; absent if there are none. */
  readonly warnings?: readonly CodeWarning[]
}

/** The head of an envelope: enough to identify the sender before the body is validated. */
export interface Envelope {
  readonly operation: Operation
  readonly id: string
  readonly institution: string
  readonly treatmentArea: string
  readonly insuredArea: string
  readonly signIn: string
  readonly document: ClaimDocument
  /** The input as serialised by `JSON.stringify`: equal for equal inputs, however they were formatted. */
  inputBytes(): Uint8Array
  /** Set if the input was validated together with the envelope, at byte level. */
  readonly judged?: Judged
}

/**
 * One dialect: the wire of hospitals or platforms of one place. One folder serves both sides: a hospital's request is
 * read by `open` and `read` and answered by `answer` or `refuse`; a platform's request is written by `encode` and its
 * answer read by `decode`. In between, a message is in our own form (`ClaimDocument`).
 */
export interface Dialect {
  /** Folder name: province code and name, `000000-national`. */
  readonly id: string
  readonly title: string
  /** Content type of requests and answers: `application/json; charset=utf-8`. */
  readonly contentType: string
  /** Additional request headers for a platform: an action, a digest, a signature. Absent: none. */
  requestHeaders?(message: Message, body: Buffer, departure: Departure): Readonly<Record<string, string>>
  /** Names of its signing credentials; the gateway does not start without them. Absent: none. */
  readonly credentials?: readonly string[]
  /** Additional headers of an answer to a caller, names in lower case. Absent: none. */
  answerHeaders?(body: Buffer): Readonly<Record<string, string>>
  /** Its operations, by the numbers of the national standard even if its own differ. */
  readonly operations: Readonly<Record<string, Operation>>
  /** Their inputs and outputs as data; absent if no catalogue describes them. */
  readonly catalogue?: Catalogue
  /** Whether a URL path belongs to this dialect, and the transaction that the path names, if any. */
  accepts(path: string): { readonly transaction: string | null } | null
  /** Parses the envelope. @throws {GatewayError} unreadable-body, invalid-field, unknown-transaction */
  open(body: Buffer, transaction: string | null): Envelope
  /** Validates the input and reads the message. @throws {GatewayError} invalid-field naming the field */
  read(envelope: Envelope, systems: Systems): Message
  /** Replaces the codes of a message by national ones. */
  place(message: Message, codes: NationalCodes): Message
  /** Serialises a message for a platform. */
  encode(message: Message): Buffer
  /**
   * Parses a platform's answer and compares it with the message.
   *
   * @param heard absent: a first answer with status 200
   * @throws {RangeError} if it is not an answer: unreadable, or a server error by its status
   * @throws {Unproven} if it was read but proves nothing: another message's, amounts that do not add up, encrypted
   */
  decode(message: Message, body: Buffer, heard?: Heard): Reply
  /** What a refusal of a message proves. */
  weigh(message: Message, no: Extract<Reply, { verdict: 'no' }>): Weight
  /** Composes a message about another one: its header, a new id, another body. */
  compose(about: Message, composed: Composed, id: string, at: Instant): Message
  /** What of the gateway's own code tables a message asks for; null: nothing. Absent: no message does. */
  shelved?(message: Message): ShelfAsked | null
  /** A query without effect that concerns nobody, to test whether the platform answers. */
  readonly probe: Composed
  /** Serialises a successful answer for the caller. */
  answer(message: Message, output: unknown, at: Instant, id: string): Buffer
  /** Serialises a refusal for the caller. @param transaction what was asked for; absent if it is not known */
  refuse(told: Told, at: Instant, id: string, transaction?: string | null): Buffer
}

/** The operation with a name. @throws if the dialect has none */
export function operationNamed(
  { id, operations }: Pick<Dialect, 'id' | 'operations'>,
  name: string,
): Operation {
  const found = Object.values(operations).find((operation) => operation.name === name)
  if (!found) throw new Error(`The dialect ${id} has no operation "${name}"`)
  return found
}

/** Declares a dialect; the identity function, for type inference. */
export function defineDialect(dialect: Dialect): Dialect {
  return dialect
}
