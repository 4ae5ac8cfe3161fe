/** Faults of a codebook or map as data. The loader checks at startup and stops on any fault. */
import type { Day } from '../domain/day.ts'
import type { Codebook, CodebookEdition, CodebookEntry, CodeMap } from '../extension/codebook.ts'
import { splitCode } from './table.ts'

interface Dated {
  readonly code: string
  readonly from?: Day
  readonly until?: Day
}

/** Codes that occur more than once. */
function duplicates(codes: readonly string[]): string[] {
  const seen = new Set<string>()
  return codes.filter((code) => seen.size === seen.add(code).size)
}

/** Codes that occur twice on one day. Rows for consecutive periods are a succession and no fault. */
function twiceOnADay(rows: readonly Dated[]): string[] {
  const twice: string[] = []
  for (const [code, spans] of Map.groupBy(rows, (row) => row.code)) {
    if (spans.length === 1) continue
    const inOrder = spans.toSorted((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1))
    const meets = inOrder.some(({ from }, index) => {
      const { until } = inOrder[index - 1] ?? {}
      return index > 0 && (until === undefined || from === undefined || from < until)
    })
    if (meets) twice.push(code)
  }
  return twice
}

/** Versions that reuse a name, or whose first day is not after the previous one's. */
function disorder(editions: readonly { version: string; from: Day }[]): string[] {
  const late = editions.filter(({ from }, index) => index > 0 && from <= editions[index - 1]!.from)
  const twice = duplicates(editions.map(({ version }) => version))
  return [
    ...(editions.length === 0 ? ['has no edition'] : []),
    ...late.map(({ version }) => `edition ${version} does not begin after the one before it`),
    ...twice.map((version) => `two editions are called ${version}`),
  ]
}

const emptySpan = ({ from, until }: Dated) => from !== undefined && until !== undefined && from >= until

function entryFaults(codebook: Codebook, entry: CodebookEntry, known: ReadonlySet<string>): string[] {
  const { code, name, replacedBy } = entry
  return [
    ...(code === '' || (codebook.shape && !codebook.shape.test(code)) ? [`"${code}" has not the shape`] : []),
    ...(name === '' ? [`"${code}" has no name`] : []),
    ...(emptySpan(entry) ? [`"${code}" ends before it begins`] : []),
    ...(replacedBy && !known.has(replacedBy) ? [`"${code}" is replaced by the unknown "${replacedBy}"`] : []),
  ]
}

/**
 * Faults of a codebook: rows of the wrong pattern or without a name, duplicate codes in an edition, editions
 * out of order, unknown replacements, regular expressions that are unanchored or stateful.
 *
 * @returns one English sentence each; empty if there are none
 */
export function codebookFaults(codebook: Codebook): string[] {
  const known = codesOf(codebook)
  const faultsOf = (edition: CodebookEdition) => [
    ...twiceOnADay(edition.entries).map((code) => `"${code}" stands twice`),
    ...edition.entries.flatMap((entry) => entryFaults(codebook, entry, known)),
  ]
  const faults = [
    ...[codebook.shape, codebook.suffix].flatMap(expressionFaults),
    ...disorder(codebook.editions),
    ...codebook.editions.flatMap((edition) => faultsOf(edition).map((text) => `${edition.version}: ${text}`)),
  ]
  return faults.map((text) => `${codebook.id} ${text}`)
}

/** A regular expression with `g` or `y` keeps its last index; one without anchors matches substrings. */
function expressionFaults(expression: RegExp | null | undefined): string[] {
  if (!expression) return []
  const { source, global, sticky } = expression
  const whole = source.startsWith('^') && source.endsWith('$')
  return [
    ...(global || sticky ? [`has an expression that keeps state: ${expression}`] : []),
    ...(whole ? [] : [`has an expression that is not anchored: ${expression}`]),
  ]
}

/** Codes of all editions: a target may have expired, but must have existed once. */
function codesOf(codebook: Codebook): Set<string> {
  return new Set(codebook.editions.flatMap(({ entries }) => entries.map(({ code }) => code)))
}

/**
 * Faults of maps: unknown standards or targets, rows without target, duplicate codes in an edition, editions
 * out of order, two maps from one system to one standard.
 *
 * @param maps all loaded maps; the national codes are collected once for all of them
 * @param codebooks all loaded codebooks
 * @returns one English sentence each; empty if there are none
 */
export function mapFaults(maps: readonly CodeMap[], codebooks: readonly Codebook[]): string[] {
  const books = new Map(codebooks.map((book) => [book.id, { book, known: codesOf(book) }]))
  const titles = maps.map(({ system, standard }) => `map ${system} → ${standard}`)
  const twice = duplicates(titles).map((title) => `${title} stands twice`)
  const each = maps.flatMap((map, index) => {
    const target = books.get(map.standard)
    if (!target) return [`${titles[index]}: unknown standard`]
    const rows = map.editions.flatMap((edition) =>
      rowFaults(edition.rows, target).map((text) => `${edition.version}: ${text}`),
    )
    return [...disorder(map.editions), ...rows].map((text) => `${titles[index]}: ${text}`)
  })
  return [...twice, ...each]
}

function rowFaults(
  rows: CodeMap['editions'][number]['rows'],
  { book, known }: { book: Codebook; known: ReadonlySet<string> },
): string[] {
  const isKnown = (target: string) => known.has(splitCode(book, target)?.base ?? '')
  const faults = rows.flatMap((row) => [
    ...(row.targets.length === 0 ? [`"${row.code}" has no target`] : []),
    ...(emptySpan(row) ? [`"${row.code}" ends before it begins`] : []),
    ...row.targets.filter((target) => !isKnown(target)).map((target) => `unknown target "${target}"`),
  ])
  return [...twiceOnADay(rows).map((code) => `"${code}" stands twice`), ...faults]
}
