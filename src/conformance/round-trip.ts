/** A catalogue file taken back: what a platform gives away is read by the import as it came, without being kept. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEditions } from '../codes/editions/editions.ts'
import { importedDownloads } from '../codes/import/downloads.ts'
import { tableOptions } from '../codes/import/options.ts'
import { runTable } from '../codes/import/run.ts'
import { FileRefused } from '../codes/read/row.ts'
import { loadCodebooks } from '../extension/registry.ts'

/** A day on which no edition lies yet, and on which most rows have begun. */
const EFFECTIVE = '2026-01-01'

/**
 * Imports the file of a download into an empty directory, as `npm run codes -- import --download` does.
 *
 * @param rows that the answer has told
 * @returns what is wrong with it; null if all rows were taken, or where the import does not know the form
 */
export async function roundTrip(number: string, zip: Buffer, rows: number): Promise<string | null> {
  const download = importedDownloads()[number]
  if (!download || rows === 0) return null
  const folder = mkdtempSync(join(tmpdir(), 'zhijie-round-trip-'))
  try {
    const file = join(folder, `${number}.zip`)
    writeFileSync(file, zip)
    const { codebooks } = await loadCodebooks()
    const args = ['--standard', download.standard, '--download', number, '--edition', number, '--dry-run']
    const question = tableOptions([file, ...args, '--effective', EFFECTIVE], {
      codebooks,
      person: 'conformance',
    })
    const { report } = await runTable(question, { shelf: openEditions(folder), progress: () => {} })
    const isWhole = report.refused === 0 && report.read === rows
    return isWhole ? null : `应有${rows}行，读到${report.read}行，拒收${report.refused}行`
  } catch (cause) {
    if (!(cause instanceof FileRefused)) throw cause
    return cause.message
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
