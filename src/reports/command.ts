/** The reports on the command line: `settlement-rate` and `import`. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { SingleBar } from 'cli-progress'
import { argumentFault } from '../argument-fault.ts'
import type { Day } from '../domain/day.ts'
import { GatewayError } from '../domain/problems.ts'
import type { Database } from '../store/database.ts'
import { answerRate } from './figures/ask-rate.ts'
import { openBroughtAlong } from './figures/fold.ts'
import { type ImportResult, importStays } from './import.ts'
import { readRateQuestion } from './question.ts'
import { rateTable } from './rate-table.ts'
import type { StayNumbers } from './stay-numbers.ts'

/** Dependencies of the command. */
export interface ReportCommandContext {
  readonly database: Database
  isKnownArea(code: string): boolean
  pseudonym(text: string): string
  readonly today: Day
  readonly stays: StayNumbers
  out(text: string): void
  err(text: string): void
}

const USAGE = `用法：
  report settlement-rate --area 621025 --from 2025-01-01 --to 2025-03-31 [--as-of 2025-04-05]
                         [--scope cross|intra|all] [--basis broad|narrow] [--json]
  report import 文件.csv [--json]`

const REFUSED_SHOWN_MAX = 50
const EXIT = { done: 0, refusedRows: 1, wrongQuestion: 2 } as const

const RATE_OPTIONS = {
  area: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  'as-of': { type: 'string' },
  scope: { type: 'string' },
  basis: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/**
 * Runs one report.
 *
 * @param args arguments after `report`: `['settlement-rate', '--area', '621025', …]`
 * @returns exit code: 0 done, 1 imported with refused rows, 2 invalid arguments or file
 */
export async function reportCommand(args: readonly string[], context: ReportCommandContext): Promise<number> {
  const [name, ...rest] = args
  try {
    if (name === 'settlement-rate') return settlementRateCommand(rest, context)
    if (name === 'import') return await importCommand(rest, context)
    context.err(USAGE)
    return EXIT.wrongQuestion
  } catch (error) {
    const sentence = sentenceOf(error)
    if (sentence === null) throw error
    context.err(sentence)
    return EXIT.wrongQuestion
  }
}

function settlementRateCommand(args: readonly string[], context: ReportCommandContext): number {
  const { values } = parse(args, RATE_OPTIONS, false)
  const { json, 'as-of': asOf, ...raw } = values
  const question = readRateQuestion({ ...raw, asOf }, context)
  const figures = openBroughtAlong(context.database, context.stays)
  const answer = answerRate(figures, question)
  figures.$client.close()
  context.out(json ? JSON.stringify(answer) : rateTable([answer].flat()))
  return EXIT.done
}

async function importCommand(args: readonly string[], context: ReportCommandContext): Promise<number> {
  const { values, positionals } = parse(args, { json: RATE_OPTIONS.json }, true)
  const file = positionals[0]
  if (file === undefined || positionals.length > 1) {
    throw new GatewayError('invalid-report', 'report', '须给出一个CSV文件')
  }
  const { size } = await stat(file)
  const result = await importStays(context.database, readWithProgress(file, size, values.json), context)
  if (values.json) context.out(JSON.stringify(result))
  else showImport(result, context)
  return result.refusedTotal > 0 ? EXIT.refusedRows : EXIT.done
}

function parse<Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
  allowPositionals: boolean,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals, strict: true })
  } catch (error) {
    throw new GatewayError('invalid-report', 'report', `${argumentFault(error)}\n${USAGE}`, {}, error)
  }
}

function showImport(
  { accepted, duplicates, refused, refusedTotal }: ImportResult,
  { out, err }: ReportCommandContext,
): void {
  out(`新增${accepted}行，已有${duplicates}行，拒收${refusedTotal}行`)
  for (const { line, reason } of refused.slice(0, REFUSED_SHOWN_MAX)) err(`第${line}行：${reason}`)
  const seen = refusedTotal > refused.length ? `前${refused.length}行` : ''
  if (refusedTotal > REFUSED_SHOWN_MAX)
    err(`其余${refusedTotal - REFUSED_SHOWN_MAX}行未列出，可用--json查看${seen}`)
}

/** Reads a file; shows progress on a terminal. */
function readWithProgress(file: string, size: number, quiet: boolean): Readable {
  const stream = createReadStream(file)
  if (quiet || !process.stderr.isTTY) return stream
  const bar = new SingleBar({
    stream: process.stderr,
    format: '读取 [{bar}] {percentage}%',
    clearOnComplete: true,
  })
  bar.start(size, 0)
  stream.on('close', () => bar.stop())
  return Readable.from(
    (async function* () {
      for await (const chunk of stream) {
        bar.increment(chunk.length)
        yield chunk
      }
    })(),
    { objectMode: false },
  )
}

/** The message for a person, or null for an internal fault. */
function sentenceOf(error: unknown): string | null {
  if (error instanceof GatewayError) return error.message
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return '文件不存在'
  return code === 'EACCES' || code === 'EISDIR' ? '文件无法读取' : null
}
