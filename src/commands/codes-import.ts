/** `npm run codes -- import` and `import-map`: imports tables and maps from files. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { userInfo } from 'node:os'
import { openEditions } from '../codes/editions/editions.ts'
import { type Asking, mapOptions, type TableOptions, tableOptions } from '../codes/import/options.ts'
import { importSentences, REJECTED_HEAD, rejectedCells } from '../codes/import/report-text.ts'
import { type Ran, runMap, runTable, type Surroundings } from '../codes/import/run.ts'
import { FileRefused } from '../codes/read/row.ts'
import { readConfig } from '../config.ts'
import { csvHead, csvRows } from '../csv.ts'
import { loadRegistry } from '../extension/registry.ts'
import { progressBar } from './verify.ts'

const EXIT = { done: 0, notWritten: 1, wrongQuestion: 2 } as const

/**
 * Imports a national table. @returns 0 imported or checked, 1 rows were refused and nothing written, 2 invalid
 * arguments
 */
export async function importTableCommand(args: readonly string[]): Promise<number> {
  return await run((asking) => tableOptions(args, asking), runTable)
}

/** Imports a map. @returns as for a table */
export async function importMapCommand(args: readonly string[]): Promise<number> {
  return await run((asking) => mapOptions(args, asking), runMap)
}

/** The user of the machine; a container may have none. */
function personHere(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}

type Common = Pick<TableOptions, 'files' | 'json' | 'rejectedFile' | 'dryRun'>

async function run<Question extends Common>(
  ask: (asking: Asking) => Question,
  execute: (question: Question, surroundings: Surroundings) => Promise<Ran>,
): Promise<number> {
  const { dataDir } = readConfig(process.env)
  const { codebooks } = await loadRegistry()
  const bar = progressBar('已读取{value}/{total}字节')
  try {
    const question = ask({ codebooks, person: personHere() })
    const rejected = rejectedList(question)
    try {
      const ran = await execute(question, {
        shelf: openEditions(dataDir),
        progress: bar.update,
        onRefused: rejected.add,
      })
      bar.stop()
      tell(ran, question.json)
      return ran.outcome.written || (question.dryRun && ran.outcome.changes !== null)
        ? EXIT.done
        : EXIT.notWritten
    } finally {
      rejected.close()
    }
  } catch (error) {
    bar.stop()
    const sentence = sentenceOf(error)
    if (sentence === null) throw error
    console.error(sentence)
    return EXIT.wrongQuestion
  }
}

function tell({ report, outcome }: Ran, json: boolean): void {
  if (json) {
    console.log(JSON.stringify({ ...outcome, ...report }))
    return
  }
  const { out, err } = importSentences(report, outcome)
  for (const line of err) console.error(line)
  for (const line of out) console.log(line)
}

/** The list of refused rows; a byte order mark lets Excel recognise UTF-8. */
function rejectedList({ rejectedFile, files }: Common) {
  if (rejectedFile === null) return { add: () => {}, close: () => {} }
  const handle = openSync(rejectedFile, 'wx')
  writeSync(handle, csvHead(REJECTED_HEAD, 'unix'))
  return {
    add: (row: Parameters<typeof rejectedCells>[0]) =>
      writeSync(handle, csvRows([rejectedCells(row, files)], 'unix')),
    close: () => closeSync(handle),
  }
}

/** The message for a person, or null for an internal fault. */
function sentenceOf(error: unknown): string | null {
  if (error instanceof FileRefused) return error.message
  const { code, path = '' } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return `文件不存在：${path}`
  if (code === 'EEXIST') return `文件已存在，不会覆盖：${path}`
  return code === 'EACCES' || code === 'EISDIR' ? `文件无法读写：${path}` : null
}
