/**
 * The fast way of a message: where its bytes are valid beyond doubt, in the one form of `one-form.ts`, and as plain as
 * `JSON.stringify` writes them but for blanks between values and the zeros of `12.50`, only the fields that the gateway needs
 * are read, and national codes are written over the given ones. Everything else says nothing here and takes the general way,
 * which gives the verdict and the words.
 */

import type { ClaimCode } from '../../src/domain/claim.ts'
import { ClaimDocument } from '../../src/extension/claim-document.ts'
import type { Envelope, Operation } from '../../src/extension/dialect.ts'
import type { Judged } from '../../src/extension/judged.ts'
import type { NationalCodes } from '../../src/extension/national-codes.ts'
import { plainBytes } from '../../src/scanner/canonical-json.ts'
import { createNodeReader, type NodeReader } from '../../src/scanner/nodes.ts'
import { createReader, type Reader } from '../../src/scanner/reader.ts'
import { splice } from '../../src/scanner/splice.ts'
import { FeeLine, headIn, isLineNode, LINE_CODE } from './claim.ts'
import { codesRead, type PlacedCode } from './codes.ts'
import { type DescribedOperation, isDescribed } from './described/operation.ts'
import { messagePlan } from './described/plan.ts'
import { envelopeSchema } from './envelope.ts'
import { namedRead, nodesOf } from './named.ts'
import { hasSmallX } from './one-form.ts'

const HEAD = ['infno', 'msgid', 'fixmedins_code', 'mdtrtarea_admvs', 'insuplc_admdvs', 'sign_no']
/** A signature of the hospital, which is cut out: it does not fit what goes on. */
const SIGNATURE = ['cainfo', 'signtype'] as const
const OF_HEAD: ReadonlySet<string> = new Set([...HEAD, ...SIGNATURE])

/** Stands at the begin of most messages, and before the transaction in the others. */
const MARK = Buffer.from('"infno":"')
/** Most transactions have four characters, some five or six: `3505A`, `100001`. */
const TRANSACTION_LENGTHS = [4, 5, 6]
const AREA = Buffer.from('"mdtrtarea_admvs":"')
const QUOTE = 0x22
/** How far into a message its transaction is looked for. */
const MARK_WITHIN = 1024

/** Reads an envelope by its bytes; null if they do not go the fast way. */
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

  const nodeReaders = new Map<string, NodeReader | null>()

  /** The reader of an operation that the catalogue describes; null where more is read of it than single values. */
  function nodeReaderOf(operation: DescribedOperation, province: string): NodeReader | null {
    const { catalogue, transaction, isPlain } = operation
    const key = `${transaction} ${province}`
    const known = nodeReaders.get(key)
    if (known !== undefined) return known
    const plan = isPlain ? messagePlan(catalogue, transaction, province) : null
    const isRead = (name: string) => OF_HEAD.has(name) || operation.isRead(name)
    const reader = plan && createNodeReader(plan, isRead, ['input', ...SIGNATURE])
    nodeReaders.set(key, reader)
    return reader
  }

  /** The same for an operation that the catalogue describes, whose province has its own form of it. */
  function readNodes(body: Buffer, operation: DescribedOperation): Envelope | null {
    const at = body.subarray(0, MARK_WITHIN).indexOf(AREA)
    if (at < 0) return null
    const area = body.toString('latin1', at + AREA.length, at + AREA.length + 2)
    const province = operation.catalogue.provinceOf(area)
    const reader = nodeReaderOf(operation, province)
    const message = reader?.read(body)
    if (!reader || !message || message.infno !== operation.transaction) return null
    if (operation.catalogue.provinceOf(String(message.mdtrtarea_admvs)) !== province) return null
    if (message.cainfo) {
      const bytes = unsigned(body, SIGNATURE.map(reader.span))
      return bytes && readNodes(bytes, operation)
    }
    const [start, end] = reader.span('input')
    const judged = { input: message.input as Record<string, unknown>, place: () => null }
    return headOf(message, { operation, document: ClaimDocument.ofBytes(body), judged }, () =>
      body.subarray(start, end),
    )
  }

  function read(body: Buffer): Envelope | null {
    const mark = body.subarray(0, MARK_WITHIN).indexOf(MARK)
    if (mark < 0) return null
    const from = mark + MARK.length
    const length = TRANSACTION_LENGTHS.find((one) => body[from + one] === QUOTE)
    if (length === undefined) return null
    const transaction = body.toString('latin1', from, from + length)
    const operation = Object.hasOwn(operations, transaction) ? operations[transaction] : undefined
    if (operation && isDescribed(operation)) return readNodes(body, operation)
    const reader = operation ? readerOf(transaction) : null
    const message = reader?.read(body)
    // The mark may have stood somewhere else than in the head.
    if (!operation || !reader || !message || message.infno !== transaction) return null
    const { certno, mdtrt_cert_no } = headIn(message.input as Record<string, unknown>) ?? {}
    if (hasSmallX(mdtrt_cert_no) || hasSmallX(certno)) return null
    return message.cainfo ? signed(body, reader) : envelopeOf(body, operation, reader, message)
  }

  /** The same without the signature, read once more; null if it cannot be cut out. */
  function signed(body: Buffer, { spans, slot }: Reader): Envelope | null {
    const bytes = unsigned(
      body,
      SIGNATURE.map((name) => [spans.start(slot(name)), spans.end(slot(name))] as const),
    )
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
  const slot = reader.slot('input')
  const [start, end] = [reader.spans.start(slot), reader.spans.end(slot)]
  const input = message.input as Record<string, unknown>
  const judged = new JudgedInput(body, reader, input, lineNodeOf(operation))
  return headOf(message, { operation, document: ClaimDocument.ofBytes(body), judged }, () =>
    body.subarray(start, end),
  )
}

function headOf(
  message: Record<string, unknown>,
  rest: Pick<Envelope, 'operation' | 'document' | 'judged'>,
  inputBytes: Envelope['inputBytes'],
): Envelope {
  const { msgid, fixmedins_code, mdtrtarea_admvs, insuplc_admdvs, sign_no } = message as Record<
    string,
    string
  >
  return {
    ...rest,
    id: msgid!,
    institution: fixmedins_code!,
    treatmentArea: mdtrtarea_admvs!,
    insuredArea: insuplc_admdvs || mdtrtarea_admvs!,
    signIn: sign_no ?? '',
    inputBytes,
  }
}

/** A message without the signature that stands at these places; null where it cannot be cut out. */
function unsigned(body: Buffer, places: readonly (readonly [start: number, end: number])[]): Buffer | null {
  const cuts = places.filter(([start, end]) => end > start).sort(([one], [other]) => one - other)
  return splice(body, 1, (_row, cut) => cuts.every(([start, end]) => cut(start, end, '')))
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
