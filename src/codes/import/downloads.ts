/**
 * The platform's catalogue downloads as files to import: tab-separated text without quotes or head, in which
 * the word `null` is an empty cell [F: T]. Each row carries the version of its own last change, so several
 * versions in one file are normal.
 */
import { type Download, shippedDownloads } from '../../extension/downloads.ts'

/** A download with known columns and table. */
export type ImportedDownload = Download & { readonly standard: string }

let known: Readonly<Record<string, ImportedDownload>> | null = null

/** Downloads by transaction number, loaded on first use. */
export function importedDownloads(): Readonly<Record<string, ImportedDownload>> {
  known ??= Object.fromEntries(
    Object.entries(shippedDownloads()).filter(
      (one): one is [string, ImportedDownload] => one[1].standard !== null && one[1].titles.length > 0,
    ),
  )
  return known
}
