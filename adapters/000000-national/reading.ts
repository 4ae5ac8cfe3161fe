/**
 * The fast way of a message: where its bytes are valid beyond doubt, in the one form of `one-form.ts`, and as plain as
 * `JSON.stringify` writes them but for blanks between values and the zeros of `12.50`, only the fields that the gateway needs
 * are read, and national codes are written over the given ones. Everything else says nothing here and takes the general way,
 * which gives the verdict and the words.
 */

import type { ClaimCode } from '../../src/domain/claim.ts'
import { ClaimDocument } from '../../src/extension/claim-document.ts'
import type { Envelope, Judged, NationalCodes, Operation } from '../../src/extension/dialect.ts'
import { plainBytes } from '../../src/scanner/canonical-json.ts'
import { createReader, type Reader } from '../../src/scanner/reader.ts'
import { splice } from '../../src/scanner/splice.ts'
import { FeeLine, headIn, isLineNode, LINE_CODE } from './claim.ts'
import { codesRead, type PlacedCode } from './codes.ts'
import { envelopeSchema } from './envelope.ts'
import { namedRead, nodesOf } from './named.ts'
import { hasSmallX } from './one-form.ts'

const HEAD = ['infno', 'msgid', 'fixmedins_code', 'mdtrtarea_admvs', 'insuplc_admdvs', 'sign_no']
/** A signature of the hospital, which is cut out: it does not fit what goes on. */
const SIGNATURE = ['cainfo', 'signtype'] as const

/** Stands at the begin of most messages, and before the transaction in the others. */
const MARK = Buffer.from('"infno":"')
const TRANSACTION_LENGTH = 4
/** How far into a message its transaction is looked for. */
const MARK_WITHIN = 1024

/** Reads an envelope by its bytes; null where they do not go the fast way. */
export type Reading = (body: Buffer) => Envelope | null

/** Makes the fast way for the operations of a dialect; each is prepared when it first comes. */
export function createReading(operations: Readonly<Record<string, Operation>>): Reading {
  const readers = new Map<string, Reader | null>()

  function readerOf(transaction: string): Reader | null {
    const known = readers.get(transaction)
    if (known !== undefined) return known
    const operation = operations[transaction]
    const reader = operation?.reads
      ? createReader(envelopeSchema.extend({ input: operation.input }), [
          ...[...HEAD, ...SIGNATURE, 'input'],
          ...new Set(
            [...operation.reads, ...namedRead(operation), ...codesRead(operation)].map(
              (field) => `input.${field}`,
            ),
          ),
        ])
      : null
    readers.set(transaction, reader)
    return reader
  }

  function read(body: Buffer): Envelope | null {
    const mark = body.subarray(0, MARK_WITHIN).indexOf(MARK)
    if (mark < 0) return null
    const from = mark + MARK.length
    const transaction = body.toString('latin1', from, from + TRANSACTION_LENGTH)
    const operation = operations[transaction]
    const reader = operation ? readerOf(transaction) : null
    const message = reader?.read(body)
    // The mark may have stood somewhere else than in the head.
    if (!operation || !reader || !message || message.infno !== transaction) return null
    const { certno, mdtrt_cert_no } = headIn(message.input as Record<string, unknown>) ?? {}
    if (hasSmallX(mdtrt_cert_no) || hasSmallX(certno)) return null
    return message.cainfo ? signed(body, reader) : envelopeOf(body, operation, reader, message)
  }

  /** The same without the signature, read once more; null where it cannot be cut out. */
  function signed(body: Buffer, { spans, slot }: Reader): Envelope | null {
    const cuts = SIGNATURE.map((name) => [spans.start(slot(name)), spans.end(slot(name))] as const)
      .filter(([start, end]) => end > start)
      .sort(([one], [other]) => one - other)
    const bytes = splice(body, 1, (_row, cut) => cuts.every(([start, end]) => cut(start, end, '')))
    return bytes && read(bytes)
  }

  return (body) => {
    const envelope = read(body)
    const plain = envelope ? null : plainBytes(body)
    return plain ? read(plain) : envelope
  }
}

function envelopeOf(
  body: Buffer,
  operation: Operation,
  reader: Reader,
  message: Record<string, unknown>,
): Envelope {
  const { msgid, fixmedins_code, mdtrtarea_admvs, insuplc_admdvs, sign_no } = message as Record<
    string,
    string
  >
  const slot = reader.slot('input')
  const [start, end] = [reader.spans.start(slot), reader.spans.end(slot)]
  const input = message.input as Record<string, unknown>
  return {
    operation,
    id: msgid!,
    institution: fixmedins_code!,
    treatmentArea: mdtrtarea_admvs!,
    insuredArea: insuplc_admdvs || mdtrtarea_admvs!,
    signIn: sign_no ?? '',
    document: ClaimDocument.ofBytes(body),
    inputBytes: () => body.subarray(start, end),
    judged: new JudgedInput(body, reader, input, lineNodeOf(operation)),
  }
}

/** The node of an operation's fee lines; null where it has none. */
function lineNodeOf(operation: Operation): string | null {
  return nodesOf(operation).find(({ name }) => isLineNode(name))?.name ?? null
}

/** An input that was judged by its bytes. */
class JudgedInput implements Judged {
  readonly input: Record<string, unknown>
  readonly #body: Buffer
  readonly #reader: Reader
  readonly #lines: string | null

  constructor(body: Buffer, reader: Reader, input: Record<string, unknown>, lines: string | null) {
    this.input = input
    this.#lines = lines
    this.#body = body
    this.#reader = reader
  }

  /** Writes codes over the given ones. Names, and fields that are not there yet, go the general way. */
  place(given: readonly ClaimCode[], codes: NationalCodes): Buffer | null {
    if (!this.#reader.holds(this.#body)) return null
    let lines = 0
    while (given[lines] instanceof FeeLine) lines += 1
    for (let place = lines; place < codes.length; place += 1) {
      if (codes[place]) return this.#placeAll(given, lines, codes)
    }
    const { spans } = this.#reader
    const slot = this.#reader.slot(`input.${this.#lines}[].${LINE_CODE}`)
    return splice(this.#body, lines, (row, cut) => {
      const national = codes[row]
      return !national || cut(spans.rowStart(row, slot), spans.rowEnd(row, slot), national.code)
    })
  }

  /** The same for codes of any fields, in the order in which they stand. */
  #placeAll(given: readonly ClaimCode[], lines: number, codes: NationalCodes): Buffer | null {
    const { spans } = this.#reader
    const cuts: (readonly [start: number, end: number, text: string])[] = []
    for (const [place, national] of codes.entries()) {
      if (!national) continue
      const { node, rows, field, nameField } =
        place < lines ? { node: this.#lines!, rows: [place], field: LINE_CODE } : (given[place] as PlacedCode)
      const isLines = node === this.#lines
      const slot = this.#reader.slot(`input.${node}${isLines ? '[]' : ''}.${field}`)
      if (slot < 0 || nameField) return null
      if (!isLines) cuts.push([spans.start(slot), spans.end(slot), national.code])
      else
        for (const row of rows ?? Array.from({ length: spans.rows() }, (_, index) => index))
          cuts.push([spans.rowStart(row, slot), spans.rowEnd(row, slot), national.code])
    }
    cuts.sort(([one], [other]) => one - other)
    return splice(this.#body, 1, (_row, cut) => cuts.every(([start, end, text]) => cut(start, end, text)))
  }
}
