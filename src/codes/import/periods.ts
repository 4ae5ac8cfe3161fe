/**
 * What the rows of a map say of one source, day by day. Rows of other days follow each other (A1 leads to X up to the end
 * of a year, and to Y from the next on); only rows of the same days are alternatives, a combination, or a contradiction.
 */
import type { Day } from '../../domain/day.ts'
import type { MapGroup, MapRow, MapTarget, NoTarget } from '../store/rows.ts'

/** Days of a row, half-open. */
export interface Span {
  readonly from?: Day
  readonly until?: Day
}

/** What a row says of its source: a national code, or why there is none. */
export interface Statement {
  readonly name: string
  readonly span: Span
  /** Null where there is none. */
  readonly target: MapTarget | null
  /** Why there is none; `needs-review` for a target that the table lacks. */
  readonly none: NoTarget | null
  /** Group as the file has it; empty where it has none. */
  readonly group: string
  /** What the file says of several targets; null where it says nothing. */
  readonly together: boolean | null
  /** Relation, priority, group and mark as they stand in the file: two rows of one target must not differ in them. */
  readonly stated: string
}

/** Text before and after every day. */
const [BEGIN, END] = ['', '~']

const beginOf = ({ from }: Span): string => from ?? BEGIN
const endOf = ({ until }: Span): string => until ?? END

/** Whether two spans have a day in common. */
export function overlap(one: Span, other: Span): boolean {
  return beginOf(one) < endOf(other) && beginOf(other) < endOf(one)
}

/** Whether two spans are the same. */
export function isSameSpan(one: Span, other: Span): boolean {
  return one.from === other.from && one.until === other.until
}

/** The periods of a source, in order: each with what is said for all of its days. */
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

/** What the rows of one source come to. */
export interface Decided {
  readonly rows: readonly MapRow[]
  /** Whether several targets stand for one day. */
  readonly several: boolean
  /** Whether targets of one rank stand for one day and none is chosen: a bill with this code is refused. */
  readonly undecided: boolean
}

/**
 * Makes the rows of a map from what is said of one source: one row a period.
 *
 * @param several what several targets mean where the file does not say: `together` holds only for rows of the same days
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
    // Of alternatives those that the table has are enough; half of a combination is not.
    const broken = none !== null && (none !== 'needs-review' || groups.some(({ whole }) => !whole))
    const usable = groups.flatMap(({ group }) => (group.targets.length > 0 ? [group] : []))
    if (usable.flatMap(({ targets }) => targets).length > 1) manyTargets = true
    if (none !== null && (broken || usable.length === 0)) return { ...head, groups: [], noTarget: none }
    if (usable.some(isUndecided)) undecided = true
    return { ...head, groups: usable }
  })
  return { rows, several: manyTargets, undecided }
}

/** A group of one period. It is not whole where it stands together and lacks a target. */
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
