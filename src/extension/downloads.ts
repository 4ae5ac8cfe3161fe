/**
 * Catalogue downloads as data (`catalogue/downloads.json`): which table the file of a transaction holds, and its columns in order.
 * Positions are those of edition 2021, as one client of Guangzhou reads them [F]; places have added columns at the end, whose
 * number is known and whose names are not [F: H1]. Columns of 1306A, 1320 and 1321 are those of the older form [A]; of the
 * reagents (1322–1327) no source has any.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { shippedFolder } from './catalogue.ts'

/** What a column of a file shows: a part of a row of the table, or `@class`, an attribute of it; empty: nothing. */
export type Fill = string

/** A catalogue download. */
export interface Download {
  /** Id of the codebook; null if none holds such rows. */
  readonly standard: string | null
  /** Titles in order. */
  readonly titles: readonly string[]
  /** Columns of the file: those that have no title are the last ones. */
  readonly width: number
  /** Form of the codes that are in it; absent: all of the codebook. */
  readonly codes?: RegExp
  /** A word that the names in it have, or have not. */
  readonly named?: string
  readonly butNamed?: string
  /** Attributes that its rows have. */
  readonly where: Readonly<Record<string, string>>
  /** What its columns show, by their title. */
  readonly fill: Readonly<Record<string, Fill>>
}

/** One as it lies in the file. */
interface DownloadRow {
  readonly standard?: string
  /** Its columns are those of this one. */
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

/** The downloads that are shipped with an adapter, by the number of their transaction. */
export function shippedDownloads(): Readonly<Record<string, Download>> {
  const file = JSON.parse(readFileSync(join(shippedFolder(), 'downloads.json'), 'utf8')) as DownloadsFile
  return Object.fromEntries(
    Object.entries(file.files).map(([number, row]) => [number, downloadOf(file, row)]),
  )
}
