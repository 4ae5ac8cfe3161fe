/** Parses the parameters of the mapping-quality report. */
import { addDays, type Day, parseDay } from '../../domain/day.ts'
import { GatewayError } from '../../domain/problems.ts'
import type { MappingQualityQuestion } from './mapping-quality.ts'

/** The unparsed parameters. */
export interface RawMappingQualityQuestion {
  readonly institution?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly limit?: string | undefined
}

const DAYS_DEFAULT = 30
const LIMIT_DEFAULT = 50
const LIMIT_MAX = 1000

/**
 * Parses them. The default period is the thirty days up to today.
 *
 * @throws {GatewayError} invalid-report if they are invalid
 */
export function readMappingQualityQuestion(
  raw: RawMappingQualityQuestion,
  today: Day,
): MappingQualityQuestion {
  const to = raw.to === undefined ? today : readDay('to', raw.to)
  const from = raw.from === undefined ? addDays(to, 1 - DAYS_DEFAULT) : readDay('from', raw.from)
  if (from > to) throw fault('统计期起始日晚于截止日')
  const limit = raw.limit === undefined ? LIMIT_DEFAULT : Number(raw.limit)
  if (!Number.isInteger(limit) || limit < 0 || limit > LIMIT_MAX) {
    throw fault(`limit须为0至${LIMIT_MAX}的整数`)
  }
  const institution = raw.institution ?? null
  if (institution !== null && !/^[A-Z]\d{11}$/.test(institution)) {
    throw fault('institution须为定点医药机构编码，如H62010290001')
  }
  return { institution, from, to, today, limit }
}

function readDay(name: string, text: string): Day {
  try {
    return parseDay(text)
  } catch {
    throw fault(`日期（${name}）须为YYYY-MM-DD`)
  }
}

function fault(sentence: string): GatewayError {
  return new GatewayError('invalid-report', 'report', sentence)
}
