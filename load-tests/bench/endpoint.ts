/**
 * A platform that costs next to nothing, as a process of its own: it books each message id once, answers a settlement
 * whose amounts add up, as late as it is told to, answers the questions of recovery from its book, and shows its book as
 * two integers. It reads no more of a settlement than it must, so that what is measured is the gateway.
 *
 * - `PUT /delay {"ms":50}`: every answer is that late;
 * - `PUT /silence {"insured":"62"}`: what comes for insured areas that begin so is taken and not answered, every second
 *   settlement of it booked nevertheless; `""` is everything;
 * - `PUT /silence {"insured":null,"answer":true}`: speaks again; what was held is answered where it was booked, else its
 *   connections are broken; with `"answer":false` they all are;
 * - `GET /effects`: what stands in the book; `raw` of `looked` settlements came with a line that has no national code.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { otherAnswer, settledAnswer } from './endpoint-answers.ts'
import { createBook } from './endpoint-book.ts'
import { serialOf } from './ids.ts'

const book = createBook()
let delayMs = 0
/** Beginning of the insured areas that are not answered; null if all are. */
let silent: string | null = null
/** Unanswered requests, and their answers where they were booked. */
const held = new Map<ServerResponse, Buffer | null>()
let [looked, raw] = [0, 0]

const TYPE_MARK = Buffer.from('"infno":"')
const ID_MARK = Buffer.from('"msgid":"')
const INSURED_MARK = Buffer.from('"insuplc_admdvs":"')
const SUM_MARK = Buffer.from('"medfee_sumamt":')
const RAW_MARK = Buffer.from('"med_list_codg":""')
const QUOTE = 0x22
const COMMA = 0x2c
/** One settlement of so many is looked at for its codes. */
const LOOK_EVERY = 64

function textAfter(body: Buffer, mark: Buffer, end: number): string {
  const from = body.indexOf(mark) + mark.length
  return body.toString('latin1', from, body.indexOf(end, from))
}

function send(response: ServerResponse, answer: Buffer | string): void {
  if (response.destroyed) return
  const length = Buffer.byteLength(answer)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': length })
  response.end(answer)
}

/** The first piece of a settlement mostly says everything about it: what follows are lines. */
function headOf(pieces: readonly Buffer[]): Buffer {
  const [first] = pieces
  return first?.includes(SUM_MARK) ? first : Buffer.concat(pieces)
}

function take(pieces: readonly Buffer[], response: ServerResponse): void {
  const head = headOf(pieces)
  const mute = silent !== null && textAfter(head, INSURED_MARK, QUOTE).startsWith(silent)
  const settlement = textAfter(head, TYPE_MARK, QUOTE) === '2207'
  if (!settlement) {
    if (mute) hold(response, null)
    else send(response, otherAnswer(Buffer.concat(pieces), book))
    return
  }
  const id = textAfter(head, ID_MARK, QUOTE)
  const fen = Math.round(Number(textAfter(head, SUM_MARK, COMMA)) * 100)
  const serial = serialOf(id)
  if (serial % LOOK_EVERY === 0) {
    looked += 1
    if (head.includes(RAW_MARK)) raw += 1
  }
  if (mute && serial % 2 === 0) {
    hold(response, null)
    return
  }
  book.book(serial, fen)
  const answer = settledAnswer(id, fen)
  if (mute) hold(response, answer)
  else if (delayMs > 0) setTimeout(send, delayMs, response, answer)
  else send(response, answer)
}

function hold(response: ServerResponse, answer: Buffer | null): void {
  held.set(response, answer)
  response.once('close', () => held.delete(response))
}

function release(withAnswers: boolean): void {
  for (const [response, answer] of held) {
    if (answer && withAnswers) send(response, answer)
    else response.destroy()
  }
  held.clear()
}

function told(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  if (request.url === '/effects') {
    response.end(JSON.stringify({ ...book.standing(), looked, raw }))
    return
  }
  const given = JSON.parse(body.toString()) as { ms?: number; insured?: string | null; answer?: boolean }
  delayMs = given.ms ?? delayMs
  if (given.insured !== undefined) silent = given.insured
  if (given.insured === null) release(given.answer === true)
  response.end('{}')
}

const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => {
    if (request.method === 'POST') take(pieces, response)
    else told(request, Buffer.concat(pieces), response)
  })
})
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as { port: number }).port}` })
})
process.once('disconnect', () => process.exit())
