/**
 * Dry run of a coming edition: the last messages of the journal are judged with and without it, as of its effective
 * day. Nothing is sent or written.
 */
import type { Codes } from '../../codes/codes.ts'
import type { Resolved, ResolveReason } from '../../codes/outcome.ts'
import type { Day } from '../../domain/day.ts'
import type { CodeUse } from './uses.ts'

/**
 * How the result for a code differs: another national code; its map has no target any more; the national code may
 * not be used; or it becomes usable.
 */
export const EFFECTS = ['otherwise', 'untranslated', 'refused', 'accepted'] as const

/** One of `EFFECTS`. */
export type Effect = (typeof EFFECTS)[number]

/** One given code whose translation differs. */
export interface RehearsedChange {
  readonly effect: Effect
  readonly standard: string
  readonly system: string
  readonly code: string
  readonly name: string
  /** National code without the coming edition, several joined by `+`; null if there is none. */
  readonly before: string | null
  /** With it. */
  readonly after: string | null
  /** Why there is none with it. */
  readonly reason: ResolveReason | null
  readonly uses: number
  readonly messages: number
  /** Money of the lines; for diagnoses, of their visits' settlements. */
  readonly fen: number
}

/** Totals of one effect. */
export interface EffectSum {
  readonly codes: number
  readonly uses: number
  readonly fen: number
}

/** Result of a rehearsal. */
export interface Rehearsal {
  /** Codes judged, counted per occurrence. */
  readonly judged: number
  readonly sums: Readonly<Record<Effect, EffectSum>>
  /** Most money first. */
  readonly differences: readonly RehearsedChange[]
}

/** Reasons caused by the map; all others are caused by the national table. */
const OF_THE_MAP: ReadonlySet<ResolveReason> = new Set([
  ...(['not-mapped', 'several', 'not-in-national-table', 'out-of-scope', 'needs-review'] as const),
])

interface Growing {
  readonly first: CodeUse
  readonly effect: Effect
  readonly before: Resolved
  readonly after: Resolved
  uses: number
  readonly messages: Set<number>
  readonly places: Map<string, number>
}

/**
 * Runs the rehearsal.
 *
 * @param effective first day of the coming edition; later messages are judged as of their own day
 */
export function rehearse(
  uses: readonly CodeUse[],
  { current, coming }: { readonly current: Codes; readonly coming: Codes },
  effective: Day,
): Rehearsal {
  const found = new Map<string, Growing>()
  for (const use of uses) {
    const day = use.day > effective ? use.day : effective
    const before = current.resolve(use.standard, use.given, day)
    const after = coming.resolve(use.standard, use.given, day)
    const effect = effectOf(before, after)
    if (!effect) continue
    const { system, code } = use.given
    const key = JSON.stringify([effect, use.standard, system, code, codeOf(before), codeOf(after)])
    const one = found.get(key) ?? begin(use, effect, before, after)
    found.set(key, one)
    one.uses += 1
    one.messages.add(use.exchange)
    one.places.set(use.place, use.fen)
  }
  const differences = [...found.values()].map(differenceOf).sort(byMoney)
  const sums = Object.fromEntries(EFFECTS.map((effect) => [effect, sumOf(differences, effect)]))
  return { judged: uses.length, sums: sums as Rehearsal['sums'], differences }
}

const begin = (first: CodeUse, effect: Effect, before: Resolved, after: Resolved): Growing => ({
  ...{ first, effect, before, after, uses: 0 },
  messages: new Set(),
  places: new Map(),
})

function codeOf(resolved: Resolved): string | null {
  return resolved.ok ? [resolved.code, ...(resolved.also ?? [])].join('+') : null
}

function effectOf(before: Resolved, after: Resolved): Effect | null {
  if (!after.ok) {
    if (!before.ok) return null
    return OF_THE_MAP.has(after.reason) ? 'untranslated' : 'refused'
  }
  if (!before.ok) return 'accepted'
  return codeOf(before) === codeOf(after) ? null : 'otherwise'
}

/** The local code's name in the map; for a national code its own name. */
function nameOf(resolved: Resolved): string | undefined {
  return resolved.ok ? (resolved.map?.row.name ?? resolved.name) : undefined
}

function differenceOf({ first, effect, before, after, uses, messages, places }: Growing): RehearsedChange {
  const { standard, given } = first
  return {
    ...{ effect, standard, system: given.system, code: given.code },
    name: given.name ?? nameOf(after) ?? nameOf(before) ?? '',
    before: codeOf(before),
    after: codeOf(after),
    reason: after.ok ? null : after.reason,
    uses,
    messages: messages.size,
    fen: [...places.values()].reduce((sum, fen) => sum + fen, 0),
  }
}

const byMoney = (one: RehearsedChange, other: RehearsedChange) =>
  other.fen - one.fen || other.uses - one.uses || (one.code < other.code ? -1 : 1)

function sumOf(differences: readonly RehearsedChange[], effect: Effect): EffectSum {
  const own = differences.filter((one) => one.effect === effect)
  return {
    codes: own.length,
    uses: own.reduce((sum, { uses }) => sum + uses, 0),
    fen: own.reduce((sum, { fen }) => sum + fen, 0),
  }
}
