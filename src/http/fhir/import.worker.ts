/** Imports one ConceptMap. Started for it, then ended. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { REFUSALS } from '../../codes/import/reasons.ts'
import { runMap } from '../../codes/import/run.ts'
import { FileRefused } from '../../codes/read/row.ts'
import { openShelf } from '../../codes/shelf/shelf.ts'
import { loadRegistry } from '../../extension/registry.ts'
import { badRequest, FhirFault, type Issue } from './fault.ts'
import { questionOf, readConceptMap } from './import-map.ts'
import type { ImportAnswer, ImportOrder } from './importer.ts'
import { createSystemNames } from './systems.ts'

/** Refused rows that one answer names. */
const ISSUES_MAX = 100

const order = workerData as ImportOrder

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw badRequest('请求体须为UTF-8编码的JSON')
  }
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
  const { codebooks } = await loadRegistry()
  const directory = mkdtempSync(join(tmpdir(), 'zhijie-map-'))
  try {
    const file = join(directory, 'ConceptMap.csv')
    const question = questionOf(read, codebooks, file, order.maker)
    writeFileSync(file, read.csv, { mode: 0o600 })
    const { report, outcome } = await runMap(question, {
      shelf: openShelf(order.dataDir),
      progress: () => {},
    })
    if (outcome.written)
      return { taken: true, id: read.id, rows: report.taken, version: read.edition.version }
    const issues = report.refusedRows.slice(0, ISSUES_MAX).map(
      ({ line, code, reason, detail }): Issue => ({
        code: 'business-rule',
        text: `“${code.slice(0, 60)}”${REFUSALS[reason]}${detail ? `：${detail.slice(0, 100)}` : ''}`,
        expression: read.places[line - 1] ?? 'ConceptMap',
      }),
    )
    const none: Issue = { code: 'business-rule', text: '没有一行可以收入。没有写入任何内容' }
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
      return { taken: false, status: error.status as 400 | 422, issues: error.issues }
    }
    if (!(error instanceof FileRefused)) throw error
    return { taken: false, status: 422, issues: [{ code: 'business-rule', text: error.message }] }
  }
}

parentPort?.postMessage(await answered())
