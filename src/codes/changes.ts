/**
 * Difference between two editions of a table, for institutions that keep a copy and fetch only the changes.
 */
import type { CodebookEntry } from '../extension/codebook.ts'
import { liveEditions } from './calendar.ts'
import type { LiveBook } from './pack.ts'
import type { EditionHead } from './store/rows.ts'
import { entryAt } from './store/table-rows.ts'

/** How a row differs. `changed` covers everything except the name and the replacing code. */
export const CHANGES = ['added', 'closed', 'renamed', 'replaced', 'changed'] as const

/** One row that differs. */
export interface Change {
  readonly code: string
  /** In the order of `CHANGES`; a row may be both renamed and replaced. */
  readonly change: readonly (typeof CHANGES)[number][]
  /** The row before; null if it is new. */
  readonly before: CodebookEntry | null
  /** The row after; null if it was closed. A closed row still answers questions about its days. */
  readonly after: CodebookEntry | null
}

/** One page of the rows that differ. */
export interface ChangePage {
  readonly changes: readonly Change[]
  /** Cursor: the last code compared; null at the end. */
  readonly next: string | null
}

/** An edition or a cursor that does not exist. */
export class UnknownEdition extends Error {
  override readonly name = 'UnknownEdition'
}

type Live = EditionHead & { readonly place: number }

/**
 * Finds the two editions.
 *
 * @param from a version in use
 * @param to another; defaults to the latest in use
 * @throws {UnknownEdition}
 */
export function editionsToCompare(book: LiveBook, from: string, to?: string): { from: Live; to: Live } {
  const editions = liveEditions(book)
  const find = (version: string) => editions.find((edition) => edition.version === version)
  const [first, last] = [find(from), to === undefined ? editions.at(-1) : find(to)]
  if (first && last) return { from: first, to: last }
  const known = editions.map(({ version }) => version).join('、')
  throw new UnknownEdition(`没有${first ? to : from}版，现有：${known}`)
}

/** Rows compared for one page, so that a table of millions does not block other requests. */
const LOOKED_AT_MAX = 50_000

/**
 * Compares two editions in order of code.
 *
 * @param after continues behind this code
 * @param limit maximum number of rows, except that all spans of the last code stay together; a page may be
 * shorter or empty if little differs
 */
export function changesBetween(
  { book: { forward } }: LiveBook,
  from: Live,
  to: Live,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): ChangePage {
  const changes: Change[] = []
  const start = after === null ? 0 : forward.find(after)
  if (after !== null && start === 0) throw new UnknownEdition('after须为上一页的next')
  let lookedAt = 0
  let last = ''
  for (const head of forward.heads(start || 1)) {
    if (head === start) continue
    if (changes.length >= limit || lookedAt === LOOKED_AT_MAX) return { changes, next: last }
    lookedAt += 1
    last = forward.code(head)
    const [places, others] = [forward.allIn(head, from.place), forward.allIn(head, to.place)]
    // Most rows share one version between both editions and need not be read.
    if (places.length === others.length && places.every((place, span) => place === others[span])) continue
    const [old, young] = apart(
      places.map((place) => entryAt(forward, place)),
      others.map((place) => entryAt(forward, place)),
    )
    for (let span = 0; span < Math.max(old.length, young.length); span += 1) {
      const [before, now] = [old[span] ?? null, young[span] ?? null]
      const change = kindsOf(before, now)
      if (change.length > 0) changes.push({ code: last, change, before, after: now })
    }
  }
  return { changes, next: null }
}

/**
 * Rows of a code on which two editions disagree. A row that was closed and came back unchanged is not new,
 * and inserting a span before others does not make the others changed.
 */
function apart(old: readonly CodebookEntry[], young: readonly CodebookEntry[]) {
  const [before, after] = [old, young].map((entries) => new Set(entries.map((one) => JSON.stringify(one))))
  return [
    old.filter((one) => !after!.has(JSON.stringify(one))),
    young.filter((one) => !before!.has(JSON.stringify(one))),
  ] as const
}

function kindsOf(before: CodebookEntry | null, after: CodebookEntry | null): Change['change'] {
  if (!before) return ['added']
  if (!after) return ['closed']
  const renamed = before.name !== after.name
  const replaced = after.replacedBy !== undefined && before.replacedBy !== after.replacedBy
  const rest = (entry: CodebookEntry) => JSON.stringify({ ...entry, name: '', replacedBy: '' })
  const changed = rest(before) !== rest(after) || (before.replacedBy !== undefined && !after.replacedBy)
  return [
    ...(renamed ? (['renamed'] as const) : []),
    ...(replaced ? (['replaced'] as const) : []),
    ...(changed ? (['changed'] as const) : []),
  ]
}
