/** What each visit of a run is, drawn before it is played: the same seed and people give the same visits. */

import { type Draw, pick, seededRandom } from '../../src/seeded-random.ts'
import { HOSPITALS, type Hospital } from '../messages.ts'
import type { Insured } from '../parties.ts'
import type { Kind, Profile } from './profiles.ts'
import { pickWeighted } from './random.ts'
import { arrivalsOf } from './shape.ts'

/** A visit before it is played. */
export interface PlannedVisit {
  readonly number: number
  /** Milliseconds from the start. */
  readonly dueMs: number
  readonly kind: Kind
  readonly person: Insured
  readonly hospital: Hospital
  /** As the gateway names it: `national/440000`, or the province of treatment. */
  readonly destination: string
  /** Amounts of the bill's lines, in fen. */
  readonly lines: readonly number[]
  /** Pause before the settlement. */
  readonly pauseMs: number
  readonly isCancelled: boolean
  readonly isSettledAnew: boolean
}

interface Pair {
  readonly person: Insured
  readonly hospital: Hospital
}

/** Who may go where, by insured province: inside it, and across where a filing leads. */
export interface Pairs {
  readonly [province: string]: { readonly inside: readonly Pair[]; readonly across: readonly Pair[] }
}

const provinceOf = (area: string) => `${area.slice(0, 2)}0000`

function isFiled({ filings }: Insured, { area }: Hospital, day: string): boolean {
  return (filings ?? []).some(
    ({ destination, from, until }) =>
      destination.slice(0, 4) === area.slice(0, 4) && from <= day && (until === null || day <= until),
  )
}

/**
 * Pairs of an insured person and a hospital that takes the person.
 *
 * @param day today, `2026-01-31`
 */
export function pairsOf(people: readonly Insured[], day: string): Pairs {
  const pairs: Record<string, { inside: Pair[]; across: Pair[] }> = {}
  for (const person of people) {
    const home = person.insurance[0]
    if (home?.psn_insu_stas !== '1' || person.credentials.length === 0) continue
    const province = provinceOf(home.insuplc_admdvs)
    pairs[province] ??= { inside: [], across: [] }
    for (const hospital of HOSPITALS) {
      if (provinceOf(hospital.area) === province) pairs[province].inside.push({ person, hospital })
      else if (isFiled(person, hospital, day)) pairs[province].across.push({ person, hospital })
    }
  }
  return pairs
}

/** Fee lines of a bill: long ones are rare where they may differ, as the square of an even draw is mostly small. */
function linesOf(profile: Profile, kind: Kind, next: Draw): number[] {
  if (kind === 'question') return []
  const [least, most] = profile.lines[kind]
  const count = least + Math.floor(next() ** 2 * (most - least + 1))
  return Array.from({ length: count }, () => 100 + Math.floor(next() * 9_900))
}

/** Pauses in a short run are short too, so that what begins in it is settled in it. */
const PAUSE_SHARE_MAX = 0.05

function pauseFor({ pauseSeconds }: Profile, durationMs: number, next: Draw): number {
  return -Math.log(1 - next()) * Math.min(pauseSeconds * 1000, durationMs * PAUSE_SHARE_MAX)
}

function pairFor({ inside, across }: Pairs[string], crossShare: number, next: Draw): Pair {
  const wanted = next() < crossShare ? across : inside
  const other = wanted === across ? inside : across
  return pick(next, wanted.length > 0 ? wanted : other)
}

/** Draws every visit of a run, in the order of their moments. */
export function* visitsOf(
  profile: Profile,
  pairs: Pairs,
  run: { readonly rate: number; readonly durationMs: number; readonly seed: number },
): Generator<PlannedVisit> {
  const next = seededRandom(run.seed)
  const weights = Object.fromEntries(
    Object.entries(pairs)
      .filter(([, { inside, across }]) => inside.length + across.length > 0)
      .map(([province]) => [province, profile.insured[province] ?? 1]),
  )
  let number = 0
  for (const dueMs of arrivalsOf(profile.shape, run.rate, run.durationMs, seededRandom(run.seed + 1))) {
    number += 1
    const kind = pickWeighted(profile.kinds, next)
    const province = pickWeighted(weights, next)
    const { person, hospital } = pairFor(pairs[province]!, profile.crossShare, next)
    const crosses = provinceOf(hospital.area) !== province
    const isCancelled = next() < profile.cancelled
    yield {
      number,
      dueMs,
      kind,
      person,
      hospital,
      destination: crosses ? `national/${province}` : province,
      lines: linesOf(profile, kind, next),
      pauseMs: pauseFor(profile, run.durationMs, next),
      isCancelled,
      isSettledAnew: isCancelled && next() < profile.settledAnew,
    }
  }
}
