/** `npm run codes -- mapping-quality`: how well the codes of institutions are mapped to the national standards, from the journal. */
import { parseArgs } from 'node:util'
import { argumentFault } from '../argument-fault.ts'
import { loadCodes, loadImported } from '../codes/load.ts'
import { readConfig } from '../config.ts'
import { dayOf } from '../domain/day.ts'
import { GatewayError } from '../domain/problems.ts'
import { loadRegistry } from '../extension/registry.ts'
import { systemClock } from '../ports.ts'
import { mappingQuality } from '../reports/mapping-quality/mapping-quality.ts'
import { readMappingQualityQuestion } from '../reports/mapping-quality/question.ts'
import { mappingQualityText, worklistCsv } from '../reports/mapping-quality/text.ts'
import { openDatabaseForReading } from '../store/database.ts'
import { openStores } from '../workers/stores.ts'
import { standardTitle } from './standard-title.ts'

const USAGE = `用法：
  codes mapping-quality [--institution H62010290001] [--from 2025-06-01] [--to 2025-06-30] [--limit 50] [--json|--csv]
  默认为今天及之前29天；--csv只写出待对码清单`

const OPTIONS = {
  institution: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean', default: false },
  csv: { type: 'boolean', default: false },
} as const

/** Prints the report; a gateway may be running. @returns 0 done, 2 invalid arguments */
export async function mappingQualityCommand(args: readonly string[]): Promise<number> {
  try {
    const { json, csv, ...raw } = parsed(args)
    const today = dayOf(systemClock.now())
    const question = readMappingQualityQuestion(raw, today)
    const { dataDir } = readConfig(process.env)
    const codes = loadCodes(await loadRegistry(), loadImported(dataDir))
    const { database, close } = openStores(dataDir, openDatabaseForReading)
    try {
      const report = await mappingQuality(database, codes, question)
      console.log(
        json
          ? JSON.stringify(report)
          : csv
            ? worklistCsv(report).trimEnd()
            : mappingQualityText(report, standardTitle(codes)),
      )
      return 0
    } finally {
      close()
    }
  } catch (error) {
    const sentence = error instanceof GatewayError ? error.message : noJournal(error)
    if (sentence === null) throw error
    console.error(sentence)
    return 2
  }
}

/** The message if the data directory holds no journal. */
export function noJournal(error: unknown): string | null {
  const { code } = error as { code?: string }
  return code === 'SQLITE_CANTOPEN'
    ? '数据目录中没有交易日志：网关还没有在此运行过，或ZHIJIE_DATA指向其他目录'
    : null
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values
  } catch (error) {
    throw new GatewayError('invalid-report', 'report', `${argumentFault(error)}\n${USAGE}`, {}, error)
  }
}
