/** What the benefit calculation is asked and what its parts answer. */
import type { Lane } from '../domain/lane.ts'
import type { Fen } from '../domain/money.ts'
import type { BillSplit } from '../domain/settlement.ts'
import type { Ratio } from './ratio.ts'
import type { Level, OutKind, PersonGroup, Region } from './region.ts'
import type { Scheme } from './schemes.ts'
import type { Supplement } from './supplements.ts'

/**
 * Amounts in fen or numbers of stays used by a person in the calendar year, by name: `pool` (pooled fund), `upper`
 * (upper layer), `burden` (in-scope burden before the upper layer), `assistanceBase` (in-scope burden considered by
 * assistance), `assistance`, `outpatientDeductible`, `outpatient` and `chronic` (fund money of these lanes),
 * `stays` and `stays:level3` (stays in total and by level).
 */
export type Accumulators = Readonly<Record<string, number>>

/** One bill to be calculated. */
export interface BenefitQuestion {
  readonly region: Region
  readonly insurance: 'employee' | 'resident'
  readonly person: PersonGroup
  readonly level: Level
  readonly kind: OutKind | 'in_area'
  readonly lane: Lane
  readonly split: BillSplit
  readonly before: Accumulators
  /** Category of medical assistance (`dibao`), or null. */
  readonly assistance: string | null
  /** Families of the person's chronic entitlements; only for the chronic lane. */
  readonly families?: readonly string[]
  /** Out-of-area first self-pay in place of the region's own mode (mode `firstSelfPay`). */
  readonly firstSelfPayRate?: Ratio
  /** Rules of its own that the bill is paid by; absent: those of the lane. */
  readonly scheme?: Scheme
  /** Disease of the two (`hypertension`, `diabetes`); only for that scheme. */
  readonly twoDisease?: 'hypertension' | 'diabetes' | null
  /** Way of birth `matn_type`; only for maternity. */
  readonly birth?: string
  /** Deductible already taken by an interim settlement of the same stay. */
  readonly continues?: { readonly deductible: Fen }
  /** Who pays besides the basic layers; absent: nobody. */
  readonly supplements?: readonly Supplement[]
  /** Usable money in the personal account, including the family's; zero if the person does not agree. */
  readonly account: Fen
}

/** What the basic layers of one lane pay. */
export interface LaneBenefit {
  readonly deductible: Fen
  readonly ratio: Ratio
  readonly pooled: Fen
  readonly upper: Fen
  readonly assistance: Fen
  /** In-scope burden that the layers above leave to the person. */
  readonly left: Fen
  /** What the bill adds to the accumulators; cancelling takes the same off. */
  readonly used: Accumulators
}

/** An accumulator by name; zero if nothing was used. */
export function usedOf(before: Accumulators, name: string): Fen {
  return (before[name] ?? 0) as Fen
}
