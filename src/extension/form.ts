/**
 * Creates a dialect from its wire format alone. Fields, values and rules are those of the national standard, so that
 * all validation, translation and recovery is shared; the format only renames, renumbers and serialises differently.
 */
import type { Json } from './claim-document.ts'
import { type Dialect, defineDialect } from './dialect.ts'

/** A wire format. Envelopes are those of the national interface, as JSON. */
export interface Form {
  /** Folder name: province code and name. */
  readonly id: string
  readonly title: string
  /** Content type of its bodies. */
  readonly contentType: string
  readonly requestHeaders?: Dialect['requestHeaders']
  readonly credentials?: Dialect['credentials']
  readonly answerHeaders?: Dialect['answerHeaders']
  /** As `accepts` of a dialect. */
  accepts(path: string): { readonly transaction: string | null } | null
  /**
   * Parses a request.
   *
   * @param addressed national number of the transaction in the URL; null if there is none
   * @throws {GatewayError} unreadable-body, unknown-transaction
   */
  readRequest(body: Buffer, addressed: string | null): Json
  writeRequest(envelope: Json): Buffer
  /**
   * Parses an answer to a transaction.
   *
   * @throws {RangeError} if it is not an answer
   */
  readAnswer(body: Buffer, transaction: string): Json
  /** @param transaction null for a refusal before it was known */
  writeAnswer(envelope: Json, transaction: string | null): Buffer
  /** What a refusal proves, if the wording of this place differs from the national one. */
  readonly weigh?: Dialect['weigh']
  /** Transactions not offered here, by national number. */
  readonly without?: readonly string[]
}

const bytesOf = (json: Json) => Buffer.from(JSON.stringify(json))
const jsonOf = (bytes: Buffer) => JSON.parse(bytes.toString()) as Json

/**
 * Creates a dialect from a wire format.
 *
 * @param own the national dialect
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
      // Faults are reported under the names of the standard, since the format has the same fields.
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
