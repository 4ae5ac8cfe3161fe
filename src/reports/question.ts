/** Reads what a person or a program asks of the settlement rate. */
import { type Area, hasAreaShape } from '../domain/area.ts'
import { addDays, type Day, parseDay } from '../domain/day.ts'
import { GatewayError } from '../domain/problems.ts'
import { BASES, type RateQuestion, SCOPES } from './settlement-rate.ts'

/** The unparsed parameters. `scope` and `basis` are optional. */
export interface RawQuestion {
  readonly area?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly asOf?: string | undefined
  readonly scope?: string | undefined
  readonly basis?: string | undefined
}

/** Context for checking the parameters. */
export interface QuestionContext {
  isKnownArea(code: string): boolean
  /** Today in Shanghai. */
  readonly today: Day
}

/** Checked parameters. */
export interface RateQuestions {
  /** One query per open choice: scopes in the order cross, intra, all; within each, broad before narrow. */
  readonly questions: readonly RateQuestion[]
  /** Whether scope and basis were both given, so that the answer is one figure instead of a list. */
  readonly single: boolean
}

/** Checks the parameters. @throws {GatewayError} `invalid-report` if they are invalid */
export function readRateQuestion(raw: RawQuestion, context: QuestionContext): RateQuestions {
  return {
    questions: readQuestions(raw, context),
    single: raw.scope !== undefined && raw.basis !== undefined,
  }
}

function readQuestions(raw: RawQuestion, context: QuestionContext): RateQuestion[] {
  const area = readArea(raw.area, (code) => context.isKnownArea(code))
  const from = readReportDay('from', raw.from, (month) => parseDay(`${month}-01`))
  const to = readReportDay('to', raw.to, lastDayOf)
  const asOf = raw.asOf === undefined ? context.today : readReportDay('asOf', raw.asOf, lastDayOf)
  if (from > to) throw fault('统计期起始日晚于截止日')
  const scopes = readChoice('scope', raw.scope, SCOPES)
  const bases = readChoice('basis', raw.basis, BASES)
  return scopes.flatMap((scope) => bases.map((basis) => ({ area, from, to, asOf, scope, basis })))
}

/** @throws {GatewayError} where it is missing, or no area */
export function readArea(text: string | undefined, isKnownArea: (code: string) => boolean): Area {
  if (!text) throw fault('缺少参保地区划（area）')
  if (!hasAreaShape(text)) throw fault('参保地区划（area）不是医保区划代码')
  if (!isKnownArea(text)) throw fault(`参保地区划（area）${text}不存在`)
  return text as Area
}

/** @param ofMonth the day that stands for a month. @throws {GatewayError} where it is missing, or no day */
export function readReportDay(name: string, text: string | undefined, ofMonth: (month: string) => Day): Day {
  if (!text) throw fault(`缺少日期（${name}）`)
  try {
    return /^\d{4}-\d{2}$/.test(text) ? ofMonth(text) : parseDay(text)
  } catch {
    throw fault(`日期（${name}）须为YYYY-MM-DD或YYYY-MM`)
  }
}

/** `2025-02` → `2025-02-28`. */
export function lastDayOf(month: string): Day {
  const first = parseDay(`${month}-01`)
  return addDays(`${addDays(first, 31).slice(0, 7)}-01` as Day, -1)
}

/** What was chosen of some words; all of them where it was left open. @throws {GatewayError} */
export function readChoice<Choice extends string>(
  name: string,
  text: string | undefined,
  choices: readonly Choice[],
): readonly Choice[] {
  if (text === undefined) return choices
  const chosen = choices.filter((choice) => choice === text)
  if (chosen.length === 0) throw fault(`${name}须为${choices.join('、')}之一`)
  return chosen
}

function fault(sentence: string): GatewayError {
  return new GatewayError('invalid-report', 'report', sentence)
}
