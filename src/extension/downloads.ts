/**
 * Catalogue downloads as data (`catalogue/downloads.json`): the table that each contains, and its columns in order.
 * Positions are those of edition 2021, as one client in Guangzhou reads them [F]; places have appended columns whose
 * number is known but not their names [F: H1]. Columns of 1306A, 1320 and 1321 are those of the older form [A]; for
 * the reagents (1322–1327) no source gives any.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { shippedFolder } from './catalogue.ts'

/** What a column contains: a field of the table's row, or an attribute such as `@class`; empty: nothing. */
export type Fill = string

/** A catalogue download. */
export interface Download {
  /** Id of the codebook; null if there is none for such rows. */
  readonly standard: string | null
  /** Titles in order. */
  readonly titles: readonly string[]
  /** Number of columns in the file; the last ones may have no title. */
  readonly width: number
  /** Pattern of its codes; absent: all codes of the codebook. */
  readonly codes?: RegExp
  /** A word that its names contain, or do not contain. */
  readonly named?: string
  readonly butNamed?: string
  /** Attributes of its rows. */
  readonly where: Readonly<Record<string, string>>
  /** Contents of its columns by title. */
  readonly fill: Readonly<Record<string, Fill>>
}

/** A download as stored in the file. */
interface DownloadRow {
  readonly standard?: string
  /** Takes its columns from this one. */
  readonly like?: string
  readonly width?: number
  readonly codes?: string
  readonly named?: string
  readonly butNamed?: string
  readonly where?: Readonly<Record<string, string>>
  readonly fill?: Readonly<Record<string, Fill>>
  readonly columns?: readonly string[]
}

interface DownloadsFile {
  readonly fill: Readonly<Record<string, Fill>>
  readonly files: Readonly<Record<string, DownloadRow>>
}

function downloadOf({ files, fill }: DownloadsFile, row: DownloadRow): Download {
  const like = row.like === undefined ? {} : files[row.like]!
  const titles = row.columns ?? like.columns ?? []
  return {
    standard: row.standard ?? null,
    titles,
    width: row.width ?? like.width ?? titles.length,
    ...(row.codes !== undefined && { codes: new RegExp(row.codes) }),
    ...(row.named !== undefined && { named: row.named }),
    ...(row.butNamed !== undefined && { butNamed: row.butNamed }),
    where: row.where ?? {},
    fill: { ...fill, ...like.fill, ...row.fill },
  }
}

/** The shipped downloads by transaction number. */
export function shippedDownloads(): Readonly<Record<string, Download>> {
  const file = JSON.parse(readFileSync(join(shippedFolder(), 'downloads.json'), 'utf8')) as DownloadsFile
  return Object.fromEntries(
    Object.entries(file.files).map(([number, row]) => [number, downloadOf(file, row)]),
  )
}
