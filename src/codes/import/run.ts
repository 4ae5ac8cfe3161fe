/**
 * Runs an import from its options to the stored edition: all rows or none, and nothing is written before the
 * last row is checked.
 */

import type { Build, Editions } from '../editions/editions.ts'
import type { ReadProgress } from '../read/row.ts'
import { FileRefused } from '../read/row.ts'
import { importMap } from './import-map.ts'
import { type ImportReport, importTable } from './import-table.ts'
import type { MapOptions, TableOptions } from './options.ts'
import type { RefusedCodeRow } from './reasons.ts'
import type { ImportOutcome } from './report-text.ts'
import { targetTable } from './targets.ts'

/** What an import depends on. */
export interface Surroundings {
  readonly shelf: Editions
  readonly progress: ReadProgress
  onRefused?(row: RefusedCodeRow): void
}

/** A completed import. */
export interface Ran {
  readonly report: ImportReport
  readonly outcome: ImportOutcome
}

/** Imports a table. @throws {FileRefused} if the files are unusable */
export async function runTable(question: TableOptions, surroundings: Surroundings): Promise<Ran> {
  const { codebook, edition } = question
  mustBeFree(surroundings.shelf, null, question)
  const build = surroundings.shelf.beginTable(codebook.id, edition)
  return await finish(question, build, () =>
    importTable({ ...question, ...surroundings, effective: edition.from }, build),
  )
}

/** Imports a map. @throws {FileRefused} if the files are unusable */
export async function runMap(question: MapOptions, surroundings: Surroundings): Promise<Ran> {
  const { codebook, edition, system, target } = question
  mustBeFree(surroundings.shelf, system, question)
  const targets = targetTable(surroundings.shelf, codebook, edition.from, target)
  const build = surroundings.shelf.beginMap(system, codebook.id, edition)
  return await finish(question, build, () =>
    importMap({ ...question, ...surroundings, targets, effective: edition.from }, build),
  )
}

type Question = Pick<TableOptions, 'codebook' | 'edition' | 'dryRun' | 'skipRejected'>

/** @throws {FileRefused} if the version or its first day is taken */
function mustBeFree(shelf: Editions, system: string | null, { codebook, edition }: Question): void {
  const book = shelf.read().books.find((one) => one.system === system && one.standard === codebook.id)
  const taken = book?.editions.find(
    ({ version, from }) => version === edition.version || from === edition.from,
  )
  if (!taken) return
  const what = system === null ? codebook.titleZh : `${system}到${codebook.titleZh}的对照表`
  const stands = `${what}已有${taken.version}版（${taken.from}起）：版本一经导入不再更改，`
  throw new FileRefused(`${stands}请另给--edition和--effective。没有写入任何内容`, {
    atDoor: `${stands}请另给version和启用日期。没有写入任何内容`,
  })
}

async function finish(
  question: Question,
  build: Build<never>,
  read: () => Promise<ImportReport>,
): Promise<Ran> {
  const began = performance.now()
  const report = await read()
  const { dryRun, skipRejected } = question
  const usable = build.rows > 0 && (report.refused === 0 || skipRejected)
  const written = usable && !dryRun
  const committed = written ? build.commit() : null
  const changes = committed?.changes ?? (usable ? build.changes() : null)
  const seconds = (performance.now() - began) / 1000
  const bytes = committed?.book.bytes ?? null
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024)
  return { report, outcome: { written, dryRun, skipRejected, changes, seconds, bytes, peakMegabytes } }
}
