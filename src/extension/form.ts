/**
 * A dialect made of its form alone: how its wire says what the national standard says. Fields, values and rules are those of
 * the standard, so that whatever judges, translates and finds the messages of one serves all; the form only renames,
 * renumbers and writes otherwise.
 */
import type { Json } from './claim-document.ts'
import { type Dialect, defineDialect } from './dialect.ts'

/** How a wire says it. Envelopes are those of the national interface, as JSON. */
export interface Form {
  /** Folder name: province code and name. */
  readonly id: string
  readonly title: string
  /** Type of its bodies, as HTTP names it. */
  readonly contentType: string
  readonly requestHeaders?: Dialect['requestHeaders']
  readonly credentials?: Dialect['credentials']
  readonly answerHeaders?: Dialect['answerHeaders']
  /** As `accepts` of a dialect. */
  accepts(path: string): { readonly transaction: string | null } | null
  /**
   * Reads a request.
   *
   * @param addressed national number of the transaction that the address names; null if it names none
   * @throws {GatewayError} unreadable-body, unknown-transaction
   */
  readRequest(body: Buffer, addressed: string | null): Json
  writeRequest(envelope: Json): Buffer
  /**
   * Reads an answer to a transaction.
   *
   * @throws {RangeError} if it is no answer
   */
  readAnswer(body: Buffer, transaction: string): Json
  /** @param transaction null for a refusal before it was known */
  writeAnswer(envelope: Json, transaction: string | null): Buffer
  /** What a "no" proves, if the sentences of this place are others than the national ones. */
  readonly weigh?: Dialect['weigh']
  /** Transactions that this place does not offer, by their national numbers. */
  readonly without?: readonly string[]
}

const bytesOf = (json: Json) => Buffer.from(JSON.stringify(json))
const jsonOf = (bytes: Buffer) => JSON.parse(bytes.toString()) as Json

/**
 * Makes a dialect of a form.
 *
 * @param own the national interface
 */
export function dialectOf(own: Dialect, form: Form): Dialect {
  const { id, title, contentType, requestHeaders, credentials, answerHeaders, without = [] } = form
  const offered = Object.entries(own.operations).filter(([transaction]) => !without.includes(transaction))
  return defineDialect({
    ...own,
    id,
    title,
    contentType,
    ...(requestHeaders && { requestHeaders }),
    ...(credentials && { credentials }),
    ...(answerHeaders && { answerHeaders }),
    operations: Object.fromEntries(offered),
    accepts: (path) => form.accepts(path),
    open(body, transaction) {
      // What the general reading of the standard says of it is said in the standard's names: the form has the same fields.
      return own.open(bytesOf(form.readRequest(body, transaction)), transaction)
    },
    encode: (message) => form.writeRequest(message.document.json()),
    decode: (message, body, heard) =>
      own.decode(message, bytesOf(form.readAnswer(body, message.operation.transaction)), heard),
    weigh: form.weigh ?? own.weigh,
    answer: (message, output, at, answerId) =>
      form.writeAnswer(jsonOf(own.answer(message, output, at, answerId)), message.operation.transaction),
    refuse: (told, at, answerId) => form.writeAnswer(jsonOf(own.refuse(told, at, answerId)), null),
  })
}
