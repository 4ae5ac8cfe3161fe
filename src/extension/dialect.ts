/**
 * What a dialect is: how one place's messages become our own and go back. Everything here is pure: no network, clock,
 * log or store. An operation that a place lacks is absent, so that lists of capabilities cannot lie.
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
import type { Heard, Reply, Told, Weight } from './reply.ts'

/**
 * What an operation does. `session`, `query` and `trial` change nothing and may be asked again; `write` changes a visit;
 * `settlement` and `cancellation` move money; `reversal` (冲正) undoes what has no known outcome.
 */
export type OperationKind =
  | 'session'
  | 'query'
  | 'trial'
  | 'write'
  | 'settlement'
  | 'cancellation'
  | 'reversal'

/** A visit without a bed, a stay in hospital, or a purchase at a pharmacy, which is settled by what opens it. */
export type VisitKind = 'outpatient' | 'inpatient' | 'pharmacy'

/** What an operation is to a stay in the reports. */
export type StayPart = 'admission' | 'discharge' | 'settlement' | 'cancellation'

/** What the gateway must know of a message, taken out of its body. Absent if the message does not say it. */
export interface Subject {
  /** Person number `psn_no`. */
  readonly person?: string
  /** Encounter `mdtrt_id` (就诊ID), given by the platform. */
  readonly encounter?: string
  /** The hospital's number of the visit: `ipt_otp_no`, `ipt_no`. */
  readonly visitNumber?: string
  /**
   * Settlement `setl_id` that a cancellation or query names. Of what pays an order, or takes one back unpaid, that order: it has
   * its id before it is settled.
   */
  readonly settlement?: string
  /** What of that settlement a refund gives back; absent: all of it. */
  readonly part?: { readonly name: string; readonly inPieces: boolean }
  /** Charge batch `chrg_bchno` (收费批次号). */
  readonly batch?: string
  /** Medical category `med_type`. */
  readonly category?: string
  /** Insurance `insutype` that pays. */
  readonly insurance?: string
  /** The day the message speaks of: of the visit, admission, discharge. */
  readonly day?: Day
  /** The message that a reversal undoes: `omsgid`, `oinfno`. */
  readonly original?: { readonly id: string; readonly transaction: string }
  /** Identity documents in it: kind `psn_cert_type`, number, and the field that holds it. */
  readonly documents?: readonly { readonly kind: string; readonly number: string; readonly field: string }[]
  readonly lines?: readonly ClaimLine[]
  /** The four sums of a bill with its total. */
  readonly split?: BillSplit
  /** Total of a bill that does not name the four sums. */
  readonly total?: Fen
}

/**
 * One thing that a message names and that belongs to somebody, wherever in it the name stands. Rows that name the same are
 * listed once, by the first of them; each other name is listed by the first row that holds it.
 */
export interface Named {
  readonly what: 'encounter' | 'person' | 'batch' | 'settlement' | 'institution' | 'box'
  /** Where it stands, for the sender: `data.mdtrt_id`, `feedetail[3].mdtrt_id`. */
  readonly field: string
  readonly value: string
}

/** The code systems in which an institution speaks, by standard; of a standard that is not named it sends national codes. */
export type Systems = Readonly<Record<string, string>>

/** Of one who sends national codes alone: a platform, the gateway itself. */
export const NATIONAL_ALONE: Systems = {}

/** A national code that replaces a given one. */
export interface NationalCode {
  readonly code: string
  readonly name: string
  /** Further codes that must stand beside it (one local code, several national ones together). */
  readonly beside?: readonly { readonly code: string; readonly name: string }[]
}

/** National codes for a message, by the place of each code in its list; null if the given one stays. */
export type NationalCodes = readonly (NationalCode | null)[]

/** A question or an undoing that the gateway itself composes, as transaction and input. */
export interface Composed {
  readonly transaction: string
  readonly input: Readonly<Record<string, unknown>>
}

