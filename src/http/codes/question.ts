/** Checks a query about codes: its standard, system and day must exist. */
import { z } from '@hono/zod-openapi'
import { liveEditions } from '../../codes/calendar.ts'
import type { Codes } from '../../codes/codes.ts'
import type { CodebookHead } from '../../codes/outcome.ts'
import { NATIONAL } from '../../codes/resolve.ts'
import type { EditionHead } from '../../codes/store/rows.ts'
import { type Day, parseDay } from '../../domain/day.ts'
import { GatewayError } from '../../domain/problems.ts'

/** Any standard that a fee line may carry. */
const ITEM = 'item'

/** A day in a request. */
export const dayField = z.string().transform((text, context): Day => {
  try {
    return parseDay(text)
  } catch {
    context.addIssue({ code: 'custom', message: '须为存在的日期YYYY-MM-DD' })
    return z.NEVER
  }
})

/** The edition that is in force on a day. */
export function editionInForce<Edition extends EditionHead>(
  editions: readonly Edition[],
  day: Day,
): Edition | undefined {
  return editions.findLast(({ from }) => from <= day)
}

/** @throws {GatewayError} unknown-standard, listing the known ones */
export function requireBook(codes: Codes, standard: string): CodebookHead {
  const book = codes.book(standard)
  if (book) return book
  const standards = codes.codebooks().map(({ id }) => id)
  throw new GatewayError('unknown-standard', 'translate', `没有该编码标准，现有：${standards.join('、')}`, {
    standards,
  })
}

/** Editions that answer a query about a system and a standard: those of the maps, or of the table itself. */
function editionsFor(codes: Codes, standard: string, system: string): readonly (readonly EditionHead[])[] {
  const isAsked = (id: string) => (standard === ITEM ? codes.isItem(id) : id === standard)
  if (system === NATIONAL) {
    return codes
      .codebooks()
      .filter(({ id }) => isAsked(id))
      .map(({ editions }) => editions)
  }
  return codes
    .maps()
    .filter(({ book }) => book.system === system && isAsked(book.standard))
    .map(liveEditions)
}

/**
 * Checks that a query can be answered; an unusable code is an answer, not an error.
 *
 * @throws {GatewayError} unknown-standard, unknown-code-system, before-first-edition with the first day
 */
export function requireAnswerable(codes: Codes, standard: string, system: string, day: Day): void {
  if (standard !== ITEM) requireBook(codes, standard)
  const editions = editionsFor(codes, standard, system)
  if (editions.length === 0) {
    throw new GatewayError('unknown-code-system', 'translate', '未找到该编码体系到该标准的对照表')
  }
  if (editions.some((one) => editionInForce(one, day))) return
  const [firstDay] = editions.flatMap(([first]) => (first ? [first.from] : [])).sort()
  throw new GatewayError('before-first-edition', 'translate', `${day}尚无版本启用，最早自${firstDay}起`, {
    firstDay,
  })
}
