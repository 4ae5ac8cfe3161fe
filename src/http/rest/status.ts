/** `GET /v1/status`: the result of a request, from the journal alone. URLs contain ids, never personal data. */
import { createRoute, type RouteConfig } from '@hono/zod-openapi'
import { shanghaiTime } from '../../domain/day.ts'
import { GatewayError, PROBLEMS, type ProblemCode } from '../../domain/problems.ts'
import { operationNamed } from '../../extension/dialect.ts'
import type { StoredExchange } from '../../journal/entry.ts'
import type { State } from '../../journal/exchange-state.ts'
import { type Caller, speaksFor } from '../../pipeline/callers.ts'
import type { Services } from '../../pipeline/context.ts'
import { GROUPS } from '../document-groups.ts'
import { REST } from './answer-format.ts'
import { problemResponses } from './problem-responses.ts'
import { check, fieldFault } from './request.ts'
import { partKey } from './send.ts'
import { Status, StatusQuery } from './settlement-schemas.ts'

/** The route in the document. */
export const statusRoute: RouteConfig = createRoute({
  method: 'get',
  path: '/v1/status',
  operationId: 'status',
  tags: [GROUPS.visit],
  summary: '查询请求的状态',
  description:
    '按Idempotency-Key（key），或按institution、transaction、message三项。门诊登记含2201、2203两条。',
  security: [{ apiKey: [] }, { bearer: [] }, {}],
  request: { query: StatusQuery },
  responses: {
    200: { description: '找到的请求', content: { 'application/json': { schema: Status } } },
    ...problemResponses([401, 403, 404, 422]),
  },
})

/** The next step, for the cashier. */
const NEXT: Readonly<Record<State, string>> = {
  open: '正在办理，请勿重复收费，稍候再查',
  unsent: '未发出，未发生费用，可用原键重发',
  unknown: '结果未知，网关正在查询，请勿重复收费，稍后再查',
  undoing: '正在冲正，请勿重复收费，稍后再查',
  accepted: '已办理',
  refused: '平台已拒绝，改正后换用新键办理',
  rejected: '网关已拒绝，未发出，改正后换用新键办理',
  reversed: '已冲正，未发生结算，可换用新键重新办理',
}

/** The next step if the platform accepted only some rows of a list. */
const PARTLY = '部分行未受理（见refusedRows），其余各行已办理；仅改正并重报未受理的行'

/**
 * Suffix of a REST key: the caller's key after a prefix of ours, long enough for the journal to find it regardless of
 * institution and operation.
 */
const keyEnd = (key: string) => `|Idempotency-Key|${key}`

/** The journal key of a REST request: by its institution, whichever system sends it. */
export function journalKey(institution: string, operation: string, key: string): string {
  return [REST, institution, operation].join('|') + keyEnd(key)
}

/** Operations that are parts of a request with two messages. */
const PARTS = ['registration', 'visit-details']

async function byKey(services: Services, caller: Caller, given: string): Promise<StoredExchange[]> {
  const key = /^"(.*)"$/.exec(given)?.[1] ?? given
  const parts = PARTS.map((name) => partKey(keyEnd(key), operationNamed(services.dialect, name)))
  const ends = [keyEnd(key), ...parts]
  const found = await Promise.all(ends.map((end) => services.journal.byKeyEnd(end)))
  return found
    .flat()
    .filter(({ exchange }) => exchange.voice === REST && speaksFor(caller, exchange.institution ?? ''))
}

async function byMessage(
  services: Services,
  caller: Caller,
  institution: string,
  transaction: string,
  message: string,
) {
  if (!speaksFor(caller, institution)) {
    throw new GatewayError('foreign-institution', 'receive', '该定点医药机构不属于调用方')
  }
  const found = await services.journal.byMessage(institution, message, transaction)
  return found ? [found] : []
}

function problemOf({ problem, reason, told }: StoredExchange) {
  if (!problem) return null
  // The wording of an archived answer is not available; its problem code is.
  const detail = told ?? (problem in PROBLEMS ? PROBLEMS[problem as ProblemCode].zh : null)
  return { type: `/problems/${problem}`, reason, detail }
}

/** Row numbers as people count, from 1. */
function refusedRowsOf({ refusedRows }: StoredExchange) {
  if (!refusedRows) return null
  return { sent: refusedRows.sent, rows: refusedRows.rows.map((row) => (row === null ? null : row + 1)) }
}

function requestOf(found: StoredExchange) {
  const { exchange, state, since, reply } = found
  const { voice, key, institution, transaction, message } = exchange
  const ours = voice === REST
  return {
    operation: ours ? (key?.split('|')[2] ?? null) : null,
    institution,
    transaction,
    messageId: message,
    state,
    since: shanghaiTime(since),
    nextStep: found.refusedRows ? PARTLY : NEXT[state],
    encounter: found.encounter,
    settlement: found.settlement,
    problem: problemOf(found),
    refusedRows: refusedRowsOf(found),
    archived: found.archived,
    answer: ours && reply ? (JSON.parse(reply.toString('utf8')) as Record<string, unknown>) : null,
  }
}

/**
 * Looks requests up. A caller sees everything sent for its institutions, by whichever system.
 *
 * @throws {GatewayError} invalid-field, foreign-institution, not-found
 */
export async function statusAnswer(
  services: Services,
  caller: Caller,
  query: Readonly<Record<string, string>>,
): Promise<{ readonly requests: readonly Record<string, unknown>[] }> {
  const { key, institution, transaction, message } = check(StatusQuery, query)
  const found = key
    ? await byKey(services, caller, key)
    : institution && transaction && message
      ? await byMessage(services, caller, institution, transaction, message)
      : null
  if (!found) {
    throw fieldFault([{ field: 'key', text: '须填写key，或institution、transaction、message三项' }])
  }
  if (found.length === 0)
    throw new GatewayError('not-found', 'receive', '没有找到该请求，或它不是经本网关发出的')
  return { requests: found.map(requestOf) }
}
