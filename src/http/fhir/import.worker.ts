/** Imports one ConceptMap; started for it and ended afterwards. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { openEditions } from '../../codes/editions/editions.ts'
import type { ImportReport } from '../../codes/import/import-table.ts'
import { REFUSALS, REMARKS, type RefusedCodeRow, type Remark } from '../../codes/import/reasons.ts'
import { targetsSentence } from '../../codes/import/report-text.ts'
import { runMap } from '../../codes/import/run.ts'
import { targetTable } from '../../codes/import/targets.ts'
import { FileRefused } from '../../codes/read/row.ts'
import { loadRegistry } from '../../extension/registry.ts'
import { importQuestion, type ReadMap, readConceptMap } from './import-map.ts'
import type { ImportAnswer, ImportOrder } from './importer.ts'
import { badRequest, FhirFault, type Issue } from './operation-outcome.ts'
import { createSystemNames } from './systems.ts'

/** Maximum refused rows in one answer. */
const ISSUES_MAX = 100

const order = workerData as ImportOrder

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw badRequest('请求体须为UTF-8编码的JSON')
  }
}

/** @throws {FhirFault} if the resource was made for another edition of the national table than it is checked against */
function mustBeFor(
  { targetVersion }: ReadMap,
  { codebook, edition, target }: ReturnType<typeof importQuestion>,
): void {
  if (targetVersion === null) return
  const { version, from } = targetTable(openEditions(order.dataDir), codebook, edition.from, target)
  if (version === targetVersion) return
  throw new FhirFault(422, {
    code: 'business-rule',
    text: `目标版本为${targetVersion.slice(0, 40)}，而${edition.from}起用的是${codebook.titleZh}${version}版（${from}起）；请按该版对照。没有写入任何内容`,
    expression: 'ConceptMap.group[0].target',
  })
}

/** Remarks on what was imported: how it was checked, and what may differ from its maker's intention. */
function remarksOf(
  { remarks, targets }: ImportReport,
  { places, status }: { places: readonly string[]; status: string | undefined },
): Issue[] {
  const told = Object.entries(remarks) as [Remark, { count: number; lines: readonly number[] }][]
  return [
    ...(targets ? [{ code: 'informational' as const, text: targetsSentence(targets) }] : []),
    ...(status === undefined
      ? []
      : [
          {
            code: 'informational' as const,
            text: `status为${status}，导出时照旧`,
            expression: 'ConceptMap.status',
          },
        ]),
    ...told.map(([remark, { count, lines }]) => ({
      code: 'informational' as const,
      text: `${REMARKS[remark]}：${count}处`,
      expression: places[lines[0]! - 1] ?? 'ConceptMap',
    })),
  ]
}

/** Text about a row, naming another row by its place, since a resource has no lines. */
function placed({ detail = '', otherLine }: RefusedCodeRow, places: readonly string[]): string {
  const place = otherLine === undefined ? undefined : places[otherLine - 1]
  return place ?? detail.slice(0, 100)
}

async function imported(): Promise<ImportAnswer> {
  const read = readConceptMap(
    order.release,
    createSystemNames(order.named),
    parsed(order.body),
    order.effective,
  )
  if (order.id !== undefined && order.id !== read.id) {
    throw badRequest(`地址中的id须为${read.id}`)
  }
  if (order.own && !order.own.has(read.system)) {
    const text = '该编码体系不属于调用方的定点医药机构，没有写入任何内容'
    throw new FhirFault(403, { code: 'forbidden', text, expression: 'ConceptMap.group[0].source' })
  }
  const { codebooks } = await loadRegistry()
  const directory = mkdtempSync(join(tmpdir(), 'zhijie-map-'))
  try {
    const file = join(directory, 'ConceptMap.csv')
    const question = importQuestion(read, codebooks, file, order.maker)
    mustBeFor(read, question)
    writeFileSync(file, read.csv, { mode: 0o600 })
    const { report, outcome } = await runMap(question, {
      shelf: openEditions(order.dataDir),
      progress: () => {},
    })
    if (outcome.written) {
      const { version, status } = read.edition
      const remarks = remarksOf(report, { places: read.places, status })
      return { taken: true, id: read.id, rows: report.taken, version, remarks }
    }
    const issues = report.refusedRows.slice(0, ISSUES_MAX).map((row): Issue => {
      const more = placed(row, read.places)
      return {
        code: 'business-rule',
        text: `“${row.code.slice(0, 60)}”${REFUSALS[row.reason]}${more && `：${more}`}`,
        expression: read.places[row.line - 1] ?? 'ConceptMap',
      }
    })
    const none: Issue = { code: 'business-rule', text: '没有一行可以接收。没有写入任何内容' }
    return { taken: false, status: 422, issues: issues.length > 0 ? issues : [none] }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function answered(): Promise<ImportAnswer> {
  try {
    return await imported()
  } catch (error) {
    if (error instanceof FhirFault) {
      return { taken: false, status: error.status as 400 | 403 | 422, issues: error.issues }
    }
    if (!(error instanceof FileRefused)) throw error
    return { taken: false, status: 422, issues: [{ code: 'business-rule', text: error.atDoor }] }
  }
}

parentPort?.postMessage(await answered())
