/** Output of every reader: rows as text, with the line to find them by. */
/** One row as stored in the file. */
export interface RawRow {
  /** Line of the text file, or row of the sheet, from 1. */
  readonly line: number
  readonly cells: readonly string[]
  /** Indexes of cells that a sheet stores as numbers: a code among them may have lost zeros. */
  readonly numbers?: ReadonlySet<number>
}

/** A merged area over several rows: only its first cell has a value, the cells below appear empty. */
export interface Merged {
  /** `B4:B5` */
  readonly reference: string
  readonly firstLine: number
  readonly lastLine: number
  /** First and last column, from 0. */
  readonly columns: readonly [number, number]
}

/** A file opened for reading. Rows come in batches, because a promise per row would cost more than the row. */
export interface OpenedFile {
  /** Format of the bytes: `UTF-8`, `GB18030`, `UTF-16LE`, `UTF-16BE`, or `XLSX`. */
  readonly encoding: string
  /** Delimiter of a text file. */
  readonly delimiter?: string
  /** Name of the sheet being read, for a workbook. */
  readonly sheet?: string
  /** Sheets that are ignored. */
  readonly otherSheets?: readonly string[]
  /** Serial dates of the sheet start in 1904. */
  readonly since1904?: boolean
  readonly rows: AsyncIterable<readonly RawRow[]>
  /** Merged areas of a sheet; complete after all rows were read. */
  merged?(): readonly Merged[]
  close(): void
}

/** Called while a file is read, with bytes done and bytes in total. */
export type ReadProgress = (done: number, total: number) => void

/** Maximum characters of one cell; Excel's own limit is 32,767. */
export const CELL_CHARACTERS_MAX = 64 * 1024

/** Maximum columns of a row; the widest official list has 92. */
export const COLUMNS_MAX = 1024

/** Maximum size of a compressed file's content. */
export const INFLATED_BYTES_MAX = 16 * 1024 ** 3

/** Rows in a batch. */
export const BATCH_ROWS = 512

/** A file that cannot be used, explained in one sentence for the person who imports it. Nothing was written. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused'
  /** The same explanation for an upload over HTTP, which has no command-line options. */
  readonly atDoor: string

  constructor(text: string, { atDoor = text, ...options }: ErrorOptions & { readonly atDoor?: string } = {}) {
    super(text, options)
    this.atDoor = atDoor
  }
}
