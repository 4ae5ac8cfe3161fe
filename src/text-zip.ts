/** A ZIP with one text, made while it is read: the form in which catalogues are downloaded. */
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'

/** Rows of a text that are written at once: whoever else is served comes between two pieces. */
const ROWS_A_PIECE = 500

/** Lines as pieces of a text. */
function* textOfLines(lines: Iterable<string>): Generator<Buffer> {
  let [text, rows] = ['', 0]
  for (const line of lines) {
    text += `${line}\n`
    rows += 1
    if (rows < ROWS_A_PIECE) continue
    yield Buffer.from(text)
    text = ''
    rows = 0
  }
  if (rows > 0) yield Buffer.from(text)
}

/** Gives the turn back after each piece. */
async function* inTurns(pieces: Iterable<Buffer>): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    yield piece
    await new Promise(setImmediate)
  }
}

/** A ZIP with one text, made while it is read. @param name of the text in it */
export function zipOf(name: string, lines: Iterable<string>): Readable {
  const zip = new ZipFile()
  zip.addReadStreamLazy(name, (ready) => ready(null, Readable.from(inTurns(textOfLines(lines)))))
  zip.end()
  return zip.outputStream as Readable
}

/** A ZIP with one text that is there whole. */
export function packedText(name: string, text: Buffer): Readable {
  const zip = new ZipFile()
  zip.addBuffer(text, name)
  zip.end()
  return zip.outputStream as Readable
}
