/** One page of the difference between two editions of a table, as an API client asks for it. */
import { GatewayError } from '../domain/problems.ts'
import { type ChangePage, changesBetween, editionsToCompare, UnknownEdition } from './changes.ts'
import type { Codes } from './codes.ts'

/** The query parameters, unparsed. */
export interface ChangesQuestion {
  readonly standard: string
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly after?: string | undefined
  readonly limit?: string | undefined
}

/** Head of an edition. */
interface Head {
  readonly version: string
  readonly from: string
  readonly published?: string
}

/** The page. */
export interface ChangesPage extends ChangePage {
  readonly standard: string
  readonly from: Head
  readonly to: Head
}

/** Default and maximum number of rows on a page. */
export const CHANGES_LIMIT = { usual: 1000, max: 5000 }

/** Answers a query. @throws {GatewayError} not-found, invalid-report */
export function changesPage(codes: Codes, asked: ChangesQuestion): ChangesPage {
  const { standard, from, to, after, limit } = asked
  const table = codes.table(standard)
  if (!table) throw new GatewayError('not-found', 'report', `没有编码标准“${standard.slice(0, 40)}”`)
  if (!from) throw new GatewayError('invalid-report', 'report', '须给出已有的版本（from）')
  const most = limit === undefined ? CHANGES_LIMIT.usual : Number(limit)
  if (!Number.isInteger(most) || most < 1 || most > CHANGES_LIMIT.max) {
    throw new GatewayError('invalid-report', 'report', `limit须为1至${CHANGES_LIMIT.max}的整数`)
  }
  try {
    const editions = editionsToCompare(table, from, to)
    const part = changesBetween(table, editions.from, editions.to, { after: after ?? null, limit: most })
    return { standard, from: headOf(editions.from), to: headOf(editions.to), ...part }
  } catch (error) {
    if (error instanceof UnknownEdition) throw new GatewayError('not-found', 'report', error.message)
    throw error
  }
}

function headOf({ version, from, published }: Head): Head {
  return { version, from, ...(published && { published }) }
}