/** One operation of a dialect. */
export interface Operation {
  /** National transaction number `infno`: how messages and the journal name the operation. No code asks by it. */
  readonly transaction: string
  /** Further numbers under which it comes: places that number it otherwise. */
  readonly also?: readonly string[]
  /** Our own name, one of each in a dialect: `registration`, `inpatient-settlement`. How code asks for an operation. */
  readonly name: string
  /** National name. */
  readonly title: string
  readonly kind: OperationKind
  /** A yes of it is a file in the stead of an envelope. */
  readonly answersFile?: true
  /** Only where the institution has opened the lane for patients from elsewhere. */
  readonly needsLane?: true
  /** It is made of its row in a catalogue alone: checked, routed, kept and passed on, and nothing of it is worked out here. */
  readonly described?: true
  /** Its rows may be of several visits, persons and batches: a list of sales, of states. Absent: all of one. */
  readonly ofSeveral?: true
  /** The boxes that a message of it sells or returns, by the codes on them. Absent: it sells and returns none. */
  boxes?(message: Pick<Message, 'document' | 'named'>): readonly Named[]
  /** The lane that it is settled in whatever the medical category; it must be open beside that of the category. */
  readonly lane?: Lane
  /** The visit that it opens, and the node of its input that says whose it is. */
  readonly opens?: { readonly visit: VisitKind; readonly node: string }
  /** What it is to a stay. Absent: reports of stays do not look at it. */
  readonly stay?: StayPart
  /** Last part of the address in the style of one path a transaction; null if none was seen. */
  readonly path: string | null
  readonly input: z.ZodType
  readonly output: z.ZodType | null
  /**
   * Reads the subject out of a checked input; its rows through `rowsOf`, since they may be bytes still.
   *
   * @throws {RangeError} if an amount or day cannot be read
   */
  subject(input: Record<string, unknown>, systems: Systems): Subject
  /**
   * All fields of the input that `subject` reads, `data.psn_no`, `feedetail[].cnt`; rows of one array at most. With them a
   * message can be read by its bytes; without them it is always read as JSON.
   */
  readonly reads?: readonly string[]
  /** Fields of its input that hold codes, by the standard: `{ 'data.dept_code': 'department' }`, `feedetail[].bilg_dr_codg`. */
  readonly codes?: Readonly<Record<string, string>>
  /** What of a visit it takes back; absent if it takes back nothing, or money (`cancellation`, `reversal`). */
  readonly withdraws?: 'opening' | 'discharge'
  /**
   * Reads the money out of an answer; null if it has none.
   *
   * @param message what was answered: it names the order, and the amounts of a refund. Other operations do without
   * @throws if it must be there, or is not readable
   */
  settlement?(output: unknown, message?: Message): Settlement | null
  /** Its yes is an order that the person pays later: until that is seen its amounts are nothing. */
  readonly paidLater?: true
  /** The encounter that an answer opens; empty if it may open one and has not. */
  encounter?(output: unknown): string
  /** The order that an answer opens: the id under which it is settled later. */
  order?(output: unknown): string
  /**
   * All fields of the output that `settlement` and `encounter` read and that are held against the message, as `reads` names
   * those of the input.
   */
  readonly readsAnswer?: readonly string[]
  readonly evidence?: Evidence
  /**
   * Judges what a place asks of the marks of a person from elsewhere.
   *
   * @param area of the treatment
   * @param whole reads all fields, where `input` has those alone that are read; null if it has all
   * @throws {GatewayError} invalid-field
   */
  judgeMarks?(
    area: string,
    input: Record<string, unknown>,
    whole: (() => Record<string, unknown>) | null,
  ): void
}

/** A message as the gateway carries it. */
export interface Message {
  readonly operation: Operation
  /** Message id `msgid`: made once by the sender, the only handle for a reversal. */
  readonly id: string
  readonly institution: string
  readonly treatmentArea: Area
  /** Insured place; the place of treatment where the sender left it empty. */
  readonly insuredArea: Area
  readonly subject: Subject
  /** All its codes; those of the lines first, in their order. */
  readonly codes: readonly ClaimCode[]
  /** Medical categories of rows that have one of their own: each once, by the first of them. */
  readonly categories?: readonly { readonly field: string; readonly category: string }[]
  /** Everything in the input that belongs to somebody, from the head and from all rows. */
  readonly named: readonly Named[]
  /** The whole of it in our own form, codes replaced once translated. */
  readonly document: ClaimDocument
  /** Only of a message that was read by its bytes and has the given codes still. */
  readonly judged?: Judged
  /** What is told of its codes beside a yes; absent if nothing is. */
  readonly warnings?: readonly CodeWarning[]
}

