/**
 * Combines the rows of one source by day. Rows for different days follow each other (A1 leads to X until the
 * end of a year and to Y afterwards); only rows for the same days are alternatives, a combination, or a
 * contradiction.
 */
import type { Day } from '../../domain/day.ts'
import type { MapGroup, MapRow, MapTarget, NoTarget } from '../store/rows.ts'

/** Days of a row, as a half-open interval. */
export interface Span {
  readonly from?: Day
  readonly until?: Day
}

/** What a row states about its source: a national code, or why there is none. */
export interface Statement {
  readonly name: string
  readonly span: Span
  /** Null if there is none. */
  readonly target: MapTarget | null
  /** Why there is none; `needs-review` if the table lacks the target. */
  readonly none: NoTarget | null
  /** Group as given in the file; empty if none. */
  readonly group: string
  /** Whether several targets apply together, as given in the file; null if not given. */
  readonly together: boolean | null
  /**
   * Relation, priority, group and mark as given in the file: they must be equal for two rows of one target.
   */
  readonly stated: string
}

/** Sort before and after every day. */
const [BEGIN, END] = ['', '~']

const beginOf = ({ from }: Span): string => from ?? BEGIN
const endOf = ({ until }: Span): string => until ?? END

/** Whether two spans overlap. */
export function overlap(one: Span, other: Span): boolean {
  return beginOf(one) < endOf(other) && beginOf(other) < endOf(one)
}

/** Whether two spans are equal. */
export function isSameSpan(one: Span, other: Span): boolean {
  return one.from === other.from && one.until === other.until
}

/** The periods of a source in order, each with the rows that hold on all of its days. */
function periodsOf(statements: readonly Statement[]): { span: Span; said: Statement[] }[] {
  const [first] = statements
  if (first && statements.every(({ span }) => isSameSpan(span, first.span))) {
    return [{ span: first.span, said: [...statements] }]
  }
  const cuts = [...new Set(statements.flatMap(({ span }) => [beginOf(span), endOf(span)]))].sort()
  return cuts.slice(1).flatMap((end, index) => {
    const begin = cuts[index]!
    const span: Span = {
      ...(begin !== BEGIN && { from: begin as Day }),
      ...(end !== END && { until: end as Day }),
    }
    const said = statements.filter((one) => beginOf(one.span) <= begin && end <= endOf(one.span))
    return said.length > 0 ? [{ span, said }] : []
  })
}

/** Result for one source. */
export interface Decided {
  readonly rows: readonly MapRow[]
  /** Whether a day has several targets. */
  readonly several: boolean
  /** Whether a day has equally ranked targets without a choice, so that a bill with this code is refused. */
  readonly undecided: boolean
}

/**
 * Builds the map rows of one source, one per period.
 *
 * @param several meaning of several targets if the file does not say; `together` applies to rows of the same
 * days only
 */
export function decide(
  code: string,
  statements: readonly Statement[],
  several: 'together' | 'one-of',
): Decided {
  let [manyTargets, undecided] = [false, false]
  const rows = periodsOf(statements).map(({ span, said }): MapRow => {
    const head = { code, name: said[0]!.name, ...span }
    const none = said.find((one) => one.none !== null)?.none ?? null
    const groups = [...Map.groupBy(said, ({ group }) => group).values()].map((members) =>
      groupOf(members, several),
    )
    // An alternative may be missing from the table; a part of a combination may not.
    const broken = none !== null && (none !== 'needs-review' || groups.some(({ whole }) => !whole))
    const usable = groups.flatMap(({ group }) => (group.targets.length > 0 ? [group] : []))
    if (usable.flatMap(({ targets }) => targets).length > 1) manyTargets = true
    if (none !== null && (broken || usable.length === 0)) return { ...head, groups: [], noTarget: none }
    if (usable.some(isUndecided)) undecided = true
    return { ...head, groups: usable }
  })
  return { rows, several: manyTargets, undecided }
}

/** A group of one period. A combination that lacks a target is incomplete. */
function groupOf(
  members: readonly Statement[],
  several: 'together' | 'one-of',
): { readonly group: MapGroup; readonly whole: boolean } {
  const targets = new Map<string, MapTarget>()
  for (const { target } of members) if (target && !targets.has(target.code)) targets.set(target.code, target)
  const lacking = members.some(({ none }) => none === 'needs-review')
  const marked = members.find((one) => one.together !== null)?.together
  const sameDays = members.every(({ span }) => isSameSpan(span, members[0]!.span))
  const together = marked ?? (several === 'together' && sameDays)
  return {
    group: { together: together && targets.size > 1, targets: [...targets.values()] },
    whole: !(together && lacking),
  }
}

function isUndecided({ together, targets }: MapGroup): boolean {
  if (together) return false
  const ranks = targets.map(({ priority = 1 }) => priority)
  return ranks.filter((rank) => rank === Math.min(...ranks)).length > 1
}
