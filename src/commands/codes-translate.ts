/**
 * `npm run codes -- translate`: reads codes from standard input, one per line, and prints the mapping of each on a
 * day.
 */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { argumentFault } from '../argument-fault.ts'
import type { Codes } from '../codes/codes.ts'
import { loadCodes, loadImported } from '../codes/load.ts'
import type { Reversed, Translation } from '../codes/outcome.ts'
import { readConfig } from '../config.ts'
import { type Day, dayOf, parseDay } from '../domain/day.ts'
import { loadRegistry } from '../extension/registry.ts'
import { systemClock } from '../ports.ts'

const USAGE = `用法：
  codes translate --standard diagnosis --system beijing-7.0 [--day 2025-06-01] [--reverse] [--in-use] [--json] < 编码.txt
  每行一个编码；--system national 查国家编码，--reverse 由国家编码查院内编码，--in-use 只用已发布的版本（网关所用），否则也用尚待审核、公示的版本`

const OPTIONS = {
  standard: { type: 'string' },
  system: { type: 'string' },
  day: { type: 'string' },
  reverse: { type: 'boolean', default: false },
  'in-use': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

/** Parameters for all codes. */
interface Question {
  readonly standard: string
  readonly system: string
  readonly day: Day
  readonly reverse: boolean
  /** Whether to use only published editions; otherwise those awaiting a second person too. */
  readonly inUse: boolean
  readonly json: boolean
}

/** Output is written in chunks of this size. */
const PIECE = 1 << 16

/** Translates standard input. @returns 0 done, 2 invalid arguments */
export async function translateCodes(args: readonly string[]): Promise<number> {
  try {
    const question = questionOf(args)
    const codes = await codesFor(question)
    await answerAll(codes, question)
    return 0
  } catch (error) {
    const sentence = error instanceof RangeError ? error.message : argumentFault(error)
    if (sentence === null) throw error
    console.error(sentence)
    console.error(USAGE)
    return 2
  }
}

function questionOf(args: readonly string[]): Question {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  const { standard, system, day, reverse, json, 'in-use': inUse } = values
  if (!standard || !system) throw new RangeError('缺少--standard或--system')
  return { standard, system, day: day ? dayGiven(day) : dayOf(systemClock.now()), reverse, inUse, json }
}

function dayGiven(text: string): Day {
  try {
    return parseDay(text)
  } catch (error) {
    throw new RangeError(`--day须为存在的日期YYYY-MM-DD：${text}`, { cause: error })
  }
}

/** The tables needed. @throws {RangeError} if standard or system is unknown */
async function codesFor({ standard, system, day, inUse }: Question): Promise<Codes> {
  const { dataDir } = readConfig(process.env)
  const wanted = (book: { standard: string }) => standard === 'item' || book.standard === standard
  const every = (book: { editions: readonly unknown[] }) => book.editions.map((_, place) => place)
  const imported = loadImported(dataDir, wanted, inUse ? undefined : every)
  const codes = loadCodes(await loadRegistry(), imported)
  const { reason } = codes.translate(system, standard, '', day)
  if (reason === 'unknown-standard') {
    const known = codes.codebooks().map(({ id }) => id)
    throw new RangeError(`没有编码标准“${standard}”，现有：${known.join('、')}、item`)
  }
  if (reason === 'unknown-system') {
    throw new RangeError(`没有从“${system}”到“${standard}”的对照表；codes list 可查现有版本`)
  }
  return codes
}

async function answerAll(codes: Codes, { standard, system, day, reverse, json }: Question): Promise<void> {
  const ask = reverse ? codes.reverse : codes.translate
  let piece = ''
  const flush = async () => {
    if (!process.stdout.write(piece)) await once(process.stdout, 'drain')
    piece = ''
  }
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    const code = line.trim()
    if (code === '') continue
    const answer = ask(system, standard, code, day)
    piece += `${json ? JSON.stringify(answer) : sentenceOf(answer)}\n`
    if (piece.length > PIECE) await flush()
  }
  await flush()
}

const RELATIONS = { equivalent: '等同', narrower: '窄于', broader: '宽于', related: '相关' } as const

const REASONS: Readonly<Record<string, string>> = {
  'not-mapped': '没有院内编码与之对应',
  'before-first-edition': '对照表当日尚未启用',
}

function sentenceOf({ code, targets, ...answer }: Translation | Reversed): string {
  if (targets.length === 0) {
    const text = 'text' in answer ? answer.text : undefined
    return `${code}\t${text ?? REASONS[answer.reason ?? ''] ?? answer.reason}`
  }
  const told = targets.map(
    (target) =>
      `${target.code} ${target.name}（${RELATIONS[target.relation]}，${target.edition}版${target.together ? '，须同时使用' : ''}）`,
  )
  return `${code}\t${told.join('；')}`
}
