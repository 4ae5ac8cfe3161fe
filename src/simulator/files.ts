/**
 * Files that a platform keeps for who asks for them: what an institution has handed in (9101), and what is made when it is
 * fetched (9102). A file leaves as a ZIP with one text: cells parted by tabs, no head, UTF-8, an empty cell is the word `null`.
 * Source: interface-2025, Catalogue downloads, Reconciliation [F: T, H1]; how long a file lies there is assumed [A].
 */
import { Readable } from 'node:stream'
import { type Instant, shanghaiTime } from '../domain/day.ts'
import { type Message, Refusal } from './envelope.ts'
import { requiredText, sectionOf, textOf } from './fields.ts'
import type { Handler, Province } from './province.ts'

/** The table of them, for the book. Bytes are text in Base64. */
export const FILES_SCHEMA = `
CREATE TABLE IF NOT EXISTS files (file_qury_no TEXT PRIMARY KEY, fixmedins_code TEXT NOT NULL,
  filename TEXT NOT NULL, until INTEGER NOT NULL, bytes TEXT, made TEXT) WITHOUT ROWID;
`

/** How long a file may be fetched. */
const KEPT_MS = 7 * 24 * 3600 * 1000

/** Takes the place of a file name [F: 2021] or an institution [F: T] when a catalogue is fetched. */
const ANY = 'plc'

/** An available file, as described in an answer. */
export interface Kept {
  readonly file_qury_no: string
  readonly filename: string
  /** Shanghai time. */
  readonly dld_endtime: string
}

/** A file as the answer to a message, in the stead of an envelope. */
export class FileAnswer {
  readonly filename: string
  readonly #open: () => Readable

  /** @param open gives its bytes from the begin, each time it is called */
  constructor(filename: string, open: () => Readable) {
    this.filename = filename
    this.#open = open
  }

  open(): Readable {
    return this.#open()
  }
}

type FileRow = {
  file_qury_no: string
  fixmedins_code: string
  filename: string
  until: number
  bytes: string | null
  made: string | null
}

function keep(
  province: Province,
  row: Pick<FileRow, 'fixmedins_code' | 'filename' | 'bytes' | 'made'>,
): Kept {
  const file_qury_no = `F${province.code}${String(province.book.next('files')).padStart(12, '0')}`
  const until = (province.now() + KEPT_MS) as Instant
  province.book.store.insert('files', { file_qury_no, until, ...row })
  return { file_qury_no, filename: row.filename, dld_endtime: shanghaiTime(until) }
}

/** Keeps a file of an institution, which alone may fetch it. @param bytes as they will be fetched */
export function keepFile(province: Province, institution: string, filename: string, bytes: Buffer): Kept {
  return keep(province, {
    fixmedins_code: institution,
    filename,
    bytes: bytes.toString('base64'),
    made: null,
  })
}

/** Keeps what a file of the catalogues is made of, for everybody. */
export function keepMade(province: Province, filename: string, made: string): Kept {
  return keep(province, { fixmedins_code: '', filename, bytes: null, made })
}

/**
 * The bytes of a file that an institution has handed in.
 *
 * @throws {Refusal} if there is none of it
 */
export function keptFile(province: Province, institution: string, number: string): Buffer {
  const row = rowOf(province, number)
  if (row?.fixmedins_code !== institution || row.bytes === null) throw new Refusal('E000', '未查询到该文件')
  return Buffer.from(row.bytes, 'base64')
}

function rowOf({ book }: Province, number: string): FileRow | undefined {
  return book.store.row<FileRow>('SELECT * FROM files WHERE file_qury_no = ?', number)
}

/** 9101: takes a file. Its bytes are Base64 in `in`. */
export const uploadFile: Handler = (province, message) => {
  const node = sectionOf(message, 'fsUploadIn')
  const bytes = Buffer.from(requiredText(node, 'in'), 'base64')
  if (bytes.length === 0) throw new Refusal('E000', 'in不是Base64文件数据')
  const kept = keepFile(province, message.institution, requiredText(node, 'filename'), bytes)
  return { ...kept, fixmedins_code: message.institution }
}

/** 9102: gives one. @param make opens what a file of the catalogues is made of */
export function downloadFile(make: (province: Province, made: string) => Readable): Handler {
  return (province, message) => {
    const { filename, bytes, made } = asked(province, message)
    if (made !== null) return new FileAnswer(filename, () => make(province, made))
    return new FileAnswer(filename, () => Readable.from([Buffer.from(bytes!, 'base64')]))
  }
}

function asked(province: Province, message: Message): FileRow {
  const node = sectionOf(message, 'fsDownloadIn')
  const row = rowOf(province, requiredText(node, 'file_qury_no'))
  const [filename, institution] = [textOf(node, 'filename'), textOf(node, 'fixmedins_code')]
  const isForAll = row?.fixmedins_code === ''
  const isOwn = row?.fixmedins_code === message.institution && institution === message.institution
  if (!row || (!isForAll && !isOwn)) throw new Refusal('E000', '未查询到该文件')
  if (filename !== row.filename && filename !== ANY) throw new Refusal('E000', 'filename与文件查询号不符')
  if (isForAll && institution !== message.institution && institution !== ANY) {
    throw new Refusal('E000', `fixmedins_code须为本机构编号或${ANY}`)
  }
  if (province.now() > row.until) throw new Refusal('E000', '文件已过下载截止时间，请重新申请')
  return row
}
