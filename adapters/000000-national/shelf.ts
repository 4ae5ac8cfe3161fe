/**
 * What a message asks of the gateway's own code tables: a catalogue download, or the file of one (9102). The number of a file
 * says what it is made of, so nothing is kept of it; a number of any other form is a platform's file.
 */

import type { Message } from '../../src/extension/dialect.ts'
import { versionName, versionNumber } from '../../src/extension/download-tables.ts'
import { shippedDownloads } from '../../src/extension/downloads.ts'
import type { ShelfAsked } from '../../src/extension/shelf.ts'

/** How the number of such a file begins: no platform's was seen to begin so. [A] */
const FILE = /^ZJ(\d{4}[A-Z]?)(v\d{4,9})$/

type Row = Readonly<Record<string, unknown>>

let known: ReadonlySet<string> | null = null

/** Downloads whose columns are known and whose rows a codebook holds. */
function isHeld(number: string): boolean {
  known ??= new Set(
    Object.entries(shippedDownloads()).flatMap(([one, { standard, titles }]) =>
      standard !== null && titles.length > 0 ? [one] : [],
    ),
  )
  return known.has(number)
}

/** @returns null where it asks for nothing of the kind */
export function askedOfShelf({ operation, document }: Message): ShelfAsked | null {
  const { transaction, answersFile } = operation
  if (!answersFile && !isHeld(transaction)) return null
  const { data, fsDownloadIn } = document.json().input as { data?: Row; fsDownloadIn?: Row }
  if (answersFile) {
    const [, download, after] = FILE.exec(String(fsDownloadIn?.file_qury_no ?? '')) ?? []
    return download && after && isHeld(download) ? { is: 'file', page: { download, after } } : null
  }
  const after = versionName(versionNumber(String(data?.ver ?? '')))
  return {
    is: 'page',
    page: { download: transaction, after },
    // Both spellings of the end are met. [F]
    output: ({ version, rows }, until) => ({
      file_qury_no: `ZJ${transaction}${after}`,
      filename: `${transaction}_${version}.txt.zip`,
      dld_endtime: until,
      dld_end_time: until,
      data_cnt: rows,
    }),
  }
}
