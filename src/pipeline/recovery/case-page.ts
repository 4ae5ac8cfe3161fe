/** Open cases a page at a time, from the columns of the index: no record of the journal is read for them. */
import { GatewayError } from '../../domain/problems.ts'
import { partsOf, type Store } from '../../store/parts.ts'
import { type CaseRow, countCases, readCases } from '../../store/queries/open-cases.ts'

/** Which cases are asked for. */
export interface CasePage {
  /** How many at most. */
  readonly limit: number
  /** After this case: the worker that has it, and its exchange. Null from the first. */
  readonly after: { readonly worker: number; readonly exchange: number } | null
}

/** The cases of one worker that are on a page. */
export interface CaseRows {
  /** How many cases there are in all. */
  readonly total: number
  readonly rows: readonly CaseRow[]
  /** Whether there are more after these. */
  readonly more: boolean
}

/** Cases on a page, where nothing else is asked, and at most. */
const LIMIT = { usual: 100, max: 1000 }

/**
 * Reads what is asked.
 *
 * @param limit `"100"`
 * @param after `"1-4711"`, as a page gives it in `next`
 * @throws {GatewayError} invalid-field
 */
export function readCasePage(limit: string | undefined, after: string | undefined): CasePage {
  const count = limit === undefined ? LIMIT.usual : Number(/^\d{1,4}$/.exec(limit)?.[0] ?? 0)
  if (count < 1 || count > LIMIT.max) throw invalid('limit', `limit须为1至${LIMIT.max}的整数`)
  const place = after === undefined ? null : /^(\d{1,3})-(\d{1,15})$/.exec(after)
  if (after !== undefined && !place) throw invalid('after', 'after须为上一页给出的next')
  return { limit: count, after: place && { worker: Number(place[1]), exchange: Number(place[2]) } }
}

/** Where the next page begins: after this case. */
export function cursorOf(worker: number, exchange: number): string {
  return `${worker}-${exchange}`
}

function invalid(field: string, sentence: string): GatewayError {
  return new GatewayError('invalid-field', 'receive', sentence, { fields: [{ field }] })
}

/**
 * Reads the cases of one worker. Pages go from worker to worker: one that comes before the place asked for has none on it.
 *
 * @param worker its number, from 1
 * @param institutions whose cases are shown and counted; null for all
 */
export function readCaseRows(
  store: Store,
  worker: number,
  { limit, after }: CasePage,
  institutions: readonly string[] | null = null,
): CaseRows {
  const { $client: client } = partsOf(store)[worker - 1]!
  const total = countCases(client, institutions)
  if (after && after.worker > worker) return { total, rows: [], more: false }
  const from = after?.worker === worker ? after.exchange : 0
  const rows = readCases(client, institutions, from, limit + 1)
  return { total, rows: rows.slice(0, limit), more: rows.length > limit }
}
