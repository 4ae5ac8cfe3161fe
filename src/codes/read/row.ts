/** What every reader gives: the rows of a file as text, with the line a person finds them on. */
/** One row as it stands in the file. */
export interface RawRow {
  /** Line of the text file, or row of the sheet, from 1. */
  readonly line: number
  readonly cells: readonly string[]
  /** Places of cells that a sheet keeps as numbers: a code among them may have lost its zeros. */
  readonly numbers?: ReadonlySet<number>
}

/** An area of merged cells of several rows: only its first cell has a value, those below seem empty. */
export interface Merged {
  /** `B4:B5` */
  readonly reference: string
  readonly firstLine: number
  readonly lastLine: number
  /** First and last column, from 0. */
  readonly columns: readonly [number, number]
}

/** A file opened for reading. Rows come in batches: a promise a row would cost more than the row. */
export interface OpenedFile {
  /** How the bytes were read: `UTF-8`, `GB18030`, `UTF-16LE`, `UTF-16BE`, or `XLSX`. */
  readonly encoding: string
  /** What stands between the cells of a text file. */
  readonly delimiter?: string
  /** Name of the sheet that is read, of a workbook. */
  readonly sheet?: string
  /** Sheets that are not read. */
  readonly otherSheets?: readonly string[]
  /** First day of the sheet's count of days is in 1904. */
  readonly since1904?: boolean
  readonly rows: AsyncIterable<readonly RawRow[]>
  /** Of a sheet, once all rows were read. */
  merged?(): readonly Merged[]
  close(): void
}

/** Told while a file is read: bytes done, of bytes in all. */
export type ReadProgress = (done: number, total: number) => void

/** Characters that one cell may have; Excel itself ends at 32,767. */
export const CELL_CHARACTERS_MAX = 64 * 1024

/** Columns that a row may have; the widest official list has 92. */
export const COLUMNS_MAX = 1024

/** Bytes that a compressed file may become. */
export const INFLATED_BYTES_MAX = 16 * 1024 ** 3

/** Rows in a batch. */
export const BATCH_ROWS = 512

/** A fault of the whole file, as one sentence for the person who imports it. Nothing was written. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused'
  /** The same for who hands in by a door, where there are no options of a command. */
  readonly atDoor: string

  constructor(text: string, { atDoor = text, ...options }: ErrorOptions & { readonly atDoor?: string } = {}) {
    super(text, options)
    this.atDoor = atDoor
  }
}
