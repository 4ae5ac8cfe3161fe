/**
 * Destinations: where a message goes by its two areas. Across provinces it goes through the national platform, yet every
 * insured province behind it is a destination of its own: one that hangs must not take the slots of the others.
 */
import { type Area, provinceOf, relationOf } from '../domain/area.ts'

/** A destination by its areas. */
export interface Destination {
  /** `620000`, or `national/430000` for an insured province behind the national platform. */
  readonly id: string
  /** The platform whose address is called: `national` or a province code. */
  readonly platform: string
}

/**
 * The destination of a message.
 * Source: docs/facts/cross-region.md, Path of a message [F: R2, R3]; design: across provinces always through the national platform.
 */
export function destinationOf(insured: Area, treatment: Area): Destination {
  if (relationOf(insured, treatment) === 'cross') {
    return { id: `national/${provinceOf(insured)}`, platform: 'national' }
  }
  const province = provinceOf(treatment)
  return { id: province, platform: province }
}