/** An input that was judged by its bytes: it is valid, and its codes can be replaced where they stand. */
export interface Judged {
  /** What `reads` of the operation names. */
  readonly input: Record<string, unknown>
  /** The bytes of the message with national codes in place; null if they cannot be put there byte by byte. */
  place(given: readonly ClaimCode[], codes: NationalCodes): Buffer | null
}

/** The head of an envelope: enough to know the sender before the body is judged. */
export interface Envelope {
  readonly operation: Operation
  readonly id: string
  readonly institution: string
  readonly treatmentArea: string
  readonly insuredArea: string
  readonly signIn: string
  readonly document: ClaimDocument
  /** The input as `JSON.stringify` writes it: the same for the same input, however it was written. */
  inputBytes(): Uint8Array
  /** Where the input has been judged with the envelope, by its bytes. */
  readonly judged?: Judged
}

/**
 * One dialect: how a hospital or a platform of one place speaks. Both speak it the same way, so one folder serves both sides: a
 * hospital's request is read by `open` and `read` and answered by `answer` or `refuse`; a platform's is written by `encode`, and
 * its answer read by `decode`. Between the two a message is our own (`ClaimDocument`).
 */
export interface Dialect {
  /** Folder name: province code and name, `000000-national`. */
  readonly id: string
  readonly title: string
  /** Type of its bodies, of requests and answers, as HTTP names it: `application/json; charset=utf-8`. */
  readonly contentType: string
  /** Further headers of a request to a platform: an action, a digest of its bytes, a signature. Absent: none. */
  requestHeaders?(message: Message, body: Buffer, departure: Departure): Readonly<Record<string, string>>
  /** Names of what it signs with; without one of them the gateway does not start. Absent: none. */
  readonly credentials?: readonly string[]
  /** Further headers of an answer to a caller, names in lower case. Absent: none. */
  answerHeaders?(body: Buffer): Readonly<Record<string, string>>
  /** What it offers, by the numbers of the national standard, whatever its own are. */
  readonly operations: Readonly<Record<string, Operation>>
  /** What they ask and answer, as data; absent if no catalogue describes them. */
  readonly catalogue?: Catalogue
  /** Whether an address is of this dialect; the transaction that the address names, where it names one. */
  accepts(path: string): { readonly transaction: string | null } | null
  /** Reads the envelope. @throws {GatewayError} unreadable-body, invalid-field, unknown-transaction */
  open(body: Buffer, transaction: string | null): Envelope
  /** Judges the input and reads the message. @throws {GatewayError} invalid-field with the field named */
  read(envelope: Envelope, systems: Systems): Message
  /** The message with national codes in place. */
  place(message: Message, codes: NationalCodes): Message
  /** The bytes that go to a platform. */
  encode(message: Message): Buffer
  /**
   * Reads a platform's answer and holds it against the message.
   *
   * @param heard absent: as an answer that came first, with status 200
   * @throws {RangeError} if it is no answer: unreadable, or a server's fault by its status
   * @throws {Unproven} if it was read and proves nothing: another message's, amounts that do not add up, encrypted
   */
  decode(message: Message, body: Buffer, heard?: Heard): Reply
  /** What a "no" to a message proves. */
  weigh(message: Message, no: Extract<Reply, { verdict: 'no' }>): Weight
  /** A message of the gateway's own about another one: its header, a new id, another body. */
  compose(about: Message, composed: Composed, id: string, at: Instant): Message
  /** A question that changes nothing and concerns nobody: whether it is answered shows whether the platform is there. */
  readonly probe: Composed
  /** The bytes of a yes to a message, for the caller. */
  answer(message: Message, output: unknown, at: Instant, id: string): Buffer
  /** The bytes of a no, for the caller. */
  refuse(told: Told, at: Instant, id: string): Buffer
}

/** The operation of a name. @throws if the dialect has none */
export function operationNamed(
  { id, operations }: Pick<Dialect, 'id' | 'operations'>,
  name: string,
): Operation {
  const found = Object.values(operations).find((operation) => operation.name === name)
  if (!found) throw new Error(`The dialect ${id} has no operation "${name}"`)
  return found
}

/** Declares a dialect; the identity, for its types. */
export function defineDialect(dialect: Dialect): Dialect {
  return dialect
}
