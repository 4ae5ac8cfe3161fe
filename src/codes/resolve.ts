/** Translates one given code for a bill: one national code, or a refusal with a reason. It never guesses. */
import { type GivenCode, NATIONAL_SYSTEM } from '../domain/claim.ts'
import type { Day } from '../domain/day.ts'
import { sharesIcdCategory } from './candidates/icd-shape.ts'
import { mappedHead } from './evidence.ts'
import { covers, type LocalCodes, type LocalRow } from './local.ts'
import type { National } from './national.ts'
import type { Candidate, Found, NotFound, Resolved, ResolveReason } from './outcome.ts'
import { createResolveCache } from './resolve-cache.ts'
import type { MapGroup, MapTarget } from './store/rows.ts'
import {
  badTargetText,
  lookupText,
  noTargetText,
  notMappedText,
  severalText,
  unmatchedText,
} from './texts.ts'

/** The system of codes that need no map. */
export const NATIONAL = NATIONAL_SYSTEM

const UNKNOWN_STANDARD: NotFound = { found: false, reason: 'unknown-standard' }

const NOTHING = () => []

/** Result of a choice: the codes to use, or the first obstacle of each. */
type Choice =
  | { readonly is: 'usable'; readonly target: MapTarget; readonly found: readonly Found[] }
  | { readonly is: 'several'; readonly found: readonly Found[] }
  | { readonly is: 'none'; readonly bad: { readonly target: MapTarget; readonly answer: NotFound } | null }

/**
 * The possible ways of a group on a day, by rank: all targets together, or each by itself. Only targets whose span
 * contains the day count.
 */
export function waysOf({ together, targets }: MapGroup, day: Day): readonly (readonly MapTarget[])[] {
  const open = targets.filter((target) => covers(target, day))
  if (together) return open.length > 0 ? [open] : []
  return open.toSorted((a, b) => rankOf(a) - rankOf(b)).map((target) => [target])
}

const rankOf = ({ priority = 1 }: MapTarget) => priority

/** Creates the implementation of `Codes.resolve`. */
export function createResolve(national: National, local: LocalCodes) {
  const { lookup, candidates, nearest, titleOf } = national
  const kept = createResolveCache()

  /** Candidates take milliseconds, so they are computed only on demand. */
  function refuse(reason: ResolveReason, text: string, offered: () => readonly Candidate[]): Resolved {
    let sought: readonly Candidate[] | null = null
    return {
      ok: false,
      reason,
      text,
      get candidates() {
        sought ??= offered()
        return sought
      },
    }
  }

  function resolveNational(standard: string, { code, name }: GivenCode, day: Day): Resolved {
    const answer = lookup(standard, code, day)
    if (answer.found) return taken(answer)
    const text = lookupText(titleOf(standard, code), code, answer)
    const known = name ?? answer.entry?.name
    const sought = { code, ...(known && { name: known }) }
    return refuse(answer.reason, text, () => candidates(standard, sought, day, answer.entry?.replacedBy))
  }

  /** By name; a local code is evidence only if it has the form of the table. */
  function nearestByName(standard: string, code: string, name: string | undefined, day: Day): Candidate[] {
    if (!name) return []
    return nearest(standard, sharesIcdCategory(standard, code) ? { code, name } : { name }, day)
  }

  function resolveLocal(standard: string, { system, code, name }: GivenCode, day: Day): Resolved {
    const answer = local.find(system, national.standardsOf(standard), code, day)
    if (!answer.found) {
      const near = () => nearestByName(standard, code, name ?? answer.idle?.name, day)
      return refuse('not-mapped', unmatchedText(code, day, answer.idle), near)
    }
    const { row } = answer.found
    if (row.noTarget) return refuse(row.noTarget, noTargetText(code, row.noTarget), NOTHING)
    return follow(answer.found, code, day)
  }

  /** Follows the map row of a code: every target must itself be valid on the day. */
  function follow({ system, standard, edition, row }: LocalRow, code: string, day: Day): Resolved {
    const choice = choose(standard, row.groups, day)
    if (choice.is === 'several') {
      const offered = choice.found.map(({ code, entry }) => ({ code, name: entry.name }))
      return refuse('several', severalText(row.code), () => offered)
    }
    if (choice.is === 'none') {
      if (!choice.bad) {
        const near = () => nearestByName(standard, row.code, row.name, day)
        return refuse('not-mapped', notMappedText(row.code, day), near)
      }
      const { target, answer } = choice.bad
      const text = badTargetText(row.code, lookupText(titleOf(standard, target.code), target.code, answer))
      const sought = { code: target.code, name: row.name }
      return refuse(answer.reason, text, () => candidates(standard, sought, day, answer.entry?.replacedBy))
    }
    const [first, ...rest] = choice.found
    const { relation, provenance } = choice.target
    const used = { code: row.code, name: row.name, relation, ...(provenance && { provenance }) }
    const head = mappedHead(code, first!.code, `${system}@${edition.version}`, provenance ?? '')
    return {
      ...taken(first!),
      map: { system, version: edition.version, row: used, head },
      ...(rest.length > 0 && { also: rest.map(({ code }) => code) }),
    }
  }

  /** Result of a row with a single target, as most have: equals `choose`, but allocates no lists. */
  function chooseOnly(standard: string, target: MapTarget, day: Day): Choice {
    if (!covers(target, day)) return { is: 'none', bad: null }
    const answer = lookup(standard, target.code, day)
    return answer.found ? { is: 'usable', target, found: [answer] } : { is: 'none', bad: { target, answer } }
  }

  /** Chooses the first group with a usable way; within it, the best rank must be unique. */
  function choose(standard: string, groups: readonly MapGroup[], day: Day): Choice {
    const only = groups.length === 1 && groups[0]!.targets.length === 1 ? groups[0]!.targets[0] : null
    if (only) return chooseOnly(standard, only, day)
    let bad: { target: MapTarget; answer: NotFound } | null = null
    for (const group of groups) {
      const usable: { first: MapTarget; found: readonly Found[] }[] = []
      for (const way of waysOf(group, day)) {
        const answers = way.map((target) => ({ target, answer: lookup(standard, target.code, day) }))
        const found = answers.flatMap(({ answer }) => (answer.found ? [answer] : []))
        if (found.length === way.length) usable.push({ first: way[0]!, found })
        for (const { target, answer } of answers) if (!answer.found) bad ??= { target, answer }
      }
      const [best] = usable
      if (!best) continue
      const equal = usable.filter(({ first }) => rankOf(first) === rankOf(best.first))
      if (equal.length === 1) return { is: 'usable', target: best.first, found: best.found }
      return { is: 'several', found: equal.flatMap(({ found }) => found) }
    }
    return { is: 'none', bad }
  }

  return (standard: string, given: GivenCode, day: Day): Resolved => {
    if (national.standardsOf(standard).length === 0) {
      return refuse('unknown-standard', lookupText(standard, given.code, UNKNOWN_STANDARD), NOTHING)
    }
    if (given.system === NATIONAL) return resolveNational(standard, given, day)
    const before = kept.get(standard, given, day)
    if (before) return before
    const answer = resolveLocal(standard, given, day)
    // Not cached: a refusal offers candidates for the given name, so it differs each time.
    if (answer.ok) kept.keep(standard, given, day, answer)
    return answer
  }
}

/** Fields that a translated code takes from its lookup. */
function taken({ code, standard, edition, entry }: Found) {
  return { ok: true, code, name: entry.name, standard, edition, entry } as const
}
