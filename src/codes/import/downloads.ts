/**
 * The catalogue downloads of the platform as files to import: text with tabs, no quotes and no head, an empty cell is the word
 * `null` [F: T]. Each row carries the number of its own last change, so many versions in one file are no fault there.
 */
import { type Download, shippedDownloads } from '../../extension/downloads.ts'

/** One whose columns and table are known. */
export type ImportedDownload = Download & { readonly standard: string }

let known: Readonly<Record<string, ImportedDownload>> | null = null

/** Downloads by the number of their transaction, read when somebody first asks. */
export function importedDownloads(): Readonly<Record<string, ImportedDownload>> {
  known ??= Object.fromEntries(
    Object.entries(shippedDownloads()).filter(
      (one): one is [string, ImportedDownload] => one[1].standard !== null && one[1].titles.length > 0,
    ),
  )
  return known
}
