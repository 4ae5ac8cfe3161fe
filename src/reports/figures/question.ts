/** Reads what is asked of the figures. */
import { type Area, hasAreaShape, prefixOf } from '../../domain/area.ts'
import { type Day, parseDay } from '../../domain/day.ts'
import { GatewayError } from '../../domain/problems.ts'
import { LISTED_STATES } from '../../store/queries/figures/pages.ts'
import { GROUPINGS, type Grouping, type StaysAsked, VIEWS } from '../../store/queries/figures/sums.ts'
import {
  lastDayOf,
  type QuestionContext,
  type RawQuestion,
  readArea,
  readChoice,
  readReportDay,
} from '../question.ts'
import { SCOPES, type Scope } from '../settlement-rate.ts'
import { CATEGORY_NAMES } from './reasons.ts'

/** The question as it was typed. */
export interface RawFigures extends Omit<RawQuestion, 'basis'> {
  readonly view?: string | undefined
  readonly by?: string | undefined
  readonly institution?: string | undefined
  readonly state?: string | undefined
  readonly category?: string | undefined
  readonly after?: string | undefined
  readonly limit?: string | undefined
}

/** A question that was checked. */
export interface FiguresQuestion extends StaysAsked {
  /** Null for all areas. */
  readonly area: Area | null
  readonly from: Day
  readonly to: Day
  readonly asOf: Day
  readonly scope: Scope
  readonly by: Grouping
  readonly state: string | null
  readonly category: string | null
  readonly after: string | null
  readonly limit: number
}

const LIMIT = 50
const LIMIT_MAX = 500

/** @throws {GatewayError} `invalid-report` where it is wrong */
export function readFiguresQuestion(raw: RawFigures, context: QuestionContext): FiguresQuestion {
  const area = raw.area === undefined ? null : readArea(raw.area, (code) => context.isKnownArea(code))
  const from = readReportDay('from', raw.from, (month) => parseDay(`${month}-01`))
  const to = readReportDay('to', raw.to, lastDayOf)
  const asOf = raw.asOf === undefined ? context.today : readReportDay('asOf', raw.asOf, lastDayOf)
  if (from > to) throw wrong('统计期起始日晚于截止日')
  return {
    ...{ area, prefix: area ? prefixOf(area) : '', from, to, asOf },
    view: readChoice('view', raw.view, VIEWS)[0]!,
    institution: raw.institution ?? null,
    scope: raw.scope === undefined ? 'all' : readChoice('scope', raw.scope, SCOPES)[0]!,
    by: readChoice('by', raw.by, GROUPINGS)[0]!,
    state: raw.state === undefined ? null : readChoice('state', raw.state, LISTED_STATES)[0]!,
    category: raw.category === undefined ? null : readChoice('category', raw.category, CATEGORY_NAMES)[0]!,
    after: raw.after ?? null,
    limit: readLimit(raw.limit),
  }
}

/** A stay whose messages are asked for. */
export interface StayMessagesQuestion {
  readonly institution: string
  readonly stay: string
  readonly platform: string
  readonly after: number
  readonly limit: number
}

/** @throws {GatewayError} `invalid-report` where it is wrong */
export function readStayMessagesQuestion(
  raw: Pick<RawFigures, 'institution' | 'after' | 'limit'> & {
    readonly stay?: string | undefined
    readonly insured?: string | undefined
  },
): StayMessagesQuestion {
  const { institution, stay, insured, after = '0' } = raw
  if (!institution || !stay || !insured) throw wrong('须给出institution、stay、insured')
  if (!hasAreaShape(insured)) throw wrong('insured须为六位医保区划代码')
  if (!/^\d{1,15}$/.test(after)) throw wrong('after须为上一页的next')
  return {
    institution,
    stay,
    platform: insured.slice(0, 2),
    after: Number(after),
    limit: readLimit(raw.limit),
  }
}

function readLimit(text: string | undefined): number {
  const limit = text === undefined ? LIMIT : Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMIT_MAX) return limit
  throw wrong(`limit须为1至${LIMIT_MAX}的整数`)
}

function wrong(sentence: string): GatewayError {
  return new GatewayError('invalid-report', 'report', sentence)
}
