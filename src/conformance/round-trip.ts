/** Round trip of a catalogue file: what a platform delivers is parsed by the import, without being kept. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEditions } from '../codes/editions/editions.ts'
import { importedDownloads } from '../codes/import/downloads.ts'
import { tableOptions } from '../codes/import/options.ts'
import { runTable } from '../codes/import/run.ts'
import { FileRefused } from '../codes/read/row.ts'
import { loadCodebooks } from '../extension/registry.ts'

/** A day before any edition, on which most rows are valid. */
const EFFECTIVE = '2026-01-01'

/**
 * Imports a download into an empty directory, like `npm run codes -- import --download`.
 *
 * @param rows number stated in the answer
 * @returns the fault; null if all rows were accepted, or the import does not know the format
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
